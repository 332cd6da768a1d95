namespace BtcBandit.Indicators.Tests

open System
open System.Reflection
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Laws

module PublicApiTests =

    [<Tests>]
    let tests =
        testList "PublicApiTests" [
            cases "the public face is the approved one" [ typeof<Candle>; typeof<Laws> ]
            <| fun (inPackage: Type) -> PublicApi.check Repository.root inPackage.Assembly

            // It has only a module, which no attribute can name.
            testCase "so is that of the laws under Expecto"
            <| fun () -> PublicApi.check Repository.root (Assembly.Load "BtcBandit.Indicators.Laws.Expecto")
        ]
