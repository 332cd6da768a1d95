namespace BtcBandit.Engine.Tests.Sessions

open System
open System.Collections.Generic
open System.Reactive.Linq
open System.Reactive.Concurrency
open System.Threading
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Evaluation
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
        isAtLeast 4 completedAt

        let failedMessages, subscriptions = play [ 4, failed boom ]
        equal "OnError" (snd (List.last failedMessages))
        Expect.isTrue ((snd subscriptions.Head).IsSome) "the source is released after an error"

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
        Expect.isTrue ((snd marbles.Subscriptions[0]).IsSome) "disposal releases the source"

module PaceTests =

    let private unpaced () = PaceControl(TimeSpan.Zero, TimeProvider.System)

    [<Tests>]
    let tests =
        testList "PaceTests" [
            testCase "passes its battery"
            <| fun () ->
                Battery.check (fun _ source -> source.Pace(unpaced (), 0L, CancellationToken.None)) [
                    1, "1"
                    2, "2"
                    3, "3"
                ]

            testCase "holds the producer back before each item but the first ones"
            <| fun () ->
                let pace = unpaced ()
                pace.Paused <- true
                let log = List<string>()

                let produced =
                    seq {
                        for i in 0..3 do
                            lock log (fun () -> log.Add $"made {i}")
                            yield i
                    }

                let paced = produced.ToObservable(NewThreadScheduler.Default).Pace(pace, 2L, CancellationToken.None)
                use ended = new ManualResetEventSlim()
                use _ = paced.Subscribe((fun i -> lock log (fun () -> log.Add $"{i}")), (fun () -> ended.Set()))
                let logged () = lock log (fun () -> List.ofSeq log)

                let soon (expected: string list) =
                    Expect.isTrue
                        (SpinWait.SpinUntil((fun () -> logged () = expected), TimeSpan.FromMinutes 1.0))
                        $"{logged ()}"

                soon [ "made 0"; "0"; "made 1"; "1"; "made 2" ]
                pace.StepOnce()
                soon [ "made 0"; "0"; "made 1"; "1"; "made 2"; "2"; "made 3" ]
                pace.Paused <- false
                holds (ended.Wait(TimeSpan.FromMinutes 1.0))
        ]

module StopTests =

    [<Tests>]
    let tests =
        testList "StopTests" [
            testCase "passes its battery"
            <| fun () ->
                Battery.check (fun _ source -> source.StopWhen CancellationToken.None) [ 1, "1"; 2, "2"; 3, "3" ]

            testCase "completes when the token is cancelled and releases the source"
            <| fun () ->
                let marbles = Marbles()
                use stop = new CancellationTokenSource()
                let source = marbles.Cold [ 1, next 1; 2, next 2; 3, next 3 ]
                let messages, _ = marbles.Record(source.StopWhen stop.Token)
                marbles.RunTo 1
                stop.Cancel()
                marbles.RunTo 5
                equal [ 1, "1"; 1, "OnCompleted" ] (Battery.shown messages)
                equal (Some 1) (snd marbles.Subscriptions[0])

            testCase "nothing that was waited for passes after the stop"
            <| fun () ->
                use stop = new CancellationTokenSource()
                let seen = List<int>()
                use ended = new ManualResetEventSlim()

                // The stop comes before the third item: it waits for its time for ever, and the stop ends the wait.
                let pace = PaceControl(TimeSpan.Zero, TimeProvider.System)

                use _ =
                    (Seq.init 10 id)
                        .ToObservable(ImmediateScheduler.Instance)
                        .Do(fun i ->
                            if i = 2 then
                                pace.Paused <- true
                                stop.CancelAfter 20)
                        .Pace(pace, 0L, stop.Token)
                        .StopWhen(stop.Token)
                        .Subscribe(
                            seen.Add,
                            fun () ->
                                seen.Add -1
                                ended.Set()
                        )

                // The thread that stops may complete the stream after the producer, on this thread, has given up.
                holds (ended.Wait(TimeSpan.FromMinutes 1.0))
                equal [ 0; 1; -1 ] (List.ofSeq seen)

            testCase "completes at once when it is cancelled already"
            <| fun () ->
                let marbles = Marbles()
                let messages, _ = marbles.Record((marbles.Cold [ 1, next 1 ]).StopWhen(CancellationToken(true)))
                marbles.RunTo 5
                equal [ 0, "OnCompleted" ] (Battery.shown messages)
        ]

module FoldTests =

    let private sum =
        Indicator.create
            0
            0
            (Step<int, int, int>(fun state input output ->
                if input = 13 then
                    raise Battery.boom

                state <- state + input
                output <- state
                true))

    [<Tests>]
    let tests =
        testList "FoldTests" [
            testCase "passes its battery"
            <| fun () -> Battery.check (fun _ source -> source.Scan sum) [ 1, "1"; 2, "3"; 3, "6" ]

            testCase "silent inputs give nothing"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ 1, next 4.0; 2, next 6.0; 3, next 8.0; 4, completed ]
                let messages, _ = marbles.Record(source.Scan(Averages.sma 2))
                marbles.RunTo 9
                equal [ 2, "5"; 3, "7"; 4, "OnCompleted" ] (shortenBy string messages)

            testCase "an error of the step ends the stream and releases the source"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ 1, next 1; 2, next 13; 3, next 1 ]
                let messages, _ = marbles.Record(source.Scan sum)
                marbles.RunTo 9
                equal [ 1, "1"; 2, "OnError" ] (Battery.shown messages)
                equal (Some 2) (snd marbles.Subscriptions[0])
        ]
