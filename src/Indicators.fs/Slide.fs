namespace BtcBandit.Indicators

open System
open System.Text.Json
open System.Text.Json.Serialization

/// <summary>A sum with the rounding error of its additions kept beside it.</summary>
/// <remarks>Source: Knuth, TAOCP 2, 4.2.2, theorem B (two-sum); the error of n additions stays below two units.</remarks>
[<Struct>]
type Sum =
    {
        mutable Total: float
        mutable Error: float
    }

    /// <summary>Nothing added yet.</summary>
    static member Zero = { Total = 0.0; Error = 0.0 }

    /// <summary>The sum with one more number.</summary>
    member inline sum.Add(value: float) =
        let total = sum.Total + value
        let rounded = total - sum.Total

        {
            Total = total
            Error = sum.Error + ((sum.Total - (total - rounded)) + (value - rounded))
        }

    /// <summary>The sum, rounded once.</summary>
    member inline sum.Value = sum.Total + sum.Error

/// <summary>The last values of a stream in two stacks: what a sliding sum needs to be exact for ever.</summary>
/// <remarks>
/// The older part, the front, is kept as sums from each of its values to its end, made once per period; the newer part,
/// the back, is summed by its owner as it grows. A window's sum is front + back: nothing is ever subtracted, so a huge
/// value leaves no trace when it drops out. O(1) amortised for every period, and a value: the back is an append-only
/// slice that forks share (a slot is claimed by compare-and-swap before it is written), the front is never changed.
/// Several lanes of front sums may be kept side by side.
/// </remarks>
[<Struct; CustomEquality; NoComparison; JsonConverter(typeof<SlideConverter>)>]
type Slide =
    val mutable private chunk: Chunk
    val mutable private start: int
    val mutable private front: float[]

    /// <summary>Values in the back, 0 to the period.</summary>
    val mutable Back: int

    internal new(chunk, start, back, front) = { chunk = chunk; start = start; front = front; Back = back }

    /// <summary>No values yet.</summary>
    static member Empty = Slide(null, 0, 0, [||])

    /// <summary>The values of the back, oldest first.</summary>
    member internal slide.BackValues =
        if isNull slide.chunk then
            ReadOnlySpan<float>.Empty
        else
            ReadOnlySpan<float>(slide.chunk.Slots, slide.start, slide.Back)

    /// <summary>The sums of the front: those of its i-th value, from Back on, stand at i in each lane.</summary>
    member internal slide.Front = slide.front

    /// <summary>Whether the back is a whole period: it becomes the front before the next value.</summary>
    member inline internal slide.IsDue(period: int) = slide.Back = period

    /// <summary>Whether there is a whole period of values.</summary>
    member inline internal slide.IsFull(period: int) = slide.Back = period || slide.Front.Length > 0

    /// <summary>What lane 0 holds for the oldest value that is still in the window; 0 when the front is used up.</summary>
    member inline internal slide.FrontSum(period: int) =
        let front = slide.Front
        // Also keeps the processor's own check away.
        if slide.Back < period && slide.Back < front.Length then
            front[slide.Back]
        else
            0.0

    /// <summary>The same of another lane.</summary>
    member inline internal slide.FrontSum(period: int, lane: int) =
        let index = lane * period + slide.Back
        let front = slide.Front
        if slide.Back < period && index < front.Length then front[index] else 0.0

    /// <summary>The back becomes the front, as the sums its owner made of <see cref="BackValues" />.</summary>
    member internal slide.Turn(sums: float[]) = Slide(slide.chunk, slide.start + slide.Back, 0, sums)

    /// <summary>One more value in the back.</summary>
    member internal slide.Push(value: float, period: int) =
        let index = slide.start + slide.Back

        if not (isNull slide.chunk) && slide.chunk.TryClaim index then
            slide.chunk.Slots[index] <- value
            Slide(slide.chunk, slide.start, slide.Back + 1, slide.front)
        else
            // Several periods a chunk, so that its header costs little for short ones.
            let slots = Array.zeroCreate (max period (min (8 * period) 256))
            slide.BackValues.CopyTo(Span<float>(slots))
            slots[slide.Back] <- value
            Slide(Chunk(slots, slide.Back + 1), 0, slide.Back + 1, slide.front)

    member private slide.EqualTo(other: Slide) =
        slide.Back = other.Back
        && slide.BackValues.SequenceEqual other.BackValues
        && ReadOnlySpan<float>(slide.front).SequenceEqual(ReadOnlySpan<float> other.front)

    override slide.Equals(other: obj) =
        match other with
        | :? Slide as other -> slide.EqualTo other
        | _ -> false

    override slide.GetHashCode() =
        let mutable hash = HashCode()

        for value in slide.BackValues do
            hash.Add value

        hash.ToHashCode()

    interface IEquatable<Slide> with
        member slide.Equals(other) = slide.EqualTo other

/// <summary>Writes a slide as <c>{"back":[values],"front":[sums]}</c>; the front is empty before the first period is full.</summary>
and [<Sealed>] SlideConverter() =
    inherit JsonConverter<Slide>()

    override _.Write(writer, slide, _) =
        writer.WriteStartObject()
        writer.WriteStartArray "back"

        for value in slide.BackValues do
            ExactNumbers.WriteTo(writer, value)

        writer.WriteEndArray()

        writer.WriteStartArray "front"

        for sum in slide.Front do
            ExactNumbers.WriteTo(writer, sum)

        writer.WriteEndArray()
        writer.WriteEndObject()

    override _.Read(reader, _, _) =
        use json = JsonDocument.ParseValue &reader
        let numbers (property: JsonElement) = [| for number in property.EnumerateArray() -> number.GetDouble() |]
        let back = numbers (json.RootElement.GetProperty "back")
        let front = numbers (json.RootElement.GetProperty "front")
        // Full as it is: the next push makes a chunk of the right length.
        Slide(Chunk(back, back.Length), 0, back.Length, front)
