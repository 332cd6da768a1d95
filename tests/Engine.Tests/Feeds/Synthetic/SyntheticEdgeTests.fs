namespace BtcBandit.Engine.Tests.Feeds.Synthetic

open System
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.Synthetic.SyntheticMeasures

[<TestFixture>]
type SyntheticEdgeTests() =

    static let count = 400_000

    static let meanAbsoluteEdge (truth: SyntheticCandle[]) = truth |> Array.averageBy (fun t -> abs t.NextEdgeBps)

    static let regimeLengths (truth: SyntheticCandle[]) =
        truth
        |> Array.mapi (fun i t -> i, sign t.NextEdgeBps)
        |> Array.pairwise
        |> Array.filter (fun ((_, before), (_, after)) -> before <> after)
        |> Array.map (fun (_, (index, _)) -> index)
        |> Array.pairwise
        |> Array.map (fun (a, b) -> float (b - a))

    static let residuals (truth: SyntheticCandle[]) =
        foretold truth |> Array.map (fun (struct (expected, r)) -> r - expected)

    [<Test>]
    member _.``the edge is as large as the options say``() =
        for world in worlds do
            let options = SyntheticOptions(World = world, Seed = 11L)
            let lively, plain = take count options, take count (options.Plain())
            let stated = options.EdgeBps
            Assert.That(meanAbsoluteEdge plain, Is.EqualTo(stated).Within(1.0).Percent, $"{world}, plain")
            Assert.That(meanAbsoluteEdge lively, Is.EqualTo(stated).Within(5.0).Percent, $"{world}, defaults")

    [<Test>]
    member _.``strong edges are stated as exactly as weak ones``() =
        for options in
            [
                SyntheticOptions(World = SyntheticWorld.MeanReverting, ReversionHalfLife = 1.0, LevelBps = 5.0)
                SyntheticOptions(World = SyntheticWorld.Flips, Momentum = 0.8)
            ] do
            let truth = take count (options.Plain())
            Assert.That(meanAbsoluteEdge truth, Is.EqualTo(options.EdgeBps).Within(1.0).Percent, string options.World)

    [<Test>]
    member _.``what the oracle expects is what happens on average``() =
        for world in worlds |> Array.except [ SyntheticWorld.Flat ] do
            let truth = take count (SyntheticOptions(World = world, Seed = 12L))
            Assert.That(abs (tValue (residuals truth)), Is.LessThan 4.0, string world)

            let withSign =
                foretold truth
                |> Array.map (fun (struct (expected, r)) -> float (sign expected) * (r - expected))

            if world <> SyntheticWorld.Martingale then
                Assert.That(abs (tValue withSign), Is.LessThan 4.0, $"{world}, by sign")

    [<Test>]
    member _.``following the oracle earns the stated edge``() =
        for world in [ SyntheticWorld.Drifts; SyntheticWorld.MeanReverting; SyntheticWorld.Flips ] do
            let options = SyntheticOptions(World = world, Seed = 13L)

            let earned =
                foretold (take count options)
                |> Array.map (fun (struct (expected, r)) -> float (sign expected) * r)

            let error = 6.2 / sqrt (float count)
            Assert.That(Array.average earned, Is.EqualTo(options.EdgeBps).Within(0.05 * options.EdgeBps + 4.0 * error))

    [<Test>]
    member _.``a martingale expects nothing, whatever has just happened``() =
        for timeframe in [ "1m"; "1d" ] do
            let _, timeframe = Timeframe.TryParse timeframe

            for seed in 1L .. 5L do
                let options = SyntheticOptions(World = SyntheticWorld.Martingale, Seed = seed, Timeframe = timeframe)

                // A daily market reaches the walls in some thousand years; the claim is about the room within.
                let returns = take (if timeframe.Name = "1m" then 200_000 else 5_000) options |> happened

                let bound = 4.0 / sqrt (float returns.Length)
                Assert.That(abs (tValue returns), Is.LessThan 4.0, $"{timeframe} seed {seed}")

                let followed = Array.map2 (*) returns[1..] (returns[.. returns.Length - 2] |> Array.map (sign >> float))
                Assert.That(abs (tValue followed), Is.LessThan 4.0, $"{timeframe} seed {seed}, after a move")
                Assert.That(abs (autocorrelation 60 returns), Is.LessThan(3.0 * bound))

    [<Test>]
    member _.``a martingale of great moves is still one: its mean price stays``() =
        // A tenth per candle: a log return without its correction would gain half a percent each time.
        let returns =
            [|
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

        Assert.That(abs (tValue returns), Is.LessThan 4.0)

    [<TestCase(60.0, 4.0)>]
    [<TestCase(300.0, 2.0)>]
    [<TestCase(600.0, 1.0)>]
    member _.``drifts are of one size and last as long as told on average``(length: float, drift: float) =
        // Several short markets: a long one would meet the walls.
        let markets =
            [|
                for seed in 1L .. 10L ->
                    take
                        (int length * 400)
                        (SyntheticOptions(RegimeCandles = length, DriftBps = drift, Seed = seed).Plain())
            |]

        for truth in markets do
            Assert.That(truth |> Array.forall (fun t -> abs (abs t.NextEdgeBps - drift) < 1e-9))

        let lengths = markets |> Array.collect regimeLengths
        // Geometric: the standard deviation is about the mean.
        let error = length / sqrt (float lengths.Length)
        Assert.That(Array.average lengths, Is.EqualTo(length).Within(4.0 * error))
        let deviation = sqrt (lengths |> Array.averageBy (fun l -> (l - length) * (l - length)))
        Assert.That(deviation, Is.EqualTo(length).Within(10.0).Percent)

    [<Test>]
    member _.``the drifting default switches within two hours and pays for its trades``() =
        let options = SyntheticOptions()
        let lengths = regimeLengths (take 50_000 options)
        Assert.That(Array.average lengths, Is.LessThan 60.0)
        Assert.That(options.EdgeBps * options.RegimeCandles, Is.GreaterThan(8.0 * 22.0))

    [<TestCase(5_000)>]
    [<TestCase(7)>]
    member _.``flips change sign exactly when told``(every: int) =
        let options = SyntheticOptions(World = SyntheticWorld.Flips, FlipEvery = every).Plain()
        let truth = take (every * 6) options

        for index in 1 .. truth.Length - 2 do
            let last = 1e4 * Math.Log(truth[index].Candle.Close / truth[index - 1].Candle.Close)
            // The truth beside candle i is about candle i + 1.
            let coefficient = if (index + 1) / every % 2 = 0 then 0.3 else -0.3
            Assert.That(truth[index].NextEdgeBps, Is.EqualTo(coefficient * last).Within 0.01, string index)

    [<Test>]
    member _.``a deviation halves in the time told``() =
        let options =
            SyntheticOptions(World = SyntheticWorld.MeanReverting, ReversionHalfLife = 30.0, LevelBps = 0.0, Seed = 4L)
                .Plain()

        // The expected return is a fixed share of the deviation, so it decays at the deviation's pace.
        let edges = take count options |> Array.map _.NextEdgeBps
        Assert.That(autocorrelation 30 edges, Is.EqualTo(0.5).Within 0.03)
        Assert.That(autocorrelation 60 edges, Is.EqualTo(0.25).Within 0.03)

    [<Test>]
    member _.``cents do not eat a small drift at a low price``() =
        let options =
            SyntheticOptions(InitialPrice = 1_000.0, NoiseBps = 0.0, DriftBps = 0.01, RegimeCandles = 1e9).Plain()

        let truth = take 10_001 options
        let moved = Math.Log(truth[10_000].Candle.Close / truth[0].Candle.Close) * 1e4
        Assert.That(abs moved, Is.EqualTo(100.0).Within 0.2)

    [<Test>]
    member _.``one seed has the same noise in every world``() =
        let noise world = take 5_000 (SyntheticOptions(World = world)) |> residuals

        let martingale = noise SyntheticWorld.Martingale

        for world in [ SyntheticWorld.Drifts; SyntheticWorld.MeanReverting; SyntheticWorld.Flips ] do
            Array.iter2
                (fun (a: float) (b: float) -> Assert.That(a, Is.EqualTo(b).Within 0.05))
                (noise world)
                martingale
