namespace BtcBandit.Indicators

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Text.Json

/// <summary>One run of a catalogue entry over candles, its state's type hidden. For one thread at a time.</summary>
[<AbstractClass>]
type ColumnFold() =
    /// <summary>Takes one candle and writes the entry's columns, zeros while silent.</summary>
    /// <returns>False while silent.</returns>
    abstract Push: candle: inref<Candle> * columns: Span<float> -> bool

    /// <summary>A second run from here on; the two share nothing that changes.</summary>
    abstract Fork: unit -> ColumnFold

    /// <summary>The state as JSON, to the last bit.</summary>
    abstract Save: unit -> JsonElement

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

        [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
        member _.Invoke(state, candle, output) =
            let close = candle.Close
            step.Invoke(&state, &close, &output)

/// A run over candles; compiled once for each type of step, which is then part of it.
[<Sealed>]
type internal CandleFold<'Step, 'State, 'Out
    when 'Step: struct and 'Step :> IStep<'State, Candle, 'Out> and 'State: struct and 'Out: unmanaged>
    (id: string, step: 'Step, initial: 'State) =
    inherit ColumnFold()
    // Mutable, so that each step reads it where it is instead of copying it.
    let mutable step = step
    let mutable state = initial

    override _.Push(candle, columns) =
        let output = &Columns.ofOutput<'Out> columns
        let speaks = step.Invoke(&state, &candle, &output)

        if not speaks then
            output <- Unchecked.defaultof<'Out>

        speaks

    override _.Fork() = CandleFold<'Step, 'State, 'Out>(id, step, state)
    override _.Save() = SavedState.writeOf id state
