namespace BtcBandit.Tui.Tests.Gui

open System
open System.IO
open System.Text.RegularExpressions
open Terminal.Gui.Input
open Terminal.Gui.ViewBase
open Terminal.Gui.Views
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Watching
open BtcBandit.Indicators
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Gui.Dialogs
open BtcBandit.Tui.Gui.Input
open BtcBandit.Tui.Gui.Themes
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// The table of commands, and everything that is made from it.
module CommandTests =

    let private openIn mode (terminal: Capabilities) themeFile =
        new OpenDashboard(Seq.truncate 400 Recorded.week.Value, mode, 120, 40, terminal, themeFile)

    let private usual = Capabilities(ColourDepth.True, Charset.Unicode)

    let private opened () = openIn (RunMode.Archive()) usual null

    let private temporary () = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "btcbandit", "theme")

    [<Tests>]
    let tests =
        // Terminal.Gui keeps state that is static.
        testSequenced
        <| testList "CommandTests" [
            testCase "every key has one command, and every page and overlay a key"
            <| fun () ->
                let keys = [
                    for command in CommandTable.All do
                        yield! command.Keys |> Seq.map _.KeyCode
                ]

                unique keys

                for page in Pages.All do
                    notNull' (CommandTable.Of(Key page.Key))

                let overlays =
                    [
                        for recipe in Catalogue.BuiltIn.Recipes do
                            match recipe.Overlay with
                            | null -> ()
                            | overlay -> overlay.Key, overlay.Group
                    ]
                    |> List.distinct

                equal [ for struct (_, key, name) in OverlayGroups.All -> key, name ] overlays

            testCase "titles of commands are unique"
            <| fun () -> unique [ for command in CommandTable.All -> command.Title ]

            testCase "the documentation has the table of commands"
            <| fun () ->
                let path = Repository.path "docs/dashboard.md"
                let text = Repository.read "docs/dashboard.md"
                let escape (text: string) = text.Replace("|", "\\|")

                let table =
                    String.Join(
                        '\n',
                        [
                            "| menu | command | keys |"
                            "| --- | --- | --- |"
                            for command in CommandTable.All do
                                let keys = String.Join(' ', command.Keys |> Seq.map (fun key -> $"`{KeyText.Of key}`"))
                                $"| {command.Menu} | {escape command.Title} | {keys} |"
                        ]
                    )

                let pattern =
                    Regex("(?<=<!-- commands -->\n\n).*?(?=\n\n<!-- end of commands -->)", RegexOptions.Singleline)

                if Environment.GetEnvironmentVariable "BTCBANDIT_WRITE_GOLDEN" = "1" then
                    File.WriteAllText(path, pattern.Replace(text, table.Replace("$", "$$")))
                    skiptest $"written: {path}"

                equal table (pattern.Match(Repository.read "docs/dashboard.md").Value)

            testCase "the help lists every key, and any of its keys closes it"
            <| fun () ->
                for close in [ Key.Esc; Key 'q'; Key '?'; Key.Enter ] do
                    use dashboard = opened ()

                    let seen =
                        dashboard.During(
                            Key '?',
                            fun () ->
                                let lines = dashboard.ScrolledDialog()
                                dashboard.Inject close
                                lines
                        )

                    for command in CommandTable.All |> Seq.filter (fun command -> command.Keys.Count > 0) do
                        let isRow (line: string) = line.StartsWith command.KeyText && line.EndsWith command.Title

                        Expect.isTrue (seen |> List.exists isRow) $"{command.KeyText} {command.Title}"

                    lacks "Pause or resume" dashboard.Text
                    equal 0 dashboard.Quits

            testCase "the palette narrows as one types, and Enter does what is selected"
            <| fun () ->
                use dashboard = opened ()

                let seen =
                    dashboard.During(
                        Key ':',
                        fun () ->
                            for character in "bollinger" do
                                dashboard.Inject(Key character)

                            dashboard.App.LayoutAndDraw()
                            let text = dashboard.Text
                            dashboard.Inject Key.Enter
                            text
                    )

                contains "Show or hide Bollinger" seen
                lacks "Pause or resume" seen
                holds (dashboard.State.Overlays.HasFlag(OverlayGroups.Of 'b'))

            testCase "the palette takes no more letters than a command can have"
            <| fun () ->
                use dashboard = opened ()

                let length () =
                    let palette = nonNull (box dashboard.App.TopRunnable) :?> View

                    let search =
                        palette.SubViews
                        |> Seq.pick (function
                            | :? TextField as field -> Some field
                            | _ -> None)

                    search.Text.Length

                let lengths =
                    dashboard.During(
                        Key ':',
                        fun () ->
                            for _ in 1..1000 do
                                dashboard.Inject(Key 'x')

                            let typed = length ()
                            dashboard.App.RaisePasteEvent(String('y', 1_000_000)) |> ignore
                            let pasted = length ()
                            dashboard.Inject Key.Esc
                            typed, pasted
                    )

                equal (60, 60) lengths

            testCase "the palette finds commands by any words of their menu and title"
            <| fun () ->
                equal (List.ofSeq CommandTable.All) (List.ofSeq (CommandPalette.Find ""))
                let titles text = [ for command in CommandPalette.Find text -> command.Title ]
                equal [ "Theme Dark" ] (titles "DARK theme")
                equal [ "Save now" ] (titles "save now" |> List.truncate 1)
                // Not the pages that show an equity curve.
                equal
                    [ "Save and quit"; "Save and quit at once, with exit code 130" ]
                    (titles "quit" |> List.truncate 2)

                equal [] (titles "there is no such command")

            testCase "a live run is ended only after a question"
            <| fun () ->
                let live = RunMode.Live(FeedHealth.NotConnected) :> RunMode

                for answer, quits in [ Key 'n', 0; Key.Esc, 0; Key.Enter, 1; Key 'y', 1 ] do
                    use dashboard = openIn live usual null

                    let seen =
                        dashboard.During(
                            Key 'q',
                            fun () ->
                                let text = dashboard.Text
                                dashboard.Inject answer
                                text
                        )

                    contains "Save the run and quit?" seen
                    equal quits dashboard.Quits

            testCase "a theme is used at once, and kept"
            <| fun () ->
                let file = temporary ()

                do
                    use dashboard = openIn (RunMode.Archive()) usual file
                    lacks "48;2;" dashboard.Sent
                    dashboard.Press Key.F8
                    contains "48;2;19;23;30" dashboard.Sent
                    equal "Dark" (File.ReadAllText(file).Trim())

                use again = openIn (RunMode.Archive()) usual file
                contains "48;2;19;23;30" again.Sent

                for name in [ "Light"; "Mono"; "ASCII"; "Terminal" ] do
                    again.Press Key.F8
                    equal name (File.ReadAllText(file).Trim())

                Directory.Delete(nonNull (Path.GetDirectoryName(nonNull (Path.GetDirectoryName file))), true)

            testCase "the menu marks the theme that is used"
            <| fun () ->
                use dashboard = opened ()

                for name in [ "Dark"; "Light"; "Mono"; "ASCII"; "Terminal" ] do
                    dashboard.Press Key.F8

                    let isOn = [
                        for command in CommandTable.All do
                            if not (isNull command.IsOn) && command.Title.StartsWith "Theme " then
                                command.Title, command.IsOn.Invoke dashboard.Window
                    ]

                    equal [ for theme in Theme.All -> $"Theme {theme.Name}", theme.Name = name ] isOn

                dashboard.Press(Key.F8, Key.F10, Key.CursorRight)
                contains "● Theme Dark" dashboard.Text
                contains "○ Theme Light" dashboard.Text
                contains "● Page Overview" dashboard.Text
                dashboard.Press Key.Esc
                dashboard.Type "2"
                dashboard.Press(Key.F10, Key.CursorRight)
                contains "○ Page Overview" dashboard.Text
                contains "● Page Market" dashboard.Text

            testCase "the menu of a chart marks what is switched on"
            <| fun () ->
                use dashboard = opened ()

                for isOn in [ false; true; false ] do
                    dashboard.Mouse(MouseFlags.RightButtonClicked, 20, 10)
                    contains ((if isOn then "●" else "○") + " Show or hide Bollinger") dashboard.Text
                    dashboard.Press Key.Esc
                    dashboard.Type "b"

            testCase "a theme that cannot be kept is used, and the log says why"
            <| fun () ->
                let file = Path.GetTempFileName()
                use dashboard = openIn (RunMode.Archive()) usual (Path.Combine(file, "theme"))
                dashboard.Press Key.F8
                contains "48;2;19;23;30" dashboard.Sent
                contains "the theme is not kept" (Array.last dashboard.Lines)
                File.Delete file

            testCase "a file of no theme means the terminal's own"
            <| fun () ->
                let file = Path.GetTempFileName()
                File.WriteAllText(file, "Pink\n")
                equal null (ThemeFile(file).Read())
                File.WriteAllText(file, "dark\n")
                equal "Dark" (nonNull (ThemeFile(file).Read())).Name
                File.Delete file

            testCase "every theme can be read: text and inks differ from what is behind them"
            <| fun () ->
                let luminance (colour: Terminal.Gui.Drawing.Color) =
                    let part (value: byte) =
                        let share = float value / 255.0
                        if share <= 0.04045 then share / 12.92 else ((share + 0.055) / 1.055) ** 2.4

                    0.2126 * part colour.R + 0.7152 * part colour.G + 0.0722 * part colour.B

                let contrast one other =
                    let lighter, darker = max (luminance one) (luminance other), min (luminance one) (luminance other)
                    (lighter + 0.05) / (darker + 0.05)

                for theme in [ Theme.Dark; Theme.Light ] do
                    for back in [ theme.Back; theme.Panel; theme.Selection ] do
                        Expect.isGreaterThan (contrast theme.Text back) 4.5 $"{theme.Name} text"

                    for ink in Enum.GetValues<Ink>() do
                        Expect.isGreaterThan (contrast theme[ink] theme.Back) 4.5 $"{theme.Name} {ink}"
        ]
