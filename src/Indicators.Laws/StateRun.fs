namespace BtcBandit.Indicators.Laws

open System
open System.Text.Json
open BtcBandit.Indicators

/// A run whose state is known: kept as a value, saved with the serialiser of .NET.
[<Sealed>]
type internal StateRun<'State, 'Out>(step: Step<'State, Candle, 'Out>, initial: 'State, write: 'Out -> float[]) =
    inherit ColumnFold()
    let mutable state = initial

    /// Fields are kept too, so that tuples can be states.
    static member val Options =
        let options = JsonSerializerOptions(IncludeFields = true)
        options.Converters.Add(ExactNumbers())
        options

    override _.Push(candle, columns) =
        let mutable output = Unchecked.defaultof<'Out>
        let speaks = step.Invoke(&state, &candle, &output)
        if speaks then (write output).AsSpan().CopyTo columns else columns.Clear()
        speaks

    override _.Fork() = StateRun<'State, 'Out>(step, state, write)
    override _.Save() = JsonSerializer.SerializeToElement(state, StateRun<'State, 'Out>.Options)

/// What functions of users give is as long as it must be.
module internal Sized =
    let demand what (columns: string[]) (values: float[] | null) =
        let fail count =
            let names = String.concat ", " columns
            raise (InvalidOperationException $"{what} gave {count} values for {columns.Length} outputs ({names}).")

        match values with
        | null -> fail "no"
        | values when values.Length <> columns.Length -> fail (string values.Length)
        | values -> values
