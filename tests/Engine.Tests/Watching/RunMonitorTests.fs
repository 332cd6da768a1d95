namespace BtcBandit.Engine.Tests.Watching

open System
open System.Collections.Generic
open System.Collections.Immutable
open System.Reactive.Subjects
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

[<TestFixture>]
type RunMonitorTests() =

    let archive = RunMode.Archive() :> RunMode

    let controlsOf (pace: PaceControl) log = RunControls(pace, log, ignore, ignore)

    let monitorOf (steps: int64 option) (changes: IObservable<RunMode> | null) =
        let clock, log, report = ManualClock(), RunLog(), FeedReport()
        let controls = controlsOf (PaceControl(TimeSpan.Zero, clock)) log
        let monitor = new RunMonitor(controls, log, report, Option.toNullable steps, archive, changes, clock)
        monitor, clock, report

    let notes (log: RunLog) = [ for line in log.ToArray() -> line.Note ]

    /// A monitor of a run with experts, its clock, and what makes the run's next steps and gives their experts.
    let withExperts (delay: float) =
        let clock, log, market = ManualClock(), RunLog(), SyntheticOptions()
        let parameters = RunParameters(Costs = Costs.Of(1.0, 0.5))
        let run = TradingRun(RunPlan.Of(market.Source(TradingPair("BTC", "USDT")), parameters))

        let monitor =
            new RunMonitor(
                controlsOf (PaceControl(TimeSpan.FromSeconds delay, clock)) log,
                log,
                FeedReport(),
                Nullable(),
                archive,
                null,
                clock,
                Experts = Func<_>(fun () -> run.Experts)
            )

        let candles = (SyntheticFeed.Candles market).GetEnumerator()

        let rec next () =
            candles.MoveNext() |> ignore

            match run.Next candles.Current with
            | null -> next ()
            | step ->
                let experts = List.ofSeq run.Experts
                monitor.OnNext step
                step, experts

        monitor, clock, (fun count -> [ for _ in 1..count -> next () ])

    let sampled (monitor: RunMonitor) = [ for sample in monitor.ExpertsUpTo Int64.MaxValue -> sample.Step ]

    [<Test>]
    member _.``once the run is over, all its steps and notes are there``() =
        let monitor, _, _ = monitorOf None null
        Assert.That(monitor.Look().IsOver, Is.False)
        Assert.That(monitor.Range.HasValue, Is.False)
        Assert.That(monitor.Recall(Nullable(), 5), Is.Null)
        let steps = Watched.steps.Value

        for step in steps do
            monitor.OnNext step

        Assert.That(monitor.Look().IsOver, Is.False)
        monitor.OnCompleted()
        Assert.That(monitor.Look().IsOver)
        equal 600L monitor.Seen
        equal steps[599] (nonNull (monitor.Recall(Nullable(), 5))).Step

        let fills =
            [
                for step in steps do
                    match step.Fill with
                    | null -> ()
                    | fill -> RunNote.Filled(step.Candle.OpenTime, fill) :> RunNote
            ]

        Assert.That(fills.Length, Is.GreaterThan 5)
        let filled (note: RunNote) = note :? RunNote.Filled
        let newest = fills |> List.skip (max 0 (fills.Length - 150))
        let noted = notes monitor.Log |> List.filter filled
        equal newest (noted |> List.skip (noted.Length - newest.Length))
        equal (RunNote.Ended() :> RunNote) (List.last (notes monitor.Log))

    /// However fast it caught up with the candles that it had missed.
    [<Test>]
    member _.``a live run has a candle's time left for each step``() =
        let clock = ManualClock()
        let controls = controlsOf (PaceControl(TimeSpan.Zero, clock)) (RunLog())

        let monitor =
            new RunMonitor(
                controls,
                RunLog(),
                FeedReport(),
                Nullable 10L,
                RunMode.Live FeedHealth.Connected,
                null,
                clock,
                Timeframe = Timeframe.OneMinute
            )

        for step in Watched.steps.Value |> List.truncate 4 do
            monitor.OnNext step

        let look = monitor.Look()
        equal (look.NextClose.Value + TimeSpan.FromMinutes 5.0) look.TimeLeft.Value

        for step in Watched.steps.Value |> List.skip 4 |> List.truncate 6 do
            monitor.OnNext step

        Assert.That((monitor.Look()).TimeLeft.HasValue, Is.False)

    [<Test>]
    member _.``while a run is paused and once it has ended, no time is left, live or not``() =
        for mode in [ archive; RunMode.Live FeedHealth.Connected ] do
            let clock = ManualClock()
            let controls = controlsOf (PaceControl(TimeSpan.FromSeconds 1.0, clock)) (RunLog())

            let monitor =
                new RunMonitor(
                    controls,
                    RunLog(),
                    FeedReport(),
                    Nullable 100L,
                    mode,
                    null,
                    clock,
                    Timeframe = Timeframe.OneMinute
                )

            for step in Watched.steps.Value |> List.truncate 20 do
                monitor.OnNext step
                monitor.Look() |> ignore
                clock.Pass 1.0

            let hasTime () = monitor.Look().TimeLeft.HasValue
            Assert.That(hasTime ())
            controls.TogglePause()
            Assert.That(hasTime (), Is.False)
            controls.TogglePause()
            Assert.That(hasTime ())
            monitor.OnCompleted()
            Assert.That(hasTime (), Is.False)

    /// As a continued run passes over the candles that it has seen.
    [<Test>]
    member _.``the time left is that of steps, however fast the candles before them have passed``() =
        let monitor, clock, report = monitorOf None null
        let table = Files.TableProgress()
        table.Expect 1_000L
        report.Expect [ 1L ]
        report.CountFile()
        report.Follow table
        let mutable passed = 0L

        let pass () =
            report.CountCandle()
            passed <- passed + 1L
            table.Pass passed

        let wait tenths =
            for _ in 1..tenths do
                monitor.Look() |> ignore
                clock.Pass 0.1

        for i in 1..500 do
            pass ()

            if i % 10 = 0 then
                wait 1

        for step in Watched.steps.Value |> List.truncate 20 do
            pass ()
            monitor.OnNext step
            wait 10

        equal (Nullable 0.52) (monitor.Look().Progress)
        Assert.That(monitor.Look().TimeLeft.Value.TotalSeconds, Is.EqualTo(480.0).Within 5.0)

    [<Test>]
    member _.``of a run that can be followed, the experts at every step are those of the agent after it``() =
        let monitor, _, make = withExperts 1.0
        let made = make 600
        Assert.That(made |> List.distinctBy snd |> List.length, Is.GreaterThan 500)

        for step, experts in made do
            let recall = nonNull (monitor.Recall(Nullable step.Number, 1))
            equal (step, experts) (recall.Step, List.ofSeq recall.Experts)

    [<Test>]
    member _.``a run that is too fast to be followed tells of its experts every 64 steps and at its end``() =
        let monitor, _, make = withExperts 0.0
        let made = make 600 |> List.map (fun (step, experts) -> step.Number, experts) |> dict
        equal (1L :: [ 64L..64L..576L ]) (sampled monitor)

        for number in [ 599L; 600L ] do
            Assert.That((nonNull (monitor.Recall(Nullable number, 1))).Experts.IsEmpty)

        monitor.OnCompleted()
        equal (1L :: [ 64L..64L..576L ] @ [ 600L ]) (sampled monitor)

        for sample in monitor.ExpertsUpTo 600L do
            equal made[sample.Step] (List.ofSeq sample.Standings)

        let newest = nonNull (monitor.Recall(Nullable(), 1))
        equal made[600L] (List.ofSeq newest.Experts)

    [<Test>]
    member _.``who looks at a fast run is told of its experts at the next step``() =
        let monitor, _, make = withExperts 0.0
        make 70 |> ignore
        monitor.Look() |> ignore
        let _, experts = make 1 |> List.exactlyOne
        make 5 |> ignore
        equal [ 1L; 64L; 71L ] (sampled monitor)
        equal experts (List.ofSeq (Seq.last (monitor.ExpertsUpTo 99L)).Standings)

    [<Test>]
    member _.``a run that begins anew forgets the samples, whatever its first number``() =
        let steps = Watched.steps.Value
        let standing = ImmutableArray.Create(ExpertStanding(1, 0.0, 0L, 0.0, 0.0, 3.0, true))

        for first, last in [ 1, 3; 65, 66; 71, 71; 200, 300; 600, 600 ] do
            let clock, log = ManualClock(), RunLog()

            use monitor =
                new RunMonitor(
                    controlsOf (PaceControl(TimeSpan.Zero, clock)) log,
                    log,
                    FeedReport(),
                    Nullable(),
                    archive,
                    null,
                    clock,
                    Experts = Func<_>(fun () -> standing)
                )

            for step in List.truncate 69 steps do
                monitor.OnNext step

            equal [ 1L; 64L ] (sampled monitor)

            for step in steps[first - 1 .. last - 1] do
                monitor.OnNext step

            let expected =
                [ first..last ]
                |> List.filter (fun number -> number = first || number % 64 = 0)
                |> List.map int64

            equal expected (sampled monitor)

    [<Test>]
    member _.``the log of a run that is too fast to be followed is shorter``() =
        for delay, kept in [ 0.0, 1_000; 1.0, 1_200 ] do
            let monitor, _, _ = withExperts delay

            for i in 1..1_200 do
                monitor.Log.Add(RunNote.Remark(string i))

            monitor.Look() |> ignore
            equal kept (monitor.Log.ToArray().Length)

    [<Test>]
    member _.``of a long fast run, no more is asked of the experts than the curve keeps``() =
        let clock, log, market = ManualClock(), RunLog(), SyntheticOptions()
        let run = TradingRun(RunPlan.Of(market.Source(TradingPair("BTC", "USDT")), RunParameters()))
        let asked, steps = ref [], ref 0L

        use monitor =
            new RunMonitor(
                controlsOf (PaceControl(TimeSpan.Zero, clock)) log,
                log,
                FeedReport(),
                Nullable(),
                archive,
                null,
                clock,
                Experts =
                    Func<_>(fun () ->
                        asked.Value <- steps.Value :: asked.Value
                        run.Experts)
            )

        for candle in Seq.truncate 150_000 (SyntheticFeed.Candles market) do
            match run.Next candle with
            | null -> ()
            | step ->
                steps.Value <- step.Number
                monitor.OnNext step

        // Each time that the run is twice as long, the curve keeps every second of its 512, and one between is asked for.
        let after step = asked.Value |> List.filter (fun number -> number > step) |> List.length
        Assert.That(asked.Value.Length, Is.LessThan 1_700)
        Assert.That(after 131_072L, Is.InRange(20, 80))

        let gaps =
            sampled monitor
            |> List.pairwise
            |> List.map (fun (before, next) -> next - before)

        Assert.That(gaps.Length, Is.InRange(200, 512))
        // All but the last are of the same length, give or take a sample.
        let gaps = List.take (gaps.Length - 2) gaps
        Assert.That(List.max gaps, Is.LessThanOrEqualTo(2L * List.min gaps))

    [<TestCase(false)>]
    [<TestCase(true)>]
    member _.``a run that ends with its duration is as far as its time, paused or not``(isLive: bool) =
        let clock, log = ManualClock(), RunLog()
        let controls = controlsOf (PaceControl(TimeSpan.FromSeconds 1.0, clock)) log
        let mode = if isLive then RunMode.Live FeedHealth.Connected :> RunMode else archive

        use monitor =
            new RunMonitor(
                controls,
                log,
                FeedReport(),
                Nullable 1_200L,
                mode,
                null,
                clock,
                Timeframe = Timeframe.OneMinute,
                Duration = TimeSpan.FromSeconds 100.0
            )

        let look () =
            let info = monitor.Look()
            info.Progress, info.TimeLeft |> Option.ofNullable |> Option.map _.TotalSeconds

        let after (seconds: float) =
            clock.Pass seconds
            look ()

        equal (Nullable 0.0, Some 100.0) (look ())
        equal (Nullable 0.25, Some 75.0) (after 25.0)
        controls.TogglePause()
        equal (Nullable 0.5, Some 50.0) (after 25.0)
        controls.TogglePause()

        for step in List.truncate 900 Watched.steps.Value do
            monitor.OnNext step

        // The steps are further than the time.
        let all = 600.0 / 1_200.0
        equal (Nullable all) (fst (look ()))
        equal (Nullable 0.75, Some 25.0) (after 25.0)
        equal (Nullable 1.0, Some 0.0) (after 100.0)
        monitor.OnCompleted()
        equal None (snd (look ()))

    [<Test>]
    member _.``a run whose steps end before its duration has the time of its steps left``() =
        let clock, log = ManualClock(), RunLog()

        use monitor =
            new RunMonitor(
                controlsOf (PaceControl(TimeSpan.FromSeconds 1.0, clock)) log,
                log,
                FeedReport(),
                Nullable 100L,
                archive,
                null,
                clock,
                Duration = TimeSpan.FromSeconds 1_000.0
            )

        for step in List.truncate 50 Watched.steps.Value do
            monitor.OnNext step
            monitor.Look() |> ignore
            clock.Pass 1.0

        let info = monitor.Look()
        equal (Nullable 0.5) info.Progress
        Assert.That(info.TimeLeft.Value.TotalSeconds, Is.EqualTo(50.0).Within 2.0)

    [<Test>]
    member _.``an error is noted as it is and ends the run too``() =
        let monitor, _, _ = monitorOf None null
        let error = InvalidOperationException "boom"
        monitor.OnError error
        Assert.That(monitor.Look().IsOver)
        equal [ RunNote.Failed error :> RunNote ] (notes monitor.Log)

    [<Test>]
    member _.``what a session says is a warning unless it is what was asked for``() =
        let isWarning (note: SessionNote) = (RunNote.FromSession note).IsWarning
        equal false (isWarning (SessionNote.Continuing(Make.source, 5L)))
        equal false (isWarning (SessionNote.NewRun(true, [||], "runs/x")))
        equal true (isWarning (SessionNote.NewRun(false, [||], "runs/x")))
        equal true (isWarning (SessionNote.CandlesMissing 1L))

    [<Test>]
    member _.``the gate is noted when it switches, not when it is first seen``() =
        let monitor, _, _ = monitorOf None null
        let step = Watched.steps.Value[0]
        let gate isOpen = Gate(1.0, 2.0, isOpen)

        for isOpen in [ false; false; true; true; false ] do
            let decision =
                Decision(
                    TradeAction.Hold,
                    step.Decision.Sell,
                    step.Decision.Hold,
                    step.Decision.Buy,
                    Gate = Nullable(gate isOpen)
                )

            monitor.OnNext(
                Step(
                    Number = step.Number,
                    Observation = step.Observation,
                    Header = step.Header,
                    Decision = decision,
                    Fill = null,
                    Portfolio = step.Portfolio,
                    Reward = Nullable(),
                    Reason = "gate; below the minimum",
                    Statistics = step.Statistics,
                    Benchmarks = step.Benchmarks
                )
            )

        let openTime = step.Candle.OpenTime
        let refused = RunNote.NotFilled(openTime, "gate; below the minimum") :> RunNote
        let switched isOpen = RunNote.GateSwitched(openTime, gate isOpen) :> RunNote

        equal [ refused; refused; refused; switched true; refused; refused; switched false ] (notes monitor.Log)

        Assert.That(refused.IsWarning)
        Assert.That((switched true).IsWarning, Is.False)

    [<Test>]
    member _.``each kind of trouble of the feed is noted once``() =
        let monitor, _, report = monitorOf None null
        monitor.Look() |> ignore
        equal [] (notes monitor.Log)
        let gap = Gap(0L, 120_000L, 1L)
        let badRow = FeedFault.Other "row 7: no price"

        for _ in 1..3 do
            report.CountGap gap
            report.CountBadRow badRow
            report.CountRestated()
            report.CountLate()
            monitor.Look() |> ignore

        let expected: RunNote list =
            [
                RunNote.CandlesMissing gap
                RunNote.RowsSkipped badRow
                RunNote.CandleRestated()
                RunNote.CandleLate()
            ]

        equal expected (notes monitor.Log)
        Assert.That(expected |> List.forall _.IsWarning)

    [<Test>]
    member _.``trouble that comes while the notes are taken is noted all the same``() =
        let badRow = FeedFault.Other "row 7: no price"

        for _ in 1..20_000 do
            let log, report = RunLog(), FeedReport()
            let notes = FeedNotes(report, log)
            use started = new System.Threading.Barrier(2)

            let feed =
                System.Threading.Tasks.Task.Run(fun () ->
                    started.SignalAndWait()
                    report.CountBadRow badRow)

            started.SignalAndWait()
            notes.Look()
            feed.Wait()
            notes.Look()
            equal 1 (log.ToArray().Length)

    [<Test>]
    member _.``progress is that of the steps where there is no other``() =
        let monitor, _, _ = monitorOf (Some 1_200L) null

        for step in Watched.steps.Value do
            monitor.OnNext step

        equal (Nullable 0.5) (monitor.Look().Progress)
        let endless, _, _ = monitorOf None null
        equal (Nullable()) (endless.Look().Progress)

    [<Test>]
    member _.``a live feed's health is the newest value of its stream, and its silence is measured``() =
        use changes = new Subject<RunMode>()
        let monitor, clock, _ = monitorOf None changes
        equal archive monitor.Mode
        equal (Nullable()) (monitor.Look().Silence)
        let live = RunMode.Live(FeedHealth(IsConnected = true, LastMessage = Nullable(clock.GetUtcNow())))
        changes.OnNext live
        clock.Pass 2.4
        let info = monitor.Look()
        equal (live :> RunMode) info.Mode
        equal (Nullable(TimeSpan.FromSeconds 2.0)) info.Silence
        // The last word stands when the stream fails.
        changes.OnError(InvalidOperationException "boom")
        equal (live :> RunMode) monitor.Mode
        // And nothing is heard after the end.
        use others = new Subject<RunMode>()
        let gone, _, _ = monitorOf None others
        gone.Dispose()
        Assert.That(others.HasObservers, Is.False)

    [<Test>]
    member _.``a run that is too fast to be followed is remembered less, and whole again when it is slow``() =
        let clock, log = ManualClock(), RunLog()
        let pace = PaceControl(TimeSpan.Zero, clock)

        use monitor = new RunMonitor(controlsOf pace log, log, FeedReport(), Nullable(), archive, null, clock)

        let steps = Watched.steps.Value

        for step in steps do
            monitor.OnNext step

        let struct (oldest, newest) = monitor.Range.Value
        equal (345L, 600L) (oldest, newest)
        let slow = PaceControl(TimeSpan.FromSeconds 1.0, clock)

        use other = new RunMonitor(controlsOf slow log, log, FeedReport(), Nullable(), archive, null, clock)

        for step in steps do
            other.OnNext step

        equal (struct (1L, 600L)) other.Range.Value
        clock.Pass 0.1
        other.Look() |> ignore
        equal (struct (1L, 600L)) other.Range.Value
        // Not measured yet: without a pause a run counts as fast.
        slow.Delay <- TimeSpan.Zero
        other.Look() |> ignore
        equal (struct (345L, 600L)) other.Range.Value

[<TestFixture>]
type RunControlsTests() =

    let log = RunLog()

    let controlsOf (pace: PaceControl) = RunControls(pace, log, ignore, ignore)

    let milliseconds (controls: RunControls) = controls.Delay.TotalMilliseconds

    [<Test>]
    member _.``speed doubles and halves from a millisecond to a minute, and below that there is no pause``() =
        let controls = controlsOf (PaceControl(TimeSpan.FromMilliseconds 3.0, TimeProvider.System))

        let pressed act =
            act ()
            milliseconds controls

        equal [ 1.5; 0.0; 0.0 ] [ for _ in 1..3 -> pressed controls.Faster ]
        equal [ 1.0; 2.0; 4.0 ] [ for _ in 1..3 -> pressed controls.Slower ]
        equal 60_000.0 (List.last [ for _ in 1..30 -> pressed controls.Slower ])

    [<Test>]
    member _.``a run is paused and resumed, and a single step pauses it``() =
        let pace = PaceControl(TimeSpan.Zero, TimeProvider.System)
        let controls = controlsOf pace
        controls.TogglePause()
        Assert.That(controls.IsPaused && pace.Paused)
        controls.TogglePause()
        Assert.That(controls.IsPaused, Is.False)
        controls.StepOnce()
        Assert.That(controls.IsPaused)

    [<Test>]
    member _.``a save is requested first and noted then; quitting is passed on``() =
        let log, acts = RunLog(), List<string>()
        let pace = PaceControl(TimeSpan.Zero, TimeProvider.System)

        let controls =
            RunControls(pace, log, (fun () -> acts.Add $"save at {log.Seen}"), (fun () -> acts.Add "quit"))

        controls.Save()
        controls.Quit()
        equal [ "save at 0"; "quit" ] (List.ofSeq acts)
        equal [ RunNote.SaveRequested() :> RunNote ] [ for line in log.ToArray() -> line.Note ]
