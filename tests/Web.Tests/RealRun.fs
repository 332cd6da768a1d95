namespace BtcBandit.Web.Tests

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open System.IO.Compression
open System.Reactive.Concurrency
open System.Reactive.Linq
open System.Threading
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Web

/// A row of a candle file, as it stands there.
type FileRow = { Time: int64; Open: float; High: float; Low: float; Close: float; Volume: float }

/// A row of the journal, as it stands there.
type JournalRow = {
    OpenTime: int64
    Step: int64
    Action: string
    Fill: (float * float) option
    Position: float
    Equity: float
}

/// What a chart shows of a bar.
type ShownBar = {
    At: int64
    Prices: float list
    Quantity: float
    Wealth: float
    Invested: float
    Number: int64
}

/// A run on real candles: the week that is part of the repository.
module RealRun =
    let root = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", ".."))
    let private file = Path.Combine(root, "data", "BTCUSDT-1m-2024-03-04_10.csv.gz")
    let private pair = TradingPair("BTC", "USDT")
    let private number (text: string) = Double.Parse(text, CultureInfo.InvariantCulture)

    /// The file, read without the code under test.
    let rows =
        lazy
            (use packed = new GZipStream(File.OpenRead file, CompressionMode.Decompress)
             use reader = new StreamReader(packed)

             [|
                 for line in
                     (reader.ReadToEnd()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                     |> Seq.skip 1 do
                     let cells = line.Split ','

                     {
                         Time = int64 cells[0]
                         Open = number cells[1]
                         High = number cells[2]
                         Low = number cells[3]
                         Close = number cells[4]
                         Volume = number cells[5]
                     }
             |])

    // At no costs, so that there are executions.
    let private plan =
        lazy (RunPlan.Of(MarketSource.Files(pair, Timeframe.OneMinute), RunParameters(Costs = Costs.None, History = 0)))

    let private candles paths =
        Archive.Candles(ArchiveOptions(paths, pair, Timeframe.OneMinute), FeedReport(), CurrentThreadScheduler.Instance)

    let private folder = lazy (new Temporary())

    // The session stays, because the page asks it for the experts and for the journal.
    let private made =
        lazy
            (let found = List<Step>()

             let session =
                 new Session(
                     SessionPlan(Run = plan.Value, Candles = candles [| file |], DataDir = folder.Value.Path),
                     TimeProvider.System,
                     ignore,
                     CancellationToken.None
                 )

             use _ = session.Steps.Subscribe found.Add
             let result = session.RunAsync().GetAwaiter().GetResult()
             isNull' result.Error
             session, found.ToArray())

    /// All steps of the run.
    let steps () = snd made.Value

    /// The journal, read without the code under test.
    let journal =
        lazy
            (made.Value |> ignore

             [|
                 for line in File.ReadLines(folder.Value.File "trades.csv") |> Seq.skip 1 do
                     let cells = line.Split ','

                     {
                         OpenTime = int64 cells[0]
                         Step = int64 cells[1]
                         Action = cells[2]
                         Fill = if cells[3] = "" then None else Some(number cells[3], number cells[4])
                         Position = number cells[9]
                         Equity = number cells[10]
                     }
             |])

    /// A run that is watched and has made so many steps; the rest are made by hand.
    let upTo count =
        let session, steps = made.Value
        let log = RunLog()
        let controls = RunControls(PaceControl(TimeSpan.Zero, TimeProvider.System), log, ignore, ignore)
        let mode = RunMode.Archive()
        let monitor = new RunMonitor(controls, log, FeedReport(), Nullable(), mode, null, TimeProvider.System)
        let run = new WatchedRun(monitor, plan.Value.Header, "1.2.3")
        run.Follow(session, null, (fun error -> failwith error.Message))

        for step in Array.truncate count steps do
            run.OnNext step

        run

    /// Steps of any candle files, made while they are read.
    let watch (paths: string[]) (run: WatchedRun) =
        candles(paths).Trade(plan.Value).Subscribe(run :> IObserver<Step>).Dispose()

    let private monday = 345_600_000L
    let private week = 604_800_000L

    /// The open time of the bar that holds a time; weeks begin on Monday.
    let floor (span: int64) (time: int64) = if span = week then time - (time - monday) % week else time - time % span

    /// Bars of the first steps of the run, added up by hand from the file and the journal.
    let bars (span: int64) count =
        let inFile = rows.Value |> Seq.map (fun row -> row.Time, row) |> dict

        [
            for time, group in
                journal.Value
                |> Seq.truncate count
                |> Seq.groupBy (fun row -> floor span row.OpenTime) do
                let group = Array.ofSeq group
                let candles = group |> Array.map (fun row -> inFile[row.OpenTime])

                {
                    At = time
                    Prices = [
                        candles[0].Open
                        candles |> Seq.map _.High |> Seq.max
                        candles |> Seq.map _.Low |> Seq.min
                        (Array.last candles).Close
                    ]
                    Quantity = candles |> Seq.sumBy _.Volume
                    Wealth = (Array.last group).Equity
                    Invested = group |> Seq.averageBy (fun row -> if row.Position > 0.0 then 1.0 else 0.0)
                    Number = (Array.last group).Step
                }
        ]

    /// The executions of the first steps: step, time, whether it buys, price, quantity.
    let fills count = [
        for before, row in journal.Value |> Seq.truncate count |> Seq.pairwise do
            match row.Fill with
            | Some(price, quantity) -> row.Step, row.OpenTime, row.Position > before.Position, price, quantity
            | None -> ()
    ]
