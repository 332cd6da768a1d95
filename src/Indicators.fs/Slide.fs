namespace BtcBandit.Indicators

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Text.Json
open System.Text.Json.Serialization

/// <summary>A sum with the rounding error of its additions kept beside it.</summary>
/// <remarks>Source: Knuth, TAOCP 2, 4.2.2, theorem B (two-sum); the error of n additions stays below two units.</remarks>
[<Struct>]
type Sum =
    {
        [<JsonConverter(typeof<ExactNumbers>)>]
        mutable Total: float
        [<JsonConverter(typeof<ExactNumbers>)>]
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
    [<JsonIgnore>]
    member inline sum.Value = sum.Total + sum.Error

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

/// <summary>The last values of a stream in two stacks: what a sliding sum needs to be exact for ever.</summary>
/// <remarks>
/// The older part, the front, is kept as sums from each of its values to its end, made once per period; the newer part,
/// the back, is summed by its owner as it grows. A window's sum is front + back: nothing is ever subtracted, so a huge
/// value leaves no trace when it drops out. O(1) amortised for every period, and a value: the newest values of the back
/// are part of it, sixteen at a time they move to an append-only slice that forks share (its slots are claimed by
/// compare-and-swap before they are written), the front is never changed. Several lanes of front sums may be kept side by
/// side.
/// </remarks>
[<Struct; CustomEquality; NoComparison; JsonConverter(typeof<SlideConverter>)>]
type Slide =
    val mutable private chunk: Chunk
    val mutable private start: int
    val mutable private front: float[]
    val mutable private recent: Recent

    /// <summary>Values in the back, 0 to the period.</summary>
    val mutable Back: int

    private new(front) = { chunk = null; start = 0; front = front; recent = Recent(); Back = 0 }

    /// <summary>No values yet.</summary>
    static member Empty = Slide([||])

    /// <summary>The values of the back, oldest first, at the beginning of an array with room for some lanes of them.</summary>
    member internal slide.BackValues(lanes: int) : float[] =
        let values = Array.zeroCreate (lanes * slide.Back)
        let newest = slide.Back &&& (Recent.Length - 1)
        let shared = slide.Back - newest

        if shared > 0 then
            Array.Copy(slide.chunk.Slots, slide.start, values, 0, shared)

        slide.recent.Values.Slice(0, newest).CopyTo(Span<float>(values, shared, newest))
        values

    /// <summary>The sums of the front: those of its i-th value, from Back on, stand at i in each lane.</summary>
    member internal slide.Front = slide.front

    /// <summary>Whether the back is a whole period: it becomes the front before the next value.</summary>
    member inline internal slide.IsDue(period: int) = slide.Back = period

    /// <summary>Whether there is a whole period of values.</summary>
    member inline internal slide.IsFull(period: int) = slide.Front.Length > 0 || slide.Back = period

    // Unsigned, so that the runtime need not check the index again.
    member inline internal slide.FrontAt(index: int) =
        let front = slide.Front

        if uint32 index < uint32 front.Length then front[index] else 0.0

    /// <summary>What lane 0 holds for the oldest value that is still in the window; 0 when its only lane is used up.</summary>
    member inline internal slide.FrontSum = slide.FrontAt slide.Back

    /// <summary>The same of lane 1, where there are two and the front is not used up.</summary>
    member inline internal slide.SecondFrontSum(period: int) = slide.FrontAt(period + slide.Back)

    /// <summary>The back becomes the front, as the sums its owner made of <see cref="BackValues" />.</summary>
    member internal slide.Turn(sums: float[]) =
        slide.start <- slide.start + (slide.Back &&& ~~~(Recent.Length - 1))
        slide.Back <- 0
        slide.front <- sums

    // Out of line: it happens once in sixteen times.
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    member private slide.Share(period: int) =
        let shared = slide.Back - Recent.Length
        let index = slide.start + shared
        let newest = slide.recent.Values

        if not (isNull slide.chunk) && slide.chunk.TryClaim(index, Recent.Length) then
            newest.CopyTo(Span<float>(slide.chunk.Slots, index, Recent.Length))
        else
            // Several periods a chunk, so that its header costs little for short ones.
            let slots: float[] = Array.zeroCreate (max period (min (8 * period) 256))

            if shared > 0 then
                Array.Copy(slide.chunk.Slots, slide.start, slots, 0, shared)

            newest.CopyTo(Span<float>(slots, shared, Recent.Length))
            slide.chunk <- Chunk(slots, slide.Back)
            slide.start <- 0

    /// <summary>One more value in the back, in place: copying the slide before is keeping it.</summary>
    [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
    member internal slide.Push(value: float, period: int) =
        let at = slide.Back &&& (Recent.Length - 1)
        slide.recent.Values[at] <- value
        slide.Back <- slide.Back + 1

        if at = Recent.Length - 1 then
            slide.Share period

    /// A slide with a front and nothing in its back.
    static member internal Of(front: float[]) = Slide(front)

    member private slide.EqualTo(other: Slide) =
        // A default slide has no front, which is not yet an empty one.
        isNull (box slide.front) = isNull (box other.front)
        && slide.Back = other.Back
        && ReadOnlySpan<float>(slide.BackValues 1).SequenceEqual(ReadOnlySpan<float>(other.BackValues 1))
        && ReadOnlySpan<float>(slide.front).SequenceEqual(ReadOnlySpan<float> other.front)

    override slide.Equals(other: obj) =
        match other with
        | :? Slide as other -> slide.EqualTo other
        | _ -> false

    override slide.GetHashCode() =
        let mutable hash = HashCode()

        for value in slide.BackValues 1 do
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

        for value in slide.BackValues 1 do
            ExactNumbers.WriteTo(writer, value)

        writer.WriteEndArray()

        writer.WriteStartArray "front"

        for sum in slide.Front do
            ExactNumbers.WriteTo(writer, sum)

        writer.WriteEndArray()
        writer.WriteEndObject()

    override _.Read(reader, _, _) =
        use json = JsonDocument.ParseValue &reader

        let numbers (property: JsonElement) =
            [| for number in property.EnumerateArray() -> ExactNumbers.ReadFrom number |]

        let back = numbers (json.RootElement.GetProperty "back")
        let front = numbers (json.RootElement.GetProperty "front")
        let mutable slide = Slide.Of front

        for value in back do
            slide.Push(value, back.Length)

        slide
