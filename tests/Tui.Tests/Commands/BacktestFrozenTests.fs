namespace BtcBandit.Tui.Tests.Commands

open System
open System.IO
open System.Text.Json
open System.Text.Json.Nodes
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Commands.BacktestFiles

/// Agents that backtest applies without learning.
module BacktestFrozenTests =

    /// A run on a synthetic market that has traded.
    let private trained (folder: Temporary) more =
        equal
            0
            (run (
                [ "--offline"; "--steps"; "400"; "--history"; "100"; "--data-dir"; folder.Path ]
                @ [
                    "--fee-bps"
                    "0"
                    "--slippage-bps"
                    "0"
                    "--indicators"
                    "sma:5,atr:14"
                    "--horizon"
                    "5"
                ]
                @ more
            ))
                .Code

    let private frozenOn (folder: Temporary) more =
        run (
            [ "backtest"; "--frozen"; folder.Path; "--fee-bps"; "0"; "--slippage-bps"; "0" ]
            @ more
        )

    [<Tests>]
    let tests =
        testList "BacktestFrozenTests" [
            testCase "the trials out of which the frozen agent was chosen count"
            <| fun () ->
                use folder = new Temporary()
                trained folder []
                let state = folder.File "state.json"
                let text = File.ReadAllText state
                let columns = "\"columns\": ["
                contains columns text
                File.WriteAllText(state, text.Replace(columns, $"\"trials_before\": 7, {columns}"))
                let root = json (frozenOn folder [ "--offline"; "--steps"; "500"; "--json" ])
                let agent = root.GetProperty("agents")[0]
                equal 8 ((agent.GetProperty "skill").GetProperty("trials").GetInt32())

            testCase "a frozen state, or its folder, is applied and left as it is"
            <| fun () ->
                use folder = new Temporary()
                let data = folder.File "run"

                let train = [
                    "--offline"
                    "--steps"
                    "3000"
                    "--data-dir"
                    data
                    "--fee-bps"
                    "0"
                    "--slippage-bps"
                    "0"
                    "--indicators"
                    "sma:5,atr:14"
                    "--horizon"
                    "5"
                ]

                equal 0 (run train).Code
                let state = Path.Combine(data, "state.json")
                let before = File.ReadAllBytes state
                let file = write folder "candles" 1_500
                let frozen path = run [ "backtest"; "--data"; file; "--frozen"; path; "--fee-bps"; "0"; "--json" ]
                let ofFile, ofFolder = frozen state, frozen data
                equal (0, 0) (ofFile.Code, ofFolder.Code)
                equal ofFile.Out ofFolder.Out
                equal before (File.ReadAllBytes state)
                equal true ((agent 0 ofFile |> get "is_frozen").GetBoolean())
                let parameters = (json ofFile).GetProperty("header").GetProperty "parameters"
                equal ("sma:5,atr:14", "5") (string (get "indicators" parameters), string (get "horizon" parameters))

                let learning =
                    run [
                        "backtest"
                        "--data"
                        file
                        "--indicators"
                        "sma:5,atr:14"
                        "--horizon"
                        "5"
                        "--fee-bps"
                        "0"
                        "--json"
                    ]

                differs (runsOf 0 ofFile) (runsOf 0 learning)
                let text = run [ "backtest"; "--data"; file; "--frozen"; data ]
                contains "linear-ts applies what it learned before, and does not learn" text.Out

            testCase "a state of other candles is refused"
            <| fun () ->
                use folder = new Temporary()
                equal 0 (run [ "--offline"; "--steps"; "20"; "--history"; "0"; "--data-dir"; folder.Path ]).Code
                let answer = run [ "backtest"; "--offline"; "--frozen"; folder.Path; "--timeframe"; "5m" ]
                equal (1, "") (answer.Code, answer.Out)

                equal
                    $"btcbandit backtest: --frozen {folder.Path}: its agent has learned from candles of 1m, not of 5m\n"
                    (answer.Error.ReplaceLineEndings "\n")

            testCase "a state whose learner is damaged is one line"
            <| fun () ->
                use folder = new Temporary()
                equal 0 (run [ "--offline"; "--steps"; "20"; "--data-dir"; folder.Path ]).Code
                let path = folder.File "state.json"
                let root = nonNull (JsonNode.Parse(File.ReadAllText path))
                let learner = nonNull ((nonNull ((nonNull root["run"])["agent"]))["state"])
                learner["learned"] <- null
                File.WriteAllText(path, root.ToJsonString())
                let answer = run [ "backtest"; "--offline"; "--steps"; "20"; "--frozen"; folder.Path ]
                equal (1, "") (answer.Code, answer.Out)

                equal
                    $"btcbandit backtest: --frozen {path}: the state of agent linear-ts is not what it should be: $.learned\n"
                    (answer.Error.ReplaceLineEndings "\n")

            testCase "steps on candles that the agent has learned from are said to be in sample"
            <| fun () ->
                use folder = new Temporary()
                trained folder []
                let again = [ "--offline"; "--steps"; "600"; "--history"; "100" ]
                let text = frozenOn folder again
                equal 0 text.Code
                lacks ", learning" text.Out

                let newest =
                    let state = nonNull (JsonNode.Parse(File.ReadAllText(folder.File "state.json")))
                    (nonNull ((nonNull ((nonNull state["run"])["last_candle"]))["open_time"])).GetValue<int64>()

                let shown = DateTimeOffset.FromUnixTimeMilliseconds(newest).ToString "yyyy-MM-dd HH:mm"

                contains
                    $"in-sample           400 of 600 steps, up to {shown} UTC: the agent has learned from candles as late as that"
                    text.Out

                let root = json (frozenOn folder (again @ [ "--json" ]))
                equal newest (root.GetProperty("in_sample_through").GetInt64())
                equal 400 (root.GetProperty("in_sample_steps").GetInt32())
                let page = folder.File "report.html"
                equal 0 (frozenOn folder (again @ [ "--report"; page ])).Code

                contains
                    $"<p class=\"alert\">In-sample: 400 of 600 steps, up to {shown} UTC: the agent has learned from candles as late as that.</p>"
                    (File.ReadAllText page)

            cases "on another market nothing is in sample" [ "--seed 5"; "--world flips" ]
            <| fun (line: string) ->
                use folder = new Temporary()
                trained folder []
                let other = [ "--offline"; "--steps"; "600"; "--history"; "100"; "--json" ]
                let root = json (frozenOn folder (other @ List.ofArray (words line)))

                equal
                    (JsonValueKind.Null, 0)
                    ((get "in_sample_through" root).ValueKind, (get "in_sample_steps" root).GetInt32())

            testCase "candles after those that it has learned from are out of sample, those before in sample"
            <| fun () ->
                use folder = new Temporary()
                let early = writeSome folder "early" 1_000 (fun _ -> true)
                let late = writeSome folder "late" 3_000 (fun index -> index >= 1_000)
                use run' = new Temporary()

                equal 0 (run [ "--data"; early; "--indicators"; "sma:5"; "--data-dir"; run'.Path ]).Code

                let on file = run [ "backtest"; "--data"; file; "--frozen"; run'.Path ]
                let before, after = on early, on late
                equal (0, 0) (before.Code, after.Code)
                matches (@"(?m)^in-sample +(\d+) of \1 steps, up to ") before.Out
                lacks "in-sample" after.Out

            testCase "what a retraining has learned can be frozen as well"
            <| fun () ->
                use folder = new Temporary()

                let retrain =
                    [
                        "retrain"
                        "--offline"
                        "--fee-bps"
                        "0"
                        "--slippage-bps"
                        "0"
                        "--horizon"
                        "5"
                    ]
                    @ [
                        "--train-steps"
                        "1000"
                        "--validate-steps"
                        "400"
                        "--data-dir"
                        folder.Path
                    ]
                    @ [ "--min-success-rate"; "0"; "--min-excess-return"; "-100" ]

                equal 0 (run retrain).Code
                let file = folder.File "learned.json"
                let more = [ "--offline"; "--steps"; "5000"; "--json" ]
                let ofFolder = frozenOn folder more
                let ofFile = run ([ "backtest"; "--frozen"; file; "--fee-bps"; "0"; "--slippage-bps"; "0" ] @ more)
                equal (0, 0) (ofFolder.Code, ofFile.Code)
                equal ofFolder.Out ofFile.Out
                equal true ((agent 0 ofFile |> get "is_frozen").GetBoolean())
                let newest = nonNull (JsonNode.Parse(File.ReadAllText file))
                let newest = (nonNull newest["newest_candle"]).GetValue<int64>()
                equal newest (json ofFile |> get "in_sample_through" |> _.GetInt64())

            testCase "agents of --compare learn beside the frozen one"
            <| fun () ->
                use folder = new Temporary()
                trained folder []

                let more = [
                    "--offline"
                    "--steps"
                    "600"
                    "--seed"
                    "9"
                    "--compare"
                    "linear-ts; softmax; hold"
                ]

                let answer = frozenOn folder (more @ [ "--json" ])
                equal 0 answer.Code
                equal [ "linear-ts"; "linear-ts"; "softmax"; "hold" ] (agentsOf answer "agents")

                equal [ true; false; false; false ] [
                    for place in 0..3 -> (agent place answer |> get "is_frozen").GetBoolean()
                ]

                let alone =
                    run (
                        [
                            "backtest"
                            "--offline"
                            "--steps"
                            "600"
                            "--seed"
                            "9"
                            "--indicators"
                            "sma:5,atr:14"
                        ]
                        @ [ "--horizon"; "5"; "--fee-bps"; "0"; "--slippage-bps"; "0"; "--json" ]
                    )

                equal (runsOf 0 alone) (runsOf 1 answer)
                let text = frozenOn folder more
                let names = lines text.Out |> Array.map (fun line -> line.Split("  ")[0])

                for name in
                    [
                        "linear-ts, frozen"
                        "linear-ts, learning"
                        "softmax, learning"
                        "hold"
                        "ma-cross"
                    ] do
                    has name names

                all (fun one -> one <= 120) (lines text.Out |> Array.map String.length)
        ]
