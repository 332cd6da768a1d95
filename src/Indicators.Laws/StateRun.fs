namespace BtcBandit.Indicators.Laws

open System
open BtcBandit.Indicators

/// A run of a user's indicator, saved the way a user saves it.
[<Sealed>]
type internal StateRun<'State, 'Out>(run: IndicatorRun<'State, Candle, 'Out>, write: 'Out -> float[]) =
    inherit ColumnRun()

    override _.Push(candle, columns) =
        let mutable output = Unchecked.defaultof<'Out>
        let speaks = run.TryNext(candle, &output)
        if speaks then (write output).AsSpan().CopyTo columns else columns.Clear()
        speaks

    override _.Fork() = StateRun<'State, 'Out>(run.Fork(), write)
    override _.WriteTo(writer) = run.Save().WriteTo writer

/// Checks that functions of users give as many values as they must.
module internal Sized =
    let demand what (columns: string[]) (values: float[] | null) =
        let fail count =
            let names = String.concat ", " columns
            raise (InvalidOperationException $"{what} gave {count} values for {columns.Length} outputs ({names}).")

        match values with
        | null -> fail "no"
        | values when values.Length <> columns.Length -> fail (string values.Length)
        | values -> values
