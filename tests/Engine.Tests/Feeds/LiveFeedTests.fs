namespace BtcBandit.Engine.Tests.Feeds

open System
open System.Collections.Generic
open System.Reactive
open System.Reactive.Concurrency
open System.Reactive.Disposables
open System.Reactive.Linq
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests
open BtcBandit.Engine.Tests.Evaluation
open Candles
open VirtualTime

/// Live feeds in virtual time: one second of the market is one second of the diagram.
module LiveFeedTests =

    let private moment second = DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(float second)

    let private arrived second index = second, next (FeedEvent.Arrived(moment second, candle index) :> FeedEvent)

    let private lost second = second, next (FeedEvent.Reconnecting(moment second, 1, "silence") :> FeedEvent)

    let private back second = second, next (FeedEvent.Recovered(moment second, TimeSpan.FromSeconds 2.0) :> FeedEvent)

    let private missing second before after =
        let gap = Gap((candle before).OpenTime, (candle after).OpenTime, int64 (after - before - 1))
        second, next (FeedEvent.Missing(moment second, gap) :> FeedEvent)

    let private live (marbles: Marbles) events = CandleFeed.Live(marbles.Cold events, Timeframe.OneMinute)

    let private isConnected = shortenBy (fun (health: FeedHealth) -> string health.IsConnected)

    let private last (messages: List<int * Notification<FeedHealth>>) =
        (messages |> Seq.filter (fun (_, event) -> event.HasValue) |> Seq.last |> snd).Value

    [<Tests>]
    let tests =
        testList "LiveFeedTests" [
            testCase "candles pass at once, and the health follows the connection"
            <| fun () ->
                let marbles = Marbles()
                let feed = live marbles [ arrived 1 0; lost 3; back 5; arrived 6 1; 9, completed ]
                let health, _ = marbles.Record feed.Health
                let candles, _ = marbles.Record feed.Candles
                marbles.RunTo 20
                equal [ 1, "0"; 6, "1"; 9, "OnCompleted" ] (shorten candles)

                equal
                    [
                        0, "False"
                        1, "True"
                        3, "False"
                        5, "True"
                        6, "True"
                        9, "False"
                        9, "OnCompleted"
                    ]
                    (isConnected health)

                equal
                    (FeedHealth(Phase = FeedPhase.Ended, LastMessage = Nullable(moment 6), Reconnects = 1L))
                    (last health)

            testCase "a candle fetched another way does not make the connection whole"
            <| fun () ->
                let marbles = Marbles()
                let feed = live marbles [ arrived 1 0; lost 2; arrived 3 1; lost 4; back 5 ]
                let health, _ = marbles.Record feed.Health
                marbles.Record feed.Candles |> ignore
                marbles.RunTo 20
                equal [ 0, "False"; 1, "True"; 2, "False"; 3, "False"; 5, "True" ] (isConnected health)
                equal 1L (last health).Reconnects

            testCase "late and restated candles are dropped, and the health counts them"
            <| fun () ->
                let marbles = Marbles()
                let other = 4, next (FeedEvent.Arrived(moment 4, restated 1 50.0) :> FeedEvent)
                let feed = live marbles [ arrived 1 0; arrived 2 1; arrived 3 0; other; arrived 5 2 ]
                let health, _ = marbles.Record feed.Health
                let candles, _ = marbles.Record feed.Candles
                marbles.RunTo 20
                equal [ 1, "0"; 2, "1"; 5, "2" ] (shorten candles)

                equal
                    (FeedHealth(
                        IsConnected = true,
                        LastMessage = Nullable(moment 5),
                        LateCandles = 1L,
                        RestatedCandles = 1L
                    ))
                    (last health)

                equal (1L, 1L, 3L) (feed.Report.LateCandles, feed.Report.RestatedRows, feed.Report.Candles)

            testCase "a gap is counted when the next candle shows it"
            <| fun () ->
                let marbles = Marbles()
                let feed = live marbles [ arrived 1 0; arrived 2 4 ]
                let health, _ = marbles.Record feed.Health
                marbles.Record feed.Candles |> ignore
                marbles.RunTo 20
                equal 3L (last health).MissingCandles
                equal (1L, 3L) (feed.Report.GapCount, feed.Report.MissingCandles)

            testCase "a gap that the feed knows of is counted at once, and only once"
            <| fun () ->
                let marbles = Marbles()
                let feed = live marbles [ arrived 1 0; missing 2 0 4; missing 3 0 4; arrived 4 2; arrived 5 4 ]
                let health, _ = marbles.Record feed.Health
                let candles, _ = marbles.Record feed.Candles
                marbles.RunTo 2
                equal 3L (last health).MissingCandles
                marbles.RunTo 20
                equal [ 1, "0"; 5, "4" ] (shorten candles)
                equal (1L, 3L, 1L) (feed.Report.GapCount, feed.Report.MissingCandles, feed.Report.LateCandles)

            testCase "a subscriber that is slow does not keep the health back"
            <| fun () ->
                use events = new System.Reactive.Subjects.Subject<FeedEvent>()
                use release = new System.Threading.ManualResetEventSlim()
                use passed = new System.Threading.CountdownEvent 2
                let feed = CandleFeed.Live(events, Timeframe.OneMinute).On(NewThreadScheduler())
                let mutable health = FeedHealth.NotConnected
                use _ = feed.Health.Subscribe(fun now -> health <- now)
                let opens = List<int64>()

                use _ =
                    feed.Candles.Subscribe(fun candle ->
                        // A feed that waits for its subscriber is found out by what follows, not by a test without an end.
                        release.Wait(TimeSpan.FromSeconds 10.0) |> ignore
                        opens.Add candle.OpenTime
                        passed.Signal() |> ignore)

                events.OnNext(FeedEvent.Arrived(moment 1, candle 0))
                events.OnNext(FeedEvent.Arrived(moment 2, candle 1))
                events.OnNext(FeedEvent.Reconnecting(moment 3, 1, "silence"))
                equal (false, Nullable(moment 2)) (health.IsConnected, health.LastMessage)
                equal 0 opens.Count
                release.Set()
                holds (passed.Wait(TimeSpan.FromMinutes 1.0))
                equal [ (candle 0).OpenTime; (candle 1).OpenTime ] (List.ofSeq opens)

            testCase "a gap that a second subscription meets again is counted once"
            <| fun () ->
                let marbles = Marbles()
                let feed = live marbles [ arrived 1 0; missing 2 0 4; arrived 3 4 ]

                for second in [ 20; 40 ] do
                    let _, subscription = marbles.Record feed.Candles
                    marbles.RunTo second
                    subscription.Dispose()

                equal (1L, 3L) (feed.Report.GapCount, feed.Report.MissingCandles)

            testCase "an error ends the candles with it and the health without"
            <| fun () ->
                let marbles = Marbles()
                let feed = live marbles [ arrived 1 0; 2, failed (InvalidOperationException()); arrived 3 1 ]
                let health, _ = marbles.Record feed.Health
                let candles, _ = marbles.Record feed.Candles
                marbles.RunTo 20
                equal [ 1, "0"; 2, "OnError" ] (shorten candles)
                equal [ 0, "False"; 1, "True"; 2, "False"; 2, "OnCompleted" ] (isConnected health)
                equal [ 0, Some 2 ] (List.ofSeq marbles.Subscriptions)

            testCase "disposal releases the feed, and the health says so"
            <| fun () ->
                let marbles = Marbles()
                let feed = live marbles [ for second in 1..9 -> arrived second second ]
                let health, _ = marbles.Record feed.Health
                let candles, subscription = marbles.Record feed.Candles
                marbles.RunTo 2
                subscription.Dispose()
                marbles.RunTo 20
                equal [ 1, "1"; 2, "2" ] (shorten candles)
                equal [ 0, Some 2 ] (List.ofSeq marbles.Subscriptions)
                equal (2, "False") (Seq.last (isConnected health))

            testCase "two subscribers share one connection"
            <| fun () ->
                let marbles = Marbles()
                let feed = live marbles [ arrived 1 0; arrived 3 1; arrived 5 2; 7, completed ]
                let first, subscription = marbles.Record feed.Candles
                marbles.RunTo 2
                let second, _ = marbles.Record feed.Candles
                marbles.RunTo 3
                subscription.Dispose()
                marbles.RunTo 20
                equal [ 1, "0"; 3, "1" ] (shorten first)
                equal [ 3, "1"; 5, "2"; 7, "OnCompleted" ] (shorten second)
                equal [ 0, Some 7 ] (List.ofSeq marbles.Subscriptions)
                equal 3L feed.Report.Candles

            testCase "who comes after the end is told so, and nothing is opened again"
            <| fun () ->
                let marbles = Marbles()
                let feed = live marbles [ arrived 1 0; 2, completed ]
                marbles.Record feed.Candles |> ignore
                marbles.RunTo 5
                let candles, _ = marbles.Record feed.Candles
                let health, _ = marbles.Record feed.Health
                marbles.RunTo 20
                equal [ 5, "OnCompleted" ] (shorten candles)
                equal [ 0, Some 2 ] (List.ofSeq marbles.Subscriptions)
                equal [ 5, "OnCompleted" ] (isConnected health)

            testCase "a feed that was left can be joined again"
            <| fun () ->
                let marbles = Marbles()
                let feed = live marbles [ arrived 1 0; arrived 5 1 ]
                let health, _ = marbles.Record feed.Health
                let _, subscription = marbles.Record feed.Candles
                marbles.RunTo 2
                subscription.Dispose()
                let candles, _ = marbles.Record feed.Candles
                marbles.RunTo 20
                equal [ 3, "0"; 7, "1" ] (shorten candles)
                equal [ 0, Some 2; 2, None ] (List.ofSeq marbles.Subscriptions)
                equal [ 0, "False"; 1, "True"; 2, "False"; 3, "True"; 7, "True" ] (isConnected health)

            testCase "watching the health opens nothing, and says only what changed"
            <| fun () ->
                let marbles = Marbles()
                let feed = live marbles [ arrived 1 0; missing 2 -5 0; lost 3; lost 4 ]
                let health, _ = marbles.Record feed.Health
                marbles.RunTo 10
                equal 0 marbles.Subscriptions.Count
                marbles.Record feed.Candles |> ignore
                marbles.RunTo 30
                equal [ 0, "False"; 11, "True"; 13, "False" ] (isConnected health)

            testCase "two watchers see the same, the later one from now on"
            <| fun () ->
                let marbles = Marbles()
                let feed = live marbles [ arrived 1 0; lost 4; 6, completed ]
                let first, _ = marbles.Record feed.Health
                marbles.Record feed.Candles |> ignore
                marbles.RunTo 2
                let second, subscription = marbles.Record feed.Health
                marbles.RunTo 4
                subscription.Dispose()
                marbles.RunTo 20
                equal [ 0, "False"; 1, "True"; 4, "False"; 6, "False"; 6, "OnCompleted" ] (isConnected first)
                equal [ 2, "True"; 4, "False" ] (isConnected second)

            testCase "a source that talks on after its end moves nothing"
            <| fun () ->
                let talkative =
                    Observable.Create<FeedEvent>(fun (observer: IObserver<FeedEvent>) ->
                        observer.OnNext(FeedEvent.Arrived(moment 1, candle 0))
                        observer.OnCompleted()
                        observer.OnNext(FeedEvent.Arrived(moment 2, candle 9))
                        Disposable.Empty)

                let feed = CandleFeed.Live(talkative, Timeframe.OneMinute)
                let passed, error, completed = collect feed.Candles
                equal ([ candle 0 ], None, true) (passed, error, completed)
                equal (1L, 0L) (feed.Report.Candles, feed.Report.GapCount)

            testCase "files and synthetic markets are connected and never anything else"
            <| fun () ->
                let week = ArchiveOptions([ Repository.sampleWeek ], TradingPair("BTC", "USDT"), Timeframe.OneMinute)
                let marbles = Marbles()

                for feed in
                    [
                        Archive.Open(week, marbles.Scheduler)
                        SyntheticFeed.Open(SyntheticOptions(), marbles.Scheduler)
                    ] do
                    let health, _ = marbles.Record feed.Health
                    equal [ marbles.Now, "True"; marbles.Now, "OnCompleted" ] (isConnected health)
                    equal FeedHealth.Connected (last health)
                    let candles, _ = marbles.Record(feed.Candles.Take 3)
                    marbles.RunTo(marbles.Now + 1)
                    equal 4 candles.Count
                    isWithin 3L 4L feed.Report.Candles

            property "whatever happens, health and report agree and every candle is counted once"
            <| fun (script: byte list) ->
                let events =
                    script
                    |> List.mapi (fun i step ->
                        match int step % 8 with
                        | 0 -> lost (i + 1)
                        | 1 -> back (i + 1)
                        | kind -> arrived (i + 1) (int step / 8 + kind))

                let marbles = Marbles()
                let feed = live marbles events
                let health, _ = marbles.Record feed.Health
                let candles, _ = marbles.Record feed.Candles
                marbles.RunTo(script.Length + 2)
                let now, report = last health, feed.Report
                let sent = script |> List.filter (fun step -> int step % 8 > 1) |> List.length

                now.MissingCandles = report.MissingCandles
                && now.LateCandles = report.LateCandles
                && now.RestatedCandles = report.RestatedRows
                && now.Reconnects = int64 (script |> List.filter (fun step -> int step % 8 = 1) |> List.length)
                && report.Candles = int64 candles.Count
                && int64 sent = report.Candles + report.LateCandles + report.Duplicates + report.RestatedRows
        ]
