namespace BtcBandit.Engine.Tests.Watching

open System
open System.Collections.Generic
open System.Reactive.Concurrency
open System.Reactive.Linq
open System.Reactive.Subjects
open System.Threading
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.VirtualTime
open BtcBandit.Engine.Tests.Sessions

module ConflateTests =

    /// Time that stands still until the test lets the observer work.
    let private standing () = HistoricalScheduler DateTimeOffset.UnixEpoch

    let private work (scheduler: HistoricalScheduler) = scheduler.Start()

    [<Tests>]
    let tests =
        testList "ConflateTests" [
            testCase "passes its battery"
            <| fun () ->
                Battery.check (fun marbles source -> source.Conflate(4, marbles.Scheduler)) [ 1, "1"; 2, "2"; 3, "3" ]

            testCase "a slow observer sees the newest items, and the end"
            <| fun () ->
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
                isAscending (Seq.take (seen.Count - 1) seen)

            testCase "the source never waits, and of a hundred thousand items the newest are kept"
            <| fun () ->
                let scheduler = standing ()
                let scribe = Watched.Scribe<int>(fun _ -> false)

                use _ =
                    (Observable.Range(1, 100_000, ImmediateScheduler.Instance)).Conflate(3, scheduler).Subscribe scribe
                // The source is at its end, and the observer has not been called.
                equal [] scribe.Told
                work scheduler
                equal [ "99998"; "99999"; "100000"; "end" ] scribe.Told

            testCase "what is kept comes before an error, which stays what it was"
            <| fun () ->
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
                    isSame error found

            testCase "what comes while the observer is busy waits for its turn, in order"
            <| fun () ->
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

            testCase "an observer that leaves is not called again, and the source is released"
            <| fun () ->
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
                fails source.HasObservers

            testCase "each subscriber has items of its own"
            <| fun () ->
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

            testCase "two threads at its ends: each item once, in order, one end"
            <| fun () ->
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

                    holds (ended.Wait(TimeSpan.FromSeconds 20.0))
                    equal [ 1 .. 50 + round ] (List.ofSeq seen)
                    equal 1 ends

            testCase "a capacity below 1 is refused"
            <| fun () ->
                thrown<ArgumentOutOfRangeException>(fun () ->
                    Observable.Never<int>().Conflate(0, ImmediateScheduler.Instance) |> ignore)
                |> ignore
        ]
