namespace BtcBandit.Sweep.Tests.Runs

open System
open System.IO
open System.Reactive.Linq
open System.Threading
open Expecto
open FsCheck
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Trading
open BtcBandit.Sweep.Execution
open BtcBandit.Sweep.Runs
open BtcBandit.Sweep.Spec
open BtcBandit.Sweep.Tests.Spec

/// Runs that share candles and indicators, against the same runs made alone by the engine.
module UnitRunnerTests =

    let private planIn (unit: PlannedUnit) (run: PlannedRun) = RunPlan.Of(unit.Market.Source.Market, run.Parameters)

    let private sliceOf (plan: SweepPlan) (unit: PlannedUnit) =
        let all = plan.Candles.Of(unit.Market, Sweeps.whole)

        all
        |> Array.filter (fun candle -> candle.OpenTime >= unit.Window.From && candle.OpenTime < unit.Window.To)

    let private backtest (candles: Candle[]) (plan: RunPlan) =
        Backtest.RunAsync(candles.ToObservable(), plan).GetAwaiter().GetResult()

    let private compared (candles: Candle[]) (plan: RunPlan) (agents: string list) (seeds: int64 list) =
        ComparisonPlan(plan, Agents = ResizeArray agents, Seeds = ResizeArray seeds)
            .RunAsync(candles.ToObservable(), null, CancellationToken.None)
            .GetAwaiter()
            .GetResult()

    /// The engine's own figures of a run, bit for bit, and the growth of its blocks.
    let private isBacktest (candles: Candle[]) (plan: RunPlan) (row: RunRow) =
        let found = backtest candles plan
        let state = nonNull found.State
        equal (PartResult.Of(nonNull found.Summary)) (nonNull row.Test)
        isNull' row.Train
        isNull' row.Error
        let growth = nonNull row.Growth
        let blocks = nonNull state.Growth
        equal (growth.Own.Length = blocks.Equity.Length) (growth.StepsPerBlock = blocks.StepsPerBlock)
        // From block to block it grows as the equity does.
        let grown =
            growth.Own
            |> Array.fold (fun equity one -> equity * (1.0 + float one)) state.Statistics.InitialEquity

        let width = int (growth.StepsPerBlock / blocks.StepsPerBlock)
        isNearPercent 0.01 blocks.Equity[growth.Own.Length * width - 1] grown

        let held =
            growth.Hold
            |> Array.fold (fun equity one -> equity * (1.0 + float one)) state.Statistics.InitialEquity

        isNearPercent 0.01 blocks.BuyAndHold[growth.Hold.Length * width - 1] held

    /// One fold of a walk-forward over the candles of a window alone: its train slice begins where the indicators are warm.
    let private isWalk (candles: Candle[]) (window: Window) (plan: RunPlan) (row: RunRow) =
        let warmUp = plan.FeatureSet.WarmUp

        let train =
            candles
            |> Array.filter (fun candle -> candle.OpenTime < window.Seam)
            |> Array.length

        let split = WalkForwardSplit(train - warmUp, candles.Length - train)

        let found =
            WalkForwardPlan(plan, split)
                .RunAsync(candles.ToObservable(), null, CancellationToken.None)
                .GetAwaiter()
                .GetResult()

        equal 1L found.Folds
        let fold = found.Agents[0].Runs[0].Folds[0]

        for slice, part in [ fold.Train, row.Train; fold.Test, row.Test ] do
            let part = nonNull part

            equal
                (slice.Return, slice.BuyAndHoldReturn, slice.MaxDrawdown, slice.RoundTrips, slice.WinRate, slice.Costs)
                (part.TotalReturn,
                 part.BuyAndHoldReturn.Value,
                 part.MaxDrawdown,
                 part.RoundTrips,
                 part.WinRate,
                 part.FeesPaid + part.SlippagePaid)

    let private agents =
        "\"agent\": [\"linear-ts\", \"linear-ucb\", \"softmax\", \"random\", \"ma-cross\", \"buy-and-hold\", \"hold\"]"

    let private manyOn candles =
        lazy
            Sweeps.planOf (
                Specs.read
                    $$"""{"synthetic": {"worlds": ["drifts", "flips"], "candles": {{candles}}}, "seeds": 2,
                          "grid": { {{agents}}, "fee-bps": [0, 10], "indicators": ["sma:5,ema:5", "rsi:7"]} }"""
            )

    let private many = manyOn 700
    let private manyRows = lazy Sweeps.byKey (Sweeps.makeAll many.Value)

    let private week members =
        Specs.readIn
            (nonNull (Path.GetDirectoryName Repository.sampleWeek))
            $$"""{"data": ["*.csv.gz"], {{members}} }"""

    let private folded =
        lazy
            Sweeps.planOf (
                week
                    $$""""timeframes": ["5m"], "folds": {"train_days": 2, "test_days": 1},
                        "grid": { {{agents}}, "horizon": [2, 9], "indicators": ["sma:5,ema:5", "sma:30"]}"""
            )

    let private forEach (plan: SweepPlan) check =
        for unit in Sweeps.unitsOf plan do
            let candles = sliceOf plan unit

            for run, row in List.zip (Sweeps.runsOf unit) (Sweeps.make plan unit unit.Runs) do
                equal run.Key row.Key

                because $"{unit.Market.Name} {unit.Number} {run.Parameters.Agent}" (fun () ->
                    check unit candles (planIn unit run) row)

    [<Tests>]
    let tests =
        testList "UnitRunnerTests" [

            testCase "a run without a train part is the backtest, bit for bit" (fun () ->
                forEach many.Value (fun _ candles plan row -> isBacktest candles plan row)
                // Not only agents that never trade.
                isAbove
                    20
                    (manyRows.Value.Values
                     |> Seq.filter (fun row -> (nonNull row.Test).Trades > 5)
                     |> Seq.length))

            testCase "so it is on the sample week" (fun () ->
                let plan =
                    Sweeps.planOf (
                        week """"grid": {"agent": ["linear-ts", "ma-cross"], "horizon": ["auto"], "fee-bps": [1]}"""
                    )

                forEach plan (fun _ candles plan row -> isBacktest candles plan row))

            testCase "and the run of a comparison" (fun () ->
                let plan =
                    Sweeps.planOf (Specs.synthetic 600 """"seeds": 3, "grid": {"agent": ["linear-ts", "random"]}""")

                let unit = Sweeps.unitsOf plan |> List.exactlyOne
                let rows = Sweeps.make plan unit unit.Runs

                let comparison =
                    compared (sliceOf plan unit) (planIn unit unit.Runs[0]) [ "linear-ts"; "random" ] [ 1L; 2L; 3L ]

                equal [
                    for agent in comparison.Agents do
                        for run in agent.Runs -> run.Seed, PartResult.Of run.Summary
                ] [ for row in rows -> row.Seed, nonNull row.Test ])

            // A walk-forward over all candles warms its indicators once, before its first fold; a sweep does in the train part of
            // each. The two are the same run where the walk-forward has the candles of one window.
            testCase "a run with a train part is the fold of a walk-forward over its window, bit for bit" (fun () ->
                equal 5 folded.Value.Markets[0].Windows.Count
                let trades = ref 0L

                forEach folded.Value (fun unit candles plan row ->
                    trades.Value <- trades.Value + (nonNull row.Test).Trades
                    isWalk candles unit.Window plan row)

                isAbove 1_000L trades.Value)

            testCase "the first fold is that of a walk-forward over all candles" (fun () ->
                let unit = Sweeps.unitsOf folded.Value |> List.find (fun unit -> unit.Number = 0)
                let all = folded.Value.Candles.Of(unit.Market, Sweeps.whole)
                let plan = planIn unit unit.Runs[0]
                let row = Sweeps.make folded.Value unit [ unit.Runs[0] ] |> List.exactlyOne
                let split = WalkForwardSplit(2 * 288 - plan.FeatureSet.WarmUp, 288)

                let found =
                    WalkForwardPlan(plan, split)
                        .RunAsync(all.ToObservable(), null, CancellationToken.None)
                        .GetAwaiter()
                        .GetResult()

                let fold = found.Agents[0].Runs[0].Folds[0]
                equal fold.Train.Return (nonNull row.Train).TotalReturn
                equal fold.Test.Return (nonNull row.Test).TotalReturn)

            testCase "the agent learns in the train part, and the portfolio of the test is a new one" (fun () ->
                let unit =
                    Sweeps.unitsOf folded.Value
                    |> List.find (fun unit -> unit.Runs[0].Parameters.Agent = "linear-ts")

                let run = unit.Runs[0]
                let row = Sweeps.make folded.Value unit [ run ] |> List.exactlyOne

                let test =
                    sliceOf folded.Value unit
                    |> Array.filter (fun candle -> candle.OpenTime >= unit.Window.Seam)
                // All candles of the test are steps: the indicators are warm.
                equal (int64 test.Length) (nonNull row.Test).Steps
                let fresh = backtest test (planIn unit run)
                differs (nonNull fresh.Summary).TotalReturn (nonNull row.Test).TotalReturn)

            propertyOf
                30
                "a row is the same whatever runs are made beside it, and in whatever order"
                (fun (seed: int) (PositiveInt most) ->
                    let unit = Sweeps.unitsOf many.Value |> Sweeps.shuffled seed |> List.head
                    let runs = unit.Runs |> Sweeps.shuffled seed |> List.truncate (1 + most % 8)

                    for run, row in List.zip runs (Sweeps.make many.Value unit runs) do
                        equal run.Key row.Key
                        equal manyRows.Value[run.Key] row)

            testCase "a row says what it is of" (fun () ->
                for unit in Sweeps.unitsOf folded.Value do
                    for run, row in List.zip (Sweeps.runsOf unit) (Sweeps.make folded.Value unit unit.Runs) do
                        equal
                            ("code",
                             unit.Data,
                             "BTC/USDT",
                             "5m",
                             unit.Window,
                             RunKey.OfSetting run.Parameters,
                             0.0,
                             0.0,
                             1L)
                            (row.Code,
                             row.Data,
                             row.Symbol,
                             row.Timeframe,
                             row.Window,
                             row.Setting,
                             row.FeeBps,
                             row.SlippageBps,
                             row.Seed))

            testCase "a window that ends before the indicators are warm is a failure with its reason" (fun () ->
                let plan = Sweeps.planOf (Specs.synthetic 300 """"grid": {"indicators": ["sma:400", "sma:299"]}""")
                let rows = Sweeps.makeAll plan
                equal 2 rows.Length
                let failed = rows |> List.filter (fun row -> not (isNull row.Error)) |> List.exactlyOne
                equalText "no step was made: history and warm-up take all candles" failed.Error
                isNull' failed.Test
                isNull' failed.Train
                isNull' failed.Growth)

            testCase "a train part without a step has no result, and the test has one" (fun () ->
                let plan =
                    Sweeps.planOf (
                        week
                            """"timeframes": ["1h"], "folds": {"train_days": 1, "test_days": 2}, "grid": {"indicators": ["sma:30"]}"""
                    )

                for row in Sweeps.makeAll plan do
                    isNull' row.Train
                    isNull' row.Error
                    isWithin 40L 47L (nonNull row.Test).Steps)

            testCase "runs that are stopped have no rows" (fun () ->
                let unit = (Sweeps.unitsOf many.Value).Head
                let candles = many.Value.Candles.Of(unit.Market, Sweeps.whole)

                throwsA<OperationCanceledException>(fun () ->
                    UnitRunner.Run(unit, unit.Runs, candles, "code", CancellationToken true)
                    |> ignore))

            testCase "candles that are not those of the plan are refused" (fun () ->
                let unit = (Sweeps.unitsOf many.Value).Head
                let candles = Array.copy (many.Value.Candles.Of(unit.Market, Sweeps.whole))
                let last = candles[candles.Length - 1]

                candles[candles.Length - 1] <-
                    Candle.Of(last.OpenTime, last.Open, last.High, last.Low, last.Close, last.Volume + 1.0)

                throws<InvalidDataException>(fun () ->
                    UnitRunner.Run(unit, unit.Runs, candles, "code", CancellationToken.None)
                    |> ignore))

            testCase "an agent that draws nothing is run once, whatever the number of seeds" (fun () ->
                let runs agent =
                    Sweeps.keysOf (
                        Sweeps.planOf (Specs.synthetic 300 $"\"seeds\": 5, \"grid\": {{\"agent\": [\"{agent}\"]}}")
                    )

                equal (5, 1, 1) ((runs "linear-ts").Length, (runs "hold").Length, (runs "ma-cross").Length))

            testCase "the runs of a unit have one list of indicators, and there are not too many" (fun () ->
                let plan =
                    Sweeps.planOf (
                        Specs.synthetic
                            300
                            """"seeds": 30, "grid": {"indicators": ["sma:5", "sma:6"], "horizon": [1, 2]}"""
                    )

                let units = Sweeps.unitsOf plan
                all (fun (unit: PlannedUnit) -> unit.Runs.Count <= 24) units
                equal 120 (units |> List.sumBy (fun unit -> unit.Runs.Count))
                all (fun unit -> 1 = (Sweeps.runsOf unit |> List.distinctBy _.Parameters.Indicators).Length) units
                unique (units |> List.map _.Key)
                unique (Sweeps.keysOf plan))
        ]
