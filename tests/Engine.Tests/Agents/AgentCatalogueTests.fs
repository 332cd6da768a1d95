namespace BtcBandit.Engine.Tests.Agents

open System
open System.IO
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

module AgentCatalogueTests =

    let private parameters name model feedback = RunParameters(Agent = name, Model = model, Feedback = feedback)

    let private create parameters (learned: AgentState | null) =
        AgentCatalogue.Default.Create((Make.headerOf 4 parameters).AgentSetup, learned)

    let private recipe (parameters: RunParameters) = nonNull (AgentCatalogue.Default.Find parameters.Agent)

    let private needsHorizon (parameters: RunParameters) = (recipe parameters).NeedsHorizon.Invoke parameters

    [<Tests>]
    let tests =
        testList "AgentCatalogueTests" [
            testCase "who has a posterior of the market and sees all outcomes weighs several horizons"
            <| fun () ->
                for name in AgentCatalogue.Default.WeighingHorizons do
                    let weighs model feedback = not (needsHorizon (parameters name model feedback))
                    equal true (weighs AgentModel.Shared Feedback.Full)
                    equal false (weighs AgentModel.PerAction Feedback.Full)
                    equal false (weighs AgentModel.Shared Feedback.Bandit)

                    isAbove 1 ((create (parameters name AgentModel.Shared Feedback.Full) null).Horizons.Count)

                equal true (needsHorizon (parameters "softmax" AgentModel.Shared Feedback.Full))
                equal false (recipe (RunParameters(Agent = "softmax"))).WeighsHorizons

            testCase "without a horizon only those can be planned that need none"
            <| fun () ->
                for name in AgentCatalogue.Default.Names do
                    for model in Enum.GetValues<AgentModel>() do
                        for feedback in Enum.GetValues<Feedback>() do
                            let parameters = parameters name model feedback

                            match RunPlan.Create(Make.source, parameters) with
                            | :? PlanResult.Ready as ready ->
                                equal false (needsHorizon parameters)
                                isAbove 0 (ready.Plan.CreateAgent().Horizons.Count)
                            | :? PlanResult.Refused as refused when (refused.Fault :? PlanFault.HorizonNeeded) ->
                                equal true (needsHorizon parameters)
                                startsWith $"agent {name} with model" $"{refused.Fault}"
                            | other -> failtest $"{other}"

            testCase "with a horizon everyone looks that far"
            <| fun () ->
                for name in AgentCatalogue.Default.Names do
                    for model in Enum.GetValues<AgentModel>() do
                        let parameters = RunParameters(Agent = name, Model = model, Horizon = Nullable 7)

                        if not (model = AgentModel.PerAction && (recipe parameters).HasOneModelOnly) then
                            let agent = create parameters null
                            equal [ 7 ] (List.ofSeq agent.Horizons)
                            equal name (agent.Snapshot()).Kind

            testCase "who learns nothing refuses the state of another, too"
            <| fun () ->
                let learned = (create (RunParameters()) null).Snapshot()

                for name in [ "hold"; "random"; "buy-and-hold"; "ma-cross" ] do
                    equal
                        $"the state is of agent linear-ts, not of {name}"
                        (thrown<InvalidDataException>(fun () -> create (RunParameters(Agent = name)) learned |> ignore))
                            .Message

            testCase "the name of the baseline that trades at random is taken"
            <| fun () ->
                let recipe = AgentRecipe("random-turnover", "mine", (recipe (RunParameters())).Create)

                let refused = thrown<ArgumentException>(fun () -> AgentCatalogue.Default.With recipe |> ignore)

                startsWith "random-turnover is the baseline of a backtest" refused.Message

            testCase "every user of random numbers has a stream of its own"
            <| fun () ->
                let numbers = [
                    for field in
                        (nonNull (typeof<AgentRecipe>.Assembly.GetType "BtcBandit.Engine.Agents.DrawStreams"))
                            .GetFields() -> unbox<int>(field.GetRawConstantValue())
                ]

                equal [ 1..11 ] (List.sort numbers)
        ]
