namespace BtcBandit.Tui.Tests.Gui

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Tests.Dashboard

/// When there is something to draw.
module DashboardFramesTests =

    let private openWith count = new OpenDashboard(Seq.truncate count Recorded.week.Value, 100, 30)

    let private step index = Seq.item index Recorded.week.Value

    let private doing speed (left: float) =
        RunInfo(
            Mode = RunMode.Archive(),
            Progress = Nullable 0.3,
            TimeLeft = Nullable(TimeSpan.FromSeconds left),
            StepsPerSecond = Nullable speed,
            Delay = TimeSpan.FromSeconds 1.0
        )

    [<Tests>]
    let tests =
        testList "DashboardFramesTests" [
            testCase "speed and time left wait for the next step"
            <| fun () ->
                use dashboard = openWith 100
                let first = doing 1.0 95.0
                dashboard.Info <- first
                dashboard.Run.OnNext(step 100)
                holds (dashboard.Differs(0.1, first))
                fails (dashboard.Differs(0.2, doing 1.1 95.0))
                fails (dashboard.Differs(0.2, doing 1.1 94.0))
                dashboard.Run.OnNext(step 101)
                holds (dashboard.Differs(0.5, doing 1.1 94.0))

            testCase "without a next step they are drawn after a while, and then at once"
            <| fun () ->
                use dashboard = openWith 100
                let first = doing 1.0 95.0
                dashboard.Info <- first
                dashboard.Run.OnNext(step 100)
                holds (dashboard.Differs(0.1, first))
                fails (dashboard.Differs(1.1, doing 1.0 94.0))
                holds (dashboard.Differs(0.2, doing 1.0 94.0))
                holds (dashboard.Differs(0.1, doing 1.0 93.0))
                fails (dashboard.Differs(0.1, doing 1.0 93.0))

            testCase "whatever else differs is drawn at once"
            <| fun () ->
                use dashboard = openWith 100
                let first = doing 1.0 95.0
                dashboard.Info <- first
                dashboard.Run.OnNext(step 100)
                holds (dashboard.Differs(0.1, first))
                let paused = doing 1.0 95.0
                holds (dashboard.Differs(0.1, RunInfo(Mode = paused.Mode, Progress = paused.Progress, IsPaused = true)))
        ]
