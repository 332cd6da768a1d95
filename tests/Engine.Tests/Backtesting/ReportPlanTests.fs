namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Collections.Generic
open System.Reactive.Linq
open System.Threading
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

/// What is recorded of a comparison.
module ReportPlanTests =

    let private parameters agent history =
        RunParameters(Agent = agent, History = history, Indicators = "sma:14,ema:14", Costs = Costs.Of(0.5, 0.25))

    let private planOf agent history = RunPlan.Of(Make.source, parameters agent history)

    let private candlesOf count = List.ofSeq (Trading.market SyntheticWorld.Drifts 7L count)

    let private reportOf (plan: ComparisonPlan) (candles: Candle list) =
        ReportPlan(plan).RunAsync(candles.ToObservable()).GetAwaiter().GetResult()

    let private stepsOf (plan: RunPlan) (candles: Candle list) =
        let run = TradingRun plan
        candles |> List.choose (fun candle -> Option.ofObj (run.Next candle))

    /// A comparison of two agents and two seeds.
    let private compared =
        ComparisonPlan(planOf "linear-ts" 60, Agents = [| "linear-ts"; "linear-ucb" |], Seeds = [| 1L; 2L |])

    let private long = candlesOf 5_000

    let private report =
        lazy (reportOf (ComparisonPlan(planOf "linear-ts" 60, Agents = [| "linear-ts" |])) long)

    let private chunks (chart: RunChart) (steps: Step list) = List.chunkBySize (int chart.StepsPerBucket) steps

    [<Tests>]
    let tests =
        testList "ReportPlanTests" [
            testCase "buckets cover all steps, and are what a recomputation gives"
            <| fun () ->
                let chart = report.Value.Chart
                let steps = stepsOf (planOf "linear-ts" 60) long
                isWithin (ChartRecorder.MaxBuckets / 2) ChartRecorder.MaxBuckets chart.Buckets.Count
                equal (int64 steps.Length) (chart.Buckets |> Seq.sumBy _.Steps)
                isAbove ChartRecorder.MaxBuckets steps.Length

                for bucket, part in Seq.zip chart.Buckets (chunks chart steps) do
                    let candles = part |> List.map _.Candle
                    equal candles.Head.OpenTime bucket.OpenTime
                    equal (candles.Head.Open, (List.last candles).Close) (bucket.Open, bucket.Close)
                    equal (candles |> List.map _.High |> List.max) bucket.High
                    equal (candles |> List.map _.Low |> List.min) bucket.Low
                    isNear 1e-9 (candles |> List.sumBy _.Volume) bucket.Volume
                    let sides = part |> List.choose (fun step -> Option.ofObj step.Fill |> Option.map _.Side)
                    let count side = sides |> List.filter ((=) side) |> List.length |> int64
                    equal (count TradeAction.Buy, count TradeAction.Sell) (bucket.Buys, bucket.Sells)

                    let chosen action =
                        part
                        |> List.filter (fun step -> step.Decision.Action = action)
                        |> List.length
                        |> int64

                    equal
                        (ActionCounts(chosen TradeAction.Sell, chosen TradeAction.Hold, chosen TradeAction.Buy))
                        bucket.Actions

                    equal
                        (part
                         |> List.filter (fun step -> step.Portfolio.Position > 0.0)
                         |> List.length
                         |> int64)
                        bucket.InvestedSteps

            testCase "equity is that of the last close, the drawdown the largest"
            <| fun () ->
                let chart = report.Value.Chart
                let curve = report.Value.Curves[0]
                let steps = stepsOf (planOf "linear-ts" 60) long
                equal chart.Buckets.Count curve.Points.Count

                for point, part in Seq.zip curve.Points (chunks chart steps) do
                    equal (List.last part).Statistics.Equity point.Equity

                    let falls =
                        part
                        |> List.map (fun step -> 1.0 - step.Statistics.Equity / step.Statistics.PeakEquity)

                    equal (List.max falls) point.Drawdown

                let summary = report.Value.Comparison.Agents[0].Runs[0].Summary
                equal summary.MaxDrawdown (curve.Points |> Seq.map _.Drawdown |> Seq.max)
                equal summary.FinalEquity (Seq.last curve.Points).Equity

            testCase "the newest executions are kept, and those left out are counted"
            <| fun () ->
                let chart = report.Value.Chart

                let fills =
                    stepsOf (planOf "linear-ts" 60) long
                    |> List.choose (fun step -> Option.ofObj step.Fill)

                isNotEmpty fills
                equal (int64 fills.Length) (int64 chart.Fills.Count + chart.FillsLeftOut)
                equal (List.skip (int chart.FillsLeftOut) fills) (List.ofSeq chart.Fills)
                equal (int64 fills.Length) (chart.Buckets |> Seq.sumBy (fun bucket -> bucket.Buys + bucket.Sells))

            testCase "executions are bounded"
            <| fun () ->
                let recorder = ChartRecorder()
                let steps = stepsOf (planOf "random" 60) (candlesOf 9_000)

                for step in steps do
                    recorder.Next step

                let fills = steps |> List.choose (fun step -> Option.ofObj step.Fill)
                let chart = recorder.ToChart()
                isAbove ChartRecorder.MaxFills fills.Length

                equal
                    (ChartRecorder.MaxFills, int64 (fills.Length - ChartRecorder.MaxFills))
                    (chart.Fills.Count, chart.FillsLeftOut)

                equal (List.last fills) (Seq.last chart.Fills)

            testCase "weights are means over the steps in which the agent wants to be in the market"
            <| fun () ->
                let weights = report.Value.Chart.Weights
                let steps = stepsOf (planOf "linear-ts" 60) long
                isWithin 1 256 weights.Count
                equal (int64 steps.Length) (weights |> Seq.sumBy _.Steps)
                let mutable rest = steps

                for bucket in weights do
                    let part, later = List.splitAt (int bucket.Steps) rest
                    rest <- later
                    equal part.Head.Candle.OpenTime bucket.OpenTime

                    let counted =
                        part
                        |> List.map (fun step -> List.ofSeq step.Decision.Contributions)
                        |> List.filter (List.exists ((<>) 0.0))

                    equal (int64 counted.Length) bucket.Counted

                    for feature in 0 .. bucket.Means.Count - 1 do
                        let of' change = counted |> List.averageBy (fun all -> 1e4 * change all[feature])
                        isNear 1e-9 (of' id) bucket.Means[feature]
                        isNear 1e-9 (of' abs) bucket.Sizes[feature]

                isAbove 0L (weights |> Seq.sumBy _.Counted)

            testCase "agents and baselines have one curve each, on the same buckets"
            <| fun () ->
                let report = reportOf compared (candlesOf 700)

                let names = [ for curve in report.Curves -> curve.Name, curve.Seed, curve.IsBaseline ]

                equal
                    [
                        "linear-ts", 1L, false
                        "linear-ucb", 1L, false
                        "hold", 1L, true
                        "buy-and-hold", 1L, true
                        "ma-cross", 1L, true
                        "random-turnover", 1L, true
                    ]
                    names

                equal
                    true
                    (report.Curves
                     |> Seq.forall (fun curve -> curve.Points.Count = report.Chart.Buckets.Count))

                let agents = List.ofSeq (Seq.append report.Comparison.Agents report.Comparison.Baselines)
                equal agents.Length report.Curves.Count

                for curve, agent in Seq.zip report.Curves agents do
                    equal (curve.Name, agent.Runs[0].Summary.FinalEquity) (agent.Name, (Seq.last curve.Points).Equity)

            testCase "the comparison is the one that is made without a report"
            <| fun () ->
                let candles = candlesOf 700
                let alone = compared.RunAsync(candles.ToObservable()).GetAwaiter().GetResult()
                let header = compared.Run.Header
                equal (alone.ToJson header) ((reportOf compared candles).Comparison.ToJson header)

            testCase "all candles are in the hash, history included"
            <| fun () ->
                let hash = CandleHash()
                let candles = candlesOf 700

                for candle in candles do
                    hash.Append &candle

                let report = reportOf compared candles
                equal (700L, string hash) (report.Comparison.Candles, report.Comparison.DataHash)

            testCase "the run at another fee is what it is alone"
            <| fun () ->
                let candles = candlesOf 1_500
                let report = reportOf (ComparisonPlan(planOf "linear-ts" 60)) candles
                let costs = nonNull report.Costs

                equal [ 0.0; 0.5; 1.0; 2.0; 3.0; 5.0; 7.5; 10.0; 15.0; 20.0 ] [
                    for point in costs.Points -> point.FeeBps
                ]

                for point in costs.Points do
                    let plan =
                        RunPlan.Of(
                            Make.source,
                            RunParameters(
                                Agent = "linear-ts",
                                History = 60,
                                Indicators = "sma:14,ema:14",
                                Costs = Costs.Of(point.FeeBps, 0.25)
                            )
                        )

                    let result = Backtest.RunAsync(candles.ToObservable(), plan).GetAwaiter().GetResult()
                    let summary = nonNull result.Summary

                    equal
                        (summary.TotalReturn, summary.Trades, summary.FeesPaid)
                        (point.TotalReturn, point.Trades, point.FeesPaid)

            testCase "the fee that was asked for is among the fees"
            <| fun () ->
                let asked = RunParameters(Indicators = "sma:14", History = 60, Costs = Costs.Of(4.0, 1.0))
                let report = reportOf (ComparisonPlan(RunPlan.Of(Make.source, asked))) (candlesOf 400)

                let own =
                    (nonNull report.Costs).Points
                    |> Seq.filter (fun point -> point.FeeBps = 4.0)
                    |> List.ofSeq

                equal 1 own.Length
                equal report.Comparison.Agents[0].Runs[0].Summary.TotalReturn own.Head.TotalReturn

            testCase "a comparison that is stopped has no result at other fees"
            <| fun () ->
                use stop = new CancellationTokenSource()

                let candles =
                    (candlesOf 900)
                        .ToObservable()
                        .Do(fun (candle: Candle) ->
                            if candle.OpenTime >= long[799].OpenTime then
                                stop.Cancel())

                let report = ReportPlan(compared).RunAsync(candles, stop = stop.Token).GetAwaiter().GetResult()
                equal (false, null) (report.Comparison.IsWhole, report.Costs)
                equal false (report.Curves |> Seq.exists (fun curve -> curve.Name = "random-turnover"))
                equal report.Comparison.Candles report.Comparison.Agents[0].Runs[0].Summary.Candles
                equal (Nullable CostsAbsence.Stopped, true) (report.WhyNoCosts, report.IsPartial)

            testCase "stopped in the pass at other fees, the comparison is whole and the report partial"
            <| fun () ->
                use stop = new CancellationTokenSource()

                let stopping pass =
                    if pass = 2 then
                        stop.Cancel()

                let report =
                    ReportPlan(compared)
                        .RunAsync((candlesOf 900).ToObservable(), (fun pass _ -> stopping pass), stop.Token)
                        .GetAwaiter()
                        .GetResult()

                equal (true, null) (report.Comparison.IsWhole, report.Costs)
                equal (Nullable CostsAbsence.Stopped, true) (report.WhyNoCosts, report.IsPartial)
                equal true (report.Curves |> Seq.exists (fun curve -> curve.Name = "random-turnover"))

            testCase "a cost model of one's own has no fee to vary, and that is said"
            <| fun () ->
                let model = {
                    new ICostModel with
                        member _.Id = "dear"
                        member _.At(_: inref<Candle>, _) = Costs.Of(1.0, 0.0)
                }

                let plan =
                    RunPlan.Of(
                        Make.source,
                        RunParameters(History = 60, Indicators = "sma:14"),
                        RunParts(CostModel = model)
                    )

                let report = reportOf (ComparisonPlan plan) (candlesOf 400)
                equal (null, Nullable CostsAbsence.CostsVary, false) (report.Costs, report.WhyNoCosts, report.IsPartial)

            testCase "the header is that of the first agent"
            <| fun () ->
                let plan =
                    ComparisonPlan(planOf "linear-ts" 60, Agents = [| "softmax"; "linear-ts" |], Seeds = [| 4L |])

                let parameters = (reportOf plan (candlesOf 300)).Header.Parameters
                equal ("softmax", Nullable 15, 4L) (parameters.Agent, parameters.Horizon, parameters.Seed)

            testCase "a frozen agent and one of the same name that learns have a curve each"
            <| fun () ->
                let plan = planOf "linear-ts" 60
                let taught = Backtest.RunAsync((candlesOf 900).ToObservable(), plan).GetAwaiter().GetResult()

                let report =
                    reportOf
                        (ComparisonPlan(plan, Agents = [| "linear-ts" |], Frozen = (nonNull taught.State).Agent))
                        (candlesOf 700)

                equal [ "linear-ts", true; "linear-ts", false; "hold", false ] [
                    for curve in Seq.take 3 report.Curves -> curve.Name, curve.IsFrozen
                ]

                equal 2 report.Comparison.Agents.Count

                for curve, agent in Seq.zip report.Curves report.Comparison.Agents do
                    equal agent.Runs[0].Summary.FinalEquity (Seq.last curve.Points).Equity

            testCase "a run that makes no step gives no buckets"
            <| fun () ->
                let report = reportOf (ComparisonPlan(planOf "linear-ts" 60)) (candlesOf 20)

                equal
                    (0, 0, null, 20L)
                    (report.Chart.Buckets.Count, report.Curves.Count, report.Costs, report.Comparison.Candles)

                equal (Nullable CostsAbsence.RunFailed, false) (report.WhyNoCosts, report.IsDrawn)

            testCase "whoever watches the comparison sees the same steps"
            <| fun () ->
                let seen = Dictionary<string, int>()

                let watch kind =
                    Func<RunPlan, Action<Step> | null>(fun plan ->
                        let key = $"{kind} {plan.Header.Parameters.Agent} {plan.Header.Parameters.Seed}"

                        Action<Step>(fun _ ->
                            lock seen (fun () -> seen[key] <- (if seen.ContainsKey key then seen[key] else 0) + 1)))

                let plan =
                    ComparisonPlan(
                        planOf "linear-ts" 60,
                        Seeds = [| 1L; 2L |],
                        Watch = watch "agent",
                        WatchBaseline = watch "baseline"
                    )

                reportOf plan (candlesOf 300) |> ignore

                equal
                    [
                        "agent linear-ts 1"
                        "agent linear-ts 2"
                        "baseline buy-and-hold 1"
                        "baseline hold 1"
                        "baseline ma-cross 1"
                        "baseline random-turnover 1"
                        "baseline random-turnover 2"
                    ]
                    (seen.Keys |> Seq.sort |> List.ofSeq)

                equal true (seen.Values |> Seq.forall ((=) 240))
        ]
