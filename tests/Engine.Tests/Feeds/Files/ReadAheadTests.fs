namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open System.Collections.Generic
open System.Threading
open FsCheck
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Tests
open BtcBandit.Engine.Tests.Feeds
open Candles

/// Reading ahead must be told from reading by nothing but its speed.
module ReadAheadTests =

    /// What comes next in the files.
    type private Row =
        | Good
        | Bad
        | WithoutTrade
        | Header

    /// What the report says.
    let private counts (report: FeedReport) = [
        report.Files
        report.Rows
        report.BadRows
        report.RowsWithoutTrade
        report.RepeatedHeaders
    ]

    let private fault row = FeedFault.EmptyFile $"row {row}"

    /// Reads rows in tables of a hundred, and fails behind the last one if it has to.
    let private reading (rows: Row list) (failure: exn option) (log: ReadLog) : Candle seq =
        seq {
            for index, row in List.indexed rows do
                if index % 100 = 0 then
                    log.CountFile $"table {index / 100}"

                match row with
                | Good ->
                    log.CountRow()
                    yield candle index
                | Bad ->
                    log.CountRow()
                    log.CountBadRow(fault index)
                | WithoutTrade ->
                    log.CountRow()
                    log.CountRowWithoutTrade()
                | Header -> log.CountRepeatedHeader()

            match failure with
            | Some error -> raise error
            | None -> ()
        }

    /// What there is to tell when the candle of a row is taken, and at the end.
    let private expected (rows: Row list) =
        let upTo count =
            let seen = List.truncate count rows
            let number row = seen |> List.filter ((=) row) |> List.length |> int64
            let files = int64 ((seen.Length + 99) / 100)

            [
                files
                number Good + number Bad + number WithoutTrade
                number Bad
                number WithoutTrade
                number Header
            ]

        [
            for index, row in List.indexed rows do
                if row = Good then
                    candle index, upTo (index + 1)
        ],
        upTo rows.Length

    /// What is told, candle by candle, at the end, and the error.
    let private told (report: FeedReport) (candles: Candle seq) =
        let seen = ResizeArray()

        let error =
            try
                for candle in candles do
                    seen.Add(candle, counts report)

                None
            with error ->
                Some error

        List.ofSeq seen, counts report, error

    let private ahead read (report: FeedReport) = ReadAhead.Candles(Func<ReadLog, IEnumerable<Candle>>(read), report)

    /// Files of up to three blocks, in which one kind of row prevails.
    let private files =
        Gen.elements [ Good; Good; Good; Bad; WithoutTrade; Header ]
        |> Gen.bind (fun common ->
            Gen.frequency [ 20, Gen.constant common; 1, Gen.elements [ Good; Bad; WithoutTrade; Header ] ])
        |> Gen.listOf
        |> Gen.scaleSize (fun size -> size * 16)
        |> fun gen -> Arb.fromGenShrink (gen, Shrinking.shorter)

    /// Rows without an end; the number of those read, and whether the files have been closed.
    type private Endless() =
        let mutable count = 0
        let mutable isClosed = false
        member _.Count = Volatile.Read &count
        member _.IsClosed = Volatile.Read &isClosed
        member val Thread: Thread | null = null with get, set

        member this.Read(log: ReadLog) : Candle seq =
            seq {
                try
                    this.Thread <- Thread.CurrentThread

                    while true do
                        log.CountRow()
                        Volatile.Write(&count, count + 1)
                        yield candle count
                finally
                    Volatile.Write(&isClosed, true)
            }

    [<Tests>]
    let tests =
        testList "ReadAheadTests" [
            property "every candle comes with the counts of the rows up to it"
            <| fun () ->
                Prop.forAll files (fun rows ->
                    let report = FeedReport()
                    let candles, last = expected rows
                    equal (candles, last, None) (told report (ahead (reading rows None) report)))

            property "an error comes after the rows before it"
            <| fun () ->
                Prop.forAll files (fun rows ->
                    let report = FeedReport()
                    let failure = FeedException(FeedFault.EmptyFile "a.csv")
                    let seen, last, error = told report (ahead (reading rows (Some failure)) report)
                    let candles, all = expected rows
                    equal (candles, all) (seen, last)
                    isSame failure (Option.get error))

            cases "around the end of a block nothing is lost" [
                0
                1
                511
                512
                513
                1_023
                1_024
                2_047
                2_048
                2_049
                5_000
            ]
            <| fun (length: int) ->
                let rows = List.replicate length Good
                let report = FeedReport()
                let candles, last = expected rows
                equal (candles, last, None) (told report (ahead (reading rows None) report))

            testCase "who stops has the counts of the rows taken, and nothing is open any more"
            <| fun () ->
                for taken in [ 1; 511; 512; 513; 3_000 ] do
                    let report, files = FeedReport(), Endless()
                    equal taken (ahead files.Read report |> Seq.truncate taken |> Seq.length)
                    equal (int64 taken) report.Rows
                    holds files.IsClosed
                    // The rest of the block that is being taken, and three more.
                    isAtMost (taken + 4 * ReadBlock.Size - 1) files.Count

            testCase "who takes no candle has read nothing"
            <| fun () ->
                let report, files = FeedReport(), Endless()
                let candles = ahead files.Read report
                use enumerator = candles.GetEnumerator()
                equal 0 files.Count
                fails files.IsClosed

            testCase "files are read on a thread of their own, and the report is told on the one that takes the candles"
            <| fun () ->
                let report, files = FeedReport(), Endless()
                let here = Thread.CurrentThread
                use candles = (ahead files.Read report).GetEnumerator()
                holds (candles.MoveNext())
                differs here (nonNull files.Thread)
                holds (nonNull files.Thread).IsBackground
                let told = List()

                let noting (log: ReadLog) =
                    seq {
                        log.CountBadRow(fault 0)
                        told.Add Thread.CurrentThread
                        yield candle 0
                    }

                use noted = (ahead noting report).GetEnumerator()
                holds (noted.MoveNext())
                fails (told.Contains here)
                equal (Some(fault 0 :> FeedFault)) (Option.ofObj report.FirstBadRow)

            testCase "where no candle comes, rows are counted while they are read"
            <| fun () ->
                let report = FeedReport()
                use isCounted = new ManualResetEventSlim()

                let reading (log: ReadLog) =
                    seq {
                        for _ in 1 .. ReadBlock.Size + 1 do
                            log.CountRow()

                        isCounted.Wait(TimeSpan.FromSeconds 60.0) |> holds
                        yield candle 0
                    }

                let taking = Tasks.Task.Run(fun () -> ahead reading report |> Seq.length)

                holds (SpinWait.SpinUntil((fun () -> report.Rows > 0L), TimeSpan.FromSeconds 60.0))
                isCounted.Set()
                equal 1 taking.Result
                equal (int64 (ReadBlock.Size + 1)) report.Rows

            testCase "each enumeration reads from the start, and two at a time do not meet"
            <| fun () ->
                let rows = List.replicate 2_000 Good
                let reports = [ FeedReport(); FeedReport() ]
                let both = reports |> List.map (fun report -> ahead (reading rows None) report)

                for first, second in Seq.zip both[0] both[1] do
                    equal first second

                for candles in both do
                    equal 2_000 (Seq.length candles)

                for report in reports do
                    equal 4_000L report.Rows

            testCase "an error after the last candle taken is not told"
            <| fun () ->
                let report = FeedReport()
                let rows = List.replicate 600 Good
                let candles = ahead (reading rows (Some(InvalidOperationException()))) report
                equal 600 (candles |> Seq.truncate 600 |> Seq.length)
        ]
