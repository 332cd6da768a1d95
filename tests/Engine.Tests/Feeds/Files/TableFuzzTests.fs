namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open System.Reactive.Concurrency
open System.Reactive.Linq
open System.Text
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open CandleFiles

/// Tables written in every way people write them, and then damaged: what is read are the candles that were written, or
/// nothing and one line.
module TableFuzzTests =

    let private cases =
        match Int32.TryParse(Environment.GetEnvironmentVariable "BTCBANDIT_FUZZ") with
        | true, asked -> asked
        | _ -> 4_000

    let private pick (random: Random) (choices: 'a array) = choices[random.Next choices.Length]

    let private moment (time: int64) = DateTimeOffset.FromUnixTimeMilliseconds time

    let private written (format: string) time = (moment time).ToString(format, CultureInfo.InvariantCulture)

    let private number (divisor: int64) (time: int64) = string (time / divisor)

    let private times: (int64 -> string) array = [|
        number 1000L
        number 1L
        fun time -> string (time * 1000L)
        fun time -> string (time * 1_000_000L)
        fun time -> number 1000L time + ".0"
        written "yyyy-MM-dd'T'HH:mm:ss"
        written "yyyy-MM-dd HH:mm:ss"
        written "yyyy-MM-dd HH:mm"
        written "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"
        written "yyyy-MM-dd HH:mm:ss 'UTC'"
        written "yyyy-MM-dd HH:mm:ss'+00:00'"
        written "yyyy/MM/dd HH:mm"
        written "yyyy.MM.dd HH:mm:ss"
        written "yyyy/M/d H:mm"
        written "yyyyMMddHHmm"
        written "yyyyMMddHHmmss"
        written "yyyyMMdd HHmmss"
        written "yyyy-MM-dd hh:mm tt"
        written "dd/MM/yyyy HH:mm"
        written "M/d/yyyy h:mm:ss tt"
        written "dd.MM.yyyy HH:mm:ss.fff"
    |]

    let private dates = [| "yyyy-MM-dd"; "yyyy.MM.dd"; "yyyyMMdd"; "yyyy/MM/dd"; "dd/MM/yyyy" |]

    let private clocks = [| "HH:mm:ss"; "HH:mm"; "HHmmss" |]

    let private titles =
        dict [
            "time",
            [|
                "open_time"
                "Open Time"
                "openTime"
                "timestamp"
                "datetime"
                "Date"
                "time"
                "unix"
                "<TIME>"
                "date_utc"
            |]
            "open", [| "open"; "Open"; "OPEN"; "<OPEN>"; "o"; "open_price" |]
            "high", [| "high"; "High"; "<HIGH>"; "h" |]
            "low", [| "low"; "Low"; "<LOW>"; "l" |]
            "close", [| "close"; "Close"; "<CLOSE>"; "c"; "Last" |]
            "volume",
            [|
                "volume"
                "Volume BTC"
                "Volume_(BTC)"
                "Vol."
                "<VOL>"
                "v"
                "Volume (BTC)"
            |]
            "date", [| "Date"; "<DATE>"; "date" |]
            "clock", [| "Time"; "<TIME>"; "timestamp" |]
            "other",
            [|
                "trades"
                "close_time"
                "Volume USDT"
                "quote_asset_volume"
                "Weighted_Price"
                "ignore"
            |]
        ]

    let private shown (grouped: bool) (comma: bool) (value: float) =
        let format = if grouped then "#,0.#########" else "0.#########"
        let text = value.ToString(format, CultureInfo.InvariantCulture)

        if comma then
            text.Replace('.', ' ').Replace(',', '.').Replace(' ', ',')
        else
            text

    /// A number that is written whole.
    let private plain value = Double.Parse(shown false false value, CultureInfo.InvariantCulture)

    let private candles (random: Random) =
        let start = 1_230_768_000_000L + int64 (random.Next 13_000_000) * 60_000L

        [|
            let mutable close = Math.Round(Math.Pow(10.0, random.NextDouble() * 6.0 - 1.0), 2) + 0.05

            for index in 0 .. random.Next(2, 30) do
                let next = Math.Round(close * (0.98 + 0.04 * random.NextDouble()), 2) + 0.01
                let high = Math.Round(max close next * 1.01, 2) + 0.01
                let low = Math.Round(min close next * 0.99, 2)

                let volume = random.NextDouble() * 100.0

                yield
                    start + int64 index * 60_000L,
                    Array.map plain [| close; high; max low 0.01; next; Math.Round(volume, random.Next 6) |]

                close <- next
        |]

    /// A table of some layout: its lines and whether any row of it was made unreadable on purpose.
    let private table (random: Random) (rows: (int64 * float array) array) =
        let separator = pick random [| ","; ","; ","; ";"; "\t" |]
        let quoted = random.Next 8 = 0
        let comma = (quoted || separator = ";") && random.Next 2 = 0
        let grouped = (quoted || separator <> ",") && random.Next 4 = 0
        let shown = shown grouped comma
        let apart = random.Next 4 = 0
        let hasHeader = apart || random.Next 4 > 0
        let time = pick random times
        let date, clock = written (pick random dates), written (pick random clocks)

        let standard = [
            (if apart then [ "date"; "clock" ] else [ "time" ])
            [ "open"; "high"; "low"; "close"; "volume" ]
        ]

        let columns =
            if hasHeader then
                let extra = List.init (random.Next 3) (fun _ -> "other")
                let all = Array.ofList (List.concat standard @ extra)

                if random.Next 2 = 0 then
                    random.Shuffle all

                all
            else
                Array.ofList (List.concat standard)

        let around (text: string) = if quoted then $"\"{text}\"" else text

        let names =
            let used = HashSet<string>()

            columns
            |> Array.map (fun column ->
                let title =
                    titles[column]
                    |> Array.filter (fun title -> not (used.Contains(title.ToLowerInvariant())))

                let chosen = if title.Length = 0 then column + string used.Count else pick random title
                used.Add(chosen.ToLowerInvariant()) |> ignore
                chosen)

        let field (openTime: int64, values: float array) column =
            match column with
            | "time" -> time openTime
            | "date" -> date openTime
            | "clock" -> clock openTime
            | "open" -> shown values[0]
            | "high" -> shown values[1]
            | "low" -> shown values[2]
            | "close" -> shown values[3]
            | "volume" -> shown values[4]
            | _ -> "17"

        let tail = if random.Next 8 = 0 then separator else ""
        let line fields = String.Join(separator, Array.map around fields) + tail
        let rows = if random.Next 5 = 0 then Array.rev rows else rows

        List<string>(
            [
                if hasHeader && random.Next 6 = 0 then
                    "https://www.example.com"
                if hasHeader then
                    line names
                for row in rows do
                    line (Array.map (field row) columns)
            ]
        )

    /// One change that people and their tools make to a table.
    let private damage (random: Random) (lines: List<string>) =
        let at = random.Next lines.Count
        let line = lines[at]

        match random.Next 13 with
        | 0 -> lines.Insert(at, lines[0])
        | 1 -> lines.Insert(at, "")
        | 2 -> lines.Insert(at, "<html>")
        | 3 -> lines[at] <- line.Replace(',', ';')
        | 4 -> lines[at] <- line.Replace(';', ',')
        | 5 -> lines[at] <- line.Replace('\t', ' ')
        | 6 -> lines[at] <- line + ","
        | 7 -> lines[at] <- line.Replace(":", "")
        | 8 -> lines[at] <- line.Replace("-", "/")
        | 9 -> lines[0] <- lines[0].Replace("lose", "lo")
        | 10 -> lines[0] <- lines[0].Replace("olume", "ol")
        | 11 -> lines[at] <- "\"" + line
        | _ -> lines[at] <- " " + line

    let private read (bytes: byte array) =
        let entry = ArchiveEntry("fuzz.csv", null, fun () -> new MemoryStream(bytes))
        let options = options [ "fuzz.csv" ]

        try
            let found = Table.Of(entry, options)
            let report = FeedReport()

            let rows =
                (seq {
                    use rows = found.Open(ReadLog.Ignored(), false)
                    let mutable candle = Unchecked.defaultof<Candle>

                    while rows.TryRead(&candle) do
                        yield candle
                })
                    .ToObservable(ImmediateScheduler.Instance)

            let guarded = rows.Guard(Timeframe.OneMinute, report, GuardMode.Recorded)

            match Candles.collect guarded with
            | candles, None, _ ->
                Ok [
                    for candle: Candle in candles ->
                        candle.OpenTime, [| candle.Open; candle.High; candle.Low; candle.Close; candle.Volume |]
                ]
            | _, Some error, _ -> raise error
        with :? FeedException as refused ->
            Error refused.Message

    let private bytes (random: Random) (lines: List<string>) =
        let text = String.Join(pick random [| "\n"; "\r\n" |], lines) + pick random [| "\n"; "" |]
        Encoding.UTF8.GetBytes((if random.Next 6 = 0 then "\uFEFF" else "") + text)

    let private clear (message: string) =
        not (message.Contains '\n')
        && (message.StartsWith "fuzz.csv"
            || message.EndsWith "candles must come in order of time")

    [<Tests>]
    let tests =
        testList "TableFuzzTests" [
            testCase "a table gives the candles that were written, or one line"
            <| fun () ->
                let mutable whole = 0

                for seed in 1..cases do
                    let random = Random seed
                    let expected = candles random
                    let lines = table random expected
                    let isDamaged = random.Next 2 = 0

                    if isDamaged then
                        damage random lines

                    match read (bytes random lines) with
                    | Ok found ->
                        if List.toArray found <> expected then
                            // A damaged row may make its table unreadable, never other candles of it.
                            failwith $"seed {seed}: other candles from\n{String.Join('\n', lines)}\n%A{found}"

                        if not isDamaged then
                            whole <- whole + 1
                    | Error message ->
                        if not (clear message) then
                            failwith $"seed {seed}: {message}"

                // Half of the cases are whole; what may be refused of them are dates of an order that nothing settles.
                isAbove 0.4 (float whole / float cases)

            testCase "any bytes give candles or one line"
            <| fun () ->
                for seed in 1..cases do
                    let random = Random(-seed)
                    let whole = bytes random (table random (candles random))

                    for _ in 0 .. random.Next 4 do
                        whole[random.Next whole.Length] <- byte (random.Next 256)

                    match read whole[.. random.Next whole.Length] with
                    | Ok _ -> ()
                    | Error message -> Expect.isTrue (clear message) $"seed {seed}: {message}"
        ]
