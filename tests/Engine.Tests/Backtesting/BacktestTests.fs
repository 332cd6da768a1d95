namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Collections.Generic
open System.Reactive.Linq
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions
open BtcBandit.Engine.Tests.Trading

/// Holds, and has no state to give.
type Unsaved() =
    let inner = StubAgent(1, fun _ -> TradeAction.Hold) :> IAgent

    interface IAgent with
        member _.Horizons = inner.Horizons
        member _.Choose(situation: inref<Situation>) = inner.Choose &situation
        member _.Learn(outcome: inref<Outcome>) = inner.Learn &outcome
        member _.Snapshot() = raise Battery.boom

/// Runs side by side, against each of them alone.
module BacktestTests =

    let private candles seed count = Trading.market SyntheticWorld.Drifts seed count

    let private planOf (list: string) agent seed =
        RunPlan.Of(
            Make.source,
            RunParameters(Agent = agent, Seed = seed, Horizon = Nullable 5, History = 20),
            RunParts(FeatureSet = FeatureSet.Of list)
        )

    /// Other lists, agents and seeds, and one twice.
    let private plans = [
        planOf "sma:14,ema:14,atr:14" "linear-ts" 1L
        planOf "sma:14,ema:14,atr:14" "linear-ts" 2L
        planOf "sma:14" "random" 1L
        planOf "sma:14,ema:14,atr:14" "softmax" 1L
        planOf "sma:14" "ma-cross" 1L
        planOf "sma:14" "random" 1L
    ]

    let private alone (plan: RunPlan) (candles: Candle list) =
        let run = TradingRun plan
        let steps = candles |> List.choose (fun candle -> Option.ofObj (run.Next candle))
        steps, (if steps.IsEmpty then None else Some((run.Capture().Summarise()).ToJson()))

    let private together threads (plans: RunPlan list) (candles: IObservable<Candle>) =
        let seen = [ for _ in plans -> List<Step>() ]

        let runs =
            List.zip plans seen
            |> List.map (fun (plan, steps) -> BacktestRun(plan, OnStep = fun step -> steps.Add step))

        let results = Backtest.RunAsync(candles, runs, Nullable threads).GetAwaiter().GetResult()

        [
            for result, steps in Seq.zip results seen ->
                List.ofSeq steps, Option.ofObj result.Summary |> Option.map _.ToJson(), Option.ofObj result.Error
        ]

    /// The results of three runs, of which the one in the middle fails; the others are as alone.
    let private withFailing threads candles (failing: BacktestRun) =
        let runs = [ BacktestRun plans[2]; failing; BacktestRun plans[4] ]
        let source = (candles: Candle list).ToObservable()
        let results = Backtest.RunAsync(source, runs, Nullable threads).GetAwaiter().GetResult()

        for i in [ 0; 2 ] do
            let expected = alone (if i = 0 then plans[2] else plans[4]) candles |> snd
            equal expected (Option.ofObj results[i].Summary |> Option.map _.ToJson())
            isNull' (results[i].Error)

        isNull' (results[1].State)
        results[1].Error

    /// Indicators of one's own, one of which fails at a candle.
    let private planFailingAt count =
        let own =
            Indicator.scan
                (fun (seen: float) (candle: Candle) ->
                    if seen = count then
                        raise Battery.boom

                    struct (seen + 1.0, candle.Close % 3.0))
                0.0

        let recipe = IndicatorRecipe.Of("own", own).WithFeatures(IndicatorFeature.Centred(0, scale = 1.0))

        RunPlan.Of(
            Make.source,
            RunParameters(Horizon = Nullable 5, History = 20),
            RunParts(FeatureSet = FeatureSet.Of("sma:14,own", Catalogue.BuiltIn.With recipe))
        )

    [<Tests>]
    let tests =
        testList "BacktestTests" [
            // Few: each case is several runs.
            propertyOf 15 "every run is what it would be alone, on any number of threads"
            <| fun (seed: int64) (count: byte) ->
                // More than a batch, and also fewer candles than the warm-up.
                let candles = candles seed (5 * int count)
                let expected = [ for plan in plans -> alone plan candles ]

                for threads in [ 1; 2; 5 ] do
                    let actual = together threads plans (candles.ToObservable())
                    equal expected [ for steps, summary, _ in actual -> steps, summary ]
                    equal true (actual |> List.forall (fun (_, _, error) -> error.IsNone))

            testCase "two indicators of one name are not shared"
            <| fun () ->
                let planWith (scale: float) =
                    let own = Indicator.scan (fun _ (candle: Candle) -> struct (0.0, scale * candle.Close % 3.0)) 0.0
                    let recipe = IndicatorRecipe.Of("own", own).WithFeatures(IndicatorFeature.Centred(0, scale = 1.0))

                    RunPlan.Of(
                        Make.source,
                        RunParameters(Horizon = Nullable 5, History = 20),
                        RunParts(FeatureSet = FeatureSet.Of("sma:14,own", Catalogue.BuiltIn.With recipe))
                    )

                let plans = [ planWith 1.0; planWith -7.0 ]
                let candles = candles 1L 400
                let expected = [ for plan in plans -> alone plan candles ]
                differs expected[1] expected[0]

                equal expected [
                    for steps, summary, _ in together 2 plans (candles.ToObservable()) -> steps, summary
                ]

            testCase "candles are read once, whatever the number of runs"
            <| fun () ->
                let mutable subscriptions = 0
                let source = (candles 1L 300).ToObservable()

                let counted =
                    Observable.Defer(fun () ->
                        subscriptions <- subscriptions + 1
                        source)

                together 2 plans counted |> ignore
                equal 1 subscriptions

            testCase "a run that fails ends alone, and says why"
            <| fun () ->
                let failing =
                    AgentCatalogue.Default.With(
                        AgentRecipe("failing", "fails", fun _ _ -> StubAgent(1, fun _ -> raise Battery.boom) :> IAgent)
                    )

                let bad =
                    RunPlan.Of(
                        Make.source,
                        RunParameters(Agent = "failing"),
                        RunParts(FeatureSet = FeatureSet.Of "sma:14", Agents = failing)
                    )

                let candles = candles 1L 200

                match together 2 [ plans[2]; bad; plans[4] ] (candles.ToObservable()) with
                | [ first; failed; last ] ->
                    let steps, summary, _ = first
                    equal (alone plans[2] candles) (steps, summary)
                    let steps, summary, _ = last
                    equal (alone plans[4] candles) (steps, summary)
                    let steps, summary, error = failed
                    equal ([], None) (steps, summary)
                    isSame Battery.boom error.Value
                | other -> failtest $"{other.Length} results"

            cases "an indicator that fails ends the runs with it, after the steps before" [ 1; 3 ]
            <| fun (threads: int) ->
                let candles = candles 1L 1_200
                let seen = List<int64>()

                let failing = BacktestRun(planFailingAt 600.0, OnStep = fun step -> seen.Add step.Candles)

                isSame Battery.boom (withFailing threads candles failing)
                equal 600L seen[seen.Count - 1]

            testCase "a learned state that does not fit ends its run only"
            <| fun () ->
                let other = (planOf "sma:14" "linear-ts" 1L).CreateAgent().Snapshot()
                let failing = BacktestRun(plans[1], Learned = other)
                let error = withFailing 2 (candles 1L 200) failing
                isA<IO.InvalidDataException> error

            testCase "an agent whose state cannot be taken ends its run only"
            <| fun () ->
                let agents =
                    AgentCatalogue.Default.With(AgentRecipe("unsaved", "fails", fun _ _ -> Unsaved() :> IAgent))

                let plan =
                    RunPlan.Of(
                        Make.source,
                        RunParameters(Agent = "unsaved"),
                        RunParts(FeatureSet = FeatureSet.Of "sma:14", Agents = agents)
                    )

                isSame Battery.boom (withFailing 2 (candles 1L 200) (BacktestRun plan))

            testCase "a run that fails in the middle takes no further step and leaves no state"
            <| fun () ->
                let candles = candles 1L 1_200
                let steps = List<Step>()

                let run =
                    BacktestRun(
                        plans[2],
                        OnStep =
                            fun step ->
                                steps.Add step

                                if step.Number = 100L then
                                    raise Battery.boom
                    )

                let results = Backtest.RunAsync(candles.ToObservable(), [ run ]).GetAwaiter().GetResult()
                equal 100 steps.Count
                isSame Battery.boom (results[0].Error)
                isNull' (results[0].State)

            testCase "an error of the candles is thrown"
            <| fun () ->
                let broken = (candles 1L 60).ToObservable().Concat(Observable.Throw<Candle> Battery.boom)

                let thrown = thrown<InvalidOperationException>(fun () -> together 1 plans broken |> ignore)

                isSame Battery.boom thrown

            testCase "a stop ends it"
            <| fun () ->
                use stop = new CancellationTokenSource()
                let endless = SyntheticFeed.Candles(SyntheticOptions())
                let mutable steps = 0

                let run =
                    BacktestRun(
                        plans[0],
                        OnStep =
                            fun _ ->
                                steps <- steps + 1

                                if steps = 1_000 then
                                    stop.Cancel()
                    )

                thrown<Tasks.TaskCanceledException>(fun () ->
                    Backtest
                        .RunAsync(
                            endless.ToObservable System.Reactive.Concurrency.NewThreadScheduler.Default,
                            [ run ],
                            Nullable 1,
                            stop = stop.Token
                        )
                        .GetAwaiter()
                        .GetResult()
                    |> ignore)
                |> ignore

            testCase "what was learned before is where an agent starts"
            <| fun () ->
                let candles = candles 3L 400
                let first = TradingRun plans[0]

                for candle in candles do
                    first.Next candle |> ignore

                let learned = first.Capture().Agent
                let run = BacktestRun(plans[0], Learned = learned)
                let results = Backtest.RunAsync(candles.ToObservable(), [ run ]).GetAwaiter().GetResult()
                let read (state: AgentState) = (AgentStates.read<PosteriorState> "linear-ts" state).Learned
                equal (2L * read learned) (read (nonNull results[0].State).Agent)

            testCase "a session over the same candles comes to the same summary"
            <| fun () ->
                use folder = new Temporary()
                let candles = candles 1L 500
                let plan = plans[0]

                let session = SessionPlan(Run = plan, Candles = candles.ToObservable(), DataDir = folder.Path)
                let kept, _ = Runs.run session

                let _, summary, _ = (together 1 [ plan ] (candles.ToObservable())).Head
                equal summary (Some((nonNull kept.Run).Summarise().ToJson()))
        ]
