namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open System.IO
open System.IO.Compression
open System.Reactive.Concurrency
open System.Text
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds

/// A folder of its own for every test, gone afterwards, with short ways to write files.
type TempFolder() =
    inherit Temporary()
    member this.Combine(name: string) = Path.Combine(this.Path, name)

    member this.Bytes(name: string, bytes: byte array) =
        let file = this.Combine name
        Directory.CreateDirectory(Path.Combine(file, "..")) |> ignore
        File.WriteAllBytes(file, bytes)
        file

    member this.Text(name: string, text: string) = this.Bytes(name, Encoding.UTF8.GetBytes text)

/// Files that lie beside the repository, or where BTCBANDIT_SHARED says.
module SharedFiles =
    /// A folder of them, if it exists.
    let folder name =
        Option.ofObj (Environment.GetEnvironmentVariable "BTCBANDIT_SHARED")
        |> Option.orElse (
            Option.ofObj (Directory.GetParent Repository.root)
            |> Option.map (fun parent -> Path.Combine(parent.FullName, "shared"))
        )
        |> Option.map (fun shared -> Path.Combine(shared, name))
        |> Option.filter Directory.Exists

module CandleFiles =
    let timeframe = Candles.timeframe

    let pairOf (symbol: string) =
        match TradingPair.TryParse symbol with
        | true, pair -> nonNull pair
        | _ -> failwith symbol

    let header = "open_time,open,high,low,close,volume"

    /// The exchange's twelve columns for a minute of 2024.
    let twelve index =
        let time = Candles.newYear + int64 index * 60_000L
        $"{time},100.5,102.0,99.0,101.0,3.25,{time + 59_999L},325.5,17,1.5,150.5,0"

    let six index = $"{Candles.newYear + int64 index * 60_000L},100.5,102.0,99.0,101.0,3.25"

    let lines (rows: string seq) = String.Join("\n", rows) + "\n"

    let gzip (text: string) =
        use packed = new MemoryStream()

        do
            use stream = new GZipStream(packed, CompressionLevel.Fastest)
            stream.Write(Encoding.UTF8.GetBytes text)

        packed.ToArray()

    let zip (level: CompressionLevel) (entries: (string * string) list) =
        use packed = new MemoryStream()

        do
            use archive = new ZipArchive(packed, ZipArchiveMode.Create, true)

            for name, text in entries do
                use stream = archive.CreateEntry(name, level).Open()
                stream.Write(Encoding.UTF8.GetBytes text)

        packed.ToArray()

    let options paths = ArchiveOptions(paths, TradingPair("BTC", "USDT"), Timeframe.OneMinute)

    let read options =
        let report = FeedReport()
        List.ofSeq (Archive.Read(options, report)), report

    /// The whole chain on this thread: candles, error, completed, report.
    let chain options =
        let report = FeedReport()

        let candles, error, completed =
            Candles.collect (Archive.Candles(options, report, ImmediateScheduler.Instance))

        candles, error, completed, report

    /// The one line the chain ends with.
    let complaint options =
        let error =
            try
                let _, error, _, _ = chain options
                error
            with :? FeedException as early ->
                Some early

        match error with
        | Some(:? FeedException as found) ->
            if found.Message.Contains '\n' then
                failwith $"more than one line: {found.Message}"

            found.Message
        | Some other -> failwith $"not a FeedException but {other}"
        | None -> failwith "no error"
