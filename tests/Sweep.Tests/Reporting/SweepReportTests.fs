namespace BtcBandit.Sweep.Tests.Reporting

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Sweep.Execution
open BtcBandit.Sweep.Reporting
open BtcBandit.Sweep.Runs
open BtcBandit.Sweep.Spec
open BtcBandit.Sweep.Store
open BtcBandit.Sweep.Tests.Markets
open BtcBandit.Sweep.Tests.Runs
open BtcBandit.Sweep.Tests.Spec
open BtcBandit.Sweep.Tests.Store

/// A run as a report sees it.
type Reported = {
    Market: string
    Timeframe: string
    Setting: string
    Seed: int
    Number: int
    Fee: float
    Own: float32[]
    Hold: float32[]
    /// Sharpe ratio of the train part.
    Rank: float option
    Total: float
    Failed: bool
    Sweep: string
    /// First day of the test.
    Day: int64
}

/// What a sweep found, from rows by hand.
module SweepReportTests =

    let private blocks = 100
    let private day = Rows.day

    /// Returns of blocks around a mean, the same for the same seed.
    let private series (seed: int) (mean: float) (deviation: float) = [|
        let random = Random seed

        for _ in 1..blocks ->
            let normal =
                sqrt (-2.0 * log (1.0 - random.NextDouble()))
                * cos (2.0 * Math.PI * random.NextDouble())

            float32 (mean + deviation * normal)
    |]

    let private hold = series 9_999 0.0 0.002
    let private worthless seed = series seed 0.0 0.01
    let private strong seed = series seed 0.01 0.01
    let private grown (returns: float32[]) = (returns |> Array.fold (fun all one -> all * (1.0 + float one)) 1.0) - 1.0

    let private usual = {
        Market = "BTC/USDT"
        Timeframe = "1m"
        Setting = "a"
        Seed = 1
        Number = 0
        Fee = 10.0
        Own = worthless 1
        Hold = hold
        Rank = None
        Total = 0.0
        Failed = false
        Sweep = "sweep"
        Day = 0L
    }

    let private of' setting own = { usual with Setting = setting; Own = own; Total = grown own }

    let private rowOf (one: Reported) =
        let made = {
            Rows.usual with
                Key = $"{one.Market} {one.Timeframe} {one.Setting} {one.Seed} {one.Number} {one.Fee} {one.Day}"
                Symbol = one.Market
                Timeframe = one.Timeframe
                Setting = one.Setting
                Seed = int64 one.Seed
                Fee = one.Fee
                Window =
                    Window(
                        one.Day * day - (if one.Rank.IsSome then 50L * day else 0L),
                        one.Day * day,
                        (one.Day + 100L) * day
                    )
                Train =
                    match one.Rank with
                    | Some rank -> Rows.part 0.0 rank 5L
                    | None -> null
                Test = Rows.part one.Total 1.0 (int64 (10 * one.Seed))
                Growth = GrowthSeries(10L, one.Own, one.Hold)
        }

        Rows.rowOf (
            if one.Failed then
                { made with Error = "it failed"; Train = null; Test = null; Growth = null }
            else
                made
        )

    let private reportOf choice (runs: Reported list) (missing: Reported list) =
        use folder = new Temporary()
        use store = SweepStore.Open(folder.File "sweep.db")

        for sweep, own in runs @ missing |> List.groupBy _.Sweep do
            store.AddSweep(
                sweep,
                "{}",
                DateTimeOffset.UnixEpoch,
                [|
                    for one in own ->
                        let row = rowOf one

                        SweepMember(
                            row.Key,
                            SweepCandidate(
                                one.Market,
                                row.Symbol,
                                row.Timeframe,
                                row.FeeBps,
                                row.SlippageBps,
                                row.Setting,
                                $"setting {one.Setting}"
                            ),
                            one.Number,
                            fun () -> "{}"
                        )
                |]
            )

        store.Add [| for one in runs -> rowOf one |] |> ignore
        SweepReport.Of(store, "sweep", choice, RankBy.Sharpe, 1L)

    let private plain runs = reportOf ChoiceKind.None runs []
    let private folds runs = reportOf ChoiceKind.Folds runs []
    let private only (report: SweepReport) = Seq.exactlyOne report.Cells
    let private claims (report: SweepReport) = [ for cell in report.Claims -> cell.Key.Market, cell.Values ]

    /// Folds of a setting: the rank in train and the return of the test of each.
    let private foldsOf setting (results: (float * float) list) = [
        for number, (rank, total) in List.indexed results ->
            {
                usual with
                    Setting = setting
                    Number = number
                    Rank = Some rank
                    Total = total
                    Day = 100L * int64 number
                    Own = series (100 * number + int setting[0]) (total / float blocks) 0.001
            }
    ]

    let private many = [ for seed in 1..40 -> of' $"{seed:D2}" (worthless (1_000 + seed)) ]

    [<Tests>]
    let tests =
        testList "SweepReportTests" [

            testCase "nothing found is a report without markets" (fun () ->
                let report = plain []
                isEmpty report.Cells
                isEmpty report.Claims
                equal (0, 0, 0, 0, 0) (report.Runs, report.Missing, report.Failed, report.Seeds, report.Trials)
                isNull' report.LuckySharpe)

            testCase "a strong setting among worthless ones is claimed" (fun () ->
                let report = plain (of' "strong" (strong 7) :: many)
                equal [ "BTC/USDT", "setting strong" ] (claims report)
                let cell = only report
                equal (41, 41, 1, 1) (cell.Settings, cell.Trials, cell.Choices, cell.Folds)
                isNear 1e-9 (grown (strong 7)) cell.TotalReturn
                isBelow 0.02 cell.PValue
                isAbove 0.98 cell.DeflatedSharpe.Value)

            testCase "worthless settings are not claimed" (fun () ->
                for start in 0..9 do
                    isEmpty (
                        claims (
                            plain [
                                for seed in 1..40 -> of' $"{seed:D2}" (worthless (2_000 + 100 * start + seed))
                            ]
                        )
                    ))

            testCase "a setting that only holds is not claimed, however much it earns" (fun () ->
                let rising = strong 7
                isEmpty (claims (plain [ { of' "holds" rising with Hold = rising } ])))

            testCase "a setting that loses, but less than buying and holding, is not claimed" (fun () ->
                let falling = series 3 -0.01 0.001
                isEmpty (claims (plain [ { of' "a" (series 4 -0.001 0.001) with Hold = falling } ])))

            testCase "where trading costs nothing nothing is claimed" (fun () ->
                isEmpty (claims (plain [ { of' "strong" (strong 7) with Fee = 0.0 } ]))
                isNotEmpty (claims (plain [ { of' "strong" (strong 7) with Fee = 0.5 } ])))

            testCase "a free market does not help one that costs something" (fun () ->
                let report =
                    plain [
                        { of' "strong" (strong 7) with Fee = 0.0 }
                        { of' "strong" (worthless 7) with Fee = 10.0 }
                    ]

                isEmpty (claims report)
                equal [ 0.0, true; 10.0, false ] [ for cell in report.Cells -> cell.Key.FeeBps, cell.Key.IsFree ])

            testCase "a result is the mean over its seeds" (fun () ->
                let totals = [ 0.5; -0.1; 0.2 ]

                let cell =
                    only (
                        plain [
                            for seed, total in List.indexed totals ->
                                { usual with Seed = seed + 1; Total = total; Own = worthless seed }
                        ]
                    )

                isNear 1e-12 0.2 cell.TotalReturn
                isNear 1e-12 -0.1 cell.LowestReturn
                isNear 1e-12 0.5 cell.HighestReturn
                isNear 1e-9 20.0 cell.Trades
                isNear 1e-9 0.02 cell.BuyAndHoldReturn
                equal 1 cell.Settings

                let mean = [
                    for block in 0 .. blocks - 1 ->
                        List.averageBy (fun seed -> float (Array.item block (worthless seed))) [ 0; 1; 2 ]
                ]

                isNear 1e-6 (List.sum mean) (nonNull cell.OverFlat).Sum)

            testCase "one lucky seed of a worthless setting is not shown, and makes no claim" (fun () ->
                let lucky = { of' "lucky" (series 5 0.006 0.01) with Seed = 7 }
                // Alone it would be one.
                isNotEmpty (claims (plain [ { lucky with Setting = "alone" } ]))

                let seeds = [
                    for seed in 1..20 ->
                        if seed = 7 then
                            lucky
                        else
                            { of' "lucky" (series (300 + seed) -0.0005 0.01) with Seed = seed }
                ]

                let report = plain seeds
                isEmpty (claims report)
                let cell = only report
                equal 20 report.Seeds
                isNear 1e-9 (seeds |> List.averageBy _.Total) cell.TotalReturn
                isNear 1e-9 lucky.Total cell.HighestReturn
                // A steady setting is shown instead of one with a better seed.
                let steady = [
                    for seed in 1..20 -> { of' "steady" (series (600 + seed) 0.0015 0.01) with Seed = seed }
                ]

                equal "setting steady" (only (plain (seeds @ steady))).Values)

            testCase "no order of seeds or settings changes the report" (fun () ->
                let runs = [
                    for setting in [ "a"; "b"; "c" ] do
                        for seed in 1..3 ->
                            { of' setting (series (seed + 10 * int setting[0]) 0.001 0.01) with Seed = seed }
                ]

                let one, other = plain runs, plain (List.rev runs)
                equal (List.ofSeq one.Cells) (List.ofSeq other.Cells))

            testCase "folds choose by their train parts and show their tests" (fun () ->
                // The best in train is bad in the test, and the other way round.
                let report = folds (foldsOf "a" [ 5.0, -0.1; 4.0, -0.2 ] @ foldsOf "b" [ 1.0, 0.3; 1.0, 0.4 ])
                let cell = only report
                equal "setting a" cell.Values
                equal (2, 1, 2) (cell.Settings, cell.Choices, cell.Folds)
                isNear 1e-12 (0.9 * 0.8 - 1.0) cell.TotalReturn
                isNear 1e-9 200.0 cell.Days
                isEmpty (claims report))

            testCase "each fold chooses for itself" (fun () ->
                let cell =
                    only (
                        folds (
                            foldsOf "a" [ 5.0, 0.1; 0.0, 0.2; 2.0, 0.3 ]
                            @ foldsOf "b" [ 1.0, 0.4; 1.0, 0.5; 1.0, 0.6 ]
                        )
                    )

                equal (2, "setting a") (cell.Choices, cell.Values)
                isNear 1e-12 (1.1 * 1.5 * 1.3 - 1.0) cell.TotalReturn)

            testCase "a fold chooses by the mean of the train parts of all seeds" (fun () ->
                let seeds setting ranks = [
                    for seed, rank in List.indexed ranks do
                        for one in foldsOf setting [ rank, 0.1 ] -> { one with Seed = seed + 1 }
                ]

                equal "setting b" (only (folds (seeds "a" [ 9.0; -4.0; -4.0 ] @ seeds "b" [ 1.0; 1.0; 1.0 ]))).Values
                equal "setting a" (only (folds (seeds "a" [ 9.0; -4.0; -1.0 ] @ seeds "b" [ 1.0; 1.0; 1.0 ]))).Values)

            testCase "a setting without a train part is chosen last" (fun () ->
                let without = foldsOf "a" [ 0.0, 0.5 ] |> List.map (fun one -> { one with Rank = None })
                equal "setting b" (only (folds (without @ foldsOf "b" [ -7.0, 0.1 ]))).Values)

            testCase "of settings that are equal in train the first key is chosen" (fun () ->
                equal "setting a" (only (folds (foldsOf "b" [ 1.0, 0.5 ] @ foldsOf "a" [ 1.0, 0.1 ]))).Values)

            testCase "of halving the last rung is shown, with those settings that reached it" (fun () ->
                let rung number setting total = {
                    usual with
                        Setting = setting
                        Number = number
                        Day = 100L * int64 number
                        Total = total
                        Own = series (number + int setting[0]) 0.0 0.01
                        Rank = if number = 0 then None else Some 1.0
                }

                let report =
                    reportOf ChoiceKind.Halving [ rung 0 "a" 9.0; rung 0 "b" 8.0; rung 0 "c" 7.0; rung 1 "b" 0.25 ] []

                let cell = only report
                equal (1, "setting b", 1) (cell.Settings, cell.Values, cell.Folds)
                isNear 1e-12 0.25 cell.TotalReturn
                isNear 1e-9 100.0 cell.Days)

            testCase "runs without a result and failed runs are counted apart" (fun () ->
                let report =
                    reportOf ChoiceKind.None [
                        usual
                        { usual with Seed = 2; Failed = true }
                        { usual with Setting = "b"; Failed = true }
                    ] [
                        { usual with Seed = 3 }
                        { usual with Seed = 4 }
                        { usual with Setting = "c" }
                    ]

                equal (6, 3, 2, 1) (report.Runs, report.Missing, report.Failed, report.Seeds)
                isEmpty report.Cells)

            testCase "a setting of which a seed failed or is missing is left out, and was tried" (fun () ->
                let seeds setting = [ for seed in 1..3 -> { usual with Setting = setting; Seed = seed } ]

                let report =
                    reportOf
                        ChoiceKind.None
                        (seeds "a"
                         @ seeds "b"
                         @ seeds "c"
                         @ [ { usual with Setting = "b"; Seed = 4; Failed = true } ])
                        [ { usual with Setting = "c"; Seed = 4 } ]

                equal (1, 3) (report.Missing, (only report).Trials)
                equal (1, "setting a") ((only report).Settings, (only report).Values))

            testCase "a fold of which a seed is missing is not that of the others" (fun () ->
                let seeds setting ranks = [
                    for seed, rank in List.indexed ranks do
                        for one in foldsOf setting [ rank, 0.1 ] -> { one with Seed = seed + 1 }
                ]

                let lucky = seeds "a" [ 9.0; 9.0 ]
                let missing = { lucky[0] with Seed = 3 }
                let report = reportOf ChoiceKind.Folds (lucky @ seeds "b" [ 1.0; 1.0; 1.0 ]) [ missing ]
                equal "setting b" (only report).Values)

            testCase "trials are those of all sweeps of the file on the pair at the time" (fun () ->
                let other setting = { of' setting (worthless 3) with Sweep = "other" }

                let trialsWith others = (only (plain (usual :: others))).Trials
                equal 1 (trialsWith [])
                equal 3 (trialsWith [ other "b"; other "c" ])
                // The same setting, or one with other costs or seeds, is no trial more.
                equal 1 (trialsWith [ { other "a" with Seed = 2 }; { other "a" with Fee = 3.0 } ])
                // Other candles that overlap, and another length of them, are.
                equal 3 (trialsWith [ { other "b" with Day = 99L }; { other "a" with Timeframe = "5m" } ])
                // Another pair and another time are not.
                equal
                    1
                    (trialsWith [
                        { other "b" with Market = "ETH/USDT" }
                        { other "c" with Day = 100L }
                        { other "d" with Day = -100L }
                    ]))

            testCase "the more was tried, the less is claimed" (fun () ->
                let good = of' "good" (series 11 0.0032 0.01)
                equal 1 (claims (plain [ good ])).Length

                let others = [
                    for seed in 1..400 -> { of' $"{seed}" (worthless seed) with Sweep = "other" }
                ]

                let report = plain (good :: others)
                isEmpty (claims report)
                equal 401 report.Trials
                isAbove (plain [ good ]).ExpectedBest report.ExpectedBest)

            testCase "settings that are alike do not make the trials of another sweep count less" (fun () ->
                // Alone they would be claimed: what is alike is hardly more than one trial.
                let near = [
                    for setting in 1..3 ->
                        let noise = series (70 + setting) 0.0 0.0001
                        of' $"near {setting}" (Array.map2 (+) (series 11 0.0036 0.01) noise)
                ]

                isNotEmpty (claims (plain near))

                let others = [
                    for seed in 1..400 -> { of' $"{seed}" (worthless seed) with Sweep = "other" }
                ]

                let report = plain (near @ others)
                equal 403 (only report).Trials
                isEmpty (claims report)
                isBelow 0.95 (only report).DeflatedSharpe.Value)

            testCase "lengths of a candle of one sweep are trials that are known" (fun () ->
                let runs = [
                    for timeframe in [ "1m"; "5m" ] do
                        for setting in 1..3 ->
                            let noise = series (70 + setting) 0.0 0.0001

                            {
                                of' $"near {setting}" (Array.map2 (+) (series 11 0.0036 0.01) noise) with
                                    Timeframe = timeframe
                            }
                ]

                let report = plain runs
                // Six trials that are alike, of which the best shows little more than one.
                for cell in report.Cells do
                    equal 6 cell.Trials
                    isBelow 1.0 cell.LuckySharpe)

            testCase "more pairs than can be told from luck are said" (fun () ->
                let still = Array.zeroCreate blocks

                let pairs count = [
                    for pair in 1..count -> { usual with Market = $"M{pair}/USDT"; Own = still; Hold = still }
                ]

                holds (plain (pairs 20)).CanClaim
                fails (plain (pairs 4_800)).CanClaim)

            testCase "trials of several pairs add up, those of the lengths of a candle do not twice" (fun () ->
                let report =
                    plain [
                        usual
                        { usual with Timeframe = "5m" }
                        { usual with Market = "ETH/USDT" }
                        { usual with Market = "ETH/USDT"; Setting = "b" }
                    ]

                equal 4 report.Trials
                equal [ 2; 2; 2 ] [ for cell in report.Cells -> cell.Trials ])

            testCase "markets are in order of name, length of a candle and costs" (fun () ->
                let runs = [
                    for market in [ "ETH/USDT"; "BTC/USDT" ] do
                        for timeframe in [ "1h"; "15m"; "5m" ] do
                            for fee in [ 10.0; 2.0 ] ->
                                { usual with Market = market; Timeframe = timeframe; Fee = fee }
                ]

                equal [
                    for market in [ "BTC/USDT"; "ETH/USDT" ] do
                        for timeframe in [ "5m"; "15m"; "1h" ] do
                            for fee in [ 2.0; 10.0 ] -> market, timeframe, fee
                ] [
                    for cell in (plain runs).Cells -> cell.Key.Market, cell.Key.Timeframe, cell.Key.FeeBps
                ])

            testCase "a strong market among many worthless ones is claimed alone" (fun () ->
                let runs = [
                    for market in 1..10 do
                        for seed in 1..5 ->
                            {
                                of' $"{seed}" (worthless (5_000 + 10 * market + seed)) with
                                    Market = $"M{market:D2}/USDT"
                            }
                ]

                let report = plain ({ of' "strong" (strong 7) with Market = "M09/USDT" } :: runs)
                equal [ "M09/USDT", "setting strong" ] (claims report)
                equal 10 report.Cells.Count
                // What ten markets show is not as certain as what one does.
                let cell = report.Claims[0]
                isAtLeast cell.PValue cell.QValue)

            testCase
                "settings whose indicators take longer to warm up are compared over the blocks that all have"
                (fun () ->
                    // 127 blocks of 10 steps, and 64 of 20: a few steps less.
                    let finer = Array.append (strong 7) (series 8 0.01 0.01 |> Array.take 27)

                    let coarser (values: float32[]) = [|
                        for pair in Array.chunkBySize 2 (Array.append values [| 0.0f |]) ->
                            (1.0f + pair[0]) * (1.0f + pair[1]) - 1.0f
                    |]

                    let longHold = Array.append hold (Array.take 27 hold)
                    use folder = new Temporary()
                    use store = SweepStore.Open(folder.File "sweep.db")

                    let rows = [
                        "long", GrowthSeries(10L, finer, longHold)
                        "short",
                        GrowthSeries(
                            20L,
                            coarser (Array.append (worthless 3) (Array.take 27 (worthless 4))),
                            coarser longHold
                        )
                    ]

                    store.AddSweep(
                        "sweep",
                        "{}",
                        DateTimeOffset.UnixEpoch,
                        [|
                            for key, _ in rows ->
                                let row = Rows.rowOf Rows.usual

                                SweepMember(
                                    key,
                                    SweepCandidate(
                                        "market",
                                        row.Symbol,
                                        row.Timeframe,
                                        row.FeeBps,
                                        row.SlippageBps,
                                        key,
                                        key
                                    ),
                                    0,
                                    fun () -> "{}"
                                )
                        |]
                    )

                    store.Add [|
                        for key, growth in rows ->
                            Rows.rowOf { Rows.usual with Key = key; Setting = key; Growth = growth }
                    |]
                    |> ignore

                    let report = SweepReport.Of(store, "sweep", ChoiceKind.None, RankBy.Sharpe, 1L)
                    equal (2, "long") ((only report).Settings, (only report).Values)
                    isNotEmpty report.Claims
                    notNull' (only report).Overfitting)

            testCase "before its first step a setting is out of the market, and blocks end together" (fun () ->
                let holds =
                    dict [
                        1L, [| 1.0f; 2.0f; 3.0f; 4.0f; 5.0f |]
                        2L, [| 6.0f; 7.0f |]
                        3L, [| 8.0f; 0.0f; 9.0f |]
                    ]

                let holds = Collections.Generic.Dictionary<int64, float32[]> holds

                let test id steps own =
                    let mean = FoldMean()
                    let bytes = GrowthSeries.Pack own
                    mean.Add(ResultFigures(0L, 0L, 1L, Nullable(), 0.0, 0.0, 0L, 0.0, bytes, steps, id))
                    mean

                let long, coarse, short =
                    test 1L 10L [| 1.0f; 1.0f; 3.0f; 0.0f; 9.0f |],
                    test 2L 20L [| 0.5f; 0.25f |],
                    test 3L 10L [| 0.0f; 1.0f; 7.0f |]

                let blocks = CommonBlocks.Of([| short; long |], holds)
                equal (10L, holds[1L]) (blocks.StepsPerBlock, blocks.Hold)

                equal
                    (struct ([| 0.0f; 0.0f; 0.0f; 1.0f; 7.0f |], [| 1.0f; 2.0f; 8.0f; 0.0f; 9.0f |]))
                    (blocks.Of(short, holds[3L]))

                // The last block of the longer one fills no joined one.
                let blocks = CommonBlocks.Of([| short; long; coarse |], holds)
                equal (20L, [| 5.0f; 19.0f |]) (blocks.StepsPerBlock, blocks.Hold)
                equal (struct ([| 3.0f; 3.0f |], [| 5.0f; 19.0f |])) (blocks.Of(long, holds[1L]))
                equal (struct ([| 0.0f; 1.0f |], [| 5.0f; 8.0f |])) (blocks.Of(short, holds[3L])))

            cases
                "a sweep over indicators and folds is reported whole"
                [
                    ChoiceKind.None, ""
                    ChoiceKind.Folds, ", \"folds\": {\"train_days\": 6, \"test_days\": 3}"
                ]
                (fun (choice, members) ->
                    let plan =
                        Sweeps.planOf (
                            Specs.read (
                                """{"synthetic": {"worlds": ["drifts", "martingale"], "candles": 500}, "timeframes": ["1h", "2h"], "seeds": 2,
                                    "grid": {"indicators": ["sma:5", "sma:100", "ema:30"], "fee-bps": [0, 10]}"""
                                + members
                                + "}"
                            )
                        )

                    use folder = new Temporary()
                    use store = SweepStore.Open(folder.File "sweep.db")
                    holds (Sweeps.run plan store).IsWhole
                    let report = SweepReport.Of(store, plan.Id, choice, RankBy.Sharpe, 1L)
                    equal 8 report.Cells.Count
                    equal (0, 0, 2) (report.Missing, report.Failed, report.Seeds)
                    all (fun (cell: CellReport) -> cell.Settings = 3) report.Cells)

            testCase "parts that are not in the file are missing" (fun () ->
                let plan =
                    Sweeps.planOf (
                        Specs.read
                            """{"synthetic": {"worlds": ["drifts", "martingale"], "candles": 300}, "seeds": 2,
                                "grid": {"indicators": ["sma:5", "ema:9"], "fee-bps": [1, 10]}}"""
                    )

                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")
                let report () = SweepReport.Of(store, plan.Id, ChoiceKind.None, RankBy.Sharpe, 1L)

                let made (part: Shard) = (Sweeps.runOf plan store 1 part ignore).Run(Sweeps.whole).Progress.Total
                // Which parts are empty depends on the hashes of the units.
                let parts = [ for part in 1..8 -> Shard(part, 8) ]
                let begun = parts |> List.find (fun part -> Sweeps.unitsOf plan |> List.exists part.Has)
                let first = made begun
                isWithin 1.0 12.0 (float first)
                let partial = report ()
                equal (16, 16 - first) (partial.Runs, partial.Missing)
                parts |> List.iter (made >> ignore)
                let all = report ()
                equal (16, 0, 0) (all.Runs, all.Missing, all.RungsLeft))

            testCase "rungs that have not begun are still to come" (fun () ->
                let plan =
                    Sweeps.planOf (
                        Specs.read
                            """{"synthetic": {"worlds": ["drifts"], "candles": 480}, "timeframes": ["1h"],
                                "grid": {"horizon": [1, 2, 4]}, "halving": {"days": [5, 10, 20], "keep": 0.4}}"""
                    )

                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")
                let report () = SweepReport.Of(store, plan.Id, ChoiceKind.Halving, RankBy.Sharpe, 1L)
                use stop = new Threading.CancellationTokenSource()

                let stopAfterFirst (progress: SweepProgress) =
                    if progress.Made > 0 then
                        stop.Cancel()

                (Sweeps.runOf plan store 1 Shard.Whole stopAfterFirst).Run stop.Token |> ignore
                let first = report ()
                isAtLeast 1 first.RungsLeft
                Sweeps.run plan store |> ignore
                equal 0 (report ()).RungsLeft)

            testCase "a market that is in two sets of files is reported twice" (fun () ->
                use folder = new Temporary()
                Candles.write (folder.File "BTCUSDT-1h-2024-01.csv") (Candles.hourly 1 10)

                let plan =
                    Sweeps.planOf (
                        Specs.readIn
                            folder.Path
                            """{"data": {"one": ["*.csv"], "two": ["BTC*"]}, "timeframes": ["1h"]}"""
                    )

                use store = SweepStore.Open(folder.File "sweep.db")
                let finish = Sweeps.run plan store
                let report = SweepReport.Of(store, plan.Id, ChoiceKind.None, RankBy.Sharpe, 1L)
                equal [ "one BTC/USDT"; "two BTC/USDT" ] [ for cell in report.Cells -> cell.Key.Market ]
                equal finish.Progress.Total report.Runs)
        ]
