namespace BtcBandit.Indicators

/// Writes the fields of a state or reads them in place, so that a format names each field once.
[<Struct; NoEquality; NoComparison>]
type internal StateFields private (writer: StateWriter, reader: StateReader, isReading: bool) =

    static member Writing(writer: StateWriter) = StateFields(writer, Unchecked.defaultof<StateReader>, false)
    static member Reading(reader: StateReader) = StateFields(Unchecked.defaultof<StateWriter>, reader, true)

    member _.Number(name: string, field: byref<float>) =
        if isReading then field <- reader.Number name else writer.Number(name, field)

    member _.Whole(name: string, field: byref<int64>) =
        if isReading then field <- reader.Whole name else writer.Whole(name, field)

    member _.Int(name: string, field: byref<int>) =
        if isReading then field <- reader.Int name else writer.Whole(name, int64 field)

    member _.Flag(name: string, field: byref<bool>) =
        if isReading then field <- reader.Flag name else writer.Flag(name, field)

    member _.Sum(name: string, field: byref<Numerics.Sum>) =
        if isReading then field <- reader.Sum name else writer.Sum(name, field)

    member _.State<'Inner>(name: string, format: StateFormat<'Inner>, field: byref<'Inner>) =
        if isReading then
            field <- reader.State(name, format)
        else
            writer.State(name, format, field)

/// The format of a state whose fields are listed once, for writing and for reading.
[<AbstractClass>]
type internal FieldsFormat<'State when 'State: struct>() =
    inherit StateFormat<'State>()

    /// Visits each field of the state, in the order of the JSON.
    abstract Visit: fields: StateFields * state: byref<'State> -> unit

    override format.WriteFields(writer, state) =
        let mutable state = state
        format.Visit(StateFields.Writing writer, &state)

    override format.ReadFields reader =
        let mutable state = Unchecked.defaultof<'State>
        format.Visit(StateFields.Reading reader, &state)
        state
