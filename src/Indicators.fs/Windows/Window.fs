namespace BtcBandit.Indicators

open System
open System.Text.Json
open System.Text.Json.Serialization
open System.Threading
open BtcBandit.Indicators.Numerics

/// A buffer that windows share. Each slot is claimed and written once, before any window can see it.
[<AllowNullLiteral; Sealed>]
type internal Chunk(slots: float[], alreadyUsed: int) =
    let mutable used = alreadyUsed
    member _.Slots = slots

    /// Claims the slots from `index` on if nobody extended this chunk past it: two forks never write the same slot.
    member _.TryClaim(index, count) =
        index + count <= slots.Length
        && Interlocked.CompareExchange(&used, index + count, index) = index

/// <summary>The newest values of a stream, at most <c>Capacity</c> of them, as a value.</summary>
/// <remarks>
/// A persistent append-only slice: pushing shares the buffer and copies only when it is full or already extended by
/// a fork, so a push is O(1) amortised (about 16 B) whatever the capacity, and every earlier window stays as it was.
/// Safe to keep, fork and push from several threads.
/// </remarks>
[<Struct; CustomEquality; NoComparison; JsonConverter(typeof<WindowFormat>)>]
type Window =
    val private chunk: Chunk
    val private finish: int

    /// <summary>The number of values it holds, 0 to <see cref="Capacity" />.</summary>
    val Count: int

    /// <summary>The largest number of values it keeps, at least 1.</summary>
    val Capacity: int

    private new(chunk, finish, count, capacity) = { chunk = chunk; finish = finish; Count = count; Capacity = capacity }

    /// <summary>An empty window.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The capacity is below 1.</exception>
    static member Empty(capacity: int) =
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1, nameof capacity)
        Window(null, 0, 0, capacity)

    /// <summary>Whether the next push drops the oldest value.</summary>
    member window.IsFull = window.Count = window.Capacity

    /// <summary>The values, oldest first.</summary>
    member window.Values =
        if isNull window.chunk then
            ReadOnlySpan<float>.Empty
        else
            ReadOnlySpan<float>(window.chunk.Slots, window.finish - window.Count, window.Count)

    /// <summary>The oldest value.</summary>
    /// <exception cref="System.IndexOutOfRangeException">The window is empty.</exception>
    member window.Oldest = window.Values[0]

    /// <summary>A window with one more value; the oldest one is dropped when it was full.</summary>
    member window.Push(value: float) : Window =
        let count = min (window.Count + 1) window.Capacity

        if not (isNull window.chunk) && window.chunk.TryClaim(window.finish, 1) then
            window.chunk.Slots[window.finish] <- value
            Window(window.chunk, window.finish + 1, count, window.Capacity)
        else
            let kept = count - 1
            let slots = Array.zeroCreate (max 16 (2 * window.Capacity))
            window.Values.Slice(window.Count - kept).CopyTo(Span<float>(slots))
            slots[kept] <- value
            Window(Chunk(slots, kept + 1), kept + 1, count, window.Capacity)

    override window.Equals(other: obj) =
        match other with
        | :? Window as other -> window.Capacity = other.Capacity && window.Values.SequenceEqual other.Values
        | _ -> false

    override window.GetHashCode() =
        let mutable hash = HashCode()
        hash.Add window.Capacity

        for value in window.Values do
            hash.Add value

        hash.ToHashCode()

    interface IEquatable<Window> with
        member window.Equals(other) = window.Capacity = other.Capacity && window.Values.SequenceEqual other.Values

/// <summary>Writes a window as <c>{"capacity":3,"values":[1,2,3]}</c>, oldest first.</summary>
and [<Sealed>] internal WindowFormat() =
    inherit StateFormat<Window>()

    // The first push allocates twice the capacity, so a damaged file must not be able to ask for all memory.
    static member private MaxLength = 10_000_000

    static member val Instance = WindowFormat()

    override _.WriteFields(writer, window) =
        writer.Whole("capacity", int64 window.Capacity)
        writer.Numbers("values", (window.Values.ToArray()))

    override _.ReadFields fields =
        let capacity = fields.Int "capacity"
        let values = fields.Numbers "values"

        if capacity < 1 || capacity > WindowFormat.MaxLength || values.Length > capacity then
            raise (JsonException $"A saved window is damaged: it has {values.Length} values and room for {capacity}.")

        let mutable window = Window.Empty capacity

        for value in values do
            window <- window.Push value

        window
