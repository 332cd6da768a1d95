namespace BtcBandit.Engine.Tests.Feeds

open System
open System.Reactive.Disposables
open System.Reactive.Linq
open FsCheck
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Evaluation
open Candles
open VirtualTime

module GuardTests =

    let private guard mode (report: FeedReport) (source: IObservable<Candle>) =
        source.Guard(Timeframe.OneMinute, report, mode)

    let private modeOf isLive = if isLive then GuardMode.Live else GuardMode.Recorded

    let private guarded mode (candles: Candle list) =
        let report = FeedReport()
        let passed, error, completed = collect (guard mode report (candles.ToObservable()))
        passed, error, completed, report

    [<Tests>]
    let tests =
        testList "GuardTests" [
            testCase "live candles pass at once"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ 1, next (candle 0); 5, next (candle 1); 9, completed ]
                let messages, _ = marbles.Record(guard GuardMode.Live (FeedReport()) source)
                marbles.RunTo 20
                equal [ 1, "0"; 5, "1"; 9, "OnCompleted" ] (shorten messages)

            testCase "held back, a candle waits for the next one or the end"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ 1, next (candle 0); 5, next (candle 1); 9, completed ]
                let messages, _ = marbles.Record(guard GuardMode.Recorded (FeedReport()) source)
                marbles.RunTo 20
                equal [ 5, "0"; 9, "1"; 9, "OnCompleted" ] (shorten messages)

            testCase "an error of the source passes at once and a held candle does not"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ 1, next (candle 0); 2, failed (InvalidOperationException()) ]
                let messages, _ = marbles.Record(guard GuardMode.Recorded (FeedReport()) source)
                marbles.RunTo 20
                equal [ 2, "OnError" ] (shorten messages)

            testCase "a jump backwards ends the stream, releases the source and nothing follows"
            <| fun () ->
                let marbles = Marbles()

                let source = marbles.Cold [ 1, next (candle 5); 2, next (candle 3); 3, next (candle 6); 4, completed ]

                let report = FeedReport()
                let messages, _ = marbles.Record(guard GuardMode.Recorded report source)
                marbles.RunTo 20
                equal [ 2, "OnError" ] (shorten messages)
                equal [ 0, Some 2 ] (List.ofSeq marbles.Subscriptions)
                equal 0L report.Candles

            testCase "live, a late candle is dropped and counted, and the stream goes on"
            <| fun () ->
                let marbles = Marbles()

                let source =
                    marbles.Cold [
                        1, next (candle 5)
                        2, next (candle 3)
                        3, next (candle 6)
                        4, next (candle 5)
                        5, completed
                    ]

                let report = FeedReport()
                let messages, _ = marbles.Record(guard GuardMode.Live report source)
                marbles.RunTo 20
                equal [ 1, "5"; 3, "6"; 5, "OnCompleted" ] (shorten messages)
                equal (2L, 2L, 0L) (report.LateCandles, report.Candles, report.RestatedRows)
                has "2 late candles dropped, newer ones had passed" (report.Lines())

            testCase "the jump's fault holds both times, its sentence shows them"
            <| fun () ->
                let _, error, completed, _ = guarded GuardMode.Recorded [ candle 5; candle 3 ]
                isA<FeedException> error.Value
                contains "2024-01-01 00:05 -> 00:03 UTC" error.Value.Message
                let fault = (error.Value :?> FeedException).Fault
                equal (FeedFault.OutOfOrder(BackwardJump((candle 5).OpenTime, (candle 3).OpenTime)) :> FeedFault) fault
                fails completed

            testCase "a source that talks on after its error is not counted"
            <| fun () ->
                let report = FeedReport()

                let source =
                    Observable.Create<Candle>(fun (observer: IObserver<Candle>) ->
                        [ candle 5; candle 3; candle 6; candle 6 ] |> List.iter observer.OnNext
                        Disposable.Empty)

                let passed, error, _ = collect (guard GuardMode.Recorded report source)
                equal [] (minutes passed)
                holds error.IsSome
                equal (0L, 0L, 0L) (report.Candles, report.Duplicates, report.GapCount)

            testCase "disposal stops the source"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ 1, next (candle 0); 5, next (candle 1); 9, completed ]
                let messages, subscription = marbles.Record(guard GuardMode.Live (FeedReport()) source)
                marbles.RunTo 3
                subscription.Dispose()
                marbles.RunTo 20
                equal [ 1, "0" ] (shorten messages)
                equal [ 0, Some 3 ] (List.ofSeq marbles.Subscriptions)

            testCase "two subscribers do not share what was seen"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ 1, next (candle 0); 2, next (candle 1); 3, completed ]
                let guardedSource = guard GuardMode.Recorded (FeedReport()) source
                let first, _ = marbles.Record guardedSource
                marbles.RunTo 1
                let second, _ = marbles.Record guardedSource
                marbles.RunTo 20
                equal [ 2, "0"; 3, "1"; 3, "OnCompleted" ] (shorten first)
                equal [ 3, "0"; 4, "1"; 4, "OnCompleted" ] (shorten second)

            testCase "equal rows are duplicates, other values restate"
            <| fun () ->
                let rows = [ candle 0; candle 1; candle 1; restated 1 7.0; restated 1 8.0; candle 2 ]
                let passed, _, _, report = guarded GuardMode.Recorded rows
                equal [ candle 0; restated 1 8.0; candle 2 ] passed
                equal (1L, 2L) (report.Duplicates, report.RestatedRows)
                let live, _, _, report = guarded GuardMode.Live rows
                equal [ candle 0; candle 1; candle 2 ] live
                equal (1L, 2L) (report.Duplicates, report.RestatedRows)

            testCase "a restatement of the last row stands"
            <| fun () ->
                let passed, _, _, _ = guarded GuardMode.Recorded [ candle 0; restated 0 8.0 ]
                equal [ restated 0 8.0 ] passed

            testCase "rows off the grid are dropped, also when they lie behind"
            <| fun () ->
                let off index = at (newYear + int64 index * minute + 20_799L) 100.0 1.0

                let passed, error, _, report =
                    guarded GuardMode.Recorded [ off 0; candle 1; off 1; off 0; candle 2; off 2 ]

                equal [ 1; 2 ] (minutes passed)
                equal None error
                equal (4L, 0L, 2L) (report.OffGridRows, report.GapCount, report.Candles)

            testCase "gaps are reported and not filled"
            <| fun () ->
                let passed, _, _, report = guarded GuardMode.Recorded [ candle 0; candle 1; candle 5; candle 7 ]
                equal [ 0; 1; 5; 7 ] (minutes passed)
                equal (2L, 4L) (report.GapCount, report.MissingCandles)
                equal (Gap((candle 1).OpenTime, (candle 5).OpenTime, 3L)) report.Gaps[0]

            testCase "nothing in, nothing out"
            <| fun () ->
                for mode in [ GuardMode.Recorded; GuardMode.Live ] do
                    let passed, error, completed, _ = guarded mode []
                    equal (true, None, true) (passed.IsEmpty, error, completed)

            property "duplicates and gaps in any mixture leave the distinct minutes"
            <| fun (steps: byte list) (isLive: bool) ->
                let times = steps |> List.map (fun step -> int step % 4) |> List.scan (+) 0
                let passed, error, completed, report = guarded (modeOf isLive) (times |> List.map candle)
                let distinct = List.distinct times

                let missing =
                    distinct
                    |> List.pairwise
                    |> List.sumBy (fun (before, after) -> after - before - 1)

                minutes passed = distinct
                && error.IsNone
                && completed
                && report.Duplicates = int64 (times.Length - distinct.Length)
                && report.Candles = int64 distinct.Length
                && report.MissingCandles = int64 missing

            property "of several versions the last stands in a file and the first live"
            <| fun (versions: (byte * byte) list) (isLive: bool) ->
                let rows =
                    versions
                    |> List.scan (fun (time, _) (step, price) -> time + int step % 2, int price) (0, 50)
                    |> List.map (fun (time, price) -> time, restated time (10.0 + float price))

                let passed, _, _, report = guarded (modeOf isLive) (List.map snd rows)
                let choose = if isLive then List.head else List.last
                let expected = rows |> List.groupBy fst |> List.map (snd >> choose >> snd)

                passed = expected
                && report.Duplicates + report.RestatedRows = int64 (rows.Length - expected.Length)

            property "any row that goes back in time is found"
            <| fun (first: PositiveInt) (back: PositiveInt) ->
                let later = first.Get + back.Get
                let _, error, _, _ = guarded GuardMode.Recorded [ candle first.Get; candle later; candle first.Get ]
                error.IsSome

            property "live, any order gives the rising maxima, and every candle is counted once"
            <| fun (order: byte list) ->
                let times = order |> List.map (fun step -> int step % 16)
                let passed, error, completed, report = guarded GuardMode.Live (times |> List.map candle)
                let newest = times |> List.scan max -1 |> List.pairwise

                let rising =
                    List.zip times newest
                    |> List.choose (fun (time, (before, _)) -> if time > before then Some time else None)

                let late = List.zip times newest |> List.filter (fun (time, (before, _)) -> time < before)

                minutes passed = rising
                && error.IsNone
                && completed
                && report.LateCandles = int64 late.Length
                && report.Duplicates + report.LateCandles + report.Candles = int64 times.Length
        ]
