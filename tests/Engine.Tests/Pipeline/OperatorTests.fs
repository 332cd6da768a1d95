namespace BtcBandit.Engine.Tests.Pipeline

open System
open System.Collections.Generic
open System.Reactive.Linq
open System.Reactive.Concurrency
open System.Threading
open NUnit.Framework
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Pipeline
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.VirtualTime

/// What every operator of numbers must do, whatever it computes: one battery for all.
module Battery =
    let boom = InvalidOperationException "boom"

    let shown messages = shortenBy string messages

    /// `operate` gives for 1, 2, 3 at seconds 1, 2, 3 what `expected` says.
    let check (operate: Marbles -> IObservable<int> -> IObservable<int>) (expected: (int * string) list) =
        let values = [ 1, next 1; 2, next 2; 3, next 3 ]

        let play ending =
            let marbles = Marbles()
            let source = marbles.Cold(values @ ending)
            let messages, _ = marbles.Record(operate marbles source)
            marbles.RunTo 20
            shown messages, List.ofSeq marbles.Subscriptions

        let completedAt = (play [ 4, completed ] |> fst |> List.last |> fst)
        equal (expected @ [ completedAt, "OnCompleted" ]) (play [ 4, completed; 5, next 9 ] |> fst)
        Assert.That(completedAt, Is.GreaterThanOrEqualTo 4)

        let failedMessages, subscriptions = play [ 4, failed boom ]
        equal "OnError" (snd (List.last failedMessages))
        Assert.That((snd subscriptions.Head).IsSome, "the source is released after an error")

        let marbles = Marbles()
        let operated = operate marbles (marbles.Cold(values @ [ 4, completed ]))
        let first, subscription = marbles.Record operated
        let second, _ = marbles.Record operated
        equal 2 marbles.Subscriptions.Count
        marbles.RunTo 1
        subscription.Dispose()
        let seen = first.Count
        marbles.RunTo 20
        equal seen first.Count
        equal (expected @ [ completedAt, "OnCompleted" ]) (shown second)
        Assert.That((snd marbles.Subscriptions[0]).IsSome, "disposal releases the source")

[<TestFixture>]
type PaceTests() =

    [<Test>]
    member _.``passes its battery``() =
        Battery.check
            (fun marbles source -> source.Pace((fun _ -> TimeSpan.Zero), fun _ -> Assert.Fail "nothing to wait for"))
            [ 1, "1"; 2, "2"; 3, "3" ]

    [<Test>]
    member _.``waits before each item as long as it is told, and holds the producer back``() =
        let scheduler = HistoricalScheduler(DateTimeOffset.UnixEpoch)
        let log = List<string>()

        let produced =
            seq {
                for i in 0..2 do
                    log.Add $"made {i}"
                    yield i
            }

        let paced =
            produced
                .ToObservable(ImmediateScheduler.Instance)
                .Pace(
                    (fun i -> if i = 0 then TimeSpan.Zero else TimeSpan.FromSeconds(float i)),
                    (fun (pause: TimeSpan) -> scheduler.Sleep pause)
                )

        use _ =
            paced.Subscribe(fun i -> log.Add $"{i} at {(scheduler.Now - DateTimeOffset.UnixEpoch).TotalSeconds}")

        equal [ "made 0"; "0 at 0"; "made 1"; "1 at 1"; "made 2"; "2 at 3" ] (List.ofSeq log)

    [<Test>]
    member _.``an error of the wait ends the stream as one``() =
        let marbles = Marbles()
        let source = marbles.Cold [ 1, next 1; 2, completed ]

        let messages, _ =
            marbles.Record(source.Pace((fun _ -> TimeSpan.FromSeconds 1.0), (fun (_: TimeSpan) -> raise Battery.boom)))

        marbles.RunTo 5
        equal [ 1, "OnError" ] (Battery.shown messages)

[<TestFixture>]
type StopTests() =

    [<Test>]
    member _.``passes its battery``() =
        Battery.check (fun _ source -> source.StopWhen CancellationToken.None) [ 1, "1"; 2, "2"; 3, "3" ]

    [<Test>]
    member _.``completes when the token is cancelled and releases the source``() =
        let marbles = Marbles()
        use stop = new CancellationTokenSource()
        let source = marbles.Cold [ 1, next 1; 2, next 2; 3, next 3 ]
        let messages, _ = marbles.Record(source.StopWhen stop.Token)
        marbles.RunTo 1
        stop.Cancel()
        marbles.RunTo 5
        equal [ 1, "1"; 1, "OnCompleted" ] (Battery.shown messages)
        equal (Some 1) (snd marbles.Subscriptions[0])

    [<Test>]
    member _.``nothing that was waited for passes after the stop``() =
        use stop = new CancellationTokenSource()
        let seen = List<int>()

        // The stop comes while the third item waits for its time: the wait ends, and so does the stream.
        use _ =
            (Seq.init 10 id)
                .ToObservable(ImmediateScheduler.Instance)
                .Pace(
                    (fun i -> TimeSpan.FromSeconds(float i)),
                    (fun pause ->
                        if pause.TotalSeconds = 2.0 then
                            stop.Cancel())
                )
                .StopWhen(stop.Token)
                .Subscribe(seen.Add, (fun () -> seen.Add -1))

        equal [ 0; 1; -1 ] (List.ofSeq seen)

    [<Test>]
    member _.``completes at once when it is cancelled already``() =
        let marbles = Marbles()
        let messages, _ = marbles.Record((marbles.Cold [ 1, next 1 ]).StopWhen(CancellationToken(true)))
        marbles.RunTo 5
        equal [ 0, "OnCompleted" ] (Battery.shown messages)

[<TestFixture>]
type ConflateTests() =

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
        equal -1 (Seq.last seen)
        equal 9 seen[seen.Count - 2]

        Assert.That(
            Seq.pairwise seen
            |> Seq.take (seen.Count - 2)
            |> Seq.forall (fun (a, b) -> a < b),
            "in order"
        )

    [<Test>]
    member _.``the source never waits for a blocked observer``() =
        use scheduler = new EventLoopScheduler()
        use blocked = new ManualResetEventSlim()
        use done_ = new ManualResetEventSlim()
        let seen = List<int>()

        use _ =
            (Observable.Range(1, 100_000, ImmediateScheduler.Instance))
                .Conflate(3, scheduler)
                .Subscribe(
                    (fun i ->
                        blocked.Wait()
                        seen.Add i),
                    fun () -> done_.Set()
                )

        // We are here although the observer has not finished its first item.
        Assert.That(seen, Is.Empty)
        blocked.Set()
        Assert.That(done_.Wait(TimeSpan.FromSeconds 20.0), "the end is delivered")
        equal [ 99_998; 99_999; 100_000 ] (seen |> Seq.skip (seen.Count - 3) |> List.ofSeq)
        Assert.That(seen.Count, Is.LessThanOrEqualTo 4)

    [<Test>]
    member _.``two threads at its ends: each item at most once, in order, one end``() =
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

[<TestFixture>]
type FoldTests() =

    let sum =
        Indicator.create
            0
            0
            (Step<int, int, int>(fun state input output ->
                if input = 13 then
                    raise Battery.boom

                state <- state + input
                output <- state
                true))

    [<Test>]
    member _.``passes its battery``() = Battery.check (fun _ source -> source.Fold sum) [ 1, "1"; 2, "3"; 3, "6" ]

    [<Test>]
    member _.``silent inputs give nothing``() =
        let marbles = Marbles()
        let source = marbles.Cold [ 1, next 4.0; 2, next 6.0; 3, next 8.0; 4, completed ]
        let messages, _ = marbles.Record(source.Fold(Averages.sma 2))
        marbles.RunTo 9
        equal [ 2, "5"; 3, "7"; 4, "OnCompleted" ] (shortenBy string messages)

    [<Test>]
    member _.``an error of the step ends the stream and releases the source``() =
        let marbles = Marbles()
        let source = marbles.Cold [ 1, next 1; 2, next 13; 3, next 1 ]
        let messages, _ = marbles.Record(source.Fold sum)
        marbles.RunTo 9
        equal [ 1, "1"; 2, "OnError" ] (Battery.shown messages)
        equal (Some 2) (snd marbles.Subscriptions[0])
