namespace BtcBandit.Engine.Tests.Pipeline

open System
open System.Threading
open NUnit.Framework
open BtcBandit.Engine.Pipeline
open BtcBandit.Engine.Tests.Feeds

/// A run's thread that goes through the pace again and again until it is stopped.
type Paced(delay: TimeSpan) =
    let pace = PaceControl(delay, TimeProvider.System)
    let stop = new CancellationTokenSource()
    let mutable steps = 0
    let mutable looks = 0

    let run () =
        while not stop.IsCancellationRequested do
            pace.Wait((fun () -> Interlocked.Increment &looks |> ignore), stop.Token)

            if not stop.IsCancellationRequested then
                Interlocked.Increment &steps |> ignore

    let thread = Thread(run, IsBackground = true)
    do thread.Start()

    member _.Pace = pace
    member _.Steps = Volatile.Read &steps
    member _.Looks = Volatile.Read &looks
    member _.Stop() = stop.Cancel()
    member _.HasEnded = thread.Join(TimeSpan.FromMinutes 1.0)

    interface IDisposable with
        member _.Dispose() =
            stop.Cancel()
            thread.Join() |> ignore
            stop.Dispose()

[<TestFixture>]
type PaceControlTests() =

    let soon (condition: unit -> bool) =
        Assert.That(SpinWait.SpinUntil(condition, TimeSpan.FromMinutes 1.0), "not within a minute")

    /// Long enough for a run that would go on to be seen going on.
    let stays (value: unit -> int) =
        let before = value ()
        Thread.Sleep 50
        equal before (value ())

    let forever = TimeSpan.FromDays 1.0

    [<TestCase(0.0)>]
    [<TestCase(-5.0)>]
    member _.``without a pause nothing waits and nobody is asked to look``(seconds: float) =
        let pace = PaceControl(TimeSpan.FromSeconds seconds, TimeProvider.System)
        pace.Wait((fun () -> failwith "looked"), CancellationToken.None)

    [<Test>]
    member _.``a halted run stands still, makes as many single steps as asked, and goes on``() =
        use run = new Paced(TimeSpan.Zero)
        soon (fun () -> run.Steps > 100)
        run.Pace.Paused <- true
        // Only who waits looks.
        soon (fun () -> run.Looks > 0)
        stays (fun () -> run.Steps)
        let halted = run.Steps
        run.Pace.StepOnce()
        run.Pace.StepOnce()
        soon (fun () -> run.Steps = halted + 2)
        stays (fun () -> run.Steps)
        run.Pace.Paused <- false
        soon (fun () -> run.Steps > halted + 100)

    [<Test>]
    member _.``a single step of a run that is not halted halts it``() =
        use run = new Paced(TimeSpan.Zero)
        soon (fun () -> run.Steps > 0)
        run.Pace.StepOnce()
        equal true run.Pace.Paused
        soon (fun () -> run.Looks > 0)
        stays (fun () -> run.Steps)

    [<Test>]
    member _.``single steps that were not made are forgotten when the run goes on``() =
        let pace = PaceControl(TimeSpan.Zero, TimeProvider.System)
        pace.Paused <- true
        pace.StepOnce()
        pace.StepOnce()
        pace.Paused <- false
        pace.Paused <- true
        use stop = new CancellationTokenSource()
        let mutable looks = 0

        let look () =
            looks <- looks + 1
            // The first look is of the settings' own making; were a step left, there would be no third.
            if looks = 3 then stop.Cancel() else pace.Wake()

        pace.Wait(look, stop.Token)
        equal 3 looks

    [<Test>]
    member _.``a pause under way takes notice of a shorter one``() =
        use run = new Paced(forever)
        soon (fun () -> run.Looks > 0)
        equal 0 run.Steps
        run.Pace.Delay <- TimeSpan.FromMilliseconds 1.0
        soon (fun () -> run.Steps > 3)
        equal (TimeSpan.FromMilliseconds 1.0) run.Pace.Delay

    [<Test>]
    member _.``whoever waits looks again when woken, and waits on``() =
        use run = new Paced(forever)
        soon (fun () -> run.Looks > 0)
        let looked = run.Looks
        run.Pace.Wake()
        soon (fun () -> run.Looks > looked)
        equal 0 run.Steps

    [<TestCase(false)>]
    [<TestCase(true)>]
    member _.``the stop ends every wait``(paused: bool) =
        use run = new Paced(forever)
        run.Pace.Paused <- paused
        soon (fun () -> run.Looks > 0)
        run.Stop()
        Assert.That(run.HasEnded)
        equal 0 run.Steps
