namespace BtcBandit.Tui.Tests.Commands

open System
open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Host
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

open BtcBandit.Tui.Tests.Commands.BacktestFiles

/// What power refuses, prints, draws and answers.
module PowerCommandTests =

    let private see = " (see btcbandit power --help)"

    let private few = [
        "--worlds"
        "2"
        "--steps"
        "2048"
        "--history"
        "100"
        "--edges"
        "0,4"
        "--world"
        "flips"
    ]

    let private power more = run ("power" :: few @ small @ more)

    let private hostOf (out: TextWriter) (error: TextWriter) =
        ConsoleHost(out, error, false, false, HurryingClock(), (fun _ -> null), (fun () -> struct (0, 0)))

    [<Tests>]
    let tests =
        testList "PowerCommandTests" [
            cases "wrong usage is one line, and 2" [
                "--worlds 0", "--worlds 0: a whole number from 1 to 100000 is needed"
                "--steps 2047", "--steps 2047: a whole number from 2048 to 100000000 is needed"
                "--threads 0", "--threads 0: a whole number from 1 to 1024 is needed"
                "--edges 1,0.5", "--edges 1,0.5: growing numbers from 0 to 1000 are needed, with commas between them"
                "--edges 1,,2", "--edges 1,,2: growing numbers from 0 to 1000 are needed, with commas between them"
                "--edges -1", "--edges -1: growing numbers from 0 to 1000 are needed, with commas between them"
                "--edges 1001", "--edges 1001: growing numbers from 0 to 1000 are needed, with commas between them"
                "--world martingale", "--world martingale: one of drifts flips is needed"
                "--svg /", "--svg /: a file is needed, not a folder, a pipe or a device"
                "--timeframe 7m", "--timeframe 7m: one of "
                "--world-s 3", "--world-s: no such flag or command (did you mean --worlds?)"
                "--data x", "--data: no such flag or command"
            ]
            <| fun (line: string, expected: string) ->
                let answer = run ("power" :: List.ofArray (words line))
                equal (2, "") (answer.Code, answer.Out)
                isOneLine answer.Error
                startsWith $"btcbandit power: {expected}" answer.Error
                endsWith $"{see}\n" (answer.Error.ReplaceLineEndings "\n")

            cases "flags that do not go together are one line, and 2" [
                "--fee-bps 0 --slippage-bps 0",
                "--fee-bps 0 --slippage-bps 0: edges are multiples of what trading costs"
                "--world flips",
                "--edges 8: no market of --world flips on --timeframe 1m has an edge of 176 bps per trade; lower costs, a longer timeframe or smaller edges are needed"
                "--agent softmax --model per-action", "--model per-action: agent softmax has one model, shared"
            ]
            <| fun (line: string, expected: string) ->
                let answer = run ("power" :: List.ofArray (words line))
                equal (2, "", $"btcbandit power: {expected}\n") (answer.Code, answer.Out, answer.Error)

            testCase "help has every flag, examples and exit codes"
            <| fun () ->
                let answer = run [ "power"; "--help" ]
                equal (0, "") (answer.Code, answer.Error)

                let flags =
                    "--world --edges --worlds --steps --threads --json --svg --symbol --timeframe --history --seed --indicators \
                     --fee-bps --slippage-bps --initial-cash --agent --model --feedback --horizon --posterior-scale \
                     --forgetting --evidence --position-fraction --fill"

                for part in Array.append (words flags) [| "Examples:"; "Exit codes:" |] do
                    contains part answer.Out

            testCase "the result is two sentences, the run, and a row for each edge"
            <| fun () ->
                let answer = power []
                equal 0 answer.Code
                let text = lines answer.Out

                matches
                    "^(The smallest edge found in at least 80 % of the worlds is 4 times|No edge of up to 4 times) the cost of a round trip"
                    text[0]

                endsWith "Without an edge, skill is claimed in 0 of 2 worlds." text[0]
                equal "run         synthetic flips BTC/USDT 1m, agent linear-ts, seeds from 1 on" text[2]
                equal "indicators  sma:5" text[3]
                equal "round trip  2 bps, fees and slippage of both sides" text[4]
                matches @"^edge +oracle, bps +128 +256 +512 +1,024 +2,048 +80 % from +traded +growth +worlds$" text[8]
                matches @"^none +- +0 % +0 % +0 % +0 % +0 % +- " text[9]
                matches @"^4 x +[78]\.\d\d .* +2$" text[10]
                equal 11 text.Length

            testCase "the same command prints the same, on any number of threads, and its JSON is that of the plan"
            <| fun () ->
                let first = power [ "--json" ]
                equal first.Out (power [ "--json"; "--threads"; "1" ]).Out

                let run = RunParameters(Indicators = "sma:5", History = 100, Costs = Costs.Of(1.0, 0.0), Seed = 1L)

                let plan =
                    PowerPlan(run, World = SyntheticWorld.Flips, Worlds = 2, Steps = 2_048, Edges = [| 0.0; 4.0 |])

                let expected = plan.RunAsync().GetAwaiter().GetResult()
                equal (expected.ToJson() + "\n") (first.Out.ReplaceLineEndings "\n")

            testCase "the chart is written where it is asked for"
            <| fun () ->
                use folder = new Temporary()
                let file = folder.File "power.svg"
                File.WriteAllText(file, "old")
                let answer = power [ "--svg"; file ]
                equal 0 answer.Code
                startsWith "<svg xmlns=" (File.ReadAllText file)

                equal
                    [| "power.svg" |]
                    (Directory.GetFiles folder.Path
                     |> Array.map (fun one -> nonNull (Path.GetFileName one)))

            testCase "a chart that cannot be written is one line before any work, and 1"
            <| fun () ->
                use folder = new Temporary()
                let answer = power [ "--svg"; Path.Combine(folder.Path, "missing", "power.svg") ]
                equal (1, "") (answer.Code, answer.Out)
                isOneLine answer.Error
                startsWith "btcbandit power: --svg " answer.Error

            testCase "a signal ends it with what is done, its exit code, and the old chart"
            <| fun () ->
                use folder = new Temporary()
                let file = folder.File "power.svg"
                File.WriteAllText(file, "old")
                use signals = new StopSignals(Nullable(), TimeProvider.System)
                use out = new StringWriter()
                let mutable seen = 0

                use error =
                    new Listener(fun line ->
                        if line.StartsWith "runs" then
                            seen <- seen + 1

                            if seen > 4 then
                                signals.Take 130 |> ignore)

                let run = RunParameters(Indicators = "sma:5", History = 100, Costs = Costs.Of(1.0, 0.0), Seed = 1L)

                let plan =
                    PowerPlan(run, World = SyntheticWorld.Flips, Worlds = 500, Steps = 2_048, Edges = [| 0.0; 4.0 |])

                let options = PowerOptions(Plan = plan, Svg = file)
                equal 130 (PowerCommand.RunAsync(options, hostOf out error, signals).GetAwaiter().GetResult())

                matches
                    @"^stopped after \d+ of 1,000 runs; .*power\.svg is not written$"
                    (Array.last (lines (error.ToString())))

                contains "Without an edge" (out.ToString())
                equal "old" (File.ReadAllText file)
        ]
