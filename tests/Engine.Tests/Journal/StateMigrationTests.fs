namespace BtcBandit.Engine.Tests.Journal

open System.IO
open System.Text.Json.Nodes
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Tests
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions

/// What becomes of runs that were begun without a record of their growth.
module StateMigrationTests =

    let private golden (schema: int) name = Repository.path $"tests/Golden/run-schema-{schema}/{name}"

    let private copyTo (folder: Temporary) schema =
        for name in [ "state.json"; "trades.csv" ] do
            File.Copy(golden schema name, folder.File name)

    let private finding (folder: Temporary) =
        let run = (nonNull (StateFile.Read(folder.File "state.json"))).Run
        isNull' run.Growth
        run.Judge().Finding

    [<Tests>]
    let tests =
        testList "StateMigrationTests" [
            cases "a run of a schema without growth has none, whatever it does later" [ 2; 3; 4; 5 ]
            <| fun (schema: int) ->
                use folder = new Temporary()
                copyTo folder schema
                equal SkillFinding.NotRecorded (finding folder)
                let plan = Runs.planWith "sma:14,ema:14,atr:14" Runs.parameters 1L folder.Path 600
                let result, _ = Runs.run plan
                let run = nonNull result.Run
                equal 640L run.Statistics.Steps
                equal SkillFinding.NotRecorded (run.Judge().Finding)
                equal SkillFinding.NotRecorded (finding folder)
                let saved = nonNull (JsonNode.Parse(File.ReadAllText(folder.File "state.json")))
                let state = (nonNull saved["run"]).AsObject()
                equal StateFile.Schema ((nonNull saved["schema"]).GetValue<int>())
                holds (state.ContainsKey "growth")
                isNull' state["growth"]

            testCase "a new run has the growth of all its steps, stopped and continued or not"
            <| fun () ->
                let after (parts: int list) =
                    use folder = new Temporary()

                    for steps in parts do
                        Runs.run (Runs.planWith "sma:14,ema:14,atr:14" Runs.parameters 1L folder.Path steps)
                        |> ignore

                    let run = (nonNull (StateFile.Read(folder.File "state.json"))).Run
                    equal (int64 (List.sum parts)) run.Statistics.Steps
                    run.Growth, run.Judge()

                let whole = after [ 700 ]
                equal whole (after [ 1; 254; 1; 255; 189 ])
                equal (4L, 175) ((nonNull (fst whole)).StepsPerBlock, (snd whole).Blocks)

            cases "growth that does not fit the steps is refused" [
                "steps_per_block", "3"
                "equity", "[1000]"
                "buy_and_hold", "[]"
            ]
            <| fun (name: string, value: string) ->
                use folder = new Temporary()

                Runs.run (Runs.planWith "sma:14,ema:14,atr:14" Runs.parameters 1L folder.Path 40)
                |> ignore

                let path = folder.File "state.json"
                let state = nonNull (JsonNode.Parse(File.ReadAllText path))
                (nonNull (nonNull state["run"]).["growth"]).[name] <- JsonNode.Parse value
                File.WriteAllText(path, state.ToJsonString())

                match (thrown<JournalException>(fun () -> StateFile.Read path |> ignore)).Fault with
                | :? JournalFault.StateUnusable as unusable ->
                    contains "the growth in blocks does not fit the steps" unusable.Reason
                | other -> failtest $"{other}"
        ]
