namespace BtcBandit.Tui.Tests.Commands

open System
open System.IO
open System.IO.Compression
open System.Text.Json
open System.Text.Json.Nodes
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Host
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// What btcbandit explain says of runs that the program made.
module ExplainCommandTests =

    let private train (folder: Temporary) more =
        let answer =
            run (
                [
                    "--offline"
                    "--steps"
                    "1200"
                    "--history"
                    "200"
                    "--fee-bps"
                    "1"
                    "--data-dir"
                    folder.Path
                ]
                @ more
            )

        equal 0 answer.Code

    let private explain (folder: Temporary) more = run ([ "explain"; "--data-dir"; folder.Path ] @ more)

    let private figure (name: string) (element: JsonElement) = element.GetProperty(name).GetDouble()

    let private text (name: string) (element: JsonElement) = nonNull (element.GetProperty(name).GetString())

    let private list (name: string) (element: JsonElement) = [
        for one in element.GetProperty(name).EnumerateArray() -> one
    ]

    let private isNothing (name: string) (element: JsonElement) =
        equal JsonValueKind.Null (element.GetProperty(name).ValueKind)

    let private lineOf (name: string) (answer: Answer) =
        answer.Out.Split '\n'
        |> Array.find (fun line -> line.StartsWith(name.PadRight 16))
        |> _.Substring(17)

    let private wordsOf (line: string) = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)

    /// The rows of the table whose first two titles are these.
    let private rowsOf (one: string) (other: string) (answer: Answer) =
        answer.Out.Split '\n'
        |> Array.map wordsOf
        |> Array.skipWhile (fun cells -> Array.truncate 2 cells <> [| one; other |])
        |> Array.skip 1

    let private refused code (folder: Temporary) more (expected: string) =
        let answer = explain folder more
        equal (code, "") (answer.Code, answer.Out)
        startsWith "btcbandit explain: " answer.Error
        contains expected answer.Error
        isOneLine answer.Error

    /// A run on the sample week, in few steps.
    let private trainWeek (folder: Temporary) more =
        let answer =
            run (
                [ "--data"; Repository.sampleWeek; "--steps"; "300"; "--data-dir"; folder.Path ]
                @ more
            )

        equal 0 answer.Code

    [<Tests>]
    let tests =
        testList "ExplainCommandTests" [
            testCase "a decision is shown in lines of 80 characters, with its row equal"
            <| fun () ->
                use folder = new Temporary()

                for more in
                    [
                        []
                        [ "--agent"; "softmax" ]
                        [ "--agent"; "random" ]
                        [ "--agent"; "epsilon-greedy" ]
                        [ "--model"; "per-action" ]
                        [ "--horizon"; "5"; "--fill"; "close" ]
                        [ "--evidence"; "off" ]
                        [ "--agent"; "hold" ]
                    ] do
                    train folder more

                    for step in [ "1"; "700"; "-1" ] do
                        let answer = explain folder [ "--step"; step ]
                        equal (0, "") (answer.Code, answer.Error)
                        contains "row equal to the last byte" answer.Out

                        for line in answer.Out.Split('\n') do
                            // The path of the folder is as long as it is.
                            if not (line.StartsWith "step ") then
                                because line (fun () -> isAtMost 80 line.Length)

            testCase "the text has the figures of the JSON"
            <| fun () ->
                use folder = new Temporary()
                train folder []
                let answer = explain folder [ "--step"; "700" ]
                let found = json (explain folder [ "--step"; "700"; "--json" ])
                let row = File.ReadAllLines(folder.File "trades.csv")[700]
                equal row (text "row" found)
                equal (row.Split(',')[2]) (text "action" found)
                equal (row.Split(',')[14]) (text "reason" found)
                equal (text "action" found + ", " + text "reason" found) (lineOf "action" answer)
                startsWith "700 of 1,200 in " (lineOf "step" answer)
                let small (value: float) = (value * 1e4 + 0.0).ToString "0.0000"

                for action, cells in Seq.zip (list "actions" found) (rowsOf "action" "target" answer) do
                    equal (text "name" action) cells[0]
                    equal (small (figure "mean" action)) cells[4]
                    equal (small (figure "draw" action)) cells[6]

                let features = list "features" found
                equal 16 features.Length
                let largest = features |> List.maxBy (fun one -> abs (figure "buy_contribution" one))
                let rows = rowsOf "feature" "value" answer
                let first, sum, mean = rows[0], rows[16], rows[17]
                equal (text "name" largest) first[0]
                equal (small (figure "buy_contribution" largest)) (Array.last first)
                equal ("sum", "mean") (sum[0], mean[0])
                equal (Array.tail mean) (Array.tail sum)

                isNear 1e-15 (figure "buy_expected_return" found) (features |> List.sumBy (figure "buy_contribution"))

                isNear 1e-15 (figure "buy_expected_return" found) (figure "buy_sum_of_contributions" found)
                isNear 1e-15 (figure "expected_return" found) (figure "sum_of_contributions" found)

                for expert, cells in Seq.zip (list "evidence" found) (rowsOf "horizon" "gain" answer) do
                    equal ((figure "evidence" expert).ToString "0.000") cells[3]

                equal 4 (list "evidence" found).Length
                let rewards = found.GetProperty "rewards"
                contains "best in hindsight" (lineOf ("  " + text "best" rewards) answer)
                let draw = (list "draws" found).Head

                let value, counter = figure "value" draw, draw.GetProperty("counter").GetInt64()
                equal $"normal {value:F6}: seed 1, stream 1, counter {counter}" (lineOf "draw" answer)

            testCase "the order shows the price before and after slippage"
            <| fun () ->
                use folder = new Temporary()
                train folder [ "--evidence"; "off" ]
                let rows = File.ReadAllLines(folder.File "trades.csv") |> Array.map _.Split(',')
                let filled = rows |> Array.findIndexBack (fun row -> row[3] <> "")
                let answer = explain folder [ "--step"; $"{filled - 1}" ]
                let order = (json (explain folder [ "--step"; $"{filled - 1}"; "--json" ])).GetProperty "order"
                equal filled (order.GetProperty("step").GetInt32())
                let decided, executed = rows[filled - 1], rows[filled]
                equal decided[2] (text "side" order)

                for name, place in [ "price", 3; "quantity", 4; "fee", 5; "slippage", 6 ] do
                    isNear 6e-9 (Double.Parse executed[place]) (figure name order)

                isNear
                    1e-8
                    (figure "slippage" order)
                    (figure "quantity" order
                     * abs (figure "price" order - figure "market_price" order))

                startsWith decided[2] (lineOf "order" answer)
                contains "before slippage" answer.Out

            testCase "what is not known yet, and what an agent does not have, is told"
            <| fun () ->
                use folder = new Temporary()
                train folder [ "--agent"; "random" ]
                let rows = File.ReadAllLines(folder.File "trades.csv")
                let answer = explain folder [ "--step"; "-1" ]
                let found = json (explain folder [ "--step"; "-1"; "--json" ])

                contains
                    "not known yet: they are at step 1202, and the run ends 2 steps before"
                    (answer.Out.Replace("\n                 ", " "))

                isNothing "rewards" found
                isNothing "gate" found
                isNothing "order" found
                isNothing "sum_of_contributions" found
                equal true (found.GetProperty("state_agrees").GetBoolean())
                equal "equal to the last byte" (lineOf "state.json" answer)
                contains "agent random has none" answer.Out
                contains "uniform, the action:" answer.Out
                contains "none is asked for" answer.Out
                startsWith (rows[1200]) (text "row" found)

            testCase "a run on files takes the same files again"
            <| fun () ->
                use folder = new Temporary()
                trainWeek folder []
                let rows = File.ReadAllLines(folder.File "trades.csv")
                let data = [ "--data"; Repository.sampleWeek ]

                let found =
                    json (
                        explain
                            folder
                            ([ "--step"; "120"; "--json"; "--symbol"; "BTCUSDT"; "--timeframe"; "1m" ] @ data)
                    )

                equal rows[120] (text "row" found)
                equal 151 (found.GetProperty("rewards_known_at").GetInt32())
                refused 2 folder [ "--step"; "120" ] "--data: the run is on candle files; pass the same files"
                refused 2 folder ([ "--step"; "120"; "--timeframe"; "5m" ] @ data) "--timeframe 5m: the run has 1m"

                refused
                    2
                    folder
                    ([ "--step"; "120"; "--symbol"; "ETHUSDT" ] @ data)
                    "--symbol ETH/USDT: the run has BTC/USDT"

                refused 2 folder ([ "--step"; "120"; "--missing"; "flat" ] @ data) "--missing flat: the run has none"
                refused 1 folder [ "--step"; "120"; "--data"; folder.File "nothing.csv" ] "nothing.csv"

            testCase "an earlier run without a usable agent is passed over"
            <| fun () ->
                use folder = new Temporary()
                train folder []
                train folder [ "--keep-learning"; "--seed"; "2" ]
                let rows = File.ReadAllLines(folder.File "trades.csv")
                let earlier = Array.exactlyOne (Directory.GetDirectories(folder.File "runs"))
                // A later name, so that it is looked at first.
                let damaged = earlier + "-damaged"
                Directory.CreateDirectory damaged |> ignore
                let state = nonNull (JsonNode.Parse(File.ReadAllText(Path.Combine(earlier, "state.json"))))
                nonNull((nonNull state["run"]).["agent"]).["state"] <- JsonObject()
                File.WriteAllText(Path.Combine(damaged, "state.json"), state.ToJsonString())
                equal rows[120] (text "row" (json (explain folder [ "--step"; "120"; "--json" ])))

                Directory.Delete(earlier, true)
                refused 1 folder [ "--step"; "120" ] "does not hold an agent of the run"

            testCase "joined candles are joined again"
            <| fun () ->
                use folder = new Temporary()
                trainWeek folder [ "--timeframe"; "5m" ]
                let rows = File.ReadAllLines(folder.File "trades.csv")
                let found = json (explain folder [ "--step"; "200"; "--json"; "--data"; Repository.sampleWeek ])
                equal rows[200] (text "row" found)

            testCase "a live run takes the candles that were recorded"
            <| fun () ->
                use folder = new Temporary()
                trainWeek folder []
                // The run as it would be if its candles had been live.
                let state = File.ReadAllText(folder.File "state.json")

                let live =
                    state
                        .Replace("\"kind\": \"archive\"", "\"kind\": \"live\"")
                        .Replace("\"kind\":\"archive\"", "\"kind\":\"live\"")

                differs state live
                File.WriteAllText(folder.File "state.json", live)

                let target =
                    MonthlyCandles.FolderOf(folder.File "candles", TradingPair("BTC", "USDT"), Timeframe.OneMinute)

                refused
                    1
                    folder
                    [ "--step"; "120" ]
                    "the candles of a live run are recorded there; pass them with --data"

                Directory.CreateDirectory target |> ignore
                use file = File.OpenRead Repository.sampleWeek
                use text' = new StreamReader(new GZipStream(file, CompressionMode.Decompress))
                File.WriteAllText(Path.Combine(target, "BTCUSDT-1m-2024-03.csv"), text'.ReadToEnd())
                let rows = File.ReadAllLines(folder.File "trades.csv")

                for more in [ []; [ "--data"; Repository.sampleWeek ] ] do
                    let found = json (explain folder ([ "--step"; "120"; "--json" ] @ more))
                    equal rows[120] (text "row" found)

            testCase "a step that is not there is wrong usage, and so are flags of another run"
            <| fun () ->
                use folder = new Temporary()
                train folder []
                refused 2 folder [ "--step"; "1201" ] "--step 1201: the run has the steps 1 to 1200"
                refused 2 folder [ "--step"; "-1201" ] "no step -1201"
                refused 2 folder [ "--step"; "0" ] "--step 0: a number from 1"
                refused 2 folder [ "--step"; "x" ] "--step x: a whole number"
                refused 2 folder [] "--step"
                refused 2 folder [ "--step"; "5"; "--sort" ] "--sort goes with --data"
                refused 2 folder [ "--step"; "5"; "--data"; "x.csv" ] "--data x.csv: the run is on a synthetic market"

            testCase "what cannot be derived again is told in one line, with 1"
            <| fun () ->
                use folder = new Temporary()
                refused 1 folder [ "--step"; "5" ] "there is no run in"
                train folder []
                let path = folder.File "trades.csv"
                let lines = File.ReadAllLines path
                let cells = lines[40].Split ','
                let derived = cells[13]
                cells[13] <- derived[.. derived.Length - 2] + (if derived.EndsWith '1' then "2" else "1")
                lines[40] <- String.Join(',', cells)
                File.WriteAllText(path, String.Join('\n', lines) + "\n")
                refused 1 folder [ "--step"; "50" ] $"q_buy is {cells[13]} in trades.csv and {derived} derived again"
                refused 1 folder [ "--step"; "50" ] "step 40, "

                use old = new Temporary()

                for name in [ "state.json"; "trades.csv" ] do
                    File.Copy(Repository.path $"tests/Golden/run-schema-4/{name}", old.File name)

                refused 1 old [ "--step"; "5" ] "saved by a version with arithmetic 3, this one has 4"

            testCase "a signal ends it with its exit code"
            <| fun () ->
                use folder = new Temporary()
                train folder []
                use out = new StringWriter()
                use error = new StringWriter()

                let host =
                    ConsoleHost(
                        out,
                        error,
                        false,
                        false,
                        TimeProvider.System,
                        (fun _ -> null),
                        (fun () -> struct (80, 24))
                    )

                use signals = new StopSignals(Nullable(), TimeProvider.System)
                holds (signals.Take ExitCode.Interrupted)

                let options =
                    ExplainOptions(
                        folder.Path,
                        900,
                        Files = ArchiveOptions([||], TradingPair("BTC", "USDT"), Timeframe.OneMinute)
                    )

                let code = ExplainCommand.RunAsync(options, host, signals).GetAwaiter().GetResult()
                equal (130, "") (code, out.ToString())
        ]
