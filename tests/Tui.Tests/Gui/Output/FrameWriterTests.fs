namespace BtcBandit.Tui.Tests.Gui.Output

open System
open System.Collections.Generic
open System.Text
open System.Text.RegularExpressions
open FsCheck
open FsCheck.FSharp
open Terminal.Gui.Input
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Gui.Output
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard
open BtcBandit.Tui.Tests.Gui

/// What is sent to a terminal, by a terminal as small as the output needs.
module FrameWriterTests =

    let private opened colours charset =
        new OpenDashboard(
            Seq.truncate 300 Recorded.week.Value,
            RunMode.Archive(),
            80,
            24,
            Capabilities(colours, charset),
            null
        )

    let private moves = [
        for page in Pages.All -> Key page.Key
        for character in "hlzZmbvstgG[]xfojk" -> Key character
        yield! [ Key.F8; Key.L.WithCtrl; Key.Tab ]
    ]

    [<Tests>]
    let tests =
        // Terminal.Gui keeps state that is static.
        testSequenced
        <| testList "FrameWriterTests" [
            testCase
                "a terminal that is told the differences shows the whole screen, also after resizes and changes of theme"
            <| fun () ->
                let scene =
                    gen {
                        let! key = Gen.elements moves
                        let! steps = Gen.choose (0, 3)
                        let! resized = Gen.frequency [ 4, Gen.constant false; 1, Gen.constant true ]
                        let! width = Gen.choose (20, 160)
                        let! height = Gen.choose (5, 60)
                        return key, steps, resized, (width, height)
                    }

                let agrees (colours, scenes) =
                    use dashboard = opened colours Charset.Unicode
                    let terminal = Emulator(80, 24)
                    terminal.Write dashboard.Sent
                    let mutable next = 300

                    scenes
                    |> List.forall (fun (key: Key, steps, resized, (width, height)) ->
                        if resized then
                            terminal.Resize(width, height)
                            dashboard.Resize(width, height)
                            terminal.Write dashboard.Sent

                        dashboard.Inject key
                        dashboard.Add(Recorded.week.Value |> Seq.skip next |> Seq.truncate steps)
                        next <- next + steps
                        terminal.Write dashboard.Sent
                        // The theme of plain characters changes what is sent, not what the library holds.
                        let sent =
                            match (nonNull dashboard.Window.Writer).Charset with
                            | Charset.Ascii -> dashboard.Lines |> Array.map (String.map Ascii.Of)
                            | _ -> dashboard.Lines

                        let same = terminal.Lines = sent

                        if not same then
                            for y in 0 .. terminal.Lines.Length - 1 do
                                if terminal.Lines[y] <> dashboard.Lines[y] then
                                    Console.Out.WriteLine $"{key} row {y}:\n{terminal.Lines[y]}\n{dashboard.Lines[y]}"

                        same)

                let scenes = Gen.zip (Gen.elements (Enum.GetValues<ColourDepth>())) (Gen.listOfLength 15 scene)

                let fewer (colours, scenes) = Shrinking.shorter scenes |> Seq.map (fun scenes -> colours, scenes)

                // 25 cases, each of a whole dashboard and fifteen keys.
                Check.One(
                    Config.QuickThrowOnFailure.WithMaxTest 25,
                    Prop.forAll (Arb.fromGenShrink (scenes, fewer)) agrees
                )

            testCase "an update is one synchronised one, and none where nothing changed"
            <| fun () ->
                use dashboard = opened ColourDepth.Named Charset.Unicode
                startsWith "\x1b[?2026h" dashboard.Sent
                endsWith "\x1b[?2026l" dashboard.Sent
                dashboard.Show()
                equal "" dashboard.Sent

                dashboard.Info <-
                    RunInfo(Mode = RunMode.Archive(), Progress = Nullable 0.3, StepsPerSecond = Nullable 777.0)

                isWithin 1 400 dashboard.Sent.Length

            testCase "ten frames a second at 120 x 40 need less than 20 kB"
            <| fun () ->
                use dashboard =
                    new OpenDashboard(
                        Seq.truncate 2_000 Recorded.week.Value,
                        RunMode.Archive(),
                        120,
                        40,
                        Capabilities(ColourDepth.Indexed, Charset.Unicode),
                        null
                    )

                let whole = Encoding.UTF8.GetByteCount dashboard.Sent

                let sizes = [
                    for step in Recorded.week.Value |> Seq.skip 2_000 |> Seq.truncate 300 ->
                        dashboard.Add [ step ]
                        Encoding.UTF8.GetByteCount dashboard.Sent
                ]

                let average = sizes |> List.averageBy float
                isBelow 20_000.0 (average * 10.0)

            testCase "no colour means no colour, and what is selected is still seen"
            <| fun () ->
                use dashboard = opened ColourDepth.None Charset.Unicode
                let codes = HashSet<string>()

                let collect () =
                    for sequence in Regex.Matches(dashboard.Sent, "\x1b\\[([0-9;]*)m") do
                        codes.UnionWith(sequence.Groups[1].Value.Split ';')

                collect ()

                for page in Pages.All do
                    dashboard.Press(Key page.Key)
                    collect ()

                // Help, palette and an open trade.
                for opens in [ Key '?'; Key ':'; Key.Enter ] do
                    dashboard.During(
                        opens,
                        fun () ->
                            collect ()
                            dashboard.Inject Key.Esc
                    )

                    collect ()

                dashboard.Press Key.F8
                collect ()
                dashboard.Press Key.F10
                collect ()
                isSubset [ "0"; "1"; "2"; "4"; "7" ] codes
                has "7" codes

            testCase "plain characters only where the locale has no others, in menus and dialogs as well"
            <| fun () ->
                use dashboard = opened ColourDepth.True Charset.Ascii
                let sent = StringBuilder(dashboard.Sent)

                let press (key: Key) =
                    dashboard.Press key
                    sent.Append dashboard.Sent |> ignore

                for page in Pages.All do
                    press (Key page.Key)

                press Key.F10
                press Key.Esc

                dashboard.During(
                    Key '?',
                    fun () ->
                        sent.Append dashboard.Sent |> ignore
                        dashboard.Inject Key.Esc
                )

                let plain = Regex.Replace(string sent, "\x1b\\[[0-9;?]*[A-Za-z]", "")
                isEmpty (plain |> Seq.filter (fun c -> c > '~' || c < ' '))

            cases "of xterm's 256 colours the nearest is taken" [
                255, 0, 0, 196
                0, 0, 0, 16
                255, 255, 255, 231
                128, 128, 128, 244
                8, 8, 8, 232
                95, 135, 175, 67
            ]
            <| fun (red: int, green: int, blue: int, expected: int) ->
                equal expected (Sequences.Indexed(byte red, byte green, byte blue))

            property "no colour of the 216 and 24 is nearer than the one that is taken"
            <| fun (red: byte) (green: byte) (blue: byte) ->
                let levels = [| 0; 95; 135; 175; 215; 255 |]

                let palette = [
                    for r in levels do
                        for g in levels do
                            for b in levels -> r, g, b
                    for grey in 0..23 -> 8 + 10 * grey, 8 + 10 * grey, 8 + 10 * grey
                ]

                let distance (r, g, b) (x, y, z) = (r - x) * (r - x) + (g - y) * (g - y) + (b - z) * (b - z)

                let wanted = int red, int green, int blue
                let taken = palette[Sequences.Indexed(red, green, blue) - 16]
                // The greys are tried at their mean only, so a tie of the mean may cost a little.
                distance wanted taken
                <= (palette |> List.map (distance wanted) |> List.min) + 40

            cases "the environment says what a terminal can show" [
                "COLORTERM=truecolor TERM=xterm-256color LANG=de_DE.UTF-8", ColourDepth.True, Charset.Unicode
                "TERM=xterm-256color LC_CTYPE=C.utf8", ColourDepth.Indexed, Charset.Unicode
                "TERM=screen LC_ALL=C LANG=en_US.UTF-8", ColourDepth.Named, Charset.Ascii
                "TERM=xterm NO_COLOR=1 COLORTERM=truecolor", ColourDepth.None, Charset.Ascii
                "TERM=vt100 LANG=POSIX", ColourDepth.None, Charset.Ascii
            ]
            <| fun (variables: string, colours, charset) ->
                let table =
                    dict [
                        for part in words variables -> (let at = part.IndexOf '=' in part[.. at - 1], part[at + 1 ..])
                    ]

                let known = Capabilities.Of(fun name -> if table.ContainsKey name then table[name] else null)
                equal (Capabilities(colours, charset)) known
        ]
