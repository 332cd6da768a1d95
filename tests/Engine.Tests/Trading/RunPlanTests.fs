namespace BtcBandit.Engine.Tests.Trading

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

module RunPlanTests =

    let private faultOf (parameters: RunParameters) =
        match RunPlan.Create(Make.source, parameters) with
        | :? PlanResult.Refused as refused ->
            lacks "--" $"{refused.Fault}"
            lacks "\n" $"{refused.Fault}"
            Some refused.Fault
        | _ -> None

    let private outOfRange (name: string) (value: float) parameters =
        match faultOf parameters with
        | Some(:? PlanFault.OutOfRange as fault) ->
            equal name fault.Parameter
            isNear 0.0 value fault.Value
        | other -> failtest $"{name}: {other}"

    [<Tests>]
    let tests =
        testList "RunPlanTests" [
            testCase "the program's defaults are sound, and the header has the list in full"
            <| fun () ->
                match RunPlan.Create(Make.source, RunParameters(Indicators = "sma,ema")) with
                | :? PlanResult.Ready as ready ->
                    equal "sma:14,ema:14" ready.Plan.Header.Parameters.Indicators
                    equal [ "sma"; "ema" ] (List.ofSeq ready.Plan.Header.Columns)
                    equal 30 ready.Plan.CandlesBeforeFirstStep
                | other -> failtest $"{other}"

            testCase "a list of indicators that cannot be read is a fault with its reason"
            <| fun () ->
                match faultOf (RunParameters(Indicators = "smaa:14")) with
                | Some(:? PlanFault.BadIndicators as fault) ->
                    equal "smaa:14" fault.Indicators
                    contains "did you mean sma?" fault.Reason
                | other -> failtest $"{other}"

            testCase "an agent that nobody knows is a fault with those that are known"
            <| fun () ->
                match faultOf (RunParameters(Agent = "oracle")) with
                | Some(:? PlanFault.UnknownAgent as fault) ->
                    equal ("oracle", List.ofSeq AgentCatalogue.Default.Names) (fault.Agent, List.ofSeq fault.Known)
                | other -> failtest $"{other}"

            testCase "an agent of a user's own enters by the catalogue"
            <| fun () ->
                let own = AgentRecipe("own", "a sample", fun _ _ -> StubAgent(1, fun _ -> TradeAction.Hold) :> IAgent)
                let parts = RunParts(Agents = AgentCatalogue.Default.With own)

                match RunPlan.Create(Make.source, RunParameters(Agent = "own"), parts) with
                | :? PlanResult.Ready as ready -> isA<StubAgent>(ready.Plan.CreateAgent())
                | other -> failtest $"{other}"

                contains
                    "an agent own already"
                    (thrown<ArgumentException>(fun () -> AgentCatalogue.Default.With(own).With own |> ignore)).Message

            testCase "an agent that needs a horizon and has none is a fault with those that need none"
            <| fun () ->
                match faultOf (RunParameters(Agent = "softmax")) with
                | Some(:? PlanFault.HorizonNeeded as fault) ->
                    equal "softmax" fault.Options.Agent
                    equal [ "linear-ts"; "linear-ucb"; "epsilon-greedy"; "greedy" ] (List.ofSeq fault.WithoutHorizon)
                | other -> failtest $"{other}"

            testCase "a model for each action where there is one only is a fault"
            <| fun () ->
                match
                    faultOf (RunParameters(Agent = "softmax", Model = AgentModel.PerAction, Horizon = Nullable 1))
                with
                | Some(:? PlanFault.NoModelPerAction as fault) -> equal "softmax" fault.Agent
                | other -> failtest $"{other}"

            testCase "an order that the exchange would never take is a fault with its numbers"
            <| fun () ->
                match faultOf (RunParameters(InitialCash = 10.0, PositionFraction = 0.25)) with
                | Some(:? PlanFault.OrderTooSmall as fault) ->
                    equal
                        (0.25, 10.0, 5.0, 2.5)
                        (fault.PositionFraction, fault.InitialCash, fault.MinimumNotional, fault.OrderValue)
                | other -> failtest $"{other}"

                let rules = ExchangeRules(MinimumNotional = 1.0)
                equal None (faultOf (RunParameters(InitialCash = 10.0, PositionFraction = 0.25, Rules = rules)))

            cases "the smallest order of a pair that is not known is one of its quote currency" [
                "USDT", true
                "BTC", false
            ]
            <| fun (quote: string, isFault: bool) ->
                let files = MarketSource.Files(TradingPair("XYZ", quote), Timeframe.OneMinute)

                match RunPlan.Create(files, RunParameters(InitialCash = 10.0, PositionFraction = 0.25)) with
                | :? PlanResult.Refused as refused ->
                    equal true isFault
                    isA<PlanFault.OrderTooSmall> refused.Fault
                | _ -> equal false isFault

            testCase "a plan has the limits of a well-known pair, and none of another before its first candle"
            <| fun () ->
                let rulesOf (source: MarketSource) = RunPlan.Of(source, RunParameters()).Header.Parameters.Rules
                let files name = MarketSource.Files(TradingPair(name, "USDT"), Timeframe.OneMinute)
                equal ExchangeRules.Default (nonNull (rulesOf (files "BTC")))
                equal 10_000.0 (nonNull (rulesOf (files "ETH"))).LotsPerUnit
                isNull' (rulesOf (files "XYZ"))
                equal ExchangeRules.Default (nonNull (rulesOf Make.source))

            testCase "every number has a range, and NaN is in none"
            <| fun () ->
                outOfRange "Horizon" 0.0 (RunParameters(Horizon = Nullable 0))
                outOfRange "PosteriorScale" -1.0 (RunParameters(PosteriorScale = -1.0))
                outOfRange "PosteriorScale" nan (RunParameters(PosteriorScale = nan))
                outOfRange "Forgetting" 0.0 (RunParameters(Forgetting = 0.0))
                outOfRange "Forgetting" 1.5 (RunParameters(Forgetting = 1.5))
                outOfRange "Evidence" -1.0 (RunParameters(Evidence = -1.0))
                outOfRange "Evidence" 100.5 (RunParameters(Evidence = 100.5))
                outOfRange "Evidence" nan (RunParameters(Evidence = nan))
                outOfRange "PositionFraction" 0.0 (RunParameters(PositionFraction = 0.0))
                outOfRange "PositionFraction" nan (RunParameters(PositionFraction = nan))
                outOfRange "History" -1.0 (RunParameters(History = -1))
                outOfRange "InitialCash" infinity (RunParameters(InitialCash = infinity))
                outOfRange "InitialCash" 1e25 (RunParameters(InitialCash = 1e25))
                equal None (faultOf (RunParameters(InitialCash = 1e12)))
                outOfRange "Costs.Buy.TakerFeeBps" -1.0 (RunParameters(Costs = Costs.Of(-1.0, 0.0)))
                outOfRange "Costs.Buy.SlippageBps" nan (RunParameters(Costs = Costs.Of(0.0, nan)))

                outOfRange
                    "Costs.Sell.SlippageBps"
                    10_000.0
                    (RunParameters(Costs = Costs(SideCosts.Of(1.0, 1.0), SideCosts.Of(1.0, 10_000.0))))
                // Rates are below 100 %, whole numbers or not.
                equal None (faultOf (RunParameters(Costs = Costs.Of(9_999.5, 9_999.5))))
                // A maker may be paid.
                equal
                    None
                    (faultOf (RunParameters(Costs = Costs(SideCosts(1.0, -0.5, 1.0), SideCosts(1.0, -0.5, 1.0)))))

            testCase "every rule of the exchange has a range, and NaN is in none"
            <| fun () ->
                let refuses name (rules: ExchangeRules) =
                    match faultOf (RunParameters(Rules = rules)) with
                    | Some(:? PlanFault.OutOfRange as fault) -> equal $"Rules.{name}" fault.Parameter
                    | other -> failtest $"{name}: {other}"

                for wrong in [ 0.0; -1.0; nan; infinity ] do
                    refuses "LotsPerUnit" (ExchangeRules(LotsPerUnit = wrong))
                    refuses "MaximumQuantity" (ExchangeRules(MaximumQuantity = wrong))
                    refuses "TicksPerUnit" (ExchangeRules(TicksPerUnit = wrong))

                for wrong in [ -1.0; nan; infinity ] do
                    refuses "MinimumNotional" (ExchangeRules(MinimumNotional = wrong))

                // A part of a lot cannot be traded.
                for wrong in [ 97.9283642; 0.000015; 0.000004 ] do
                    refuses "MaximumQuantity" (ExchangeRules(MaximumQuantity = wrong))

                for whole in [ 97.92836; 0.00001; 0.3; 1e9 ] do
                    equal None (faultOf (RunParameters(Rules = ExchangeRules(MaximumQuantity = whole))))

                // Above it a number of lots is not a whole number any more.
                refuses "LotsPerUnit" (ExchangeRules(LotsPerUnit = 1e13))
                equal None (faultOf (RunParameters(Rules = ExchangeRules(1e12, 0.0, 9_000.0, 1e12))))

            testCase "no parameter can be so large that a run overflows or cannot be saved"
            <| fun () ->
                outOfRange "Horizon" (float Int32.MaxValue) (RunParameters(Horizon = Nullable Int32.MaxValue))
                outOfRange "Horizon" 100_001.0 (RunParameters(Horizon = Nullable 100_001))
                equal None (faultOf (RunParameters(Horizon = Nullable 100_000)))
                outOfRange "PosteriorScale" infinity (RunParameters(PosteriorScale = infinity))
                outOfRange "PosteriorScale" 1e300 (RunParameters(PosteriorScale = 1e300))
                outOfRange "Forgetting" 1e-300 (RunParameters(Forgetting = 1e-300))
                equal None (faultOf (RunParameters(PosteriorScale = 100.0, Forgetting = 0.5)))

            testCase "a value that its type does not name is a fault"
            <| fun () ->
                let textOf parameters = faultOf parameters |> Option.map string

                equal
                    (Some "Model 7 is not one of shared per-action")
                    (textOf (RunParameters(Model = enum<AgentModel> 7)))

                equal
                    (Some "Feedback 7 is not one of full bandit")
                    (textOf (RunParameters(Feedback = enum<Feedback> 7)))

                equal (Some "Fill 7 is not one of next-open close") (textOf (RunParameters(Fill = enum<FillMoment> 7)))

            testCase "a source without a timeframe or with an unknown world is a fault"
            <| fun () ->
                let pair = TradingPair("BTC", "USDT")

                let textOf (source: MarketSource) =
                    match RunPlan.Create(source, RunParameters()) with
                    | :? PlanResult.Refused as refused -> $"{refused.Fault}"
                    | _ -> "sound"

                startsWith "Timeframe (none) is not one of 1s 1m" (textOf (MarketSource.Files(pair, Timeframe())))

                equal
                    "World 9 is not one of drifts mean-reverting flips martingale flat"
                    (textOf (MarketSource.Synthetic(pair, Timeframe.OneMinute, enum<SyntheticWorld> 9, 1L)))

                equal "sound" (textOf (MarketSource.Files(pair, Timeframe.OneMinute)))

            testCase "what is known to be sound throws where it is not, with the fault's sentence"
            <| fun () ->
                startsWith
                    "agent oracle is not one of linear-ts"
                    (thrown<ArgumentException>(fun () ->
                        RunPlan.Of(Make.source, RunParameters(Agent = "oracle")) |> ignore))
                        .Message

            testCase "a part of the description that is null is named"
            <| fun () ->
                let pair: TradingPair = Unchecked.defaultof<_>
                let files = MarketSource.Files(pair, Timeframe.OneMinute)

                let refuses (message: string) (source: MarketSource) parameters (parts: RunParts) =
                    equal
                        message
                        (thrown<ArgumentException>(fun () -> RunPlan.Create(source, parameters, parts) |> ignore))
                            .Message

                let wrong name parameters =
                    refuses $"{name} is null. (Parameter 'parameters')" Make.source parameters (RunParts())

                refuses "Pair is null. (Parameter 'source')" files (RunParameters()) (RunParts())
                wrong "Agent" (RunParameters(Agent = Unchecked.defaultof<_>))
                wrong "Indicators" (RunParameters(Indicators = Unchecked.defaultof<_>))
                wrong "Costs" (RunParameters(Costs = Unchecked.defaultof<_>))

                refuses
                    "Agents is null. (Parameter 'parts')"
                    Make.source
                    (RunParameters())
                    (RunParts(Agents = Unchecked.defaultof<_>))

            testCase "a recipe that creates no agent, or one without horizons, is named"
            <| fun () ->
                let messageOf (agent: IAgent | null) =
                    let own = AgentRecipe("own", "a sample", fun _ _ -> Unchecked.nonNull agent)
                    let parts = RunParts(Agents = AgentCatalogue.Default.With own)
                    let plan = RunPlan.Of(Make.source, RunParameters(Agent = "own"), parts)

                    (thrown<InvalidOperationException>(fun () -> plan.CreateAgent() |> ignore)).Message

                equal "the recipe of agent own created no agent" (messageOf null)
                let noHorizons: int[] = Unchecked.defaultof<_>
                equal "agent own has no horizon" (messageOf (UnsoundAgent(null, noHorizons)))
                equal "agent own has no horizon" (messageOf (UnsoundAgent(null, [||])))
        ]
