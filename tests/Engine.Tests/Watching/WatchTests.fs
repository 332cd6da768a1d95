namespace BtcBandit.Engine.Tests.Watching

open System
open System.Collections.Generic
open System.Reactive.Concurrency
open System.Reactive.Linq
open System.Reactive.Subjects
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.VirtualTime

module WatchTests =

    let private nothing (_: string) = false

    /// A watch, and what was told of its failure.
    let private watched (source: IObservable<'value>) (watcher: IObserver<'value>) =
        let failures = List<string>()
        let watch = source.Watch(watcher, (fun error -> failures.Add error.Message))
        watch, failures

    [<Tests>]
    let tests =
        testList "WatchTests" [
            testCase "a watcher sees everything in order, and then the watch has ended"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ 1, next 1; 2, next 2; 3, completed ]
                let scribe = Watched.Scribe<int> nothing
                let watch, failures = watched source scribe
                marbles.RunTo 2
                equal [ "1"; "2" ] scribe.Told
                fails watch.Seen.IsCompleted
                marbles.RunTo 3
                equal [ "1"; "2"; "end" ] scribe.Told
                holds watch.Seen.IsCompletedSuccessfully
                equal (Some 3) (snd marbles.Subscriptions[0])
                equal [] (List.ofSeq failures)

            testCase "an error of the source is the watcher's to see, and no failure of its own"
            <| fun () ->
                let source = new Subject<int>()
                let scribe = Watched.Scribe<int> nothing
                let watch, failures = watched source scribe
                source.OnError(InvalidOperationException "boom")
                equal [ "error boom" ] scribe.Told
                holds watch.Seen.IsCompletedSuccessfully
                equal [] (List.ofSeq failures)

            testCase "a watcher that throws is told of once and never called again, and the others see everything"
            <| fun () ->
                let marbles = Marbles()
                let values = [ for i in 1..4 -> i, next i ] @ [ 5, completed ]
                let source = (marbles.Cold values).Publish()
                let broken, whole = Watched.Scribe<int>((=) "2"), Watched.Scribe<int> nothing
                let watch, failures = watched source broken
                let other, _ = watched source whole
                use _ = source.Connect()
                marbles.RunTo 9
                equal [ "1"; "2" ] broken.Told
                equal [ "cannot take 2" ] (List.ofSeq failures)
                holds watch.Seen.IsCompletedSuccessfully
                equal [ "1"; "2"; "3"; "4"; "end" ] whole.Told
                holds other.Seen.IsCompletedSuccessfully

            testCase "a source of its own is released when the watcher throws"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ 1, next 1; 2, next 2; 3, next 3 ]
                let _, failures = watched source (Watched.Scribe<int>((=) "2"))
                marbles.RunTo 9
                equal (Some 2) (snd marbles.Subscriptions[0])
                equal 1 failures.Count

            testCase "a source that gives all at once is released too"
            <| fun () ->
                let scribe = Watched.Scribe<int>((=) "2")
                let watch, failures = watched (Observable.Range(1, 9, ImmediateScheduler.Instance)) scribe
                equal [ "1"; "2" ] scribe.Told
                equal [ "cannot take 2" ] (List.ofSeq failures)
                holds watch.Seen.IsCompletedSuccessfully

            testCase "a watcher may throw at the end or at an error, which is told once too"
            <| fun () ->
                for ending, line in
                    [
                        (fun (source: Subject<int>) -> source.OnCompleted()), "end"
                        (fun source -> source.OnError(InvalidOperationException "boom")), "error boom"
                    ] do
                    let source = new Subject<int>()
                    let watch, failures = watched source (Watched.Scribe<int>((=) line))
                    ending source
                    equal [ $"cannot take {line}" ] (List.ofSeq failures)
                    holds watch.Seen.IsCompletedSuccessfully

            testCase "the run goes on even where nobody can be told"
            <| fun () ->
                let source = new Subject<int>()
                let mutable told = 0

                let watch =
                    source.Watch(
                        Watched.Scribe<int>((=) "1"),
                        fun _ ->
                            told <- told + 1
                            failwith "nowhere to say so"
                    )

                for i in 1..3 do
                    source.OnNext i

                equal 1 told
                holds watch.Seen.IsCompletedSuccessfully

            testCase "a watch that is disposed sees nothing more, and releases its source"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ 1, next 1; 2, next 2; 3, completed ]
                let scribe = Watched.Scribe<int> nothing
                let watch, failures = watched source scribe
                marbles.RunTo 1
                watch.Dispose()
                marbles.RunTo 9
                equal [ "1" ] scribe.Told
                equal (Some 1) (snd marbles.Subscriptions[0])
                fails watch.Seen.IsCompleted
                equal [] (List.ofSeq failures)

            testCase "a run with a broken watcher and a blocked one makes the steps that it makes alone"
            <| fun () ->
                let alone, numbers = List<Step>(), List<int64>()
                let scheduler = HistoricalScheduler DateTimeOffset.UnixEpoch
                let steps = (Watched.run 50).Publish()
                let broken, failures = watched steps (Watched.Scribe<Step>(fun _ -> true))

                // Blocked until the run is over.
                let blocked =
                    steps
                        .Conflate(1, scheduler)
                        .Watch(
                            System.Reactive.Observer.Create<Step>(fun (step: Step) -> numbers.Add step.Number),
                            ignore
                        )

                use _ = steps.Subscribe alone.Add
                use _ = steps.Connect()
                equal (List.take 50 Watched.steps.Value) (List.ofSeq alone)
                equal 1 failures.Count
                holds broken.Seen.IsCompletedSuccessfully
                fails blocked.Seen.IsCompleted
                equal 0 numbers.Count
                scheduler.Start()
                equal [ 50L ] (List.ofSeq numbers)
                holds blocked.Seen.IsCompletedSuccessfully
        ]
