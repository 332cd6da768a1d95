namespace BtcBandit.Engine.Tests.Watching

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching

module RunMeterTests =

    [<Tests>]
    let tests =
        testList "RunMeterTests" [
            testCase "speed is of about the last second, and none before one has passed"
            <| fun () ->
                let clock = ManualClock()
                let meter = RunMeter clock
                clock.Pass 0.5
                meter.Look 100L
                fails meter.StepsPerSecond.HasValue
                clock.Pass 0.5
                meter.Look 300L
                equal (Nullable 300.0) meter.StepsPerSecond
                clock.Pass 2.0
                meter.Look 400L
                equal (Nullable 50.0) meter.StepsPerSecond

            testCase "a slow run's speed is kept until its next step is due, and falls while that does not come"
            <| fun () ->
                let clock = ManualClock()
                let meter = RunMeter clock
                clock.Pass 1.0
                meter.Look 1L
                clock.Pass 1.0
                meter.Look 1L
                equal (Nullable 1.0) meter.StepsPerSecond
                clock.Pass 3.0
                meter.Look 1L
                equal (Nullable 0.25) meter.StepsPerSecond

            testCase "a run of minutes makes a step a minute, whenever somebody looks"
            <| fun () ->
                let clock = ManualClock()
                let meter = RunMeter clock

                for step in 0L .. 3L do
                    for tenth in 0..599 do
                        meter.Look step

                        if step > 1L || step = 1L && tenth >= 10 then
                            isNear 1e-3 (1.0 / 60.0) meter.StepsPerSecond.Value

                        clock.Pass 0.1

            testCase "without a step no speed is known"
            <| fun () ->
                let clock = ManualClock()
                let meter = RunMeter clock
                clock.Pass 60.0
                meter.Look 0L
                fails meter.StepsPerSecond.HasValue

            testCase "a run without a pause is fast until it is measured"
            <| fun () ->
                let clock = ManualClock()
                let meter = RunMeter clock
                holds (meter.IsFast TimeSpan.Zero)
                fails (meter.IsFast(TimeSpan.FromSeconds 1.0))
                clock.Pass 1.0
                meter.Look 5_000L
                fails (meter.IsFast TimeSpan.Zero)
                clock.Pass 1.0
                meter.Look 10_001L
                holds (meter.IsFast(TimeSpan.FromSeconds 1.0))
        ]
