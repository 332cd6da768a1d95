namespace BtcBandit.Tui.Tests.Commands

open System
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Commands

[<TestFixture>]
type StopSignalsTests() =

    [<Test>]
    member _.``the first signal stops the session and names the exit code, a second ends the process after its last act``
        ()
        =
        use signals = new StopSignals(Nullable(), TimeProvider.System)
        let mutable acts = 0
        signals.LastAct <- Action(fun () -> acts <- acts + 1)
        Assert.That(signals.ExitCode.HasValue, Is.False)
        Assert.That(signals.Take 143, "the process goes on")
        Assert.That(signals.Token.IsCancellationRequested)
        Assert.That(signals.ExitCode, Is.EqualTo(Nullable 143))
        Assert.That(acts, Is.Zero)
        Assert.That(signals.Take 130, Is.False)
        Assert.That(signals.ExitCode, Is.EqualTo(Nullable 143), "that of the first")
        Assert.That(acts, Is.EqualTo 1)

    [<Test>]
    member _.``after the user stopped the session a signal is the first one``() =
        use signals = new StopSignals(Nullable(), TimeProvider.System)
        signals.Stop()
        Assert.That(signals.ExitCode.HasValue, Is.False)
        Assert.That(signals.Take 129, "the run is being saved")
        Assert.That(signals.ExitCode, Is.EqualTo(Nullable 129))

    [<Test>]
    member _.``the end of a duration is no signal``() =
        let clock = VirtualClock()
        use signals = new StopSignals(Nullable(TimeSpan.FromSeconds 3.0), clock)
        clock.Pass(TimeSpan.FromSeconds 2.999)
        Assert.That(signals.Token.IsCancellationRequested, Is.False)
        clock.Pass(TimeSpan.FromSeconds 0.001)
        Assert.That(signals.Token.IsCancellationRequested)
        Assert.That(signals.ExitCode.HasValue, Is.False)

    [<Test>]
    member _.``the longest duration that the flag takes can be waited for``() =
        // The system's timers have the limit.
        use signals =
            new StopSignals(Nullable(TimeSpan.FromSeconds(float TrainFlags.MaxDuration)), TimeProvider.System)

        Assert.That(signals.Token.IsCancellationRequested, Is.False)

    [<Test>]
    member _.``whoever waits for a signal waits for one, and not for the end of the session``() =
        let clock = VirtualClock()
        use signals = new StopSignals(Nullable(TimeSpan.FromSeconds 3.0), clock)
        clock.Pass(TimeSpan.FromSeconds 2.999)
        Assert.That(signals.Token.IsCancellationRequested, Is.False)
        clock.Pass(TimeSpan.FromSeconds 0.001)
        Assert.That(signals.Token.IsCancellationRequested)
        signals.Stop()
        Assert.That(signals.Given.IsCompleted, Is.False)
        Assert.That(signals.Take 130, "the process goes on")
        Assert.That(signals.Given.IsCompletedSuccessfully)
