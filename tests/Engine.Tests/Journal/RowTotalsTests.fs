namespace BtcBandit.Engine.Tests.Journal

open System
open System.Collections.Immutable
open System.Text
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

/// Rows that the engine wrote, read back and added up, against what the engine itself counted.
module RowTotalsTests =

    let private quarterDay = 6L * 3_600_000L

    /// Candles six hours apart, so that a few hundred of them are of several months.
    let private candles seed count =
        Trading.market SyntheticWorld.Drifts seed count
        |> List.mapi (fun index candle ->
            Make.candle (Candles.newYear + int64 index * quarterDay) candle.Open candle.Close)

    let private stepsOf (parameters: RunParameters) (candles: Candle list) : Step list =
        let plan = RunPlan.Of(Make.source, parameters, RunParts(FeatureSet = FeatureSet.Of "sma:2"))
        let run = TradingRun plan
        candles |> List.choose (fun candle -> Option.ofObj (run.Next candle))

    let private totalsOf (steps: Step list) : RowTotals =
        let totals = RowTotals((List.head steps).Header, Int32.MaxValue)
        let rows = TradeRows()

        for step in steps do
            let buffer = Array.zeroCreate TradeRows.LongestRow
            let length = rows.Write(Make.made step, buffer, 0)
            let isRow, row = TradeRow.TryParse(ReadOnlySpan(buffer, 0, length - 1))
            equal true isRow
            totals.Next row

        totals

    let private parametersOf cash most feeBps fill seed =
        RunParameters(
            Agent = "random",
            Seed = seed,
            Horizon = Nullable 5,
            InitialCash = cash,
            Costs = Costs.Of(feeBps, 0.5 * feeBps),
            Fill = fill,
            Rules = ExchangeRules(MaximumQuantity = most)
        )

    let private near = isNear

    /// What the months and trades come to, against the statistics of the newest step.
    let private check cash most feeBps fill seed : Step list =
        let parameters = parametersOf cash most feeBps fill seed
        let steps = stepsOf parameters (candles seed 400)
        let totals = totalsOf steps
        let last = List.last steps
        let statistics, months = last.Statistics, totals.Months
        let sum (count: RunMonth -> int64) = Seq.sumBy count months

        equal
            (statistics.Steps, statistics.Trades, statistics.RoundTrips, statistics.Wins)
            (sum _.Steps, sum _.Trades, sum _.RoundTrips, sum _.Wins)

        equal
            statistics.InvestedSteps
            (months
             |> Seq.sumBy (fun month -> int64 (round (month.Exposure * float month.Steps))))

        let tolerance = 1e-9 * cash
        let profits = [ for trade: SavedTrade in totals.Trades -> trade.Profit.GetValueOrDefault() ]
        near tolerance statistics.GrossProfit (List.sumBy (max 0.0) profits)
        near tolerance statistics.GrossLoss (List.sumBy (fun profit -> max 0.0 -profit) profits)
        near tolerance (last.Portfolio.FeesPaid + last.Portfolio.SlippagePaid) (months |> Seq.sumBy _.Costs)

        (1.0, months)
        ||> Seq.fold (fun growth month -> growth * (1.0 + month.Return))
        |> near 1e-9 (statistics.Equity / statistics.InitialEquity)

        let path = PathRecorder()

        for step in steps do
            path.Next step

        equal (path.ToPath().Months.Count) (Seq.length months)

        for expected, actual in Seq.zip (path.ToPath().Months) months do
            equal
                (expected.Year, expected.Month, expected.Steps, expected.Trades, expected.RoundTrips, expected.Wins)
                (actual.Year, actual.Month, actual.Steps, actual.Trades, actual.RoundTrips, actual.Wins)

        steps

    let private isRest (step: Step) =
        match step.Fill with
        | null -> false
        | fill -> fill.Side = TradeAction.Sell && step.Portfolio.Position > 0.0

    [<Tests>]
    let tests =
        testList "RowTotalsTests" [
            // Few: each case is a run.
            propertyOf 60 "rows come to the statistics of their run, whatever sells leave behind"
            <| fun (seed: uint16) (hundredths: uint8) (fee: uint8) (atClose: bool) ->
                let fill = if atClose then FillMoment.Close else FillMoment.NextOpen

                check 100_000.0 (0.01 * (1.0 + float hundredths)) (float (fee % 20uy)) fill (int64 seed)
                |> ignore

            cases "a sell that leaves a part of the position closes a round trip" [ 100_000.0, 0.5; 1e9, 9_000.0 ]
            <| fun (cash: float, most: float) ->
                let steps = check cash most 1.0 FillMoment.NextOpen 3L
                isAbove 10 (steps |> List.filter isRest |> List.length)

            testCase "a run without costs and without limits"
            <| fun () -> check 1_000.0 9_000.0 0.0 FillMoment.NextOpen 5L |> ignore

            testCase "each point of equity is the close of as many steps, but for the last"
            <| fun () ->
                let parameters = parametersOf 1_000.0 9_000.0 1.0 FillMoment.NextOpen 7L
                let steps = stepsOf parameters (candles 7L 400)
                let totals = totalsOf steps
                let length = int totals.StepsPerStretch
                equal 4 length

                let expected =
                    steps
                    |> List.chunkBySize length
                    |> List.map (fun chunk -> (List.last chunk).Statistics.Equity)

                equal expected.Length totals.Stretches.Count

                for one, other in Seq.zip expected totals.Stretches do
                    near 1e-6 one other.Equity

            testCase "stretches have the deepest drawdown of their steps"
            <| fun () ->
                let parameters = parametersOf 1_000.0 9_000.0 1.0 FillMoment.NextOpen 7L
                let steps = stepsOf parameters (candles 7L 400)
                let totals = totalsOf steps

                for chunk, stretch in Seq.zip (List.chunkBySize 4 steps) totals.Stretches do
                    near 1e-9 (chunk |> List.map _.Statistics.Drawdown |> List.max) stretch.Drawdown
                    equal (int64 chunk.Length) stretch.Steps

                    equal
                        (chunk
                         |> List.filter (fun step -> step.Portfolio.Position > 0.0)
                         |> List.length
                         |> int64)
                        stretch.InvestedSteps

                    equal
                        (chunk
                         |> List.filter (fun step -> step.Decision.Action = TradeAction.Buy)
                         |> List.length
                         |> int64)
                        stretch.Actions.Buy

            testCase "the break-even fee of two executions, by hand"
            <| fun () ->
                let header = RunHeader(Make.source, RunParameters(), ImmutableArray.Empty, ImmutableArray.Empty)
                let totals = RowTotals(header, 10)

                // Ten are bought at 50 and sold at 51, each for a fee of 1: 10 earned without fees, 1,010 traded.
                for line in
                    [
                        "60000,1,buy,,,,,,1000,0,1000,0,0,0,exploit"
                        "120000,2,sell,50,10,1,0,,499,10,1004,0,0,0,exploit"
                        "180000,3,hold,51,10,1,0,,1008,0,1008,0,0,0,exploit"
                    ] do
                    let isRow, row = TradeRow.TryParse(ReadOnlySpan(Encoding.ASCII.GetBytes line))
                    equal true isRow
                    totals.Next row

                equal 1010.0 totals.TradedValue
                near 1e-9 (10_000.0 * 10.0 / 1_010.0) (RunInspection.BreakEvenFee(8.0, 2.0, 1_010.0).Value)
                equal false (RunInspection.BreakEvenFee(0.0, 0.0, 0.0).HasValue)
                isBelow 0.0 (RunInspection.BreakEvenFee(-8.0, 2.0, 1_010.0).Value)
        ]
