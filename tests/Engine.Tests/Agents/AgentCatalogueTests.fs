namespace BtcBandit.Engine.Tests.Agents

open System
open System.IO
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

[<TestFixture>]
type AgentCatalogueTests() =

    let parameters name model feedback = RunParameters(Agent = name, Model = model, Feedback = feedback)

    let create parameters (learned: AgentState | null) =
        AgentCatalogue.Default.Create((Make.headerOf 4 parameters).AgentSetup, learned)

    let recipe (parameters: RunParameters) = nonNull (AgentCatalogue.Default.Find parameters.Agent)
    let needsHorizon (parameters: RunParameters) = (recipe parameters).NeedsHorizon.Invoke parameters

    [<Test>]
    member _.``who has a posterior of the market and sees all outcomes weighs several horizons``() =
        for name in AgentCatalogue.Default.WeighingHorizons do
            let weighs model feedback = not (needsHorizon (parameters name model feedback))
            equal true (weighs AgentModel.Shared Feedback.Full)
            equal false (weighs AgentModel.PerAction Feedback.Full)
            equal false (weighs AgentModel.Shared Feedback.Bandit)

            Assert.That(
                (create (parameters name AgentModel.Shared Feedback.Full) null).Horizons.Count,
                Is.GreaterThan 1
            )

        equal true (needsHorizon (parameters "softmax" AgentModel.Shared Feedback.Full))
        equal false (recipe (RunParameters(Agent = "softmax"))).WeighsHorizons

    [<Test>]
    member _.``without a horizon only those can be planned that need none``() =
        for name in AgentCatalogue.Default.Names do
            for model in Enum.GetValues<AgentModel>() do
                for feedback in Enum.GetValues<Feedback>() do
                    let parameters = parameters name model feedback

                    match RunPlan.Create(Make.source, parameters) with
                    | :? PlanResult.Ready as ready ->
                        equal false (needsHorizon parameters)
                        Assert.That(ready.Plan.CreateAgent().Horizons.Count, Is.GreaterThan 0)
                    | :? PlanResult.Refused as refused when (refused.Fault :? PlanFault.HorizonNeeded) ->
                        equal true (needsHorizon parameters)
                        Assert.That($"{refused.Fault}", Does.StartWith $"agent {name} with model")
                    | other -> Assert.Fail $"{other}"

    [<Test>]
    member _.``with a horizon everyone looks that far``() =
        for name in AgentCatalogue.Default.Names do
            for model in Enum.GetValues<AgentModel>() do
                let parameters = RunParameters(Agent = name, Model = model, Horizon = Nullable 7)

                if not (model = AgentModel.PerAction && (recipe parameters).HasOneModelOnly) then
                    let agent = create parameters null
                    equal [ 7 ] (List.ofSeq agent.Horizons)
                    equal name (agent.Snapshot()).Kind

    [<Test>]
    member _.``who learns nothing refuses the state of another, too``() =
        let learned = (create (RunParameters()) null).Snapshot()

        for name in [ "hold"; "random"; "buy-and-hold"; "ma-cross" ] do
            Assert.That(
                Action(fun () -> create (RunParameters(Agent = name)) learned |> ignore),
                Throws.TypeOf<InvalidDataException>().And.Message.EqualTo
                    $"the state is of agent linear-ts, not of {name}"
            )

    [<Test>]
    member _.``the name of the baseline that trades at random is taken``() =
        let recipe = AgentRecipe("random-turnover", "mine", (recipe (RunParameters())).Create)

        let refused =
            Assert.Throws<ArgumentException>(Action(fun () -> AgentCatalogue.Default.With recipe |> ignore))

        Assert.That((nonNull refused).Message, Does.StartWith "random-turnover is the baseline of a backtest")

    [<Test>]
    member _.``every user of random numbers has a stream of its own``() =
        let numbers =
            [
                for field in
                    (nonNull (typeof<AgentRecipe>.Assembly.GetType "BtcBandit.Engine.Agents.DrawStreams")).GetFields() ->
                    unbox<int>(field.GetRawConstantValue())
            ]

        equal [ 1..8 ] (List.sort numbers)
