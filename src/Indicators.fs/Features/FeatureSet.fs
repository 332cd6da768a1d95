namespace BtcBandit.Indicators

open System
open System.Diagnostics.CodeAnalysis
open System.Runtime.InteropServices
open System.Text.Json
open System.Text.Json.Serialization

/// <summary>What a feature vector needs to remember besides the indicators' own states.</summary>
[<Struct; JsonConverter(typeof<FeatureSetFormat>)>]
type internal FeatureSetState =
    {
        /// Average true range of 14 candles: the unit of every distance.
        mutable Range: AtrState
        /// The last closes.
        mutable Closes: Window
    }

and [<Sealed>] internal FeatureSetFormat() =
    inherit FieldsFormat<FeatureSetState>()

    static member val Instance = FeatureSetFormat()

    override _.Visit(fields, state) =
        fields.State("Range", AtrFormat.Instance, &state.Range)
        fields.State("Closes", WindowFormat.Instance, &state.Closes)

/// <summary>One run of a feature set: turns candles into a row of indicators and a vector of features. For one thread at a
/// time.</summary>
/// <remarks>Runs of the same <see cref="T:BtcBandit.Indicators.FeatureSet" /> share it; each has states of its own.</remarks>
[<Sealed>]
type FeatureSetRun
    internal
    (
        entries: CatalogueEntry[],
        entryRuns: ColumnRun[],
        offsets: int[],
        recipe: Feature[],
        initial: FeatureSetState,
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

        for i in 0 .. entryRuns.Length - 1 do
            let columns = row.Slice(offsets[i], offsets[i + 1] - offsets[i])
            warm <- entryRuns[i].Push(&candle, columns) && warm

        let mutable average = 0.0
        let rangeIsWarm = Ranges.stepAtr &range Features.RangePeriod rangeGain &candle &average
        vector.See candle.Close

        if rangeIsWarm then
            unitFraction <- average / candle.Close

        let ready = warm && rangeIsWarm && vector.IsWarm

        if ready then
            // Clamp the unit: a flat market would give 0/0, and a market over all magnitudes an infinite logarithm.
            let unit = if not (unitFraction > 1e-6) then 1e-6 else min 1e6 unitFraction
            vector.Write(candle.Close, row, unit, features)

        ready

    /// <summary>A second run that continues from the current state; the two share nothing that changes.</summary>
    member _.Fork() =
        let runs = entryRuns |> Array.map (fun run -> run.Fork())
        FeatureSetRun(entries, runs, offsets, recipe, { Range = range; Closes = vector.Closes }, vector.Standards)

    /// <summary>Writes every state as one JSON value, to the last bit.</summary>
    member _.WriteTo(writer: Utf8JsonWriter) : unit =
        writer.WriteStartObject()
        writer.WritePropertyName "context"
        FeatureSetFormat.Instance.WriteTo(writer, { Range = range; Closes = vector.Closes })
        writer.WriteStartArray "indicators"

        for run in entryRuns do
            run.WriteTo writer

        writer.WriteEndArray()
        writer.WriteStartArray "standards"

        for standard in vector.Standards do
            StandardFormat.Instance.WriteTo(writer, standard)

        writer.WriteEndArray()
        writer.WriteEndObject()

    /// <summary>Every state as JSON, to the last bit.</summary>
    member run.Save() : JsonElement = Written.element run.WriteTo

/// <summary>Which indicators are computed, and which features of them make the vector that an agent sees.</summary>
/// <remarks>
/// Each indicator's recipe says which features it gives, for instance the distance of the close to an average, in units of
/// the distance that a random walk of the current average true range has. Every set has the return over 1, 5 and 30 candles
/// in the same unit, the log volatility against its last day, and the constant 1. All are within -5..5 and of about unit
/// scale.
/// </remarks>
[<Sealed>]
type FeatureSet(entries: CatalogueEntry[]) =
    let columns = entries |> Array.collect _.Columns
    let offsets = entries |> Array.scan (fun offset entry -> offset + entry.Columns.Length) 0

    let features, standards = Features.make entries offsets

    let initial = { Range = Ranges.start; Closes = Window.Empty(Features.LookBack + 1) }

    /// <summary>The indicators, in the order of the list.</summary>
    member _.Entries = entries
    /// <summary>The list of indicators with all parameters, as <c>Of</c> and <c>TryParse</c> read it.</summary>
    member _.List = entries |> Array.map _.Id |> String.concat ","
    /// <summary>Names of the columns of an indicator row.</summary>
    member _.Columns = columns
    /// <summary>Names of the features, in the order of the vector.</summary>
    member _.Features = features |> Array.map _.Name

    /// <summary>The number of silent candles before the first vector of features.</summary>
    member _.WarmUp =
        (entries
         |> Array.fold (fun longest entry -> max longest entry.WarmUp) Features.LookBack)

    /// <summary>A run from the beginning.</summary>
    member _.Start() =
        let runs = entries |> Array.map (fun entry -> entry.Start())
        FeatureSetRun(entries, runs, offsets, features, initial, Array.create (standards) Standardise.start)

    static member private Sound(standards: StandardState[]) =
        let isSound (one: StandardState) =
            one.Seen >= 0
            && one.Seen <= Standardise.Length
            // All of them see every candle after the warm-up.
            && one.Seen = standards[0].Seen
            && Double.IsFinite one.Mean
            && one.Variance >= 0.0

        if not (Array.forall isSound standards) then
            raise (JsonException "A standard of the saved state is not a mean and variance.")

        standards

    /// The range and the closes see the same candles.
    static member private DemandSameCandles(state: FeatureSetState) =
        let candles = state.Closes.Count

        if
            state.Range.Range.HasPrevious <> (candles > 0)
            || state.Range.Average.Seen <> min Features.RangePeriod (max 0 (candles - 1))
        then
            raise (JsonException "The range of the saved state is not of the same candles as its closes.")

    static member private Demand(what: string, found: int, expected: int) =
        if found <> expected then
            raise (JsonException $"The saved state has {found} {what}, not {expected}.")

    /// <summary>A run from what <see cref="M:BtcBandit.Indicators.FeatureSetRun.Save" /> gave.</summary>
    /// <exception cref="System.Text.Json.JsonException">The JSON is of another list of indicators.</exception>
    member _.Restore(saved: JsonElement) =
        if saved.ValueKind <> JsonValueKind.Object then
            raise (JsonException "The saved state of a feature set is an object.")

        let fields = StateReader(saved, null)
        let indicators = fields.Items "indicators"
        let saidStandards = fields.Items "standards"
        FeatureSet.Demand("indicators", indicators.GetArrayLength(), entries.Length)
        FeatureSet.Demand("standards", saidStandards.GetArrayLength(), standards)

        let standing =
            FeatureSet.Sound
                [|
                    for one in saidStandards.EnumerateArray() -> StandardFormat.Instance.ReadFrom one
                |]

        let restored = entries |> Array.mapi (fun i entry -> entry.Restore indicators[i])
        let state = FeatureSetFormat.Instance.ReadFrom(fields.Inner "context")
        FeatureSet.Demand("closes", state.Closes.Capacity, initial.Closes.Capacity)
        FeatureSet.DemandSameCandles state
        FeatureSetRun(entries, restored, offsets, features, state, standing)

    /// <summary>Reads a list of indicators of a catalogue, such as "sma:14,ema:14,atr:14".</summary>
    /// <param name="text">The list.</param>
    /// <param name="catalogue">The indicators that may be named, for instance the built-in ones and some of yours.</param>
    /// <param name="featureSet">The feature set; null when the list is refused.</param>
    /// <param name="error">One line that says what is wrong; null when the list is read.</param>
    /// <returns>Whether it was read.</returns>
    /// <remarks>From F#: <c>FeatureSet.parseWith</c>, which gives a result.</remarks>
    static member TryParse
        (
            text: string,
            catalogue: Catalogue,
            [<Out; NotNullWhen(true)>] featureSet: byref<FeatureSet | null>,
            [<Out; NotNullWhen(false)>] error: byref<string | null>
        ) : bool =
        match catalogue.Read text with
        | Ok entries ->
            featureSet <- FeatureSet entries
            error <- null
            true
        | Error message ->
            featureSet <- null
            error <- message
            false

    /// <summary>Reads a list of built-in indicators, such as "sma:14,ema:14,atr:14".</summary>
    /// <param name="text">The list.</param>
    /// <param name="featureSet">The feature set; null when the list is refused.</param>
    /// <param name="error">One line that says what is wrong; null when the list is read.</param>
    /// <returns>Whether it was read.</returns>
    /// <remarks>From F#: <c>FeatureSet.parse</c>, which gives a result.</remarks>
    static member TryParse
        (
            text: string,
            [<Out; NotNullWhen(true)>] featureSet: byref<FeatureSet | null>,
            [<Out; NotNullWhen(false)>] error: byref<string | null>
        ) : bool =
        FeatureSet.TryParse(text, Catalogue.BuiltIn, &featureSet, &error)

    /// <summary>The feature set of a list of indicators of a catalogue, which is known to be right.</summary>
    /// <param name="text">The list.</param>
    /// <param name="catalogue">The indicators that may be named.</param>
    /// <exception cref="System.ArgumentException">The list is wrong; the message says where.</exception>
    static member Of(text: string, catalogue: Catalogue) : FeatureSet =
        match catalogue.Read text with
        | Ok entries -> FeatureSet entries
        | Error message -> raise (ArgumentException(message, nameof text))

    /// <summary>The feature set of a list of built-in indicators, which is known to be right.</summary>
    /// <param name="text">The list.</param>
    /// <exception cref="System.ArgumentException">The list is wrong; the message says where.</exception>
    static member Of(text: string) : FeatureSet = FeatureSet.Of(text, Catalogue.BuiltIn)
