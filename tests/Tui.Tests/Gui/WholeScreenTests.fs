namespace BtcBandit.Tui.Tests.Gui

open System
open Terminal.Gui.Input
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Charts
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// What holds on whole screens, with the table of trades and the list of the log as users see them.
module WholeScreenTests =

    let private opened () = new OpenDashboard(Recorded.week.Value, 120, 40)

    [<Tests>]
    let tests =
        // Terminal.Gui keeps state that is static.
        testSequenced
        <| testList "WholeScreenTests" [
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

                use dashboard = opened ()

                for page in Pages.All do
                    dashboard.Press(Key page.Key)
                    dashboard.Info <- paused 46.6 95.0
                    let before = dashboard.Text
                    contains "PAUSED" before
                    dashboard.Info <- paused 6.9 640.0
                    equal before dashboard.Text

            testCase "looking back, the table of trades and the log end at that moment"
            <| fun () ->
                use dashboard = opened ()
                let steps = Recorded.week.Value
                // A fast run keeps the last 256 steps.
                let at = 2_800L
                dashboard.Window.State <- dashboard.State.Looking at

                let last =
                    steps
                    |> Seq.truncate (int at)
                    |> Seq.findBack (fun step -> not (isNull step.Fill))

                let count =
                    steps
                    |> Seq.truncate (int at)
                    |> Seq.filter (fun step -> not (isNull step.Fill))
                    |> Seq.length

                let below (title: string) = dashboard.Lines |> Array.skipWhile (fun line -> not (line.Contains title))

                dashboard.Type "4"
                let table = below "─ Trades"
                contains $"Trades: {count} rows" table[0]
                contains (Figures.Utc last.Candle.OpenTime) table[2]
                contains $"◀{(Figures.Money steps[int at - 1].Statistics.Equity).PadLeft Axes.Room}" dashboard.Text
                dashboard.Type "5"
                let newest = (below "─ Log")[1]
                contains (Figures.Price (nonNull last.Fill).Price) newest
        ]
