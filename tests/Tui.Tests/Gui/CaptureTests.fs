namespace BtcBandit.Tui.Tests.Gui

open System
open System.IO
open Terminal.Gui.Input
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// Whole screens, as the library holds them, against those on file; BTCBANDIT_WRITE_GOLDEN=1 writes them anew.
module CaptureTests =

    let private sizes = [ 80, 24; 120, 40; 200, 50 ]

    let private screens = [
        for page in Pages.All do
            for width, height in sizes do
                page.Name, width, height
    ]

    let private isWritten = Environment.GetEnvironmentVariable "BTCBANDIT_WRITE_GOLDEN" = "1"

    /// What was written is compared with nothing.
    let private written () =
        if isWritten then
            skiptest "written"

    let private isGolden (name: string) (dashboard: OpenDashboard) =
        let path = Repository.path $"tests/Golden/dashboard/{name}.txt"
        let text = String.Join('\n', dashboard.Lines |> Array.map _.TrimEnd()) + "\n"

        if isWritten then
            Directory.CreateDirectory(nonNull (Path.GetDirectoryName path)) |> ignore
            File.WriteAllText(path, text)
        else
            because name (fun () -> equal (Repository.read $"tests/Golden/dashboard/{name}.txt") text)

    let private openAt width height = new OpenDashboard(Recorded.week.Value, width, height)

    [<Tests>]
    let tests =
        // Terminal.Gui keeps state that is static.
        testSequenced
        <| testList "CaptureTests" [
            cases "every page at every usual size is the one on file" screens
            <| fun (page: string, width: int, height: int) ->
                use dashboard = openAt width height
                let found = Pages.All |> Seq.find (fun one -> one.Name = page)
                dashboard.Press(Key found.Key)
                isGolden $"{page.ToLowerInvariant()}-{width}x{height}" dashboard
                written ()

            testCase "small screens are the ones on file"
            <| fun () ->
                for width, height in [ 20, 5; 40, 10; 60, 12 ] do
                    use dashboard = openAt width height
                    isGolden $"overview-{width}x{height}" dashboard

                written ()

            testCase "help, palette and menu are the ones on file"
            <| fun () ->
                use dashboard = openAt 120 40

                let capture name key =
                    dashboard.During(
                        key,
                        fun () ->
                            isGolden name dashboard
                            dashboard.Inject Key.Esc
                    )

                capture "help-120x40" (Key '?')
                capture "palette-120x40" (Key ':')
                capture "trade-120x40" Key.Enter
                dashboard.Press Key.F10
                isGolden "menu-120x40" dashboard
                written ()

            testCase "every size is drawn, also after the others"
            <| fun () ->
                use dashboard = openAt 120 40

                for width, height in [ 20, 5; 1, 1; 300, 80; 60, 16; 59, 40; 300, 5; 20, 80; 80, 24; 120, 40 ] do
                    dashboard.Resize(width, height)

                    equal
                        (height, true)
                        (dashboard.Lines.Length, dashboard.Lines |> Array.forall (fun line -> line.Length = width))

                contains "[1 Overview]" dashboard.Text
                contains "BUY+HOLD" dashboard.Text

            testCase "runs of all kinds are the ones on file"
            <| fun () ->
                let warmUp = RunMode.WarmUp(3, TimeSpan.FromHours 24.0, 0.01, Nullable 0.0042) :> RunMode
                let synthetic = RunMode.Synthetic(SyntheticWorld.Drifts, 7L) :> RunMode

                let live isConnected reconnects missing =
                    let phase, detail =
                        if isConnected then
                            FeedPhase.Live, ""
                        else
                            FeedPhase.Waiting, "the server closed the stream"

                    RunMode.Live(
                        FeedHealth(
                            IsConnected = isConnected,
                            Phase = phase,
                            Detail = detail,
                            Latency = Nullable(TimeSpan.FromMilliseconds 213.0),
                            UsedWeight = 24,
                            Reconnects = reconnects,
                            MissingCandles = missing
                        )
                    )
                    :> RunMode

                for name, mode, silence in
                    [
                        "live", live true 1L 0L, 2.0
                        "lost", live false 3L 2L, 75.0
                        "warm-up", warmUp, 0.0
                        "synthetic", synthetic, 0.0
                    ] do
                    use dashboard = openAt 80 24
                    dashboard.Type "5"

                    dashboard.Info <-
                        RunInfo(
                            Mode = mode,
                            Silence = Nullable(TimeSpan.FromSeconds silence),
                            NextClose = Nullable(TimeSpan.FromSeconds 23.0),
                            StepsPerSecond = Nullable 1.0,
                            Delay = TimeSpan.FromSeconds 1.0
                        )

                    isGolden $"log-{name}-80x24" dashboard

                written ()
        ]
