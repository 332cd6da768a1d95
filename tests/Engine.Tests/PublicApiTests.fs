namespace BtcBandit.Engine.Tests

open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Market
open BtcBandit.Indicators.Tests

module PublicApiTests =

    [<Tests>]
    let tests =
        testList "PublicApiTests" [
            testCase "the public face is the approved one"
            <| fun () -> PublicApi.check Repository.root typeof<Timeframe>.Assembly
        ]
