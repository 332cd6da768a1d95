namespace BtcBandit.Tui.Tests.Gui.Views

open System
open System.Drawing
open Terminal.Gui.Input
open Terminal.Gui.ViewBase
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Gui.Input
open BtcBandit.Tui.Gui.Themes
open BtcBandit.Tui.Gui.Views
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// The status bar: which commands it shows, and what a click on one does.
module FooterTests =

    let private widths = [ 20; 40; 60; 80 ]

    let private modelOf page =
        let history = Recorded.historyOf 500 Recorded.synthetic.Value
        Recorded.modelOf history (RunLog()) Recorded.archive (UiState(Page = page)) 80

    /// What it shows, and which command a click on a column does.
    let private shown width (model: ViewModel) =
        let mutable command = None
        let footer = new FooterView(Looks Theme.Mono, (fun clicked -> command <- Some clicked))
        footer.Width <- Dim.Absolute width
        footer.Height <- Dim.Absolute 1
        footer.Layout(Size(width, 1)) |> ignore
        footer.Show model
        let frame = Frame(width, 1)
        (nonNull footer.Drawing).Invoke frame.Canvas

        let click column =
            command <- None

            footer.NewMouseEvent(new Mouse(Position = Point(column, 0), Flags = MouseFlags.LeftButtonClicked))
            |> ignore

            command

        frame.Lines()[0], click

    let private text (command: DashboardCommand) = $"{KeyText.Of command.Keys[0]} {command.Hint}"

    let private hints (line: string) = line.TrimEnd().Split "  " |> List.ofArray

    /// Every page at every width.
    let private all law =
        for page in 0 .. Pages.All.Count - 1 do
            for width in widths do
                let line, click = shown width (modelOf page)
                law page width line click

    [<Tests>]
    let tests =
        // Terminal.Gui keeps state that is static.
        testSequenced
        <| testList "FooterTests" [
            testCase "help and quit are always there"
            <| fun () ->
                all (fun _ _ line _ ->
                    has "? help" (hints line)
                    has "q quit" (hints line))

            testCase "no command is cut in the middle"
            <| fun () ->
                let known = [
                    for command in CommandTable.All do
                        if not (isNull command.Hint) then
                            text command
                ]

                all (fun _ width line _ -> because $"{width}: {line}" (fun () -> isSubset known (hints line)))

            testCase "a wider screen shows more commands, and those of the page before the others"
            <| fun () ->
                for page in 0 .. Pages.All.Count - 1 do
                    let counts =
                        widths
                        |> List.map (fun width -> (shown width (modelOf page) |> fst |> hints).Length)

                    equal (List.sort counts) counts
                    isAbove (List.head counts) (List.last counts)

                contains "Enter open" (shown 80 (modelOf (Recorded.place "trades")) |> fst)

            testCase "a click on any letter of a command does it, and one beside it does nothing"
            <| fun () ->
                all (fun _ width line click ->
                    let mutable from = 0

                    for hint in hints line do
                        for column in from .. from + hint.Length - 1 do
                            equal (Some hint) (click column |> Option.map text)

                        for column in from + hint.Length .. min (from + hint.Length + 1) (width - 1) do
                            equal None (click column |> Option.map text)

                        from <- from + hint.Length + 2

                    for column in from .. width - 1 do
                        equal None (click column |> Option.map text))

            testCase "a click on a warning marks it as read"
            <| fun () ->
                let log = RunLog()
                log.Add(RunNote.Remark "3 candles are missing")
                let history = Recorded.historyOf 500 Recorded.synthetic.Value

                for width in widths do
                    let model = Recorded.modelOf history log Recorded.archive (UiState()) width
                    let line, click = shown width model
                    contains "! 3 candles" line
                    equal (Some "Mark warnings as read") (click 3 |> Option.map _.Title)

            testCase "a click on what the run came to does nothing"
            <| fun () ->
                let plain = modelOf 0

                let ended =
                    ViewModel(plain.Recall, plain.Run, plain.Log, plain.Ui, End = "The run has ended. q leaves.")

                let line, click = shown 80 ended
                contains "The run has ended. q leaves." line

                for column in 0..79 do
                    equal None (click column |> Option.map text)
        ]
