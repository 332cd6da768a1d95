/// Third-party inputs and outputs in tests/Golden, as their README describes them.
module BtcBandit.Indicators.Tests.Golden

open System
open System.Globalization
open System.IO
open System.Text.Json
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

/// A row as it was printed: its numbers, absent where it says nothing, and the size of the last place of each.
type Printed = { Values: float voption[]; Places: float[] }

let private decimals (text: string) =
    match text.IndexOf '.' with
    | -1 -> 0
    | point -> text.Length - point - 1

let private digits (text: string) = text.Replace(".", "").TrimStart('-', '0').Length

/// Zeros at the end are not always printed, so the longest number tells how far a row goes: to a number of decimals,
/// of digits or both. Past 12 decimals they are noise.
let private printed (texts: string[]) =
    let decimals = texts |> Array.map decimals |> Array.max |> min 12
    let digits = texts |> Array.map digits |> Array.max

    let place (value: float) =
        let whole = if abs value < 1.0 then 0.0 else 1.0 + floor (log10 (abs value))
        Math.Pow(10.0, max -(float decimals) (whole - float digits))

    let values =
        texts
        |> Array.map (function
            | "" -> ValueNone
            | text -> ValueSome(Double.Parse(text, CultureInfo.InvariantCulture)))

    {
        Values = values
        Places = values |> Array.map (ValueOption.map place >> ValueOption.defaultValue 0.0)
    }

/// One indicator on one input; every output has the length of the input.
type Case = {
    File: string
    Name: string
    Options: float list
    Inputs: float[][]
    Outputs: Printed[]
    First: int
}

let private rows (json: JsonElement) (name: string) = [|
    for row in json.GetProperty(name).EnumerateArray() ->
        [| for number in row.EnumerateArray() -> number.GetRawText() |]
|]

let private numbers (texts: string[]) =
    texts
    |> Array.map (fun text -> Double.Parse(text, CultureInfo.InvariantCulture))

let private read (relative: string) =
    let text = File.ReadAllText(Repository.path $"tests/Golden/{relative}")
    [ for json in JsonDocument.Parse(text).RootElement.EnumerateArray() -> json ]

/// All cases of a file that holds cases.
let cases relative =
    read relative
    |> List.map (fun json ->
        let first = json.GetProperty("first").GetInt32()

        {
            File = string (json.GetProperty "file")
            Name = string (json.GetProperty "name")
            Options = [
                for option in json.GetProperty("options").EnumerateArray() -> option.GetDouble()
            ]
            Inputs = rows json "inputs" |> Array.map numbers
            Outputs =
                rows json "outputs"
                |> Array.map (fun row -> printed (Array.append (Array.create first "") row))
            First = first
        })

/// A table with a heading, column by column, without its dates.
let table relative =
    let lines =
        File.ReadAllLines(Repository.path $"tests/Golden/{relative}")
        |> Array.map _.Split(',')

    Map [
        for column, name in Array.indexed lines[0] do
            if name <> "Date" then
                name, printed [| for line in lines[1..] -> line[column] |]
    ]

/// What Jesse's tests expect: the last value, or several by name.
type Expected = {
    Indicator: string
    Candles: string option
    Closes: float[]
    Last: Map<string, float>
    /// The size of the last place.
    Place: float
}

let jesse () =
    read "jesse/expected.json"
    |> List.map (fun json ->
        let last = json.GetProperty "expected_last"

        {
            Indicator = string (json.GetProperty "indicator")
            Candles =
                match json.TryGetProperty "candles" with
                | true, name -> Some(string name)
                | false, _ -> None
            Closes =
                match json.TryGetProperty "closes" with
                | true, closes -> [| for close in closes.EnumerateArray() -> close.GetDouble() |]
                | false, _ -> [||]
            Last =
                if last.ValueKind = JsonValueKind.Object then
                    Map [ for one in last.EnumerateObject() -> one.Name, one.Value.GetDouble() ]
                else
                    Map [ "", last.GetDouble() ]
            Place = Math.Pow(10.0, -(json.GetProperty("decimals").GetDouble()))
        })

let private day = 86_400_000L

let private candle openTime o h l c v =
    match Candle.tryCreate (openTime, o, h, l, c, v) with
    | Ok candle -> candle
    | Error error -> failwith $"{openTime}: {error.Message}"

/// Candles of inputs in the order high, low, close, volume; those that a case does not give do not matter to it.
let candles (high: float[]) (low: float[]) (close: float[]) (volume: float[]) =
    Array.init close.Length (fun i -> candle (int64 i * day) close[i] high[i] low[i] close[i] volume[i])

/// Candles that are nothing but a close.
let flat (close: float[]) = candles close close close (Array.create close.Length 1.0)

let values row = row.Values |> Array.map ValueOption.get

let private jesseColumns = [ "open_time"; "open"; "high"; "low"; "close"; "volume" ]

/// Candles of Jesse, whole.
let jesseCandles name =
    let table = table $"jesse/{name}.csv"

    match jesseColumns |> List.map (fun column -> values table[column]) with
    | [ time; o; h; l; c; v ] -> Array.init time.Length (fun i -> candle (int64 time[i]) o[i] h[i] l[i] c[i] v[i])
    | _ -> failwith name
