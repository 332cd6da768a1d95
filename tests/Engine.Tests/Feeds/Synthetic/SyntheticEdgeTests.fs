namespace BtcBandit.Engine.Tests.Feeds.Synthetic

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.Synthetic.SyntheticMeasures

module SyntheticEdgeTests =

    let private count = 400_000

    let private meanAbsoluteEdge (truth: SyntheticCandle[]) = truth |> Array.averageBy (fun t -> abs t.NextEdgeBps)

    let private regimeLengths (truth: SyntheticCandle[]) =
        truth
        |> Array.mapi (fun i t -> i, sign t.NextEdgeBps)
        |> Array.pairwise
        |> Array.filter (fun ((_, before), (_, after)) -> before <> after)
        |> Array.map (fun (_, (index, _)) -> index)
        |> Array.pairwise
        |> Array.map (fun (a, b) -> float (b - a))

    let private residuals (truth: SyntheticCandle[]) =
        foretold truth |> Array.map (fun (struct (expected, r)) -> r - expected)

    [<Tests>]
    let tests =
        testList "SyntheticEdgeTests" [
            testCase "the edge is as large as the options say"
            <| fun () ->
                for world in worlds do
                    let options = SyntheticOptions(World = world, Seed = 11L)
                    let lively, plain = take count options, take count (options.Plain())
                    let stated = options.EdgeBps
                    because $"{world}, plain" (fun () -> isNearPercent 1.0 (stated) (meanAbsoluteEdge plain))
                    because $"{world}, defaults" (fun () -> isNearPercent 5.0 (stated) (meanAbsoluteEdge lively))

            testCase "strong edges are stated as exactly as weak ones"
            <| fun () ->
                for options in
                    [
                        SyntheticOptions(World = SyntheticWorld.MeanReverting, ReversionHalfLife = 1.0, LevelBps = 5.0)
                        SyntheticOptions(World = SyntheticWorld.Flips, Momentum = 0.8)
                    ] do
                    let truth = take count (options.Plain())

                    because (string options.World) (fun () ->
                        isNearPercent 1.0 options.EdgeBps (meanAbsoluteEdge truth))

            testCase "what the oracle expects is what happens on average"
            <| fun () ->
                for world in worlds |> Array.except [ SyntheticWorld.Flat ] do
                    let truth = take count (SyntheticOptions(World = world, Seed = 12L))
                    Expect.isLessThan (abs (tValue (residuals truth))) 4.0 (string world)

                    let withSign =
                        foretold truth
                        |> Array.map (fun (struct (expected, r)) -> float (sign expected) * (r - expected))

                    if world <> SyntheticWorld.Martingale then
                        Expect.isLessThan (abs (tValue withSign)) 4.0 $"{world}, by sign"

            testCase "following the oracle earns the stated edge"
            <| fun () ->
                for world in [ SyntheticWorld.Drifts; SyntheticWorld.MeanReverting; SyntheticWorld.Flips ] do
                    let options = SyntheticOptions(World = world, Seed = 13L)

                    let earned =
                        foretold (take count options)
                        |> Array.map (fun (struct (expected, r)) -> float (sign expected) * r)

                    let error = 6.2 / sqrt (float count)
                    isNear (0.05 * options.EdgeBps + 4.0 * error) options.EdgeBps (Array.average earned)

            testCase "a martingale expects nothing, whatever has just happened"
            <| fun () ->
                for timeframe in [ "1m"; "1d" ] do
                    let _, timeframe = Timeframe.TryParse timeframe

                    for seed in 1L .. 5L do
                        let options =
                            SyntheticOptions(World = SyntheticWorld.Martingale, Seed = seed, Timeframe = timeframe)

                        // A daily market reaches the walls in some thousand years; the claim is about the room within.
                        let returns = take (if timeframe.Name = "1m" then 200_000 else 5_000) options |> happened

                        let bound = 4.0 / sqrt (float returns.Length)
                        Expect.isLessThan (abs (tValue returns)) 4.0 $"{timeframe} seed {seed}"

                        let followed =
                            Array.map2 (*) returns[1..] (returns[.. returns.Length - 2] |> Array.map (sign >> float))

                        Expect.isLessThan (abs (tValue followed)) 4.0 $"{timeframe} seed {seed}, after a move"
                        isBelow (3.0 * bound) (abs (autocorrelation 60 returns))

            testCase "a martingale of great moves is still one: its mean price stays"
            <| fun () ->
                // A tenth per candle: a log return without its correction would gain half a percent each time.
                let returns = [|
                    for seed in 1L .. 500L do
                        let options =
                            SyntheticOptions(
                                World = SyntheticWorld.Martingale,
                                Timeframe = Timeframe.All[12],
                                NoiseBps = 25.0,
                                JumpProbability = 0.1,
                                JumpBps = 50.0,
                                Seed = seed
                            )

                        yield! take 200 options |> happened
                |]

                isBelow 4.0 (abs (tValue returns))

            cases "drifts are of one size and last as long as told on average" [ 60.0, 4.0; 300.0, 2.0; 600.0, 1.0 ]
            <| fun (length: float, drift: float) ->
                // Several short markets: a long one would meet the walls.
                let markets = [|
                    for seed in 1L .. 10L ->
                        take
                            (int length * 400)
                            (SyntheticOptions(RegimeCandles = length, DriftBps = drift, Seed = seed).Plain())
                |]

                for truth in markets do
                    holds (truth |> Array.forall (fun t -> abs (abs t.NextEdgeBps - drift) < 1e-9))

                let lengths = markets |> Array.collect regimeLengths
                // Geometric: the standard deviation is about the mean.
                let error = length / sqrt (float lengths.Length)
                isNear (4.0 * error) length (Array.average lengths)
                let deviation = sqrt (lengths |> Array.averageBy (fun l -> (l - length) * (l - length)))
                isNearPercent 10.0 length deviation

            testCase "the drifting default switches within two hours and pays for its trades"
            <| fun () ->
                let options = SyntheticOptions()
                let lengths = regimeLengths (take 50_000 options)
                isBelow 60.0 (Array.average lengths)
                isAbove (8.0 * 22.0) (options.EdgeBps * options.RegimeCandles)

            cases "flips change sign exactly when told" [ 5_000; 7 ]
            <| fun (every: int) ->
                let options = SyntheticOptions(World = SyntheticWorld.Flips, FlipEvery = every).Plain()
                let truth = take (every * 6) options

                for index in 1 .. truth.Length - 2 do
                    let last = 1e4 * Math.Log(truth[index].Candle.Close / truth[index - 1].Candle.Close)
                    // The truth beside candle i is about candle i + 1.
                    let coefficient = if (index + 1) / every % 2 = 0 then 0.3 else -0.3
                    because (string index) (fun () -> isNear 0.01 (coefficient * last) (truth[index].NextEdgeBps))

            testCase "a deviation halves in the time told"
            <| fun () ->
                let options =
                    SyntheticOptions(
                        World = SyntheticWorld.MeanReverting,
                        ReversionHalfLife = 30.0,
                        LevelBps = 0.0,
                        Seed = 4L
                    )
                        .Plain()

                // The expected return is a fixed share of the deviation, so it decays at the deviation's pace.
                let edges = take count options |> Array.map _.NextEdgeBps
                isNear 0.03 0.5 (autocorrelation 30 edges)
                isNear 0.03 0.25 (autocorrelation 60 edges)

            testCase "cents do not eat a small drift at a low price"
            <| fun () ->
                let options =
                    SyntheticOptions(InitialPrice = 1_000.0, NoiseBps = 0.0, DriftBps = 0.01, RegimeCandles = 1e9)
                        .Plain()

                let truth = take 10_001 options
                let moved = Math.Log(truth[10_000].Candle.Close / truth[0].Candle.Close) * 1e4
                isNear 0.2 100.0 (abs moved)

            testCase "one seed has the same noise in every world"
            <| fun () ->
                let noise world = take 5_000 (SyntheticOptions(World = world)) |> residuals

                let martingale = noise SyntheticWorld.Martingale

                for world in [ SyntheticWorld.Drifts; SyntheticWorld.MeanReverting; SyntheticWorld.Flips ] do
                    Array.iter2 (fun (a: float) (b: float) -> isNear 0.05 (b) a) (noise world) martingale
        ]
