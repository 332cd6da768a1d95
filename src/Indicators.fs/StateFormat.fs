namespace BtcBandit.Indicators

open System
open System.Buffers
open System.Text.Json
open System.Text.Json.Serialization
open BtcBandit.Indicators.Numerics

/// <summary>Writes the fields of a state to JSON, numbers to the last bit.</summary>
[<Struct; NoEquality; NoComparison>]
type StateWriter internal (writer: Utf8JsonWriter, naming: JsonNamingPolicy | null) =

    member private _.Name(name: string) =
        match naming with
        | null -> writer.WritePropertyName name
        | policy -> writer.WritePropertyName(policy.ConvertName name)

    /// <summary>Writes a number; infinities and NaN as strings.</summary>
    member fields.Number(name: string, value: float) : unit =
        fields.Name name
        ExactNumbers.WriteTo(writer, value)

    /// <summary>Writes a whole number.</summary>
    member fields.Whole(name: string, value: int64) : unit =
        fields.Name name
        writer.WriteNumberValue value

    /// <summary>Writes true or false.</summary>
    member fields.Flag(name: string, value: bool) : unit =
        fields.Name name
        writer.WriteBooleanValue value

    /// <summary>Writes a list of numbers.</summary>
    member fields.Numbers(name: string, values: float[]) : unit =
        fields.Name name
        writer.WriteStartArray()

        for value in values do
            ExactNumbers.WriteTo(writer, value)

        writer.WriteEndArray()

    /// <summary>Writes a state within the state.</summary>
    member fields.State<'Inner>(name: string, format: StateFormat<'Inner>, value: 'Inner) : unit =
        fields.Name name
        format.WriteNamed(writer, naming, value)

    member internal fields.Sum(name: string, value: Sum) : unit =
        fields.Name name
        writer.WriteStartObject()
        fields.Number("Total", value.Total)
        fields.Number("Error", value.Error)
        writer.WriteEndObject()

/// <summary>Reads the fields of a state from JSON. Each method throws a JsonException that names a field which is missing or
/// wrong.</summary>
and [<Struct; NoEquality; NoComparison>] StateReader internal (json: JsonElement, naming: JsonNamingPolicy | null) =

    // With the place, as the serialiser's own errors have it.
    static member private Error(name: string, message: string, inner: exn | null) =
        JsonException(message, "$." + name, Nullable(), Nullable(), inner)

    static member private Wrong(name: string, what: string) =
        raise (StateReader.Error(name, String.Concat(name, " of a saved state is not ", what, "."), null))

    static member private AsNumber(name: string, value: JsonElement) : float =
        match value.ValueKind with
        | JsonValueKind.Number -> value.GetDouble()
        | JsonValueKind.String ->
            match ExactNumbers.TryParse(value.GetString()) with
            | ValueSome number -> number
            | ValueNone -> StateReader.Wrong(name, "a number")
        | _ -> StateReader.Wrong(name, "a number")

    member private _.Written(name: string) =
        match naming with
        | null -> name
        | policy -> policy.ConvertName name

    /// Whether there is such a field, which a state of an earlier version may lack.
    member internal fields.Has(name: string) : bool = fst (json.TryGetProperty(fields.Written name))

    member internal fields.Inner(name: string) : JsonElement =
        let written = fields.Written name

        match json.TryGetProperty written with
        | true, value -> value
        | false, _ -> raise (StateReader.Error(written, String.Concat("A saved state has no ", written, "."), null))

    /// <summary>Reads a number.</summary>
    member fields.Number(name: string) : float = StateReader.AsNumber(name, fields.Inner name)

    /// <summary>Reads a whole number.</summary>
    member fields.Whole(name: string) : int64 =
        let value = fields.Inner name

        match value.ValueKind with
        | JsonValueKind.Number ->
            match value.TryGetInt64() with
            | true, found -> found
            | false, _ -> StateReader.Wrong(name, "a whole number")
        | _ -> StateReader.Wrong(name, "a whole number")

    /// <summary>Reads a whole number of 32 bits.</summary>
    member fields.Int(name: string) : int =
        let value = fields.Whole name

        if value = int64 (int value) then
            int value
        else
            StateReader.Wrong(name, "a whole number")

    /// <summary>Reads true or false.</summary>
    member fields.Flag(name: string) : bool =
        match (fields.Inner name).ValueKind with
        | JsonValueKind.True -> true
        | JsonValueKind.False -> false
        | _ -> StateReader.Wrong(name, "true or false")

    member internal fields.Items(name: string) : JsonElement =
        let value = fields.Inner name

        if value.ValueKind = JsonValueKind.Array then
            value
        else
            StateReader.Wrong(name, "a list")

    /// <summary>Reads a list of numbers.</summary>
    member fields.Numbers(name: string) : float[] =
        let items = fields.Items name
        [| for item in items.EnumerateArray() -> StateReader.AsNumber(name, item) |]

    /// <summary>Reads a state within the state.</summary>
    member fields.State<'Inner>(name: string, format: StateFormat<'Inner>) : 'Inner =
        let value = fields.Inner name

        try
            format.ReadNamed(value, naming)
        with :? JsonException as error ->
            raise (StateReader.Error(name, error.Message, error))

    member internal fields.Sum(name: string) : Sum =
        let value = fields.Inner name

        if value.ValueKind <> JsonValueKind.Object then
            StateReader.Wrong(name, "a sum")
        else
            let inner = StateReader(value, naming)
            { Total = inner.Number "Total"; Error = inner.Number "Error" }

/// <summary>Writes one type of state as a JSON object and reads it back, to the last bit and without reflection.</summary>
/// <remarks>
/// Derive from it for a state of your own that must be saved in a trimmed or native program, or make one of two functions
/// with <see cref="M:BtcBandit.Indicators.StateFormat.Of``1" />. It is a converter of System.Text.Json too, and keeps to its
/// naming policy.
/// </remarks>
and [<AbstractClass>] StateFormat<'State>() =
    inherit JsonConverter<'State>()

    /// <summary>Writes the fields of a state, each with its name.</summary>
    abstract WriteFields: writer: StateWriter * state: 'State -> unit

    /// <summary>Makes a state of its fields.</summary>
    /// <exception cref="System.Text.Json.JsonException">A field is missing or not a value of its type.</exception>
    abstract ReadFields: reader: StateReader -> 'State

    member internal format.WriteNamed(writer: Utf8JsonWriter, naming: JsonNamingPolicy | null, state: 'State) : unit =
        writer.WriteStartObject()
        format.WriteFields(StateWriter(writer, naming), state)
        writer.WriteEndObject()

    member internal format.ReadNamed(json: JsonElement, naming: JsonNamingPolicy | null) : 'State =
        if json.ValueKind <> JsonValueKind.Object then
            raise (JsonException(String.Concat("A saved state is an object, not ", json.ValueKind.ToString(), ".")))

        format.ReadFields(StateReader(json, naming))

    /// <summary>Writes a state as an object.</summary>
    member format.WriteTo(writer: Utf8JsonWriter, state: 'State) : unit = format.WriteNamed(writer, null, state)

    /// <summary>Reads a state from an object.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is not an object, or a field is missing or wrong.</exception>
    member format.ReadFrom(json: JsonElement) : 'State = format.ReadNamed(json, null)

    override format.Write(writer, state, options) = format.WriteNamed(writer, options.PropertyNamingPolicy, state)

    override format.Read(reader, _, options) =
        use json = JsonDocument.ParseValue &reader
        format.ReadNamed(json.RootElement, options.PropertyNamingPolicy)

/// <summary>Makes formats of functions.</summary>
[<AbstractClass; Sealed>]
type StateFormat =

    /// <summary>A format of two functions, which name the same fields.</summary>
    /// <param name="write">Writes the fields of a state, for instance <c>(fields, high) => fields.Number("high", high)</c>.</param>
    /// <param name="read">Makes a state of its fields, for instance <c>fields => fields.Number("high")</c>.</param>
    static member Of<'State>
        (write: Action<StateWriter, 'State>, read: Func<StateReader, 'State>)
        : StateFormat<'State> =
        { new StateFormat<'State>() with
            override _.WriteFields(writer, state) = write.Invoke(writer, state)
            override _.ReadFields reader = read.Invoke reader
        }

/// What is written as a value of its own.
module internal Written =
    let element (write: Utf8JsonWriter -> unit) : JsonElement =
        let buffer = ArrayBufferWriter<byte>()
        use writer = new Utf8JsonWriter(buffer)
        write writer
        writer.Flush()
        use document = JsonDocument.Parse buffer.WrittenMemory
        document.RootElement.Clone()

/// States with the id of their indicator: the state of another period has the same shape and would go on with wrong numbers.
module internal Labelled =
    let writeTo (writer: Utf8JsonWriter) (id: string) (writeState: Utf8JsonWriter -> unit) =
        writer.WriteStartObject()
        writer.WriteString("id", id)
        writer.WritePropertyName "state"
        writeState writer
        writer.WriteEndObject()

    /// The state below its id.
    let stateOf (id: string) (saved: JsonElement) : JsonElement =
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
                raise (JsonException(String.Concat("The saved state is of ", other.ToString(), ", not of " + id + ".")))

            state
        | _ -> raise (JsonException("The saved state does not say what it is of; a state of " + id + " is needed."))
