namespace BtcBandit.Indicators

open System
open System.Text.Json

/// <summary>What a feature vector needs to remember besides the indicators' own states.</summary>
[<Struct>]
type ContextState =
    {
        /// True range averaged over 14 candles: the unit of every distance.
        mutable Range: Pair<TrueRangeState, SmoothedState>
        /// The last closes.
        mutable Closes: Window
        /// Slow mean of ln(ATR / close).
        mutable Level: SmoothedState
    }

/// <summary>Candles to an indicator row and a context vector. For one thread at a time.</summary>
/// <remarks>The recipe (<see cref="T:BtcBandit.Indicators.Context" />) is shared, each run has its own.</remarks>
[<Sealed>]
type ContextFold
    internal
    (
        entries: CatalogueEntry[],
        entryFolds: ColumnFold[],
        offsets: int[],
        averages: struct (int * float)[],
        initial: ContextState
    ) =
    let mutable state = initial
    let mutable unitFraction = 0.0
    let range = Volatility.atr ContextFold.RangePeriod
    let level = Averages.wilder ContextFold.LevelPeriod

    let clip value = max -ContextFold.Limit (min ContextFold.Limit value)

    /// Candles in the average true range that is the unit of distance.
    static member internal RangePeriod = 14
    /// Candles in the slow mean of volatility.
    static member internal LevelPeriod = 1440
    /// The features that do not come from the list of indicators look back this far.
    static member internal LookBack = 30
    /// Largest magnitude of a feature.
    static member internal Limit = 5.0
    /// Returns over so many candles are features.
    static member internal ReturnLengths = [| 1; 5; 30 |]
    /// A one-candle return's standard deviation in average true ranges, roughly, for prices like ours.
    static member internal ReturnPerRange = 0.6

    /// <summary>Average true range / close of the newest candle, a fraction: the unit of returns. 0 in a flat market.</summary>
    member _.UnitFraction = unitFraction

    /// <summary>Takes one candle and writes its indicator row and, once everything is warm, its features.</summary>
    /// <param name="candle">The next candle.</param>
    /// <param name="row">One slot for each column; those of silent indicators are left alone.</param>
    /// <param name="features">One slot for each feature; each within -5..5.</param>
    /// <returns>False while anything is silent; the features are then meaningless.</returns>
    member _.Push(candle: Candle, row: Span<float>, features: Span<float>) : bool =
        let mutable warm = true

        for i in 0 .. entryFolds.Length - 1 do
            let columns = row.Slice(offsets[i], entries[i].Columns.Length)
            warm <- entryFolds[i].Push(candle, columns) && warm

        let mutable averageRange = 0.0
        let rangeIsWarm = range.Step.Invoke(&state.Range, candle, &averageRange)
        let before = state.Closes
        state.Closes <- before.Push candle.Close

        if rangeIsWarm then
            unitFraction <- averageRange / candle.Close

        let ready = warm && rangeIsWarm && before.IsFull

        if ready then
            // A market that does not move has no unit; a millionth of the price keeps 0/0 out and distances at 0.
            // One that ranges over all numbers has none either; a million keeps the logarithm finite.
            let unit = min 1e6 (max unitFraction 1e-6)
            let perReturn = 1.0 / (unit * ContextFold.ReturnPerRange)
            let mutable at = 0

            for struct (column, scale) in averages do
                features[at] <- clip ((candle.Close / row[column] - 1.0) * perReturn * scale)
                at <- at + 1

            let closes = before.Values

            for length in ContextFold.ReturnLengths do
                let change = candle.Close / closes[closes.Length - length] - 1.0
                features[at] <- clip (change * perReturn / sqrt (float length))
                at <- at + 1

            let logUnit = Portable.Log unit
            let mutable mean = 0.0
            level.Step.Invoke(&state.Level, logUnit, &mean) |> ignore
            features[at] <- clip (logUnit - mean)
            features[at + 1] <- 1.0

        ready

    /// <summary>Every state as JSON, to the last bit.</summary>
    member _.Save() : JsonElement =
        JsonSerializer.SerializeToElement
            {|
                indicators = entryFolds |> Array.map (fun fold -> fold.Save())
                context = JsonSerializer.SerializeToElement state
            |}

/// <summary>Which indicators are computed and which context vector the agent sees.</summary>
/// <remarks>
/// Features, each within -5..5 and of about unit scale: the distance of the close to each moving average asked for,
/// and the return over 1, 5 and 30 candles (both in units of what such a distance is in a random walk of the current
/// average true range); the log of the average true range against its slow mean; and the constant 1.
/// </remarks>
[<Sealed>]
type Context(entries: CatalogueEntry[]) =
    let columns = entries |> Array.collect _.Columns
    let offsets = entries |> Array.scan (fun offset entry -> offset + entry.Columns.Length) 0

    // In a random walk the close strays from its p-mean by about sqrt(p / 3) steps.
    let averages =
        [|
            for i in 0 .. entries.Length - 1 do
                if entries[i].Kind = "sma" || entries[i].Kind = "ema" then
                    struct (offsets[i], 1.0 / sqrt (float entries[i].Period / 3.0 + 1.0))
        |]

    let names =
        [|
            for struct (column, _) in averages do
                $"{columns[column]}_distance"
            for length in ContextFold.ReturnLengths do
                $"return_{length}"
            "volatility_level"
            "bias"
        |]

    let initial =
        {
            Range = (Volatility.atr ContextFold.RangePeriod).Initial
            Closes = Window.Empty ContextFold.LookBack
            Level = (Averages.wilder ContextFold.LevelPeriod).Initial
        }

    /// <summary>The indicators, in the order asked for.</summary>
    member _.Entries = entries
    /// <summary>The list of indicators in full, as the command line takes it.</summary>
    member _.List = entries |> Array.map _.Id |> String.concat ","
    /// <summary>Names of the row's columns.</summary>
    member _.Columns = columns
    /// <summary>Names of the features, in the vector's order.</summary>
    member _.Features = names

    /// <summary>Silent candles before the first context vector.</summary>
    member _.WarmUp =
        (entries
         |> Array.fold (fun most entry -> max most entry.WarmUp) ContextFold.LookBack)

    /// <summary>A run from the beginning.</summary>
    member _.Start() =
        ContextFold(entries, entries |> Array.map (fun entry -> entry.Start()), offsets, averages, initial)

    /// <summary>A run from what <see cref="M:BtcBandit.Indicators.ContextFold.Save" /> gave.</summary>
    /// <exception cref="System.Text.Json.JsonException">The JSON is of another list of indicators.</exception>
    member _.Restore(saved: JsonElement) =
        let folds = saved.GetProperty("indicators")

        if folds.GetArrayLength() <> entries.Length then
            raise (JsonException $"The saved state is of {folds.GetArrayLength()} indicators, not {entries.Length}.")

        ContextFold(
            entries,
            entries |> Array.mapi (fun i entry -> entry.Restore folds[i]),
            offsets,
            averages,
            SavedState.read<ContextState>(saved.GetProperty "context")
        )

    /// <summary>Reads a list of indicators such as "sma:14,ema:14,atr:14".</summary>
    /// <returns>The context, or one line that says what is wrong.</returns>
    static member Parse(text: string) : Result<Context, string> = Catalogue.parse text |> Result.map Context

    /// <summary>The context of a list of indicators that is known to be right.</summary>
    /// <exception cref="System.ArgumentException">It is not; the message says what is wrong.</exception>
    static member Of(text: string) : Context =
        match Context.Parse text with
        | Ok context -> context
        | Error message -> raise (ArgumentException(message, nameof text))
