namespace BtcBandit.Tui.Tests.Dashboard.Screens

open System
open FsCheck
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
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
type private Scene = {
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
module ScreenTests =

    let private sizes = [ 80, 24; 120, 40; 200, 50 ]

    let private week run ui width = Recorded.ofWeek.Value run ui width

    /// The body of a page, or the whole of a small screen.
    let private draw (model: ViewModel) (width, height) =
        let frame = Frame(width, height)
        let page = Pages.All[model.Ui.Page]

        if Screen.IsSmall(width, height) then
            page.DrawSmall.Invoke(frame.Canvas, model)
        else
            page.Draw(frame.Canvas, model)

        frame

    let private textOf (frame: Frame) = String.Join('\n', frame.Lines())

    let private allOverlays =
        (Overlays.None, OverlayGroups.All)
        ||> Seq.fold (fun all (struct (group, _, _)) -> all ||| group)

    [<Tests>]
    let tests =
        testList "ScreenTests" [
            testCase "every size of the overview names the equity and the three actions"
            <| fun () ->
                for width, height in
                    [ 20, 5; 30, 6; 40, 10; 59, 40; 60, 12; 60, 16; 80, 16 ]
                    @ sizes
                    @ [ 300, 80; 20, 80; 300, 5 ] do
                    let text = draw (week Recorded.archive (UiState()) width) (width, height) |> textOf

                    for word in [ "EQUITY"; "BUY"; "HOLD"; "SELL" ] do
                        Expect.stringContains text word ($"{width} x {height}\n{text}")

            testCase "a run that stands still looks the same from one moment to the next"
            <| fun () ->
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
                        let text speed left =
                            draw (week (paused speed left) (Recorded.ui page) (fst size)) size |> textOf

                        equal (text 46.6 95.0) (text 6.9 640.0)

            testCase "the past is shown with the decision of that moment"
            <| fun () ->
                let at = week Recorded.archive (UiState(At = Nullable 2_000L)) 120
                equal 2_000L at.Step.Number
                let text = draw at (120, 37) |> textOf
                contains "2,000" text
                contains $"CHOSEN     {(string at.Step.Decision.Action).ToUpperInvariant()}" text

            testCase "looking back shows one moment everywhere: equity, trades, drawdown and choices"
            <| fun () ->
                let at = week Recorded.archive (UiState(At = Nullable 1_000L)) 120
                let steps = Recorded.week.Value |> Seq.truncate 1_000 |> List.ofSeq
                let equity = Figures.Money at.Step.Statistics.Equity

                let trades =
                    draw
                        (week Recorded.archive (UiState(Page = Recorded.place "trades", At = Nullable 1_000L)) 120)
                        (120, 37)
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
                    (draw
                        (week Recorded.archive (UiState(Page = Recorded.place "bandit", At = Nullable 1_000L)) 120)
                        (120, 37)
                     |> textOf)

            testCase "out of the market it says what was preferred, and what the gate asks for"
            <| fun () ->
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
                    Expect.equal (text.Contains "The gate is closed: evidence") (not isOpen) text

            testCase "the reason of a choice is told in plain words"
            <| fun () ->
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

            testCase "a step that is not kept any more gives the oldest one that is"
            <| fun () ->
                let history = Recorded.historyOf 100 Recorded.synthetic.Value
                equal 301L (nonNull (history.Now(Nullable 5L, 10))).Step.Number
                equal 400L (nonNull (history.Now(Nullable 5_000L, 10))).Step.Number
                equal 100 (nonNull (history.Now(Nullable(), 1_000))).Steps.Count

            testCase "plain characters have a substitute for all that is drawn"
            <| fun () ->
                for page in Recorded.pages do
                    for width, height in [ 20, 5; 80, 24; 200, 50 ] do
                        let ui = UiState(Page = Recorded.place page, Overlays = allOverlays)
                        let frame = (draw (week Recorded.archive ui width) (width, height)).ToAscii()
                        isEmpty (textOf frame |> Seq.filter (fun c -> c > '~'))
                        // That is what a character without a substitute becomes.
                        lacks "?" (textOf frame)

            testCase "any steps and any moment fill any screen exactly"
            <| fun () ->
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

                        return {
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

                    let ui =
                        UiState(Page = scene.Page, ZoomPlace = scene.Zoom, CrossHair = cross, Overlays = allOverlays)

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
                Check.One(
                    Config.QuickThrowOnFailure.WithMaxTest 300,
                    Prop.forAll (Arb.fromGenShrink (scene, simpler)) fills
                )

            testCase "each overlay has a glyph that is ASCII or has a substitute"
            <| fun () ->
                let glyphs = [
                    for recipe in Catalogue.BuiltIn.Recipes do
                        match recipe.Overlay with
                        | null -> ()
                        | overlay -> recipe.Kind, overlay.Glyph
                ]

                isNotEmpty glyphs

                for kind, glyph in glyphs do
                    Expect.isTrue
                        (Ascii.Of glyph <> '?')
                        $"Add a substitute for the glyph of {kind} to Dashboard/Drawing/Ascii.cs."
        ]
