namespace BtcBandit.Tui.Tests.Commands

open System
open System.IO
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Host
open BtcBandit.Tui.Tests

/// How far work on candles is.
module CandleProgressTests =

    let private hostOf error =
        ConsoleHost(TextWriter.Null, error, false, false, HurryingClock(), (fun _ -> null), (fun () -> struct (0, 0)))

    [<Tests>]
    let tests =
        testList "CandleProgressTests" [
            testCase "after its end nothing is shown: what was stopped may go on for a moment"
            <| fun () ->
                use error = new StringWriter()
                let progress = new CandleProgress(hostOf error)
                progress.Show(0, "reads", 100L, Nullable 0.5)
                let before = error.ToString()
                startsWith "reads" before
                progress.Clear()
                progress.Show(0, "reads", 200L, Nullable 0.6)
                let between = error.ToString()
                isAbove before.Length between.Length
                progress.Dispose()
                progress.Show(0, "reads", 300L, Nullable 0.7)
                equal between (error.ToString())

            testCase "many threads may show it, and none after its end"
            <| fun () ->
                for _ in 1..20 do
                    use error = new StringWriter()
                    let progress = new CandleProgress(hostOf error)

                    let shows = [|
                        for _ in 1..3 ->
                            Task.Run(fun () ->
                                for count in 1L .. 500L do
                                    progress.Show(0, "reads", count, Nullable 0.5))
                    |]

                    progress.Dispose()
                    let atEnd = error.ToString()
                    Task.WaitAll shows
                    equal atEnd (error.ToString())
        ]
