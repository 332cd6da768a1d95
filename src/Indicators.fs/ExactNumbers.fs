namespace BtcBandit.Indicators

open System
open System.Globalization
open System.Text.Json
open System.Text.Json.Serialization.Metadata
open System.Text.Json.Serialization

/// <summary>Writes numbers to JSON such that reading gives the same bits, infinities and NaN as strings.</summary>
/// <remarks>
/// .NET 10 writes the shortest digits that read back, but for two magnitudes: the neighbours of a power of two are not
/// equally far, and 2^-25 and 2^-958 get 16 digits that read back as the number below. These get 17.
/// </remarks>
[<Sealed>]
type ExactNumbers() =
    inherit JsonConverter<float>()

    static let isMisread value =
        let magnitude = abs value
        magnitude = Math.ScaleB(1.0, -25) || magnitude = Math.ScaleB(1.0, -958)

    /// <summary>Writes one number.</summary>
    static member WriteTo(writer: Utf8JsonWriter, value: float) =
        if isMisread value then
            writer.WriteRawValue(value.ToString("E16", CultureInfo.InvariantCulture))
        elif Double.IsFinite value then
            writer.WriteNumberValue value
        else
            writer.WriteStringValue(value.ToString CultureInfo.InvariantCulture)

    /// <summary>Reads one number.</summary>
    static member ReadFrom(json: JsonElement) : float =
        if json.ValueKind = JsonValueKind.String then
            Double.Parse(json.ToString(), CultureInfo.InvariantCulture)
        else
            json.GetDouble()

    override _.Write(writer, value, _) = ExactNumbers.WriteTo(writer, value)

    override _.Read(reader, _, _) =
        if reader.TokenType = JsonTokenType.String then
            match reader.GetString() with
            | null -> raise (JsonException "A number is null.")
            | text -> Double.Parse(text, CultureInfo.InvariantCulture)
        else
            reader.GetDouble()

/// <summary>States as JSON, to the last bit.</summary>
[<RequireQualifiedAccess>]
module SavedState =

    // A record of F# has a field "Name@" behind its property "Name". Where the property can be set it is enough; written
    // both, a state of states would double with each level.
    let private onceEach (info: JsonTypeInfo) =
        let isEnough (field: JsonPropertyInfo) =
            field.Name.EndsWith('@')
            && info.Properties
               |> Seq.exists (fun other -> other.Name + "@" = field.Name && not (isNull other.Set))

        for field in info.Properties |> Seq.filter isEnough |> Seq.toArray do
            info.Properties.Remove field |> ignore

    /// <summary>How <c>Save</c> writes a state and <c>Restore</c> reads it, for whoever calls the serialiser himself.</summary>
    /// <remarks>
    /// Two things differ from the serialiser's own: fields are kept too, or a tuple would be <c>{}</c>, and numbers come back
    /// to the last bit, infinities and NaN included. Read-only; a copy takes converters of yours.
    /// </remarks>
    let Options =
        let resolver = DefaultJsonTypeInfoResolver()
        resolver.Modifiers.Add onceEach
        let options = JsonSerializerOptions(IncludeFields = true, TypeInfoResolver = resolver)
        options.Converters.Add(ExactNumbers())
        options.MakeReadOnly(populateMissingResolver = true)
        options

    let internal write (state: 'State) = JsonSerializer.SerializeToElement(state, Options)

    /// "Nothing yet" is a state: a null, a None. What cannot be null is refused by the serialiser.
    let internal readOrNothing<'State> (json: JsonElement) : 'State =
        match json.Deserialize(typeof<'State>, Options) with
        | null -> Unchecked.defaultof<'State>
        | state -> unbox<'State> state

    let internal read<'State> (json: JsonElement) : 'State =
        match json.Deserialize(typeof<'State>, Options) with
        | null -> raise (JsonException "A saved state is null.")
        | state -> unbox<'State> state

    /// A state with the id of what it is of: another period's has the same shape and would go on with wrong numbers.
    let internal writeOf (id: string) (state: 'State) = write {| id = id; state = state |}

    let internal readOf<'State> (id: string) (saved: JsonElement) : 'State =
        let property (name: string) =
            match saved.ValueKind with
            | JsonValueKind.Object ->
                match saved.TryGetProperty name with
                | true, value -> ValueSome value
                | false, _ -> ValueNone
            | _ -> ValueNone

        match property "id", property "state" with
        | ValueSome other, ValueSome state ->
            if other.ToString() <> id then
                raise (JsonException $"The saved state is of {other}, not of {id}.")

            read<'State> state
        | _ -> raise (JsonException $"The saved state does not say what it is of; a state of {id} is needed.")
