namespace BtcBandit.Tui.Tests.Dashboard.Screens

open System
open System.IO
open NUnit.Framework
open FsCheck
open FsCheck.FSharp
open BtcBandit.Engine.Market
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Input
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

[<TestFixture>]
type ScreenTests() =

    static let sizes = [ 80, 24; 120, 40; 200, 50 ]

    static let week run ui width = Recorded.ofWeek.Value run ui width

    static let draw run ui (width, height) = Screen.Draw(week run ui width, width, height).Lines()

    static let textOf lines = String.Join('\n', (lines: string[]))

    static let cases =
        [
            for page in Recorded.pages do
                for width, height in sizes do
                    [| box page; box width; box height |]
        ]

    /// What is drawn is what is on file; BTCBANDIT_WRITE_GOLDEN=1 writes it anew.
    let isGolden (name: string) (lines: string[]) =
        let path = Repository.path $"tests/Golden/dashboard/{name}.txt"
        let text = String.Join('\n', lines) + "\n"

        if Environment.GetEnvironmentVariable "BTCBANDIT_WRITE_GOLDEN" = "1" then
            Directory.CreateDirectory(nonNull (Path.GetDirectoryName path)) |> ignore
            File.WriteAllText(path, text)

        Assert.That(text, Is.EqualTo<string>(Repository.read $"tests/Golden/dashboard/{name}.txt"), name)

    static let allOverlays =
        (Overlays.None, OverlayGroups.All)
        ||> Seq.fold (fun all (struct (group, _, _)) -> all ||| group)

    static member Cases = cases

    [<TestCaseSource("Cases")>]
    member _.``every page at every usual size is the one on file``(page: string, width: int, height: int) =
        draw Recorded.archive (Recorded.ui page) (width, height)
        |> isGolden $"{page}-{width}x{height}"

    [<Test>]
    member _.``small screens, help and plain characters are the ones on file``() =
        for width, height in [ 20, 5; 40, 10; 60, 12 ] do
            draw Recorded.archive (UiState()) (width, height)
            |> isGolden $"overview-{width}x{height}"

        draw Recorded.archive (UiState(Help = true)) (80, 24) |> isGolden "help-80x24"

        Screen.Draw(week Recorded.archive (UiState()) 80, 80, 24, Charset.Ascii).Lines()
        |> isGolden "ascii-80x24"

    [<Test>]
    member _.``runs of all kinds are the ones on file``() =
        let warmUp = RunMode.WarmUp(3, TimeSpan.FromHours 24.0, 0.01, Nullable 0.0042) :> RunMode
        let synthetic = RunMode.Synthetic(SyntheticWorld.Drifts, 7L) :> RunMode

        let live isConnected reconnects missing =
            let phase, detail =
                if isConnected then
                    FeedPhase.Live, ""
                else
                    FeedPhase.Waiting, "the server closed the stream"

            let health =
                FeedHealth(
                    IsConnected = isConnected,
                    Phase = phase,
                    Detail = detail,
                    Latency = Nullable(TimeSpan.FromMilliseconds 213.0),
                    UsedWeight = 24,
                    Reconnects = reconnects,
                    MissingCandles = missing
                )


            RunMode.Live health :> RunMode


        for name, mode, silence in
            [
                "live", live true 1L 0L, 2.0
                "lost", live false 3L 2L, 75.0
                "warm-up", warmUp, 0.0
                "synthetic", synthetic, 0.0
            ] do
            let run =
                RunInfo(
                    Mode = mode,
                    Silence = Nullable(TimeSpan.FromSeconds silence),
                    NextClose = Nullable(TimeSpan.FromSeconds 23.0),
                    StepsPerSecond = Nullable 1.0,
                    Delay = TimeSpan.FromSeconds 1.0
                )

            draw run (Recorded.ui "log") (80, 24) |> isGolden $"log-{name}-80x24"

    [<Test>]
    member _.``every size of the overview names the pair, the equity and the three actions``() =
        for width, height in
            [ 20, 5; 30, 6; 40, 10; 59, 40; 60, 12; 60, 16; 80, 16 ]
            @ sizes
            @ [ 300, 80; 20, 80; 300, 5 ] do
            let text = draw Recorded.archive (UiState()) (width, height) |> textOf

            for word in [ "BTC/USDT"; "EQUITY"; "BUY"; "HOLD"; "SELL" ] do
                Assert.That(text, Does.Contain word, $"{width} x {height}\n{text}")

    [<Test>]
    member _.``a run that stands still looks the same from one moment to the next``() =
        let paused (speed: float) (left: float) =
            RunInfo(
                Mode = RunMode.Archive(),
                Progress = Nullable 0.3,
                TimeLeft = Nullable(TimeSpan.FromSeconds left),
                StepsPerSecond = Nullable speed,
                Delay = TimeSpan.FromMilliseconds 10.0,
                IsPaused = true
            )

        for page in Recorded.pages do
            for size in sizes do
                equal
                    (draw (paused 46.6 95.0) (Recorded.ui page) size |> textOf)
                    (draw (paused 6.9 640.0) (Recorded.ui page) size |> textOf)

    [<Test>]
    member _.``the past is shown with the decision of that moment``() =
        let at = week Recorded.archive (UiState(At = Nullable 2_000L)) 120
        equal 2_000L at.Step.Number
        let text = Screen.Draw(at, 120, 40).Lines() |> textOf
        contains "step 2,000" text
        contains "PAST 1,000 back, End returns" text
        contains $"CHOSEN     {(string at.Step.Decision.Action).ToUpperInvariant()}" text

    [<Test>]
    member _.``out of the market it says what was preferred, and what the gate asks for``() =
        let isOut isOpen (step: Step) =
            step.Decision.Action <> TradeAction.Buy
            && step.Decision.Gate.Value.IsOpen = isOpen
            && step.Decision.Contributions |> Seq.forall (fun share -> share = 0.0)

        // Without costs the gate is open, with them it is closed at first.
        for steps, isOpen in [ Recorded.week.Value, true; Recorded.synthetic.Value, false ] do
            let out = steps |> Seq.findBack (isOut isOpen)
            let ui = UiState(Page = Recorded.place "bandit", At = Nullable out.Number)
            let history = Recorded.historyOf 8_192 steps
            let model = Recorded.modelOf history (RunLog()) Recorded.archive ui 120
            let text = Screen.Draw(model, 120, 40).Lines() |> textOf
            contains $"Why {(string out.Decision.Action).ToUpperInvariant()}" text
            contains "whatever the features say." text
            contains $"BUY would bring {Figures.Bps out.Decision.Buy.Mean} bps after costs." text
            Assert.That(text.Contains "The gate is closed: evidence", Is.EqualTo(not isOpen), text)

    [<Test>]
    member _.``a step that is not kept any more gives the oldest one that is``() =
        let history = Recorded.historyOf 100 Recorded.synthetic.Value
        equal 301L (nonNull (history.Now(Nullable 5L, 10))).Step.Number
        equal 400L (nonNull (history.Now(Nullable 5_000L, 10))).Step.Number
        equal 100 (nonNull (history.Now(Nullable(), 1_000))).Steps.Count

    [<Test>]
    member _.``trades are shown newest first and can be scrolled``() =
        let trades = (week Recorded.archive (UiState()) 80).Recall.Trades
        Assert.That(trades.Count, Is.GreaterThan 50)

        for scroll in [ 0; 7; 40 ] do
            let text =
                draw Recorded.archive (UiState(Page = Recorded.place "trades", Scroll = scroll)) (120, 24)
                |> textOf

            contains $"{trades[trades.Count - 1 - scroll].Step:N0}" text
            contains $"{trades[trades.Count - 4 - scroll].Step:N0}" text

    [<Test>]
    member _.``a warning stays in sight until it is read``() =
        let log = RunLog()
        log.Add(RunNote.Remark "3 candles are missing")
        let history = Recorded.historyOf 500 Recorded.synthetic.Value
        let footer ui = Array.last (Screen.Draw(Recorded.modelOf history log Recorded.archive ui 80, 80, 24).Lines())
        contains "! 3 candles are missing" (footer (UiState()))
        let read = Reducer.Reduce(UiState(LogLines = log.Seen), Key.Of 'c')
        contains "? help" (footer read)
        log.Add(RunNote.Remark "another one")
        contains "! another one" (footer read)

    [<Test>]
    member _.``plain characters only where the locale has no others``() =
        for page in Recorded.pages do
            for width, height in [ 20, 5; 80, 24; 200, 50 ] do
                let ui = UiState(Page = Recorded.place page, Overlays = allOverlays)
                let frame = Screen.Draw(week Recorded.archive ui width, width, height, Charset.Ascii)
                let text = String.Join('\n', frame.Lines()[.. height - 2])
                Assert.That(text |> Seq.filter (fun c -> c > '~'), Is.Empty)
                // That is what a character without a substitute becomes.
                Assert.That(text, Does.Not.Contain "?")

    [<Test>]
    member _.``any steps and any keys fill any screen exactly``() =
        let history = Recorded.ugly

        let scene =
            gen {
                let! steps = history
                let! keys = Gen.listOf (Gen.elements Recorded.keys)
                let! width = Gen.choose (20, 300)
                let! height = Gen.choose (5, 80)
                let! capacity = Gen.choose (1, 100)
                return steps, keys, width, height, capacity
            }

        let fills (steps: Step list, keys: Key list, width, height, capacity) =
            let history, log = Recorded.historyOf capacity steps, Recorded.logOf steps

            let reduce (ui: UiState) key =
                let seeing = ui.With(history.Range.Value, log.Seen)
                Reducer.Reduce(seeing, key)

            let ui = List.fold reduce (UiState()) keys

            [ Charset.Unicode; Charset.Ascii ]
            |> List.forall (fun charset ->
                let lines =
                    Screen.Draw(Recorded.modelOf history log Recorded.archive ui width, width, height, charset).Lines()

                lines.Length = height
                && lines |> Array.forall (fun line -> line.Length = width)
                && lines |> Array.forall (Seq.forall (fun c -> c >= ' ' && c <> '\u007f')))

        Check.One(Config.QuickThrowOnFailure.WithMaxTest 300, Prop.forAll (Arb.fromGen scene) fills)

    [<Test>]
    member _.``each overlay has a glyph that is ASCII or has a substitute``() =
        for recipe in Catalogue.BuiltIn.Recipes do
            match recipe.Overlay with
            | null -> ()
            | overlay ->
                Assert.That(
                    Ascii.Of overlay.Glyph <> '?',
                    Is.True,
                    $"Add a substitute for the glyph of {recipe.Kind} to Dashboard/Drawing/Ascii.cs."
                )
