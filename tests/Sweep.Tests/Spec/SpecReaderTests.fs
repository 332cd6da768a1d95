namespace BtcBandit.Sweep.Tests.Spec

open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Market
open BtcBandit.Sweep.Spec

/// Specs as JSON, and what is said of those that are none.
module SpecReaderTests =

    let private data = "\"data\": [\"a.csv\"]"
    let private messageOf json = (thrown<SweepException>(fun () -> Specs.read json |> ignore)).Message

    /// A mistake in a spec that is right but for these members, and what is said of it.
    let private wrong = [
        "\"gird\": {}", "gird: no such name: one of data, synthetic, "
        "\"data\": [\"b.csv\"]", "data is listed twice"
        "\"seeds\": 2, \"seeds\": 3", "seeds is listed twice"
        "\"seeds\": 10000, \"random\": {\"draws\": 1001, \"cash\": [1]}",
        "1,001 settings x 10,000 seeds are 10,010,000 runs; at most 10,000,000 are possible"
        "\"seeds\": 0", "seeds: 0: a whole number from 1 to 10,000 is needed"
        "\"seeds\": 1.5", "seeds: 1.5: a whole number from 1 to 10,000 is needed"
        "\"seeds\": \"2\"", "seeds: \"2\": a whole number from 1 to 10,000 is needed"
        "\"seeds\": null", "seeds: null: a whole number"
        "\"seed\": \"x\"", "seed: \"x\": a whole number is needed"
        "\"rank_by\": \"profit\"",
        "rank_by: \"profit\": one of sharpe, sortino, total_return, over_buy_and_hold is needed"
        "\"grid\": []", "grid: []: an object is needed"
        "\"grid\": {\"agnet\": [1]}", "grid.agnet: no such name: one of agent, indicators, "
        "\"grid\": {\"agent\": \"hold\"}", "grid.agent: \"hold\": a list is needed"
        "\"grid\": {\"agent\": []}", "grid.agent: []: the list is empty"
        "\"grid\": {\"agent\": [true]}", "grid.agent.0: true: a text or a number is needed"
        "\"grid\": {\"agent\": [\"hold\", [\"x\"]]}", "grid.agent.1: [\"x\"]: a text or a number is needed"
        "\"grid\": {\"agent\": [\"\"]}", "grid.agent.0: \"\": a value is needed"
        "\"grid\": {\"agent\": [\"hold\", \"hold\"]}", "grid.agent.1: \"hold\": is listed twice"
        "\"grid\": {\"agent\": [1], \"agent\": [2]}", "grid.agent is listed twice"
        "\"random\": {\"cash\": [1]}", "random.draws is needed"
        "\"random\": {\"draws\": 2}", "random: {\"draws\": 2}: at least one parameter is needed"
        "\"random\": {\"draws\": 0, \"cash\": [1]}", "random.draws: 0: a whole number from 1 to 1,000,000 is needed"
        "\"random\": {\"draws\": 2, \"cahs\": [1]}", "random.cahs: no such name: one of draws, agent, "
        "\"random\": {\"draws\": 2, \"cash\": {}}", "random.cash: {}: one of log, one-minus-log, uniform and whole"
        "\"random\": {\"draws\": 2, \"cash\": {\"normal\": [0, 1]}}", "random.cash.normal: no such name: one of log, "
        "\"random\": {\"draws\": 2, \"cash\": {\"log\": [1, 2], \"whole\": [1, 2]}}", "random.cash: "
        "\"random\": {\"draws\": 2, \"cash\": {\"log\": [0, 1]}}",
        "random.cash.log: [0, 1]: two numbers above 0 are needed"
        "\"random\": {\"draws\": 2, \"cash\": {\"one-minus-log\": [-1, 1]}}", "random.cash.one-minus-log: [-1, 1]: "
        "\"random\": {\"draws\": 2, \"cash\": {\"uniform\": [2, 1]}}",
        "random.cash.uniform: [2, 1]: two numbers are needed, the smaller one first"
        "\"random\": {\"draws\": 2, \"cash\": {\"uniform\": [1]}}", "random.cash.uniform: [1]: two numbers are needed"
        "\"random\": {\"draws\": 2, \"cash\": {\"whole\": [1.5, 3]}}",
        "random.cash.whole.0: 1.5: a whole number is needed"
        "\"grid\": {\"cash\": [1]}, \"random\": {\"draws\": 2, \"cash\": [1]}", "cash is in grid and in random"
        "\"folds\": {\"train_days\": 1}", "folds.test_days is needed"
        "\"folds\": {\"test_days\": 1}", "folds.train_days is needed"
        "\"folds\": {\"train_days\": 1, \"test_days\": 5, \"step_days\": 4}",
        "folds.step_days: 4: a whole number from 5 to 100,000 is needed"
        "\"folds\": {\"train\": 1}", "folds.train: no such name: one of train_days, test_days, step_days is needed"
        "\"halving\": {\"days\": [1, 2]}", "halving.keep is needed"
        "\"halving\": {\"days\": [1], \"keep\": 0.5}",
        "halving.days: [1]: at least two increasing numbers of days are needed"
        "\"halving\": {\"days\": [2, 2], \"keep\": 0.5}", "halving.days: [2, 2]: at least two increasing"
        "\"halving\": {\"days\": [1, 2], \"keep\": 1}", "halving.keep: 1: a number from 0.001 to 0.999 is needed"
        "\"folds\": {\"train_days\": 1, \"test_days\": 1}, \"halving\": {\"days\": [1, 2], \"keep\": 0.5}",
        "folds and halving exclude each other"
        "\"synthetic\": {\"worlds\": [\"flat\"], \"candles\": 300}", "either data or synthetic is needed"
        "\"timeframes\": [\"7m\"]", "timeframes.0: \"7m\": one of 1s 1m "
        "\"timeframes\": [\"1m\", \"1m\"]", "timeframes.1: \"1m\": is listed twice"
        "\"symbols\": [\"?\"]", "symbols.0: \"?\": a pair such as BTC/USDT is needed"
        "\"symbols\": []", "symbols: []: the list is empty"
        "\"symbols\": [\"BTC/USDT\", \"ETH/USDT\", \"btc-usdt\"]", "symbols.2: \"btc-usdt\": is listed twice"
    ]

    /// Specs that are wrong as a whole.
    let private wrongWhole = [
        "{}", "either data or synthetic is needed"
        "[]", "the spec: []: an object is needed"
        "7", "the spec: 7: an object is needed"
        "{\"data\": []}", "data: []: the list is empty"
        "{\"data\": {}}", "data: {}: at least one set of files is needed"
        "{\"data\": [\"a\", 1]}", "data.1: 1: a path is needed"
        "{\"data\": {\"one\": [\"a\"], \"two\": []}}", "data.two: []: the list is empty"
        "{\"data\": {\"one\": [\"a\"], \"one\": [\"b\"]}}", "data.one is listed twice"
        "{\"synthetic\": {\"worlds\": [\"mars\"], \"candles\": 300}}",
        "synthetic.worlds.0: \"mars\": one of drifts mean-reverting flips martingale flat is needed"
        "{\"synthetic\": {\"candles\": 300}}", "synthetic.worlds is needed"
        "{\"synthetic\": {\"worlds\": [\"flat\"]}}", "synthetic.candles is needed"
        "{\"synthetic\": {\"worlds\": [\"flat\"], \"candles\": 9}}", "synthetic.candles: 9: a whole number from 200 "
        "{\"synthetic\": {\"worlds\": [\"flat\", \"flat\"], \"candles\": 300}}",
        "synthetic.worlds.1: \"flat\": is listed twice"
        "{\"synthetic\": {\"worlds\": [\"flat\"], \"candles\": 300, \"edge_bps\": -1}}", "synthetic.edge_bps: -1: "
        "{\"synthetic\": {\"worlds\": [\"flat\"], \"candles\": 300}, \"symbols\": [\"BTC/USDT\"]}",
        "symbols go with data, not with synthetic"
        "", "line 1: no JSON: "
        "{\n\"data\": [\"a\"],\n\"seeds\": }", "line 3: no JSON: "
        "{\n\"data\": [\"a\"]\n", "line 3: no JSON: "
        "{\"data\": [\"\\ud800\"]}", "no JSON: "
    ]

    [<Tests>]
    let tests =
        testList "SpecReaderTests" [

            testCase "a spec with everything in it is read" (fun () ->
                let spec =
                    Specs.readIn
                        "here"
                        """{
                            // what is left out has a default
                            "data": {"old": ["a-*.zip"], "new": ["b.csv", "/c.csv"]},
                            "symbols": ["ETHUSDT", "BTC/USDT"], "timeframes": ["5m", "1h"],
                            "grid": {"agent": ["hold", "random"], "cash": [5, 1e3]},
                            "random": {"draws": 3, "position": {"uniform": [0.5, 1]}, "horizon": [1, "auto"]},
                            "folds": {"train_days": 20, "test_days": 5, "step_days": 7},
                            "seeds": 4, "seed": -9, "rank_by": "over_buy_and_hold",
                        }"""

                equal [
                    "old", [ Path.Combine("here", "a-*.zip") ]
                    "new", [ Path.Combine("here", "b.csv"); "/c.csv" ]
                ] [ for set in spec.Data -> set.Name, List.ofSeq set.Paths ]

                equal [ "ETH/USDT"; "BTC/USDT" ] [ for pair in nonNull spec.Symbols -> string pair ]
                equal [ "5m"; "1h" ] [ for timeframe in spec.Timeframes -> timeframe.Name ]

                equal [ "agent", [ "hold"; "random" ]; "cash", [ "5"; "1e3" ] ] [
                    for axis in spec.Grid -> axis.Name, List.ofSeq axis.Values
                ]

                equal 3 spec.Draws
                equal [ "position"; "horizon" ] [ for axis in spec.Random -> axis.Name ]
                equal (FoldSpec(20, 5, 7)) (nonNull spec.Folds)
                isNull' spec.Halving
                isNull' spec.Synthetic
                equal (4, -9L, RankBy.OverBuyAndHold) (spec.Seeds, spec.Seed, spec.RankBy))

            testCase "what is left out has its default" (fun () ->
                let spec = Specs.read $"{{{data}}}"
                isNull' spec.Symbols
                isNull' spec.Folds
                equal [ "1m" ] [ for timeframe in spec.Timeframes -> timeframe.Name ]
                isEmpty spec.Grid
                isEmpty spec.Random
                equal (1, 1, 1L, RankBy.Sharpe) (spec.Draws, spec.Seeds, spec.Seed, spec.RankBy)

                equal [ "", [ Path.Combine("folder", "a.csv") ] ] [
                    for set in spec.Data -> set.Name, List.ofSeq set.Paths
                ])

            testCase "synthetic markets and halving are read" (fun () ->
                let spec =
                    Specs.read
                        """{"synthetic": {"worlds": ["flat", "flips"], "seeds": 3, "candles": 500, "edge_bps": 2.5},
                            "halving": {"days": [1, 3, 9], "keep": 0.25}}"""

                let set = nonNull spec.Synthetic
                equal [ SyntheticWorld.Flat; SyntheticWorld.Flips ] (List.ofSeq set.Worlds)
                equal (3, 500, 2.5) (set.Seeds, set.Candles, set.EdgeBps.Value)
                let halving = nonNull spec.Halving
                equal ([ 1; 3; 9 ], 0.25) (List.ofSeq halving.Days, halving.Keep))

            testCase "the step is the length of the test unless it is stated" (fun () ->
                let spec = Specs.read $"{{{data}, \"folds\": {{\"train_days\": 9, \"test_days\": 4}}}}"
                equal 4 (nonNull spec.Folds).StepDays)

            cases "a mistake is one line that begins with its place" wrong (fun (members, expected) ->
                let message = messageOf $"{{{data}, {members}}}"
                startsWith expected message
                lacks "\n" message)

            cases "so is a mistake of the whole" wrongWhole (fun (json, expected) ->
                let message = messageOf json
                contains expected message
                startsWith (if expected.StartsWith "no JSON" then "" else expected) message
                lacks "\n" message)

            testCase "a long value is cut in the message, and stands on one line" (fun () ->
                let message =
                    messageOf (sprintf "{%s, \"grid\": {\"agent\": [[%s]]}}" data (String.replicate 40 "1,\n" + "1"))

                startsWith "grid.agent.0: [1, 1, 1," message
                isBelow 130 message.Length
                lacks "\n" message)

            testCase "a million settings are possible, and one more is not" (fun () ->
                let spec draws =
                    $"{{{data}, \"grid\": {{\"cash\": [1, 2]}}, \"random\": {{\"draws\": {draws}, \"position\": [1]}}}}"

                equal 500_000 (Specs.read (spec 500_000)).Draws
                equal "the grid has 1,000,002 settings; at most 1,000,000 are possible" (messageOf (spec 500_001)))

            testCase "so many axes that the number overflows are too many" (fun () ->
                let axis name = sprintf "\"%s\": [%s]" name (String.concat "," [ for one in 1..5000 -> string one ])
                let axes = Specs.names |> Seq.map axis |> String.concat ","
                contains "at most 1,000,000 are possible" (messageOf $"{{{data}, \"grid\": {{{axes}}}}}"))
        ]
