namespace BtcBandit.Indicators

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Text.Json

/// <summary>One run of a catalogue entry over candles, its state's type hidden. For one thread at a time.</summary>
[<AbstractClass>]
type ColumnRun() =
    /// <summary>Takes one candle and writes the entry's columns, zeros while silent.</summary>
    /// <returns>False while silent.</returns>
    abstract Push: candle: inref<Candle> * columns: Span<float> -> bool

    /// <summary>A second run that continues from the current state; the two share nothing that changes.</summary>
    abstract Fork: unit -> ColumnRun

    /// <summary>Writes the state as one JSON value, to the last bit.</summary>
    abstract WriteTo: writer: Utf8JsonWriter -> unit

    /// <summary>The state as JSON, to the last bit.</summary>
    member run.Save() : JsonElement = Written.element run.WriteTo

/// What a recipe and parameters make: one indicator that can be run.
[<NoComparison; NoEquality>]
type internal MadeIndicator = { WarmUp: int; Start: unit -> ColumnRun; Restore: JsonElement -> ColumnRun }

/// Where a step writes its output: the output's numbers, one after the other, are the columns.
module internal Columns =
    let inline ofOutput<'Out when 'Out: unmanaged> (columns: Span<float>) =
        let width = Unsafe.SizeOf<'Out>() / sizeof<float>
        ArgumentOutOfRangeException.ThrowIfLessThan(columns.Length, width, nameof columns)
        &Unsafe.As<float, 'Out>(&MemoryMarshal.GetReference columns)

/// A step over the closes of candles.
[<Struct>]
type internal OfClose<'Step, 'State, 'Out when 'Step: struct and 'Step :> IStep<'State, float, 'Out>>(step: 'Step) =
    interface IStep<'State, Candle, 'Out> with
        member _.WarmUp = step.WarmUp
        member _.Initial = step.Initial
        member _.Accepts state = step.Accepts state

        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        member _.Invoke(state, candle, output) =
            let close = candle.Close
            step.Invoke(&state, &close, &output)

/// A run of a built-in step, compiled once for each type of step, which is then part of it. Replaces a run that calls the
/// step's delegate, which costs 48 ns more for the nine default indicators; delete it when delegates are inlined.
[<Sealed>]
type internal CandleRun<'Step, 'State, 'Out
    when 'Step: struct and 'Step :> IStep<'State, Candle, 'Out> and 'State: struct and 'Out: unmanaged>
    (id: string, format: StateFormat<'State>, step: 'Step, initial: 'State) =
    inherit ColumnRun()
    // Mutable, so that each step reads it where it is instead of copying it.
    let mutable step = step
    let mutable state = initial

    override _.Push(candle, columns) =
        let output = &Columns.ofOutput<'Out> columns
        let speaks = step.Invoke(&state, &candle, &output)

        if not speaks then
            output <- Unchecked.defaultof<'Out>

        speaks

    override _.Fork() = CandleRun<'Step, 'State, 'Out>(id, format, step, state)

    override _.WriteTo(writer) =
        let state = state
        Labelled.writeTo writer id (fun writer -> format.WriteTo(writer, state))
