namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open System.Collections.Generic
open System.IO
open System.Reactive.Concurrency
open System.Reactive.Linq
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Evaluation
open BtcBandit.Engine.Tests.Feeds
open Candles
open CandleFiles
open VirtualTime

module ArchiveChainTests =

    let private wanting name paths = ArchiveOptions(paths, TradingPair("BTC", "USDT"), timeframe name)

    let private sorted paths = ArchiveOptions(paths, TradingPair("BTC", "USDT"), timeframe "1m", Sort = true)

    let private file (folder: TempFolder) name rows = folder.Text(name, lines rows)

    /// Whether nobody in this process has the file open.
    let private isClosed (path: string) =
        not (OperatingSystem.IsLinux())
        || Directory.GetFiles "/proc/self/fd"
           |> Array.forall (fun handle ->
               // Other handles of this process come and go meanwhile.
               try
                   match File.ResolveLinkTarget(handle, false) with
                   | null -> true
                   | target -> target.FullName <> path
               with :? IOException ->
                   true)

    let private row openTime price = $"{openTime},{price},{price},{price},{price},1"

    [<Tests>]
    let tests =
        testList "ArchiveChainTests" [
            testCase "every minute of a finer file makes complete longer candles"
            <| fun () ->
                use folder = new TempFolder()
                let path = file folder "a.csv" [ for index in 3..18 -> six index ]
                let candles, error, completed, report = chain (wanting "5m" [ path ])
                equal [ 5; 10 ] (minutes candles)
                equal (None, true) (error, completed)
                equal (16L, 2L, 2L) (report.Candles, report.Groups, report.IncompleteGroups)
                equal 16.25 candles.Head.Volume

            testCase "longer candles are refused with both timeframes"
            <| fun () ->
                use folder = new TempFolder()
                let path = file folder "a.csv" [ for index in 0..3 -> six (60 * index) ]
                let message = complaint (wanting "1m" [ path ])
                endsWith "a.csv: holds 1h candles, longer than 1m" message

                let longer = FeedFault.LongerTimeframe(path, timeframe "1h", timeframe "1m")
                equal (longer :> FeedFault) (fault (fun () -> read (wanting "1m" [ path ])))

            testCase "candles that do not add up are refused"
            <| fun () ->
                use folder = new TempFolder()
                let eight = file folder "a.csv" [ for index in 0..3 -> six (480 * index) ]
                contains "8h candles, which do not add up to 12h" (complaint (wanting "12h" [ eight ]))
                let two = file folder "b.csv" [ for index in 0..20 -> six (2 * index) ]
                contains "120 s apart, which is no timeframe" (complaint (wanting "1h" [ two ]))

            testCase "the timeframe is told by the most common step, from the first file that has one"
            <| fun () ->
                use folder = new TempFolder()
                let one = file folder "a.csv" [ six 0 ]
                let two = file folder "b.csv" [ six 10; six 15; six 16; six 17; six 22 ]
                let candles, _, _, report = chain (wanting "1m" [ one; two ])
                equal [ 0; 10; 15; 16; 17; 22 ] (minutes candles)
                Expect.equal report.Rows 6L "a row looked at beforehand is not counted twice"

            testCase "a single row is taken for what is wanted"
            <| fun () ->
                use folder = new TempFolder()
                let candles, _, _, _ = chain (wanting "1h" [ file folder "a.csv" [ six 60 ] ])
                equal [ 60 ] (minutes candles)

            testCase "files of several timeframes are not mixed"
            <| fun () ->
                use folder = new TempFolder()
                let finer = file folder "a.csv" [ for index in 0..20 -> six index ]
                let longer = file folder "b.csv" [ for index in 1..20 -> six (60 * index) ]
                let message = complaint (wanting "1h" [ finer; longer ])
                contains "b.csv: holds 1h candles among files of 1m" message

            testCase "a file without a row on the grid is refused"
            <| fun () ->
                use folder = new TempFolder()
                let path = file folder "a.csv" [ for index in 0..3 -> row (newYear + int64 index * minute + 20_799L) 5 ]

                contains
                    "no row is on the grid of 1m, the first opens at 2024-01-01 00:00:20.799 UTC"
                    (complaint (options [ path ]))

            testCase "going back from one file to the next needs sorting"
            <| fun () ->
                use folder = new TempFolder()
                let later = file folder "a.csv" [ six 5; six 6 ]
                let offGrid = row (newYear + 4L * minute - 1L) 70
                let earlier = file folder "b.csv" [ six 4; six 4; offGrid; row (newYear + 5L * minute) 70 ]
                contains "00:06 -> 00:04 UTC" (complaint (options [ later; earlier ]))
                let candles, _, completed, report = chain (sorted [ later; earlier ])
                equal [ 4; 5; 6 ] (minutes candles)
                Expect.equal (candles[1].Close) 70.0 "the row read last restates"
                holds completed
                equal (1L, 1L) (report.BackwardJumpCount, report.RestatedRows)
                equal (1L, 1L) (report.Duplicates, report.OffGridRows)
                has "time jumps backwards 2024-01-01 00:06 -> 00:04 UTC" (report.Lines())

            testCase "every enumeration and every subscription starts afresh"
            <| fun () ->
                use folder = new TempFolder()
                let path = file folder "a.csv" [ for index in 0..9 -> six index ]
                let candles = Archive.Read(options [ path ], FeedReport())
                equal 10 (Seq.length candles)
                equal 10 (Seq.length candles)
                let stream = Archive.Candles(options [ path ], FeedReport(), ImmediateScheduler.Instance)
                equal 20 (stream.Concat(stream).ToEnumerable() |> Seq.length)

            testCase "reading is lazy and the file is closed when the reader stops"
            <| fun () ->
                use folder = new TempFolder()
                let path = file folder "a.csv" [ for index in 0..9_999 -> six index ]
                let report = FeedReport()
                let candles = Archive.Read(options [ path ], report)
                equal 0L report.Rows
                let enumerator = candles.GetEnumerator()
                holds (enumerator.MoveNext() && enumerator.MoveNext())
                equal 2L report.Rows
                fails (isClosed path)
                enumerator.Dispose()
                holds (isClosed path)

            testCase "taking a few candles reads a few and closes the file"
            <| fun () ->
                use folder = new TempFolder()
                let path = file folder "a.csv" [ for index in 0..9_999 -> six index ]

                for scheduler in [ CurrentThreadScheduler.Instance :> IScheduler; TaskPoolScheduler.Default ] do
                    let report = FeedReport()
                    let few = Archive.Candles(options [ path ], report, scheduler).Take(3).ToList().Wait()
                    equal 3 few.Count
                    holds (SpinWait.SpinUntil((fun () -> isClosed path), TimeSpan.FromMinutes 1.0))

                    // Another thread may read on until the subscription it is part of has been made.
                    if obj.ReferenceEquals(scheduler, CurrentThreadScheduler.Instance) then
                        Expect.equal report.Rows 4L "three and the one that released the third"

            testCase "an error closes the file"
            <| fun () ->
                use folder = new TempFolder()
                let path = file folder "a.csv" ([ for index in 0..99 -> six index ] @ [ "x" ])
                complaint (options [ path ]) |> ignore
                holds (isClosed path)

            testCase "in virtual time candles come when the scheduler runs, and not after disposal"
            <| fun () ->
                use folder = new TempFolder()
                let path = file folder "a.csv" [ for index in 0..2_999 -> six index ]
                let marbles = Marbles()
                let stream = Archive.Candles(options [ path ], FeedReport(), marbles.Scheduler)
                let first, _ = marbles.Record stream
                let second, subscription = marbles.Record(stream.Delay(TimeSpan.FromSeconds 5.0, marbles.Scheduler))
                isEmpty first
                marbles.RunTo 1
                equal 3_001 first.Count
                subscription.Dispose()
                marbles.RunTo 10
                isEmpty second
                let third = stream.Subscribe(fun (_: Candle) -> failtest "it was disposed before the scheduler ran")
                third.Dispose()
                marbles.RunTo 20
                holds (isClosed path)

            testCase "disposal between two batches closes the file"
            <| fun () ->
                use folder = new TempFolder()
                let path = file folder "a.csv" [ for index in 0..9_999 -> six index ]
                let marbles = Marbles()
                let report = FeedReport()
                let _, subscription = marbles.Record(Archive.Candles(options [ path ], report, marbles.Scheduler))
                marbles.Scheduler.Schedule(Action subscription.Dispose) |> ignore
                marbles.RunTo 1
                equal true (isClosed path)
                isAbove 0L report.Rows
                isBelow 10_000L report.Rows

            testCase "errors that only reading can find arrive in the stream"
            <| fun () ->
                use folder = new TempFolder()
                let path = file folder "a.csv" [ six 0 ]
                let stream = Archive.Candles(options [ path ], FeedReport(), ImmediateScheduler.Instance)
                File.Delete path
                let _, error, _ = collect stream
                isA<FeedException> error.Value
                contains "cannot be read" error.Value.Message

            // Few: each case writes and reads a file.
            propertyOf 50 "any order of rows, sorted, is the distinct minutes, and every row is counted once"
            <| fun (times: byte list) (offGrid: byte list) ->
                let rows =
                    [ for time in times -> newYear + int64 time * minute ]
                    @ [ for time in offGrid -> newYear + int64 time * minute + 1L ]

                // Enough plain minutes in front to make the timeframe plain.
                let plain = [ for index in 0..255 -> newYear + int64 index * minute ]
                use folder = new TempFolder()
                let path = file folder "a.csv" [ for time in plain @ rows -> row time 5 ]
                let candles, error, completed, report = chain (sorted [ path ])

                [ for candle in candles -> candle.OpenTime ] = plain
                && error.IsNone
                && completed
                && report.OffGridRows = int64 offGrid.Length
                && report.Rows =
                    report.BadRows
                    + report.OffGridRows
                    + report.Duplicates
                    + report.RestatedRows
                    + report.Candles
        ]
