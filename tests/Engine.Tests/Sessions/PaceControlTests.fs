namespace BtcBandit.Engine.Tests.Sessions

open System
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Tests.Feeds

/// A clock that counts how often it was read: a pace reads it once for every wait, and again at every look.
type CountingClock() =
    inherit TimeProvider()
    let mutable reads = 0
    member _.Reads = Volatile.Read &reads

    override _.GetTimestamp() =
        Interlocked.Increment &reads |> ignore
        TimeProvider.System.GetTimestamp()

    override _.TimestampFrequency = TimeProvider.System.TimestampFrequency

/// A clock that goes on by the same time whenever it is read.
type SteppingClock(step: TimeSpan) =
    inherit TimeProvider()
    let mutable now = 0L
    member val Step = step with get, set
    member _.Elapsed = TimeSpan.FromTicks(Volatile.Read &now)

    override clock.GetTimestamp() = Interlocked.Add(&now, clock.Step.Ticks)

    override _.TimestampFrequency = TimeSpan.TicksPerSecond

/// A run's thread that goes through the pace again and again until it is stopped.
type Paced(delay: TimeSpan) =
    let clock = CountingClock()
    let pace = PaceControl(delay, clock)
    let stop = new CancellationTokenSource()
    let mutable steps = 0

    let run () =
        while not stop.IsCancellationRequested do
            pace.Wait stop.Token

            if not stop.IsCancellationRequested then
                Interlocked.Increment &steps |> ignore

    let thread = Thread(run, IsBackground = true)
    do thread.Start()

    member _.Pace = pace
    member _.Steps = Volatile.Read &steps
    member _.Looks = clock.Reads

    /// Whether the run's thread is blocked, which it is in a wait alone.
    member _.IsBlocked = thread.ThreadState.HasFlag ThreadState.WaitSleepJoin

    member _.Stop() = stop.Cancel()
    member _.HasEnded = thread.Join(TimeSpan.FromMinutes 1.0)

    interface IDisposable with
        member _.Dispose() =
            stop.Cancel()
            thread.Join() |> ignore
            stop.Dispose()

module PaceControlTests =

    let private soon (condition: unit -> bool) =
        Expect.isTrue (SpinWait.SpinUntil(condition, TimeSpan.FromMinutes 1.0)) "not within a minute"

    /// Woken again and again, the run looks whether it may go on, and waits as before.
    let private stands (run: Paced) =
        soon (fun () -> run.IsBlocked)
        let before = run.Steps

        for _ in 1..50 do
            // Any setting wakes it.
            run.Pace.Delay <- run.Pace.Delay
            Thread.Yield() |> ignore
            soon (fun () -> run.IsBlocked)

        equal before run.Steps

    let private forever = TimeSpan.FromDays 1.0

    [<Tests>]
    let tests =
        testList "PaceControlTests" [
            cases "without a pause nothing waits, not even for the clock" [ 0.0; -5.0 ]
            <| fun (seconds: float) ->
                let clock = CountingClock()
                (PaceControl(TimeSpan.FromSeconds seconds, clock)).Wait CancellationToken.None
                equal 0 clock.Reads

            testCase "a halted run stands still, makes as many single steps as asked, and goes on"
            <| fun () ->
                use run = new Paced(TimeSpan.Zero)
                soon (fun () -> run.Steps > 100)
                run.Pace.Paused <- true
                // Only who waits looks.
                soon (fun () -> run.Looks > 0)
                stands run
                let halted = run.Steps
                run.Pace.StepOnce()
                run.Pace.StepOnce()
                soon (fun () -> run.Steps = halted + 2)
                stands run
                run.Pace.Paused <- false
                soon (fun () -> run.Steps > halted + 100)

            testCase "a single step of a run that is not halted halts it"
            <| fun () ->
                use run = new Paced(TimeSpan.Zero)
                soon (fun () -> run.Steps > 0)
                run.Pace.StepOnce()
                equal true run.Pace.Paused
                soon (fun () -> run.Looks > 0)
                stands run

            testCase "single steps that were not made are forgotten when the run goes on"
            <| fun () ->
                let pace = PaceControl(TimeSpan.Zero, TimeProvider.System)
                pace.Paused <- true
                pace.StepOnce()
                pace.StepOnce()
                pace.Paused <- false
                pace.Paused <- true
                use stop = new CancellationTokenSource()
                let waiting = Thread((fun () -> pace.Wait stop.Token), IsBackground = true)
                waiting.Start()
                let isBlocked () = waiting.ThreadState.HasFlag ThreadState.WaitSleepJoin
                // Were a step left, the wait would be over.
                soon (fun () -> isBlocked () || not waiting.IsAlive)
                holds (isBlocked ())
                stop.Cancel()
                holds (waiting.Join(TimeSpan.FromMinutes 1.0))

            testCase "a pause under way takes notice of a shorter one"
            <| fun () ->
                use run = new Paced(forever)
                soon (fun () -> run.Looks > 0)
                equal 0 run.Steps
                // In real time: what ends such a wait is the system's timer.
                run.Pace.Delay <- TimeSpan.FromMilliseconds 1.0
                soon (fun () -> run.Steps > 3)
                equal (TimeSpan.FromMilliseconds 1.0) run.Pace.Delay

            cases "the stop ends every wait" [ false; true ]
            <| fun (paused: bool) ->
                use run = new Paced(forever)
                run.Pace.Paused <- paused
                soon (fun () -> run.Looks > 0)
                run.Stop()
                holds run.HasEnded
                equal 0 run.Steps

            cases "a delay that is no whole number of milliseconds is kept on average" [
                0.1, 0.5
                0.4, 1.0
                0.7, 1.9
                0.3, 2.5
            ]
            <| fun (look: float, delay: float) ->
                let ms (value: float) = TimeSpan.FromMicroseconds(value * 1_000.0)
                let clock = SteppingClock(ms look)
                let pace = PaceControl(ms delay, clock)
                let steps = 20

                for step in 1..steps do
                    pace.Wait CancellationToken.None
                    // The clock is read once before each delay.
                    isAtLeast (float step * ms (look + delay)) clock.Elapsed

                isBelow (float steps * ms (look + delay) + ms look) clock.Elapsed

            testCase "a step that is late by long does not make the next one early"
            <| fun () ->
                let clock = SteppingClock(TimeSpan.FromSeconds 1.0)
                let pace = PaceControl(TimeSpan.FromMilliseconds 100.0, clock)
                pace.Wait CancellationToken.None
                clock.Step <- TimeSpan.FromMilliseconds 10.0
                let before = clock.Elapsed
                pace.Wait CancellationToken.None
                isAtLeast (TimeSpan.FromMilliseconds 100.0) (clock.Elapsed - before)
        ]
