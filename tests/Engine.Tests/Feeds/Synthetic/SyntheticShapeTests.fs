namespace BtcBandit.Engine.Tests.Feeds.Synthetic

open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.Synthetic.SyntheticMeasures

module SyntheticShapeTests =

    let private count = 300_000

    let private lively = lazy take count (SyntheticOptions(World = SyntheticWorld.Martingale, Seed = 21L))

    let private plain =
        lazy take count (SyntheticOptions(World = SyntheticWorld.Martingale, Seed = 21L).Plain())

    let private deviation (values: float[]) = sqrt (values |> Array.averageBy (fun v -> v * v))

    let private range (candle: Candle) = 1e4 * (candle.High - candle.Low) / candle.Open

    [<Tests>]
    let tests =
        testList "SyntheticShapeTests" [
            testCase "noise is as large as told on every timeframe"
            <| fun () ->
                for timeframe in Timeframe.All do
                    let options = SyntheticOptions(World = SyntheticWorld.Martingale, Timeframe = timeframe).Plain()
                    let returns = take 20_000 options |> happened
                    let told = 6.0 * sqrt (float timeframe.Milliseconds / 60_000.0)
                    because timeframe.Name (fun () -> isNearPercent 2.5 (told) (deviation returns))

                // Jumps add p * jump^2 = 0.8 to 36; clustering adds nothing.
                let jumpy = take 2_000_000 (SyntheticOptions(World = SyntheticWorld.Martingale)) |> happened
                isNearPercent 2.0 (sqrt 36.8) (deviation jumpy)

            cases "without noise the price is the exponential of its drift" [ "1m"; "15m"; "30m"; "1d" ]
            <| fun (timeframe: string) ->
                let _, timeframe = Timeframe.TryParse timeframe

                let options =
                    SyntheticOptions(
                        Timeframe = timeframe,
                        InitialPrice = 1e7,
                        NoiseBps = 0.0,
                        DriftBps = 100.0,
                        RegimeCandles = 1e9,
                        JumpProbability = 0.0
                    )

                let candle = (Array.head (take 1 options)).Candle
                let drift = 0.01 * sqrt (float timeframe.Milliseconds / 60_000.0)
                let expected = if candle.Close > 1e7 then exp drift else exp -drift
                isNear 1.5e-9 expected (candle.Close / 1e7)

                holds (
                    candle.High = max candle.Open candle.Close
                    && candle.Low = min candle.Open candle.Close
                )

            testCase "a jump is a gap of a twentieth and a straight run"
            <| fun () ->
                let options =
                    SyntheticOptions(
                        World = SyntheticWorld.Martingale,
                        NoiseBps = 0.0,
                        JumpProbability = 1.0,
                        JumpBps = 100.0
                    )

                for before, after in take 200 options |> Array.pairwise do
                    let candle = after.Candle
                    let log (price: float) = 1e4 * System.Math.Log(price / before.Candle.Close)
                    isNear 0.01 (0.05 * log candle.Close) (log candle.Open)

                    holds (
                        candle.High = max candle.Open candle.Close
                        && candle.Low = min candle.Open candle.Close
                    )

            testCase "a price that leaves its room is held at the wall"
            <| fun () ->
                let ends = [
                    for seed in 1L .. 8L ->
                        let options =
                            SyntheticOptions(
                                Seed = seed,
                                InitialPrice = 100_000.0,
                                NoiseBps = 0.0,
                                JumpProbability = 0.0,
                                DriftBps = 50.0,
                                RegimeCandles = 1e9
                            )

                        Array.last (take 3_000 options)
                ]

                // The pull, a tenth of the excess, equals the drift: 500 bps beyond the wall.
                let held (t: SyntheticCandle) wall =
                    abs t.NextEdgeBps < 0.01 && abs (t.Candle.Close / wall - 1.0) < 0.0002

                let low, high = ends |> List.partition (fun t -> t.Candle.Close < 100_000.0)
                holds (not low.IsEmpty && not high.IsEmpty)
                holds (low |> List.forall (fun t -> held t (100_000.0 / 256.0 * exp -0.05)))
                holds (high |> List.forall (fun t -> held t (100_000.0 * 256.0 * exp 0.05)))

            testCase "volatility clusters"
            <| fun () ->
                let sizes truth = happened truth |> Array.map abs
                let squares lag = autocorrelation lag (sizes lively.Value)
                isAbove 0.08 (squares 1)
                isWithin (0.3 * squares 1) (0.7 * squares 1) (squares 46)

                for lag in [ 1; 10; 46 ] do
                    isBelow (4.0 / sqrt (float count)) (abs (autocorrelation lag (sizes plain.Value)))

            testCase "jumps are as many and as large as told, and can be turned off"
            <| fun () ->
                let jumps (options: SyntheticOptions) =
                    happened (take count options) |> Array.filter (fun r -> abs r > 60.0)

                let options =
                    SyntheticOptions(
                        World = SyntheticWorld.Martingale,
                        Clustering = 0.0,
                        JumpProbability = 0.001,
                        JumpBps = 300.0
                    )

                // 300 expected, of which a normal of 300 bps exceeds 60 in 84 %.
                isWithin 190 315 ((jumps options).Length)
                isWithin 270.0 380.0 (deviation (jumps options))
                equal 0 ((jumps (options.Plain())).Length)

            testCase "extremes are those of a Brownian path"
            <| fun () ->
                // Feller (1951): the range of a Brownian motion has mean 2 sqrt(2 / pi); its maximum has mean sqrt(2 / pi).
                let rise (candle: Candle) = 1e4 * (candle.High / candle.Open - 1.0)
                let fall (candle: Candle) = 1e4 * (1.0 - candle.Low / candle.Open)
                let mean measure = plain.Value |> Array.averageBy (fun t -> measure t.Candle)
                isNearPercent 1.0 (6.0 * 0.79788) (mean rise)
                isNearPercent 1.0 (6.0 * 0.79788) (mean fall)
                isNearPercent 1.0 (6.0 * 1.59577) (mean range)

            testCase "volume is positive, has its hours and follows volatility"
            <| fun () ->
                let truth = lively.Value
                holds (truth |> Array.forall (fun t -> t.Candle.Volume > 0.0))

                let at hour =
                    truth
                    |> Array.filter (fun t -> t.Candle.OpenTime / 3_600_000L % 24L = hour)
                    |> Array.averageBy _.Candle.Volume

                isAbove 2.0 (at 14L / at 4L)
                isNearPercent 4.0 12.0 (truth |> Array.averageBy _.Candle.Volume)

                let volumes, ranges = truth |> Array.map _.Candle.Volume, truth |> Array.map (fun t -> range t.Candle)
                isAbove 0.4 (correlation volumes ranges)

            testCase "volume grows with the length of the candle"
            <| fun () ->
                for timeframe in Timeframe.All do
                    let truth = take 20_000 (SyntheticOptions(World = SyntheticWorld.Martingale, Timeframe = timeframe))
                    let perMinute = 60_000.0 / float timeframe.Milliseconds
                    let mean = perMinute * (truth |> Array.averageBy _.Candle.Volume)
                    // A day opens at midnight and 12 hours at midnight or noon: the season sees only those.
                    because timeframe.Name (fun () -> isWithin 7.0 16.0 mean)
        ]
