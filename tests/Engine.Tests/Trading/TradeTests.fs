namespace BtcBandit.Engine.Tests.Trading

open System
open System.Collections.Generic
open System.Reactive.Disposables
open System.Reactive.Subjects
open System.Reactive.Linq
open FsCheck
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Agents.Linear
open BtcBandit.Engine.Tests.Evaluation
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions
open BtcBandit.Engine.Tests.Feeds.VirtualTime

/// The stream grammar of the bandit operator, in virtual time.
module TradeStreamTests =

    let private parameters = Make.parametersOf 1 0.0 0.0 1_000.0

    let private at minute = Trading.observation minute minute 100.0 100.0

    let private numbers messages = shortenBy (fun (step: Step) -> string step.Number) messages

    let private holding = Trading.stub (Trading.always TradeAction.Hold)

    [<Tests>]
    let tests =
        testList "TradeStreamTests" [
            testCase "one step for each observation, at its time, and the end"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ 1, next (at 0); 3, next (at 1); 4, next (at 2); 7, completed ]
                let messages, _ = marbles.Record(Trading.trade parameters holding source)
                marbles.RunTo 20
                equal [ 1, "1"; 3, "2"; 4, "3"; 7, "OnCompleted" ] (numbers messages)
                equal [ 0, Some 7 ] (List.ofSeq marbles.Subscriptions)

            testCase "an error of the source passes and nothing follows"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ 1, next (at 0); 2, failed Battery.boom; 3, next (at 1) ]
                let messages, _ = marbles.Record(Trading.trade parameters holding source)
                marbles.RunTo 20
                equal [ 1, "1"; 2, "OnError" ] (numbers messages)
                equal [ 0, Some 2 ] (List.ofSeq marbles.Subscriptions)

            testCase "disposal releases the source and silences the run"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ 1, next (at 0); 3, next (at 1) ]
                let messages, subscription = marbles.Record(Trading.trade parameters holding source)
                marbles.RunTo 2
                subscription.Dispose()
                marbles.RunTo 20
                equal [ 1, "1" ] (numbers messages)
                equal [ 0, Some 2 ] (List.ofSeq marbles.Subscriptions)

            testCase "each subscriber has an agent and a run of its own"
            <| fun () ->
                let agents = List<StubAgent>()

                let create _ =
                    let agent = StubAgent(1, Trading.always TradeAction.Buy)
                    agents.Add agent
                    agent :> IAgent

                let marbles = Marbles()
                let source = marbles.Cold [ for i in 0..4 -> i + 1, next (at i) ]
                let steps = Trading.trade parameters create source
                equal 0 agents.Count
                let first, _ = marbles.Record steps
                marbles.RunTo 2
                let second, _ = marbles.Record steps
                marbles.RunTo 20
                equal 2 agents.Count
                equal agents[0].Events agents[1].Events

                let shown messages = [
                    for _, event: Reactive.Notification<Step> in messages -> Trading.show event.Value
                ]

                equal (shown first) (shown second)
                equal [ 1; 2; 3; 4; 5 ] [ for time, _ in first -> time ]
                equal [ 3; 4; 5; 6; 7 ] [ for time, _ in second -> time ]

            testCase "an agent that throws ends the stream as an error and is not asked again"
            <| fun () ->
                let asked = List<int64>()

                let wish (seen: Seen) =
                    asked.Add seen.OpenTime
                    if asked.Count = 3 then raise Battery.boom else TradeAction.Hold

                let marbles = Marbles()
                let source = marbles.Cold [ for i in 0..9 -> i + 1, next (at i) ]
                let messages, _ = marbles.Record(Trading.trade parameters (Trading.stub wish) source)
                marbles.RunTo 20
                equal [ 1, "1"; 2, "2"; 3, "OnError" ] (numbers messages)
                equal 3 asked.Count
                equal [ 0, Some 3 ] (List.ofSeq marbles.Subscriptions)

            testCase "an agent that cannot be made is an error of the stream, and the source is left alone"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ 1, next (at 0) ]
                let messages, _ = marbles.Record(Trading.trade parameters (fun _ -> raise Battery.boom) source)
                marbles.RunTo 5
                equal [ 0, "OnError" ] (numbers messages)
                equal 0 marbles.Subscriptions.Count

            testCase "a subscriber's error is its own"
            <| fun () ->
                let source =
                    Observable.Create<Observation>(fun (observer: IObserver<Observation>) ->
                        observer.OnNext(at 0)
                        Disposable.Empty)

                let mutable told = false

                thrown<InvalidOperationException>(fun () ->
                    use _ =
                        (Trading.trade parameters holding source)
                            .Subscribe((fun (_: Step) -> raise Battery.boom), (fun (_: exn) -> told <- true))

                    ())
                |> ignore

                equal false told

            testCase "a subscriber that threw or disposed is told nothing more, and the source is released"
            <| fun () ->
                for act in
                    [
                        (fun (_: IDisposable) -> raise Battery.boom)
                        (fun subscription -> subscription.Dispose())
                    ] do
                    use source = new Subject<Observation>()
                    use subscription = new SingleAssignmentDisposable()
                    let mutable told = 0

                    let tell (_: Step) =
                        told <- told + 1
                        act subscription

                    subscription.Disposable <- (Trading.trade parameters holding source).Subscribe tell
                    equal true source.HasObservers

                    try
                        source.OnNext(at 0)
                    with error ->
                        isSame Battery.boom error

                    equal false source.HasObservers
                    equal 1 told

            testCase "over both operators a subscriber's error, or one that nobody handles, reaches the caller"
            <| fun () ->
                let drifting = Trading.market SyntheticWorld.Drifts 4L 200 |> Array.ofList
                let failing = Trading.stub (fun _ -> raise Battery.boom)
                let pulled = ref 0

                // Ends after all, so that a source that is kept fails the test instead of hanging it.
                let many =
                    Seq.init 200 (fun i ->
                        pulled.Value <- i
                        drifting[i])

                let steps agent = Trading.trade parameters agent (many.ToObservable().Observe Trading.context)

                let fromSubscriber =
                    thrown<InvalidOperationException>(fun () ->
                        (steps holding).Subscribe((fun (_: Step) -> raise Battery.boom)) |> ignore)

                isSame Battery.boom fromSubscriber
                Expect.isLessThan pulled.Value 100 "the source is released at once"
                pulled.Value <- 0

                let unhandled =
                    thrown<InvalidOperationException>(fun () ->
                        (steps failing).Subscribe(ignore: Step -> unit) |> ignore)

                isSame Battery.boom unhandled
                Expect.isLessThan pulled.Value 100 "the source is released at once"

            testCase "an agent that ends its own stream gives no step more"
            <| fun () ->
                use source = new Subject<Observation>()
                let told = List<string>()

                let ending (_: Seen) =
                    source.OnCompleted()
                    TradeAction.Hold

                // Not one of Rx's own observers, which would keep the grammar for it.
                use _ =
                    (Trading.trade parameters (Trading.stub ending) source).Subscribe
                        {
                            new IObserver<Step> with
                                member _.OnNext _ = told.Add "step"
                                member _.OnError _ = told.Add "error"
                                member _.OnCompleted() = told.Add "end"
                        }

                source.OnNext(at 0)
                equal [ "end" ] (List.ofSeq told)

            cases "whatever ends the stream releases the source, though nobody else would" [
                "completes"
                "fails"
                "agent fails"
            ]
            <| fun (ending: string) ->
                let mutable source: IObserver<Observation> | null = null
                let mutable released = 0
                let told = List<string>()

                let wish (_: Seen) =
                    if ending = "agent fails" then
                        raise Battery.boom

                    TradeAction.Hold

                // Neither is Rx's: Rx would release it by itself.
                let observations = {
                    new IObservable<Observation> with
                        member _.Subscribe observer =
                            source <- observer
                            Disposable.Create(fun () -> released <- released + 1)
                }

                use _ =
                    (Trading.trade parameters (Trading.stub wish) observations).Subscribe
                        {
                            new IObserver<Step> with
                                member _.OnNext _ = told.Add "step"
                                member _.OnError _ = told.Add "error"
                                member _.OnCompleted() = told.Add "end"
                        }

                equal 0 released

                match ending with
                | "completes" -> (nonNull source).OnCompleted()
                | "fails" -> (nonNull source).OnError Battery.boom
                | _ -> (nonNull source).OnNext(at 0)

                equal 1 released
                equal [ (if ending = "completes" then "end" else "error") ] (List.ofSeq told)
        ]

/// Who knows what when, and what it is worth.
module TradeTests =

    let private free horizon = Make.parametersOf horizon 0.0 0.0 1_000.0

    /// Prices of a random walk: (open, close) of so many minutes.
    let private walk seed count =
        [ 1L .. int64 count ]
        |> List.mapFold
            (fun price i ->
                let next () stream = price * exp (0.01 * CounterRandom.Normal(seed, stream, i))
                (next () 0, next () 1), next () 1)
            100.0
        |> fst

    let private observations prices = prices |> List.mapi (fun i (o, c) -> Trading.observation i i o c)

    [<Tests>]
    let tests =
        testList "TradeTests" [
            testCase "the past is learned first, then the present is chosen, from opens no later than the candle's"
            <| fun () ->
                let prices = [ 100.0, 101.0; 102.0, 103.0; 104.0, 105.0; 110.0, 111.0; 99.0, 98.0 ]
                let _, events = Trading.play (free 2) (Trading.always TradeAction.Hold) (observations prices)

                let told =
                    events
                    |> List.map (function
                        | Learned(features, _, change) -> $"learned {features[0]}: {change:F6}"
                        | Chose seen -> $"chose {seen.Features[0]}")

                equal
                    [
                        "chose 0"
                        "chose 1"
                        "chose 2"
                        // From the open after minute 0 to the open two candles later: 110 / 102.
                        $"learned 0: {110.0 / 102.0 - 1.0:F6}"
                        "chose 3"
                        $"learned 1: {99.0 / 104.0 - 1.0:F6}"
                        "chose 4"
                    ]
                    told

            testCase "a decision at a close fills at the next open, and the lot size counts"
            <| fun () ->
                let parameters = Make.parametersOf 1 10.0 1.0 1_000.0

                let wish (seen: Seen) =
                    match seen.Features[0] with
                    | 0.0 -> TradeAction.Buy
                    | 2.0 -> TradeAction.Sell
                    | _ -> TradeAction.Hold

                let steps, _ =
                    [
                        29_000.0, 29_500.0
                        30_000.0, 31_000.0
                        32_000.0, 32_500.0
                        33_000.0, 34_000.0
                        35_000.0, 35_000.0
                    ]
                    |> observations
                    |> Trading.play parameters wish

                equal [ None; Some 30_003.0; None; Some 32_996.7; None ] [
                    for step in steps -> Option.ofObj step.Fill |> Option.map (fun fill -> Math.Round(fill.Price, 6))
                ]

                equal [ 0.0; 0.03329; 0.03329; 0.0; 0.0 ] [ for step in steps -> step.Portfolio.Position ]
                isNear 1e-9 0.20133013 (steps[1].Portfolio.Cash)
                isNear 1e-9 (0.20133013 + 0.03329 * 31_000.0) (steps[1].Statistics.Equity)
                isNear 1e-8 (0.20133013 + 1_098.460143 - 1.098460143) (steps[3].Portfolio.Cash)
                equal steps[1].Candle.OpenTime (Unchecked.nonNull steps[1].Fill).OpenTime

            // Here and below more than 100: the seed is the only thing that a case draws, and a run of it is short.
            propertyOf 300 "each reward is target x move minus cost, known horizon + 1 candles after the choice"
            <| fun (seed: int64) (horizon: byte) ->
                let horizon = int horizon % 8 + 1
                let parameters = Make.parametersOf horizon 30.0 20.0 1_000.0
                let prices = walk seed 60 |> Array.ofList
                let steps, events = Trading.play parameters (Trading.scripted seed) (observations (List.ofArray prices))

                for i in 0 .. steps.Length - 1 do
                    let decided = i - horizon - 1

                    if decided < 0 then
                        equal false steps[i].Reward.HasValue
                    else
                        let change = fst prices[i] / fst prices[decided + 1] - 1.0
                        let w = steps[decided].Portfolio.ExposureAt(snd prices[decided])

                        let expected =
                            match steps[decided].Decision.Action with
                            | TradeAction.Sell -> -0.005 * w
                            | TradeAction.Buy -> change - 0.005 * (1.0 - w)
                            | _ -> w * change

                        isNear 1e-12 expected (steps[i].Reward.Value)

                let rewards = steps |> List.sumBy (fun step -> step.Reward.GetValueOrDefault())
                isNear 1e-12 rewards ((List.last steps).Statistics.CumulativeReward)

                let learned =
                    events
                    |> List.choose (function
                        | Learned(features, _, change) -> Some(int features[0], change)
                        | Chose _ -> None)

                let expected = [
                    for decided in 0 .. steps.Length - horizon - 2 ->
                        decided, fst prices[decided + horizon + 1] / fst prices[decided + 1] - 1.0
                ]

                equal expected learned

            testCase "a gap inside the horizon keeps the reward and teaches nothing"
            <| fun () ->
                let minutes = [ 0; 1; 2; 5; 6; 7; 8 ]

                let observed =
                    minutes
                    |> List.mapi (fun i minute -> Trading.observation i minute (100.0 + float minute) 101.0)

                let parameters = free 1
                let steps, events = Trading.play parameters (Trading.always TradeAction.Buy) observed

                let learned =
                    events
                    |> List.choose (function
                        | Learned(features, _, _) -> Some features[0]
                        | Chose _ -> None)

                // The outcomes of 1 and 2 span the missing 3 and 4.
                equal [ 0.0; 5.0; 6.0 ] learned
                equal [ false; false; true; true; true; true; true ] [ for step in steps -> step.Reward.HasValue ]

            testCase "history makes no steps and no orders, but teaches"
            <| fun () ->
                let parameters = Make.withHistory 10 (free 2)
                let prices = walk 5L 15
                let steps, events = Trading.play parameters (Trading.always TradeAction.Buy) (observations prices)
                equal [ 11L; 12L; 13L; 14L; 15L ] [ for step in steps -> step.Candles ]
                equal [ 1L; 2L; 3L; 4L; 5L ] [ for step in steps -> step.Number ]
                equal 1_000.0 steps[0].Portfolio.Cash
                equal None (Option.ofObj steps[0].Fill)
                notNull' (steps[1].Fill)
                // Rewards are of choices, and the first choice was at candle 10.
                equal [ false; false; false; true; true ] [ for step in steps -> step.Reward.HasValue ]

                let firstChoice =
                    events
                    |> List.findIndex (function
                        | Chose _ -> true
                        | Learned _ -> false)
                // Those of 0..7 are known when 10 is chosen.
                equal [ 0.0; 1.0; 2.0; 3.0; 4.0; 5.0; 6.0; 7.0 ] [
                    for event in List.take firstChoice events do
                        match event with
                        | Learned(features, _, _) -> features[0]
                        | Chose _ -> ()
                ]

                equal
                    12
                    (events
                     |> List.filter (function
                         | Learned _ -> true
                         | Chose _ -> false)
                     |> List.length)

            testCase "what the agent is told: exposure, costs and what is on offer"
            <| fun () ->
                let parameters = Make.parametersOf 1 7.0 3.0 1_000.0
                let steps, events = Trading.play parameters (Trading.always TradeAction.Buy) (observations (walk 3L 6))

                let seen =
                    events
                    |> List.choose (function
                        | Chose seen -> Some seen
                        | Learned _ -> None)

                equal [ for step in steps -> step.Portfolio.ExposureAt step.Candle.Close ] [
                    for one in seen -> one.Exposure
                ]

                equal [ for _ in steps -> 0.001 ] [ for one in seen -> one.CostFraction ]
                equal [ for step in steps -> step.Candle.OpenTime ] [ for one in seen -> one.OpenTime ]
                equal ((false, true) :: [ for _ in 2..6 -> true, false ]) [ for one in seen -> one.MaySell, one.MayBuy ]

            testCase "a refused order is told with its reason and changes nothing"
            <| fun () ->
                // Worth 5.5 at the close, 4.5 at the next open.
                let portfolio = Make.parametersOf 1 0.0 0.0 10.0

                let steps, _ =
                    [ 100.0, 100.0; 100.0, 55.0; 40.0, 40.0; 41.0, 41.0 ]
                    |> observations
                    |> Trading.play portfolio (fun seen ->
                        if seen.Exposure = 0.0 then TradeAction.Buy else TradeAction.Sell)

                equal "exploit; refused: order of 4.00 is below the minimum of 5.00" steps[2].Reason
                equal None (Option.ofObj steps[2].Fill)
                equal steps[1].Portfolio steps[2].Portfolio

            propertyOf 200 "buying at once with any costs is buying and holding, to a lot"
            <| fun (seed: int64) (fee: byte) (slippage: byte) ->
                let parameters = Make.parametersOf 3 (float (fee % 200uy)) (float (slippage % 200uy)) 100_000.0
                let steps, _ = Trading.play parameters (Trading.always TradeAction.Buy) (observations (walk seed 40))
                let last = List.last steps
                // The largest price is far below 1,000: a lot is less than a cent. The order may pay a tick more.
                let slack = 0.01 + 0.01 * last.Portfolio.Position * last.Candle.Close / steps[1].Candle.Open
                isNear slack last.Statistics.BuyAndHoldEquity.Value last.Statistics.Equity
                equal 1L last.Statistics.Trades

            /// Opens differ from the closes before them, so an order that fills elsewhere ends elsewhere.
            cases "the agent that buys and holds ends as the benchmark does, wherever orders fill" [
                FillMoment.NextOpen
                FillMoment.Close
            ]
            <| fun (fill: FillMoment) ->
                let parameters =
                    RunParameters(
                        Agent = "buy-and-hold",
                        Horizon = Nullable 1,
                        History = 40,
                        Fill = fill,
                        Costs = Costs.Of(10.0, 1.0),
                        InitialCash = 1_000_000.0
                    )

                let run = TradingRun(Trading.planOf parameters)
                let price stream index = 50_000.0 * (0.9 + 0.2 * CounterRandom.Uniform(5L, stream, index))

                for index in 0L .. 60L do
                    run.Next(Make.candle (index * 60_000L) (price 1 index) (price 2 index))
                    |> ignore

                let summary = run.Capture().Summarise(Nullable())
                // Lots and ticks are a millionth of it.
                isNear 1e-5 summary.BuyAndHoldReturn.Value summary.TotalReturn
                isAbove 1e-3 (abs summary.TotalReturn)

            propertyOf 200 "the future changes no step of the past"
            <| fun (seed: int64) (PositiveInt known) ->
                let known = 40 + known % 150
                let parameters = Make.parametersOf (1 + known % 5) 1.0 0.0 1_000.0
                let one = Trading.market SyntheticWorld.Drifts seed 240
                let other = Trading.market SyntheticWorld.Flips (seed + 1L) 240
                let steps = Trading.run parameters (Trading.thompson parameters)
                let whole = steps one |> List.map Trading.show
                let changed = steps (List.take known one @ List.skip known other) |> List.map Trading.show
                let past = known - Trading.context.WarmUp
                equal (List.take past whole) (List.take past changed)
                Expect.isTrue (List.last whole <> List.last changed) "or nothing was changed"

            propertyOf 200 "what is learned does not depend on what was done"
            <| fun (seed: int64) ->
                let candles = Trading.market SyntheticWorld.Drifts seed 200

                let learned fee cash =
                    let parameters = Make.parametersOf 3 fee 0.0 cash
                    let agent = Trading.thompson parameters null
                    let last = Trading.run parameters (fun _ -> agent) candles |> List.last
                    last.Statistics.Trades, agent.Snapshot().State.GetRawText()

                let busy, idle = learned 0.0 1_000.0, learned 0.0 0.0
                equal (snd busy) (snd idle)
                equal 0L (fst idle)
                fst busy > 0L

            testCase "a run starts from what was learned before"
            <| fun () ->
                let parameters = free 3

                let learned = AgentStates.write "stub" 7
                let given = List<AgentState | null>()

                let create _ state =
                    given.Add state
                    Trading.stub (Trading.always TradeAction.Hold) state

                let plan =
                    RunPlan.Of(
                        Make.source,
                        RunParameters(Agent = "stub"),
                        RunParts(
                            FeatureSet = Trading.context,
                            Agents = AgentCatalogue.Default.With(AgentRecipe("stub", "a sample", create))
                        )
                    )

                use _ = (observations (walk 1L 3)).ToObservable().Trade(plan, learned = learned).Subscribe()
                equal 1 given.Count
                isSame learned given[0]

            testCase "observations are charged what the plan's cost model asks, and continue from a state of that plan"
            <| fun () ->
                let model = {
                    new ICostModel with
                        member _.Id = "dear"
                        member _.At(_: inref<Candle>, _) = Costs.Of(500.0, 0.0)
                }

                let planWith (model: ICostModel | null) =
                    RunPlan.Of(
                        Make.source,
                        RunParameters(Agent = "random"),
                        RunParts(FeatureSet = Trading.context, CostModel = model)
                    )

                let plan = planWith model
                let candles = Trading.market SyntheticWorld.Drifts 1L 100
                let whole = TradingRun plan
                let expected = candles |> List.choose (fun candle -> Option.ofObj (whole.Next candle))
                let observed = candles.ToObservable().Observe(Trading.context).ToEnumerable() |> List.ofSeq

                let play (plan: RunPlan) (observations: Observation list) (resume: RunState | null) =
                    observations.ToObservable().Trade(plan, resume).ToEnumerable() |> List.ofSeq

                equal expected (play plan observed null)
                isAbove 100.0 ((List.last expected).Portfolio.FeesPaid)
                let half = TradingRun plan

                for candle in List.take 60 candles do
                    half.Next candle |> ignore

                let state = half.Capture()
                let rest = expected |> List.filter (fun step -> step.Candles > 60L)
                equal rest (play plan (List.skip 60 observed) state)

                contains
                    "another header"
                    (thrown<ArgumentException>(fun () -> play (planWith null) observed state |> ignore)).Message

            testCase "a run has a state after each step, and none before the first"
            <| fun () ->
                let run = TradingRun(Trading.planOf (free 1))

                contains "no step yet" (thrown<InvalidOperationException>(fun () -> run.Capture() |> ignore)).Message

                let mutable made = 0

                for candle in Trading.market SyntheticWorld.Drifts 1L 40 do
                    match run.Next candle with
                    | null -> ()
                    | step ->
                        made <- made + 1

                        equal
                            (step.Number, step.Candles)
                            (let state = run.Capture() in state.Statistics.Steps, state.Candles)

                equal (40 - Trading.context.WarmUp) made

            testCase "all who ask for a step get the same one"
            <| fun () ->
                let run = TradingRun(Trading.planOf (free 1))
                let mutable made = 0

                for candle in Trading.market SyntheticWorld.Drifts 1L 40 do
                    match run.Next candle with
                    | null -> ()
                    | step ->
                        made <- made + 1
                        isSame step run.Newest

                isAbove 0 made

            cases "no rules and no cash that a plan accepts make the cash negative" [
                1e5, 1e300
                1e12, 1e300
                1e12, 9e3
            ]
            <| fun (lots: float, maximum: float) ->
                let parameters =
                    RunParameters(
                        Agent = "random",
                        Horizon = Nullable 1,
                        InitialCash = 1e12,
                        Rules = ExchangeRules(lots, 5.0, maximum, 100.0)
                    )

                let run = TradingRun(Trading.planOf parameters)

                for candle in Trading.market SyntheticWorld.Drifts 1L 1_000 do
                    match run.Next candle with
                    | null -> ()
                    | step -> isAtLeast 0.0 step.Portfolio.Cash

                isAbove 100L ((run.Capture()).Statistics.Trades)

            testCase "a run whose agent has failed in a step has no whole state any more"
            <| fun () ->
                let mutable asked = 0

                let wish (_: Seen) =
                    asked <- asked + 1
                    if asked = 3 then raise Battery.boom else TradeAction.Hold

                let agents =
                    AgentCatalogue.Default.With(
                        AgentRecipe("failing", "fails", fun _ _ -> StubAgent(1, wish) :> IAgent)
                    )

                let plan =
                    RunPlan.Of(
                        Make.source,
                        RunParameters(Agent = "failing"),
                        RunParts(FeatureSet = Trading.context, Agents = agents)
                    )

                let run = TradingRun plan
                let mutable steps = 0
                let mutable failures = 0

                for candle in Trading.market SyntheticWorld.Drifts 1L 60 do
                    if failures = 0 then
                        try
                            if not (isNull (run.Next candle)) then
                                steps <- steps + 1
                        with error when error = Battery.boom ->
                            failures <- failures + 1

                equal (2, 1) (steps, failures)

                contains
                    "in the middle of a step"
                    (thrown<InvalidOperationException>(fun () -> run.Capture() |> ignore)).Message
        ]
