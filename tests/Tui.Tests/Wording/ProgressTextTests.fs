namespace BtcBandit.Tui.Tests.Wording

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Wording

/// How far work on candles is.
module ProgressTextTests =

    let private line candles (share: float) (seconds: float) =
        ProgressText.Of("runs", candles, Nullable share, TimeSpan.FromSeconds seconds)

    [<Tests>]
    let tests =
        testList "ProgressTextTests" [
            testCase "the time left is told after two seconds and a hundredth of the work"
            <| fun () ->
                equal "runs [##########..........]  50 %  500 candles, 250/s, 2 s left" (line 500L 0.5 2.0)
                equal "runs [##########..........]  50 %  500 candles, 263/s" (line 500L 0.5 1.9)
                equal "runs [....................]   0 %  90 candles, 30/s" (line 90L 0.009 3.0)
                matches (@"^runs \[\.{20}\]   1 %  90 candles, 30/s, 4 min 5\d s left$") (line 90L 0.01 3.0)

            testCase "without a known end there is the rate alone"
            <| fun () ->
                equal "runs  1 candle" (ProgressText.Of("runs", 1L, Nullable(), TimeSpan.FromSeconds 0.4))
                equal "runs  90 candles, 30/s" (ProgressText.Of("runs", 90L, Nullable(), TimeSpan.FromSeconds 3.0))
        ]
