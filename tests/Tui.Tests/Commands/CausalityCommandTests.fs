namespace BtcBandit.Tui.Tests.Commands

open System
open System.Collections.Generic
open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Host
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

open BtcBandit.Tui.Tests.Commands.BacktestFiles

/// What causality refuses, prints and answers.
module CausalityCommandTests =

    let private see = " (see btcbandit causality --help)"
    let private causality file more = run ("causality" :: "--data" :: file :: small @ more)
    let private offline more = run ([ "causality"; "--offline"; "--history"; "0"; "--steps"; "600" ] @ small @ more)

    let private quiet out error =
        ConsoleHost(out, error, false, false, TimeProvider.System, (fun _ -> null), (fun () -> struct (0, 0)))

    /// What the command prints of a check of features.
    let private concluded isJson (make: Candle IReadOnlyList -> FeatureSet) =
        use out = new StringWriter()
        use error = new StringWriter()
        let result = (CausalityPlan.OfFeatures make).RunAsync(market[..399]).GetAwaiter().GetResult()
        let code = CausalityEnd(quiet out error, isJson).Conclude result
        { Code = code; Out = out.ToString(); Error = error.ToString() }

    let private withOwn name (valueOf: Candle -> float) =
        let indicator = Indicator.scan (fun () candle -> struct ((), valueOf candle)) ()
        let recipe = IndicatorRecipe.Of(name, indicator).WithFeatures(IndicatorFeature.Centred(0, scale = 1e-5))
        FeatureSet.Of($"sma:5,{name}", Catalogue.BuiltIn.With recipe)

    [<Tests>]
    let tests =
        testList "CausalityCommandTests" [
            cases "wrong usage is one line, and 2" [
                "", "--data or --offline is needed"
                "--offline --data a.csv", "--offline and --data exclude each other: one source is needed"
                "--data a.csv --world flips", "--world goes with --offline, not with --data"
                "--offline --sort", "--sort goes with --data, not with --offline"
                "--offline --cuts 0", "--cuts 0: a whole number from 1 to 10000 is needed"
                "--offline --cuts 10001", "--cuts 10001: a whole number from 1 to 10000 is needed"
                "--offline --cuts --json", "--cuts: a value is needed before --json"
                "--offline --steps 1", "--steps 1: a whole number from 2 to 100000000 is needed"
                "--offline --threads 0", "--threads 0: a whole number from 1 to 1024 is needed"
                "--offline --cut=3", "--cut=3: no such flag or command (did you mean --cuts?)"
                "--offline --data-dir x", "--data-dir: no such flag or command"
                "--offline --indicators ema:0", "--indicators ema:0: period must be 1..10000"
            ]
            <| fun (line: string, expected: string) ->
                let answer = run ("causality" :: List.ofArray (words line))
                equal (2, "") (answer.Code, answer.Out)
                isOneLine answer.Error
                startsWith $"btcbandit causality: {expected}" answer.Error
                endsWith $"{see}\n" (answer.Error.ReplaceLineEndings "\n")

            testCase "what no run can do is one line, and 2"
            <| fun () ->
                let answer = offline [ "--agent"; "softmax"; "--model"; "per-action" ]
                equal (2, "") (answer.Code, answer.Out)
                equal "btcbandit causality: --model per-action: agent softmax has one model, shared\n" answer.Error

            testCase "help has every flag, examples and exit codes"
            <| fun () ->
                let answer = run [ "causality"; "--help" ]
                equal (0, "") (answer.Code, answer.Error)

                let flags =
                    "--offline --world --data --steps --cuts --threads --json --history --seed --indicators --fee-bps \
                     --slippage-bps --initial-cash --agent --model --feedback --horizon --posterior-scale --forgetting \
                     --evidence --position-fraction --fill --symbol --timeframe --sort --skip-bad-rows --columns --missing"

                for part in Array.append (words flags) [| "Examples:"; "Exit codes:" |] do
                    contains part answer.Out

            testCase "files that pass are said in sentences, and 0"
            <| fun () ->
                use folder = new Temporary()
                let answer = causality (write folder "candles" 3_000) []
                equal 0 answer.Code
                // A slow machine shows its progress.
                let said =
                    lines answer.Error
                    |> Array.filter (fun line -> not (line.StartsWith "runs" || line.StartsWith "reads"))

                equal [| "read 3,000 rows from 1 file, 3,000 candles passed" |] said
                let text = lines answer.Out

                equal
                    "Nothing used the future: 3,000 candles, 1 indicator column, 6 features and all decisions, fills and accounts are identical to the bit at 64 cuts."
                    text[0]

                equal "run         archive BTC/USDT 1m, agent linear-ts, seed 1" text[2]
                equal "indicators  sma:5" text[3]
                matches @"^candles     3,000, of which 2,970 are steps; [0-9a-f]{16}$" text[4]
                matches @"^compared    \d\d values per step, by their bits$" text[5]
                matches @"^cuts        64: \d+ where something begins, [12] at ends of days, \d\d at random$" text[6]
                equal "            each run once with no candle after it, and once with other candles there" text[7]
                equal 8 text.Length

            testCase "flags of the run are those that are checked"
            <| fun () ->
                let answer =
                    offline [
                        "--agent"
                        "random"
                        "--horizon"
                        "3"
                        "--cuts"
                        "9"
                        "--seed"
                        "4"
                        "--world"
                        "flips"
                        "--json"
                    ]

                equal 0 answer.Code
                let root = json answer
                let parameters = root |> get "header" |> get "parameters"
                equal "random" (string (get "agent" parameters))
                equal "sma:5" (string (get "indicators" parameters))
                equal 3 ((get "horizon" parameters).GetInt32())
                equal 4L ((get "seed" parameters).GetInt64())
                equal 9 ((get "cuts" root).GetArrayLength())
                equal 600L ((get "steps" root).GetInt64())
                equal true ((get "is_causal" root).GetBoolean())

            testCase "the same command prints the same, on any number of threads"
            <| fun () ->
                let first = offline [ "--json" ]
                equal 0 first.Code

                for threads in [ "1"; "2"; "5" ] do
                    equal first.Out (offline [ "--json"; "--threads"; threads ]).Out

            testCase "the seed chooses the cuts"
            <| fun () -> differs ((offline [ "--json" ]).Out) ((offline [ "--json"; "--seed"; "2" ]).Out)

            testCase "too few candles are one line, and 1"
            <| fun () ->
                use folder = new Temporary()
                let answer = causality (write folder "short" 31) []
                equal (1, "") (answer.Code, answer.Out)

                equal
                    "btcbandit causality: two steps are needed: the source gave 31 candles, history and warm-up take 30"
                    (Array.last (lines answer.Error))

                equal 0 (causality (write folder "enough" 32) []).Code

            testCase "a file that is missing is one line, and 1"
            <| fun () ->
                use folder = new Temporary()
                let answer = causality (folder.File "missing.csv") []
                equal (1, "") (answer.Code, answer.Out)
                isOneLine answer.Error
                contains "missing.csv: no such file or folder" answer.Error

            testCase "what looks ahead is named with column, candle and values, and 1"
            <| fun () ->
                let peek (candles: Candle IReadOnlyList) =
                    let last = candles[candles.Count - 1].Close
                    withOwn "peek" (fun candle -> if candle.OpenTime = market[200].OpenTime then last else candle.Close)

                let answer = concluded false peek
                equal 1 answer.Code
                isOneLine answer.Error

                let time (candle: Candle) =
                    DateTimeOffset.FromUnixTimeMilliseconds(candle.OpenTime).ToString "yyyy-MM-dd HH:mm"

                let expected =
                    $"something used the future: peek of the candle {time market[200]} UTC (number 201) is {market[399].Close:R} in the run over all candles, but "

                startsWith $"btcbandit causality: {expected}" answer.Error
                matches @" (without the|with other) candles after \d{4}-\d\d-\d\d \d\d:\d\d UTC\n$" answer.Error
                startsWith $"S{expected[1..]}" answer.Out
                let answer = concluded true peek
                equal 1 answer.Code
                equal "peek" (string (json answer |> get "difference" |> get "column"))
                isOneLine answer.Error

            testCase "what fails, and what does not repeat itself, is said so"
            <| fun () ->
                let answer =
                    concluded false (fun _ ->
                        withOwn "own" (fun candle ->
                            if candle.OpenTime = market[200].OpenTime then invalidOp "no\nluck" else 1.0))

                equal 1 answer.Code

                equal
                    "btcbandit causality: the run failed after 200 candles, up to which nothing used the future: no luck\n"
                    answer.Error

                let first = market[0].OpenTime

                let beyond (candles: Candle IReadOnlyList) =
                    withOwn "own" (fun candle ->
                        if candles[int ((candle.OpenTime - first) / 60_000L) + 1].Volume < 0.0 then
                            1.0
                        else
                            2.0)

                let answer = concluded false beyond
                equal 1 answer.Code

                matches
                    @"^btcbandit causality: something used the future: the run over all candles passes the candle [-0-9: ]+ UTC \(number 1\), but fails there without the candles after [-0-9: ]+ UTC: index"
                    answer.Error

                let count = [| 0 |]

                let answer =
                    concluded false (fun _ ->
                        withOwn "own" (fun _ -> float (Threading.Interlocked.Increment &count[0])))

                equal 1 answer.Code

                startsWith
                    "btcbandit causality: the run does not repeat itself, so nothing can be said about the future: own of the candle"
                    answer.Error

            testCase "a signal ends it with nothing known, and its exit code"
            <| fun () ->
                for part in [ "reads"; "runs" ] do
                    use signals = new StopSignals(Nullable(), TimeProvider.System)
                    use out = new StringWriter()

                    use error =
                        new Listener(fun line ->
                            if line.StartsWith part then
                                signals.Take 130 |> ignore)

                    let host =
                        ConsoleHost(
                            out,
                            error,
                            false,
                            false,
                            HurryingClock(),
                            (fun _ -> null),
                            (fun () -> struct (0, 0))
                        )

                    let options =
                        CausalityOptions(
                            Source = CandleSource.Synthetic(TradingPair("BTC", "USDT"), SyntheticOptions()),
                            Run = RunParameters(Indicators = "sma:5"),
                            Steps = Nullable 20_000
                        )

                    equal 130 (CausalityCommand.RunAsync(options, host, signals).GetAwaiter().GetResult())
                    equal "" (out.ToString())

                    equal
                        "stopped before the end of the check: nothing is known; the same command begins anew"
                        (Array.last (lines (error.ToString())))
        ]
