namespace BtcBandit.Engine.Tests.Feeds

open System.Reactive.Linq
open NUnit.Framework
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Evaluation
open BtcBandit.Engine.Tests.Feeds.Files
open Candles

[<TestFixture>]
type FeedReportTests() =

    let reportOf candles =
        let report = FeedReport()
        let candles: System.Collections.Generic.IEnumerable<_> = candles

        collect (candles.ToObservable().Guard(Timeframe.OneMinute, report, GuardMode.Recorded))
        |> ignore

        report

    [<Test>]
    member _.``nothing happened, nothing is said``() =
        Assert.That(FeedReport().Lines(), Is.Empty)
        Assert.That((reportOf [ candle 0; candle 1 ]).Lines(), Is.Empty)

    [<Test>]
    member _.``a gap is a plain sentence``() =
        let lines = (reportOf [ candle 220; candle 300 ]).Lines()
        Assert.That(lines, Does.Contain "gap 2024-01-01 03:40 -> 05:00 UTC, 79 candles missing")

    [<Test>]
    member _.``another day is named, one candle is no plural``() =
        Assert.That(
            (reportOf [ candle 1439; candle 1441 ]).Lines(),
            Does.Contain "gap 2024-01-01 23:59 -> 2024-01-02 00:01 UTC, 1 candle missing"
        )

    [<Test>]
    member _.``the first gaps are named and all are counted``() =
        let report = reportOf [ for index in 0..150 -> candle (2 * index) ]
        Assert.That(report.Gaps.Count, Is.EqualTo FeedReport.KeptPlaces)
        equal (150L, 150L) (report.GapCount, report.MissingCandles)
        let lines = report.Lines()
        Assert.That(lines, Does.Contain "150 gaps, 150 candles missing in total")
        Assert.That(lines, Does.Contain "and 140 more of these")

    [<Test>]
    member _.``every number that is not zero is said``() =
        let off = at (newYear + 1_000L) 100.0 1.0
        let lines = (reportOf [ off; candle 1; candle 1; restated 1 50.0 ]).Lines()

        for line in
            [
                "1 row off the timeframe's grid dropped"
                "1 duplicate row with equal values dropped"
                "1 row restated an earlier one with other values"
            ] do
            Assert.That(lines, Does.Contain line)

    [<Test>]
    member _.``the fraction read rises from 0 to 1 over the files, every file counted alike``() =
        use folder = new TempFolder()

        let part name indices = folder.Text(name, CandleFiles.lines (Seq.map CandleFiles.six indices))

        // Many times what is read at once, and one twice as long as the other.
        let paths = [| part "a.csv" (seq { 0..19_999 }); part "b.csv" (seq { 20_000..59_999 }) |]

        let report = FeedReport()
        Assert.That(report.FractionRead.HasValue, Is.False)

        let seen =
            [|
                for _ in Archive.Read(CandleFiles.options paths, report) -> report.FractionRead.Value
            |]

        equal 60_000 seen.Length
        equal (Array.sort seen) seen
        equal 1.0 seen[59_999]
        // A reader is ahead of the candles by what it reads at once, never behind.
        for index, fraction in [ 0, 0.0; 9_999, 0.25; 19_999, 0.5; 39_999, 0.75 ] do
            Assert.That(seen[index], Is.InRange(fraction, fraction + 0.15))

        equal 1.0 report.FractionRead.Value

    /// Several that are joined state the length of the last one only.
    [<Test>]
    member _.``the fraction read of a packed file rises to 1, and is that of its candles where it is one``() =
        use folder = new TempFolder()
        let part indices = CandleFiles.gzip (CandleFiles.lines (Seq.map CandleFiles.six indices))
        let one = folder.Bytes("one.csv.gz", part (seq { 0..19_999 }))

        let joined =
            folder.Bytes("joined.csv.gz", Array.append (part (seq { 0..15_999 })) (part (seq { 16_000..19_999 })))

        for path in [ one; joined ] do
            let report = FeedReport()

            let seen =
                [|
                    for _ in Archive.Read(CandleFiles.options [| path |], report) -> report.FractionRead.Value
                |]

            equal 20_000 seen.Length
            equal (Array.sort seen) seen
            equal 1.0 seen[19_999]

            if path = one then
                // A reader takes 128 KiB at once, of 820.
                seen
                |> Array.iteri (fun i fraction ->
                    Assert.That(fraction, Is.InRange(float i / 20_000.0 - 0.01, float i / 20_000.0 + 0.16)))

    [<Test>]
    member _.``no fraction is read where there are no files``() =
        Assert.That((reportOf [ candle 0; candle 1 ]).FractionRead.HasValue, Is.False)

    [<Test>]
    member _.``a file that is counted but not yet opened is not taken for read``() =
        let report = FeedReport()
        use bytes = new System.IO.MemoryStream(Array.zeroCreate<byte> 100)

        use stream = new CheckedStream(bytes, "a.csv", System.Nullable(), bytes)

        report.Expect 2
        report.CountFile()
        report.Follow stream
        stream.ReadExactly(Array.zeroCreate<byte> 100)
        equal 0.5 report.FractionRead.Value
        report.CountFile()
        equal 0.5 report.FractionRead.Value
