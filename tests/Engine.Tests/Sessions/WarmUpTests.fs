namespace BtcBandit.Engine.Tests.Sessions

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.FakeExchange
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

module WarmUpTests =

    let private length = 1_440

    let private parametersWith history =
        RunParameters(Horizon = Nullable 5, History = history, Costs = Costs.Of(0.0, 0.0))

    // A warm-up has no history of its own, whatever that of the session.
    let private parameters = parametersWith 300

    let private oracle = Runs.planOf Catalogue.Default (parametersWith 0) 1L

    let private planIn (folder: Temporary) = Runs.planWith Catalogue.Default parameters 1L folder.Path 50

    let private window (plan: SessionPlan) =
        Runs.market 1L
        |> Seq.truncate (WarmUp.CandlesBefore plan.Run + length)
        |> List.ofSeq

    let private terms = WarmUpTerms(Time = TimeSpan.FromHours 1.0)

    /// Terms that no pass meets, for so many steps of a second each.
    let private unmet steps = WarmUpTerms(Time = TimeSpan.FromSeconds(float steps), MinimumReturn = 1e6)

    let private clock () = VirtualTime DateTimeOffset.UnixEpoch

    /// Runs a warm-up in which each step takes a second; returns the verdict, and the passes as they stood at each step.
    let private run (terms: WarmUpTerms) (plan: SessionPlan) candles =
        let clock = clock ()
        let seen = ResizeArray<Step * WarmUpPass>()
        use warmUp = new WarmUp(plan, clock, ignore)

        let note made pass =
            seen.Add(made, pass)
            let over = TaskCompletionSource()
            let second = TimeSpan.FromSeconds 1.0
            use _ = clock.CreateTimer((fun _ -> over.SetResult()), null, second, Timeout.InfiniteTimeSpan)
            clock.Run(over.Task, DateTimeOffset.MaxValue) |> ignore

        let verdict = warmUp.Run(candles, terms, Action<_, _>(note), CancellationToken.None)
        verdict, List.ofSeq seen

    /// What an agent has learned after replays of candles, by backtests.
    let private learnedBy (passes: int) candles =
        (null, [ 1..passes ])
        ||> List.fold (fun (learned: AgentState | null) _ ->
            let run = BacktestRun(oracle, Learned = learned)
            let results = Backtest.RunAsync(Runs.feed candles, [ run ]).GetAwaiter().GetResult()
            (nonNull results[0].State).Agent)

    let private text (state: AgentState | null) = (nonNull state).State.GetRawText()

    [<Tests>]
    let tests =
        testList "WarmUpTests" [
            testCase "the first pass that earns enough ends it"
            <| fun () ->
                use folder = new Temporary()
                let plan = planIn folder
                let verdict, seen = run terms plan (window plan)
                equal (true, false, 1) (verdict.IsPassed, verdict.IsStopped, verdict.Last.Number)
                equal (int64 length, true) (verdict.Last.Steps, verdict.Last.IsWhole)
                isAbove 0.0 verdict.Last.NetReturn
                isAbove 0L verdict.Last.RoundTrips
                equal length seen.Length
                equal verdict.Last (snd (List.last seen))

            testCase "indicators are warm at the first step, and every candle of the window is a step"
            <| fun () ->
                use folder = new Temporary()
                let plan = planIn folder
                let candles = window plan
                let _, seen = run terms plan candles
                let steps = seen |> List.map (fun (step, _) -> step.Candle.OpenTime)

                equal
                    (candles
                     |> List.skip (candles.Length - length)
                     |> List.map (fun (candle: Candle) -> candle.OpenTime))
                    steps

            testCase "each pass has a fresh portfolio and keeps what was learned"
            <| fun () ->
                use folder = new Temporary()
                let plan = planIn folder
                let candles = window plan

                // The time is over at the last step of the third pass.
                let verdict, seen = run (unmet (3 * length)) plan candles
                equal (false, false, 3) (verdict.IsPassed, verdict.IsStopped, verdict.Last.Number)
                equal (3 * length) seen.Length

                for made, pass in seen do
                    equal made.Statistics.Steps pass.Steps

                for number in 1..3 do
                    let first, _ = seen |> List.find (fun (_, pass) -> pass.Number = number)
                    equal (1L, 1_000.0) (first.Statistics.Steps, first.Statistics.InitialEquity)

                equal (text (learnedBy 3 candles)) (text verdict.Learned)
                holds (text (learnedBy 1 candles) <> text verdict.Learned)

            cases "the candles before the steps that count are told, the same in every pass" [
                WarmUpGate.Replay
                WarmUpGate.Holdout
            ]
            <| fun (gate: WarmUpGate) ->
                use folder = new Temporary()
                let plan = planIn folder
                let candles = window plan

                let before =
                    WarmUp.CandlesBefore plan.Run
                    + if gate = WarmUpGate.Holdout then length - length / 5 else 0

                use warmUp = new WarmUp(plan, TimeProvider.System, ignore)
                equal 0 warmUp.Before.Count
                use stop = new CancellationTokenSource()
                let passes = ResizeArray<int>()

                let note (step: Step) (pass: WarmUpPass) =
                    if pass.Steps = 1L then
                        passes.Add pass.Number
                        let known = [ for one in warmUp.Before -> one.Candle.OpenTime, one.Index ]
                        equal [ for i in 0 .. before - 1 -> candles[i].OpenTime, int64 i ] known
                        equal (candles[before].OpenTime, int64 before) (step.Candle.OpenTime, step.Observation.Index)

                        if pass.Number = 3 then
                            stop.Cancel()

                let endless = WarmUpTerms(Time = TimeSpan.FromHours 1.0, MinimumReturn = 1e6, Gate = gate)
                warmUp.Run(candles, endless, Action<_, _>(note), stop.Token) |> ignore
                equal [ 1; 2; 3 ] (List.ofSeq passes)

            testCase "when the time is over, the pass is judged as it stands"
            <| fun () ->
                use folder = new Temporary()
                let plan = planIn folder
                let half = WarmUpTerms(Time = TimeSpan.FromSeconds(float (length / 2)))
                let verdict, seen = run half plan (window plan)
                equal (length / 2) seen.Length
                equal (1, int64 (length / 2), false) (verdict.Last.Number, verdict.Last.Steps, verdict.Last.IsWhole)
                equal (verdict.Last.Meets half) verdict.IsPassed
                holds verdict.IsPassed

                let verdict, _ = run (unmet (length / 2)) plan (window plan)
                holds (not verdict.IsPassed)

            cases "more than the return, and one round trip" [
                0.01, 1L, 0.01, false
                0.01, 1L, 0.0101, true
                0.01, 0L, 0.5, false
                -0.5, 1L, -0.4, true
            ]
            <| fun (asked, roundTrips, earned, meets: bool) ->
                let pass = WarmUpPass(1, 10L, roundTrips, earned, true)
                equal meets (pass.Meets(WarmUpTerms(Time = TimeSpan.FromHours 1.0, MinimumReturn = asked)))

            testCase "holdout: judged by the last fifth, from which nothing is learned"
            <| fun () ->
                use folder = new Temporary()
                let plan = planIn folder
                let candles = window plan
                let fifth = length / 5
                let asked = unmet (2 * fifth)

                let holdout =
                    WarmUpTerms(Time = asked.Time, MinimumReturn = asked.MinimumReturn, Gate = WarmUpGate.Holdout)

                let verdict, seen = run holdout plan candles
                equal (2, int64 fifth, true) (verdict.Last.Number, verdict.Last.Steps, verdict.Last.IsWhole)
                equal (2 * fifth) seen.Length

                let held = candles |> List.skip (candles.Length - fifth)

                equal
                    (held |> List.map (fun (candle: Candle) -> candle.OpenTime))
                    (seen |> List.take fifth |> List.map (fun (step, _) -> step.Candle.OpenTime))

                equal (text (learnedBy 2 (List.take (candles.Length - fifth) candles))) (text verdict.Learned)

            cases "only steps that count are paced" [ false; true ]
            <| fun (isHeldOut: bool) ->
                use folder = new Temporary()
                let plain = planIn folder
                // Each look at this clock takes longer than the pace, so nothing waits; a paced step looks twice.
                let clockOfPace = SteppingClock(TimeSpan.FromSeconds 2.0)
                let pace = PaceControl(TimeSpan.FromSeconds 1.0, clockOfPace)
                let plan = SessionPlan(Run = plain.Run, Candles = plain.Candles, DataDir = folder.Path, Pace = pace)
                let gate = if isHeldOut then WarmUpGate.Holdout else WarmUpGate.Replay
                let terms = WarmUpTerms(Time = TimeSpan.FromHours 1.0, MinimumReturn = -1.0, Gate = gate)
                let _, seen = run terms plan (window plan)
                isNotEmpty seen
                equal (2.0 * 2.0 * float seen.Length) clockOfPace.Elapsed.TotalSeconds

            testCase "experts stand as in a backtest of the pass, and are empty before the first one"
            <| fun () ->
                use folder = new Temporary()
                let parameters = RunParameters(History = 300, Costs = Costs.Of(0.1, 0.0))
                let plan = Runs.planWith Catalogue.Default parameters 1L folder.Path 50
                let candles = window plan
                use warmUp = new WarmUp(plan, clock (), ignore)
                holds warmUp.Experts.IsDefaultOrEmpty

                let asked = RunParameters(History = 0, Costs = Costs.Of(0.1, 0.0))
                let run = TradingRun(Runs.planOf Catalogue.Default asked 1L)
                let rest = System.Collections.Generic.Queue candles
                let seen = ResizeArray()

                let note (step: Step) (pass: WarmUpPass) =
                    if pass.Number = 1 then
                        let mutable same: Step | null = null

                        while isNull same do
                            same <- run.Next(rest.Dequeue())

                        equal step.Number (nonNull same).Number
                        equal (List.ofSeq run.Experts) (List.ofSeq warmUp.Experts)
                        seen.Add warmUp.Experts
                    elif pass.Steps = 1L then
                        // Another account, and what was learned.
                        for expert in warmUp.Experts do
                            isAbove 0 expert.Horizon

                let two = unmet 100_000
                use stop = new CancellationTokenSource()

                warmUp.Run(
                    candles,
                    two,
                    Action<_, _>(fun step pass ->
                        note step pass

                        if pass.Number = 2 then
                            stop.Cancel()),
                    stop.Token
                )
                |> ignore

                equal length seen.Count
                holds (seen[length - 1] |> Seq.exists (fun expert -> expert.Trades > 0L))
                equal 4 warmUp.Experts.Length

            testCase "experts can be asked for from another thread, between two steps"
            <| fun () ->
                use folder = new Temporary()
                let parameters = RunParameters(History = 300, Costs = Costs.Of(0.1, 0.0))
                let plan = Runs.planWith Catalogue.Default parameters 1L folder.Path 50
                use warmUp = new WarmUp(plan, clock (), ignore)
                use stop = new CancellationTokenSource()
                let mutable asked = 0

                let asking =
                    Task.Run(fun () ->
                        while not stop.IsCancellationRequested do
                            let experts = warmUp.Experts

                            if not experts.IsEmpty then
                                // A wallet in the middle of a candle would have traded more often than there were candles, or lost all.
                                for expert in experts do
                                    isWithin (-1.0) 10.0 expert.TotalReturn

                                asked <- asked + 1)

                // The step waits, with the pass in progress.
                let note (step: Step) (_: WarmUpPass) =
                    if step.Number = 700L then
                        let before = asked
                        holds (SpinWait.SpinUntil((fun () -> asked > before + 10), TimeSpan.FromSeconds 20.0))
                        stop.Cancel()

                warmUp.Run(window plan, terms, Action<_, _>(note), stop.Token) |> ignore
                holds (asking.Wait(TimeSpan.FromSeconds 20.0))

            testCase "an agent without experts has none during a pass either"
            <| fun () ->
                use folder = new Temporary()
                let plan = planIn folder
                use warmUp = new WarmUp(plan, clock (), ignore)
                use stop = new CancellationTokenSource()

                let note _ _ =
                    holds warmUp.Experts.IsEmpty
                    stop.Cancel()

                warmUp.Run(window plan, terms, Action<_, _>(note), stop.Token) |> ignore

            testCase "a stop ends it without a verdict"
            <| fun () ->
                use folder = new Temporary()
                let plan = planIn folder
                use stop = new CancellationTokenSource()
                use warmUp = new WarmUp(plan, clock (), ignore)

                // At a step where the pass would do.
                let note _ (pass: WarmUpPass) =
                    if pass.Meets terms then
                        stop.Cancel()

                let verdict = warmUp.Run(window plan, terms, Action<_, _>(note), stop.Token)
                equal (true, false, 1) (verdict.IsStopped, verdict.IsPassed, verdict.Last.Number)
                isBelow (int64 length) verdict.Last.Steps

            testCase "too few candles are an error"
            <| fun () ->
                use folder = new Temporary()
                let plan = planIn folder
                use warmUp = new WarmUp(plan, clock (), ignore)
                let few = window plan |> List.truncate (WarmUp.CandlesBefore plan.Run)

                let run () =
                    warmUp.Run(few, terms, Action<_, _>(fun _ _ -> ()), CancellationToken.None)
                    |> ignore

                thrown<ArgumentException> run |> ignore

            testCase "it locks the folder and writes nothing into it"
            <| fun () ->
                use folder = new Temporary()
                let plan = planIn folder

                do
                    use warmUp = new WarmUp(plan, clock (), ignore)

                    warmUp.Run(window plan, terms, Action<_, _>(fun _ _ -> ()), CancellationToken.None)
                    |> ignore

                    let second () = (new WarmUp(plan, clock (), ignore)).Dispose()
                    thrown<JournalException> second |> ignore

                equal [] (Runs.files folder.Path)
                (new WarmUp(plan, clock (), ignore)).Dispose()

            testCase "what was learned before is not judged"
            <| fun () ->
                use folder = new Temporary()
                let plan = planIn folder

                let keeping =
                    SessionPlan(Run = plan.Run, Candles = plan.Candles, DataDir = folder.Path, KeepLearning = true)

                let make () = (new WarmUp(keeping, clock (), ignore)).Dispose()

                thrown<ArgumentException> make |> ignore

            testCase "a session with what was learned is a new run, and the old one is kept"
            <| fun () ->
                use folder = new Temporary()
                let before, _ = Runs.run (planIn folder)
                let learned = (nonNull before.Run).Agent
                // Another market: what the run before knows of this one would be left out.
                let asked = (planIn folder).Run

                let elsewhere =
                    RunPlan.Of(Runs.source 2L, asked.Header.Parameters, RunParts(FeatureSet = asked.FeatureSet))

                let candles = Runs.feed (Runs.market 2L)

                let plan =
                    SessionPlan(
                        Run = elsewhere,
                        Candles = candles,
                        DataDir = folder.Path,
                        Steps = Nullable 20,
                        Learned = learned
                    )

                let result, told = Runs.run plan
                equal 20L (nonNull result.Run).Statistics.Steps

                match told with
                | [ :? SessionNote.NewRun as note ] ->
                    equal (true, true) (note.IsForced, note.IsWarmedUp)
                    holds (File.Exists(Path.Combine(note.KeptIn, "state.json")))
                | other -> failtest $"%A{other}"

                use other = new Temporary()
                Runs.run (planIn other) |> ignore

                let kept =
                    SessionPlan(
                        Run = elsewhere,
                        Candles = candles,
                        DataDir = other.Path,
                        Steps = Nullable 20,
                        Fresh = true,
                        KeepLearning = true
                    )

                let same, _ = Runs.run kept
                equal (text (nonNull same.Run).Agent) (text (nonNull result.Run).Agent)
        ]
