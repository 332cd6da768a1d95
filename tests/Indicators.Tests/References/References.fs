/// Our values beside those of other libraries, on the inputs that those publish.
module BtcBandit.Indicators.Tests.References

open System
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Tests.Golden

/// Both on the same inputs; absent where silent.
type Comparison = {
    Title: string
    /// One of the inputs, to measure differences by.
    Price: float[]
    Ours: float voption[]
    Theirs: Printed
} with

    /// Index and ours - theirs, where both speak.
    member comparison.Differences: (int * float)[] =
        Array.zip comparison.Ours comparison.Theirs.Values
        |> Array.indexed
        |> Array.choose (function
            | i, (ValueSome ours, ValueSome theirs) -> Some(i, ours - theirs)
            | _ -> None)

    /// The largest difference from an index on.
    member comparison.LargestFrom index =
        comparison.Differences
        |> Array.filter (fun (i, _) -> i >= index)
        |> Array.map (snd >> abs)
        |> Array.max

    /// Half of the last printed place, and what reading it as a binary number costs.
    member comparison.Rounding(index: int) = 0.5 * comparison.Theirs.Places[index] + 1e-14 * comparison.Price[index]

    /// Never further apart than printing rounds, where both speak, and ours never speaks alone.
    member comparison.IsSameWhereBothSpeak =
        comparison.Differences
        |> Array.forall (fun (i, difference) -> abs difference <= comparison.Rounding i)
        && Array.forall2
            (fun (ours: float voption) (theirs: float voption) -> ours.IsNone || theirs.IsSome)
            comparison.Ours
            comparison.Theirs.Values
        && comparison.Differences.Length > 0

    /// The same, and both begin at the same index.
    member comparison.IsSame =
        comparison.IsSameWhereBothSpeak
        && Array.forall2
            (fun (ours: float voption) (theirs: float voption) -> ours.IsSome = theirs.IsSome)
            comparison.Ours
            comparison.Theirs.Values

    /// The first index from which on they differ by no more than a share of the price.
    member comparison.AgreesFrom share =
        let apart =
            comparison.Differences
            |> Array.filter (fun (i, difference) -> abs difference > share * comparison.Price[i])

        match apart with
        | [||] -> Some(fst comparison.Differences[0])
        | apart when fst (Array.last apart) = fst (Array.last comparison.Differences) -> None
        | apart -> Some(fst (Array.last apart) + 1)

/// All columns of one entry of the catalogue.
let columns text (candles: Candle[]) =
    match Catalogue.parse text with
    | Ok [| entry |] ->
        let run = entry.Start()

        let rows =
            candles
            |> Array.map (fun candle ->
                let row = Array.create entry.Columns.Length nan
                if run.Push(&candle, Span row) then ValueSome row else ValueNone)

        List.init entry.Columns.Length (fun column -> rows |> Array.map (ValueOption.map (fun row -> row[column])))
    | other -> failwith $"{text}: %A{other}"

let private changed change = List.map (Array.map (ValueOption.map change))

let private shareOfClose (closes: float[]) column =
    Array.map2 (fun close value -> value |> ValueOption.map (fun value -> 100.0 * value / close)) closes column

let private flatCandles (case: Case) = flat case.Inputs[0]

let private highLow (case: Case) =
    let high, low = case.Inputs[0], case.Inputs[1]
    candles high low low low

let private highLowClose (case: Case) = candles case.Inputs[0] case.Inputs[1] case.Inputs[2] case.Inputs[2]

let private compare library (case: Case) ours =
    let options = case.Options |> List.map string |> String.concat ", "

    List.mapi2
        (fun output ours theirs ->
            let which = if case.Outputs.Length > 1 then $" [{output}]" else ""

            {
                Title = $"{library} {case.File}: {case.Name} {options}".TrimEnd() + which
                Price = case.Inputs[0]
                Ours = ours
                Theirs = theirs
            })
        ours
        (List.ofArray case.Outputs)

let private silentBefore index = List.map (Array.mapi (fun i value -> if i < index then ValueNone else value))

/// Negative for a stop above the price, as TA-Lib's extended stop is.
let private signed (case: Case) =
    List.map (
        Array.map2 (fun high -> ValueOption.map (fun stop -> if stop >= high then -stop else stop)) case.Inputs[0]
    )

/// TA-Lib's functions in our terms; its outputs in its order.
let talib (case: Case) =
    let ofClose text = columns text (flatCandles case)

    match case.Name, case.Options with
    | ("Sma", [ p ])
    | ("Ma", [ p; 0.0 ]) -> ofClose $"sma:{p}"
    | "Ema", [ p ] -> ofClose $"ema:{p}"
    | "Wma", [ p ] -> ofClose $"wma:{p}"
    | "StdDev", [ p; multiple ] -> ofClose $"stdev:{p}" |> changed ((*) multiple)
    | "Var", [ p ] -> ofClose $"stdev:{p}" |> changed (fun deviation -> deviation * deviation)
    | "Trix", [ p ] -> ofClose $"trix:{p}"
    | "Rsi", [ p ] -> ofClose $"rsi:{p}"
    | "Cmo", [ p ] -> ofClose $"rsi:{p}" |> changed (fun rsi -> 2.0 * rsi - 100.0)
    | "Roc", [ p ] -> ofClose $"roc:{p}"
    | "RocP", [ p ] -> ofClose $"roc:{p}" |> changed (fun roc -> roc / 100.0)
    | "RocR", [ p ] -> ofClose $"roc:{p}" |> changed (fun roc -> 1.0 + roc / 100.0)
    | "RocR100", [ p ] -> ofClose $"roc:{p}" |> changed (fun roc -> 100.0 + roc)
    | "Bbands", [ p; up; down; 0.0 ] when up = down ->
        let bands = ofClose $"bb:{p}:{up}"
        [ bands[1]; bands[0]; bands[2] ]
    | "Macd", [ a; b; signal ] -> ofClose $"macd:{min a b}:{max a b}:{signal}"
    | "MacdFix", [ signal ] -> ofClose $"macd:12:26:{signal}"
    // Each average is seeded with its own first closes, so this is not the line of the MACD.
    | "Apo", [ fast; slow; 1.0 ] ->
        List.map2 (Array.map2 (ValueOption.map2 (-))) (ofClose $"ema:{fast}") (ofClose $"ema:{slow}")
    | "Atr", [ p ] -> columns $"atr:{p}" (highLowClose case)
    // With period 1 TA-Lib does not divide by the close.
    | "Natr", [ 1.0 ] -> columns "atr:1" (highLowClose case)
    | "Natr", [ p ] -> columns $"atr:{p}" (highLowClose case) |> List.map (shareOfClose case.Inputs[2])
    | "TRange", [] -> [ Indicator.run Volatility.trueRange (highLowClose case) ]
    | "TypPrice", [] -> columns "vwap:1" (highLowClose case)
    | "Sar", [ step; most ] -> columns $"sar:{step}:{most}" (highLow case)
    | "SarExt", [ 0.0; 0.0; step; _; most; _; _; _ ] -> columns $"sar:{step}:{most}" (highLow case) |> signed case
    | other -> failwith $"TA-Lib: %A{other}"
    // An "unstable period" only drops values.
    |> silentBefore (if case.File = "unst" then case.First else 0)
    |> compare "TA-Lib" case

/// Tulip's functions in our terms.
let tulip (case: Case) =
    let ofClose text = columns text (flatCandles case)

    match case.Name, case.Options with
    | "sma", [ p ] -> ofClose $"sma:{p}"
    | "ema", [ p ] -> ofClose $"ema:{p}"
    | "wma", [ p ] -> ofClose $"wma:{p}"
    | "stddev", [ p ] -> ofClose $"stdev:{p}"
    | "var", [ p ] -> ofClose $"stdev:{p}" |> changed (fun deviation -> deviation * deviation)
    | "trix", [ p ] -> ofClose $"trix:{p}"
    | "rsi", [ p ] -> ofClose $"rsi:{p}"
    | "roc", [ p ] -> ofClose $"roc:{p}" |> changed (fun roc -> roc / 100.0)
    | "rocr", [ p ] -> ofClose $"roc:{p}" |> changed (fun roc -> 1.0 + roc / 100.0)
    | "bbands", [ p; multiple ] ->
        let bands = ofClose $"bb:{p}:{multiple}"
        [ bands[2]; bands[0]; bands[1] ]
    | "macd", [ fast; slow; signal ] -> ofClose $"macd:{fast}:{slow}:{signal}"
    | "wilders", [ p ] -> [ Indicator.run (Averages.wilder (int p)) case.Inputs[0] ]
    | "vwma", [ p ] ->
        let close, volume = case.Inputs[0], case.Inputs[1]
        columns $"vwap:{p}" (candles close close close volume)
    | "tr", [] -> [ Indicator.run Volatility.trueRange (highLowClose case) ]
    | "atr", [ p ] -> columns $"atr:{p}" (highLowClose case)
    | "natr", [ p ] -> columns $"atr:{p}" (highLowClose case) |> List.map (shareOfClose case.Inputs[2])
    | "psar", [ step; most ] -> columns $"sar:{step}:{most}" (highLow case)
    | other -> failwith $"Tulip: %A{other}"
    |> compare "Tulip" case

/// A column of a table of ta beside ours.
let private ta file column (ours: Map<string, Printed> -> float voption[]) =
    let table = table $"ta/{file}.csv"

    {
        Title = $"ta {file}: {column}"
        Price = values table["Close"]
        Ours = ours table
        Theirs = table[column]
    }

let private closes (table: Map<string, Printed>) = flat (values table["Close"])

let private ranges (table: Map<string, Printed>) =
    candles (values table["High"]) (values table["Low"]) (values table["Close"]) (values table["Close"])

let private volumes (table: Map<string, Printed>) =
    candles (values table["High"]) (values table["Low"]) (values table["Close"]) (values table["Volume"])

/// Zeros stand for silence in ta's average true range.
let private withoutZeros comparison =
    let spoken =
        comparison.Theirs.Values
        |> Array.map (fun value -> if value = ValueSome 0.0 then ValueNone else value)

    { comparison with Theirs = { comparison.Theirs with Values = spoken } }

/// ta has a column for each side of the stop.
let private taSar () =
    let side column = ta "cs-psar" column (fun table -> (columns "sar:0.02:0.2" (ranges table))[0])
    let up, down = side "psar_up", side "psar_down"

    {
        up with
            Title = "ta cs-psar: psar"
            Theirs = {
                Values = Array.map2 ValueOption.orElse up.Theirs.Values down.Theirs.Values
                Places = Array.map2 max up.Theirs.Places down.Theirs.Places
            }
    }

let taAll () =
    let close file column text index = ta file column (fun table -> (columns text (closes table))[index])

    [
        close "cs-bbands" "MiddleBand" "bb" 0
        close "cs-bbands" "HighBand" "bb" 1
        close "cs-bbands" "LowBand" "bb" 2
        close "cs-bbands" "PercentageBand" "bb" 3
        ta "cs-bbands" "WidthBand" (fun table -> (columns "bb" (closes table) |> changed ((*) 100.0))[4])
        close "cs-bbands" "20-day Standard Deviation" "stdev" 0
        close "cs-wma" "WMA" "wma:9" 0
        close "cs-roc" "ROC" "roc:12" 0
        ta "cs-vwap" "vwap" (fun table -> (columns "vwap:14" (volumes table))[0])
        ta "cs-atr" "TR" (fun table -> Indicator.run Volatility.trueRange (ranges table))
        close "cs-macd" "short_ema" "ema:12" 0
        close "cs-macd" "long_ema" "ema:26" 0
        close "cs-macd" "MACD_line" "macd" 0
        close "cs-macd" "MACD_signal" "macd" 1
        close "cs-macd" "MACD_diff" "macd" 2
        ta "cs-atr" "ATR" (fun table -> (columns "atr:14" (ranges table))[0])
        |> withoutZeros
        ta "cs-atr2" "ATR" (fun table -> (columns "atr:10" (ranges table))[0])
        |> withoutZeros
        taSar ()
    ]

let talibAll () = cases "talib-netcore.json" |> List.collect talib
let tulipAll () = cases "tulip.json" |> List.collect tulip
