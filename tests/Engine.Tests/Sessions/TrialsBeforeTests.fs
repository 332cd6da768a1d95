namespace BtcBandit.Engine.Tests.Sessions

open System
open System.IO
open System.Text.Json.Nodes
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

/// The trials out of which an agent was chosen count in the verdict on its run, however the run came to the agent.
module TrialsBeforeTests =

    let private list = "sma:14,ema:14,atr:14"

    let private planOf (folder: Temporary) parameters steps = Runs.planWith list parameters 1L folder.Path steps

    let private changed (plan: SessionPlan) learned trials keep fresh =
        SessionPlan(
            Run = plan.Run,
            Candles = plan.Candles,
            DataDir = plan.DataDir,
            Steps = plan.Steps,
            Learned = learned,
            TrialsBefore = trials,
            KeepLearning = keep,
            Fresh = fresh
        )

    let private start folder learned trials =
        changed (planOf folder Runs.parameters 30) learned trials false false
        |> Runs.run
        |> ignore

    let private keepOn folder =
        changed (planOf folder Runs.parameters 30) null 0 true true
        |> Runs.run
        |> ignore

    let private continue' folder = Runs.run (planOf folder Runs.parameters 30) |> ignore

    let private retrain (folder: Temporary) (agent: AgentState) trials =
        use retrain = new RetrainFolder((planOf folder Runs.parameters 1).Run, folder.Path)
        retrain.Save(agent, 60_000L, trials) |> ignore

    let private saved (folder: Temporary) = (nonNull (StateFile.Read(folder.File "state.json"))).Run

    /// Trials of the run in a folder: those before it, and those of its verdict.
    let private trials (folder: Temporary) =
        let run = saved folder
        run.Header.TrialsBefore, run.Judge().Trials

    let private learned =
        lazy
            (use folder = new Temporary()
             start folder null 0
             (saved folder).Agent)

    let private other =
        lazy
            (use folder = new Temporary()
             start folder null 0
             continue' folder
             (saved folder).Agent)

    [<Tests>]
    let tests =
        testList "TrialsBeforeTests" [
            testCase "a run that begins with the prior is one trial, and says nothing of others"
            <| fun () ->
                use folder = new Temporary()
                start folder null 0
                equal (0, 1) (trials folder)
                lacks "trials_before" (File.ReadAllText(folder.File "state.json"))

            testCase "those of a warm-up count, and are kept when the run continues"
            <| fun () ->
                use folder = new Temporary()
                start folder learned.Value 7
                equal (7, 8) (trials folder)
                let rows = File.ReadAllText(folder.File "trades.csv")
                continue' folder
                equal (7, 8) (trials folder)
                equal 60L (saved folder).Statistics.Steps
                startsWith rows (File.ReadAllText(folder.File "trades.csv"))

            testCase "they are kept by a new run that keeps what was learned, and forgotten by one that does not"
            <| fun () ->
                use folder = new Temporary()
                start folder learned.Value 7
                keepOn folder
                equal 30L (saved folder).Statistics.Steps
                equal (7, 8) (trials folder)
                let fresh = changed (planOf folder Runs.parameters 30) null 0 false true
                Runs.run fresh |> ignore
                equal (0, 1) (trials folder)

            testCase "the cycles of a retraining are added to those of the run that it changes"
            <| fun () ->
                use folder = new Temporary()
                start folder learned.Value 7
                retrain folder other.Value 5
                equal (12, 13) (trials folder)
                continue' folder
                equal (12, 13) (trials folder)

            testCase "a retraining that changes nothing adds nothing"
            <| fun () ->
                use folder = new Temporary()
                start folder learned.Value 7
                retrain folder (saved folder).Agent 5
                equal (7, 8) (trials folder)

            testCase
                "the cycles of a retraining without a run are in what it learned, and count in the run that keeps it"
            <| fun () ->
                use folder = new Temporary()
                retrain folder learned.Value 5
                let file = nonNull (JsonNode.Parse(File.ReadAllText(folder.File "learned.json")))
                equal 5 ((nonNull (nonNull file["header"]).["trials_before"]).GetValue<int>())

                changed (planOf folder Runs.parameters 30) null 0 true false
                |> Runs.run
                |> ignore

                equal (5, 6) (trials folder)

            testCase "a state with fewer than none is refused"
            <| fun () ->
                use folder = new Temporary()
                start folder learned.Value 7
                let path = folder.File "state.json"
                let text = (File.ReadAllText path).Replace("\"trials_before\": 7", "\"trials_before\": -1")
                File.WriteAllText(path, text)

                match (thrown<JournalException>(fun () -> StateFile.Read path |> ignore)).Fault with
                | :? JournalFault.StateUnusable as unusable -> contains "trials_before" unusable.Reason
                | other -> failtest $"{other}"
        ]
