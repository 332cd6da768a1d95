namespace BtcBandit.Indicators.Tests

open System
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Numerics
open BtcBandit.Indicators.Laws

[<Struct>]
type Half = { Seen: int; Half: float }

/// What people save by themselves: states of their own and of ours, through the public way only.
module SavedStateTests =

    /// 2^-25: one of two magnitudes whose shortest digits .NET reads back as the number below.
    let private tiny = Math.ScaleB(1.0, -25)

    let private reread (saved: JsonElement) = JsonDocument.Parse(saved.GetRawText()).RootElement

    let private ours (indicator: Indicator<'State, 'In, 'Out>) (before: IndicatorRun<'State, 'In, 'Out>) =
        indicator.Restore(reread (before.Save()))

    /// As somebody saves it who knows no options.
    let private plain (indicator: Indicator<'State, 'In, 'Out>) (before: IndicatorRun<'State, 'In, 'Out>) =
        match JsonSerializer.Deserialize(JsonSerializer.Serialize before.State, typeof<'State>) with
        | :? 'State as state -> indicator.StartFrom state
        | other -> failwith $"%A{other}"

    /// Saves at each place and goes on; the uninterrupted run must be met to the last bit.
    let private survivesBy saved (indicator: Indicator<'State, 'In, 'Out>) (inputs: 'In list) =
        let expected = Indicator.run indicator inputs
        // One that is silent would go on the same whatever was saved.
        holds (expected |> Array.exists ValueOption.isSome)

        for cut in 0 .. inputs.Length do
            let before = indicator.Start()

            for input in List.take cut inputs do
                before.TryNext input |> ignore

            let after: IndicatorRun<'State, 'In, 'Out> = saved indicator before
            equal (box before.State) (box after.State)

            for i in cut .. inputs.Length - 1 do
                let got =
                    match after.TryNext inputs[i] with
                    | true, output -> ValueSome output
                    | false, _ -> ValueNone

                because $"saved after {cut}, input {i}" (fun () -> equal (box expected[i]) (box got))

    let private survives indicator inputs = survivesBy ours indicator inputs

    let private prices = [ 3.0; tiny; -tiny; 1.0 / 3.0; 7.25; 1e-310; 2.0; 5.5; 0.1 ]

    [<Tests>]
    let tests =
        testList "SavedStateTests" [
            testCase "a tuple is a state"
            <| fun () ->
                survives
                    (ofFunction 1 struct (0, 0.0) (fun (struct (seen, before)) input ->
                        struct (struct (seen + 1, input), (if seen > 0 then ValueSome(input - before) else ValueNone))))
                    prices

            testCase "a record, an option and a number are states, infinities too"
            <| fun () ->
                survives
                    (ofFunction 0 { Seen = 0; Half = tiny } (fun state input ->
                        struct ({ Seen = state.Seen + 1; Half = input / 2.0 }, ValueSome state.Half)))
                    prices

                survives
                    (ofFunction 1 None (fun before input -> struct (Some input, ValueOption.ofOption before)))
                    prices

                survives
                    (ofFunction 0 infinity (fun lowest input -> struct (min lowest input, ValueSome lowest)))
                    prices

            testCase "states of ours are saved while warming and after it, composed and alone"
            <| fun () ->
                survives (Averages.sma 3) prices
                survives (Averages.ema 2) prices
                survives (Bands.stdev 3) prices
                survives (Averages.wma 2 |> Indicator.andThen (Indicator.delay 2)) prices
                survives (Indicator.zip (Averages.sma 2) (Averages.wilder 3)) prices

            testCase "nothing yet is a state"
            <| fun () ->
                let change =
                    IndicatorOf.Scan(
                        1,
                        Nullable(),
                        Func<_, _, _>(fun (before: Nullable<float>) (now: float) ->
                            struct (Nullable now,
                                    (if before.HasValue then Nullable(now - before.Value) else Nullable())))
                    )

                survives change prices

            testCase "by oneself it is the same with the public options"
            <| fun () ->
                let run = (Averages.ema 1).Start()
                run.TryNext tiny |> ignore
                let text = JsonSerializer.Serialize(run.State, SavedState.Options)
                equal (run.Save().GetRawText()) text
                let state = JsonSerializer.Deserialize(text, typeof<SmoothedState>, SavedState.Options)
                equal (box { Seen = 1; Mean = tiny }) state

            /// The engine's state has small letters, and a state of ours within it.
            testCase "names follow the policy of whoever writes"
            <| fun () ->
                let options = JsonSerializerOptions(PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower)
                let run = (Averages.wma 3).Start()

                for price in prices do
                    run.TryNext price |> ignore

                let text = JsonSerializer.Serialize(run.State, options)
                startsWith ("""{"slide":{"back":[""") text
                contains (""","back":{"total":""") text

                match JsonSerializer.Deserialize(text, typeof<WmaState>, options) with
                | :? WmaState as state -> equal run.State state
                | other -> failtest $"%A{other}"

            testCase "everything is written once, however deep"
            <| fun () ->
                let pair = Indicator.zip (Averages.sma 2) (Indicator.zip (Averages.ema 3) (Averages.wma 2))

                for state in [ box (Momentum.macd 3 5 2).Initial; box pair.Initial ] do
                    let text = JsonSerializer.Serialize(state, SavedState.Options)
                    lacks "@" text

            testCase "the options are everybody's, so nobody can change them"
            <| fun () ->
                holds SavedState.Options.IsReadOnly
                isSame SavedState.Options SavedState.Options

            testCase "states of ours are exact without the options too"
            <| fun () ->
                let exact (state: 'State) =
                    let text = JsonSerializer.Serialize state
                    equal (box state) (JsonSerializer.Deserialize(text, typeof<'State>))

                exact { Total = tiny; Error = -tiny }
                exact { Seen = 1; Mean = tiny }
                exact { HasPrevious = true; PreviousClose = tiny }
                exact { Window = TwoStackWindow.Empty; Mean = tiny; Squares = tiny }

                exact {
                    SarState.Seen = 2
                    Long = true
                    Stop = tiny
                    Extreme = tiny
                    Acceleration = tiny
                    PreviousHigh = tiny
                    PreviousLow = tiny
                }

                exact {
                    SuperTrendState.Range = (Volatility.atr 1).Initial
                    HasBands = true
                    Upper = tiny
                    Lower = -tiny
                    PreviousClose = infinity
                    Up = true
                }

            testCase "nothing of a state of ours is left out without the options"
            <| fun () ->
                let candles = List.ofArray (Market.series 40 1UL)
                let ofCloses indicator = survivesBy plain indicator [ for candle in candles -> candle.Close ]
                ofCloses (Averages.sma 5)
                ofCloses (Averages.ema 5)
                ofCloses (Averages.wma 5)
                ofCloses (Bands.spread 5)
                ofCloses (Momentum.trix 5)
                ofCloses (Momentum.rsi 5)
                ofCloses (Momentum.macd 3 8 4)
                ofCloses (Momentum.roc 5)
                survivesBy plain Volume.vwapOfDay candles
                survivesBy plain (Volume.vwapRolling 5) candles
                survivesBy plain (Volatility.atr 5) candles
                survivesBy plain (Trend.sar 0.02 0.2) candles
                survivesBy plain (Trend.superTrend 5 1.5) candles

            /// Whoever adds a state without a format finds it saved by reflection, and its numbers not to the last bit.
            testCase "every state of ours has a format of its own"
            <| fun () ->
                let states = [
                    for kind in typeof<Candle>.Assembly.GetTypes() do
                        if kind.Name.EndsWith "State" && kind.IsValueType then
                            kind
                ]

                isAbove 12 states.Length

                for state in states do
                    match
                        state.GetCustomAttributes(typeof<Serialization.JsonConverterAttribute>, false)
                        |> Array.tryHead
                    with
                    | Some(:? Serialization.JsonConverterAttribute as attribute) ->
                        endsWith "Format" (string (Unchecked.nonNull attribute.ConverterType))
                    | _ -> failtest $"{state} has no format"

            cases "a damaged state is refused by the field that is wrong" [
                """{"Seen":1}""", "A saved state has no Mean."
                """{"Seen":1.5,"Mean":2}""", "Seen of a saved state is not a whole number."
                """{"Seen":4000000000,"Mean":2}""", "Seen of a saved state is not a whole number."
                """{"Seen":1,"Mean":"x"}""", "Mean of a saved state is not a number."
                """{"Seen":1,"Mean":null}""", "Mean of a saved state is not a number."
                "[1,2]", "A saved state is an object, not Array."
            ]
            <| fun (state: string, message: string) ->
                let entry = (FeatureSet.Of "ema:5").Entries[0]
                let saved = JsonDocument.Parse($$"""{"id":"ema:5","state":{{state}}}""").RootElement

                equal message (thrown<JsonException>(fun () -> entry.Restore saved |> ignore)).Message

            cases "what is no state of it is refused" [
                "{}"
                """{"slide":{"back":[],"front":[]}}"""
                "[1]"
                "null"
                "7"
            ]
            <| fun (json: string) ->
                let saved = JsonDocument.Parse(json).RootElement
                let restore () = (Averages.sma 3).Restore saved |> ignore
                throwsA<JsonException> restore
        ]
