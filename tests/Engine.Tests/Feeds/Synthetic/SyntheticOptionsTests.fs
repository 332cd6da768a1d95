namespace BtcBandit.Engine.Tests.Feeds.Synthetic

open System
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.Synthetic.SyntheticMeasures

[<TestFixture>]
type SyntheticOptionsTests() =

    static let refused: TestCaseData seq =
        seq {
            let bad name (value: obj) (options: SyntheticOptions) =
                TestCaseData(name, value, options).SetArgDisplayNames(name, string value)

            let day = 86_400_000L
            bad "World" (enum<SyntheticWorld> 5) (SyntheticOptions(World = enum 5))
            bad "Timeframe" "(none)" (SyntheticOptions(Timeframe = Timeframe()))
            bad "StartTime" -60_000L (SyntheticOptions(StartTime = -60_000L))
            bad "StartTime" 1L (SyntheticOptions(StartTime = 1L))
            bad "StartTime" (day / 2L) (SyntheticOptions(StartTime = day / 2L, Timeframe = Timeframe.All[12]))
            bad "StartTime" Int64.MaxValue (SyntheticOptions(StartTime = Int64.MaxValue))
            bad "InitialPrice" 999.0 (SyntheticOptions(InitialPrice = 999.0))
            bad "InitialPrice" infinity (SyntheticOptions(InitialPrice = infinity))
            bad "NoiseBps" -0.1 (SyntheticOptions(NoiseBps = -0.1))
            bad "NoiseBps" nan (SyntheticOptions(NoiseBps = nan))
            bad "Clustering" 0.13 (SyntheticOptions(Clustering = 0.13))
            bad "JumpProbability" 1.1 (SyntheticOptions(JumpProbability = 1.1))
            bad "JumpBps" 501.0 (SyntheticOptions(JumpBps = 501.0))
            bad "DriftBps" 101.0 (SyntheticOptions(DriftBps = 101.0))
            bad "RegimeCandles" 0.5 (SyntheticOptions(RegimeCandles = 0.5))
            bad "ReversionHalfLife" 0.0 (SyntheticOptions(ReversionHalfLife = 0.0))
            bad "LevelBps" -1.0 (SyntheticOptions(LevelBps = -1.0))
            bad "Momentum" 1.0 (SyntheticOptions(Momentum = 1.0))
            bad "FlipEvery" 0 (SyntheticOptions(FlipEvery = 0))
        }

    static member Refused = refused

    [<TestCaseSource("Refused")>]
    member _.``a parameter out of range is refused at once, by name, value and range``
        (name: string, value: obj, options: SyntheticOptions)
        =
        let error = thrown<ArgumentException>(fun () -> SyntheticFeed.Candles options |> ignore)

        Assert.That(error.ParamName, Is.EqualTo name)
        Assert.That(error.Message, Does.StartWith $"{name} {value} is not accepted; accepted: ")

    [<Test>]
    member _.``a range is named in the message``() =
        let error =
            thrown<ArgumentException>(fun () -> SyntheticOptions(RegimeCandles = 0.0).Validated() |> ignore)

        Assert.That(
            error.Message,
            Is.EqualTo "RegimeCandles 0 is not accepted; accepted: 1 to 1000000000. (Parameter 'RegimeCandles')"
        )

    [<Test>]
    member _.``every world finds itself by its name``() =
        for world in worlds do
            let found, parsed = SyntheticWorlds.TryParse(world.Name())
            Assert.That(found && parsed = world)

        Assert.That(SyntheticWorlds.Names, Is.EqualTo "drifts mean-reverting flips martingale flat")

    [<TestCase("Drifts")>]
    [<TestCase("")>]
    [<TestCase(null)>]
    member _.``other names are refused``(name: string) =
        let found, _ = SyntheticWorlds.TryParse name
        Assert.That(found, Is.False)

    [<Test>]
    member _.``the defaults are the drifting world in minutes``() =
        let options = SyntheticOptions()
        Assert.That(options.World, Is.EqualTo SyntheticWorld.Drifts)
        Assert.That(options.Timeframe, Is.EqualTo Timeframe.OneMinute)
        Assert.That(options.EdgeBps, Is.EqualTo 4.0)

    [<Test>]
    member _.``an edge grows with the square root of the candle's length``() =
        for world in worlds do
            let edge (timeframe: Timeframe) = SyntheticOptions(World = world, Timeframe = timeframe).EdgeBps

            let quarter = edge Timeframe.All[4]
            Assert.That(quarter, Is.EqualTo(sqrt 15.0 * edge Timeframe.OneMinute).Within(1e-12), string world)
