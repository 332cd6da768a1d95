namespace BtcBandit.Tui.Tests.Dashboard.Screens

open System
open NUnit.Framework
open FsCheck
open FsCheck.FSharp
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// What is drawn, and where.
type private Scene =
    {
        Steps: Step list
        Before: int
        Page: int
        Zoom: int
        Cross: (int * int) option
        Back: int
        Width: int
        Height: int
        Capacity: int
    }

/// The pages as functions of what they show and of their size. Its panes of trades and log are those of small screens;
/// WholeScreenTests has the table and the list of the others.
[<TestFixture>]
type ScreenTests() =

    static let sizes = [ 80, 24; 120, 40; 200, 50 ]

    static let week run ui width = Recorded.ofWeek.Value run ui width

    /// The body of a page, or the whole of a small screen.
    static let draw (model: ViewModel) (width, height) =
        let frame = Frame(width, height)
        let page = Pages.All[model.Ui.Page]

        if Screen.IsSmall(width, height) then
            page.DrawSmall.Invoke(frame.Canvas, model)
        else
            page.Draw(frame.Canvas, model)

        frame

    static let textOf (frame: Frame) = String.Join('\n', frame.Lines())

    static let allOverlays =
        (Overlays.None, OverlayGroups.All)
        ||> Seq.fold (fun all (struct (group, _, _)) -> all ||| group)

    [<Test>]
    member _.``every size of the overview names the equity and the three actions``() =
        for width, height in
            [ 20, 5; 30, 6; 40, 10; 59, 40; 60, 12; 60, 16; 80, 16 ]
            @ sizes
            @ [ 300, 80; 20, 80; 300, 5 ] do
            let text = draw (week Recorded.archive (UiState()) width) (width, height) |> textOf

            for word in [ "EQUITY"; "BUY"; "HOLD"; "SELL" ] do
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
                let text speed left = draw (week (paused speed left) (Recorded.ui page) (fst size)) size |> textOf

                equal (text 46.6 95.0) (text 6.9 640.0)

    [<Test>]
    member _.``the past is shown with the decision of that moment``() =
        let at = week Recorded.archive (UiState(At = Nullable 2_000L)) 120
        equal 2_000L at.Step.Number
        let text = draw at (120, 37) |> textOf
        contains "2,000" text
        contains $"CHOSEN     {(string at.Step.Decision.Action).ToUpperInvariant()}" text

    [<Test>]
    member _.``looking back shows one moment everywhere: equity, trades, drawdown and choices``() =
        let at = week Recorded.archive (UiState(At = Nullable 1_000L)) 120
        let steps = Recorded.week.Value |> Seq.truncate 1_000 |> List.ofSeq
        let equity = Figures.Money at.Step.Statistics.Equity

        let trades =
            draw (week Recorded.archive (UiState(Page = Recorded.place "trades", At = Nullable 1_000L)) 120) (120, 37)
            |> textOf

        contains $"◀{equity.PadLeft 11}" trades
        contains (Figures.Percent(Nullable -at.Step.Statistics.MaxDrawdown)) trades
        let last = steps |> List.findBack (fun step -> not (isNull step.Fill))

        let row =
            trades.Split '\n'
            |> Array.find (fun line -> line.Contains " SELL " || line.Contains " BUY ")

        contains (Figures.Utc last.Candle.OpenTime) row

        let share =
            float (
                steps
                |> List.filter (fun step -> step.Decision.Action = TradeAction.Hold)
                |> List.length
            )
            / 1_000.0

        contains
            $"HOLD {share:``0 %``}"
            (draw (week Recorded.archive (UiState(Page = Recorded.place "bandit", At = Nullable 1_000L)) 120) (120, 37)
             |> textOf)

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
            let text = draw model (120, 37) |> textOf
            contains $"Why {(string out.Decision.Action).ToUpperInvariant()}" text
            contains "whatever the indicators say." text
            contains $"BUY would bring {Figures.Bps out.Decision.Buy.Mean} bps after costs." text
            Assert.That(text.Contains "The gate is closed: evidence", Is.EqualTo(not isOpen), text)

    [<Test>]
    member _.``the reason of a choice is told in plain words``() =
        let reasonOf (word: string) =
            let step = Recorded.week.Value |> Seq.find (fun step -> step.Reason.StartsWith word)
            let ui = UiState(Page = Recorded.place "bandit", At = Nullable step.Number)
            let history = Recorded.historyOf 8_192 Recorded.week.Value

            draw (Recorded.modelOf history (RunLog()) Recorded.archive ui 120) (120, 37)
            |> textOf

        contains "  highest expected return" (reasonOf "exploit")
        contains "  a try, to learn more" (reasonOf "explore")

        let closed = Recorded.synthetic.Value |> Seq.findBack (fun step -> step.Reason = "gate")

        equal "the gate is closed" (PlainWords.Reason closed)

    [<Test>]
    member _.``a step that is not kept any more gives the oldest one that is``() =
        let history = Recorded.historyOf 100 Recorded.synthetic.Value
        equal 301L (nonNull (history.Now(Nullable 5L, 10))).Step.Number
        equal 400L (nonNull (history.Now(Nullable 5_000L, 10))).Step.Number
        equal 100 (nonNull (history.Now(Nullable(), 1_000))).Steps.Count

    [<Test>]
    member _.``plain characters have a substitute for all that is drawn``() =
        for page in Recorded.pages do
            for width, height in [ 20, 5; 80, 24; 200, 50 ] do
                let ui = UiState(Page = Recorded.place page, Overlays = allOverlays)
                let frame = (draw (week Recorded.archive ui width) (width, height)).ToAscii()
                Assert.That(textOf frame |> Seq.filter (fun c -> c > '~'), Is.Empty)
                // That is what a character without a substitute becomes.
                Assert.That(textOf frame, Does.Not.Contain "?")

    [<Test>]
    member _.``any steps and any moment fill any screen exactly``() =
        let scene =
            gen {
                let! steps = Recorded.ugly
                let! page = Gen.choose (0, Pages.All.Count - 1)
                let! zoom = Gen.choose (0, UiState.Zooms.Count - 1)
                let! back = Gen.choose (0, 50)
                let! column = Gen.choose (-5, 300)
                let! row = Gen.choose (-5, 80)
                let! hasCross = Gen.elements [ true; false ]
                let! width = Gen.choose (1, 300)
                let! height = Gen.choose (1, 80)
                let! capacity = Gen.choose (1, 100)
                let! before = Gen.choose (0, 100)

                return
                    {
                        Steps = steps
                        Before = before
                        Page = page
                        Zoom = zoom
                        Cross = if hasCross then Some(column, row) else None
                        Back = back
                        Width = width
                        Height = height
                        Capacity = capacity
                    }
            }

        let simpler (scene: Scene) =
            seq {
                // The last ones go: steps are numbered from the first.
                for count in Shrinking.towards 1 scene.Steps.Length do
                    { scene with Steps = List.truncate count scene.Steps }

                for before in Shrinking.towards 0 scene.Before do
                    { scene with Before = before }

                for page in Shrinking.towards 0 scene.Page do
                    { scene with Page = page }

                for zoom in Shrinking.towards 0 scene.Zoom do
                    { scene with Zoom = zoom }

                if scene.Cross.IsSome then
                    { scene with Cross = None }

                for back in Shrinking.towards 0 scene.Back do
                    { scene with Back = back }

                for width in Shrinking.towards 1 scene.Width do
                    { scene with Width = width }

                for height in Shrinking.towards 1 scene.Height do
                    { scene with Height = height }

                for capacity in Shrinking.towards 1 scene.Capacity do
                    { scene with Capacity = capacity }
            }

        let fills (scene: Scene) =
            let all, width, height = scene.Steps, scene.Width, scene.Height

            let cross =
                match scene.Cross with
                | Some(column, row) -> Nullable(ChartPoint(column, row))
                | None -> Nullable()

            let ui = UiState(Page = scene.Page, ZoomPlace = scene.Zoom, CrossHair = cross, Overlays = allOverlays)
            let before, steps = List.splitAt (min scene.Before (all.Length - 1)) all
            let history, log = History scene.Capacity, Recorded.logOf steps

            for step in before do
                history.Announce step.Observation

            for step in steps do
                history.OnNext step

            let ui = ui.With(history.Range.Value, log.Seen).Back(int64 scene.Back)
            let model = Recorded.modelOf history log Recorded.archive ui width
            let frame = Frame(width, height)
            Pages.All[ui.Page].Draw(frame.Canvas, model)
            Bands.Title(frame.Canvas.Part(0, 0, width, 1), model)
            let small = draw model (min width 59, min height 15)

            [ frame; small ]
            |> List.forall (fun frame ->
                let lines = frame.Lines()

                lines.Length = frame.Height
                && lines |> Array.forall (fun line -> line.Length = frame.Width)
                && lines |> Array.forall (Seq.forall (fun c -> c >= ' ' && c <> '\u007f')))

        // 300 cases, for seven pages of any size.
        Check.One(Config.QuickThrowOnFailure.WithMaxTest 300, Prop.forAll (Arb.fromGenShrink (scene, simpler)) fills)

    [<Test>]
    member _.``each overlay has a glyph that is ASCII or has a substitute``() =
        let glyphs =
            [
                for recipe in Catalogue.BuiltIn.Recipes do
                    match recipe.Overlay with
                    | null -> ()
                    | overlay -> recipe.Kind, overlay.Glyph
            ]

        isNotEmpty glyphs

        for kind, glyph in glyphs do
            Assert.That(
                Ascii.Of glyph <> '?',
                Is.True,
                $"Add a substitute for the glyph of {kind} to Dashboard/Drawing/Ascii.cs."
            )
