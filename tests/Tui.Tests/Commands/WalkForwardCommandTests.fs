namespace BtcBandit.Tui.Tests.Commands

open System
open System.Globalization
open System.IO
open System.Reactive.Linq
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Host
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

open BtcBandit.Tui.Tests.Commands.BacktestFiles

/// What backtest --walk-forward prints, answers and refuses.
module WalkForwardCommandTests =

    let private walk file lengths more = backtest file ("--walk-forward" :: lengths :: more)

    let private refuses (arguments: string list) (expected: string) =
        let answer = run ("backtest" :: arguments)
        equal (2, "") (answer.Code, answer.Out)
        equal $"btcbandit backtest: {expected}\n" (answer.Error.ReplaceLineEndings "\n")

    let private see = " (see btcbandit backtest --help)"

    let private accepted =
        "TRAIN:TEST is needed, each a number of candles from 2 to 1000000000 or a time as 90m, 12h, 30d or 4w"

    let private hostOf (out: TextWriter) (error: TextWriter) clock =
        ConsoleHost(out, error, false, false, clock, (fun _ -> null), (fun () -> struct (0, 0)))

    /// The command with signals of its own, which whoever reads stderr may give.
    let private signalled file (onLine: StopSignals -> string -> unit) =
        use signals = new StopSignals(Nullable(), TimeProvider.System)
        use out = new StringWriter()
        use error = new Listener(onLine signals)

        let options =
            BacktestOptions(
                Source = CandleSource.Files(ArchiveOptions([| file |], TradingPair("BTC", "USDT"), Timeframe.OneMinute)),
                Run = RunParameters(Indicators = "sma:5", Costs = Costs.Of(1.0, 0.0)),
                WalkForward = WalkForwardSplit(300, 100),
                Threads = Nullable 1
            )

        let host = hostOf out error (HurryingClock())
        let code = BacktestCommand.RunAsync(options, host, signals).GetAwaiter().GetResult()
        { Code = code; Out = out.ToString(); Error = error.ToString() }

    /// The end of a walk-forward of an agent that trades at random, unless its seed ends it.
    let private concluded (fails: int64 -> bool) (seeds: int64 list) =
        let create (setup: AgentSetup) (learned: AgentState | null) =
            if fails setup.Options.Seed then
                invalidOp "no\nluck"

            (nonNull (AgentCatalogue.Default.Find "random")).Create.Invoke(setup, learned)

        let catalogue = AgentCatalogue.Default.With(AgentRecipe("unlucky", "fails at times", create))

        let parameters =
            RunParameters(Agent = "unlucky", Horizon = Nullable 5, Indicators = "sma:5", Costs = Costs.None)

        let market =
            MarketSource.Synthetic(TradingPair("BTC", "USDT"), Timeframe.OneMinute, SyntheticWorld.Drifts, 1L)

        let plan =
            WalkForwardPlan(
                RunPlan.Of(market, parameters, RunParts(Agents = catalogue)),
                WalkForwardSplit(300, 100),
                Agents = [| "unlucky"; "hold" |],
                Seeds = seeds
            )

        let candles = SyntheticFeed.Candles(SyntheticOptions(Seed = 1L)) |> Seq.take 900
        let result = plan.RunAsync(candles.ToObservable()).GetAwaiter().GetResult()
        use out = new StringWriter()
        use error = new StringWriter()
        let host = hostOf out error TimeProvider.System
        let code = WalkForwardEnd(plan, host, false).Conclude(result, Nullable())
        { Code = code; Out = out.ToString(); Error = error.ToString() }

    [<Tests>]
    let tests =
        // Work of more than a second would show its progress.
        testSequenced
        <| testList "WalkForwardCommandTests" [
            // What it looks like is on file; BTCBANDIT_WRITE_GOLDEN=1 writes it anew.
            cases "the text is the one on file" [
                "walk-forward", "--offline --steps 3000 --walk-forward 1000:500"
                "walk-forward-seeds",
                "--offline --steps 3000 --walk-forward 16h:8h --seeds 3 --compare random;softmax;hold;buy-and-hold --fee-bps 0"
            ]
            <| fun (name: string, line: string) ->
                let answer = run ("backtest" :: List.ofArray (words line))
                equal 0 answer.Code
                let text = answer.Out.ReplaceLineEndings "\n"
                let file = Repository.path $"tests/Golden/backtest/{name}.txt"

                if Environment.GetEnvironmentVariable "BTCBANDIT_WRITE_GOLDEN" = "1" then
                    File.WriteAllText(file, text)
                    skiptest $"written: {file}"

                because name (fun () -> equal (Repository.read $"tests/Golden/backtest/{name}.txt") text)
                all (fun one -> one <= 120) (lines text |> Array.map String.length)

            testCase "the JSON object is alone on stdout, and has the text's figures"
            <| fun () ->
                use folder = new Temporary()
                let file = write folder "candles" 2_000
                let more = [ "--seeds"; "2"; "--compare"; "linear-ts; greedy" ]
                let text, answer = walk file "500:200" more, walk file "500:200" ("--json" :: more)
                equal (0, 0) (text.Code, answer.Code)
                equal text.Error answer.Error
                let root = json answer
                let number (name: string) = root.GetProperty(name).GetInt32()
                equal (500, 200, 2_000) (number "train", number "test", number "candles")
                equal ((2_000 - number "warm_up" - 500) / 200) (number "folds")
                equal [ "linear-ts"; "greedy" ] (agentsOf answer "agents")

                let percent (value: JsonElement) =
                    value.GetDouble().ToString("+0.00 %;-0.00 %;0.00 %", CultureInfo.InvariantCulture)

                let rowOf (start: string) = lines text.Out |> Array.find (fun line -> line.StartsWith start)
                let spread = agent 1 answer |> get "spread"
                contains (percent (spread |> get "return" |> get "mean")) (rowOf "greedy ")
                contains (percent (spread |> get "worst_return" |> get "mean")) (rowOf "greedy ")
                let made = number "folds"
                let folds = agent 0 answer |> get "runs" |> at 0 |> get "folds"
                equal made (folds.GetArrayLength())
                let last = folds |> at (made - 1)
                contains (percent (last |> get "test" |> get "buy_and_hold_return")) (rowOf $"   {made}  ")
                contains $"folds               {made}: train 500 candles, test 200 candles; " text.Out
                let purged = last |> get "train" |> get "purged_outcomes"
                contains $"purged              {purged.GetInt32()} outcomes per seam" text.Out

            testCase "the number of threads does not show, in text and JSON"
            <| fun () ->
                use folder = new Temporary()
                let file = write folder "candles" 1_500
                let more = [ "--seeds"; "3"; "--compare"; "linear-ts; random" ]

                for format in [ []; [ "--json" ] ] do
                    let one = walk file "400:150" (more @ format @ [ "--threads"; "1" ])
                    let two = walk file "400:150" (more @ format @ [ "--threads"; "2" ])
                    equal (0, 0) (one.Code, two.Code)
                    equal one.Out two.Out
                    isAbove 1_000 one.Out.Length

            cases "times are candles of the timeframe" [
                "1m", "2h:90m", "120:90"
                "5m", "1d:4h", "288:48"
                "1h", "1w:2d", "168:48"
                "30m", "3600s:60", "2:60"
            ]
            <| fun (timeframe: string, times: string, candles: string) ->
                let made lengths =
                    run [
                        "backtest"
                        "--offline"
                        "--steps"
                        "500"
                        "--timeframe"
                        timeframe
                        "--indicators"
                        "sma:5"
                        "--walk-forward"
                        lengths
                    ]

                let expected, actual = made candles, made times
                equal (0, 0) (expected.Code, actual.Code)
                equal expected.Out actual.Out

            cases "other lengths are one line, and 2" [
                "30d"
                "30d:7d:1d"
                ":7d"
                "30d:"
                "1:5"
                "5:1"
                "0d:5"
                "30x:7d"
                "-5:3"
                "1.5d:1d"
                "5 : 3"
                "1000000001:5"
                "d:5"
                "5D:1D"
                "٣:5"
            ]
            <| fun (lengths: string) ->
                refuses [ "--offline"; "--walk-forward"; lengths ] $"--walk-forward {lengths}: {accepted}{see}"

            testCase "a length that is missing is one line, and 2"
            <| fun () ->
                refuses [ "--offline"; "--walk-forward"; "" ] $"--walk-forward '': {accepted}{see}"

                refuses
                    [ "--offline"; "--walk-forward"; "--json" ]
                    $"--walk-forward: a value is needed before --json{see}"

            cases "a time that is no number of candles is one line, and 2" [
                "5m", "1d:7m", "7m is not a whole number of candles of 5m"
                "1m", "90s:1d", "90s is not a whole number of candles of 1m"
                "1d", "30d:1d", "1d is 1 candle of 1d, 2 to 1000000000 are needed"
                "1s", "30d:1000000000w", "1000000000w is 604800000000000 candles of 1s, 2 to 1000000000 are needed"
            ]
            <| fun (timeframe: string, lengths: string, reason: string) ->
                refuses
                    [ "--offline"; "--timeframe"; timeframe; "--walk-forward"; lengths ]
                    $"--walk-forward {lengths}: {reason}"

            cases "what folds have no use for is one line, and 2" [
                "--frozen", "state.json", "the agent of every fold begins with the prior"
                "--history", "300", "TRAIN is what teaches the agent"
                "--report", "report.html", "a report draws one run"
            ]
            <| fun (flag: string, value: string, reason: string) ->
                refuses
                    [ "--offline"; "--walk-forward"; "5:5"; flag; value ]
                    $"{flag} does not go with --walk-forward: {reason}{see}"

            testCase "a synthetic market has no history before the folds, and as many steps as were asked for"
            <| fun () ->
                let answer =
                    run [
                        "backtest"
                        "--offline"
                        "--steps"
                        "600"
                        "--walk-forward"
                        "400:200"
                        "--json"
                    ]

                equal 0 answer.Code
                let number (name: string) = (json answer).GetProperty(name).GetInt32()
                equal (1, 0, number "warm_up" + 600) (number "folds", number "left_out", number "candles")

            testCase "too few candles for a fold are one line, and 1"
            <| fun () ->
                use folder = new Temporary()
                let answer = walk (write folder "candles" 400) "300:200" []
                equal (1, "") (answer.Code, answer.Out)

                equal
                    "btcbandit backtest: too few candles for a fold: there are 400; warm-up 30, train 300 and test 200 take 530"
                    (Array.last (lines answer.Error))

            testCase "a signal ends it with the folds that were finished, and its exit code"
            <| fun () ->
                use folder = new Temporary()

                let answer =
                    signalled (write folder "candles" 2_000) (fun signals line ->
                        if line.StartsWith "runs" then
                            signals.Take 130 |> ignore)

                equal 130 answer.Code

                contains
                    "stopped: what follows is of the folds that were finished; the same command begins anew"
                    answer.Error

                let short = walk (write folder "short" 512) "300:100" []
                equal 0 short.Code
                equal (lines short.Out) (lines answer.Out)

            testCase "a signal before the end of the first fold is said, with its exit code"
            <| fun () ->
                use folder = new Temporary()

                let answer = signalled (write folder "candles" 2_000) (fun signals _ -> signals.Take 143 |> ignore)

                let early = signalled (write folder "few" 100) (fun signals _ -> signals.Take 143 |> ignore)

                equal (143, 143) (answer.Code, early.Code)
                equal "" early.Out
                contains "stopped before the end of the first fold" early.Error

            testCase "the seeds that did not fail are printed, the means say so, and the code is 1"
            <| fun () ->
                let answer = concluded ((=) 2L) [ 1L .. 4L ]
                equal 1 answer.Code

                equal
                    "btcbandit backtest: unlucky failed with 1 of 4 seeds, first with seed 2: no luck\n"
                    (answer.Error.ReplaceLineEndings "\n")

                contains "unlucky by fold, means of 3 of 4 seeds\n" answer.Out
                contains "unlucky, 3 of 4 seeds; the others failed\n" answer.Out

            testCase "where every seed of the first agent fails the others are printed"
            <| fun () ->
                let answer = concluded (fun _ -> true) [ 1L; 2L ]
                equal 1 answer.Code
                contains "unlucky failed with 2 of 2 seeds, first with seed 1: no luck\n" answer.Out
                lacks "by fold" answer.Out
                contains "hold  " answer.Out

            testCase "help has the flag"
            <| fun () -> contains "--walk-forward <TRAIN:TEST>" (run [ "backtest"; "--help" ]).Out
        ]
