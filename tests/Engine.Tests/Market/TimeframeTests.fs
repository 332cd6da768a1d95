namespace BtcBandit.Engine.Tests.Market

open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds

module TimeframeTests =

    [<Tests>]
    let tests =
        testList "TimeframeTests" [
            testCase "every name finds its own timeframe"
            <| fun () ->
                for timeframe in Timeframe.All do
                    let found, parsed = Timeframe.TryParse timeframe.Name
                    holds (found && parsed = timeframe)
                    Expect.equal (86_400_000L % timeframe.Milliseconds) 0L "a timeframe divides the UTC day"

            cases "other names are refused" [ ("1M": string | null); "2m"; ""; null ]
            <| fun (name: string | null) ->
                let found, _ = Timeframe.TryParse name
                fails found
        ]
