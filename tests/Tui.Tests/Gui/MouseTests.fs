namespace BtcBandit.Tui.Tests.Gui

open System
open System.Drawing
open Terminal.Gui.Input
open Terminal.Gui.Testing
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Dashboard.Charts
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Gui.Input
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// What the mouse does on the dashboard.
module MouseTests =

    let private opened () = new OpenDashboard(Seq.truncate 400 Recorded.week.Value, 120, 40)

    /// Where a text begins on the screen.
    let private place (text: string) (dashboard: OpenDashboard) =
        let y = dashboard.Lines |> Array.findIndex _.Contains(text)
        dashboard.Lines[y].IndexOf(text, StringComparison.Ordinal), y

    /// What is on the screen while a dialog is open that an action opens.
    let private dialogOf act (dashboard: OpenDashboard) =
        let seen = ref ""

        let look () =
            dashboard.App.LayoutAndDraw()
            seen.Value <- dashboard.Text
            dashboard.Inject Key.Esc
            false

        let timeout = dashboard.App.AddTimeout(TimeSpan.Zero, look)
        act ()
        dashboard.App.RemoveTimeout(nonNull timeout) |> ignore
        dashboard.Show()
        seen.Value

    let private clickOn text (dashboard: OpenDashboard) =
        let x, y = place text dashboard
        dashboard.Click(x + 1, y)

    [<Tests>]
    let tests =
        // Terminal.Gui keeps state that is static.
        testSequenced
        <| testList "MouseTests" [
            testCase "a click on a tab shows its page, the wheel turns the pages"
            <| fun () ->
                use dashboard = opened ()
                clickOn "2 Market" dashboard
                contains "[2 Market]" dashboard.Text
                let x, y = place "[2 Market]" dashboard
                dashboard.Mouse(MouseFlags.WheeledDown, x, y)
                contains "[3 Bandit]" dashboard.Text
                dashboard.Mouse(MouseFlags.WheeledUp, x, y)
                contains "[2 Market]" dashboard.Text

            testCase "the wheel over a chart zooms"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Mouse(MouseFlags.WheeledDown, 20, 10)
                equal 2 dashboard.State.Zoom
                dashboard.Mouse(MouseFlags.WheeledUp, 20, 10)
                equal 1 dashboard.State.Zoom

            testCase "dragging a chart to the right goes back in time, column by column"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Mouse(MouseFlags.LeftButtonPressed, 20, 10)
                dashboard.Mouse(MouseFlags.LeftButtonPressed ||| MouseFlags.PositionReport, 25, 10)
                equal (Nullable 395L) dashboard.State.At
                dashboard.Mouse(MouseFlags.LeftButtonPressed ||| MouseFlags.PositionReport, 22, 10)
                equal (Nullable 398L) dashboard.State.At
                dashboard.Mouse(MouseFlags.LeftButtonReleased, 22, 10)
                equal (Nullable 398L) dashboard.State.At

            testCase "the cross-hair follows the mouse, and leaves with it"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Mouse(MouseFlags.PositionReport, 20, 10)
                equal (Nullable(ChartPoint(18, 6))) dashboard.State.CrossHair
                // The axes say where it is, and the headline which candle it marks.
                let bar = nonNull (CandleChart.BarAt(66, dashboard.Recall, dashboard.State, 18))
                let time = Figures.Utc bar.Last.Candle.OpenTime
                contains $"{time} UTC  C {Figures.Price bar.Close}" dashboard.Text
                let axis = dashboard.Lines |> Array.findBack (fun line -> line.Contains time)
                contains $" {time} UTC " axis
                contains "┄" dashboard.Lines[10]
                dashboard.Mouse(MouseFlags.PositionReport, 60, 0)
                equal (Nullable()) dashboard.State.CrossHair

            testCase "hovering changes no key: Enter opens a trade, and the arrows move in time"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Mouse(MouseFlags.PositionReport, 20, 10)
                dashboard.Press Key.CursorLeft
                equal (Nullable 399L) dashboard.State.At

                let seen =
                    dashboard.During(
                        Key.Enter,
                        fun () ->
                            let text = dashboard.Text
                            dashboard.Inject Key.Esc
                            text
                    )

                contains "Equity after" seen

            testCase "a cross-hair of the keyboard stays when the mouse leaves, and hovering does not move it"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Type "x"
                let before = dashboard.Lines[2..25]
                contains "┄" (String.Join('\n', before))
                dashboard.Mouse(MouseFlags.PositionReport, 20, 10)
                equal before dashboard.Lines[2..25]
                dashboard.Mouse(MouseFlags.PositionReport, 60, 0)
                equal before dashboard.Lines[2..25]
                dashboard.Type "x"
                lacks "┄" dashboard.Lines[10]

            testCase "x keeps the cross-hair of the mouse where it is"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Mouse(MouseFlags.PositionReport, 20, 10)
                let before = dashboard.Lines[2..25]
                dashboard.Type "x"
                dashboard.Mouse(MouseFlags.PositionReport, 60, 0)
                equal before dashboard.Lines[2..25]

            testCase "a click on a candle looks at it"
            <| fun () ->
                use dashboard = opened ()
                let bar = nonNull (CandleChart.BarAt(66, dashboard.Recall, dashboard.State, 18))
                dashboard.Click(20, 10)
                equal (Nullable bar.Number) dashboard.State.At
                equal (Nullable()) dashboard.State.CrossHair

            testCase "the right button opens a menu, whose items act"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Mouse(MouseFlags.RightButtonClicked, 20, 10)
                contains "Show or hide Bollinger" dashboard.Text
                clickOn "Show or hide Bollinger" dashboard
                holds (dashboard.State.Overlays.HasFlag(OverlayGroups.Of 'b'))
                lacks "Show or hide Bollinger" dashboard.Text

            testCase "a click on the menu bar opens a menu, and a click on an item does it"
            <| fun () ->
                use dashboard = opened ()
                clickOn "Run" dashboard
                contains "Pause or resume" dashboard.Text
                clickOn "Pause or resume" dashboard
                holds dashboard.IsPaused

            testCase "a click on the status bar does what it says"
            <| fun () ->
                use dashboard = opened ()
                clickOn "space pause" dashboard
                holds dashboard.IsPaused
                clickOn "q quit" dashboard
                equal 1 dashboard.Quits

            testCase "a click selects a trade, a double click opens it, a click on a head orders"
            <| fun () ->
                use dashboard = opened ()
                dashboard.Type "4"
                let trades = List.ofSeq (nonNull (dashboard.Run.Recall(Nullable(), 1))).Trades
                let x, y = place "PRICE" dashboard
                let third = List.item (trades.Length - 3) trades
                contains (Figures.Utc third.Fill.OpenTime) dashboard.Lines[y + 3]
                dashboard.Click(x, y + 3)
                dashboard.Type "y"
                contains $"\n{third.Step}," (string dashboard.Copied)
                let second = List.item (trades.Length - 2) trades

                let seen =
                    dashboard
                    |> dialogOf (fun () ->
                        dashboard.App.InjectSequence(InputInjectionExtensions.LeftButtonDoubleClick(Point(x, y + 2))))

                contains $"step {second.Step:N0}" seen
                dashboard.Click(x, y)
                contains "▼" dashboard.Lines[y]
                dashboard.Click(x, y)
                contains "▲" dashboard.Lines[y]
        ]
