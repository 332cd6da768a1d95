namespace BtcBandit.Indicators

open System
open System.Diagnostics.CodeAnalysis
open System.Text.Json

/// How the state of an indicator that a user made becomes JSON and comes back.
type internal IStateJson<'State> =
    abstract WriteTo: writer: Utf8JsonWriter * state: 'State -> unit
    abstract ReadFrom: saved: JsonElement -> 'State

/// By the format that the user gave.
[<Sealed>]
type internal FormattedState<'State>(format: StateFormat<'State>) =
    do ArgumentNullException.ThrowIfNull(format, nameof format)

    interface IStateJson<'State> with
        member _.WriteTo(writer, state) = format.WriteTo(writer, state)
        member _.ReadFrom saved = format.ReadFrom saved

/// By reflection, where the user gave no format.
[<Sealed>]
type internal ReflectedState<'State>
    [<RequiresUnreferencedCode(Reflected.Needs); RequiresDynamicCode(Reflected.Needs)>]
    () =
    interface IStateJson<'State> with
        [<UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Who makes it is warned.")>]
        [<UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Who makes it is warned.")>]
        member _.WriteTo(writer, state) = Reflected.writeTo writer state

        [<UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Who makes it is warned.")>]
        [<UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Who makes it is warned.")>]
        member _.ReadFrom saved = Reflected.read<'State> saved

/// How an output of an indicator is written into columns, and how many there are.
[<NoComparison; NoEquality>]
type internal OutputColumns<'Out> = { Count: int; Write: WriteColumns<'Out> }

and internal WriteColumns<'Out> = delegate of output: 'Out * columns: Span<float> -> unit

/// A run of an indicator that a user made, with a state of any type.
[<Sealed>]
type internal OwnRun<'State, 'Out>
    (id: string, run: IndicatorRun<'State, Candle, 'Out>, json: IStateJson<'State>, columns: OutputColumns<'Out>) =
    inherit ColumnRun()

    override _.Push(candle, row) =
        let mutable output = Unchecked.defaultof<'Out>
        let speaks = run.TryNext(candle, &output)
        let row = row.Slice(0, columns.Count)
        if speaks then columns.Write.Invoke(output, row) else row.Clear()
        speaks

    override _.Fork() = OwnRun<'State, 'Out>(id, run.Fork(), json, columns)

    override _.WriteTo(writer) =
        let state = run.State
        Labelled.writeTo writer id (fun writer -> json.WriteTo(writer, state))

module internal OwnRun =

    let private isKind (text: string) =
        text.Length > 0
        && Char.IsAsciiLetterLower text[0]
        && text
           |> Seq.forall (fun letter -> Char.IsAsciiLetterLower letter || Char.IsAsciiDigit letter || letter = '_')

    /// Throws where a kind is no name or there is no output.
    let require (kind: string) (outputs: string[]) =
        if not (isKind kind) then
            raise (
                ArgumentException(
                    "'"
                    + kind
                    + "' is not a kind: lower-case letters, digits and _ are accepted, a letter first.",
                    nameof kind
                )
            )

        if outputs.Length = 0 then
            raise (ArgumentException("There is no output; name at least one.", nameof outputs))

    /// One column for an output that is a number.
    let oneColumn = { Count = 1; Write = WriteColumns<float>(fun output columns -> columns[0] <- output) }

    /// Columns for an output that a function makes numbers of.
    let columns kind count (values: 'Out -> float[]) =
        let write =
            WriteColumns<'Out>(fun output columns ->
                let numbers = values output

                if numbers.Length <> count then
                    raise (InvalidOperationException $"{kind} gave {numbers.Length} values for {count} outputs.")

                numbers.AsSpan().CopyTo columns)

        { Count = count; Write = write }

    /// What an indicator of a user makes.
    let made (json: IStateJson<'State>) columns (indicator: Indicator<'State, Candle, 'Out>) (id: string) =
        let from run = OwnRun<'State, 'Out>(id, run, json, columns) :> ColumnRun

        {
            WarmUp = indicator.WarmUp
            Start = fun () -> from (indicator.Start())
            Restore =
                fun saved ->
                    let state = Labelled.stateOf id saved
                    from (indicator.ContinueFrom(state, json.ReadFrom state))
        }
