namespace BtcBandit.Tui.Tests.Gui

open System
open System.Collections.Concurrent
open System.Reactive.Linq
open System.Threading
open Terminal.Gui.App
open Terminal.Gui.Drivers
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Gui
open BtcBandit.Tui.Gui.Themes
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// The system's clock, which counts how often a dashboard looked at the run: each look asks for the zone once.
type private LookingClock() =
    inherit TimeProvider()
    let mutable looks = 0
    member _.Looks = Volatile.Read &looks

    override _.LocalTimeZone =
        Interlocked.Increment &looks |> ignore
        TimeZoneInfo.Utc

/// A dashboard with its own thread and loop, on a driver that reads and writes no terminal.
type private LoopingDashboard() =
    static do Environment.SetEnvironmentVariable("DisableRealDriverIO", "1")

    let clock = LookingClock()
    let gone = ConcurrentQueue<exn>()
    let log = RunLog()

    let controls = RunControls(PaceControl(TimeSpan.Zero, TimeProvider.System), log, ignore, ignore)

    let monitor = new RunMonitor(controls, log, FeedReport(), Nullable(), RunMode.Archive(), null, clock)

    let dashboard =
        new GuiDashboard(
            Observable.ToObservable(Seq.truncate 50 Recorded.week.Value),
            monitor,
            Capabilities(ColourDepth.True, Charset.Unicode),
            ThemeFile null,
            (fun () -> ()),
            (fun error -> gone.Enqueue error)
        )

    member _.Dashboard = dashboard
    member _.Gone = [ for error in gone -> error.Message ]

    member _.Remarks = [
        for entry in log.ToArray() do
            match entry.Note with
            | :? RunNote.Remark as remark -> remark.Text
            | _ -> ()
    ]

    /// The window, unless a dialog is open or there is none.
    member _.Window =
        match dashboard.App with
        | null -> None
        | app ->
            match app.TopRunnable with
            | :? DashboardWindow as window -> Some window
            | _ -> None

    member this.IsOn page = this.Window |> Option.exists (fun window -> window.State.Page = page)

    /// Sends what a terminal would.
    member _.Send(text: string) =
        let driver = nonNull (nonNull dashboard.App).Driver
        let processor = driver.GetInputProcessor() :?> AnsiInputProcessor

        for character in text do
            processor.InputQueue.Enqueue character

    /// Has the loop fail.
    member _.Fail(text: string) =
        match dashboard.App with
        | null -> ()
        | app ->
            try
                app.Invoke(Action(fun () -> raise (InvalidOperationException text)))
            with :? NotInitializedException ->
                // It is just ending or beginning.
                ()

    member this.Soon(what: string, holds: unit -> bool) =
        if not (SpinWait.SpinUntil((fun () -> holds ()), TimeSpan.FromSeconds 20.0)) then
            failwithf "no %s: %A %A" what this.Gone this.Remarks

    /// Waits until a frame has begun and ended, with which the state of the window is remembered.
    member this.Frame() =
        let before = clock.Looks
        this.Soon("frame", fun () -> clock.Looks >= before + 2)

    interface IDisposable with
        member _.Dispose() = (dashboard :> IDisposable).Dispose()

/// What becomes of the screen when the library's loop fails.
module GuiDashboardTests =

    let private opened () =
        let dashboard = new LoopingDashboard()
        dashboard.Soon("window", fun () -> dashboard.IsOn 0)
        dashboard

    [<Tests>]
    let tests =
        // Terminal.Gui keeps state that is static.
        testSequenced
        <| testList "GuiDashboardTests" [
            testCase "what the library cannot read is passed over"
            <| fun () ->
                use dashboard = opened ()
                let window = dashboard.Window
                dashboard.Send "\x1b[25~\x1b[99~\x1b[55296u\x1b[1114112u\x1b[<0;2147483648;1M2"
                dashboard.Soon("page 2", fun () -> dashboard.IsOn 1)
                // Likewise while a dialog has a loop of its own.
                dashboard.Send "?"
                dashboard.Soon("help", fun () -> dashboard.Window.IsNone)
                dashboard.Send "\x1b[25~\x1b[10~\r"
                dashboard.Soon("page 2 again", fun () -> dashboard.IsOn 1)
                dashboard.Send "3"
                dashboard.Soon("page 3", fun () -> dashboard.IsOn 2)
                equal ([], []) (dashboard.Remarks, dashboard.Gone)
                equal window dashboard.Window

            testCase "after a fault the screen begins anew where it was"
            <| fun () ->
                use dashboard = opened ()

                let stands () =
                    dashboard.Window
                    |> Option.map (fun window -> window.State.Page, window.State.Zoom, window.State.At, window.Theme)

                dashboard.Send "2zH:light\r"

                let isSet () =
                    match stands () with
                    | Some(1, 2, at, theme) -> at.HasValue && theme = Theme.Light
                    | _ -> false

                dashboard.Soon("state", isSet)
                let before = stands ()

                for _ in 1..2 do
                    dashboard.Frame()
                    let window = dashboard.Window
                    dashboard.Fail "on purpose"
                    dashboard.Soon("new window", fun () -> dashboard.Window.IsSome && dashboard.Window <> window)
                    dashboard.Soon("state again", fun () -> stands () = before)

                dashboard.Send "4"
                dashboard.Soon("page 4", fun () -> dashboard.IsOn 3)
                // It is said once, however often it happens.
                let anew = dashboard.Remarks |> List.filter _.Contains("anew")
                equal ([ "the screen began anew after a fault: on purpose" ], []) (anew, dashboard.Gone)

            testCase "a screen that fails again and again is given up"
            <| fun () ->
                use dashboard = opened ()

                dashboard.Soon(
                    "end",
                    fun () ->
                        dashboard.Fail "always"
                        dashboard.Dashboard.Seen.IsCompleted
                )

                holds dashboard.Dashboard.Left.IsCompleted
                isNull' dashboard.Dashboard.App
                equal [ "always" ] dashboard.Gone

            testCase "five faults within ten seconds are borne"
            <| fun () ->
                let now = ref 0.0

                let clock = {
                    new TimeProvider() with
                        override _.TimestampFrequency = TimeSpan.TicksPerSecond
                        override _.GetTimestamp() = int64 (now.Value * float TimeSpan.TicksPerSecond)
                }

                let limit = FaultLimit(5, TimeSpan.FromSeconds 10.0, clock)

                let faults count seconds = [
                    for _ in 1..count do
                        now.Value <- now.Value + seconds
                        limit.Allows()
                ]

                equal (List.replicate 30 true) (faults 30 2.1)
                now.Value <- now.Value + 11.0
                equal [ true; true; true; true; true; false ] (faults 6 1.0)
        ]
