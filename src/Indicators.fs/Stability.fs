namespace BtcBandit.Indicators

open System
open System.Collections.Generic
open System.Globalization

/// <summary>The number of candles after which two different pasts no longer matter.</summary>
[<Struct>]
type Forgetting =
    {
        /// The number; without an end, a number that did not suffice.
        Candles: int
        /// Whether the pasts agreed in the end.
        HasEnd: bool
    }

    /// <summary>A length that was reached.</summary>
    static member Settled(candles: int) = { Candles = candles; HasEnd = true }

    /// <summary>The longer of two; one without an end is longer than any with one.</summary>
    static member Worse(one: Forgetting, other: Forgetting) =
        if one.HasEnd = other.HasEnd then
            (if one.Candles >= other.Candles then one else other)
        elif one.HasEnd then
            other
        else
            one

    /// <summary>The number, after "> " where there is no end.</summary>
    override length.ToString() =
        String.Concat((if length.HasEnd then "" else "> "), length.Candles.ToString CultureInfo.InvariantCulture)

/// The outputs of an indicator over all candles, and comparisons of other runs with them.
[<Sealed>]
type internal RealOutputs(entry: CatalogueEntry, candles: Candle[]) =
    let width = entry.Columns.Length
    let values: float[] = Array.zeroCreate (width * candles.Length)
    let row: float[] = Array.zeroCreate width

    let speaks =
        let run = entry.Start()

        Array.init candles.Length (fun i -> run.Push(&candles[i], values.AsSpan(i * width, width)))

    // The mean magnitude of a column: a value near zero says nothing about its size, and macd crosses zero every hour.
    let typicalSizes =
        Array.init width (fun column ->
            let mutable sum = 0.0
            let mutable count = 0

            for i in 0 .. speaks.Length - 1 do
                if speaks[i] then
                    sum <- sum + abs values[i * width + column]
                    count <- count + 1

            if count = 0 then 0.0 else sum / float count)

    let scaled (level: float) (candle: Candle) =
        Candle.Of(
            candle.OpenTime,
            candle.Open * level,
            candle.High * level,
            candle.Low * level,
            candle.Close * level,
            candle.Volume
        )

    let difference index spoke =
        if spoke <> speaks[index] then
            infinity
        else
            let mutable largest = 0.0

            for column in 0 .. width - 1 do
                let mine, other = values[index * width + column], row[column]
                let size = Math.Max(typicalSizes[column], Math.Max(abs mine, abs other))

                if mine <> other then
                    largest <- Math.Max(largest, abs (mine - other) / size)

            largest

    /// Silent candles before the first value, or all; a silence after it is against the law of warm-up.
    member _.SilentAtFirst() =
        let silent =
            match Array.tryFindIndex id speaks with
            | Some first -> first
            | None -> speaks.Length

        if Array.contains false speaks[silent..] then
            raise (
                InvalidOperationException(
                    "an indicator was silent again after "
                    + silent.ToString CultureInfo.InvariantCulture
                    + " candles"
                )
            )

        silent

    /// Takes another run through the candles before a place, at another level of prices, with the same times and volumes.
    member _.Live(other: ColumnRun, place: int, level: float) =
        for i in 0 .. place - 1 do
            let candle = scaled level candles[i]
            other.Push(&candle, row.AsSpan()) |> ignore

    /// Runs another run over the candles from a place on: the numbers of the last candles at which it differs by more than
    /// each tolerance, counted from the place.
    member _.LastDifferences(other: ColumnRun, place: int, rough: float, exact: float) =
        let mutable roughly = 0
        let mutable exactly = 0

        for i in place .. candles.Length - 1 do
            let found = difference i (other.Push(&candles[i], row.AsSpan()))

            if found > exact then
                exactly <- i - place + 1

            if found > rough then
                roughly <- i - place + 1

        struct (roughly, exactly)

/// <summary>How much of the past an indicator needs, measured on candles.</summary>
[<Sealed>]
type Stability private (id: string, silent: int, forgets: bool, roughly: Forgetting, exactly: Forgetting) =

    static let millisecondsPerDay = 86_400_000L

    // Powers of two: the other pasts are as regular as the real one, to the last bit. 0 is no past at all.
    static let otherLevels = [ 2.0; 0.5; 0.0 ]

    static let afterMidnight (candles: ReadOnlySpan<Candle>) (place: int) =
        let mutable i = place

        while i < candles.Length - 1 && candles[i].OpenTime % millisecondsPerDay <> 0L do
            i <- i + 1

        if i < candles.Length - 1 then i + 1 else place

    /// <summary>Kind and parameters, for instance "sma:14".</summary>
    member _.Id = id

    /// <summary>Candles without a value at the start, as the indicator states; counted where there are so many.</summary>
    member _.Silent = silent

    /// <summary>Whether the indicator is made to forget at all; a sum since the first candle is not.</summary>
    member _.Forgets = forgets

    /// <summary>Candles until two pasts agree to 1e-3.</summary>
    member _.Roughly = roughly

    /// <summary>Candles until two pasts agree to 1e-9.</summary>
    member _.Exactly = exactly

    /// <summary>The largest number of candles that is looked at, 100,000; with their outputs about 10 MB.</summary>
    static member MaxCandles = 100_000

    /// <summary>The number of candles below which there is nothing to measure, 2.</summary>
    static member MinCandles = 2

    /// <summary>The largest number of places at which pasts are exchanged, 32, in equal steps up to the middle.</summary>
    static member Places = 32

    /// <summary>The wider tolerance, 1e-3 relative.</summary>
    static member Rough = 1e-3

    /// <summary>The narrower tolerance, 1e-9 relative.</summary>
    static member Exact = 1e-9

    /// <summary>The places at which pasts are exchanged, as numbers of candles before them.</summary>
    /// <param name="candles">In order of time; few candles have fewer than <c>Places</c>.</param>
    /// <remarks>Every second place is the candle after a midnight: what begins anew each day forgets latest from there.</remarks>
    static member PlacesIn(candles: ReadOnlySpan<Candle>) : IReadOnlyCollection<int> =
        let places = SortedSet<int>()

        for i in 1 .. Stability.Places do
            let place = Math.Max(1, int (int64 candles.Length / 2L * int64 i / int64 Stability.Places))
            places.Add(if i % 2 = 0 then afterMidnight candles place else place) |> ignore

        places

    static member private Longest(entry: CatalogueEntry, candles: Candle[], real: RealOutputs) =
        let mutable roughly = Forgetting.Settled 1
        let mutable exactly = Forgetting.Settled 1

        for place in Stability.PlacesIn(ReadOnlySpan candles) do
            let until last =
                if last < candles.Length - place then
                    Forgetting.Settled(last + 1)
                else
                    { Candles = candles.Length - place; HasEnd = false }

            for level in otherLevels do
                let other = entry.Start()

                if level > 0.0 then
                    real.Live(other, place, level)

                let struct (rough, exact) = real.LastDifferences(other, place, Stability.Rough, Stability.Exact)
                roughly <- Forgetting.Worse(roughly, until rough)
                exactly <- Forgetting.Worse(exactly, until exact)

        struct (roughly, exactly)

    /// <summary>Measures one indicator.</summary>
    /// <param name="entry">The indicator.</param>
    /// <param name="candles">In order of time, at least two.</param>
    /// <exception cref="System.ArgumentOutOfRangeException">There are fewer candles.</exception>
    /// <exception cref="System.InvalidOperationException">The indicator does not keep to the warm-up it states.</exception>
    static member Of(entry: CatalogueEntry, candles: ReadOnlySpan<Candle>) : Stability =
        ArgumentOutOfRangeException.ThrowIfLessThan(candles.Length, Stability.MinCandles, nameof candles)
        let candles = candles.ToArray()
        let real = RealOutputs(entry, candles)
        let silent = real.SilentAtFirst()

        if silent <> min entry.WarmUp candles.Length then
            raise (InvalidOperationException $"{entry.Id} states {entry.WarmUp} silent candles, {silent} were counted")

        let forgets = entry.Memory.Forgets

        if silent = candles.Length then
            let unknown = { Candles = silent; HasEnd = false }
            Stability(entry.Id, entry.WarmUp, forgets, unknown, unknown)
        else
            let struct (roughly, exactly) = Stability.Longest(entry, candles, real)
            Stability(entry.Id, silent, forgets, roughly, exactly)
