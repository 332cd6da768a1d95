namespace BtcBandit.Indicators.Tests

open System
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Numerics
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Laws

/// Indicators of users in lists, feature sets and saved runs, made with the public face only.
module OwnIndicatorTests =

    /// The fall from the highest close so far.
    let private fall =
        Indicator.scan
            (fun high (candle: Candle) ->
                let high = max high candle.Close
                struct (high, high - candle.Close))
            0.0

    let private fallRecipe =
        IndicatorRecipe.Of("fall", fall).WithFeatures(IndicatorFeature.LogStandardised 0)

    /// Highest and lowest of a moving average: parameters, two outputs, and a state that is a pair of pairs.
    let private channel (parameters: IndicatorParameters) =
        Indicator.map2
            (fun slow quick -> struct (max slow quick, min slow quick))
            ((Averages.sma (parameters.Period 0)).OfCloses())
            ((Averages.ema (parameters.Period 1)).OfCloses())

    let private channelRecipe =
        IndicatorRecipe
            .Of(
                "channel",
                [|
                    IndicatorParameter.Period("slow", 20)
                    IndicatorParameter.Period("quick", 5)
                |],
                [| "high"; "low" |],
                channel,
                fun (struct (high, low)) -> [| high; low |]
            )
            .WithFeatures(IndicatorFeature.Distance(0, 10.0), IndicatorFeature.Side 1)
            .WithRule(fun parameters ->
                if parameters.Period 0 > parameters.Period 1 then
                    null
                else
                    "quick must be below slow")
            .WithOtherNames("donchian")
            .WithMemory(fun parameters -> IndicatorMemory.Of(parameters.Period 0))
            .WithOverlay(IndicatorOverlay.Of('h', "channel", '-', OverlayTone.Muted))

    let private catalogue = Catalogue.BuiltIn.With(fallRecipe).With channelRecipe

    let private refused text =
        match Catalogue.parseWith catalogue text with
        | Ok _ -> failwith $"{text} was accepted"
        | Error message -> message

    let private pushed (featureSet: FeatureSet) (run: FeatureSetRun) candles =
        let row, vector =
            Array.zeroCreate featureSet.Columns.Length, Array.zeroCreate featureSet.Features.Length

        [|
            for candle: Candle in candles do
                let isReady = run.Push(&candle, Span row, Span vector)
                struct (isReady, Array.copy row, if isReady then Array.copy vector else [||])
        |]

    [<Tests>]
    let tests =
        testList "OwnIndicatorTests" [
            testCase "they stand in lists beside the built-in ones"
            <| fun () ->
                let featureSet = FeatureSet.Of("sma:5,fall,channel:30,channel", catalogue)
                equal "sma:5,fall,channel:30:5,channel:20:5" featureSet.List

                equal
                    "sma_5 fall channel_30_5_high channel_30_5_low channel_20_5_high channel_20_5_low"
                    (featureSet.Columns |> String.concat " ")

                equal
                    "sma_5_distance fall channel_30_5_high_distance channel_30_5_low_side channel_20_5_high_distance"
                    (featureSet.Features[..4] |> String.concat " ")

                equal 30 featureSet.WarmUp
                hasNot "fall" Catalogue.BuiltIn.Kinds

            testCase "wrong lists are told what is accepted, as with built-in ones"
            <| fun () ->
                equal "channel:0: slow must be 1..10000" (refused "channel:0")
                equal "channel:5:9: quick must be below slow" (refused "channel:5:9")
                equal "fall:1: fall takes no parameter" (refused "fall:1")
                equal "fall: asked for twice" (refused "fall,fall")
                contains "did you mean channel?" (refused "donchia")

            testCase "their outputs and features are those of the indicator"
            <| fun () ->
                let week = Array.take 3_000 (Week.candles ())
                let featureSet = FeatureSet.Of("fall,roc:1", catalogue)
                let alone = Indicator.run fall week
                let feature = (Standardise.online Standardise.Length).Start()

                let rows = pushed featureSet (featureSet.Start()) week
                equal 2_970 (rows |> Array.filter (fun (struct (isReady, _, _)) -> isReady)).Length

                for i, struct (isReady, row, vector) in Array.indexed rows do
                    equal (alone[i].Value) row[0]

                    if isReady then
                        let _, expected = feature.TryNext(BtcBandit.Indicators.Numerics.Portable.Log(max 1e-9 row[0]))
                        Expect.equal vector[0] (max -5.0 (min 5.0 expected)) $"{i}"

            testCase "a saved run goes on to the last bit"
            <| fun () ->
                let week = Week.candles ()
                let featureSet = FeatureSet.Of("fall,bb,channel:30", catalogue)

                for cut in [ 0; 1; 29; 200 ] do
                    let run = featureSet.Start()
                    pushed featureSet run week[.. cut - 1] |> ignore
                    let saved = JsonDocument.Parse(run.Save().GetRawText()).RootElement
                    let fork = run.Fork()
                    let expected = pushed featureSet run week[cut .. cut + 100]

                    equal
                        (min 101 (cut + 71))
                        (expected |> Array.filter (fun (struct (isReady, _, _)) -> isReady)).Length

                    holds (pushed featureSet (featureSet.Restore saved) week[cut .. cut + 100] = expected)
                    holds (pushed featureSet fork week[cut .. cut + 100] = expected)

            /// High and low so far, its state a tuple.
            testCase "with a format of its state a recipe does without reflection, and goes on to the last bit"
            <| fun () ->
                let ofHigh =
                    StateFormat.Of(
                        (fun fields high -> fields.Number("high", high)),
                        (fun fields -> fields.Number "high")
                    )

                let ofPair =
                    StateFormat.Of(
                        (fun fields (struct (high: float, low: float)) ->
                            fields.Number("high", high)
                            fields.Number("low", low)),
                        (fun fields -> struct (fields.Number "high", fields.Number "low"))
                    )

                let range (parameters: IndicatorParameters) =
                    Indicator.scan
                        (fun (struct (high, low)) (candle: Candle) ->
                            let high, low = max high candle.High, min low candle.Low
                            struct (struct (high, low), struct (high, parameters.Number 0 * (high - low))))
                        (struct (0.0, infinity))

                let parameters = [| IndicatorParameter.Number("times", 0.5) |]

                let high (parameters: IndicatorParameters) =
                    range parameters |> Indicator.map (fun (struct (high, _)) -> high)

                let catalogue =
                    Catalogue.BuiltIn
                        .With(IndicatorRecipe.Of("fall", ofHigh, fall).WithFeatures(IndicatorFeature.LogStandardised 0))
                        .With(IndicatorRecipe.Of("high", ofPair, parameters, high))
                        .With(
                            IndicatorRecipe.Of(
                                "range",
                                ofPair,
                                parameters,
                                [| "top"; "size" |],
                                range,
                                fun (struct (top, size)) -> [| top; size |]
                            )
                        )

                let week = Week.candles ()
                let featureSet = FeatureSet.Of("fall,high:2,range", catalogue)
                let run = featureSet.Start()
                let start = run.Save().GetProperty("indicators")
                equal ("""{"id":"fall","state":{"high":0}}""") (start[0].GetRawText())
                equal ("""{"id":"range:0.5","state":{"high":0,"low":"Infinity"}}""") (start[2].GetRawText())
                pushed featureSet run week[..199] |> ignore
                let saved = JsonDocument.Parse(run.Save().GetRawText()).RootElement
                let restored = featureSet.Restore saved
                equal (saved.GetRawText()) (restored.Save().GetRawText())
                holds (pushed featureSet restored week[200..300] = pushed featureSet run week[200..300])

                for damaged in
                    [
                        """{"id":"fall","state":{}}"""
                        """{"id":"fall","state":{"high":"x"}}"""
                        """{"id":"fall","state":7}"""
                    ] do
                    because damaged (fun () ->
                        throws<JsonException>(fun () ->
                            featureSet.Entries[0].Restore(JsonDocument.Parse(damaged).RootElement) |> ignore))

            testCase "a state of another one is refused by both names"
            <| fun () ->
                let entry text = (FeatureSet.Of(text, catalogue)).Entries[0]
                let saved = (entry "channel:30").Start().Save()

                equal
                    "The saved state is of channel:30:5, not of channel:20:5."
                    (thrown<JsonException>(fun () -> (entry "channel").Restore saved |> ignore)).Message

            testCase "they keep the laws"
            <| fun () ->
                for entry in (FeatureSet.Of("fall,channel:7:3", catalogue)).Entries do
                    Laws.Check(Subject.Of entry, 100)

            testCase "a kind that is no name, is there already or has no output is refused"
            <| fun () ->
                let refuses (make: unit -> obj) = throws<ArgumentException>(make >> ignore)

                for kind in [ ""; "a:b"; "a,b"; "Fall"; "1st"; "fall back" ] do
                    refuses (fun () -> IndicatorRecipe.Of(kind, fall))

                refuses (fun () -> catalogue.With fallRecipe)
                refuses (fun () -> catalogue.With(IndicatorRecipe.Of("sma", fall)))

                refuses (fun () ->
                    IndicatorRecipe.Of("none", [||], [||], (fun _ -> fall), (fun output -> [| output |])))

            testCase "a feature of an output that there is not is refused"
            <| fun () ->
                let recipe = IndicatorRecipe.Of("fall", fall).WithFeatures(IndicatorFeature.Plain 1)

                throws<ArgumentException>(fun () -> FeatureSet.Of("fall", Catalogue.BuiltIn.With recipe) |> ignore)

            testCase "outputs of another number than names are an error"
            <| fun () ->
                let recipe =
                    IndicatorRecipe.Of("two", [||], [| "a"; "b" |], (fun _ -> fall), (fun output -> [| output |]))

                let featureSet = FeatureSet.Of("two", Catalogue.BuiltIn.With recipe)

                equal
                    "two gave 1 values for 2 outputs."
                    (thrown<InvalidOperationException>(fun () ->
                        pushed featureSet (featureSet.Start()) (Week.candles ()) |> ignore))
                        .Message

            testCase "columns know how they are drawn"
            <| fun () ->
                let glyph (column: string) =
                    match catalogue.OverlayOf column with
                    | null -> ' '
                    | overlay -> overlay.Glyph

                let drawn = [
                    for column in (FeatureSet.Of(Catalogue.Default, catalogue)).Columns do
                        if glyph column <> ' ' then
                            $"{column} {glyph column}"
                ]

                equal
                    "sma ·, ema •, wma ×, bb_mid ┄, bb_upper ┄, bb_lower ┄, vwap ═, sar °, supertrend ━"
                    (String.concat ", " drawn)

                let others = [
                    "sma_20"
                    "bb_10_1.5_upper"
                    "supertrend_7_3_direction"
                    "channel_30_5_high"
                    "channel_30_5_low"
                    "x"
                ]

                equal "·┄ -  " ([ for column in others -> glyph column ] |> List.toArray |> String)

            cases "a window says how long it is, and is one" [
                "sma:7", 7
                "bb:9:2", 9
                "roc:3", 4
                "vwap:8", 8
                "channel:30", 30
            ]
            <| fun (text: string, window: int) ->
                let entry = (FeatureSet.Of(text, catalogue)).Entries[0]
                equal (IndicatorMemory.Of window) entry.Memory

                if entry.Kind <> "channel" then
                    Laws.Drift(
                        Subject
                            .Of(entry)
                            .WithTolerance(fun _ outputs -> outputs |> Array.map (fun o -> 1e-6 * abs o + 1e-3))
                            .WithWindow
                            window,
                        3_000L
                    )

            cases "what never forgets says so" [
                "vwap:cumulative", false
                "vwap:day", true
                "ema:5", true
                "fall", true
            ]
            <| fun (text: string, forgets: bool) ->
                let entry = (FeatureSet.Of(text, catalogue)).Entries[0]
                equal forgets entry.Memory.Forgets
                fails entry.Memory.Window.HasValue
        ]
