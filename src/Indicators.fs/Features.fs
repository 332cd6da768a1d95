namespace BtcBandit.Indicators

open System
open System.Text.Json

/// <summary>What a feature vector needs to remember besides the indicators' own states.</summary>
[<Struct>]
type ContextState =
    {
        /// Average true range of 14 candles: the unit of every distance.
        mutable Range: AtrState
        /// The last closes.
        mutable Closes: Window
    }

/// How a feature is made of the row and the candle.
type internal Reading =
    /// (close - column) in units of range x scale.
    | Distance = 0
    /// 2 x (column - 0.5), a band's position about 0.
    | Centred = 1
    /// The column itself.
    | Plain = 2
    /// The log of the column against its own past.
    | LogStandardised = 3
    /// The column against its own past.
    | Standardised = 4
    /// +1 above the column, -1 below or on it.
    | Side = 5
    /// The return over so many candles, in units of range x root of their number.
    | Return = 6
    /// The log of range / close against its own past.
    | VolatilityStandardised = 7
    /// (column - 50) / 50, a percentage about its middle.
    | Percentage = 8
    /// 1.
    | Bias = 9

/// One feature: what is read, from where, and how it is scaled.
[<Struct>]
type internal Feature =
    {
        Name: string
        Reading: Reading
        /// A column, or a number of candles.
        At: int
        Scale: float
        /// Which standardiser, where there is one.
        Standard: int
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
        recipe: Feature[],
        initial: ContextState,
        standards: StandardState[]
    ) =
    let mutable state = initial
    let mutable unitFraction = 0.0

    /// Candles in the average true range that is the unit of distance.
    static member internal RangePeriod = 14
    /// The features that do not come from the list of indicators look back this far.
    static member internal LookBack = 30
    /// Largest magnitude of a feature.
    static member internal Limit = 5.0
    /// A one-candle return's standard deviation in average true ranges, roughly, for prices like ours.
    static member internal ReturnPerRange = 0.6

    // Whatever a number was, also infinite: the vector stays within its limits.
    static member inline private Clip(value: float) =
        if value > ContextFold.Limit then ContextFold.Limit
        elif value > -ContextFold.Limit then value
        else -ContextFold.Limit

    /// <summary>Average true range / close of the newest candle, a fraction: the unit of returns. 0 in a flat market.</summary>
    member _.UnitFraction = unitFraction

    member private _.Read(feature: inref<Feature>, candle: inref<Candle>, row: Span<float>, unit: float) : float =
        match feature.Reading with
        | Reading.Distance -> (candle.Close / row[feature.At] - 1.0) * feature.Scale / unit
        | Reading.Centred -> 2.0 * (row[feature.At] - 0.5)
        | Reading.Plain -> row[feature.At]
        | Reading.LogStandardised ->
            // A width of 0 has no logarithm; a billionth is narrower than any real one.
            let input = Portable.Log(max row[feature.At] 1e-9)
            Standardise.step &standards[feature.Standard] Standardise.Length input
        | Reading.Standardised -> Standardise.step &standards[feature.Standard] Standardise.Length row[feature.At]
        | Reading.Side -> if candle.Close > row[feature.At] then 1.0 else -1.0
        | Reading.Return ->
            let closes = state.Closes.Values

            (candle.Close / closes[closes.Length - 1 - feature.At] - 1.0) * feature.Scale
            / unit
        | Reading.VolatilityStandardised ->
            Standardise.step &standards[feature.Standard] Standardise.Length (Portable.Log unit)
        | Reading.Percentage -> (row[feature.At] - 50.0) / 50.0
        | _ -> 1.0

    /// <summary>Takes one candle and writes its indicator row and, once everything is warm, its features.</summary>
    /// <param name="candle">The next candle.</param>
    /// <param name="row">One slot for each column; zeros for silent indicators.</param>
    /// <param name="features">One slot for each feature; each within -5..5.</param>
    /// <returns>False while anything is silent; the features are then meaningless.</returns>
    member fold.Push(candle: Candle, row: Span<float>, features: Span<float>) : bool =
        let mutable warm = true

        for i in 0 .. entryFolds.Length - 1 do
            let columns = row.Slice(offsets[i], entries[i].Columns.Length)
            warm <- entryFolds[i].Push(&candle, columns) && warm

        let gain = Averages.wilderGain ContextFold.RangePeriod
        let mutable range = 0.0
        let rangeIsWarm = Ranges.stepAtr &state.Range ContextFold.RangePeriod gain &candle &range
        state.Closes <- state.Closes.Push candle.Close

        if rangeIsWarm then
            unitFraction <- range / candle.Close

        let ready = warm && rangeIsWarm && state.Closes.IsFull

        if ready then
            // A market that does not move has no unit; a millionth of the price keeps 0/0 out and distances at 0.
            // One that ranges over all numbers has none either; a million keeps the logarithm finite.
            let unit = min 1e6 (max unitFraction 1e-6)

            for i in 0 .. recipe.Length - 1 do
                features[i] <- ContextFold.Clip(fold.Read(&recipe[i], &candle, row, unit))

        ready

    /// <summary>A second run from here on; the two share nothing that changes.</summary>
    member _.Fork() =
        let folds = entryFolds |> Array.map (fun fold -> fold.Fork())
        ContextFold(entries, folds, offsets, recipe, state, Array.copy standards)

    /// <summary>Every state as JSON, to the last bit.</summary>
    member _.Save() : JsonElement =
        JsonSerializer.SerializeToElement
            {|
                indicators = entryFolds |> Array.map (fun fold -> fold.Save())
                context = SavedState.write state
                standards = SavedState.write standards
            |}

/// <summary>Which indicators are computed and which context vector the agent sees.</summary>
/// <remarks>
/// Features, each within -5..5 and of about unit scale. Of the indicators asked for: the distance of the close to each
/// average (sma, ema, wma, vwap) and stop (sar, supertrend), in units of what such a distance is in a random walk of the
/// current average true range; the side of each stop, +1 or -1; %B about its middle, -1 at the lower band and 1 at the
/// upper; log bandwidth, log deviation, trix, roc and macd against their own last day; rsi from -1 to 1; the z-score. And always:
/// the return over 1, 5 and 30 candles in the same unit, log volatility against its last day, and the constant 1.
/// </remarks>
[<Sealed>]
type Context(entries: CatalogueEntry[]) =
    let columns = entries |> Array.collect _.Columns
    let offsets = entries |> Array.scan (fun offset entry -> offset + entry.Columns.Length) 0

    let feature name reading at scale = { Name = name; Reading = reading; At = at; Scale = scale; Standard = -1 }

    let perReturn = 1.0 / ContextFold.ReturnPerRange

    // In a random walk the close strays from its p-mean by about sqrt(p / 3) steps.
    let distance name at period =
        feature $"{name}_distance" Reading.Distance at (perReturn / sqrt (float period / 3.0 + 1.0))

    let ofEntry i =
        let entry, at = entries[i], offsets[i]
        let name = entry.Columns[0]

        match entry.Kind with
        | "sma"
        | "ema"
        | "wma" -> [ distance name at entry.Period ]
        // Since midnight the anchor is half a day old on average.
        | "vwap" -> [ distance name at 720 ]
        | "sar" -> [ distance name at 30; feature $"{name}_side" Reading.Side at 1.0 ]
        | "supertrend" -> [ distance name at 60; feature entry.Columns[1] Reading.Plain (at + 1) 1.0 ]
        | "bb" ->
            [
                feature entry.Columns[3] Reading.Centred (at + 3) 1.0
                feature entry.Columns[4] Reading.LogStandardised (at + 4) 1.0
            ]
        | "trix"
        | "roc"
        | "macd" -> [ feature name Reading.Standardised at 1.0 ]
        | "stdev" -> [ feature name Reading.LogStandardised at 1.0 ]
        | "zscore" -> [ feature name Reading.Plain at 1.0 ]
        | "rsi" -> [ feature name Reading.Percentage at 1.0 ]
        | _ -> []

    let recipe =
        [
            yield! List.collect ofEntry [ 0 .. entries.Length - 1 ]
            for length in [ 1; 5; 30 ] do
                feature $"return_{length}" Reading.Return length (perReturn / sqrt (float length))
            feature "volatility" Reading.VolatilityStandardised 0 1.0
            feature "bias" Reading.Bias 0 1.0
        ]
        |> List.mapFold
            (fun standards feature ->
                match feature.Reading with
                | Reading.LogStandardised
                | Reading.Standardised
                | Reading.VolatilityStandardised -> { feature with Standard = standards }, standards + 1
                | _ -> feature, standards)
            0

    let features = recipe |> fst |> Array.ofList

    let initial = { Range = Ranges.start; Closes = Window.Empty(ContextFold.LookBack + 1) }

    /// <summary>The indicators, in the order asked for.</summary>
    member _.Entries = entries
    /// <summary>The list of indicators in full, as the command line takes it.</summary>
    member _.List = entries |> Array.map _.Id |> String.concat ","
    /// <summary>Names of the row's columns.</summary>
    member _.Columns = columns
    /// <summary>Names of the features, in the vector's order.</summary>
    member _.Features = features |> Array.map _.Name

    /// <summary>Silent candles before the first context vector.</summary>
    member _.WarmUp =
        (entries
         |> Array.fold (fun most entry -> max most entry.WarmUp) ContextFold.LookBack)

    /// <summary>A run from the beginning.</summary>
    member _.Start() =
        let folds = entries |> Array.map (fun entry -> entry.Start())
        ContextFold(entries, folds, offsets, features, initial, Array.create (snd recipe) Standardise.start)

    /// <summary>A run from what <see cref="M:BtcBandit.Indicators.ContextFold.Save" /> gave.</summary>
    /// <exception cref="System.Text.Json.JsonException">The JSON is of another list of indicators.</exception>
    member _.Restore(saved: JsonElement) =
        let folds = saved.GetProperty("indicators")
        let standards = SavedState.read<StandardState[]>(saved.GetProperty "standards")

        if folds.GetArrayLength() <> entries.Length || standards.Length <> snd recipe then
            raise (JsonException $"The saved state is of {folds.GetArrayLength()} indicators, not {entries.Length}.")

        let restored = entries |> Array.mapi (fun i entry -> entry.Restore folds[i])
        let state = SavedState.read<ContextState>(saved.GetProperty "context")
        ContextFold(entries, restored, offsets, features, state, standards)

    /// <summary>Reads a list of indicators such as "sma:14,ema:14,atr:14".</summary>
    /// <returns>The context, or one line that says what is wrong.</returns>
    static member Parse(text: string) : Result<Context, string> = Catalogue.parse text |> Result.map Context

    /// <summary>The context of a list of indicators that is known to be right.</summary>
    /// <exception cref="System.ArgumentException">It is not; the message says what is wrong.</exception>
    static member Of(text: string) : Context =
        match Context.Parse text with
        | Ok context -> context
        | Error message -> raise (ArgumentException(message, nameof text))
