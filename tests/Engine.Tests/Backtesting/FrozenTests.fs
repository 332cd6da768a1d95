namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Collections.Generic
open System.Reactive.Linq
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

/// Agents that apply what they learned before.
module FrozenTests =

    let private fees = Costs.Of(0.05, 0.0)

    let private parametersOf name =
        let make agent (horizon: Nullable<int>) model =
            RunParameters(Agent = agent, Horizon = horizon, Model = model, History = 20, Costs = fees)

        match name with
        | "per-action" -> make "linear-ts" (Nullable 5) AgentModel.PerAction
        | "fixed" -> make "linear-ts" (Nullable 5) AgentModel.Shared
        | "softmax" -> make "softmax" (Nullable 5) AgentModel.Shared
        | agent -> make agent (Nullable()) AgentModel.Shared

    let private learnOn = lazy Compare.candles 1L 3_000

    let private applyOn = lazy Compare.candles 2L 1_500

    let private backtest (plan: RunPlan) (learned: AgentState | null) isFrozen candles =
        let steps = List<Step>()

        let run = BacktestRun(plan, Learned = learned, IsFrozen = isFrozen, OnStep = fun step -> steps.Add step)

        let results =
            Backtest
                .RunAsync((candles: BtcBandit.Indicators.Candle list).ToObservable(), [| run |])
                .GetAwaiter()
                .GetResult()

        isNull' (results[0].Error)
        nonNull results[0].State, List.ofSeq steps

    let private learned plan = (fst (backtest plan null false learnOn.Value)).Agent

    let private situationOf (step: Step) =
        let exposure = step.Portfolio.ExposureAt step.Candle.Close

        Situation(
            Features = step.Features.AsSpan(),
            UnitFraction = step.Observation.UnitFraction,
            OpenTime = step.Candle.OpenTime,
            Close = step.Candle.Close,
            Move = Nullable(),
            Exposure = exposure,
            FullExposure = 1.0,
            Costs = CostFractions(fees.BuyFraction, fees.SellFraction),
            MaySell = step.Decision.Sell.Offered,
            MayBuy = step.Decision.Buy.Offered
        )

    [<Tests>]
    let tests =
        testList "FrozenTests" [
            cases "the state after is the state before: posterior, evidence, counts" [
                "linear-ts"
                "linear-ucb"
                "epsilon-greedy"
                "greedy"
                "fixed"
                "per-action"
                "softmax"
                "hold"
                "random"
                "buy-and-hold"
            ]
            <| fun (name: string) ->
                let plan = Compare.planOf (parametersOf name)
                let before = learned plan

                // At several ends: what switches to and fro would be the same at some of them.
                for count in [ 1_100..57..1_500 ] do
                    let after, steps = backtest plan before true (List.take count applyOn.Value)
                    isAbove 1_000 (List.length steps)
                    equal (before.Kind, before.State.GetRawText()) (after.Agent.Kind, after.Agent.State.GetRawText())

            /// Each decision is that of a new agent with the saved state, which has seen this one candle.
            cases "decisions are those of the saved agent" [
                "linear-ts"
                "epsilon-greedy"
                "fixed"
                "per-action"
                "softmax"
                "random"
                "buy-and-hold"
            ]
            <| fun (name: string) ->
                let plan = Compare.planOf (parametersOf name)
                let before = learned plan
                let _, steps = backtest plan before true applyOn.Value

                for step in steps do
                    let agent = plan.CreateAgent before
                    let situation = situationOf step
                    agent.Observe &situation
                    equal (agent.Choose &situation) step.Decision

            /// Averages are no learning: they go on with each candle, from those that were saved.
            testCase "a crossover goes on with its averages"
            <| fun () ->
                let plan = Compare.planOf (parametersOf "ma-cross")
                let before = learned plan
                let _, steps = backtest plan before true applyOn.Value
                let agent = plan.CreateAgent before
                let sells = steps |> List.filter (fun step -> step.Decision.Action = TradeAction.Sell)
                isNotEmpty sells
                let first = steps.Head.Observation.Index |> int
                // The agent takes in every candle after the indicators' warm-up, the history included.
                let warm = Compare.indicators.WarmUp

                for candle in applyOn.Value[warm .. first - 1] do
                    let situation =
                        Situation(
                            Features = ReadOnlySpan<float>.Empty,
                            UnitFraction = 0.001,
                            OpenTime = candle.OpenTime,
                            Close = candle.Close,
                            Move = Nullable(),
                            Exposure = 0.0,
                            FullExposure = 1.0,
                            Costs = CostFractions(0.0, 0.0),
                            MaySell = false,
                            MayBuy = false
                        )

                    agent.Observe &situation

                for step in steps do
                    let situation = situationOf step
                    agent.Observe &situation
                    equal (agent.Choose &situation) step.Decision

            cases "one that learns decides otherwise, and has another state in the end" [
                "linear-ts"
                "fixed"
                "per-action"
                "softmax"
            ]
            <| fun (name: string) ->
                let plan = Compare.planOf (parametersOf name)
                let before = learned plan
                let frozen, frozenSteps = backtest plan before true applyOn.Value
                let learning, learningSteps = backtest plan before false applyOn.Value
                differs (learning.Agent.State.GetRawText()) (frozen.Agent.State.GetRawText())
                let means steps = [ for step: Step in steps -> step.Decision.Buy.Mean ]
                differs (means learningSteps) (means frozenSteps)

            testCase "without a state, a frozen agent stays at the prior"
            <| fun () ->
                let plan = Compare.planOf (parametersOf "fixed")
                let after, _ = backtest plan null true applyOn.Value
                equal ((plan.CreateAgent().Snapshot()).State.GetRawText()) (after.Agent.State.GetRawText())

            testCase "outcomes are rewarded as always"
            <| fun () ->
                let plan = Compare.planOf (parametersOf "hold")
                let _, steps = backtest plan (learned plan) true applyOn.Value
                let rewards isFrozen = [ for step in snd (backtest plan null isFrozen applyOn.Value) -> step.Reward ]
                equal (rewards false) [ for step in steps -> step.Reward ]

            testCase "in a comparison the frozen agent comes first with every seed, and the others learn"
            <| fun () ->
                let plan = Compare.planOf (parametersOf "linear-ts")
                let state = learned plan

                let compare (frozen: AgentState | null) =
                    Compare.whole
                        applyOn.Value
                        (ComparisonPlan(
                            plan,
                            Agents = [| "linear-ts"; "greedy" |],
                            Seeds = [| 1L; 2L |],
                            Frozen = frozen
                        ))

                let frozen, learning = compare state, compare null
                equal [ "linear-ts"; "linear-ts"; "greedy" ] (Compare.names frozen.Agents)
                equal [ true; false; false ] [ for agent in frozen.Agents -> agent.IsFrozen ]
                equal [ false; false; false; false ] [ for agent in frozen.Baselines -> agent.IsFrozen ]

                // What does not learn and draws by a seed is a run for each seed.
                equal [ 1L; 2L ] [ for run in frozen.Agents[0].Runs -> run.Seed ]

                for run in frozen.Agents[0].Runs do
                    let seeded =
                        Compare.planOf (
                            RunParameters(Seed = run.Seed, Horizon = Nullable(), History = 20, Costs = fees)
                        )

                    let alone, _ = backtest seeded state true applyOn.Value
                    equal (alone.Summarise()) run.Summary

                equal
                    (List.map Compare.show (List.ofSeq learning.Agents))
                    (List.map Compare.show (List.ofSeq frozen.Agents).Tail)

            testCase "steps up to the newest candle that it has learned from are in sample"
            <| fun () ->
                let plan = Compare.planOf (parametersOf "linear-ts")
                let state = learned plan

                let inSample (through: int64 Nullable) =
                    let compared =
                        ComparisonPlan(plan, Frozen = state, Agents = [| "greedy" |], LearnedThrough = through)

                    Compare.whole applyOn.Value compared |> _.InSample |> Option.ofObj

                let steps = snd (backtest plan state true applyOn.Value)
                let newest = steps[99].Candle.OpenTime
                equal (Some(InSampleSteps(100L, newest))) (inSample (Nullable newest))
                equal (Some(InSampleSteps(100L, newest))) (inSample (Nullable(newest + 59_999L)))
                equal (Some(InSampleSteps(99L, newest - 60_000L))) (inSample (Nullable(newest - 1L)))
                let last = (List.last steps).Candle.OpenTime
                equal (Some(InSampleSteps(int64 steps.Length, last))) (inSample (Nullable Int64.MaxValue))
                equal None (inSample (Nullable(steps[0].Candle.OpenTime - 1L)))
                equal None (inSample (Nullable()))

            testCase "a baseline of the same name starts as it always does"
            <| fun () ->
                let plan = Compare.planOf (parametersOf "ma-cross")

                let compare (frozen: AgentState | null) =
                    Compare.whole applyOn.Value (ComparisonPlan(plan, Frozen = frozen))

                let ofBaseline (comparison: Comparison) = Compare.show (Compare.find "ma-cross" comparison.Baselines)
                let frozen = compare (learned plan)
                equal (ofBaseline (compare null)) (ofBaseline frozen)
                equal [ false; false; false; false ] [ for agent in frozen.Baselines -> agent.IsFrozen ]

            testCase "a state that does not fit ends the frozen agent, not the others"
            <| fun () ->
                let other = Compare.planOf (parametersOf "softmax")
                let plan = Compare.planOf (parametersOf "linear-ts")
                let comparison = Compare.whole applyOn.Value (ComparisonPlan(plan, Frozen = learned other))
                isA<IO.InvalidDataException>(comparison.Agents[0].Error)
                equal [ "hold"; "buy-and-hold"; "ma-cross" ] (Compare.names comparison.Baselines)
                all (fun one -> one = 1) (comparison.Baselines |> Seq.map _.Runs.Count)
        ]
