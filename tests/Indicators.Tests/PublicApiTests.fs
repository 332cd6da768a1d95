namespace BtcBandit.Indicators.Tests

open System
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
