namespace BtcBandit.Engine.Tests.Trading

open System
open NUnit.Framework
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

[<TestFixture>]
type RunPlanTests() =

    let faultOf (parameters: RunParameters) =
        match RunPlan.Create(Make.source, parameters) with
        | :? PlanResult.Refused as refused ->
            Assert.That($"{refused.Fault}", Does.Not.Contain("--").And.Not.Contain "\n")
            Some refused.Fault
        | _ -> None

    let outOfRange (name: string) (value: float) parameters =
        match faultOf parameters with
        | Some(:? PlanFault.OutOfRange as fault) ->
            Assert.That(fault.Parameter, Is.EqualTo name)
            Assert.That(fault.Value, Is.EqualTo value)
        | other -> Assert.Fail $"{name}: {other}"

    [<Test>]
    member _.``the program's defaults are sound, and the header has the list in full``() =
        match RunPlan.Create(Make.source, RunParameters(Indicators = "sma,ema")) with
        | :? PlanResult.Ready as ready ->
            equal "sma:14,ema:14" ready.Plan.Header.Parameters.Indicators
            equal [ "sma"; "ema" ] (List.ofSeq ready.Plan.Header.Columns)
            equal 30 ready.Plan.CandlesBeforeFirstStep
        | other -> Assert.Fail $"{other}"

    [<Test>]
    member _.``a list of indicators that cannot be read is a fault with its reason``() =
        match faultOf (RunParameters(Indicators = "smaa:14")) with
        | Some(:? PlanFault.BadIndicators as fault) ->
            equal "smaa:14" fault.Indicators
            Assert.That(fault.Reason, Does.Contain "did you mean sma?")
        | other -> Assert.Fail $"{other}"

    [<Test>]
    member _.``an agent that nobody knows is a fault with those that are known``() =
        match faultOf (RunParameters(Agent = "oracle")) with
        | Some(:? PlanFault.UnknownAgent as fault) ->
            equal ("oracle", List.ofSeq AgentCatalogue.Default.Names) (fault.Agent, List.ofSeq fault.Known)
        | other -> Assert.Fail $"{other}"

    [<Test>]
    member _.``an agent of a user's own enters by the catalogue``() =
        let own = AgentRecipe("own", "a sample", fun _ _ -> StubAgent(1, fun _ -> TradeAction.Hold) :> IAgent)
        let parts = RunParts(Agents = AgentCatalogue.Default.With own)

        match RunPlan.Create(Make.source, RunParameters(Agent = "own"), parts) with
        | :? PlanResult.Ready as ready -> Assert.That(ready.Plan.CreateAgent(), Is.InstanceOf<StubAgent>())
        | other -> Assert.Fail $"{other}"

        Assert.That(
            Action(fun () -> AgentCatalogue.Default.With(own).With own |> ignore),
            Throws.ArgumentException.And.Message.Contains "an agent own already"
        )

    [<Test>]
    member _.``an agent that needs a horizon and has none is a fault with those that need none``() =
        match faultOf (RunParameters(Agent = "softmax")) with
        | Some(:? PlanFault.HorizonNeeded as fault) ->
            equal "softmax" fault.Options.Agent
            equal [ "linear-ts"; "linear-ucb"; "epsilon-greedy"; "greedy" ] (List.ofSeq fault.WithoutHorizon)
        | other -> Assert.Fail $"{other}"

    [<Test>]
    member _.``a model for each action where there is one only is a fault``() =
        match faultOf (RunParameters(Agent = "softmax", Model = AgentModel.PerAction, Horizon = Nullable 1)) with
        | Some(:? PlanFault.NoModelPerAction as fault) -> equal "softmax" fault.Agent
        | other -> Assert.Fail $"{other}"

    [<Test>]
    member _.``an order that the exchange would never take is a fault with its numbers``() =
        match faultOf (RunParameters(InitialCash = 10.0, PositionFraction = 0.25)) with
        | Some(:? PlanFault.OrderTooSmall as fault) ->
            equal
                (0.25, 10.0, 5.0, 2.5)
                (fault.PositionFraction, fault.InitialCash, fault.MinimumNotional, fault.OrderValue)
        | other -> Assert.Fail $"{other}"

        let rules = ExchangeRules(MinimumNotional = 1.0)
        equal None (faultOf (RunParameters(InitialCash = 10.0, PositionFraction = 0.25, Rules = rules)))

    [<Test>]
    member _.``every number has a range, and NaN is in none``() =
        outOfRange "Horizon" 0.0 (RunParameters(Horizon = Nullable 0))
        outOfRange "PosteriorScale" -1.0 (RunParameters(PosteriorScale = -1.0))
        outOfRange "PosteriorScale" nan (RunParameters(PosteriorScale = nan))
        outOfRange "Forgetting" 0.0 (RunParameters(Forgetting = 0.0))
        outOfRange "Forgetting" 1.5 (RunParameters(Forgetting = 1.5))
        outOfRange "PositionFraction" 0.0 (RunParameters(PositionFraction = 0.0))
        outOfRange "PositionFraction" nan (RunParameters(PositionFraction = nan))
        outOfRange "History" -1.0 (RunParameters(History = -1))
        outOfRange "InitialCash" infinity (RunParameters(InitialCash = infinity))
        outOfRange "TakerFeeBps" -1.0 (RunParameters(Costs = Costs.Of(-1.0, 0.0)))
        outOfRange "SlippageBps" nan (RunParameters(Costs = Costs.Of(0.0, nan)))

        outOfRange
            "SlippageBps"
            10_000.0
            (RunParameters(Costs = Costs(SideCosts.Of(1.0, 1.0), SideCosts.Of(1.0, 10_000.0))))
        // A maker may be paid.
        equal None (faultOf (RunParameters(Costs = Costs(SideCosts(1.0, -0.5, 1.0), SideCosts(1.0, -0.5, 1.0)))))

    [<Test>]
    member _.``what is known to be sound throws where it is not, with the fault's sentence``() =
        Assert.That(
            Action(fun () -> RunPlan.Of(Make.source, RunParameters(Agent = "oracle")) |> ignore),
            Throws.ArgumentException.And.Message.StartsWith "agent oracle is not one of linear-ts"
        )
