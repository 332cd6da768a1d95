namespace BtcBandit.Tui.Tests.Commands

open System
open System.Globalization
open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// Runs of candle files, session after session in one folder: what is told, and the exit codes.
module TrainFilesTests =

    let private market =
        SyntheticFeed.Candles(SyntheticOptions(Seed = 1L))
        |> Seq.take 900
        |> Array.ofSeq

    let private invariant (text: FormattableString) = FormattableString.Invariant text

    /// A file of some minutes of a market, under a name that says nothing, at a multiple of its prices.
    let private write (folder: Temporary) (name: string) first last factor =
        let rows = [
            for candle in market[first..last] ->
                invariant
                    $"{candle.OpenTime},{candle.Open * factor:R},{candle.High * factor:R},{candle.Low * factor:R},{candle.Close * factor:R},{candle.Volume:R}"
        ]

        let path = folder.File $"{name}.csv"
        File.WriteAllLines(path, "open_time,open,high,low,close,volume" :: rows)
        path

    let private train (folder: Temporary) (file: string) more =
        run (
            [ "--data"; file; "--data-dir"; folder.File "run"; "--indicators"; "sma:5" ]
            @ more
        )

    let private state (folder: Temporary) = File.ReadAllBytes(Path.Combine(folder.File "run", "state.json"))

    let private time (index: int) =
        DateTimeOffset.FromUnixTimeMilliseconds(market[index].OpenTime).ToString("yyyy-MM-dd HH:mm")

    let private lines (answer: Answer) = answer.Error.TrimEnd('\n').Split '\n'

    [<Tests>]
    let tests =
        testList "TrainFilesTests" [
            testCase "a part that the run has left behind is older than its last candle, not in it"
            <| fun () ->
                use folder = new Temporary()
                train folder (write folder "january" 0 299 1.0) [] |> ignore
                train folder (write folder "march" 600 899 1.0) [] |> ignore
                let answer = train folder (write folder "february" 300 599 1.0) []
                equal 0 answer.Code

                contains
                    $"300 of 300 candles ({time 300} to {time 599} UTC) are older than the run's last candle, not used (nothing is new: later candles continue the run, --fresh starts anew); the run is at {time 899} UTC"
                    answer.Error

                lacks "already in the run" answer.Error

            testCase "the same part again is in the run"
            <| fun () ->
                use folder = new Temporary()
                let file = write folder "january" 0 299 1.0
                train folder file [] |> ignore
                let answer = train folder file []
                contains "300 of 300 candles were already in the run and skipped (nothing is new" answer.Error
                lacks "older" answer.Error

            testCase "one candle is told in the singular"
            <| fun () ->
                use folder = new Temporary()
                train folder (write folder "one" 0 299 1.0) [] |> ignore
                let again = train folder (write folder "two" 299 300 1.0) []

                contains
                    "1 of 2 candles was already in the run and skipped (the rest is new); the run is at"
                    again.Error

                let gap = train folder (write folder "three" 302 310 1.0) []
                contains "1 candle is missing between the run's last candle and the first new one" gap.Error

            testCase
                "candles of another market are refused in one line with both prices and times, and nothing is written"
            <| fun () ->
                use folder = new Temporary()
                train folder (write folder "one" 0 299 1.0) [] |> ignore
                let before = state folder
                let answer = train folder (write folder "two" 300 399 0.05) []
                equal (1, "") (answer.Code, answer.Out)
                let line = Array.last (lines answer)
                contains $"ends at {market[299].Close.ToString CultureInfo.InvariantCulture} ({time 299} UTC)" line
                contains $"({time 300} UTC), too far apart for one market" line
                contains "pass those of the run, or --fresh to begin anew" line
                equal before (state folder)
                equal 0 (train folder (folder.File "two.csv") [ "--fresh" ]).Code

            testCase "a last candle that a later file completes is told, and the run goes on"
            <| fun () ->
                use folder = new Temporary()
                let file = write folder "partial" 0 299 1.0
                let rows = File.ReadAllLines file
                let opened = invariant $"{market[299].Open:R}"
                rows[300] <- $"{market[299].OpenTime},{opened},{opened},{opened},{opened},0.1"
                File.WriteAllLines(file, rows)
                train folder file [] |> ignore
                let answer = train folder (write folder "whole" 0 399 1.0) []
                equal 0 answer.Code

                contains
                    $"the run's last candle, {time 299} UTC, closes at {market[299].Close.ToString CultureInfo.InvariantCulture} in the source and at {market[299].Open.ToString CultureInfo.InvariantCulture} in the run: the run keeps what it traded on and continues with the next candle"
                    answer.Error

                contains "steps         370" answer.Out

            cases "a pair of any price is traded" [
                "SHIB/USDT", 2e-10
                "XYZ/USDT", 2e-10
                "ETHGBP", 0.03
                "BTC-USDT", 1.0
            ]
            <| fun (symbol: string, factor: float) ->
                use folder = new Temporary()
                let file = write folder "candles" 0 299 factor
                let answer = train folder file [ "--symbol"; symbol; "--agent"; "buy-and-hold" ]
                equal 0 answer.Code
                contains "trades        1, 0 round trips" answer.Out
                lacks "no order is possible" answer.Error

            testCase "if no order is possible, one line says so"
            <| fun () ->
                use folder = new Temporary()
                // Bitcoin at the price of a cheap coin: the largest order is worth less than the smallest.
                let answer = train folder (write folder "candles" 0 299 2e-10) [ "--agent"; "buy-and-hold" ]
                equal 0 answer.Code
                contains "trades        0, 0 round trips" answer.Out

                let said =
                    lines answer
                    |> Array.filter (fun line -> line.StartsWith "no order is possible at ")

                equal 1 said.Length

                contains
                    "equity is 1000 USDT, and the exchange takes orders of at least 5 USDT and at most 9000 BTC"
                    said[0]

            testCase "a duration that ends before the first step is named, and 1"
            <| fun () ->
                use folder = new Temporary()

                let arguments = [
                    "--offline"
                    "--history"
                    "10000000"
                    "--duration"
                    "0.05"
                    "--data-dir"
                    folder.Path
                ]

                let answer = run arguments
                equal (1, "") (answer.Code, answer.Out)

                matches
                    (@"^btcbandit: no step was made: --duration 0\.05 ended first, after \d+ candles?; nothing was changed\n$")
                    answer.Error

            testCase "a state that cannot be read names only flags that help"
            <| fun () ->
                use folder = new Temporary()
                let arguments = [ "--offline"; "--data-dir"; folder.Path ]
                File.WriteAllText(folder.File "state.json", "not json")
                let plain, keeping = run arguments, run (arguments @ [ "--keep-learning" ])
                equal (1, 1) (plain.Code, keeping.Code)
                endsWith "it is left as it is: start anew with --fresh\n" plain.Error

                endsWith "it is left as it is: start anew with --fresh and without --keep-learning\n" keeping.Error
        ]
