namespace BtcBandit.Tui.Tests.Commands

open System
open System.IO
open System.Text.Json.Nodes
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

module RetrainTests =

    let private agent = [ "--offline"; "--fee-bps"; "0"; "--slippage-bps"; "0"; "--horizon"; "5" ]

    let private slices = [ "--train-steps"; "1000"; "--validate-steps"; "400" ]

    let private retrainIn (folder: Temporary) (arguments: string seq) =
        run (
            Seq.concat [
                Seq.ofList ([ "retrain" ] @ agent @ slices @ [ "--data-dir"; folder.Path ])
                arguments
            ]
        )

    let private runIn (folder: Temporary) (arguments: string seq) =
        run (Seq.append (agent @ [ "--data-dir"; folder.Path ]) arguments)

    let private files (folder: Temporary) =
        Directory.GetFiles folder.Path
        |> Array.map (fun file -> nonNull (Path.GetFileName file))
        |> Array.filter (fun file -> not (file.StartsWith "lock"))
        |> Array.sort
        |> List.ofArray

    let private withoutAgent (state: string) =
        let document = nonNull (JsonNode.Parse state)
        let run = (nonNull document["run"]).AsObject()
        run.Remove "agent" |> ignore
        // The cycles out of which the agent was chosen are counted.
        ((nonNull run["header"]).AsObject()).Remove "trials_before" |> ignore
        document.ToJsonString()

    let private easy = words "--min-success-rate 0 --min-excess-return -100"

    let private rows (folder: Temporary) = File.ReadAllLines(folder.File "trades.csv") |> Array.tail

    let private openTime (row: string) = int64 (row.Split(',')[0])

    let private hard = words "--min-success-rate 0 --min-excess-return 1000"

    [<Tests>]
    let tests =
        testList "RetrainTests" [
            testCase "without a run a passed cycle is saved, and --keep-learning begins with it"
            <| fun () ->
                use folder = new Temporary()
                let answer = retrainIn folder easy
                Expect.equal answer.Code 0 answer.Error
                contains "passed in cycle 1 of at most 5; 1 trial was made, and the more trials the likelier" answer.Out
                contains $"learned.json has what was learned; there is no run in {folder.Path}" answer.Out
                equal [ "learned.json" ] (files folder)
                let answer = runIn folder (words "--keep-learning --steps 20 --json")
                equal 0 answer.Code

                contains
                    ("--keep-learning: starting with what "
                     + folder.File "learned.json"
                     + " holds; candles up to 2024-01-")
                    answer.Error

                let newest = (nonNull (JsonNode.Parse(File.ReadAllText(folder.File "learned.json"))))["newest_candle"]

                equal ((nonNull newest).GetValue<int64>() + 60_000L) (openTime (Array.head (rows folder)))
                equal [ "learned.json"; "state.json"; "state.json.bak"; "trades.csv" ] (files folder)

            testCase "what is not passed is 3, and each cycle says why"
            <| fun () ->
                use folder = new Temporary()
                let answer = retrainIn folder hard
                equal 3 answer.Code
                equal 6 (answer.Out.Split("excess return not above 1000 %").Length)
                contains "train 1,000, validation 400, last 24 hours 1,440; " answer.Out
                contains "not passed in 5 cycles" answer.Out
                contains (folder.File "learned.json" + " was not written") answer.Out
                equal [] (files folder)

            cases "an agent that does nothing does not pass" [ "hold"; "buy-and-hold" ]
            <| fun (name: string) ->
                use folder = new Temporary()
                let answer = retrainIn folder (Seq.append easy [ "--agent"; name; "--max-cycles"; "2" ])
                equal 3 answer.Code
                equal 2 (answer.Out.Split("no closed round trip").Length)

                contains
                    $"not passed in 1 cycle; {name} draws nothing at random, so another cycle would be the same"
                    answer.Out

                equal [] (files folder)

            testCase "a run gets a new agent and nothing else, and goes on"
            <| fun () ->
                use folder = new Temporary()
                runIn folder (words "--steps 3000") |> ignore
                let read name = File.ReadAllText(folder.File name)
                let state, rows = read "state.json", read "trades.csv"

                let failed = retrainIn folder hard
                equal 3 failed.Code
                contains "state.json is as it was" failed.Out
                equal (state, rows) (read "state.json", read "trades.csv")

                let passed = retrainIn folder easy
                equal 0 passed.Code
                contains "portfolio, statistics and trades.csv are as they were, and the run goes on with it" passed.Out
                holds (read "state.json" <> state)
                equal (withoutAgent state) (withoutAgent (read "state.json"))
                equal (state, rows) (read "state.json.bak", read "trades.csv")
                equal [ "state.json"; "state.json.bak"; "trades.csv" ] (files folder)
                // The same again would leave no copy of the state from before.
                let again = retrainIn folder easy
                equal 0 again.Code
                contains "state.json is as it was: it has the same already" again.Out
                equal state (read "state.json.bak")

                let answer = runIn folder (words "--steps 10 --json")
                equal 0 answer.Code
                contains "continuing synthetic drifts seed 1 BTC/USDT 1m after step 3000" answer.Error
                equal 3010L ((json answer).GetProperty("steps").GetInt64())

            testCase "the same command gives the same"
            <| fun () ->
                use one = new Temporary()
                use other = new Temporary()

                let outputs = [
                    for folder in [ one; other ] -> (retrainIn folder (Seq.append easy [ "--json" ])).Out
                ]

                equal (outputs[0].Replace(one.Path, "")) (outputs[1].Replace(other.Path, ""))
                equal (File.ReadAllText(one.File "learned.json")) (File.ReadAllText(other.File "learned.json"))
                let another = retrainIn one (Seq.append easy (words "--json --seed 7"))
                holds (another.Out <> outputs[0])

            testCase "the result as JSON"
            <| fun () ->
                use folder = new Temporary()
                let answer = retrainIn folder (Seq.append hard (words "--max-cycles 3 --json"))
                equal 3 answer.Code
                let report = json answer
                equal false (report.GetProperty("passed").GetBoolean())
                equal false (report.GetProperty("is_stopped").GetBoolean())
                equal 16 (string (report.GetProperty "data_hash")).Length
                let parameters = report.GetProperty("header").GetProperty("parameters")
                equal "linear-ts" (string (parameters.GetProperty "agent"))
                equal 0.0 (parameters.GetProperty("costs").GetProperty("buy").GetProperty("taker_fee_bps").GetDouble())
                equal (3, 3) (report.GetProperty("trials").GetInt32(), report.GetProperty("max_cycles").GetInt32())
                equal 10.0 (report.GetProperty("minimum_excess_return").GetDouble())
                let cycles = List.ofSeq (report.GetProperty("cycles").EnumerateArray())
                equal [ 1; 2; 3 ] [ for cycle in cycles -> cycle.GetProperty("cycle").GetInt32() ]

                for cycle in cycles do
                    equal "excess-return" (string (cycle.GetProperty "not_met"))
                    let slice = cycle.GetProperty "validation"
                    equal 400L (slice.GetProperty("steps").GetInt64())
                    let number (name: string) = slice.GetProperty(name).GetDouble()
                    isNear 1e-12 (number "wins" / number "round_trips") (number "success_rate")

                    isNear 1e-12 (number "return" - max 0.0 (number "buy_and_hold_return")) (number "excess_return")

            testCase "candles that the run has yet to trade are left out"
            <| fun () ->
                use folder = new Temporary()
                runIn folder (words "--steps 3000") |> ignore
                let last = openTime (Array.last (rows folder))
                let answer = retrainIn folder (Seq.append easy [ "--json" ])
                Expect.equal answer.Code 0 answer.Error
                contains $" UTC are left out: the run in {folder.Path} has yet to trade them" answer.Error
                equal last ((json answer).GetProperty("last_open_time").GetInt64())

            testCase "a run that is too short to be trained on says so"
            <| fun () ->
                use folder = new Temporary()
                runIn folder (words "--steps 300") |> ignore
                let state = File.ReadAllBytes(folder.File "state.json")
                let answer = retrainIn folder easy
                equal (1, "") (answer.Code, answer.Out)

                contains
                    "a retraining needs at least 2892 candles up to the newest one of the run, 2024-01-"
                    answer.Error

                contains "there are 1740; see --train-steps and --validate-steps" answer.Error
                equalSeq state (File.ReadAllBytes(folder.File "state.json"))

            cases "a run that does not fit is 2, with the flag to pass" [
                "--horizon 9", "was learned with --horizon 5, not 9; pass --horizon 5"
                "--agent greedy", "was learned with --agent linear-ts, not greedy; pass --agent linear-ts"
                "--fee-bps 3", "was learned with --fee-bps 0, not 3; pass --fee-bps 0"
                "--indicators sma:14", "was learned with --indicators sma:14,ema:14,"
                "--timeframe 1h", "was learned with --timeframe 1m, not 1h; pass --timeframe 1m"
                "--symbol ETHUSDT", "was learned with --symbol BTC/USDT, not ETH/USDT; pass --symbol BTC/USDT"
                "--seed 2", "was learned with --seed 1, not 2; pass --seed 1"
                "--world flips", "was learned on a market that is drifts, not flips; pass --world drifts"
            ]
            <| fun (line: string, expected: string) ->
                use folder = new Temporary()
                runIn folder (words "--steps 5") |> ignore
                let state = File.ReadAllBytes(folder.File "state.json")
                let own = words line
                // The last one given of a flag that stands twice would be a mistake of its own.
                let arguments = [ "retrain"; "--offline"; "--data-dir"; folder.Path ] @ List.ofArray own

                let missing =
                    [ "--fee-bps", "0"; "--slippage-bps", "0"; "--horizon", "5" ]
                    |> List.filter (fun (name, _) -> name <> own[0])
                    |> List.collect (fun (name, value) -> [ name; value ])

                let answer = run (arguments @ missing)
                equal (2, "") (answer.Code, answer.Out)
                contains expected answer.Error
                isOneLine answer.Error
                equalSeq state (File.ReadAllBytes(folder.File "state.json"))

            testCase "a folder in use is 1, and names the process"
            <| fun () ->
                use folder = new Temporary()
                runIn folder (words "--steps 5") |> ignore
                let state = File.ReadAllBytes(folder.File "state.json")
                use _ = new FileStream(folder.File "lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
                File.WriteAllText(folder.File "lock.pid", "4711\n")
                let answer = retrainIn folder easy
                equal (1, "") (answer.Code, answer.Out)
                contains $"--data-dir {folder.Path} is in use by process 4711" answer.Error
                isOneLine answer.Error
                equalSeq state (File.ReadAllBytes(folder.File "state.json"))

            testCase "lengths that are stated win over the fraction"
            <| fun () ->
                use folder = new Temporary()

                let answer =
                    retrainIn folder (Seq.append hard (words "--max-cycles 1 --validation-fraction 0.5 --json"))

                let report = json answer
                let count (name: string) = report.GetProperty(name).GetInt32()
                equal (1_000, 400) (count "train_steps", count "validate_steps")

            testCase "files: all candles are used, and too few are one line"
            <| fun () ->
                use folder = new Temporary()
                let week = Repository.path "data/BTCUSDT-1m-2024-03-04_10.csv.gz"
                let data = [ "retrain"; "--data"; week; "--data-dir"; folder.Path ]
                let answer = run (Seq.append data (words "--max-cycles 1 --validation-fraction 0.5 --json"))
                let report = json answer
                let count (name: string) = report.GetProperty(name).GetInt32()
                equal (10_080 - 52 - 1_440) (count "train_steps" + count "validate_steps")
                isAtMost 1 (abs (count "train_steps" - count "validate_steps"))

                let answer = run (Seq.append data (words "--train-steps 10000 --validate-steps 2000"))
                equal (1, "") (answer.Code, answer.Out)
                contains "a retraining needs at least 13492 candles, there are 10080; see --train-steps" answer.Error
                // The other one says what was read.
                equal 2 (answer.Error.TrimEnd().Split('\n').Length)
                equal [] (files folder)

            testCase "learned.json that does not fit a new run is refused with the flag"
            <| fun () ->
                use folder = new Temporary()
                equal 0 (retrainIn folder easy).Code
                let answer = run [ "--offline"; "--keep-learning"; "--steps"; "5"; "--data-dir"; folder.Path ]
                equal 2 answer.Code

                contains
                    (folder.File "learned.json"
                     + " was learned with --horizon 5, not auto; pass --horizon 5")
                    answer.Error

                File.WriteAllText(folder.File "learned.json", "{}")
                let answer = runIn folder (words "--keep-learning --steps 5")
                equal 1 answer.Code
                contains "does not hold what an agent has learned" answer.Error
                isOneLine answer.Error

            cases "wrong usage is one line, and 2" [
                "--max-cycles 0", "--max-cycles 0: a whole number from 1 to 1000 is needed"
                "--validation-fraction 1", "--validation-fraction 1: a number from 0.01 to 0.99 is needed"
                "--train-steps 0", "--train-steps 0: a whole number from 1"
                "--validate-steps x", "--validate-steps x: a whole number from 1"
                "--min-success-rate 101", "--min-success-rate 101: a number from 0 to 100 is needed"
                "--min-excess-return NaN", "--min-excess-return NaN: a number from"
                "--max-drawdown -1", "--max-drawdown -1: a number from 0 to 100 is needed"
                "--offline --data x", "--offline and --data exclude each other"
                "--world flips", "--world goes with --offline"
                "--sort", "--sort goes with --data"
                "--offline --binance-rest https://x", "--binance-rest goes with live candles"
                "--offline --model per-action --horizon auto", "--horizon auto: several horizons need"
                "--offline --history 5", "--history: no such flag or command"
                "--offline --data-dir --json", "--data-dir: a value is needed before --json"
            ]
            <| fun (line: string, expected: string) ->
                let answer = run (Seq.append [ "retrain" ] (words line))
                equal (2, "") (answer.Code, answer.Out)
                contains expected answer.Error
                isOneLine answer.Error
        ]
