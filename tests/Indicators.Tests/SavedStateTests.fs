namespace BtcBandit.Indicators.Tests

open System
open System.Text.Json
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Numerics
open BtcBandit.Indicators.Laws

[<Struct>]
type Half = { Seen: int; Half: float }

/// What people save by themselves: states of their own and of ours, through the public way only.
[<TestFixture>]
type SavedStateTests() =

    /// 2^-25: one of two magnitudes whose shortest digits .NET reads back as the number below.
    let tiny = Math.ScaleB(1.0, -25)

    let reread (saved: JsonElement) = JsonDocument.Parse(saved.GetRawText()).RootElement

    let ours (indicator: Indicator<'State, 'In, 'Out>) (before: IndicatorRun<'State, 'In, 'Out>) =
        indicator.Restore(reread (before.Save()))

    /// As somebody saves it who knows no options.
    let plain (indicator: Indicator<'State, 'In, 'Out>) (before: IndicatorRun<'State, 'In, 'Out>) =
        match JsonSerializer.Deserialize(JsonSerializer.Serialize before.State, typeof<'State>) with
        | :? 'State as state -> indicator.StartFrom state
        | other -> failwith $"%A{other}"

    /// Saves at each place and goes on; the uninterrupted run must be met to the last bit.
    let survivesBy saved (indicator: Indicator<'State, 'In, 'Out>) (inputs: 'In list) =
        let expected = Indicator.run indicator inputs
        // One that is silent would go on the same whatever was saved.
        Assert.That(expected |> Array.exists ValueOption.isSome)

        for cut in 0 .. inputs.Length do
            let before = indicator.Start()

            for input in List.take cut inputs do
                before.TryNext input |> ignore

            let after: IndicatorRun<'State, 'In, 'Out> = saved indicator before
            Assert.That(box after.State, Is.EqualTo<obj>(box before.State))

            for i in cut .. inputs.Length - 1 do
                let got =
                    match after.TryNext inputs[i] with
                    | true, output -> ValueSome output
                    | false, _ -> ValueNone

                Assert.That(box got, Is.EqualTo<obj>(box expected[i]), $"saved after {cut}, input {i}")

    let survives indicator inputs = survivesBy ours indicator inputs

    let prices = [ 3.0; tiny; -tiny; 1.0 / 3.0; 7.25; 1e-310; 2.0; 5.5; 0.1 ]

    [<Test>]
    member _.``a tuple is a state``() =
        survives
            (ofFunction 1 struct (0, 0.0) (fun (struct (seen, before)) input ->
                struct (struct (seen + 1, input), (if seen > 0 then ValueSome(input - before) else ValueNone))))
            prices

    [<Test>]
    member _.``a record, an option and a number are states, infinities too``() =
        survives
            (ofFunction 0 { Seen = 0; Half = tiny } (fun state input ->
                struct ({ Seen = state.Seen + 1; Half = input / 2.0 }, ValueSome state.Half)))
            prices

        survives (ofFunction 1 None (fun before input -> struct (Some input, ValueOption.ofOption before))) prices

        survives (ofFunction 0 infinity (fun lowest input -> struct (min lowest input, ValueSome lowest))) prices

    [<Test>]
    member _.``states of ours are saved while warming and after it, composed and alone``() =
        survives (Averages.sma 3) prices
        survives (Averages.ema 2) prices
        survives (Bands.stdev 3) prices
        survives (Averages.wma 2 |> Indicator.andThen (Indicator.delay 2)) prices
        survives (Indicator.zip (Averages.sma 2) (Averages.wilder 3)) prices

    [<Test>]
    member _.``nothing yet is a state``() =
        let change =
            IndicatorOf.Scan(
                1,
                Nullable(),
                Func<_, _, _>(fun (before: Nullable<float>) (now: float) ->
                    struct (Nullable now, (if before.HasValue then Nullable(now - before.Value) else Nullable())))
            )

        survives change prices

    [<Test>]
    member _.``by oneself it is the same with the public options``() =
        let run = (Averages.ema 1).Start()
        run.TryNext tiny |> ignore
        let text = JsonSerializer.Serialize(run.State, SavedState.Options)
        Assert.That(text, Is.EqualTo(run.Save().GetRawText()))
        let state = JsonSerializer.Deserialize(text, typeof<SmoothedState>, SavedState.Options)
        Assert.That(state, Is.EqualTo<obj>(box { Seen = 1; Mean = tiny }))

    /// The engine's state has small letters, and a state of ours within it.
    [<Test>]
    member _.``names follow the policy of whoever writes``() =
        let options = JsonSerializerOptions(PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower)
        let run = (Averages.wma 3).Start()

        for price in prices do
            run.TryNext price |> ignore

        let text = JsonSerializer.Serialize(run.State, options)
        Assert.That(text, Does.StartWith("""{"slide":{"back":[""").And.Contains(""","back":{"total":"""))

        match JsonSerializer.Deserialize(text, typeof<WmaState>, options) with
        | :? WmaState as state -> Assert.That(state, Is.EqualTo run.State)
        | other -> Assert.Fail $"%A{other}"

    [<Test>]
    member _.``everything is written once, however deep``() =
        let pair = Indicator.zip (Averages.sma 2) (Indicator.zip (Averages.ema 3) (Averages.wma 2))

        for state in [ box (Momentum.macd 3 5 2).Initial; box pair.Initial ] do
            let text = JsonSerializer.Serialize(state, SavedState.Options)
            Assert.That(text, Does.Not.Contain "@")

    [<Test>]
    member _.``the options are everybody's, so nobody can change them``() =
        Assert.That(SavedState.Options.IsReadOnly)
        Assert.That(SavedState.Options, Is.SameAs SavedState.Options)

    [<Test>]
    member _.``states of ours are exact without the options too``() =
        let exact (state: 'State) =
            let text = JsonSerializer.Serialize state
            Assert.That(JsonSerializer.Deserialize(text, typeof<'State>), Is.EqualTo<obj>(box state))

        exact { Total = tiny; Error = -tiny }
        exact { Seen = 1; Mean = tiny }
        exact { HasPrevious = true; PreviousClose = tiny }
        exact { Window = TwoStackWindow.Empty; Mean = tiny; Squares = tiny }

        exact
            {
                SarState.Seen = 2
                Long = true
                Stop = tiny
                Extreme = tiny
                Acceleration = tiny
                PreviousHigh = tiny
                PreviousLow = tiny
            }

        exact
            {
                SuperTrendState.Range = (Volatility.atr 1).Initial
                HasBands = true
                Upper = tiny
                Lower = -tiny
                PreviousClose = infinity
                Up = true
            }

    [<Test>]
    member _.``nothing of a state of ours is left out without the options``() =
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
    [<Test>]
    member _.``every state of ours has a format of its own``() =
        let states =
            [
                for kind in typeof<Candle>.Assembly.GetTypes() do
                    if kind.Name.EndsWith "State" && kind.IsValueType then
                        kind
            ]

        Assert.That(states.Length, Is.GreaterThan 12)

        for state in states do
            match
                state.GetCustomAttributes(typeof<Serialization.JsonConverterAttribute>, false)
                |> Array.tryHead
            with
            | Some(:? Serialization.JsonConverterAttribute as attribute) ->
                Assert.That(string (Unchecked.nonNull attribute.ConverterType), Does.EndWith "Format")
            | _ -> Assert.Fail $"{state} has no format"

    [<TestCase("""{"Seen":1}""", "A saved state has no Mean.")>]
    [<TestCase("""{"Seen":1.5,"Mean":2}""", "Seen of a saved state is not a whole number.")>]
    [<TestCase("""{"Seen":4000000000,"Mean":2}""", "Seen of a saved state is not a whole number.")>]
    [<TestCase("""{"Seen":1,"Mean":"x"}""", "Mean of a saved state is not a number.")>]
    [<TestCase("""{"Seen":1,"Mean":null}""", "Mean of a saved state is not a number.")>]
    [<TestCase("[1,2]", "A saved state is an object, not Array.")>]
    member _.``a damaged state is refused by the field that is wrong``(state: string, message: string) =
        let entry = (FeatureSet.Of "ema:5").Entries[0]
        let saved = JsonDocument.Parse($$"""{"id":"ema:5","state":{{state}}}""").RootElement

        Assert.That(
            Action(fun () -> entry.Restore saved |> ignore),
            Throws.TypeOf<JsonException>().With.Message.EqualTo message
        )

    [<TestCase("{}")>]
    [<TestCase("""{"slide":{"back":[],"front":[]}}""")>]
    [<TestCase("[1]")>]
    [<TestCase("null")>]
    [<TestCase("7")>]
    member _.``what is no state of it is refused``(json: string) =
        let saved = JsonDocument.Parse(json).RootElement
        let restore = Action(fun () -> (Averages.sma 3).Restore saved |> ignore)
        Assert.That(restore, Throws.InstanceOf<JsonException>())
