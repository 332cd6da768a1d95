namespace BtcBandit.Tui.Tests.Commands

open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// What backtest refuses, and how it says so.
module BacktestFlagsTests =

    let private agents =
        "linear-ts; linear-ucb; epsilon-greedy; greedy; softmax; hold; random; buy-and-hold; ma-cross"

    let private see = " (see btcbandit backtest --help)"

    let private refuses (arguments: string list) (expected: string) =
        let answer = run ("backtest" :: arguments)
        equal (2, "") (answer.Code, answer.Out)
        equal $"btcbandit backtest: {expected}\n" (answer.Error.ReplaceLineEndings "\n")

    [<Tests>]
    let tests =
        testList "BacktestFlagsTests" [
            cases "wrong usage is one line, and 2" [
                "", "--data or --offline is needed"
                "--world flips", "--data or --offline is needed"
                "--offline --data a.csv", "--offline and --data exclude each other: one source is needed"
                "--data a.csv --world flips", "--world goes with --offline, not with --data"
                "--offline --sort", "--sort goes with --data, not with --offline"
                "--offline --skip-bad-rows", "--skip-bad-rows goes with --data, not with --offline"
                "--offline --missing flat", "--missing goes with --data, not with --offline"
                "--offline --world mars", "--world mars: one of drifts mean-reverting flips martingale flat is needed"
                "--offline --steps 0", "--steps 0: a whole number from 1 to 2000000000 is needed"
                "--offline --steps 2147483647", "--steps 2147483647: a whole number from 1 to 2000000000 is needed"
                "--offline --seeds 0", "--seeds 0: a whole number from 1 to 10000 is needed"
                "--offline --seeds 10001", "--seeds 10001: a whole number from 1 to 10000 is needed"
                "--offline --seeds x", "--seeds x: a whole number from 1 to 10000 is needed"
                "--offline --threads 0", "--threads 0: a whole number from 1 to 1024 is needed"
                "--offline --threads 1025", "--threads 1025: a whole number from 1 to 1024 is needed"
                "--offline --agent hold --compare greedy", "--agent and --compare exclude each other"
                "--offline --history -1", "--history -1: a whole number from 0 to 10000000 is needed"
                "--offline --seed 1.5", "--seed 1.5: a whole number is needed"
                "--offline --fee-bps -3", "--fee-bps -3: a number from 0 to 1000 is needed"
                "--offline --symbol ???", "--symbol ???: a pair such as BTC/USDT is needed"
                "--offline --fill never", "--fill never: one of next-open close is needed"
                "--offline --data-dir x", "--data-dir: no such flag or command"
                "--offline --dashboard", "--dashboard: no such flag or command"
                "--offline --duration 5", "--duration: no such flag or command"
                "--offline --sedes 3", "--sedes: no such flag or command (did you mean --seeds?)"
                "--offline --thread=3", "--thread=3: no such flag or command (did you mean --threads?)"
                "--data a.csv --sedes 3",
                "--sedes: no such flag (did you mean --seeds?); a file of that name is ./--sedes"
                "--data a.csv --xyzzy", "--xyzzy: no such flag; a file of that name is ./--xyzzy"
                "--offline --seeds --json", "--seeds: a value is needed before --json"
                "--offline --compare --json", "--compare: a value is needed before --json"
                "--offline --frozen --json", "--frozen: a value is needed before --json"
            ]
            <| fun (line: string, expected: string) -> refuses (List.ofArray (words line)) (expected + see)

            testCase "seeds beyond the largest one are refused"
            <| fun () ->
                refuses
                    [ "--offline"; "--seeds"; "3"; "--seed"; "9223372036854775806" ]
                    "--seeds 3: there are not as many from --seed 9223372036854775806 on"

            cases "names that are not those of agents, each once, are refused with the names" [
                "nobody"
                ""
                "hold;"
                "hold;;greedy"
                "hold; hold"
                "hold, greedy"
                "Hold"
            ]
            <| fun (names: string) ->
                let shown = if names = "" then "''" else names

                refuses
                    [ "--offline"; "--compare"; names ]
                    $"--compare {shown}: one or more of {agents} are needed, each once{see}"

            cases "what a saved state has cannot be chosen beside it" [
                "--indicators", "sma:5"
                "--agent", "hold"
                "--model", "shared"
                "--feedback", "full"
                "--horizon", "5"
                "--posterior-scale", "1"
                "--forgetting", "1"
            ]
            <| fun (flag: string, value: string) ->
                refuses
                    [ "--offline"; "--frozen"; "x"; flag; value ]
                    $"{flag} does not go with --frozen: the state has its own{see}"

            testCase "a state without a name is refused"
            <| fun () ->
                for path in [ ""; " " ] do
                    refuses
                        [ "--offline"; "--frozen"; path ]
                        $"--frozen '{path}': a state.json or learned.json, or its folder, is needed{see}"

            cases "several horizons for an agent that cannot weigh them are refused" [
                "--agent softmax --horizon auto"
                "--compare softmax --horizon auto"
                "--model per-action --horizon auto"
                "--feedback bandit --compare greedy --horizon auto"
            ]
            <| fun (line: string) ->
                refuses
                    ("--offline" :: List.ofArray (words line))
                    "--horizon auto: several horizons need --model shared, --feedback full and an agent with a posterior (linear-ts linear-ucb epsilon-greedy greedy); pass a number of candles"

            testCase "an agent that cannot do what is asked of all refuses the whole"
            <| fun () ->
                refuses
                    [ "--offline"; "--model"; "per-action"; "--compare"; "greedy; softmax" ]
                    "--model per-action: agent softmax has one model, shared"

                refuses
                    [ "--offline"; "--initial-cash"; "10"; "--position-fraction"; "0.3" ]
                    "--position-fraction 0.3 of --initial-cash 10 is 3: the exchange takes no order below 5"

            testCase "help has every flag, examples and exit codes"
            <| fun () ->
                let answer = run [ "backtest"; "--help" ]
                equal (0, "") (answer.Code, answer.Error)

                let flags =
                    "--offline --world --data --steps --seeds --compare --frozen --walk-forward --threads --json --history --seed --indicators \
                     --fee-bps --slippage-bps --initial-cash --agent --model --feedback --horizon --posterior-scale --forgetting \
                     --evidence --position-fraction --fill --symbol --timeframe --sort --skip-bad-rows --columns --time-format --missing"

                for part in Array.append (words flags) [| "Examples:"; "Exit codes:" |] do
                    contains part answer.Out

            testCase "a file that is missing is one line, and 1"
            <| fun () ->
                use folder = new Temporary()
                let answer = run [ "backtest"; "--data"; folder.File "missing.csv" ]
                equal (1, "") (answer.Code, answer.Out)
                isOneLine answer.Error
                contains "btcbandit backtest: " answer.Error
                contains "missing.csv: no such file or folder" answer.Error

            testCase "a state that cannot be used is one line, and 1"
            <| fun () ->
                use folder = new Temporary()
                Directory.CreateDirectory(folder.File "empty") |> ignore
                let empty, missing = folder.File "empty", folder.File "missing.json"

                let fails path reason =
                    let answer = run [ "backtest"; "--offline"; "--frozen"; path ]
                    equal (1, "") (answer.Code, answer.Out)
                    equal $"btcbandit backtest: --frozen {path}: {reason}\n" (answer.Error.ReplaceLineEndings "\n")

                fails empty "there is no state.json or learned.json in it"
                fails missing "no such file or folder"
                let damaged = folder.File "state.json"
                File.WriteAllText(damaged, "not json")

                for path in [ damaged; folder.Path ] do
                    let answer = run [ "backtest"; "--offline"; "--frozen"; path ]
                    equal (1, "") (answer.Code, answer.Out)
                    isOneLine answer.Error
                    contains $"btcbandit backtest: --frozen: {damaged} is not a state of this program" answer.Error

                equal "not json" (File.ReadAllText damaged)
        ]
