namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open System.IO
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.Binance

/// Candles that are appended one by one, as a live run would.
[<TestFixture>]
type MonthlyCandlesTests() =

    let pair = TradingPair("BTC", "USDT")
    let february = ArchiveRows.at "2024-02-01"
    let minute = ArchiveRows.minute

    let row openTime =
        match MonthlyRow.TryCreate((ArchiveRows.line openTime).Split ',') with
        | true, row -> nonNull row
        | _ -> failwith "no row"

    let opened (folder: TempFolder) = MonthlyCandles.Open(folder.Path, pair, Timeframe.OneMinute)

    let fileOf (folder: TempFolder) (month: string) = folder.Combine $"BTCUSDT/1m/BTCUSDT-1m-{month}.csv"

    [<Test>]
    member _.``rows are appended to the files of their months``() =
        use folder = new TempFolder()
        let times = ArchiveRows.minutes (february - 2L * minute) (february + 3L * minute)

        do
            use candles = opened folder

            for time in times do
                Assert.That(candles.Append(row time))
                candles.Flush(toDisk = false)

        equal (ArchiveRows.text times[..1]) (File.ReadAllText(fileOf folder "2024-01"))
        equal (ArchiveRows.text times[2..]) (File.ReadAllText(fileOf folder "2024-02"))

    [<Test>]
    member _.``a row that is not later than the last one is left out, also the next time``() =
        use folder = new TempFolder()

        for _ in 1..2 do
            use candles = opened folder
            let isFirst = not (File.Exists(fileOf folder "2024-02"))
            equal isFirst (candles.Append(row (february + minute)))
            equal false (candles.Append(row (february + minute)))
            equal false (candles.Append(row february))
            candles.Flush(toDisk = true)

        equal (ArchiveRows.text [ february + minute ]) (File.ReadAllText(fileOf folder "2024-02"))

    [<Test>]
    member _.``without a flush there is no row, and no empty file``() =
        use folder = new TempFolder()

        do
            use candles = opened folder
            candles.Append(row february) |> ignore

        equal false (File.Exists(fileOf folder "2024-02"))

    [<Test>]
    member _.``one at a time writes them``() =
        use folder = new TempFolder()

        do
            use _held = opened folder
            let found = fault (fun () -> (opened folder).Dispose())
            equal (FeedFault.CandlesInUse(folder.Combine "BTCUSDT/1m") :> FeedFault) found

        (opened folder).Dispose()

    [<Test>]
    member _.``what a killed process left beside a file is deleted``() =
        use folder = new TempFolder()
        let leftover = folder.Text("BTCUSDT/1m/BTCUSDT-1m-2024-02.csv.tmp", "half")
        let other = folder.Text("BTCUSDT/1m/notes.tmp", "mine")
        (opened folder).Dispose()
        equal (false, true) (File.Exists leftover, File.Exists other)

    [<Test>]
    member _.``where no folder can be made it is said``() =
        use folder = new TempFolder()
        folder.Text("BTCUSDT", "a file") |> ignore
        let message = refusal (fun () -> (opened folder).Dispose())
        Assert.That(message, Does.Contain(folder.Combine "BTCUSDT/1m").And.Contain "cannot be written")

    [<Test>]
    member _.``what a file holds: runs, gaps and a torn end``() =
        use folder = new TempFolder()
        let times = ArchiveRows.minutes february (february + 10L * minute)
        let text = ArchiveRows.text times[..2] + ArchiveRows.text times[5..]
        let path = folder.Text("BTCUSDT/1m/BTCUSDT-1m-2024-02.csv", text + "170674")
        use candles = opened folder
        let content = candles.Look(Month(2024, 2))
        equal [ february, 3L; times[5], 5L ] [ for run in content.Runs -> run.First, run.Rows ]
        equal (8L, int64 text.Length, 0L) (content.Rows, content.End, content.Torn)
        equal text (File.ReadAllText path)

    [<TestCase("1,2,3")>]
    [<TestCase("2024-02-01 00:00,1,2,3,4,5,6,7,8,9,10,11")>]
    // March.
    [<TestCase("1709251200000,1,1,1,1,1,1709251259999,0,1,0,0,0")>]
    // The row before once more.
    [<TestCase("1706745600000,1,1,1,1,1,1706745659999,0,1,0,0,0")>]
    [<TestCase("1706745660000,1,1,1,1,1,1706745719999,0,1,0,0")>]
    member _.``a line that is no row of the month is refused, and nothing is changed``(line: string) =
        use folder = new TempFolder()

        let text =
            ArchiveRows.text [ february ]
            + line
            + "\n"
            + ArchiveRows.text [ february + 2L * minute ]

        let path = folder.Text("BTCUSDT/1m/BTCUSDT-1m-2024-02.csv", text)
        use candles = opened folder
        let message = refusal (fun () -> candles.Look(Month(2024, 2)))
        Assert.That(message, Does.StartWith($"{path} line 2: ").And.Contain(line.Split(',')[0]))
        equal text (File.ReadAllText path)

    [<Test>]
    member _.``a file without lines is left alone``() =
        use folder = new TempFolder()
        let path = folder.Text("BTCUSDT/1m/BTCUSDT-1m-2024-02.csv", String('x', 100_000))
        use candles = opened folder
        Assert.That(refusal (fun () -> candles.Look(Month(2024, 2))), Does.Contain "no end of a line")
        equal 100_000L (FileInfo path).Length

    [<TestCase("")>]
    [<TestCase("1706745600000,1,2,3")>]
    [<TestCase("1706745600000,1.0,2.0,3.0,1.0,1.0,1706745659999,0,1,0,0,0")>]
    [<TestCase("1706745600000,1.0,1.0,1.0,1.0,-1.0,1706745659999,0,1,0,0,0")>]
    [<TestCase("1706745600000,1e0,1.0,1.0,1.0,1.0,1706745659999,0,1,0,0,0")>]
    [<TestCase("1706745600000,1.0 ,1.0,1.0,1.0,1.0,1706745659999,0,1,0,0,0")>]
    [<TestCase("1706745600000,1.0.0,1.0,1.0,1.0,1.0,1706745659999,0,1,0,0,0")>]
    [<TestCase("1706745600000,1.0,1.0,1.0,1.0,1.0,1706745659999.5,0,1,0,0,0")>]
    [<TestCase("1706745600000.0,1.0,1.0,1.0,1.0,1.0,1706745659999,0,1,0,0,0")>]
    [<TestCase("1706745600000,1.0,1.0,1.0,1.0,1.0,1706745659999,0,1.5,0,0,0")>]
    [<TestCase("1706745600000,1.0,1.0,1.0,1.0,1.0,1706745659999,0,1,0,0,")>]
    [<TestCase("1706745600000,1.0,1.0,1.0,1.0,1.0,1706745659999,0,1,0,0,0,0")>]
    member _.``what is no row is refused``(line: string) = equal false (fst (MonthlyRow.TryCreate(line.Split ',')))

    [<Test>]
    member _.``a row keeps its text``() =
        let line =
            "1706745600000,1.10000000,1.20,1.1,1.20,0,1706745659999,00.0,0,0.00000000,0,17928899.62484339"

        match MonthlyRow.TryCreate(line.Split ',') with
        | true, row -> equal (line, february) ((nonNull row).Line, (nonNull row).OpenTime)
        | _ -> Assert.Fail()

    [<TestCase("2023-12-31T23:59", "2023-12", "2024-01")>]
    [<TestCase("2024-02-29", "2024-02", "2024-03")>]
    member _.``months``(time: string, month: string, next: string) =
        let found = Month.Of(ArchiveRows.at time)
        equal (month, next) (string found, string found.Next)
        equal (ArchiveRows.at $"{month}-01", ArchiveRows.at $"{next}-01") (found.From, found.To)
