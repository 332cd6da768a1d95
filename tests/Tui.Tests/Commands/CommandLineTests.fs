namespace BtcBandit.Tui.Tests.Commands

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

module CommandLineTests =

    [<Tests>]
    let tests =
        testList "CommandLineTests" [
            cases "wrong usage is one line that names the flag, the value and what is accepted, and 2" [
                "--unknown", "--unknown: no such flag or command"
                "foo", "foo: no such flag or command"
                "--offline --steps -1", "--steps -1: a whole number from 1 to 2147483647 is needed"
                "--offline --steps 0", "--steps 0: a whole number from 1"
                "--offline --steps 1.5", "--steps 1.5: a whole number from 1"
                "--offline --history -1", "--history -1: a whole number from 0"
                "--offline --duration 0", "--duration 0: a number from 0.001"
                "--offline --duration 4233601", "--duration 4233601: a number from 0.001 to 4233600 is needed"
                "--offline --delay -1", "--delay -1: a number from 0 to 86400 is needed"
                "--offline --delay NaN", "--delay NaN: a number from 0"
                "--offline --fee-bps -3", "--fee-bps -3: a number from 0 to 1000 is needed"
                "--offline --slippage-bps x", "--slippage-bps x: a number from 0 to 1000 is needed"
                "--offline --initial-cash 1", "--initial-cash 1: a number from 10 to 1000000000000 is needed"
                "--offline --seed 1.5", "--seed 1.5: a whole number is needed"
                "--offline --world mars", "--world mars: one of drifts mean-reverting flips martingale flat is needed"
                "--offline --symbol ???", "--symbol ???: a pair such as BTC/USDT is needed"
                "--offline --timeframe 7m", "--timeframe 7m: one of 1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d is needed"
                "--offline --indicators ema:0", "--indicators ema:0: period must be 1..10000"
                "--offline --data a.csv", "--offline and --data exclude each other"
                "--data a.csv --world flips", "--world goes with --offline, not with --data"
                "--data --json", "--data: a value is needed before --json"
                "--offline --data-dir --fresh", "--data-dir: a value is needed before --fresh"
                "--offline --seed --json", "--seed: a value is needed before --json"
                "--offline --delay --json", "--delay: a value is needed before --json"
                "--offline --sort", "--sort goes with --data, not with --offline"
                "--skip-bad-rows --offline", "--skip-bad-rows goes with --data, not with --offline"
            ]
            <| fun (line: string, expected: string) ->
                let answer = run (words line)
                equal 2 answer.Code
                equal "" answer.Out
                isOneLine answer.Error
                contains expected answer.Error

            cases "a value of nothing but blanks is shown as it was passed" [
                "--data", "", "--data '': the path of a file or folder is needed"
                "--data", " ", "--data ' ': the path of a file or folder is needed"
                "--data-dir", "", "--data-dir '': a folder is needed"
                "--data-dir", " ", "--data-dir ' ': a folder is needed"
                "--symbol", "", "--symbol '': a pair such as BTC/USDT is needed"
                "--missing", "", "--missing '': none or flat is needed"
                "--missing", "none,flat", "--missing none,flat: none or flat is needed"
                "--columns", "", "--columns '': accepted: time (or date and clock), open"
                "--time-format", "HH:mm", "--time-format HH:mm: accepted: a .NET date format with year, month and day"
            ]
            <| fun (flag: string, value: string, expected: string) ->
                let answer = run [ flag; value ]
                equal (2, "") (answer.Code, answer.Out)
                contains expected answer.Error
                isOneLine answer.Error

            testCase "indicators of a path without a name is wrong usage"
            <| fun () ->
                let answer = run [ "indicators"; "--data"; "" ]
                equal (2, "") (answer.Code, answer.Out)
                contains "--data '': the path of a file or folder is needed" answer.Error

            cases "what can never work is refused" [
                "--agent softmax --model per-action", "--model per-action: agent softmax has one model, shared"
                "--initial-cash 10 --position-fraction 0.3",
                "--position-fraction 0.3 of --initial-cash 10 is 3: the exchange takes no order below 5"
            ]
            <| fun (line: string, expected: string) ->
                let answer = run (words $"--offline {line}")
                equal (2, "") (answer.Code, answer.Out)
                contains expected answer.Error
                isOneLine answer.Error

            testCase "several horizons where the agent cannot weigh them are refused"
            <| fun () ->
                for line in [ "--feedback bandit"; "--model per-action"; "--agent softmax" ] do
                    let answer = run (words $"--offline --horizon auto {line}")
                    equal (2, "") (answer.Code, answer.Out)
                    contains "--horizon auto: several horizons need --model shared" answer.Error
                    isOneLine answer.Error

            testCase "help has every flag, the defaults, examples and exit codes"
            <| fun () ->
                let answer = run [ "--help" ]
                equal (0, "") (answer.Code, answer.Error)

                for part in
                    [
                        "--offline"
                        "--world"
                        "--data "
                        "--symbol"
                        "--timeframe"
                        "--history"
                        "--steps"
                        "--duration"
                        "--delay"
                        "--dashboard"
                        "--seed"
                        "--data-dir"
                        "--fresh"
                        "--keep-learning"
                        "--json"
                        "--indicators"
                        "--fee-bps"
                        "--slippage-bps"
                        "--initial-cash"
                        $"[default: {Catalogue.Default}]"
                        "Examples:"
                        "Exit codes:"
                    ] do
                    contains part answer.Out

            testCase "version is a version"
            <| fun () ->
                let answer = run [ "--version" ]
                equal 0 answer.Code
                matches (@"^\d+\.\d+\.\d+") answer.Out
        ]

module TrainCommandTests =

    let private offline (folder: Temporary) more = [ "--offline"; "--steps"; "60"; "--data-dir"; folder.Path ] @ more

    [<Tests>]
    let tests =
        testList "TrainCommandTests" [
            testCase "a synthetic run ends with a summary for people"
            <| fun () ->
                use folder = new Temporary()
                let answer = run (offline folder [])
                equal (0, "") (answer.Code, answer.Error)
                contains "equity        1,000.00 -> " answer.Out
                contains "synthetic drifts seed 1 BTC/USDT 1m" answer.Out

            testCase "the JSON object is alone on stdout, whatever is watched"
            <| fun () ->
                use folder = new Temporary()
                let answer = run (offline folder [ "--json"; "--dashboard"; "--delay"; "0" ])
                equal 0 answer.Code
                let summary = json answer
                equal 60 (summary.GetProperty("steps").GetInt32())
                equal 1_500 (summary.GetProperty("candles").GetInt32())
                equal Catalogue.Default (string (summary.GetProperty "indicators"))
                contains "step 60 close" answer.Error

            testCase "where there is no screen the dashboard is one plain line per step"
            <| fun () ->
                use folder = new Temporary()
                let answer = run (offline folder [ "--dashboard"; "--delay"; "0" ])
                let steps = answer.Out.Split '\n' |> Array.filter (fun line -> line.Contains " step ")
                equal 60 steps.Length

                all
                    (fun (one: string) ->
                        Regex.IsMatch(
                            one,
                            @"^2024-01-02 \d\d:\d\d step \d+ close \d+\.\d\d (SELL|HOLD|BUY) equity \d+\.\d\d( filled .*)?$"
                        ))
                    steps

            // Terminal.Gui keeps state that is static.
            testSequencedGroup "Terminal.Gui"
            << testCase "on a screen a run has no default number of steps, and ends with its duration"
            <| fun () ->
                // The driver of the library writes to no terminal then.
                Environment.SetEnvironmentVariable("DisableRealDriverIO", "1")
                use folder = new Temporary()

                let arguments = [
                    "--offline"
                    "--dashboard"
                    "--delay"
                    "0.005"
                    "--history"
                    "100"
                    "--data-dir"
                    folder.Path
                ]

                let clock = VirtualClock()
                // Whoever looks finds the clock a delay later. A step looks twice, before its delay and after it.
                clock.Asked <- fun () -> clock.Pass(TimeSpan.FromMilliseconds 5.0)
                let answer = onClock clock (80, 24) (arguments @ [ "--duration"; "3" ])
                equal 0 answer.Code
                contains "equity        1,000.00 -> " answer.Out
                let steps = File.ReadAllLines(Path.Combine(folder.Path, "trades.csv")).Length - 1
                isWithin (TrainOptions.DefaultSteps + 1) 305 steps

            cases "evidence is off or a number from 0 to 100" [ "-1"; "101"; "none"; "1e2" ]
            <| fun (value: string) ->
                let answer = run [ "--offline"; "--evidence"; value ]
                equal 2 answer.Code
                contains $"--evidence {value}: off or a number from 0 to 100 is needed" answer.Error

            testCase "with the evidence off, money follows the best expert from the first step"
            <| fun () ->
                use folder = new Temporary()

                let fills more =
                    let arguments = [
                        "--offline"
                        "--json"
                        "--fresh"
                        "--steps"
                        "300"
                        "--data-dir"
                        folder.Path
                    ]

                    (json (run (arguments @ more))).GetProperty("trades").GetInt64()

                // There is nothing to learn in this market, and trading is cheap enough to try.
                let martingale = [ "--world"; "martingale"; "--fee-bps"; "1"; "--slippage-bps"; "0.1" ]
                equal 0L (fills martingale)
                isAbove 0L (fills (martingale @ [ "--evidence"; "off" ]))
                equal (fills [ "--evidence"; "off" ]) (fills [ "--evidence"; "0" ])

            testCase "a duration ends the run, and steps are then no limit"
            <| fun () ->
                let steps (seconds: int) =
                    use folder = new Temporary()
                    let clock = VirtualClock()
                    // A second passes with every step, which looks at the clock before its delay and after it.
                    clock.Asked <- fun () -> clock.Pass(TimeSpan.FromSeconds 0.5)

                    let arguments = [
                        "--offline"
                        "--steps"
                        "1"
                        "--history"
                        "0"
                        "--delay"
                        "0.5"
                        "--duration"
                        string seconds
                        "--json"
                        "--data-dir"
                        folder.Path
                    ]

                    let answer = runOn clock arguments
                    equal 0 answer.Code
                    (json answer).GetProperty("steps").GetInt64()

                let few = steps 20
                isWithin 15L 20L few
                equal (few + 10L) (steps 30)

            testCase "history decides where the first step is"
            <| fun () ->
                use folder = new Temporary()

                let first history =
                    let answer = run (offline folder [ "--json"; "--fresh"; "--history"; string history ])
                    (json answer).GetProperty("first_open_time").GetInt64()

                let start = 1_704_067_200_000L
                equal (start + 2_000L * 60_000L) (first 2_000)
                // Without history the indicators still have to warm up.
                equal (start + 52L * 60_000L) (first 0)

            cases "the timeframe is honoured" [ "5m", 300_000L; "1h", 3_600_000L ]
            <| fun (name: string, length: int64) ->
                use folder = new Temporary()
                let summary = json (run (offline folder [ "--json"; "--timeframe"; name ]))

                let span =
                    summary.GetProperty("last_open_time").GetInt64()
                    - summary.GetProperty("first_open_time").GetInt64()

                equal (59L * length) span

            testCase "costs cost"
            <| fun () ->
                use folder = new Temporary()

                let summary bps =
                    json (run (offline folder [ "--json"; "--fresh"; "--fee-bps"; bps; "--slippage-bps"; bps ]))

                equal 0.0 ((summary "0").GetProperty("fees_paid").GetDouble())
                equal 0.0 ((summary "0").GetProperty("slippage_paid").GetDouble())
                isAbove 0.0 ((summary "2").GetProperty("fees_paid").GetDouble())
                isAbove 0.0 ((summary "2").GetProperty("slippage_paid").GetDouble())

            testCase "a file that is missing leaves the folder as it is"
            <| fun () ->
                use folder = new Temporary()
                run (offline folder []) |> ignore
                let before = File.ReadAllBytes(folder.File "state.json")
                let answer = run [ "--data"; folder.File "missing.csv"; "--data-dir"; folder.Path ]
                equal (1, "") (answer.Code, answer.Out)
                isOneLine answer.Error
                contains "missing.csv: no such file or folder" answer.Error
                equal before (File.ReadAllBytes(folder.File "state.json"))

            testCase "a source that is too short for a step says so, and 1"
            <| fun () ->
                use folder = new Temporary()
                let rows = [ for i in 0..9 -> $"{1_709_251_200_000L + int64 i * 60_000L},1,2,1,1,1" ]
                File.WriteAllLines(folder.File "short.csv", "open_time,open,high,low,close,volume" :: rows)
                let answer = run [ "--data"; folder.File "short.csv"; "--data-dir"; folder.File "data" ]
                equal 1 answer.Code
                contains "no step was made: the source gave 10 candles, history and warm-up take 52" answer.Error

            testCase "keeping the learning of a damaged learner is one clear line, and 1"
            <| fun () ->
                use folder = new Temporary()
                run (offline folder []) |> ignore
                let path = folder.File "state.json"
                let damaged = Regex.Replace(File.ReadAllText path, "\"learned\": \\d+", "\"learned\": null")
                File.WriteAllText(path, damaged)
                let answer = run (offline folder [ "--seed"; "2"; "--keep-learning" ])
                equal (1, "") (answer.Code, answer.Out)

                startsWith
                    $"btcbandit: {path} is not a state of this program: the state of agent linear-ts is not what it should be: $."
                    answer.Error

                contains "learned; it is left as it is: restore state.json.bak over it" answer.Error
                isOneLine answer.Error
                equal damaged (File.ReadAllText path)

            testCase "keeping the learning of other indicators is wrong usage"
            <| fun () ->
                use folder = new Temporary()
                run (offline folder []) |> ignore
                let answer = run (offline folder [ "--keep-learning"; "--indicators"; "sma:5" ])
                equal 2 answer.Code
                contains "state.json was learned with --indicators sma:14," answer.Error
                contains ", not sma:5; pass --indicators sma:14," answer.Error
        ]
