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
        if columns.Length * sizeof<float> < Unsafe.SizeOf<'Out>() then
            raise (ArgumentException("too few columns", nameof columns))

        &Unsafe.As<float, 'Out>(&MemoryMarshal.GetReference columns)

/// A run over candles.
[<Sealed>]
type internal CandleFold<'State, 'Out when 'State: struct and 'Out: unmanaged>
    (step: Step<'State, Candle, 'Out>, initial: 'State) =
    inherit ColumnFold()
    let mutable state = initial

    override _.Push(candle, columns) =
        let output = &Columns.ofOutput<'Out> columns
        let speaks = step.Invoke(&state, &candle, &output)

        if not speaks then
            columns.Clear()

        speaks

    override _.Fork() = CandleFold<'State, 'Out>(step, state)
    override _.Save() = SavedState.write state

/// A run over closes; not a step around a step, which would cost a call more at each candle.
[<Sealed>]
type internal CloseFold<'State, 'Out when 'State: struct and 'Out: unmanaged>
    (step: Step<'State, float, 'Out>, initial: 'State) =
    inherit ColumnFold()
    let mutable state = initial

    override _.Push(candle, columns) =
        let output = &Columns.ofOutput<'Out> columns
        let close = candle.Close
        let speaks = step.Invoke(&state, &close, &output)

        if not speaks then
            columns.Clear()

        speaks

    override _.Fork() = CloseFold<'State, 'Out>(step, state)
    override _.Save() = SavedState.write state
