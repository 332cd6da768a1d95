namespace BtcBandit.Tui.Tests.Gui

open System
open NUnit.Framework
open Terminal.Gui.Input
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Dashboard.Charts
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// The cross-hair that the keyboard moves.
[<TestFixture; NonParallelizable>]
type CrossHairTests() =

    let opened () =
        let dashboard = new OpenDashboard(Seq.truncate 400 Recorded.week.Value, 80, 24)
        dashboard.Type "2x"
        dashboard

    /// The column of the chart that the cross-hair marks; the chart begins at the third column of the screen.
    let column (dashboard: OpenDashboard) =
        dashboard.Lines
        |> Array.map (fun line -> line.IndexOf '┆')
        |> Array.filter (fun place -> place > 0)
        |> Array.distinct
        |> Array.exactlyOne
        |> (+) -2

    /// Columns of the chart without its axis: two borders and two spaces are beside it.
    let columns width = CandleChart.Columns(width - 4)

    let pressed times (key: Key) (dashboard: OpenDashboard) =
        for _ in 1..times do
            dashboard.Press key

    [<Test>]
    member _.``it stops at the edges of the chart, and turns back at once``() =
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

    [<Test>]
    member _.``it stays on a chart that becomes smaller, and moves from where it is seen``() =
        use dashboard = new OpenDashboard(Seq.truncate 400 Recorded.week.Value, 200, 50)
        dashboard.Type "2x"
        dashboard |> pressed 100 Key.CursorRight
        dashboard.Resize(80, 16)
        equal (columns 80 - 1) (column dashboard)
        contains "┄" dashboard.Text
        dashboard.Press Key.CursorLeft
        equal (columns 80 - 2) (column dashboard)

    [<Test>]
    member _.``Enter looks at its candle``() =
        use dashboard = opened ()
        dashboard |> pressed 5 Key.CursorLeft
        let bar = nonNull (CandleChart.BarAt(76, dashboard.Recall, dashboard.State, column dashboard))
        contains $"{Figures.Utc bar.Last.Candle.OpenTime} UTC  C " dashboard.Text
        dashboard.Press Key.Enter
        equal (Nullable bar.Number) dashboard.State.At
        Assert.That(dashboard.Text, Does.Not.Contain "┆")

    [<Test>]
    member _.``another page and the newest step hide it``() =
        use dashboard = opened ()
        dashboard.Type "32"
        Assert.That(dashboard.Text, Does.Not.Contain "┆")
        dashboard.Type "x"
        dashboard.Press Key.End
        Assert.That(dashboard.Text, Does.Not.Contain "┆")
