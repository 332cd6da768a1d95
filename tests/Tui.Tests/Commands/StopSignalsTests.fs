namespace BtcBandit.Tui.Tests.Commands

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Commands

module StopSignalsTests =

    [<Tests>]
    let tests =
        testList "StopSignalsTests" [
            testCase
                "the first signal stops the session and names the exit code, a second ends the process after its last act"
            <| fun () ->
                use signals = new StopSignals(Nullable(), TimeProvider.System)
                let mutable acts = 0
                signals.LastAct <- Action(fun () -> acts <- acts + 1)
                fails signals.ExitCode.HasValue
                Expect.isTrue (signals.Take 143) "the process goes on"
                holds signals.Token.IsCancellationRequested
                equal (Nullable 143) signals.ExitCode
                equal 0 acts
                fails (signals.Take 130)
                Expect.equal signals.ExitCode (Nullable 143) "that of the first"
                equal 1 acts

            testCase "after the user stopped the session a signal is the first one"
            <| fun () ->
                use signals = new StopSignals(Nullable(), TimeProvider.System)
                signals.Stop()
                fails signals.ExitCode.HasValue
                Expect.isTrue (signals.Take 129) "the run is being saved"
                equal (Nullable 129) signals.ExitCode

            testCase "the end of a duration is no signal"
            <| fun () ->
                let clock = VirtualClock()
                use signals = new StopSignals(Nullable(TimeSpan.FromSeconds 3.0), clock)
                clock.Pass(TimeSpan.FromSeconds 2.999)
                fails signals.Token.IsCancellationRequested
                clock.Pass(TimeSpan.FromSeconds 0.001)
                holds signals.Token.IsCancellationRequested
                fails signals.ExitCode.HasValue

            testCase "the longest duration that the flag takes can be waited for"
            <| fun () ->
                // The system's timers have the limit.
                use signals =
                    new StopSignals(Nullable(TimeSpan.FromSeconds(float TrainFlags.MaxDuration)), TimeProvider.System)

                fails signals.Token.IsCancellationRequested

            testCase "whoever waits for a signal waits for one, and not for the end of the session"
            <| fun () ->
                let clock = VirtualClock()
                use signals = new StopSignals(Nullable(TimeSpan.FromSeconds 3.0), clock)
                clock.Pass(TimeSpan.FromSeconds 2.999)
                fails signals.Token.IsCancellationRequested
                clock.Pass(TimeSpan.FromSeconds 0.001)
                holds signals.Token.IsCancellationRequested
                signals.Stop()
                fails signals.Given.IsCompleted
                Expect.isTrue (signals.Take 130) "the process goes on"
                holds signals.Given.IsCompletedSuccessfully
        ]
