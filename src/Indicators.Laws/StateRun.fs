namespace BtcBandit.Indicators.Laws

open System
open BtcBandit.Indicators

/// A run whose state is known; saved as anybody saves it.
[<Sealed>]
type internal StateRun<'State, 'Out>(fold: Fold<'State, Candle, 'Out>, write: 'Out -> float[]) =
    inherit ColumnFold()

    override _.Push(candle, columns) =
        let mutable output = Unchecked.defaultof<'Out>
        let speaks = fold.TryNext(candle, &output)
        if speaks then (write output).AsSpan().CopyTo columns else columns.Clear()
        speaks

    override _.Fork() = StateRun<'State, 'Out>(fold.Fork(), write)
    override _.Save() = fold.Save()

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
