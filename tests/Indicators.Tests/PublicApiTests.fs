namespace BtcBandit.Indicators.Tests

open System
open System.Reflection
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Laws

[<TestFixture>]
type PublicApiTests() =

    [<TestCase(typeof<Candle>)>]
    [<TestCase(typeof<Laws>)>]
    member _.``the public face is the approved one``(inPackage: Type) =
        PublicApi.check Repository.root inPackage.Assembly

    // It has only a module, which no attribute can name.
    [<Test>]
    member _.``so is that of the laws under Expecto``() =
        PublicApi.check Repository.root (Assembly.Load "BtcBandit.Indicators.Laws.Expecto")
