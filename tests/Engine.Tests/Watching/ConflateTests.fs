namespace BtcBandit.Engine.Tests.Watching

open System
open System.Collections.Generic
open System.Reactive.Concurrency
open System.Reactive.Linq
open System.Reactive.Subjects
open System.Threading
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.VirtualTime
open BtcBandit.Engine.Tests.Sessions

[<TestFixture>]
type ConflateTests() =

    /// Time that stands still until the test lets the observer work.
    let standing () = HistoricalScheduler DateTimeOffset.UnixEpoch

    let work (scheduler: HistoricalScheduler) = scheduler.Start()

    [<Test>]
    member _.``passes its battery``() =
        Battery.check (fun marbles source -> source.Conflate(4, marbles.Scheduler)) [ 1, "1"; 2, "2"; 3, "3" ]

    [<Test>]
    member _.``a slow observer sees the newest items, and the end``() =
        let marbles = Marbles()
        let source = marbles.Cold([ for i in 1..9 -> i, next i ] @ [ 9, completed ])
        let seen = List<int>()

        // Busy for 4 seconds with each item: the clock goes on meanwhile, and with it the source.
        use _ =
            source
                .Conflate(2, marbles.Scheduler)
                .Subscribe(
                    (fun i ->
                        seen.Add i
                        marbles.Scheduler.Sleep(TimeSpan.FromSeconds 4.0)),
                    fun () -> seen.Add -1
                )

        marbles.RunTo 60
        equal [ 8; 9; -1 ] (seen |> Seq.skip (seen.Count - 3) |> List.ofSeq)
        Assert.That(Seq.take (seen.Count - 1) seen, Is.Ordered)

    [<Test>]
    member _.``the source never waits, and of a hundred thousand items the newest are kept``() =
        let scheduler = standing ()
        let scribe = Watched.Scribe<int>(fun _ -> false)

        use _ =
            (Observable.Range(1, 100_000, ImmediateScheduler.Instance)).Conflate(3, scheduler).Subscribe scribe
        // The source is at its end, and the observer has not been called.
        equal [] scribe.Told
        work scheduler
        equal [ "99998"; "99999"; "100000"; "end" ] scribe.Told

    [<Test>]
    member _.``what is kept comes before an error, which stays what it was``() =
        for error in
            [
                InvalidOperationException "boom" :> exn
                OperationCanceledException "stopped"
            ] do
            let scheduler = standing ()
            let source = new Subject<int>()
            let scribe = Watched.Scribe<int>(fun _ -> false)
            let mutable found: exn | null = null

            use _ = source.Conflate(2, scheduler).Do(ignore, (fun met -> found <- met)).Subscribe scribe

            source.OnNext 1
            source.OnNext 2
            source.OnNext 3
            source.OnError error
            work scheduler
            equal [ "2"; "3"; $"error {error.Message}" ] scribe.Told
            Assert.That(found, Is.SameAs error)

    [<Test>]
    member _.``what comes while the observer is busy waits for its turn, in order``() =
        // The second one would call the observer from within its own call, if it were asked to.
        let standing = standing ()

        for scheduler in [ standing :> IScheduler; ImmediateScheduler.Instance ] do
            let source = new Subject<int>()
            let seen = List<string>()

            use _ =
                source
                    .Conflate(2, scheduler)
                    .Subscribe(fun i ->
                        seen.Add $"begin {i}"

                        if i < 3 then
                            source.OnNext(i + 1)

                        seen.Add $"end {i}")

            source.OnNext 1
            work standing
            equal [ "begin 1"; "end 1"; "begin 2"; "end 2"; "begin 3"; "end 3" ] (List.ofSeq seen)
            // It sleeps in between, and wakes again.
            source.OnNext 3
            work standing
            equal 8 seen.Count

    [<Test>]
    member _.``an observer that leaves is not called again, and the source is released``() =
        let scheduler = standing ()
        let source = new Subject<int>()
        let seen = List<int>()
        let mutable subscription: IDisposable | null = null

        subscription <-
            source
                .Conflate(5, scheduler)
                .Subscribe(fun i ->
                    seen.Add i
                    (nonNull subscription).Dispose())

        for i in 1..3 do
            source.OnNext i

        source.OnCompleted()
        work scheduler
        equal [ 1 ] (List.ofSeq seen)
        Assert.That(source.HasObservers, Is.False)

    [<Test>]
    member _.``each subscriber has items of its own``() =
        let slow, quick = standing (), standing ()
        let source = new Subject<int>()
        let first, second = Watched.Scribe<int>(fun _ -> false), Watched.Scribe<int>(fun _ -> false)
        use _ = source.Conflate(1, slow).Subscribe first
        use _ = source.Conflate(1, quick).Subscribe second

        for i in 1..3 do
            source.OnNext i
            work quick

        source.OnCompleted()
        work slow
        work quick
        equal [ "3"; "end" ] first.Told
        equal [ "1"; "2"; "3"; "end" ] second.Told

    [<Test>]
    member _.``two threads at its ends: each item once, in order, one end``() =
        for round in 1..200 do
            use scheduler = new EventLoopScheduler()
            use ended = new ManualResetEventSlim()
            let seen = List<int>()
            let mutable ends = 0

            use _ =
                (Observable.Range(1, 50 + round, NewThreadScheduler.Default))
                    .Conflate(1_000, scheduler)
                    .Subscribe(
                        seen.Add,
                        fun () ->
                            Interlocked.Increment &ends |> ignore
                            ended.Set()
                    )

            Assert.That(ended.Wait(TimeSpan.FromSeconds 20.0))
            equal [ 1 .. 50 + round ] (List.ofSeq seen)
            equal 1 ends

    [<Test>]
    member _.``a capacity below 1 is refused``() =
        Assert.Throws<ArgumentOutOfRangeException>(
            Action(fun () -> Observable.Never<int>().Conflate(0, ImmediateScheduler.Instance) |> ignore)
        )
        |> ignore
