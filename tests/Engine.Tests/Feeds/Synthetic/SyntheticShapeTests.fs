namespace BtcBandit.Engine.Tests.Feeds.Synthetic

open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.Synthetic.SyntheticMeasures

[<TestFixture>]
type SyntheticShapeTests() =

    static let count = 300_000
    static let lively = lazy take count (SyntheticOptions(World = SyntheticWorld.Martingale, Seed = 21L))

    static let plain = lazy take count (SyntheticOptions(World = SyntheticWorld.Martingale, Seed = 21L).Plain())

    static let deviation (values: float[]) = sqrt (values |> Array.averageBy (fun v -> v * v))

    static let range (candle: Candle) = 1e4 * (candle.High - candle.Low) / candle.Open

    [<Test>]
    member _.``noise is as large as told on every timeframe``() =
        for timeframe in Timeframe.All do
            let options = SyntheticOptions(World = SyntheticWorld.Martingale, Timeframe = timeframe).Plain()
            let returns = take 20_000 options |> happened
            let told = 6.0 * sqrt (float timeframe.Milliseconds / 60_000.0)
            Assert.That(deviation returns, Is.EqualTo(told).Within(2.5).Percent, timeframe.Name)

        // Jumps add p * jump^2 = 0.8 to 36; clustering adds nothing.
        let jumpy = take 2_000_000 (SyntheticOptions(World = SyntheticWorld.Martingale)) |> happened
        Assert.That(deviation jumpy, Is.EqualTo(sqrt 36.8).Within(2.0).Percent)

    [<TestCase("1m")>]
    [<TestCase("15m")>]
    [<TestCase("30m")>]
    [<TestCase("1d")>]
    member _.``without noise the price is the exponential of its drift``(timeframe: string) =
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
        Assert.That(candle.Close / 1e7, Is.EqualTo(expected).Within 1.5e-9)

        Assert.That(
            candle.High = max candle.Open candle.Close
            && candle.Low = min candle.Open candle.Close
        )

    [<Test>]
    member _.``a jump is a gap of a twentieth and a straight run``() =
        let options =
            SyntheticOptions(World = SyntheticWorld.Martingale, NoiseBps = 0.0, JumpProbability = 1.0, JumpBps = 100.0)

        for before, after in take 200 options |> Array.pairwise do
            let candle = after.Candle
            let log (price: float) = 1e4 * System.Math.Log(price / before.Candle.Close)
            Assert.That(log candle.Open, Is.EqualTo(0.05 * log candle.Close).Within 0.01)

            Assert.That(
                candle.High = max candle.Open candle.Close
                && candle.Low = min candle.Open candle.Close
            )

    [<Test>]
    member _.``a price that leaves its room is held at the wall``() =
        let ends =
            [
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
        let held (t: SyntheticCandle) wall = abs t.NextEdgeBps < 0.01 && abs (t.Candle.Close / wall - 1.0) < 0.0002

        let low, high = ends |> List.partition (fun t -> t.Candle.Close < 100_000.0)
        Assert.That(not low.IsEmpty && not high.IsEmpty)
        Assert.That(low |> List.forall (fun t -> held t (100_000.0 / 256.0 * exp -0.05)))
        Assert.That(high |> List.forall (fun t -> held t (100_000.0 * 256.0 * exp 0.05)))

    [<Test>]
    member _.``volatility clusters``() =
        let sizes truth = happened truth |> Array.map abs
        let squares lag = autocorrelation lag (sizes lively.Value)
        Assert.That(squares 1, Is.GreaterThan 0.08)
        Assert.That(squares 46, Is.InRange(0.3 * squares 1, 0.7 * squares 1))

        for lag in [ 1; 10; 46 ] do
            Assert.That(abs (autocorrelation lag (sizes plain.Value)), Is.LessThan(4.0 / sqrt (float count)))

    [<Test>]
    member _.``jumps are as many and as large as told, and can be turned off``() =
        let jumps (options: SyntheticOptions) = happened (take count options) |> Array.filter (fun r -> abs r > 60.0)

        let options =
            SyntheticOptions(
                World = SyntheticWorld.Martingale,
                Clustering = 0.0,
                JumpProbability = 0.001,
                JumpBps = 300.0
            )

        // 300 expected, of which a normal of 300 bps exceeds 60 in 84 %.
        Assert.That((jumps options).Length, Is.InRange(190, 315))
        Assert.That(deviation (jumps options), Is.InRange(270.0, 380.0))
        Assert.That((jumps (options.Plain())).Length, Is.EqualTo 0)

    [<Test>]
    member _.``extremes are those of a Brownian path``() =
        // Feller (1951): the range of a Brownian motion has mean 2 sqrt(2 / pi); its maximum has mean sqrt(2 / pi).
        let rise (candle: Candle) = 1e4 * (candle.High / candle.Open - 1.0)
        let fall (candle: Candle) = 1e4 * (1.0 - candle.Low / candle.Open)
        let mean measure = plain.Value |> Array.averageBy (fun t -> measure t.Candle)
        Assert.That(mean rise, Is.EqualTo(6.0 * 0.79788).Within(1.0).Percent)
        Assert.That(mean fall, Is.EqualTo(6.0 * 0.79788).Within(1.0).Percent)
        Assert.That(mean range, Is.EqualTo(6.0 * 1.59577).Within(1.0).Percent)

    [<Test>]
    member _.``volume is positive, has its hours and follows volatility``() =
        let truth = lively.Value
        Assert.That(truth |> Array.forall (fun t -> t.Candle.Volume > 0.0))

        let at hour =
            truth
            |> Array.filter (fun t -> t.Candle.OpenTime / 3_600_000L % 24L = hour)
            |> Array.averageBy _.Candle.Volume

        Assert.That(at 14L / at 4L, Is.GreaterThan 2.0)
        Assert.That(truth |> Array.averageBy _.Candle.Volume, Is.EqualTo(12.0).Within(4.0).Percent)

        let volumes, ranges = truth |> Array.map _.Candle.Volume, truth |> Array.map (fun t -> range t.Candle)
        Assert.That(correlation volumes ranges, Is.GreaterThan 0.4)

    [<Test>]
    member _.``volume grows with the length of the candle``() =
        for timeframe in Timeframe.All do
            let truth = take 20_000 (SyntheticOptions(World = SyntheticWorld.Martingale, Timeframe = timeframe))
            let perMinute = 60_000.0 / float timeframe.Milliseconds
            let mean = perMinute * (truth |> Array.averageBy _.Candle.Volume)
            // A day opens at midnight and 12 hours at midnight or noon: the season sees only those.
            Assert.That(mean, Is.InRange(7.0, 16.0), timeframe.Name)
