namespace BtcBandit.Tui.Tests.Gui.Views

open NUnit.Framework
open Terminal.Gui.Input
open Terminal.Gui.Views
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Gui.Input
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard
open BtcBandit.Tui.Tests.Gui

/// The words of the menu bar before and after the first menu was opened.
[<TestFixture; NonParallelizable>]
type MenuWordsTests() =

    let opened width height = new OpenDashboard(Seq.truncate 100 Recorded.week.Value, width, height)

    let first menu =
        let command = CommandTable.All |> Seq.find (fun command -> command.Menu = menu)
        command.Title

    let hasBar (dashboard: OpenDashboard) = dashboard.Window.SubViews |> Seq.exists (fun view -> view :? MenuBar)

    let top (dashboard: OpenDashboard) =
        let cells = nonNull ((nonNull dashboard.App.Driver).GetOutputBuffer()).Contents
        [ for x in 0..40 -> cells[0, x].Grapheme, cells[0, x].Attribute ]

    [<Test>]
    member _.``the bar that a menu brings looks as the words did``() =
        for themes in 0..4 do
            use dashboard = opened 120 40

            for _ in 1..themes do
                dashboard.Press Key.F8

            let words = top dashboard
            contains " Run  View  Go  Chart  List  Help " dashboard.Text
            Assert.That(hasBar dashboard, Is.False)
            dashboard.Press Key.F10
            Assert.That(hasBar dashboard)
            dashboard.Press Key.Esc
            equal words (top dashboard)

    [<Test>]
    member _.``the first letter opens a menu, with Alt or without, the first time and again``() =
        for key, menu in
            [
                Key.R, MenuName.Run
                Key.V.WithAlt, MenuName.View
                Key.R.WithShift, MenuName.Run
            ] do
            use dashboard = opened 120 40

            for _ in 1..2 do
                dashboard.Press key
                contains (first menu) dashboard.Text
                dashboard.Press Key.Esc
                Assert.That(dashboard.Text, Does.Not.Contain(first menu))

    [<Test>]
    member _.``a click opens the menu under it``() =
        for x, menu in [ 0, MenuName.Run; 4, MenuName.Run; 5, MenuName.View; 33, MenuName.Help ] do
            use dashboard = opened 120 40
            dashboard.Click(x, 0)
            contains (first menu) dashboard.Text

    [<Test>]
    member _.``a key of a command does the command, and a small screen has no menu``() =
        use dashboard = opened 120 40
        dashboard.Type "v"
        Assert.That(hasBar dashboard, Is.False)
        use small = opened 40 10
        small.Press(Key.R, Key.V.WithAlt)
        Assert.That(hasBar small, Is.False)
        // On a screen that has grown, they do again what they say.
        small.Resize(120, 40)
        small.Press Key.R
        contains (first MenuName.Run) small.Text
        small.Press Key.Esc
        small.Resize(40, 10)
        Assert.That(small.Text, Does.Not.Contain "Chart  List")
        small.Resize(120, 40)
        contains "Chart  List" small.Text
