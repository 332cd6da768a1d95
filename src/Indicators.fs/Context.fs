namespace BtcBandit.Indicators

open System
open System.Diagnostics.CodeAnalysis
open System.Runtime.InteropServices
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
    let rangeGain = Averages.wilderGain Features.RangePeriod
    let vector = FeatureVector(recipe, initial.Closes, standards)
    let mutable range = initial.Range
    let mutable unitFraction = 0.0

    /// <summary>Average true range / close of the newest candle, a fraction: the unit of returns. 0 in a flat market.</summary>
    member _.UnitFraction = unitFraction

    /// <summary>Takes one candle and writes its indicator row and, once everything is warm, its features.</summary>
    /// <param name="candle">The next candle.</param>
    /// <param name="row">One slot for each column; zeros for silent indicators.</param>
    /// <param name="features">One slot for each feature; each within -5..5.</param>
    /// <returns>False while anything is silent; the features are then meaningless.</returns>
    member _.Push(candle: inref<Candle>, row: Span<float>, features: Span<float>) : bool =
        let mutable warm = true

        for i in 0 .. entryFolds.Length - 1 do
            let columns = row.Slice(offsets[i], offsets[i + 1] - offsets[i])
            warm <- entryFolds[i].Push(&candle, columns) && warm

        let mutable average = 0.0
        let rangeIsWarm = Ranges.stepAtr &range Features.RangePeriod rangeGain &candle &average
        vector.See candle.Close

        if rangeIsWarm then
            unitFraction <- average / candle.Close

        let ready = warm && rangeIsWarm && vector.IsWarm

        if ready then
            // A market that does not move has no unit; a millionth of the price keeps 0/0 out and distances at 0.
            // One that ranges over all numbers has none either; a million keeps the logarithm finite.
            let unit = if not (unitFraction > 1e-6) then 1e-6 else min 1e6 unitFraction
            vector.Write(candle.Close, row, unit, features)

        ready

    /// <summary>A second run from here on; the two share nothing that changes.</summary>
    member _.Fork() =
        let folds = entryFolds |> Array.map (fun fold -> fold.Fork())
        ContextFold(entries, folds, offsets, recipe, { Range = range; Closes = vector.Closes }, vector.Standards)

    /// <summary>Every state as JSON, to the last bit.</summary>
    member _.Save() : JsonElement =
        JsonSerializer.SerializeToElement
            {|
                indicators = entryFolds |> Array.map (fun fold -> fold.Save())
                context = SavedState.write { Range = range; Closes = vector.Closes }
                standards = SavedState.write vector.Standards
            |}

/// <summary>Which indicators are computed and which context vector the agent sees.</summary>
/// <remarks>
/// Features, each within -5..5 and of about unit scale. Of the indicators asked for: the distance of the close to each
/// average (sma, ema, wma, vwap) and stop (sar, supertrend), in units of what such a distance is in a random walk of the
/// current average true range (that to the vwap since the first candle against its own last day); the side of each stop, +1
/// or -1; %B about its middle, in units of two deviations; log bandwidth, log deviation, trix, roc and macd against their
/// own last day; rsi about 50, the more periods the more it counts; the z-score. And always: the return over 1, 5 and 30 candles in the same unit, log volatility against its last day, and the constant 1.
/// </remarks>
[<Sealed>]
type Context(entries: CatalogueEntry[]) =
    let columns = entries |> Array.collect _.Columns
    let offsets = entries |> Array.scan (fun offset entry -> offset + entry.Columns.Length) 0

    let features, standards = Features.make entries offsets

    let initial = { Range = Ranges.start; Closes = Window.Empty(Features.LookBack + 1) }

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
         |> Array.fold (fun most entry -> max most entry.WarmUp) Features.LookBack)

    /// <summary>A run from the beginning.</summary>
    member _.Start() =
        let folds = entries |> Array.map (fun entry -> entry.Start())
        ContextFold(entries, folds, offsets, features, initial, Array.create (standards) Standardise.start)

    /// <summary>A run from what <see cref="M:BtcBandit.Indicators.ContextFold.Save" /> gave.</summary>
    /// <exception cref="System.Text.Json.JsonException">The JSON is of another list of indicators.</exception>
    member _.Restore(saved: JsonElement) =
        let folds = saved.GetProperty("indicators")
        let standing = SavedState.read<StandardState[]>(saved.GetProperty "standards")

        if folds.GetArrayLength() <> entries.Length then
            raise (JsonException $"The saved state is of {folds.GetArrayLength()} indicators, not {entries.Length}.")

        let isSound (one: StandardState) =
            one.Seen >= 0
            && one.Seen <= Standardise.Length
            // All of them see every candle after the warm-up.
            && one.Seen = standing[0].Seen
            && Double.IsFinite one.Mean
            && one.Variance >= 0.0

        if standing.Length <> standards then
            raise (JsonException $"The saved state has {standing.Length} standards, not {standards}.")

        if not (Array.forall isSound standing) then
            raise (JsonException "A standard of the saved state is no mean and variance.")

        let restored = entries |> Array.mapi (fun i entry -> entry.Restore folds[i])
        let state = SavedState.read<ContextState>(saved.GetProperty "context")

        if state.Closes.Capacity <> initial.Closes.Capacity then
            raise (
                JsonException $"The saved state keeps {state.Closes.Capacity} closes, not {initial.Closes.Capacity}."
            )

        ContextFold(entries, restored, offsets, features, state, standing)

    /// <summary>Reads a list of indicators such as "sma:14,ema:14,atr:14".</summary>
    /// <param name="text">As the command line takes it.</param>
    /// <param name="context">The context; null when the list is refused.</param>
    /// <param name="error">One line that says what is wrong; null when the list is read.</param>
    /// <returns>Whether it was read.</returns>
    /// <remarks>From F#: <c>Context.parse</c>, which gives a result.</remarks>
    static member TryParse
        (
            text: string,
            [<Out; NotNullWhen(true)>] context: byref<Context | null>,
            [<Out; NotNullWhen(false)>] error: byref<string | null>
        ) : bool =
        match Catalogue.read text with
        | Ok entries ->
            context <- Context entries
            error <- null
            true
        | Error message ->
            context <- null
            error <- message
            false

    /// <summary>The context of a list of indicators that is known to be right.</summary>
    /// <exception cref="System.ArgumentException">It is not; the message says what is wrong.</exception>
    static member Of(text: string) : Context =
        match Catalogue.read text with
        | Ok entries -> Context entries
        | Error message -> raise (ArgumentException(message, nameof text))
