namespace BtcBandit.Engine.Tests.Watching

open System
open System.Collections.Generic
open System.Collections.Immutable
open System.Reactive.Subjects
open Expecto
open BtcBandit.Tests.Runner
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

module RunMonitorTests =

    let private archive = RunMode.Archive() :> RunMode

    let private controlsOf (pace: PaceControl) log = RunControls(pace, log, ignore, ignore)

    let private monitorOf (steps: int64 option) (changes: IObservable<RunMode> | null) =
        let clock, log, report = ManualClock(), RunLog(), FeedReport()
        let controls = controlsOf (PaceControl(TimeSpan.Zero, clock)) log
        let monitor = new RunMonitor(controls, log, report, Option.toNullable steps, archive, changes, clock)
        monitor, clock, report

    let private notes (log: RunLog) = [ for line in log.ToArray() -> line.Note ]

    /// A monitor of a run with experts, its clock, and what makes the run's next steps and gives their experts.
    let private withExperts (delay: float) =
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

    let private sampled (monitor: RunMonitor) = [ for sample in monitor.ExpertsUpTo Int64.MaxValue -> sample.Step ]

    [<Tests>]
    let tests =
        testList "RunMonitorTests" [
            testCase "once the run is over, all its steps and notes are there"
            <| fun () ->
                let monitor, _, _ = monitorOf None null
                fails (monitor.Look().IsOver)
                fails monitor.Range.HasValue
                isNull' (monitor.Recall(Nullable(), 5))
                let steps = Watched.steps.Value

                for step in steps do
                    monitor.OnNext step

                fails (monitor.Look().IsOver)
                monitor.OnCompleted()
                holds (monitor.Look().IsOver)
                equal 600L monitor.Seen
                equal steps[599] (nonNull (monitor.Recall(Nullable(), 5))).Step

                let fills = [
                    for step in steps do
                        match step.Fill with
                        | null -> ()
                        | fill -> RunNote.Filled(step.Candle.OpenTime, fill) :> RunNote
                ]

                isAbove 5 fills.Length
                let filled (note: RunNote) = note :? RunNote.Filled
                let newest = fills |> List.skip (max 0 (fills.Length - 150))
                let noted = notes monitor.Log |> List.filter filled
                equal newest (noted |> List.skip (noted.Length - newest.Length))
                equal (RunNote.Ended() :> RunNote) (List.last (notes monitor.Log))

            /// However fast it caught up with the candles that it had missed.
            testCase "a live run has a candle's time left for each step"
            <| fun () ->
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

                fails ((monitor.Look()).TimeLeft.HasValue)

            testCase "while a run is paused and once it has ended, no time is left, live or not"
            <| fun () ->
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
                    holds (hasTime ())
                    controls.TogglePause()
                    fails (hasTime ())
                    controls.TogglePause()
                    holds (hasTime ())
                    monitor.OnCompleted()
                    fails (hasTime ())

            /// As a continued run passes over the candles that it has seen.
            testCase "the time left is that of steps, however fast the candles before them have passed"
            <| fun () ->
                let monitor, clock, report = monitorOf None null
                let mutable passed = 0.0

                let pass () =
                    report.CountCandle()
                    passed <- passed + 0.001
                    report.Pass passed

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
                isNear 5.0 480.0 (monitor.Look().TimeLeft.Value.TotalSeconds)

            testCase "of a run that can be followed, the experts at every step are those of the agent after it"
            <| fun () ->
                let monitor, _, make = withExperts 1.0
                let made = make 600
                isAbove 500 (made |> List.distinctBy snd |> List.length)

                for step, experts in made do
                    let recall = nonNull (monitor.Recall(Nullable step.Number, 1))
                    equal (step, experts) (recall.Step, List.ofSeq recall.Experts)

            testCase "a run that is too fast to be followed tells of its experts every 64 steps and at its end"
            <| fun () ->
                let monitor, _, make = withExperts 0.0
                let made = make 600 |> List.map (fun (step, experts) -> step.Number, experts) |> dict
                equal (1L :: [ 64L..64L..576L ]) (sampled monitor)

                for number in [ 599L; 600L ] do
                    holds ((nonNull (monitor.Recall(Nullable number, 1))).Experts.IsEmpty)

                monitor.OnCompleted()
                equal (1L :: [ 64L..64L..576L ] @ [ 600L ]) (sampled monitor)

                for sample in monitor.ExpertsUpTo 600L do
                    equal made[sample.Step] (List.ofSeq sample.Standings)

                let newest = nonNull (monitor.Recall(Nullable(), 1))
                equal made[600L] (List.ofSeq newest.Experts)

            testCase "who looks at a fast run is told of its experts at the next step"
            <| fun () ->
                let monitor, _, make = withExperts 0.0
                make 70 |> ignore
                monitor.Look() |> ignore
                let _, experts = make 1 |> List.exactlyOne
                make 5 |> ignore
                equal [ 1L; 64L; 71L ] (sampled monitor)
                equal experts (List.ofSeq (Seq.last (monitor.ExpertsUpTo 99L)).Standings)

            testCase "a run that begins anew forgets the samples, whatever its first number"
            <| fun () ->
                let steps = Watched.steps.Value
                let standing = ImmutableArray.Create(ExpertStanding(1, 0.0, 0L, 0.0, 0.0, 3.0, true, false))

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

            testCase "the log of a run that is too fast to be followed is shorter"
            <| fun () ->
                for delay, kept in [ 0.0, 1_000; 1.0, 1_200 ] do
                    let monitor, _, _ = withExperts delay

                    for i in 1..1_200 do
                        monitor.Log.Add(RunNote.Remark(string i))

                    monitor.Look() |> ignore
                    equal kept (monitor.Log.ToArray().Length)

            testCase "of a long fast run, no more is asked of the experts than the curve keeps"
            <| fun () ->
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
                isBelow 1_700 asked.Value.Length
                isWithin 20 80 (after 131_072L)

                let gaps =
                    sampled monitor
                    |> List.pairwise
                    |> List.map (fun (before, next) -> next - before)

                isWithin 200 512 gaps.Length
                // All but the last are of the same length, give or take a sample.
                let gaps = List.take (gaps.Length - 2) gaps
                isAtMost (2L * List.min gaps) (List.max gaps)

            cases "a run that ends with its duration is as far as its time, paused or not" [ false; true ]
            <| fun (isLive: bool) ->
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

            testCase "a run whose steps end before its duration has the time of its steps left"
            <| fun () ->
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
                isNear 2.0 50.0 info.TimeLeft.Value.TotalSeconds

            testCase "an error is noted as it is and ends the run too"
            <| fun () ->
                let monitor, _, _ = monitorOf None null
                let error = InvalidOperationException "boom"
                monitor.OnError error
                holds (monitor.Look().IsOver)
                equal [ RunNote.Failed error :> RunNote ] (notes monitor.Log)

            testCase "what a session says is a warning unless it is what was asked for"
            <| fun () ->
                let isWarning (note: SessionNote) = (RunNote.FromSession note).IsWarning
                equal false (isWarning (SessionNote.Continuing(Make.source, 5L)))
                equal false (isWarning (SessionNote.NewRun(true, [||], "runs/x")))
                equal true (isWarning (SessionNote.NewRun(false, [||], "runs/x")))
                equal true (isWarning (SessionNote.CandlesMissing 1L))

            testCase "the gate is noted when it switches, not when it is first seen"
            <| fun () ->
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

                holds refused.IsWarning
                fails ((switched true).IsWarning)

            testCase "each kind of trouble of the feed is noted once"
            <| fun () ->
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

                let expected: RunNote list = [
                    RunNote.CandlesMissing gap
                    RunNote.RowsSkipped badRow
                    RunNote.CandleRestated()
                    RunNote.CandleLate()
                ]

                equal expected (notes monitor.Log)
                holds (expected |> List.forall _.IsWarning)

            testCase "trouble that comes while the notes are taken is noted all the same"
            <| fun () ->
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

            testCase "progress is that of the steps where there is no other"
            <| fun () ->
                let monitor, _, _ = monitorOf (Some 1_200L) null

                for step in Watched.steps.Value do
                    monitor.OnNext step

                equal (Nullable 0.5) (monitor.Look().Progress)
                let endless, _, _ = monitorOf None null
                equal (Nullable()) (endless.Look().Progress)

            testCase "a live feed's health is the newest value of its stream, and its silence is measured"
            <| fun () ->
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
                fails others.HasObservers

            testCase "a run that is too fast to be followed is remembered less, and whole again when it is slow"
            <| fun () ->
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
        ]

module RunControlsTests =

    let private log = RunLog()

    let private controlsOf (pace: PaceControl) = RunControls(pace, log, ignore, ignore)

    let private milliseconds (controls: RunControls) = controls.Delay.TotalMilliseconds

    [<Tests>]
    let tests =
        testList "RunControlsTests" [
            testCase "speed doubles and halves from a millisecond to a minute, and below that there is no pause"
            <| fun () ->
                let controls = controlsOf (PaceControl(TimeSpan.FromMilliseconds 3.0, TimeProvider.System))

                let pressed act =
                    act ()
                    milliseconds controls

                equal [ 1.5; 0.0; 0.0 ] [ for _ in 1..3 -> pressed controls.Faster ]
                equal [ 1.0; 2.0; 4.0 ] [ for _ in 1..3 -> pressed controls.Slower ]
                equal 60_000.0 (List.last [ for _ in 1..30 -> pressed controls.Slower ])

            testCase "a run is paused and resumed, and a single step pauses it"
            <| fun () ->
                let pace = PaceControl(TimeSpan.Zero, TimeProvider.System)
                let controls = controlsOf pace
                controls.TogglePause()
                holds (controls.IsPaused && pace.Paused)
                controls.TogglePause()
                fails controls.IsPaused
                controls.StepOnce()
                holds controls.IsPaused

            testCase "a save is requested first and noted then; quitting is passed on"
            <| fun () ->
                let log, acts = RunLog(), List<string>()
                let pace = PaceControl(TimeSpan.Zero, TimeProvider.System)

                let controls =
                    RunControls(pace, log, (fun () -> acts.Add $"save at {log.Seen}"), (fun () -> acts.Add "quit"))

                controls.Save()
                controls.Quit()
                equal [ "save at 0"; "quit" ] (List.ofSeq acts)
                equal [ RunNote.SaveRequested() :> RunNote ] [ for line in log.ToArray() -> line.Note ]
        ]
