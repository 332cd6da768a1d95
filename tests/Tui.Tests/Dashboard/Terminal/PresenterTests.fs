namespace BtcBandit.Tui.Tests.Dashboard.Terminal

open System
open System.Collections.Generic
open System.Text.RegularExpressions
open NUnit.Framework
open FsCheck
open FsCheck.FSharp
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Dashboard.Terminal
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

[<TestFixture>]
type PresenterTests() =

    let frameAt number page (width, height) =
        let ui = UiState(Page = Recorded.place page, At = Nullable number)
        Screen.Draw(Recorded.ofWeek.Value Recorded.archive ui width, width, height)

    let fresh depth (frame: Frame) =
        let terminal = Emulator(frame.Width, frame.Height)
        terminal.Write(Presenter(Palette depth).Update frame)
        terminal.Picture

    [<Test>]
    member _.``a terminal that is told the differences shows the whole frame, also after resizes``() =
        let scene =
            gen {
                let! number = Gen.choose (1, 3_000)
                let! page = Gen.elements Recorded.pages
                let! resized = Gen.frequency [ 2, Gen.constant false; 1, Gen.constant true ]
                let! width = Gen.choose (20, 160)
                let! height = Gen.choose (5, 60)
                return int64 number, page, resized, (width, height)
            }

        let agrees (depth: ColourDepth) scenes =
            let presenter = Presenter(Palette depth)
            let terminal = Emulator(80, 24)
            let mutable size = 80, 24

            scenes
            |> List.forall (fun (number, page, resized, wanted) ->
                if resized then
                    size <- wanted
                    terminal.Resize wanted
                    presenter.Invalidate()

                let frame = frameAt number page size
                terminal.Write(presenter.Update frame)
                terminal.Picture = fresh depth frame && terminal.Lines = frame.Lines())

        let scenes = Gen.zip (Gen.elements (Enum.GetValues<ColourDepth>())) (Gen.listOfLength 12 scene)

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest 40,
            Prop.forAll (Arb.fromGen scenes) (fun (d, s) -> agrees d s)
        )

    [<Test>]
    member _.``an update is one synchronised one, and none where nothing changed``() =
        let presenter = Presenter(Palette ColourDepth.Named)
        let first = presenter.Update(frameAt 100L "overview" (120, 40))
        Assert.That(first, (Does.StartWith "\x1b[?2026h").And.EndWith "\x1b[?2026l")
        equal "" (presenter.Update(frameAt 100L "overview" (120, 40)))

    [<Test>]
    member _.``ten frames a second at 120 x 40 need less than 20 kB``() =
        let presenter = Presenter(Palette ColourDepth.Indexed)

        let sizes =
            [
                for number in 2_000L .. 2_300L ->
                    Text.Encoding.UTF8.GetByteCount(presenter.Update(frameAt number "overview" (120, 40)))
            ]

        let average = sizes |> List.tail |> List.averageBy float
        TestContext.Out.WriteLine $"{average:N0} bytes a frame, {List.head sizes:N0} the whole one"
        Assert.That(average * 10.0, Is.LessThan 20_000.0)

    [<Test>]
    member _.``no colour means no colour``() =
        let text = Presenter(Palette ColourDepth.None).Update(frameAt 2_500L "overview" (120, 40))
        let codes = HashSet<string>()

        for sequence in Regex.Matches(text, "\x1b\\[([0-9;]*)m") do
            codes.UnionWith(sequence.Groups[1].Value.Split ';')

        Assert.That(codes, Is.SubsetOf [ "0"; "1"; "7" ])

    [<TestCase("COLORTERM=truecolor TERM=xterm-256color LANG=de_DE.UTF-8", ColourDepth.True, Charset.Unicode)>]
    [<TestCase("TERM=xterm-256color LC_CTYPE=C.utf8", ColourDepth.Indexed, Charset.Unicode)>]
    [<TestCase("TERM=screen LC_ALL=C LANG=en_US.UTF-8", ColourDepth.Named, Charset.Ascii)>]
    [<TestCase("TERM=xterm NO_COLOR=1 COLORTERM=truecolor", ColourDepth.None, Charset.Ascii)>]
    [<TestCase("TERM=vt100 LANG=POSIX", ColourDepth.None, Charset.Ascii)>]
    member _.``the environment says what a terminal can show``(variables: string, colours, charset) =
        let table =
            dict
                [
                    for part in words variables -> (let at = part.IndexOf '=' in part[.. at - 1], part[at + 1 ..])
                ]

        let known = Capabilities.Of(fun name -> if table.ContainsKey name then table[name] else null)
        equal (Capabilities(colours, charset)) known
