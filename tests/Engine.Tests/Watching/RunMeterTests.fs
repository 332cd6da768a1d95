namespace BtcBandit.Engine.Tests.Watching

open System
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching

[<TestFixture>]
type RunMeterTests() =

    [<Test>]
    member _.``speed is of about the last second, and none before one has passed``() =
        let clock = ManualClock()
        let meter = RunMeter clock
        clock.Pass 0.5
        meter.Look 100L
        Assert.That(meter.StepsPerSecond.HasValue, Is.False)
        clock.Pass 0.5
        meter.Look 300L
        Assert.That(meter.StepsPerSecond, Is.EqualTo(Nullable 300.0))
        clock.Pass 2.0
        meter.Look 400L
        Assert.That(meter.StepsPerSecond, Is.EqualTo(Nullable 50.0))

    [<Test>]
    member _.``a slow run's speed is kept until its next step is due, and falls while that does not come``() =
        let clock = ManualClock()
        let meter = RunMeter clock
        clock.Pass 1.0
        meter.Look 1L
        clock.Pass 1.0
        meter.Look 1L
        Assert.That(meter.StepsPerSecond, Is.EqualTo(Nullable 1.0))
        clock.Pass 3.0
        meter.Look 1L
        Assert.That(meter.StepsPerSecond, Is.EqualTo(Nullable 0.25))

    [<Test>]
    member _.``a run of minutes makes a step a minute, whenever somebody looks``() =
        let clock = ManualClock()
        let meter = RunMeter clock

        for step in 0L .. 3L do
            for tenth in 0..599 do
                meter.Look step

                if step > 1L || step = 1L && tenth >= 10 then
                    Assert.That(meter.StepsPerSecond.Value, Is.EqualTo(1.0 / 60.0).Within 1e-3)

                clock.Pass 0.1

    [<Test>]
    member _.``without a step no speed is known``() =
        let clock = ManualClock()
        let meter = RunMeter clock
        clock.Pass 60.0
        meter.Look 0L
        Assert.That(meter.StepsPerSecond.HasValue, Is.False)

    [<Test>]
    member _.``a run without a pause is fast until it is measured``() =
        let clock = ManualClock()
        let meter = RunMeter clock
        Assert.That(meter.IsFast TimeSpan.Zero)
        Assert.That(meter.IsFast(TimeSpan.FromSeconds 1.0), Is.False)
        clock.Pass 1.0
        meter.Look 5_000L
        Assert.That(meter.IsFast TimeSpan.Zero, Is.False)
        clock.Pass 1.0
        meter.Look 10_001L
        Assert.That(meter.IsFast(TimeSpan.FromSeconds 1.0))
