namespace BtcBandit.Indicators.Laws

open System
open System.Globalization
open BtcBandit.Indicators

/// Where and how an indicator broke a law.
[<NoComparison; NoEquality>]
type internal Counterexample =
    {
        /// What happened, in a sentence.
        What: string
        /// The candles the indicator was given.
        Candles: Candle[]
        /// The candle at which it happened; -1 when there is none.
        At: int
        /// The output that is wrong.
        Column: string
        /// What it gave for each candle, as text; may be shorter than the candles.
        Actual: string[]
        /// What it should have given.
        Expected: string[]
    }

/// Texts of counterexamples.
[<RequireQualifiedAccess>]
module internal Counterexample =

    /// Longer ones are cut at the top: what matters is at the end.
    [<Literal>]
    let MaxRows = 40

    /// A number that reads back as itself.
    let number (value: float) = value.ToString("R", CultureInfo.InvariantCulture)

    let private at (texts: string[]) i = if i < texts.Length then texts[i] else ""

    let private row (example: Counterexample) i =
        let candle = example.Candles[i]
        let time = DateTimeOffset.FromUnixTimeMilliseconds(candle.OpenTime).ToString("yyyy-MM-dd HH:mm:ss")

        [|
            (if i = example.At then ">" else "")
            time
            number candle.Open
            number candle.High
            number candle.Low
            number candle.Close
            number candle.Volume
            at example.Actual i
            at example.Expected i
        |]

    let private header =
        [|
            ""
            "time (UTC)"
            "open"
            "high"
            "low"
            "close"
            "volume"
            "actual"
            "expected"
        |]

    /// The candles as a table, each with what the indicator gave and what it should have given.
    let table (example: Counterexample) =
        let last = if example.At < 0 then example.Candles.Length - 1 else example.At
        let first = max 0 (last + 1 - MaxRows)
        let rows = Array.append [| header |] [| for i in first..last -> row example i |]

        let widths =
            [|
                for column in 0 .. header.Length - 1 -> rows |> Array.map (fun row -> row[column].Length) |> Array.max
            |]

        let line (cells: string[]) =
            let cells = Array.map2 (fun (cell: string) (width: int) -> cell.PadLeft width) cells widths
            (String.concat "  " cells).TrimEnd()

        [
            yield line rows[0]

            if first > 0 then
                yield $"  ... {first} candles before"

            yield! rows |> Seq.skip 1 |> Seq.map line
        ]
        |> String.concat "\n"
