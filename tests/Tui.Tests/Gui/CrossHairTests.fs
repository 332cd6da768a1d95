namespace BtcBandit.Tui.Tests.Gui

open System
open Terminal.Gui.Input
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Dashboard.Charts
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// The cross-hair that the keyboard moves.
module CrossHairTests =

    let private opened () =
        let dashboard = new OpenDashboard(Seq.truncate 400 Recorded.week.Value, 80, 24)
        dashboard.Type "2x"
        dashboard

    /// The column of the chart that the cross-hair marks; the chart begins at the third column of the screen.
    let private column (dashboard: OpenDashboard) =
        dashboard.Lines
        |> Array.map (fun line -> line.IndexOf '┆')
        |> Array.filter (fun place -> place > 0)
        |> Array.distinct
        |> Array.exactlyOne
        |> (+) -2

    /// Columns of the chart without its axis: two borders and two spaces are beside it.
    let private columns width = CandleChart.Columns(width - 4)

    let private pressed times (key: Key) (dashboard: OpenDashboard) =
        for _ in 1..times do
            dashboard.Press key

    [<Tests>]
    let tests =
        // Terminal.Gui keeps state that is static.
        testSequenced
        <| testList "CrossHairTests" [
            testCase "it stops at the edges of the chart, and turns back at once"
            <| fun () ->
                use dashboard = opened ()
                dashboard |> pressed 40 Key.CursorRight
                equal (columns 80 - 1) (column dashboard)
                dashboard.Press Key.CursorLeft
                equal (columns 80 - 2) (column dashboard)
                dashboard |> pressed 100 Key.CursorLeft
                equal 0 (column dashboard)
                dashboard.Press Key.CursorRight
                equal 1 (column dashboard)
                dashboard |> pressed 30 Key.PageDown
                equal (columns 80 - 1) (column dashboard)

            testCase "it stays on a chart that becomes smaller, and moves from where it is seen"
            <| fun () ->
                use dashboard = new OpenDashboard(Seq.truncate 400 Recorded.week.Value, 200, 50)
                dashboard.Type "2x"
                dashboard |> pressed 100 Key.CursorRight
                dashboard.Resize(80, 16)
                equal (columns 80 - 1) (column dashboard)
                contains "┄" dashboard.Text
                dashboard.Press Key.CursorLeft
                equal (columns 80 - 2) (column dashboard)

            testCase "Enter looks at its candle"
            <| fun () ->
                use dashboard = opened ()
                dashboard |> pressed 5 Key.CursorLeft
                let bar = nonNull (CandleChart.BarAt(76, dashboard.Recall, dashboard.State, column dashboard))
                contains $"{Figures.Utc bar.Last.Candle.OpenTime} UTC  C " dashboard.Text
                dashboard.Press Key.Enter
                equal (Nullable bar.Number) dashboard.State.At
                lacks "┆" dashboard.Text

            testCase "another page and the newest step hide it"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Type "32"
                lacks "┆" dashboard.Text
                dashboard.Type "x"
                dashboard.Press Key.End
                lacks "┆" dashboard.Text
        ]
