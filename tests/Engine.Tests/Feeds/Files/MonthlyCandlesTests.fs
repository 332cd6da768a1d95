namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.Binance

/// Candles that are appended one by one, as a live run would.
module MonthlyCandlesTests =

    let private pair = TradingPair("BTC", "USDT")

    let private february = ArchiveRows.at "2024-02-01"

    let private minute = ArchiveRows.minute

    let private row openTime =
        match MonthlyRow.TryCreate((ArchiveRows.line openTime).Split ',') with
        | true, row -> nonNull row
        | _ -> failwith "no row"

    let private opened (folder: TempFolder) = MonthlyCandles.Open(folder.Path, pair, Timeframe.OneMinute)

    let private fileOf (folder: TempFolder) (month: string) = folder.Combine $"BTCUSDT/1m/BTCUSDT-1m-{month}.csv"

    [<Tests>]
    let tests =
        testList "MonthlyCandlesTests" [
            testCase "rows are appended to the files of their months"
            <| fun () ->
                use folder = new TempFolder()
                let times = ArchiveRows.minutes (february - 2L * minute) (february + 3L * minute)

                do
                    use candles = opened folder

                    for time in times do
                        holds (candles.Append(row time))
                        candles.Flush(toDisk = false)

                equal (ArchiveRows.text times[..1]) (File.ReadAllText(fileOf folder "2024-01"))
                equal (ArchiveRows.text times[2..]) (File.ReadAllText(fileOf folder "2024-02"))

            testCase "a row that is not later than the last one is left out, also the next time"
            <| fun () ->
                use folder = new TempFolder()

                for _ in 1..2 do
                    use candles = opened folder
                    let isFirst = not (File.Exists(fileOf folder "2024-02"))
                    equal isFirst (candles.Append(row (february + minute)))
                    equal false (candles.Append(row (february + minute)))
                    equal false (candles.Append(row february))
                    candles.Flush(toDisk = true)

                equal (ArchiveRows.text [ february + minute ]) (File.ReadAllText(fileOf folder "2024-02"))

            testCase "without a flush there is no row, and no empty file"
            <| fun () ->
                use folder = new TempFolder()

                do
                    use candles = opened folder
                    candles.Append(row february) |> ignore

                equal false (File.Exists(fileOf folder "2024-02"))

            testCase "one at a time writes them"
            <| fun () ->
                use folder = new TempFolder()

                do
                    use _held = opened folder
                    let found = fault (fun () -> (opened folder).Dispose())
                    equal (FeedFault.CandlesInUse(folder.Combine "BTCUSDT/1m") :> FeedFault) found

                (opened folder).Dispose()

            testCase "what a killed process left beside a file is deleted"
            <| fun () ->
                use folder = new TempFolder()
                let leftover = folder.Text("BTCUSDT/1m/BTCUSDT-1m-2024-02.csv.tmp", "half")
                let other = folder.Text("BTCUSDT/1m/notes.tmp", "mine")
                (opened folder).Dispose()
                equal (false, true) (File.Exists leftover, File.Exists other)

            testCase "where no folder can be made it is said"
            <| fun () ->
                use folder = new TempFolder()
                folder.Text("BTCUSDT", "a file") |> ignore
                let message = refusal (fun () -> (opened folder).Dispose())
                contains (folder.Combine "BTCUSDT/1m") message
                contains "cannot be written" message

            testCase "what a file holds: runs, gaps and a torn end"
            <| fun () ->
                use folder = new TempFolder()
                let times = ArchiveRows.minutes february (february + 10L * minute)
                let text = ArchiveRows.text times[..2] + ArchiveRows.text times[5..]
                let path = folder.Text("BTCUSDT/1m/BTCUSDT-1m-2024-02.csv", text + "170674")
                use candles = opened folder
                let content = candles.Look(Month(2024, 2))
                equal [ february, 3L; times[5], 5L ] [ for run in content.Runs -> run.First, run.Rows ]
                equal (8L, int64 text.Length, 0L) (content.Rows, content.End, content.Torn)
                equal text (File.ReadAllText path)

            // March.
            // The row before once more.
            cases "a line that is no row of the month is refused, and nothing is changed" [
                "1,2,3"
                "2024-02-01 00:00,1,2,3,4,5,6,7,8,9,10,11"
                "1709251200000,1,1,1,1,1,1709251259999,0,1,0,0,0"
                "1706745600000,1,1,1,1,1,1706745659999,0,1,0,0,0"
                "1706745660000,1,1,1,1,1,1706745719999,0,1,0,0"
            ]
            <| fun (line: string) ->
                use folder = new TempFolder()

                let text =
                    ArchiveRows.text [ february ]
                    + line
                    + "\n"
                    + ArchiveRows.text [ february + 2L * minute ]

                let path = folder.Text("BTCUSDT/1m/BTCUSDT-1m-2024-02.csv", text)
                use candles = opened folder
                let message = refusal (fun () -> candles.Look(Month(2024, 2)))
                startsWith ($"{path} line 2: ") message
                contains (line.Split(',')[0]) message
                equal text (File.ReadAllText path)

            testCase "a file without lines is left alone"
            <| fun () ->
                use folder = new TempFolder()
                let path = folder.Text("BTCUSDT/1m/BTCUSDT-1m-2024-02.csv", String('x', 100_000))
                use candles = opened folder
                contains "no end of a line" (refusal (fun () -> candles.Look(Month(2024, 2))))
                equal 100_000L (FileInfo path).Length

            cases "what is no row is refused" [
                ""
                "1706745600000,1,2,3"
                "1706745600000,1.0,2.0,3.0,1.0,1.0,1706745659999,0,1,0,0,0"
                "1706745600000,1.0,1.0,1.0,1.0,-1.0,1706745659999,0,1,0,0,0"
                "1706745600000,1e0,1.0,1.0,1.0,1.0,1706745659999,0,1,0,0,0"
                "1706745600000,1.0 ,1.0,1.0,1.0,1.0,1706745659999,0,1,0,0,0"
                "1706745600000,1.0.0,1.0,1.0,1.0,1.0,1706745659999,0,1,0,0,0"
                "1706745600000,1.0,1.0,1.0,1.0,1.0,1706745659999.5,0,1,0,0,0"
                "1706745600000.0,1.0,1.0,1.0,1.0,1.0,1706745659999,0,1,0,0,0"
                "1706745600000,1.0,1.0,1.0,1.0,1.0,1706745659999,0,1.5,0,0,0"
                "1706745600000,1.0,1.0,1.0,1.0,1.0,1706745659999,0,1,0,0,"
                "1706745600000,1.0,1.0,1.0,1.0,1.0,1706745659999,0,1,0,0,0,0"
            ]
            <| fun (line: string) -> equal false (fst (MonthlyRow.TryCreate(line.Split ',')))

            testCase "a row keeps its text"
            <| fun () ->
                let line =
                    "1706745600000,1.10000000,1.20,1.1,1.20,0,1706745659999,00.0,0,0.00000000,0,17928899.62484339"

                match MonthlyRow.TryCreate(line.Split ',') with
                | true, row -> equal (line, february) ((nonNull row).Line, (nonNull row).OpenTime)
                | _ -> failtest "it should not come this far"

            cases "months" [ "2023-12-31T23:59", "2023-12", "2024-01"; "2024-02-29", "2024-02", "2024-03" ]
            <| fun (time: string, month: string, next: string) ->
                let found = Month.Of(ArchiveRows.at time)
                equal (month, next) (string found, string found.Next)
                equal (ArchiveRows.at $"{month}-01", ArchiveRows.at $"{next}-01") (found.From, found.To)
        ]
