namespace BtcBandit.Tui.Tests.Commands

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Shared
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

/// Signals, and what is shown of the progress.
module BacktestSignalsTests =

    /// The command with signals, a clock and a width of its own.
    let private hosted columns (clock: TimeProvider) file (onLine: StopSignals -> string -> unit) =
        use signals = new StopSignals(Nullable(), TimeProvider.System)
        use out = new StringWriter()
        use error = new Listener(onLine signals)
        let isTerminal = columns > 0

        let host =
            ConsoleHost(out, error, isTerminal, isTerminal, clock, (fun _ -> null), (fun () -> struct (columns, 24)))

        let options =
            BacktestOptions(
                Source = CandleSource.Files(ArchiveOptions([| file |], TradingPair("BTC", "USDT"), Timeframe.OneMinute)),
                Run = RunParameters(Indicators = "sma:5", Costs = Costs.Of(1.0, 0.0)),
                Threads = Nullable 1
            )

        let code = BacktestCommand.RunAsync(options, host, signals).GetAwaiter().GetResult()
        { Code = code; Out = out.ToString(); Error = error.ToString() }

    [<Tests>]
    let tests =
        testList "BacktestSignalsTests" [
            testCase "a signal ends it with what the candles so far give, and its exit code"
            <| fun () ->
                use folder = new Temporary()
                let file = write folder "candles" 2_000

                let answer =
                    hosted 0 (HurryingClock()) file (fun signals line ->
                        if line.StartsWith "runs" then
                            signals.Take 130 |> ignore)

                equal 130 answer.Code
                contains "stopped: what follows is of the candles so far; the same command begins anew" answer.Error
                let short = backtest (write folder "short" 512) [ "--threads"; "1" ]

                // All but the agent that trades at random.
                let expected =
                    lines short.Out
                    |> Array.filter (fun line -> not (line.StartsWith "random-turnover"))

                equal expected (lines answer.Out)

            testCase "a signal in the second reading leaves out the random baseline only"
            <| fun () ->
                use folder = new Temporary()
                let file = write folder "candles" 2_000

                let answer =
                    hosted 0 (HurryingClock()) file (fun signals line ->
                        if line.StartsWith "random" then
                            signals.Take 143 |> ignore)

                equal 143 answer.Code

                contains
                    "stopped: what follows is of all candles, but may lack the agent that trades at random"
                    answer.Error

                let whole = backtest file []

                let expected =
                    lines whole.Out
                    |> Array.filter (fun line -> not (line.StartsWith "random-turnover"))

                equal expected (lines answer.Out)

            testCase "a signal before the first step is said, with its exit code"
            <| fun () ->
                use folder = new Temporary()
                use signals = new StopSignals(Nullable(), TimeProvider.System)
                signals.Take 129 |> ignore
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
                        (fun () -> struct (0, 0))
                    )

                let options =
                    BacktestOptions(
                        Source = CandleSource.Synthetic(TradingPair("BTC", "USDT"), SyntheticOptions()),
                        Run = RunParameters()
                    )

                equal 129 (BacktestCommand.RunAsync(options, host, signals).GetAwaiter().GetResult())
                equal "" (out.ToString())
                equal "stopped before the first step" (Array.last (lines (error.ToString())))

            testCase "elsewhere than on a terminal the progress is plain lines"
            <| fun () ->
                use folder = new Temporary()
                let answer = hosted 0 (HurryingClock()) (write folder "candles" 2_000) (fun _ _ -> ())
                equal 0 answer.Code
                let progress = lines answer.Error |> Array.filter (fun line -> line.Contains "/s")

                all
                    (fun (one: string) ->
                        Regex.IsMatch(
                            one,
                            @"^(runs|random) \[[#.]{20}\] +\d+ %  [\d,]+ candles, [\d,]+/s(, \d+ (s|min \d\d s|h \d\d min) left)?$"
                        ))
                    progress

                isNotEmpty (progress |> Array.filter _.StartsWith("runs"))
                isNotEmpty (progress |> Array.filter _.StartsWith("random"))
                lacks "\x1b" answer.Error

            testCase "on a terminal it is a bar, which is gone in the end"
            <| fun () ->
                use folder = new Temporary()
                let file = write folder "candles" 2_000
                let answer = hosted 100 (HurryingClock()) file (fun _ _ -> ())
                equal 0 answer.Code
                contains "\rruns [" answer.Error
                contains "\rrandom [" answer.Error
                let parts = answer.Error.Split "\r\x1b[K"
                let drawn, said = Array.head parts, Array.last parts
                lacks "\n" drawn
                equal [| "read 2,000 rows from 1 file, 2,000 candles passed" |] (lines said)
                let narrow = hosted 20 (HurryingClock()) file (fun _ _ -> ())

                let bars =
                    narrow.Error.Split('\r')
                    |> Array.map (fun bar -> Array.head (bar.Split "\x1b[K"))

                isAbove 2 bars.Length
                all (fun one -> one < 20) (bars |> Array.map String.length)
        ]
