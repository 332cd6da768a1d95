namespace BtcBandit.Tui.Tests.Commands

open System
open System.Globalization
open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

open BtcBandit.Tui.Tests.Commands.BacktestFiles

/// What backtest prints and answers.
module BacktestCommandTests =

    [<Tests>]
    let tests =
        // One changes the working directory; and work of more than a second would show its progress.
        testSequenced
        <| testList "BacktestCommandTests" [
            testCase "a week of candles ends with the agent beside the baselines"
            <| fun () ->
                use folder = new Temporary()
                let answer = backtest (write folder "candles" 2_000) []
                equal 0 answer.Code
                equal [| "read 2,000 rows from 1 file, 2,000 candles passed" |] (lines answer.Error)
                let names = lines answer.Out |> Array.map (fun line -> Array.head (words (line + " x")))

                for name in [ "linear-ts"; "hold"; "buy-and-hold"; "ma-cross"; "random-turnover" ] do
                    has name names

                all (fun one -> one <= 120) (lines answer.Out |> Array.map String.length)

            /// What it looks like is on file; BTCBANDIT_WRITE_GOLDEN=1 writes it anew.
            cases "the text is the one on file" [
                "seeds", "--offline --steps 2000 --seeds 3 --compare linear-ts;softmax;hold"
                "single", "--offline --world mean-reverting --steps 3000 --agent greedy --fill close"
                "no-trades", "--offline --world martingale --steps 1500 --seeds 2"
                "short", "--offline --steps 20 --timeframe 1h --initial-cash 1000000000000"
                "months", "--offline --steps 150 --timeframe 1d --history 0 --agent random --seeds 2"
            ]
            <| fun (name: string, line: string) ->
                let answer = run ("backtest" :: List.ofArray (words line))
                equal 0 answer.Code
                let text = answer.Out.ReplaceLineEndings "\n"
                let file = Repository.path $"tests/Golden/backtest/{name}.txt"

                if Environment.GetEnvironmentVariable "BTCBANDIT_WRITE_GOLDEN" = "1" then
                    Directory.CreateDirectory(nonNull (Path.GetDirectoryName file)) |> ignore
                    File.WriteAllText(file, text)
                    skiptest $"written: {file}"

                because name (fun () -> equal (Repository.read $"tests/Golden/backtest/{name}.txt") text)

                // Amounts of a large sum of money need wider columns.
                if name <> "short" then
                    all (fun one -> one <= 120) (lines text |> Array.map String.length)

            cases "amounts have all their digits, and columns do not touch" [ "1000000000"; "1000000000000" ]
            <| fun (cash: string) ->
                let answer = offline [ "--agent"; "random"; "--horizon"; "5"; "--initial-cash"; cash ]

                equal 0 answer.Code
                let all = lines answer.Out

                let rows from =
                    all
                    |> Array.skipWhile (fun line -> not (line.StartsWith(from: string)))
                    |> Array.takeWhile ((<>) "")

                let main = rows "        "
                let months = rows "  month"
                let fees = main[1].Substring(main[1].LastIndexOf ' ' + 1)
                matches (@"^\d{1,3}(,\d{3}){2,}\.\d\d$") fees
                matches (@"^\d{1,3}(,\d{3}){2,}\.\d\d$") (months[1].Split ' ' |> Array.last)
                let equity = all |> Array.find (fun line -> line.StartsWith "equity ")
                matches (@"^equity +\d{1,3}(,\d{3}){2,}\.\d\d$") equity

                for table in [ main; months ] do
                    for row in table do
                        equal table[0].Length row.Length

            testCase "columns stand below each other"
            <| fun () ->
                let answer = offline [ "--seeds"; "3"; "--compare"; "linear-ts; softmax; random; hold" ]
                let all = lines answer.Out

                let table from =
                    all
                    |> Array.skipWhile (fun line -> not (line.StartsWith(from: string)))
                    |> Array.takeWhile ((<>) "")

                // Every cell ends where the title above it ends, and a blank stands before it.
                let below (title: string) (rows: string[]) =
                    let ends = [
                        for i in 1 .. title.Length - 1 do
                            if title[i] <> ' ' && (i + 1 = title.Length || title[i + 1] = ' ') then
                                i
                    ]

                    for row in rows do
                        equal title.Length row.Length

                        for place in ends do
                            Expect.isTrue (row[place] <> ' ') ($"{title}\n{row}")

                let main = table "        "

                below
                    (main[0].Replace("per year", "per_year"))
                    (main[1..] |> Array.filter (fun line -> line.Length > 40))

                isAbove 10 main.Length
                let months = table "  month"
                below (months[0].Replace("buy and hold", "buy_and_hold")) months[1..]
                isAbove 1 months.Length

            testCase "the number of threads does not show, in text and JSON"
            <| fun () ->
                use folder = new Temporary()
                let file = write folder "candles" 1_500
                let more = [ "--seeds"; "3"; "--compare"; "linear-ts; random; softmax" ]

                for format in [ []; [ "--json" ] ] do
                    let one = backtest file (more @ format @ [ "--threads"; "1" ])
                    let two = backtest file (more @ format @ [ "--threads"; "2" ])
                    equal (0, 0) (one.Code, two.Code)
                    equal one.Out two.Out
                    isAbove 1_000 one.Out.Length

            testCase "a file gives what the synthetic market that it was written from gives"
            <| fun () ->
                use folder = new Temporary()
                let file = write folder "candles" 1_500

                let ofFile = backtest file [ "--seed"; "4"; "--json" ]

                let runs (answer: Answer) = [
                    for list in [ "agents"; "baselines" ] do
                        for agent in (json answer).GetProperty(list).EnumerateArray() do
                            (agent.GetProperty "runs").GetRawText()
                ]

                // Five closes warm the average up, fifteen candles the features.
                let steps = (summary ofFile |> get "steps").GetInt32()

                let synthetic =
                    run (
                        [
                            "backtest"
                            "--offline"
                            "--history"
                            "0"
                            "--steps"
                            string steps
                            "--seed"
                            "4"
                            "--json"
                        ]
                        @ small
                    )

                equal (0, 0) (ofFile.Code, synthetic.Code)
                equal (runs synthetic) (runs ofFile)

            testCase "the JSON object is alone on stdout, and has the text's figures"
            <| fun () ->
                use folder = new Temporary()
                let file = write folder "candles" 2_000
                let more = [ "--seeds"; "2"; "--compare"; "linear-ts; greedy" ]
                let text, answer = backtest file more, backtest file ("--json" :: more)
                equal (0, 0) (text.Code, answer.Code)
                let root = json answer
                equal true (root.GetProperty("is_whole").GetBoolean())
                equal [ "linear-ts"; "greedy" ] (agentsOf answer "agents")
                equal [ "hold"; "buy-and-hold"; "ma-cross"; "random-turnover" ] (agentsOf answer "baselines")
                let spread name = agent 0 answer |> get "spread" |> get name
                let percent (value: float) = value.ToString("+0.00 %;-0.00 %;0.00 %", CultureInfo.InvariantCulture)

                let row name =
                    lines text.Out
                    |> Array.find (fun line -> line.StartsWith(name: string))
                    |> words

                let value name part = (spread name |> get part).GetDouble()
                let cells name = Array.toList (row name)
                equal (percent (value "total_return" "mean")) (String.Join(' ', (cells "  mean")[1..2]))
                equal (percent (value "total_return" "least")) (String.Join(' ', (cells "  least")[1..2]))

                equal
                    ((value "final_equity" "mean").ToString("N2", CultureInfo.InvariantCulture))
                    (List.item 1 (cells "equity"))

                let months = agent 0 answer |> get "runs" |> at 0 |> get "path" |> get "months"
                equal 1 (months.GetArrayLength())
                contains "2024-01" text.Out

            testCase "the header is that of the first agent's first run"
            <| fun () ->
                let answer = offline [ "--compare"; "softmax; linear-ts"; "--seed"; "3"; "--json" ]
                let parameters = (json answer).GetProperty("header").GetProperty "parameters"

                equal
                    ("softmax", "15", "3")
                    (string (get "agent" parameters), string (get "horizon" parameters), string (get "seed" parameters))

                // The other one still weighs several horizons.
                let auto = offline [ "--agent"; "linear-ts"; "--seed"; "3"; "--json" ]
                equal (runsOf 0 auto) (runsOf 1 answer)

            testCase "seeds count up, and agents that draw nothing run once"
            <| fun () ->
                let answer = offline [ "--seeds"; "3"; "--seed"; "-1"; "--compare"; "linear-ts; greedy"; "--json" ]

                let seeds place = [
                    for run in (agent place answer |> get "runs").EnumerateArray() -> run.GetProperty("seed").GetInt64()
                ]

                equal [ -1L; 0L; 1L ] (seeds 0)
                equal [ -1L ] (seeds 1)
                // The last seeds there are.
                let last = offline [ "--seeds"; "2"; "--seed"; string (Int64.MaxValue - 1L); "--json" ]
                equal 0 last.Code

            testCase "steps are counted after history and warm-up, and more than there are is all"
            <| fun () ->
                use folder = new Temporary()
                let file = write folder "candles" 1_000

                let counts more =
                    let summary = summary (backtest file ("--json" :: more))
                    (get "steps" summary).GetInt32(), (get "candles" summary).GetInt32()

                equal (100, 400) (counts [ "--steps"; "100"; "--history"; "300" ])
                let all = counts []
                equal all (counts [ "--steps"; "2000000000" ])
                equal 1_000 (snd all)

            testCase "a baseline that was also asked for stands there once"
            <| fun () ->
                let answer = offline [ "--compare"; "hold; ma-cross" ]

                let count (name: string) =
                    lines answer.Out
                    |> Array.filter (fun line -> line.StartsWith(name + " ") && line.Length > 100)
                    |> Array.length

                equal [ 1; 1; 1; 1 ] (List.map count [ "hold"; "ma-cross"; "buy-and-hold"; "random-turnover" ])

            testCase "too few candles for a step say so, and 1"
            <| fun () ->
                use folder = new Temporary()
                let answer = backtest (write folder "short" 10) [ "--history"; "300" ]
                equal (1, "") (answer.Code, answer.Out)

                equal
                    "btcbandit backtest: no step was made: the source gave 10 candles, history and warm-up take 300"
                    (Array.last (lines answer.Error))

            testCase "bad data is one line, and 1"
            <| fun () ->
                use folder = new Temporary()
                let file = write folder "candles" 200
                File.AppendAllLines(file, [ "not,a,candle,at,all,x" ])
                let answer = backtest file []
                equal (1, "") (answer.Code, answer.Out)
                let last = Array.last (lines answer.Error)
                startsWith "btcbandit backtest: " last
                contains "candles.csv" last

            testCase "gaps are told, and whole months without a candle are left out"
            <| fun () ->
                use folder = new Temporary()
                let file = writeSome folder "candles" 2_000 (fun index -> index < 400 || index >= 700)
                let answer = backtest file []
                equal 0 answer.Code
                contains "300 candles" answer.Error
                // Told once, although the candles are read twice.
                let told = lines answer.Error
                equal (Array.length (Array.distinct told)) (Array.length told)

            cases "any market and options" [
                "--timeframe 1d --history 0"
                "--timeframe 15m --symbol SHIB/USDT"
                "--fill close --history 500"
                "--symbol XYZ/USDT --position-fraction 0.5"
                "--model per-action --seeds 2"
                "--feedback bandit --compare linear-ts;softmax;random"
                "--initial-cash 1000000000000"
            ]
            <| fun (line: string) ->
                use folder = new Temporary()
                let answer = backtest (write folder "candles" 3_000) (List.ofArray (words line))

                // Two days are no fifty closes.
                if line.Contains "1d" then
                    equal 1 answer.Code
                    contains "no step was made" answer.Error
                else
                    equal 0 answer.Code
                    // Amounts of a large sum of money need wider columns.
                    let most = if line.Contains "--initial-cash" then 140 else 120
                    all (fun one -> one <= most) (lines answer.Out |> Array.map String.length)

            testCase "nothing is written"
            <| fun () ->
                use folder = new Temporary()
                let file = write folder "candles" 300
                let before = Directory.GetCurrentDirectory()
                Directory.CreateDirectory(folder.File "work") |> ignore

                try
                    Directory.SetCurrentDirectory(folder.File "work")
                    equal 0 (backtest file [ "--seeds"; "2" ]).Code
                    equal 0 (offline []).Code
                    isEmpty (Directory.GetFileSystemEntries(folder.File "work"))
                finally
                    Directory.SetCurrentDirectory before

                equal [| file; folder.File "work" |] (Directory.GetFileSystemEntries folder.Path |> Array.sort)
        ]
