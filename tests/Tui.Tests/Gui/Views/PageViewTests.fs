namespace BtcBandit.Tui.Tests.Gui.Views

open System.Drawing
open Terminal.Gui.Input
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Gui.Views
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard
open BtcBandit.Tui.Tests.Gui

/// Where the panes of a page are on the screen.
module PageViewTests =

    /// Rows of menu and tabs, and of these and the footer.
    let private above, private around = 2, 3

    let private sizes = [ 60, 16; 80, 24; 120, 40; 200, 50; 300, 80 ]

    let private opened (width, height) = new OpenDashboard(Seq.truncate 400 Recorded.week.Value, width, height)

    let private show (place: int) (dashboard: OpenDashboard) = dashboard.Press(Key Pages.All[place].Key)

    /// The panes of the shown page lie where its arrangement says, and the screen shows what they draw.
    let private isArranged (dashboard: OpenDashboard) =
        let width, height = dashboard.App.Screen.Width, dashboard.App.Screen.Height
        let model = dashboard.Model
        let page = Pages.All[dashboard.State.Page]
        let name = $"{page.Name} at {width} x {height}"
        let expected = page.Arrange.Invoke(width, height - around, model)
        let isShown (view: Terminal.Gui.ViewBase.View) = view.Visible

        let views =
            dashboard.Window.SubViews
            |> Seq.filter (fun view -> view :? PageView && isShown view)

        let view = Seq.exactlyOne views
        let order (places: Rectangle seq) = places |> Seq.sortBy (fun place -> place.Y, place.X) |> List.ofSeq
        equal (Rectangle(0, above, width, height - around)) view.Frame

        let places =
            expected
            |> Seq.map (fun placed -> Rectangle(placed.X, placed.Y, placed.Width, placed.Height))
            |> order

        because name (fun () -> equal places (view.SubViews |> Seq.filter isShown |> Seq.map _.Frame |> order))

        let lines = dashboard.Lines

        for placed in expected do
            let seen =
                lines
                |> Array.skip (above + placed.Y)
                |> Array.truncate placed.Height
                |> Array.map (fun line -> line.Substring(placed.X, placed.Width))

            let frame = Frame(placed.Width, placed.Height)
            placed.Pane.Draw.Invoke(frame.Canvas, model)
            let drawn = frame.Lines()

            if placed.Pane = Pages.TradesTable || placed.Pane = Pages.LogList then
                // These are views of their own: only their frame is that of a pane.
                equal (drawn[0].Substring(0, 4), Array.last drawn) (seen[0].Substring(0, 4), Array.last seen)
            else
                because $"{placed.Pane.Name} of {name}" (fun () -> equalSeq drawn seen)

    [<Tests>]
    let tests =
        // Terminal.Gui keeps state that is static.
        testSequenced
        <| testList "PageViewTests" [
            testCase "after every change of size, each pane of each page is where it belongs"
            <| fun () ->
                use dashboard = opened (120, 40)

                for size in sizes @ List.rev sizes do
                    dashboard.Resize size

                    for place in 0 .. Pages.All.Count - 1 do
                        show place dashboard
                        isArranged dashboard

            testCase "the page that is shown while the size changes is right at once"
            <| fun () ->
                for place in 0 .. Pages.All.Count - 1 do
                    use dashboard = opened (120, 40)
                    show place dashboard

                    for size in sizes @ List.rev sizes do
                        dashboard.Resize size
                        isArranged dashboard

            testCase "a page that was hidden while the size changed is right when it is shown again"
            <| fun () ->
                use dashboard = opened (80, 24)

                for place in 0 .. Pages.All.Count - 1 do
                    for size in sizes do
                        dashboard.Resize(80, 24)
                        show place dashboard
                        isArranged dashboard
                        show ((place + 1) % Pages.All.Count) dashboard
                        dashboard.Resize size
                        show place dashboard
                        isArranged dashboard

            testCase "all pages are right after a screen that was too small for them"
            <| fun () ->
                use dashboard = opened (80, 24)

                for size in sizes do
                    dashboard.Resize(40, 10)
                    dashboard.Resize size

                    for place in 0 .. Pages.All.Count - 1 do
                        show place dashboard
                        isArranged dashboard
        ]
