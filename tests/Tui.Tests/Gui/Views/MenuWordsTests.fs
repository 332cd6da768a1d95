namespace BtcBandit.Tui.Tests.Gui.Views

open Terminal.Gui.Input
open Terminal.Gui.Views
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Gui.Input
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard
open BtcBandit.Tui.Tests.Gui

/// The words of the menu bar before and after the first menu was opened.
module MenuWordsTests =

    let private opened width height = new OpenDashboard(Seq.truncate 100 Recorded.week.Value, width, height)

    let private first menu =
        let command = CommandTable.All |> Seq.find (fun command -> command.Menu = menu)
        command.Title

    let private hasBar (dashboard: OpenDashboard) =
        dashboard.Window.SubViews |> Seq.exists (fun view -> view :? MenuBar)

    let private top (dashboard: OpenDashboard) =
        let cells = nonNull ((nonNull dashboard.App.Driver).GetOutputBuffer()).Contents
        [ for x in 0..40 -> cells[0, x].Grapheme, cells[0, x].Attribute ]

    [<Tests>]
    let tests =
        // Terminal.Gui keeps state that is static.
        testSequenced
        <| testList "MenuWordsTests" [
            testCase "the bar that a menu brings looks as the words did"
            <| fun () ->
                for themes in 0..4 do
                    use dashboard = opened 120 40

                    for _ in 1..themes do
                        dashboard.Press Key.F8

                    let words = top dashboard
                    contains " Run  View  Go  Chart  List  Help " dashboard.Text
                    fails (hasBar dashboard)
                    dashboard.Press Key.F10
                    holds (hasBar dashboard)
                    dashboard.Press Key.Esc
                    equal words (top dashboard)

            testCase "the first letter opens a menu, with Alt or without, the first time and again"
            <| fun () ->
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
                        lacks (first menu) dashboard.Text

            testCase "a click opens the menu under it"
            <| fun () ->
                for x, menu in [ 0, MenuName.Run; 4, MenuName.Run; 5, MenuName.View; 33, MenuName.Help ] do
                    use dashboard = opened 120 40
                    dashboard.Click(x, 0)
                    contains (first menu) dashboard.Text

            testCase "a key of a command does the command, and a small screen has no menu"
            <| fun () ->
                use dashboard = opened 120 40
                dashboard.Type "v"
                fails (hasBar dashboard)
                use small = opened 40 10
                small.Press(Key.R, Key.V.WithAlt)
                fails (hasBar small)
                // On a screen that has grown, they do again what they say.
                small.Resize(120, 40)
                small.Press Key.R
                contains (first MenuName.Run) small.Text
                small.Press Key.Esc
                small.Resize(40, 10)
                lacks "Chart  List" small.Text
                small.Resize(120, 40)
                contains "Chart  List" small.Text
        ]
