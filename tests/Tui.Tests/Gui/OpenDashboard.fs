namespace BtcBandit.Tui.Tests.Gui

open System
open System.Drawing
open System.Text
open Terminal.Gui.App
open Terminal.Gui.Drivers
open Terminal.Gui.Input
open Terminal.Gui.Testing
open Terminal.Gui.Time
open Terminal.Gui.ViewBase
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Gui
open BtcBandit.Tui.Gui.Themes
open BtcBandit.Tui.Gui.Views
open BtcBandit.Tui.Tests.Dashboard
open BtcBandit.Tests.Shared

/// The dashboard with the library's own driver, which writes to no terminal; keys and mouse are injected.
type OpenDashboard
    (steps: Step seq, mode: RunMode, width: int, height: int, terminal: Capabilities, themeFile: string | null) =
    static do Environment.SetEnvironmentVariable("DisableRealDriverIO", "1")

    let log = RunLog()
    let pace = PaceControl(TimeSpan.Zero, TimeProvider.System)
    let mutable saves, quits, left, interrupts = 0, 0, false, 0

    let copied = StringBuilder()

    let controls = RunControls(pace, log, (fun () -> saves <- saves + 1), (fun () -> quits <- quits + 1))

    let mutable newest: Step | null = null

    let run =
        new RunMonitor(
            controls,
            log,
            FeedReport(),
            Nullable(),
            mode,
            null,
            TimeProvider.System,
            Experts = Func<_>(fun () -> Recorded.expertsOf newest)
        )

    let app = Application.Create(VirtualTimeProvider()).Init DriverRegistry.Names.ANSI

    let driver = nonNull app.Driver

    let window =
        do driver.SetScreenSize(width, height)

        new DashboardWindow(
            run,
            DashboardHost(
                terminal,
                ThemeFile themeFile,
                (fun () -> left <- true),
                (fun () -> interrupts <- interrupts + 1),
                (fun text -> copied.Append text |> ignore)
            )
        )

    let token = nonNull (app.Begin window)

    let mutable info = Recorded.archive
    let mutable ending: string | null = null

    let clock = VirtualClock()
    let frames = DashboardFrames(run, window, clock)

    let show () =
        frames.Show(info, app.Screen.Size, ending) |> ignore
        window.Writer |> Option.ofObj |> Option.iter (fun writer -> writer.Last <- "")
        app.LayoutAndDraw()

    let next (step: Step) =
        newest <- step
        run.OnNext step

    do
        for step in steps do
            next step

        show ()

    new(steps, width, height) =
        new OpenDashboard(
            steps,
            RunMode.Archive(),
            width,
            height,
            Capabilities(ColourDepth.True, Charset.Unicode),
            null
        )

    member _.App = app
    member _.Window = window
    member _.Run = run
    member _.Log = log

    /// What the last frame has sent to the terminal.
    member _.Sent = (nonNull window.Writer).Last
    member _.Saves = saves
    member _.Copied = copied
    member _.Quits = quits
    member _.HasLeft = left
    member _.Interrupts = interrupts
    member _.State = window.State

    member _.Recall =
        nonNull (run.Recall(window.State.At, app.Screen.Width * window.State.Zoom + window.State.Zoom))

    /// What the last frame has shown.
    member _.Model =
        let recall =
            nonNull (run.Recall(window.State.At, app.Screen.Width * window.State.Zoom + window.State.Zoom))

        ViewModel(
            recall,
            info,
            log.ToArray(),
            window.State,
            End = ending,
            Notice = window.Notice,
            Experts = run.ExpertsUpTo recall.Step.Number
        )

    member _.IsPaused = pace.Paused

    /// Shows the newest of what the run has, as the loop does ten times a second.
    member _.Show() = show ()

    /// Shows how the run is doing, a while after its newest step was shown.
    member _.Info
        with set value =
            info <- value
            clock.Pass(TimeSpan.FromSeconds 2.0)
            show ()

    /// Whether there is anything to draw so long after the look before, and how the run is doing.
    member _.Differs(after: float, doing: RunInfo) =
        clock.Pass(TimeSpan.FromSeconds after)
        frames.Show(doing, app.Screen.Size, ending)

    member _.End
        with set value =
            ending <- value
            show ()

    member _.Add(more: Step seq) =
        for step in more do
            next step

        show ()

    member _.Resize(width, height) =
        driver.SetScreenSize(width, height)
        show ()

    /// Presses a key without drawing.
    member _.Inject(key: Key) = app.InjectKey key

    member _.Press([<ParamArray>] keys: Key[]) =
        for key in keys do
            app.InjectKey key
            show ()

    member this.Type(text: string) =
        for character in text do
            this.Press(Key character)

    member _.Mouse(flags: MouseFlags, x: int, y: int) =
        app.InjectMouse(new Mouse(ScreenPosition = Point(x, y), Flags = flags))
        show ()

    member this.Click(x, y) =
        app.InjectSequence(InputInjectionExtensions.LeftButtonClick(Point(x, y)))
        show ()

    /// What is on the screen while a dialog is open that a key opens; the dialog is closed by the last keys.
    member this.During(opens: Key, inside: (unit -> 'a)) =
        let mutable seen = Unchecked.defaultof<'a>
        let mutable isOpen = false
        let mutable isStuck = false

        // A dialog runs a loop of its own until it is closed.
        let look () =
            let dialog = nonNull app.TopRunnable
            isOpen <- not (obj.ReferenceEquals(dialog, window))
            app.LayoutAndDraw()
            seen <- inside ()

            if isOpen && not dialog.StopRequested then
                isStuck <- true
                app.RequestStop()

            false

        let timeout = app.AddTimeout(TimeSpan.Zero, look)
        app.InjectKey opens
        app.RemoveTimeout(nonNull timeout) |> ignore
        show ()

        if not isOpen || isStuck then
            failwith $"{opens} opened no dialog, or one that was not closed"

        seen

    member _.Lines =
        let cells = nonNull (driver.GetOutputBuffer().Contents)

        [|
            for y in 0 .. Array2D.length1 cells - 1 ->
                String.Join("", [| for x in 0 .. Array2D.length2 cells - 1 -> cells[y, x].Grapheme |])
        |]

    member this.Text = String.Join('\n', this.Lines)

    /// The whole text of the open dialog, which is scrolled row by row.
    member this.ScrolledDialog() =
        let pane =
            (nonNull (box app.TopRunnable) :?> View).SubViews
            |> Seq.pick (fun view ->
                match view with
                | :? PaneView as pane -> Some pane
                | _ -> None)

        let shown () =
            app.LayoutAndDraw()
            let place = pane.FrameToScreen()

            Array.sub this.Lines place.Y place.Height
            |> Array.map (fun line -> line.Substring(place.X, place.Width).TrimEnd())

        let rec below (last: string[]) = [
            app.InjectKey Key.CursorDown
            let next = shown ()

            if next <> last then
                Array.last next
                yield! below next
        ]

        let first = shown ()
        [ yield! first; yield! below first ]

    interface IDisposable with
        member _.Dispose() =
            app.End token
            window.Dispose()
            app.Dispose()
            run.Dispose()
