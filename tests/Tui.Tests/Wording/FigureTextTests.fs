namespace BtcBandit.Tui.Tests.Wording

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Wording

/// Figures as text, by hand.
module FigureTextTests =

    let private some (value: float) = Nullable value

    [<Tests>]
    let tests =
        testList "FigureTextTests" [
            testCase "a figure that is rounded to zero has no sign"
            <| fun () ->
                for text in
                    [
                        FigureText.Number(some -0.004)
                        FigureText.Amount(some -0.004)
                        FigureText.Ratio(some -0.001)
                        FigureText.Bps(some -1e-9)
                    ] do
                    equal "0.00" text

                equal "0.00 %" (FigureText.Percent(some -1e-9))
                equal "0" (FigureText.Count(some -0.2))
                equal "0.0 %" (FigureText.Share(some -1e-9))
                equal "-0.01" (FigureText.Number(some -0.006))

            testCase "amounts have all their digits, numbers of columns do not"
            <| fun () ->
                equal "1,000,000,000.25" (FigureText.Amount(some 1_000_000_000.25))
                equal "-9,999,999,999,999.00" (FigureText.Amount(some -9_999_999_999_999.0))
                equal "1.00e+13" (FigureText.Amount(some 1e13))
                equal "1.00e+9" (FigureText.Number(some 1e9))
                equal "-" (FigureText.Amount(Nullable()))

            testCase "fractions in basis points"
            <| fun () ->
                equal "1.25" (FigureText.Bps(some 0.000125))
                equal "-12.00" (FigureText.Bps(some -0.0012))
                equal "-" (FigureText.Bps(Nullable()))

            testCase "quantities have the decimals of a lot"
            <| fun () ->
                equal "0.03520" (FigureText.Quantity(0.0352, 1e5))
                equal "9,000" (FigureText.Quantity(9_000.0, 1.0))
                equal "120,000" (FigureText.Quantity(120_000.0, 0.01))
                equal "0.00000001" (FigureText.Quantity(1e-8, 1e12))
                equal "1.20e+12" (FigureText.Quantity(1.2e12, 1e5))

            property "columns are as wide as their widest cell, with two blanks between"
            <| fun (cells: (uint8 * uint8) list) ->
                let cell (length: uint8) = String('x', 1 + int length % 30)

                let rows = [
                    for first, second in cells ->
                        [| cell first; cell second |] :> Collections.Generic.IReadOnlyList<string>
                ]

                let text = TextTable.Of([| TableColumn("a", true); TableColumn "b" |], Array.ofList rows)
                let lines = text.TrimEnd('\n').Split '\n'
                let width place = rows |> List.fold (fun most row -> max most row[place].Length) 1

                lines.Length = rows.Length + 1
                && lines |> Array.forall (fun line -> line.Length = width 0 + 2 + width 1)
                && List.forall2
                    (fun (line: string) (row: Collections.Generic.IReadOnlyList<string>) ->
                        line.StartsWith(row[0] + "  ") && line.EndsWith("  " + row[1]))
                    (List.ofArray lines[1..])
                    rows
        ]
