namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.Reactive.Linq
open System.Text.Json
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Agents.Linear
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions
open BtcBandit.Engine.Tests.Trading

/// Folds that learn over a train slice and are tested on the candles after it.
module WalkForwardTests =

    let private walk (plan: WalkForwardPlan) (candles: Candle seq) =
        plan.RunAsync(candles.ToObservable(), null, CancellationToken.None).GetAwaiter().GetResult()

    /// Weighs several horizons, and trades because trading is free.
    let private free = Compare.planOf (RunParameters(Costs = Costs.None))

    let private warmUp = free.FeatureSet.WarmUp

    let private foldsOf (run: WalkForwardRun) = List.ofSeq run.Folds
    let private show (run: WalkForwardRun) = run.Seed, foldsOf run, run.Pooled

    let private showAll (result: WalkForwardResult) = [
        for one in result.Agents -> one.Name, [ for run in one.Runs -> show run ]
    ]

    /// The only run of the only agent.
    let private single (result: WalkForwardResult) =
        equal 1 result.Agents.Count
        isEmpty result.Agents[0].Failures
        equal 1 result.Agents[0].Runs.Count
        result.Agents[0].Runs[0]

    let private text (result: WalkForwardResult) = result.ToJson free.Header

    /// The same candles up to a place, dearer or cheaper ones after it.
    let private changedFrom place (candles: Candle list) =
        candles
        |> List.mapi (fun index candle ->
            if index < place then
                candle
            else
                let factor = 1.0 + 0.2 * sin (float index)

                Candle.Of(
                    candle.OpenTime,
                    candle.Open * factor,
                    candle.High * factor,
                    candle.Low * factor,
                    candle.Close * factor,
                    candle.Volume
                ))

    /// A run of a stub, with all stubs that were made.
    let private stubbed (parameters: RunParameters) horizon wish =
        let made = ConcurrentBag<StubAgent>()

        let create (_: AgentSetup) (_: AgentState | null) =
            let stub = StubAgent(horizon, wish)
            made.Add stub
            stub :> IAgent

        let agents = AgentCatalogue.Default.With(AgentRecipe("stub", "is told what to want", create))
        parameters |> Compare.planWith agents, made

    /// Buys when it holds nothing, and sells when it holds something.
    let private alternating (seen: Seen) = if seen.Exposure > 0.0 then TradeAction.Sell else TradeAction.Buy

    /// Ten candles in which two folds of 4 and 3 candles fit, and two more, after those that warm the indicators up.
    let private byHand =
        let opens = [
            100.0
            100.0
            110.0
            100.0
            100.0
            100.0
            120.0
            120.0
            125.0
            100.0
            80.0
            80.0
        ]

        let before = List.replicate warmUp 100.0
        let all = List.toArray (before @ opens @ [ 80.0 ])

        [
            for index in 0 .. all.Length - 2 ->
                Make.candle (Candles.newYear + int64 index * Candles.minute) all[index] all[index + 1]
        ]

    let private onePercent =
        RunParameters(Agent = "stub", Horizon = Nullable 1, Costs = Costs.Of(100.0, 0.0))

    let private timeAt place = Candles.newYear + int64 (warmUp + place) * Candles.minute

    let private isSlice (first, last) purged (earned, holding, drawdown, trips, wins, costs) (slice: WalkForwardSlice) =
        equal (timeAt first, timeAt last, purged) (slice.FirstOpenTime, slice.LastOpenTime, slice.PurgedOutcomes)
        equal (trips, wins) (slice.RoundTrips, slice.Wins)

        areNear 1e-9 [ earned; holding; drawdown; costs / 1e3 ] [
            slice.Return
            slice.BuyAndHoldReturn
            slice.MaxDrawdown
            slice.Costs / 1e3
        ]

    /// Which decision an agent learned from at which candle, both counted from the end of the warm-up.
    let private lessons (agent: StubAgent) =
        let placeOf (seen: Seen) = int ((seen.OpenTime - timeAt 0) / Candles.minute)
        let key (features: float[]) (unit: float) = List.ofArray features, unit
        let decided = Dictionary()
        let found = List<int * int>()
        let mutable learned = None

        for event in agent.Events do
            match event with
            | Learned(features, unit, _) -> learned <- Some decided[key features unit]
            | Chose seen ->
                learned |> Option.iter (fun decision -> found.Add(decision, placeOf seen))
                learned <- None
                decided[key seen.Features seen.UnitFraction] <- placeOf seen

        placeOf (
            match agent.Events.Head with
            | Chose seen -> seen
            | Learned _ -> failwith "it learned before it chose"
        ),
        List.ofSeq found

    [<Tests>]
    let tests =
        testList "WalkForwardTests" [
            testCase "two folds are what they are by hand"
            <| fun () ->
                let plan, _ = stubbed onePercent 1 alternating
                let result = walk (WalkForwardPlan(plan, WalkForwardSplit(4, 3))) byHand
                equal (2L, Nullable 2L, warmUp, true) (result.Folds, result.LeftOut, result.WarmUp, result.IsWhole)
                let run = single result
                let one, two = run.Folds[0], run.Folds[1]
                equal [ 1; 2 ] [ one.Number; two.Number ]
                // Bought at 100 and sold at 110, then 10.67542 at 100. A lot is 0.00001.
                one.Train
                |> isSlice (0, 3) 2 (0.067542401, -1.0 / 101.0, 0.019801976462, 1L, 1L, 31.467499)
                // 9.90099 bought at 100 and sold at 120.
                one.Test
                |> isSlice (4, 6) 2 (0.176237622, 0.188118811881, 0.00999999991583, 1L, 1L, 21.782178)
                // 9.90099 bought and sold at 100, then 8.08744 bought at 120.
                two.Train
                |> isSlice (3, 6) 2 (-0.029506908, 0.188118811881, 0.029506908, 1L, 0L, 29.506908)
                // 7.92079 bought at 125 and sold at 100; its last close is 80.
                two.Test
                |> isSlice (7, 9) 2 (-0.2158415275, -0.366336633663, 0.2158415275, 1L, 0L, 17.8217775)

                let pooled = run.Pooled

                equal
                    (2, 1, 1, 2L, 1L)
                    (pooled.Tests, pooled.Gains, pooled.AboveBuyAndHold, pooled.RoundTrips, pooled.Wins)

                areNear 1e-9 [
                    -0.0776433030350
                    80.0 / 101.0 - 1.0
                    -0.2158415275
                    -3.04348627507
                    0.5
                    0.5
                    0.5
                ] [
                    pooled.Return
                    pooled.BuyAndHoldReturn
                    pooled.WorstReturn
                    pooled.Efficiency.Value
                    pooled.GainShare
                    pooled.AboveShare
                    pooled.WinRate.Value
                ]

                isNear 1e-6 39.6039555 pooled.Costs

            // Few: each case makes many runs.
            propertyOf 15 "a test is the same to the bit whatever comes after it"
            <| fun (seed: int64) (train: byte) (test: byte) (more: byte) ->
                let split = WalkForwardSplit(100 + int train, 40 + int test % 60)
                let folds = 3
                let ends = warmUp + split.Train + folds * split.Test
                let candles = Compare.candles seed (ends + split.Test + int more)
                let plan = WalkForwardPlan(free, split)
                let whole = single (walk plan candles)
                let changed = single (walk plan (changedFrom ends candles))
                equal whole.Folds.Count changed.Folds.Count
                equal (List.take folds (foldsOf whole)) (List.take folds (foldsOf changed))
                // A change is seen where it is.
                differs whole.Folds[folds] changed.Folds[folds]
                let cut = single (walk plan (List.take ends candles))
                equal (List.take folds (foldsOf whole)) (foldsOf cut)

            // The candle that a test begins with sets no figure of the train slice before it.
            testCase "a train slice is the same to the bit whatever its test is"
            <| fun () ->
                let split = WalkForwardSplit(300, 200)
                let candles = Compare.candles 7L (warmUp + split.Fold)
                let plan = WalkForwardPlan(free, split)
                let fold candles = (single (walk plan candles)).Folds[0]
                let whole, changed = fold candles, fold (changedFrom (warmUp + split.Train) candles)
                equal whole.Train changed.Train
                differs whole.Test changed.Test

            cases "an outcome that spans the end of a slice is never learned" [
                FillMoment.NextOpen, 5, 40, 20
                FillMoment.Close, 5, 40, 20
                FillMoment.NextOpen, 30, 40, 20
                FillMoment.NextOpen, 1, 2, 2
            ]
            <| fun (fill: FillMoment, horizon: int, train: int, test: int) ->
                let parameters =
                    RunParameters(Agent = "stub", Horizon = Nullable horizon, Fill = fill, Costs = Costs.None)

                let plan, made = stubbed parameters horizon alternating
                let split = WalkForwardSplit(train, test)
                let run = single (walk (WalkForwardPlan(plan, split)) (Compare.candles 5L (warmUp + train + 4 * test)))
                equal 4 run.Folds.Count
                let span = if fill = FillMoment.Close then horizon else horizon + 1
                let learnedIn first length = [ for place in first .. first + length - span - 1 -> place, place + span ]

                for agent in made do
                    let first, learned = lessons agent

                    if first < 4 * test then
                        equal (learnedIn first train @ learnedIn (first + train) test) learned

                equal 4 (made |> Seq.filter (fun agent -> fst (lessons agent) < 4 * test) |> Seq.length)

                for fold in run.Folds do
                    equal (min train span, min test span) (fold.Train.PurgedOutcomes, fold.Test.PurgedOutcomes)

            testCase "every fold begins with an agent and cash of its own, and an order does not pass to the test"
            <| fun () ->
                let plan, made = stubbed onePercent 1 (Trading.always TradeAction.Buy)
                let run = single (walk (WalkForwardPlan(plan, WalkForwardSplit(4, 3))) byHand)
                // A third and a fourth one began before the candles ended.
                equal 4 made.Count

                let flat = [
                    for agent in made do
                        for event in agent.Events do
                            match event with
                            | Chose seen when seen.Exposure = 0.0 -> int ((seen.OpenTime - timeAt 0) / Candles.minute)
                            | _ -> ()
                ]

                // Without a position are the first steps of slices only: an order fills one step later.
                equal [ 0; 3; 4; 6; 7; 9; 10 ] (List.sort flat)
                equal 0L run.Pooled.RoundTrips

            cases "the train slice of the first fold is a run over the same candles" [
                "linear-ts", "BTC/USDT"
                "softmax", "BTC/USDT"
                "linear-ts", "XYZ/ABC"
            ]
            <| fun (agent: string, market: string) ->
                let pair =
                    match TradingPair.TryParse market with
                    | true, pair -> nonNull pair
                    | _ -> failwith market

                let plan =
                    RunPlan.Of(
                        MarketSource.Files(pair, Timeframe.OneMinute),
                        RunParameters(Agent = agent, Horizon = Nullable 5, Costs = Costs.Of(1.0, 0.0)),
                        RunParts(FeatureSet = Compare.indicators)
                    )

                let split = WalkForwardSplit(700, 100)

                // The first price is another one, so that limits that fit it are others as well.
                let candles =
                    Compare.candles 11L (warmUp + split.Fold)
                    |> List.mapi (fun index candle ->
                        if index > 0 then
                            candle
                        else
                            let low = candle.Close / 1e2
                            Make.candle candle.OpenTime low low)

                let train = (single (walk (WalkForwardPlan(plan, split)) candles)).Folds[0].Train
                let summary, _ = Compare.alone plan (List.take (warmUp + split.Train) candles)

                equal
                    (700L, summary.FirstOpenTime, summary.LastOpenTime)
                    (summary.Steps, Nullable train.FirstOpenTime, Nullable train.LastOpenTime)

                equal (summary.TotalReturn, summary.MaxDrawdown) (train.Return, train.MaxDrawdown)
                equal (Nullable train.BuyAndHoldReturn) summary.BuyAndHoldReturn
                equal (summary.RoundTrips, summary.WinRate) (train.RoundTrips, train.WinRate)
                equal (summary.FeesPaid + summary.SlippagePaid) train.Costs
                isAbove 10L train.RoundTrips

            testCase "a fold is a cycle of a retraining on the same candles"
            <| fun () ->
                let plan = Compare.planOf (RunParameters(Agent = "greedy", Horizon = Nullable 5, Costs = Costs.None))
                let split = WalkForwardSplit(900, 400)
                let day = RetrainSplit.CandlesInDay Timeframe.OneMinute
                let candles = Compare.candles 12L (warmUp + split.Fold + day)
                let fold = (single (walk (WalkForwardPlan(plan, split)) candles)).Folds[0]
                let slices = RetrainSplit(TrainSteps = Nullable split.Train, ValidateSteps = Nullable split.Test)

                let window =
                    match RetrainWindow.TrySplit(Array.ofList candles, plan, slices) with
                    | true, window, _ -> nonNull window
                    | _ -> failwith "too few candles"

                let cycle = Retraining(plan, window).Make().Cycles[0]

                for expected, actual in [ cycle.Train, fold.Train; cycle.Validation, fold.Test ] do
                    equal (expected.Return, expected.BuyAndHoldReturn) (actual.Return, Nullable actual.BuyAndHoldReturn)
                    equal (expected.RoundTrips, expected.Wins) (actual.RoundTrips, actual.Wins)
                    equal expected.MaxDrawdown actual.MaxDrawdown
                    isAbove 0L actual.RoundTrips

            testCase "the results do not depend on the number of threads"
            <| fun () ->
                let candles = Compare.candles 3L 2_400
                let agents, seeds = [| "linear-ts"; "random"; "softmax"; "hold" |], [| 1L; 2L; 3L |]

                let made threads =
                    text (
                        walk
                            (WalkForwardPlan(
                                free,
                                WalkForwardSplit(700, 130),
                                Agents = agents,
                                Seeds = seeds,
                                MaxThreads = Nullable threads
                            ))
                            candles
                    )

                let one = made 1
                isAbove 10_000 one.Length

                for threads in [ 2; 5 ] do
                    equal one (made threads)

            testCase "a seed is what it is alone, and agents that draw nothing run once"
            <| fun () ->
                let candles = Compare.candles 3L 1_500
                let split = WalkForwardSplit(500, 200)
                let agents = [| "linear-ts"; "greedy" |]
                let together = walk (WalkForwardPlan(free, split, Agents = agents, Seeds = [| 4L; 5L |])) candles
                equal [ "linear-ts"; "greedy" ] [ for agent in together.Agents -> agent.Name ]
                equal [ [ 4L; 5L ]; [ 4L ] ] [ for agent in together.Agents -> [ for run in agent.Runs -> run.Seed ] ]
                let alone = walk (WalkForwardPlan(free, split, Seeds = [| 5L |])) candles
                equal (show (single alone)) (show together.Agents[0].Runs[1])
                differs together.Agents[0].Runs[0].Folds[0] together.Agents[0].Runs[1].Folds[0]
                let spread = nonNull (together.Agents[0].Of(fun pooled -> Nullable pooled.Return))
                equal 2 spread.Runs

            testCase "the history of the run has no effect"
            <| fun () ->
                let candles = Compare.candles 3L 900
                let split = WalkForwardSplit(500, 200)
                let withHistory = Compare.planOf (RunParameters(Costs = Costs.None, History = 300))

                equal
                    (showAll (walk (WalkForwardPlan(free, split)) candles))
                    (showAll (walk (WalkForwardPlan(withHistory, split)) candles))

            testCase "the steps of the chained tests come in order, and end with the pooled returns"
            <| fun () ->
                let steps = List<WalkForwardStep>()
                let split = WalkForwardSplit(400, 150)
                let candles = Compare.candles 6L (warmUp + 400 + 5 * 150 + 70)
                let plan = WalkForwardPlan(free, split, Watch = fun _ -> Action<WalkForwardStep>(steps.Add))
                let run = single (walk plan candles)
                equal 5 run.Folds.Count
                // The last test is not whole: its steps are seen, and not counted.
                equal [
                    for place in 0 .. 5 * 150 + 69 -> 1 + place / 150, candles[warmUp + 400 + place].OpenTime
                ] [ for step in steps -> step.Fold, step.OpenTime ]

                let last = steps[5 * 150 - 1]
                equal (run.Pooled.Return, run.Pooled.BuyAndHoldReturn) (last.Equity - 1.0, last.BuyAndHold - 1.0)
                // Bought at the open of the second step of the first test, without costs.
                let bought = candles[warmUp + 401].Open
                equal 1.0 steps[0].BuyAndHold

                for place in 1 .. steps.Count - 1 do
                    isNear 1e-12 (candles[warmUp + 400 + place].Close / bought) steps[place].BuyAndHold

                let product =
                    run.Folds
                    |> Seq.fold (fun product fold -> product * (1.0 + fold.Test.Return)) 1.0

                isNear 1e-12 product last.Equity
                // A test begins with cash of what the one before came to.
                equal steps[149].Equity steps[150].Equity

            testCase "the verdict is on the steps of the whole tests, chained, by the naive way"
            <| fun () ->
                let steps = List<WalkForwardStep>()
                let split = WalkForwardSplit(400, 150)
                let candles = Compare.candles 6L (warmUp + 400 + 5 * 150 + 70)
                let plan = WalkForwardPlan(free, split, Watch = fun _ -> Action<WalkForwardStep>(steps.Add))
                let verdict = nonNull (single (walk plan candles)).Skill
                // 750 steps of whole tests: 187 blocks of four, and two steps in none.
                equal (187, 4L, 750L, 1) (verdict.Blocks, verdict.StepsPerBlock, verdict.Steps, verdict.Trials)

                let ends =
                    (1.0, 1.0)
                    :: [
                        for block in 1..187 -> steps[4 * block - 1].Equity, steps[4 * block - 1].BuyAndHold
                    ]

                let flat, held =
                    List.pairwise ends
                    |> List.map (fun ((a, b), (c, d)) -> c / a - 1.0, c / a - d / b)
                    |> List.unzip

                isNear 1e-12 (List.sum flat) (nonNull verdict.OverFlat).Sum
                isNear 1e-12 (List.sum held) (nonNull verdict.OverBuyAndHold).Sum

            cases "its verdicts say whether trading was free" [ Costs.None, true; Costs.Of(0.0, 0.5), false ]
            <| fun (costs, isFree) ->
                let plan = WalkForwardPlan(Compare.planOf (RunParameters(Costs = costs)), WalkForwardSplit(100, 50))

                let agent = Seq.exactlyOne (walk plan (Compare.candles 6L (warmUp + 200))).Agents
                equal isFree (nonNull agent.Skill).IsFree
                equal isFree (nonNull agent.Runs[0].Skill).IsFree

            testCase "each run of each agent is a trial of the verdict"
            <| fun () ->
                let candles = Compare.candles 6L (warmUp + 1_000)

                let plan =
                    WalkForwardPlan(
                        free,
                        WalkForwardSplit(400, 150),
                        Agents = [| "linear-ts"; "hold" |],
                        Seeds = [| 1L; 2L; 3L |]
                    )

                for agent in (walk plan candles).Agents do
                    equal 4 (nonNull agent.Skill).Trials

                    for run in agent.Runs do
                        equal 4 (nonNull run.Skill).Trials

            // Few: counting is simple.
            propertyOf 200 "folds are those whose candles are all there"
            <| fun (train: byte) (test: byte) (candles: uint16) ->
                let split = WalkForwardSplit(2 + int train, 2 + int test)

                let whole =
                    Seq.initInfinite (fun fold -> fold * split.Test + split.Fold)
                    |> Seq.takeWhile (fun ends -> ends <= int candles)
                    |> Seq.length

                equal (int64 whole) (split.FoldsIn(int64 candles))

            cases "with a candle too few for a fold there is none" [ -1, 0L; 0, 1L; 99, 1L; 100, 2L ]
            <| fun (more: int, folds: int64) ->
                let split = WalkForwardSplit(200, 100)
                let result = walk (WalkForwardPlan(free, split)) (Compare.candles 2L (warmUp + split.Fold + more))
                equal folds result.Folds
                equal (if folds > 0L then Nullable(int64 (more % 100)) else Nullable()) result.LeftOut
                isEmpty result.Agents[0].Failures
                equal folds (result.Agents[0].Runs |> Seq.sumBy (fun run -> int64 run.Folds.Count))

            testCase "candles are read once, and hashed"
            <| fun () ->
                let candles = Compare.candles 2L 800
                let mutable subscriptions = 0

                let counted =
                    Observable.Defer(fun () ->
                        subscriptions <- subscriptions + 1
                        candles.ToObservable())

                let result =
                    WalkForwardPlan(free, WalkForwardSplit(300, 100)).RunAsync(counted).GetAwaiter().GetResult()

                equal (1, 800L) (subscriptions, result.Candles)
                let hash = CandleHash()

                for candle in candles do
                    hash.Append &candle

                equal (string hash) result.DataHash

            testCase "stopped in the middle, it has the folds that were finished"
            <| fun () ->
                use stop = new CancellationTokenSource()
                let plan = WalkForwardPlan(free, WalkForwardSplit(300, 100))
                let candles = Compare.candles 2L 3_000

                let stopped =
                    plan
                        .RunAsync(
                            candles.ToObservable(),
                            (fun taken ->
                                if taken = 1_024L then
                                    stop.Cancel()),
                            stop.Token
                        )
                        .GetAwaiter()
                        .GetResult()

                fails stopped.IsWhole
                equal (1_024L, 6L) (stopped.Candles, stopped.Folds)
                equal (showAll (walk plan (List.take 1_024 candles))) (showAll stopped)

            testCase "a run of which a fold fails is reported, and the others are right"
            <| fun () ->
                let candles = Compare.candles 2L 1_400

                // One seed fails in the third fold.
                let unlucky (seed: int64) =
                    let create (setup: AgentSetup) (learned: AgentState | null) =
                        if setup.Options.Seed = seed then
                            let wish (seen: Seen) =
                                if seen.OpenTime = timeAt 700 then raise Battery.boom else TradeAction.Hold

                            StubAgent(1, wish) :> IAgent
                        else
                            (nonNull (AgentCatalogue.Default.Find "random")).Create.Invoke(setup, learned)

                    let agents = AgentCatalogue.Default.With(AgentRecipe("unlucky", "fails with one seed", create))
                    let plan = Compare.planWith agents (RunParameters(Agent = "unlucky", Horizon = Nullable 1))

                    let walked =
                        walk (WalkForwardPlan(plan, WalkForwardSplit(300, 100), Seeds = [| 5L; 6L; 7L |])) candles

                    walked.Agents[0]

                let failed, right = unlucky 6L, unlucky 99L
                equal ([ 6L ], 3) ([ for failure in failed.Failures -> failure.Seed ], failed.Asked)
                isSame Battery.boom failed.Failures[0].Error
                equal [ show right.Runs[0]; show right.Runs[2] ] [ for run in failed.Runs -> show run ]

            testCase "who watches and throws ends that run only"
            <| fun () ->
                let watch (plan: RunPlan) =
                    if plan.Header.Parameters.Seed = 2L then
                        Action<WalkForwardStep>(fun _ -> raise Battery.boom)
                    else
                        Action<WalkForwardStep> ignore

                let plan = WalkForwardPlan(free, WalkForwardSplit(300, 100), Seeds = [| 1L; 2L |], Watch = watch)
                let agent = (walk plan (Compare.candles 2L 700)).Agents[0]

                equal
                    ([ 1L ], [ 2L ])
                    ([ for run in agent.Runs -> run.Seed ], [ for one in agent.Failures -> one.Seed ])

                isSame Battery.boom agent.Failures[0].Error

            testCase "an indicator that fails ends all runs"
            <| fun () ->
                let own =
                    Indicator.scan
                        (fun (seen: float) (candle: Candle) ->
                            if seen = 600.0 then
                                raise Battery.boom

                            struct (seen + 1.0, candle.Close % 3.0))
                        0.0

                let recipe = IndicatorRecipe.Of("own", own).WithFeatures(IndicatorFeature.Centred(0, scale = 1.0))

                let plan =
                    RunPlan.Of(
                        Make.source,
                        RunParameters(Horizon = Nullable 5),
                        RunParts(FeatureSet = FeatureSet.Of("sma:14,own", Catalogue.BuiltIn.With recipe))
                    )

                let agent =
                    (walk (WalkForwardPlan(plan, WalkForwardSplit(300, 100))) (Compare.candles 2L 1_400)).Agents[0]

                isEmpty agent.Runs
                isSame Battery.boom agent.Failures[0].Error

            testCase "an error of the candles is thrown"
            <| fun () ->
                let broken = (Compare.candles 1L 60).ToObservable().Concat(Observable.Throw<Candle> Battery.boom)

                let error =
                    thrown<InvalidOperationException>(fun () ->
                        WalkForwardPlan(free, WalkForwardSplit(300, 100)).RunAsync(broken).GetAwaiter().GetResult()
                        |> ignore)

                isSame Battery.boom error

            testCase "without agents, seeds or threads it is refused"
            <| fun () ->
                let plan = WalkForwardPlan(free, WalkForwardSplit(300, 100))

                for empty in
                    [
                        WalkForwardPlan(free, plan.Split, Agents = [||])
                        WalkForwardPlan(free, plan.Split, Seeds = [||])
                    ] do
                    throws<InvalidOperationException>(fun () -> walk empty [] |> ignore)

                throws<ArgumentOutOfRangeException>(fun () ->
                    WalkForwardPlan(free, plan.Split, MaxThreads = Nullable 0) |> ignore)

            cases "lengths out of their range are refused" [
                1, 2
                2, 1
                0, 5
                -3, 5
                1_000_000_001, 5
                5, 1_000_000_001
            ]
            <| fun (train: int, test: int) ->
                throws<ArgumentOutOfRangeException>(fun () -> WalkForwardSplit(train, test) |> ignore)

            testCase "without growth in the train slices there is no efficiency"
            <| fun () ->
                let slice earned = WalkForwardSlice(0L, 0L, earned, 0.0, 0.0, 0L, 0L, 0.0, 2)

                let pooled train test =
                    PooledTests.Of(
                        [| WalkForwardFold(1, slice train, slice test) |],
                        WalkForwardSplit(4, 2),
                        struct (1.0, 1.0)
                    )

                equal (Nullable()) (pooled 0.0 0.1).Efficiency
                equal (Nullable()) (pooled -0.1 0.1).Efficiency
                equal (Nullable()) (pooled 0.1 -1.0).Efficiency
                // Twice the growth per candle.
                isNear 1e-12 2.0 (pooled 0.1 0.1).Efficiency.Value
                equal (Nullable()) (pooled 0.1 0.1).WinRate

            testCase "the JSON object has every fold of every run"
            <| fun () ->
                let candles = Compare.candles 3L (warmUp + 500 + 3 * 200 + 7)

                let plan =
                    WalkForwardPlan(
                        free,
                        WalkForwardSplit(500, 200),
                        Agents = [| "linear-ts"; "hold" |],
                        Seeds = [| 1L; 2L |]
                    )

                let result = walk plan candles
                let root = JsonDocument.Parse(text result).RootElement
                let names (json: JsonElement) = [ for field in json.EnumerateObject() -> field.Name ]

                equal
                    [
                        "is_whole"
                        "header"
                        "candles"
                        "data_hash"
                        "warm_up"
                        "train"
                        "test"
                        "folds"
                        "left_out"
                        "agents"
                    ]
                    (names root)

                let number (name: string) = root.GetProperty(name).GetInt64()

                equal
                    [ int64 warmUp; 500L; 200L; 3L; 7L ]
                    (List.map number [ "warm_up"; "train"; "test"; "folds"; "left_out" ])

                let agent = root.GetProperty("agents")[0]
                equal [ "agent"; "seeds"; "failures"; "skill"; "spread"; "runs" ] (names agent)

                equal
                    [
                        "return"
                        "buy_and_hold_return"
                        "gain_share"
                        "above_share"
                        "worst_return"
                        "efficiency"
                        "round_trips"
                        "win_rate"
                        "costs"
                    ]
                    (names (agent.GetProperty "spread"))

                equal 2 (agent.GetProperty("runs").GetArrayLength())
                let run = agent.GetProperty("runs")[1]
                equal [ "seed"; "folds"; "pooled"; "skill" ] (names run)
                equal 3 (run.GetProperty("folds").GetArrayLength())
                let fold = run.GetProperty("folds")[2]
                equal [ "number"; "train"; "test" ] (names fold)

                equal
                    [
                        "first_open_time"
                        "last_open_time"
                        "return"
                        "buy_and_hold_return"
                        "max_drawdown"
                        "round_trips"
                        "wins"
                        "costs"
                        "purged_outcomes"
                        "win_rate"
                    ]
                    (names (fold.GetProperty "test"))

                let expected = result.Agents[0].Runs[1].Folds[2].Test
                equal expected.Return (fold.GetProperty("test").GetProperty("return").GetDouble())
                equal expected.PurgedOutcomes (fold.GetProperty("test").GetProperty("purged_outcomes").GetInt32())
                let mean = (nonNull (result.Agents[0].Of(fun pooled -> Nullable pooled.Return))).Mean
                equal mean (agent.GetProperty("spread").GetProperty("return").GetProperty("mean").GetDouble())
                // Out of the market there is no round trip to win.
                let hold = root.GetProperty("agents")[1]
                equal JsonValueKind.Null (hold.GetProperty("spread").GetProperty "win_rate").ValueKind
        ]
