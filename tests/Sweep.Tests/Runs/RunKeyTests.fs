namespace BtcBandit.Sweep.Tests.Runs

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Sweep.Runs
open BtcBandit.Sweep.Tests.Markets
open BtcBandit.Sweep.Tests.Spec

/// What identifies a run, and what does not.
module RunKeyTests =

    let private source = MarketSource.Files(TradingPair("BTC", "USDT"), Timeframe.OneMinute)

    let private window = Window(0L, 10L, 20L)

    let private keyOf (parameters: RunParameters) =
        RunKey.Of(RunIdentity(RunKey.Schema, "code", "data", window, RunPlan.Of(source, parameters).Header))

    let private usual = RunParameters(Horizon = Nullable 3)

    /// The usual parameters with one that is different.
    let private changed = [
        "agent", RunParameters(Horizon = Nullable 3, Agent = "linear-ucb")
        "indicators", RunParameters(Horizon = Nullable 3, Indicators = "sma:5")
        "seed", RunParameters(Horizon = Nullable 3, Seed = 2L)
        "model", RunParameters(Horizon = Nullable 3, Model = AgentModel.PerAction)
        "feedback", RunParameters(Horizon = Nullable 3, Feedback = Feedback.Bandit)
        "horizon", RunParameters(Horizon = Nullable 4)
        "no horizon", RunParameters()
        "posterior scale", RunParameters(Horizon = Nullable 3, PosteriorScale = 0.36)
        "forgetting", RunParameters(Horizon = Nullable 3, Forgetting = 0.99998)
        "evidence", RunParameters(Horizon = Nullable 3, Evidence = 2.0)
        "fill", RunParameters(Horizon = Nullable 3, Fill = FillMoment.Close)
        "position", RunParameters(Horizon = Nullable 3, PositionFraction = 0.5)
        "history", RunParameters(Horizon = Nullable 3, History = 5)
        "fee", RunParameters(Horizon = Nullable 3, Costs = Costs.Of(11.0, 1.0))
        "slippage", RunParameters(Horizon = Nullable 3, Costs = Costs.Of(10.0, 2.0))
        "cash", RunParameters(Horizon = Nullable 3, InitialCash = 999.0)
    ]

    /// Hourly candles in a folder, and the keys of a spec on them.
    let private keysOn (write: Temporary -> unit) (members: string) =
        use folder = new Temporary()
        write folder
        Sweeps.keysOf (Sweeps.planOf (Specs.readIn folder.Path $"{{{members}}}"))

    let private plain (folder: Temporary) = Candles.write (folder.File "BTCUSDT-1h-2024-01.csv") (Candles.hourly 1 12)

    let private usualMembers = "\"data\": [\"*\"], \"timeframes\": [\"1h\"], \"seeds\": 2"
    let private usualKeys = lazy List.sort (keysOn plain usualMembers)
    let private hasUsual keys = equal usualKeys.Value (List.sort keys)

    let private hasNoneOfUsual (keys: string list) =
        isNotEmpty keys
        isEmpty (Set.intersect (set keys) (set usualKeys.Value))

    [<Tests>]
    let tests =
        testList "RunKeyTests" [

            testCase "a key is 64 hexadecimal digits, that of a setting 16" (fun () ->
                matches "^[0-9a-f]{64}$" (keyOf usual)
                matches "^[0-9a-f]{16}$" (RunKey.OfSetting usual))

            testCase "every parameter changes the key" (fun () ->
                unique (keyOf usual :: [ for _, parameters in changed -> keyOf parameters ]))

            cases
                "every parameter but seed and costs changes the key of the setting"
                [ for name, _ in changed -> name ]
                (fun name ->
                    let parameters = changed |> List.find (fst >> (=) name) |> snd
                    let isSame = List.contains name [ "seed"; "fee"; "slippage" ]
                    equal isSame (RunKey.OfSetting parameters = RunKey.OfSetting usual))

            testCase "code, candles, window, market and the layout of rows change the key" (fun () ->
                let header = RunPlan.Of(source, usual).Header

                let other =
                    RunPlan.Of(MarketSource.Files(TradingPair("ETH", "USDT"), Timeframe.OneMinute), usual).Header

                let _, five = Timeframe.TryParse "5m"
                let longer = RunPlan.Of(MarketSource.Files(TradingPair("BTC", "USDT"), five), usual).Header

                unique [
                    for identity in
                        [
                            RunIdentity(1, "code", "data", window, header)
                            RunIdentity(2, "code", "data", window, header)
                            RunIdentity(1, "other", "data", window, header)
                            RunIdentity(1, "code", "other", window, header)
                            RunIdentity(1, "code", "data", Window(1L, 10L, 20L), header)
                            RunIdentity(1, "code", "data", Window(0L, 11L, 20L), header)
                            RunIdentity(1, "code", "data", Window(0L, 10L, 21L), header)
                            RunIdentity(1, "code", "data", window, other)
                            RunIdentity(1, "code", "data", window, longer)
                        ] -> RunKey.Of identity
                ])

            testCase "the parameters of a setting are stated without seed and costs" (fun () ->
                let text =
                    RunKey.SettingText(RunParameters(Horizon = Nullable 3, Seed = 77L, Costs = Costs.Of(33.0, 44.0)))

                equal (RunKey.SettingText(RunParameters(Horizon = Nullable 3))) text
                contains "\"horizon\":3" text
                lacks "77" text)

            testCase "another folder has the same keys" (fun () ->
                hasUsual (
                    keysOn
                        (fun folder ->
                            let below = System.IO.Directory.CreateDirectory(folder.File "deep/below").FullName

                            Candles.write
                                (System.IO.Path.Combine(below, "BTCUSDT-1h-2024-01.csv"))
                                (Candles.hourly 1 12))
                        """"data": ["deep"], "timeframes": ["1h"], "seeds": 2"""
                ))

            testCase "packed candles have the same keys" (fun () ->
                hasUsual (
                    keysOn
                        (fun folder ->
                            Candles.writePacked (folder.File "BTCUSDT-1h-2024-01.csv.gz") (Candles.hourly 1 12))
                        usualMembers
                ))

            testCase "the same candles in two files have the same keys" (fun () ->
                hasUsual (
                    keysOn
                        (fun folder ->
                            let candles = Candles.hourly 1 12
                            Candles.write (folder.File "BTCUSDT-1h-2024-01.csv") candles[..99]
                            Candles.writePacked (folder.File "BTCUSDT-1h-2024-02.csv.gz") candles[100..])
                        usualMembers
                ))

            testCase "the name of a set of files does not change the keys" (fun () ->
                hasUsual (keysOn plain """"data": {"some name": ["*"]}, "timeframes": ["1h"], "seeds": 2"""))

            testCase "the order of a spec does not change the keys" (fun () ->
                let one = """"data": ["*"], "timeframes": ["1h"], "grid": {"cash": [500, 600], "horizon": [1, 2]}"""
                let other = """"grid": {"horizon": [2, 1], "cash": [600, 500]}, "timeframes": ["1h"], "data": ["*"]"""
                equal (List.sort (keysOn plain one)) (List.sort (keysOn plain other)))

            testCase "the number of seeds does not change the keys of the first ones" (fun () ->
                isSubset (keysOn plain (usualMembers.Replace("2", "5"))) usualKeys.Value)

            testCase "a value that is the default is the same run as none" (fun () ->
                hasUsual (keysOn plain (usualMembers + ", \"grid\": {\"horizon\": [3], \"cash\": [1000]}")))

            testCase "indicators written in another way are the same run" (fun () ->
                let keys list = keysOn plain (usualMembers + $", \"grid\": {{\"indicators\": [\"{list}\"]}}")
                equal (keys "sma:14,ema:5") (keys " sma , ema:5"))

            testCase "other candles have other keys" (fun () ->
                hasNoneOfUsual (
                    keysOn
                        (fun folder -> Candles.write (folder.File "BTCUSDT-1h-2024-01.csv") (Candles.hourly 2 12))
                        usualMembers
                ))

            testCase "another pair, timeframe or first seed has other keys" (fun () ->
                hasNoneOfUsual (
                    keysOn
                        (fun folder -> Candles.write (folder.File "ETHUSDT-1h-2024-01.csv") (Candles.hourly 1 12))
                        usualMembers
                )

                hasNoneOfUsual (keysOn plain (usualMembers.Replace("1h", "2h")))
                hasNoneOfUsual (keysOn plain (usualMembers + ", \"seed\": 3")))

            testCase "other code has other keys" (fun () ->
                use folder = new Temporary()
                plain folder

                hasNoneOfUsual (
                    Sweeps.keysOf (Sweeps.planOfCode "new" (Specs.readIn folder.Path $"{{{usualMembers}}}"))
                ))
        ]
