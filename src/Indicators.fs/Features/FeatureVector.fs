namespace BtcBandit.Indicators

open System
open System.Numerics
open System.Runtime.CompilerServices
open System.Runtime.Intrinsics
open BtcBandit.Indicators.Numerics

/// The last closes of one run, in a ring. Replaces `Window`, which is a value and allocates; delete it when the feature set
/// needs no closes by their place.
[<Sealed>]
type internal RecentCloses(initial: Window) =
    // A power of two, so that a place is found without a division.
    let slots: float[] = Array.zeroCreate (int (BitOperations.RoundUpToPowerOf2(uint32 initial.Capacity)))

    let mutable count = 0L

    let push close =
        slots[int count &&& (slots.Length - 1)] <- close
        count <- count + 1L

    do
        for close in initial.Values.ToArray() do
            push close

    member _.IsFull = count >= int64 initial.Capacity
    member _.Push(close: float) = push close

    /// The close so many candles before the newest.
    member _.Before(candles: int) = slots[(int count - 1 - candles) &&& (slots.Length - 1)]

    /// The same as a value.
    member recent.Window =
        let kept = int (min count (int64 initial.Capacity))
        let mutable window = Window.Empty initial.Capacity

        for candles in kept - 1 .. -1 .. 0 do
            window <- window.Push(recent.Before candles)

        window

/// Features that are close / something - 1 in units of range, four at a time.
[<Sealed>]
type internal Ratios(recipe: Feature[], which: int[]) =
    // Padding repeats the first feature; its results are not written.
    let at i = which[if i < which.Length then i else 0]
    let places = Array.init (Lanes.Padded which.Length) (fun i -> recipe[at i].At)
    let scales = Array.init places.Length (fun i -> recipe[at i].Scale)
    let results: float[] = Array.zeroCreate places.Length

    member _.Places = places

    /// Writes the features whose divisors stand at their places in a buffer.
    member _.Write(close: float, buffer: Span<float>, perUnit: float, features: Span<float>) =
        let places, scales, results, which = places, scales, results, which

        for i in 0 .. Lanes.Width .. places.Length - 1 do
            let divisors =
                Vector256.Create(buffer[places[i]], buffer[places[i + 1]], buffer[places[i + 2]], buffer[places[i + 3]])

            let deviation = Vector256.Create close / divisors - Vector256.Create 1.0
            Lanes.Store(deviation * (Lanes.Load(&scales[i], 0) * Vector256.Create perUnit), &results[i], 0)

        for i in 0 .. which.Length - 1 do
            features[which[i]] <- Features.clip results[i]

/// One run's vector of features, computed in groups of the same kind.
[<Sealed>]
type internal FeatureVector(recipe: Feature[], initialCloses: Window, initialStandards: StandardState[]) =
    let closes = RecentCloses initialCloses
    let standards = Standards initialStandards

    let indicesWhere condition = [| 0 .. recipe.Length - 1 |] |> Array.filter (fun i -> condition recipe[i])

    let distances = Ratios(recipe, indicesWhere (fun feature -> feature.Reading = Reading.Distance))
    let returns = Ratios(recipe, indicesWhere (fun feature -> feature.Reading = Reading.Return))
    let lagged: float[] = Array.zeroCreate (Features.LookBack + 1)
    let standardised = indicesWhere (fun feature -> feature.Standard >= 0)

    // Of the standards, those that see a logarithm.
    let logged =
        [| 0 .. standardised.Length - 1 |]
        |> Array.filter (fun i ->
            let reading = recipe[standardised[i]].Reading
            reading = Reading.LogStandardised || reading = Reading.VolatilityStandardised)

    let others =
        indicesWhere (fun feature ->
            feature.Standard < 0
            && feature.Reading <> Reading.Distance
            && feature.Reading <> Reading.Return)

    // Clamp the input so that logarithm and square stay finite.
    static member inline private Loggable(value: float) =
        // A width of 0 has no logarithm; a billionth is narrower than any real one.
        if not (value > 1e-9) then 1e-9
        elif value < 1e150 then value
        else 1e150

    static member inline private Squarable(value: float) =
        if not (value > -1e150) then -1e150
        elif value < 1e150 then value
        else 1e150

    member private _.TakeStandardised(close: float, row: Span<float>, unit: float) =
        let standardised, recipe, inputs = standardised, recipe, standards.Inputs

        for i in 0 .. standardised.Length - 1 do
            let feature = &recipe[standardised[i]]

            inputs[i] <-
                match feature.Reading with
                | Reading.LogStandardised -> FeatureVector.Loggable row[feature.At]
                | Reading.Standardised -> FeatureVector.Squarable row[feature.At]
                | Reading.DistanceStandardised -> FeatureVector.Squarable(close / row[feature.At] - 1.0)
                | _ -> unit

        // Two at a time; the last of an odd number is taken twice.
        for i in 0..2 .. logged.Length - 1 do
            let first, second = logged[i], logged[min (i + 1) (logged.Length - 1)]
            let logarithms = Portable.Log(Vector128.Create(inputs[first], inputs[second]))
            inputs[first] <- logarithms.ToScalar()
            inputs[second] <- logarithms.GetElement 1

    member private _.WriteStandardised(features: Span<float>) =
        let standardised, outputs = standardised, standards.Outputs
        standards.Step()

        for i in 0 .. standardised.Length - 1 do
            features[standardised[i]] <- Features.clip outputs[i]

    member private _.WriteOthers(close: float, row: Span<float>, features: Span<float>) =
        let others, recipe = others, recipe

        for i in 0 .. others.Length - 1 do
            let feature = &recipe[others[i]]

            let value =
                match feature.Reading with
                | Reading.Centred -> 2.0 * (row[feature.At] - 0.5) * feature.Scale
                | Reading.Plain -> row[feature.At]
                | Reading.Side -> if close > row[feature.At] then 1.0 else -1.0
                | Reading.Percentage -> (row[feature.At] - 50.0) / 50.0 * feature.Scale
                | _ -> 1.0

            features[others[i]] <- Features.clip value

    /// Whether there are enough closes for the longest return.
    member _.IsWarm = closes.IsFull

    /// Takes every candle.
    member _.See(close: float) = closes.Push close

    /// Writes the features of the newest candle, whose indicators are all warm.
    member vector.Write(close: float, row: Span<float>, unit: float, features: Span<float>) =
        let perUnit = 1.0 / unit
        // The logarithms take longest and nothing else needs them: started first, so that the processor overlaps them.
        vector.TakeStandardised(close, row, unit)
        distances.Write(close, row, perUnit, features)

        for lag in returns.Places do
            lagged[lag] <- closes.Before lag

        returns.Write(close, Span<float> lagged, perUnit, features)
        vector.WriteOthers(close, row, features)
        vector.WriteStandardised features

    /// The closes as a value.
    member _.Closes = closes.Window

    /// The standards as values.
    member _.Standards = standards.States
