namespace BtcBandit.Engine.Tests.Sessions

open System
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds

/// How the experts of a session's agent stand.
module ExpertsTests =

    /// The experts after each step of a session, the steps, and the saved state of its agent.
    let private standings parameters steps =
        use folder = new Temporary()

        let plan =
            SessionPlan(
                Run = Runs.planOf Catalogue.Default parameters 1L,
                Candles = Runs.feed (Runs.market 1L),
                DataDir = folder.Path,
                Steps = Nullable steps
            )

        use session = new Session(plan, TimeProvider.System, ignore, CancellationToken.None)
        let seen = ResizeArray()
        use _ = session.Steps.Subscribe(fun step -> seen.Add(step, List.ofSeq session.Experts))
        let before = List.ofSeq session.Experts
        let result = session.RunAsync().GetAwaiter().GetResult()
        before, List.ofSeq seen, (nonNull result.Run).Agent

    [<Tests>]
    let tests =
        testList "ExpertsTests" [
            cases "they are the horizons of the agent, and the gate is that of the one that is followed" [ 1.0; 0.0 ]
            <| fun (feeBps: float) ->
                let parameters = RunParameters(History = 100, Costs = Costs.Of(feeBps, 0.5 * feeBps))
                let before, seen, agent = standings parameters 400
                equal [ 1; 2; 15; 30 ] (before |> List.map _.Horizon)
                holds (before |> List.forall (fun expert -> expert.Gain = 0.0 && expert.Evidence = 0.0))

                equal 400 seen.Length

                for step, experts in seen do
                    equal [ 1; 2; 15; 30 ] (experts |> List.map _.Horizon)
                    let followed = experts |> List.filter _.IsFollowed |> List.exactlyOne
                    equal (experts |> List.map _.Evidence |> List.max) followed.Evidence
                    let gate = step.Decision.Gate.Value
                    equal (gate.Evidence, gate.Required) (followed.Evidence, followed.Required)
                    holds (experts |> List.forall (fun expert -> expert.Required = gate.Required))
                    holds (experts |> List.forall (fun expert -> expert.IsGateOpen = gate.IsOpen))
                    equal (feeBps > 0.0) (gate.Required > 0.0)

                let state = (AgentStates.read<HorizonExpertsState> parameters.Agent agent).Evidence
                equal 4 (Seq.length state.Wallets)

                for wallet, expert in Seq.zip state.Wallets (snd (List.last seen)) do
                    equal (wallet.Gain, wallet.Equity - 1.0) (expert.Gain, expert.TotalReturn)

                    isNear
                        1e-12
                        (wallet.Gain / sqrt (wallet.SquaredTimings + 0.05 * state.SquaredMoves))
                        expert.Evidence

                holds (state.Wallets |> Array.exists (fun wallet -> wallet.Gain <> 0.0))

            /// A front end has the standings, and not the decision of each step.
            cases "the gate that they imply is that of the decision" [ 1.0, 3.0; 1.0, 0.1; 1.0, 0.0; 0.0, 3.0 ]
            <| fun (feeBps: float, asked: float) ->
                let parameters = RunParameters(History = 100, Costs = Costs.Of(feeBps, 0.5 * feeBps), Evidence = asked)
                let _, seen, _ = standings parameters 1_500
                equal 1_500 seen.Length

                for step, experts in seen do
                    let best = experts |> List.find _.IsFollowed
                    equal (Gate(best.Evidence, best.Required, best.IsGateOpen)) step.Decision.Gate.Value

                let opened =
                    seen
                    |> List.filter (fun (step, _) -> step.Decision.Gate.Value.IsOpen)
                    |> List.length
                // Where nothing can close it, it is open.
                equal (feeBps = 0.0 || asked = 0.0) (opened = 1_500)

            cases "an agent without experts has none" [ "random"; "buy-and-hold" ]
            <| fun (agent: string) ->
                let before, seen, _ = standings (RunParameters(Agent = agent, Horizon = Nullable 1, History = 100)) 5
                equal [] before
                equal 5 seen.Length
                holds (seen |> List.forall (fun (_, experts) -> List.isEmpty experts))

            testCase "asking does not change the run"
            <| fun () ->
                use asked = new Temporary()
                use alone = new Temporary()

                for folder, asks in [ asked, true; alone, false ] do
                    let plan = Runs.plan folder.Path 200
                    use session = new Session(plan, TimeProvider.System, ignore, CancellationToken.None)

                    use _ =
                        session.Steps.Subscribe(fun _ ->
                            if asks then
                                session.Experts |> ignore)

                    session.RunAsync().GetAwaiter().GetResult() |> ignore

                let bytes (folder: Temporary) = IO.File.ReadAllBytes(folder.File "trades.csv")
                equal (bytes alone) (bytes asked)
        ]
