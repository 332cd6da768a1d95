namespace BtcBandit.Engine.Tests.Market

open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds

[<TestFixture>]
type TimeframeTests() =

    [<Test>]
    member _.``every name finds its own timeframe``() =
        for timeframe in Timeframe.All do
            let found, parsed = Timeframe.TryParse timeframe.Name
            Assert.That(found && parsed = timeframe)
            Assert.That(86_400_000L % timeframe.Milliseconds, Is.EqualTo 0L, "a timeframe divides the UTC day")

    [<TestCase("1M")>]
    [<TestCase("2m")>]
    [<TestCase("")>]
    [<TestCase(null)>]
    member _.``other names are refused``(name: string) =
        let found, _ = Timeframe.TryParse name
        Assert.That(found, Is.False)
