namespace BtcBandit.Indicators

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Text.Json
open System.Text.Json.Serialization
open BtcBandit.Indicators.Numerics

module internal Recent =
    /// Values of the back that a state holds itself; a power of two.
    [<Literal>]
    let Length = 16

/// The newest values of a back, inside the state itself.
[<Struct; InlineArray(Recent.Length)>]
type internal Recent =
    val mutable private first: float

    /// All of them; the oldest of a block of sixteen is the first.
    member inline internal recent.Values =
        MemoryMarshal.CreateSpan(&Unsafe.As<Recent, float>(&recent), Recent.Length)

/// <summary>A sliding window as two stacks, so that a sum over it never subtracts and stays exact.</summary>
/// <remarks>
/// Replaces a running sum that subtracts the value that leaves, whose rounding errors stay for ever; there is no library for
/// it. Delete it when a window of the framework has an exact sum in constant time.
/// The older part, the front, is kept as sums from each of its values to its end, made once per period; the newer part,
/// the back, is summed by its owner as it grows. A window's sum is front + back: nothing is ever subtracted, so a huge
/// value leaves no trace when it drops out. O(1) amortised for every period, and a value: the newest values of the back
/// are part of it, sixteen at a time they move to an append-only slice that forks share (its slots are claimed by
/// compare-and-swap before they are written), the front is never changed. Several lanes of front sums may be kept side by
/// side.
/// </remarks>
[<Struct; CustomEquality; NoComparison; JsonConverter(typeof<TwoStackWindowFormat>)>]
type TwoStackWindow =
    val mutable private chunk: Chunk
    val mutable private start: int
    val mutable private front: float[]
    val mutable private recent: Recent

    /// <summary>Values in the back, 0 to the period.</summary>
    val mutable internal Back: int

    private new(front) = { chunk = null; start = 0; front = front; recent = Recent(); Back = 0 }

    /// <summary>No values yet.</summary>
    static member Empty = TwoStackWindow([||])

    /// <summary>The values of the back, oldest first, at the beginning of an array with room for some lanes of them.</summary>
    member internal window.BackValues(lanes: int) : float[] =
        let values = Array.zeroCreate (lanes * window.Back)
        let newest = window.Back &&& (Recent.Length - 1)
        let shared = window.Back - newest

        if shared > 0 then
            Array.Copy(window.chunk.Slots, window.start, values, 0, shared)

        window.recent.Values.Slice(0, newest).CopyTo(Span<float>(values, shared, newest))
        values

    /// <summary>The sums of the front: those of its i-th value, from Back on, stand at i in each lane.</summary>
    member internal window.Front = window.front

    /// <summary>Whether the back is a whole period: it becomes the front before the next value.</summary>
    member inline internal window.IsDue(period: int) = window.Back = period

    /// <summary>Whether there is a whole period of values.</summary>
    member inline internal window.IsFull(period: int) = window.Front.Length > 0 || window.Back = period

    /// Whether a run over this period, with so many lanes of sums, has such a window between two values.
    member internal window.Fits(period: int, lanes: int) =
        window.Back <= period
        && (window.front.Length = 0
            || window.front.Length = lanes * period && window.Back > 0)

    // Unsigned, so that the runtime need not check the index again.
    member inline internal window.FrontAt(index: int) =
        let front = window.Front

        if uint32 index < uint32 front.Length then front[index] else 0.0

    /// <summary>What lane 0 holds for the oldest value that is still in the window; 0 when its only lane is used up.</summary>
    member inline internal window.FrontSum = window.FrontAt window.Back

    /// <summary>The same of lane 1, where there are two and the front is not used up.</summary>
    member inline internal window.SecondFrontSum(period: int) = window.FrontAt(period + window.Back)

    /// <summary>The back becomes the front, as the sums its owner made of <see cref="BackValues" />.</summary>
    member internal window.Flip(sums: float[]) =
        window.start <- window.start + (window.Back &&& ~~~(Recent.Length - 1))
        window.Back <- 0
        window.front <- sums

    // Not inlined: it runs once in sixteen pushes.
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    member private window.Flush(period: int) =
        let shared = window.Back - Recent.Length
        let index = window.start + shared
        let newest = window.recent.Values

        if not (isNull window.chunk) && window.chunk.TryClaim(index, Recent.Length) then
            newest.CopyTo(Span<float>(window.chunk.Slots, index, Recent.Length))
        else
            // Several periods a chunk, so that its header costs little for short ones.
            let slots: float[] = Array.zeroCreate (max period (min (8 * period) 256))

            if shared > 0 then
                Array.Copy(window.chunk.Slots, window.start, slots, 0, shared)

            newest.CopyTo(Span<float>(slots, shared, Recent.Length))
            window.chunk <- Chunk(slots, window.Back)
            window.start <- 0

    /// <summary>One more value in the back, in place: copying the window before is keeping it.</summary>
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    member internal window.Push(value: float, period: int) =
        let at = window.Back &&& (Recent.Length - 1)
        window.recent.Values[at] <- value
        window.Back <- window.Back + 1

        if at = Recent.Length - 1 then
            window.Flush period

    /// A window with these sums as its front and these values as its back, at most a period of them.
    static member internal Of(front: float[], back: float[]) =
        let mutable window = TwoStackWindow(front)

        for value in back do
            window.Push(value, back.Length)

        window

    member private window.EqualTo(other: TwoStackWindow) =
        // A default window has no front, which is not yet an empty one.
        isNull (box window.front) = isNull (box other.front)
        && window.Back = other.Back
        && ReadOnlySpan<float>(window.BackValues 1).SequenceEqual(ReadOnlySpan<float>(other.BackValues 1))
        && ReadOnlySpan<float>(window.front).SequenceEqual(ReadOnlySpan<float> other.front)

    override window.Equals(other: obj) =
        match other with
        | :? TwoStackWindow as other -> window.EqualTo other
        | _ -> false

    override window.GetHashCode() =
        let mutable hash = HashCode()

        for value in window.BackValues 1 do
            hash.Add value

        hash.ToHashCode()

    interface IEquatable<TwoStackWindow> with
        member window.Equals(other) = window.EqualTo other

/// <summary>Writes a window as <c>{"back":[values],"front":[sums]}</c>; the front is empty before the first period is full.</summary>
and [<Sealed>] internal TwoStackWindowFormat() =
    inherit StateFormat<TwoStackWindow>()

    static member val Instance = TwoStackWindowFormat()

    override _.WriteFields(writer, window) =
        writer.Numbers("back", (window.BackValues 1))
        writer.Numbers("front", window.Front)

    override _.ReadFields fields =
        let back = fields.Numbers "back"
        TwoStackWindow.Of(fields.Numbers "front", back)
