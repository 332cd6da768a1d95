namespace BtcBandit.Engine.Tests

open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Market
open BtcBandit.Indicators.Tests

[<TestFixture>]
type PublicApiTests() =

    [<Test>]
    member _.``the public face is the approved one``() = PublicApi.check Repository.root typeof<Timeframe>.Assembly
