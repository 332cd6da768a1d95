namespace BtcBandit.Tui.Tests.Wording

open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Market
open BtcBandit.Tui.Wording
open BtcBandit.Tui.Tests.Commands
open BtcBandit.Tui.Tests.Programs

/// What the terminal says of candle data that cannot be used: the engine's sentence and the flag that helps.
module FeedFaultTextTests =

    let private timeframe name =
        match Timeframe.TryParse name with
        | true, found -> found
        | _ -> failwith $"no timeframe {name}"

    let private minute, private eight = Timeframe.OneMinute, timeframe "8h"

    [<Tests>]
    let tests =
        testList "FeedFaultTextTests" [
            testCase "a fault that a flag can help is told with the flag"
            <| fun () ->
                let lines: (FeedFault * string) list = [
                    FeedFault.OtherSymbol("a.csv", "ETHUSDT", "BTCUSDT"),
                    "a.csv: holds ETHUSDT, not BTCUSDT; pass --symbol ETHUSDT to use it"
                    FeedFault.OnlyOtherSymbols("x", [| "ETHUSDT"; "SOLUSDT" |], "BTCUSDT"),
                    "x: no file of BTCUSDT there, only of ETHUSDT, SOLUSDT; see --symbol"
                    FeedFault.LongerTimeframe("a.csv", eight, minute),
                    "a.csv: holds 8h candles, longer than 1m; pass --timeframe 8h"
                    FeedFault.IndivisibleTimeframe("a.csv", eight, timeframe "12h"),
                    "a.csv: holds 8h candles, which do not add up to 12h; pass --timeframe 8h"
                    FeedFault.OutOfOrder(BackwardJump(1_704_067_500_000L, 1_704_067_380_000L)),
                    "time jumps backwards 2024-01-01 00:05 -> 00:03 UTC: candles must come in order of time; for files, pass --sort"
                    FeedFault.OtherSymbol("a.csv", "BTCUSD_PERP", "BTCUSDT"), "a.csv: holds BTCUSD_PERP, not BTCUSDT"
                    FeedFault.AmbiguousDates("a.csv", 2L, 1, "01/02/2024"),
                    "a.csv line 2, column 1: the day or the month may come first in '01/02/2024', and no row settles it; "
                    + "pass --time-format 'dd/MM/yyyy HH:mm' or 'MM/dd/yyyy HH:mm', with the file's own marks"
                    FeedFault.MissingColumn("a.csv", 1L, "volume", "time,open"),
                    "a.csv line 1: the header has no column 'volume' of the traded currency: 'time,open'; "
                    + "for other layouts, pass --columns"
                    FeedFault.NoCandles eight, "--data gave no candle of 8h; nothing was written"
                    FeedFault.TooFewCandles(1, 2), "--stability needs at least 2 candles, --data gave 1"
                ]

                for fault, line in lines do
                    equal line (FeedFaultText.Of fault)
                    matchesNot "--[a-z]" fault.Sentence

            testCase "any other fault is told in the engine's words"
            <| fun () ->
                let faults: FeedFault list = [
                    FeedFault.EmptyFile "a.csv"
                    FeedFault.NotANumber("a.csv", 3L, 2, "open", "x")
                    FeedFault.TwoSources("a.csv", "b.csv", 9, 10)
                    FeedFault.NeedsConversion("a.xlsx", "an Excel workbook", "save it as CSV UTF-8")
                    FeedFault.Other "the socket is gone"
                ]

                for fault in faults do
                    equal fault.Sentence (FeedFaultText.Of fault)

            testCase "training and the export tell a fault alike"
            <| fun () ->
                use folder = new Temporary()
                let file = folder.File "ETHUSDT-1m-2024-01.csv"
                Rows.some file 60

                for command in [ [ "indicators" ]; [ "--data-dir"; folder.File "run" ] ] do
                    let answer = run (command @ [ "--data"; file ])
                    equal 1 answer.Code
                    contains $"{file}: holds ETHUSDT, not BTCUSDT; pass --symbol ETHUSDT to use it" answer.Error
        ]
