namespace BtcBandit.Tui.Tests.Commands

open System.IO
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

module WarmUpTests =

    let private offline = [ "--offline"; "--fee-bps"; "0"; "--slippage-bps"; "0"; "--horizon"; "5" ]

    let private runIn (folder: Temporary) (arguments: string seq) =
        run (Seq.append (offline @ [ "--data-dir"; folder.Path ]) arguments)

    [<Tests>]
    let tests =
        testList "WarmUpTests" [
            testCase "a warm-up that is passed ends with the verdict and writes nothing"
            <| fun () ->
                use folder = new Temporary()
                let answer = runIn folder (words "--warmup-hours 1 --warmup-profit-target -100")
                equal 0 answer.Code
                contains "warm-up passed in pass 1: net " answer.Out
                contains "asked: more than -100 % and at least 1 round trip" answer.Out
                lacks "in-sample" answer.Out
                equal [] (List.ofArray (Directory.GetFiles(folder.Path, "*.csv")))
                holds (not (File.Exists(folder.File "state.json")))

            testCase "one that is not passed is 3, and says why"
            <| fun () ->
                use folder = new Temporary()
                let answer = runIn folder (words "--warmup-hours 0.0003 --warmup-profit-target 1000")
                equal 3 answer.Code
                contains "warm-up not passed after " answer.Out
                contains "asked: more than 1000 % and at least 1 round trip" answer.Out
                contains "warm-up pass 1: net " answer.Error
                lacks "pass 3:" answer.Error

            testCase "the verdict as JSON"
            <| fun () ->
                use folder = new Temporary()

                let answer =
                    runIn folder (words "--warmup-hours 0.0003 --warmup-profit-target 1000 --gate holdout --json")

                equal 3 answer.Code
                let verdict = json answer
                equal JsonValueKind.False (verdict.GetProperty("passed").ValueKind)
                equal "holdout" (string (verdict.GetProperty "gate"))
                equal false (verdict.GetProperty("in_sample").GetBoolean())
                equal 10.0 (verdict.GetProperty("minimum_return").GetDouble())
                isAbove 0 (verdict.GetProperty("passes").GetInt32())

            testCase "repeated passes are called in-sample"
            <| fun () ->
                use folder = new Temporary()
                let answer = runIn folder (words "--warmup-hours 0.0005 --warmup-profit-target 1000")
                contains "warm-up pass 2: net " answer.Error
                contains "(in-sample: the agent has seen this day 1 time before)" answer.Error

            testCase "with --continuous the run begins with what was learned"
            <| fun () ->
                use folder = new Temporary()
                runIn folder (words "--steps 20") |> ignore

                let answer =
                    runIn
                        folder
                        (words "--warmup-hours 1 --warmup-profit-target -100 --continuous --duration 0.5 --json")

                equal 0 answer.Code
                contains "warm-up passed in pass 1" answer.Error
                contains "new run (the warm-up was passed); the run before is in " answer.Error
                let summary = json answer
                isAbove 50L (summary.GetProperty("steps").GetInt64())
                // The day of the warm-up, which follows the 52 candles that warm the indicators up, is not traded once more.
                let first = summary.GetProperty("first_open_time").GetInt64()
                use other = new Temporary()
                let alone = runIn other (words "--steps 1 --json")
                equal (52L * 60_000L) (first - (json alone).GetProperty("first_open_time").GetInt64())

            testCase "without history the run begins after the day of the warm-up"
            <| fun () ->
                use folder = new Temporary()

                let answer =
                    runIn
                        folder
                        (words
                            "--warmup-hours 1 --warmup-profit-target -100 --continuous --duration 0.5 --json --history 0")

                equal 0 answer.Code
                use other = new Temporary()
                let alone = runIn other (words "--steps 1 --json --history 0")
                let time (answer: Answer) = (json answer).GetProperty("first_open_time").GetInt64()
                equal (24L * 60L * 60_000L) (time answer - time alone)

            cases "flags that do not fit together are 2" [
                "--offline --warmup-hours 1 --keep-learning",
                "--keep-learning and --warmup-hours exclude each other: the agent may know the day"
                "--offline --warmup-profit-target 1", "--warmup-profit-target goes with --warmup-hours above 0"
                "--offline --gate holdout --warmup-hours 0", "--gate goes with --warmup-hours above 0"
                "--offline --gate day --warmup-hours 1", "--gate day: one of replay holdout is needed"
                "--offline --warmup-hours -1", "--warmup-hours -1: a number from 0 to 1176 is needed"
                "--offline --continuous --steps 5", "--steps and --continuous exclude each other"
                "--data x --warmup-hours 1", "--warmup-hours goes with live candles or --offline, not with --data"
                "--offline --warmup-hours 1 --timeframe 12h",
                "--warmup-hours goes with candles of 4h or less: a day has too few of 12h"
                "--data x --continuous", "--continuous goes with live candles or --offline, not with --data"
            ]
            <| fun (line: string, expected: string) ->
                let answer = run (words line)
                equal 2 answer.Code
                contains expected answer.Error
                isOneLine answer.Error
        ]
