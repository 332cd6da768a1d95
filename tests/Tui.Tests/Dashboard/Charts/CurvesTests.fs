namespace BtcBandit.Tui.Tests.Dashboard.Charts

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Charts
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// Equity, drawdown and other curves as text.
module CurvesTests =

    let private minute = 60_000L

    /// A rise, a fall of a tenth, and a way back.
    let private points = [|
        for i in 0L .. 63L ->
            let equity = if i < 32L then 1_000.0 else 900.0 + 2.0 * float (i - 32L)
            CurvePoint(i + 1L, i * minute, equity, nan, 1.0 - equity / 1_000.0)
    |]

    let private drawn height =
        let frame = Frame(76, height)
        Curves.Draw(frame.Canvas, points, 1_000.0, 0.1)
        frame.Lines()

    [<Tests>]
    let tests =
        testList "CurvesTests" [
            testCase "equity has its own time axis, with the times of its points"
            <| fun () ->
                let lines = drawn 12
                let axis = lines[11]
                contains "UTC" axis
                // One column for each minute.
                equal 15 (axis.IndexOf "00:15")
                equal 45 (axis.IndexOf "00:45")

            testCase "the drawdown hangs below the equity, deepest where the equity is lowest"
            <| fun () ->
                let lines = drawn 12
                let first = lines |> Array.findIndex (fun line -> line.Contains "below peak")
                contains "-10.00 %" lines[first + 1]
                // None before the fall; full at its bottom; less on the way back.
                equal (String(' ', 32)) (lines[first].Substring(0, 32))
                equal '█' lines[first + 1].[32]
                equal ' ' lines[first + 1].[63]

            testCase "where there is little room, the curve stays"
            <| fun () ->
                for height in 2..30 do
                    let lines = drawn height
                    Expect.stringContains (String.Join('\n', lines)) "◀" (string height)

                lacks "below peak" (String.Join('\n', drawn 6))
                lacks "UTC" (String.Join('\n', drawn 3))

            testCase "a curve without a loss has an empty drawdown"
            <| fun () ->
                let frame = Frame(60, 12)

                let rising = [|
                    for i in 0L .. 9L -> CurvePoint(i + 1L, i * minute, 1_000.0 + float i, nan, 0.0)
                |]

                Curves.Draw(frame.Canvas, rising, 1_000.0, 0.0)
                lacks "█" (String.Join('\n', frame.Lines()))

            testCase "columns have round levels, a mark and a time axis"
            <| fun () ->
                let frame = Frame(60, 12)
                let values = [| for i in 0..99 -> float (i % 10) |]
                let times = [| for i in 0L .. 99L -> i * minute |]
                ColumnChart.Draw(frame.Canvas, values, times, Func<float, string> Figures.Number2, Nullable 12.0)
                let lines = frame.Lines()
                let text = String.Join('\n', lines)
                contains "◀      12.00" text
                contains "┤      10.00" text
                contains "┤       0.00" text
                contains "UTC" lines[11]
                // The newest value stands at the right.
                equal '█' lines[10].[47]

            testCase "columns of two rows say how high they are"
            <| fun () ->
                let frame = Frame(60, 2)
                ColumnChart.Draw(frame.Canvas, [| 3.1; 3.2 |], [| 0L; minute |], Func<float, string> Figures.Number2)
                contains "┤" (String.Join('\n', frame.Lines()))
        ]
