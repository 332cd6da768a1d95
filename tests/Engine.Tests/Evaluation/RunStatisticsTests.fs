namespace BtcBandit.Engine.Tests.Evaluation

open System
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

/// One step as the statistics see it.
type Recorded = { Candle: Candle; Portfolio: Portfolio; Fill: Fill voption; Reward: float voption }

type Record =
    | Record of Recorded list

    static member Arbitrary() =
        let absentOr generator = Gen.frequency [ 1, Gen.constant ValueNone; 2, Gen.map ValueSome generator ]

        let price = Gen.choose (8_000, 12_000) |> Gen.map (fun cents -> float cents / 64.0)
        let signed = Gen.choose (-3, 3) |> Gen.map float

        let fill =
            gen {
                let! price = price
                let! quantity = Gen.choose (1, 100)
                let! profit = signed
                let! sells = Gen.elements [ true; false ]

                return
                    if sells then
                        Fill(TradeAction.Sell, 0L, price, float quantity / 100.0, 1.0, 1.0, Nullable profit)
                    else
                        Fill(TradeAction.Buy, 0L, price, float quantity / 100.0, 1.0, 1.0, Nullable())
            }

        let recorded index =
            gen {
                let! openPrice = price
                let! close = price
                let! cash = Gen.choose (1, 100)
                let! position = Gen.frequency [ 1, Gen.constant 0; 2, Gen.choose (1, 3) ]
                let! fill = absentOr fill
                let! reward = absentOr signed

                return {
                    Candle = Make.candle (Candles.newYear + int64 index * Candles.minute) openPrice close
                    Portfolio = Portfolio(float cash, float position, 0.0, 0.0, 0.0, 0.0)
                    Fill = fill
                    Reward = reward
                }
            }

        let candle index openPrice close = Make.candle (Candles.newYear + int64 index * Candles.minute) openPrice close

        let portfolio cash position = Portfolio(cash, position, 0.0, 0.0, 0.0, 0.0)

        let simpler (one: Recorded) =
            seq {
                for fill in Shrinking.only ValueNone one.Fill do
                    yield { one with Fill = fill }

                for reward in Shrinking.only ValueNone one.Reward do
                    yield { one with Reward = reward }

                for prices in Shrinking.only (128.0, 128.0) (one.Candle.Open, one.Candle.Close) do
                    yield { one with Candle = candle 1 (fst prices) (snd prices) }

                for cash, position in Shrinking.only (1.0, 0.0) (one.Portfolio.Cash, one.Portfolio.Position) do
                    yield { one with Portfolio = portfolio cash position }
            }

        // What is left out leaves no gap.
        let timed steps =
            steps
            |> List.mapi (fun index (one: Recorded) -> {
                one with
                    Candle = candle (index + 1) one.Candle.Open one.Candle.Close
            })
            |> Record

        let records =
            Gen.choose (0, 40)
            >>= (fun count -> Gen.sequenceToList [ for index in 1..count -> recorded index ])
            |> Gen.map Record

        Arb.fromGenShrink (records, fun (Record steps) -> Shrinking.list simpler steps |> Seq.map timed)

// Many, being cheap: fills, rewards and empty positions are to meet in every order.
module RunStatisticsTests =

    let private initial = 128.0

    let private costs = Costs.Of(300.0, 0.0)

    let private buyCost = costs.BuyFactor - 1.0

    let private runFilling atClose (steps: Recorded list) =
        (RunStatistics.StartWith initial, steps)
        ||> List.fold (fun statistics step ->
            let fill: Fill | null =
                match step.Fill with
                | ValueSome fill -> fill
                | ValueNone -> null

            let reward = step.Reward |> ValueOption.toNullable
            statistics.With(&step.Candle, step.Portfolio, fill, reward, costs, atClose))

    let private run = runFilling false

    let private near (expected: float) (actual: float) = isNear (1e-9 * (1.0 + abs expected)) expected actual

    let private fills steps =
        steps
        |> List.choose (fun step ->
            match step.Fill with
            | ValueSome fill -> Some fill
            | ValueNone -> None)

    let private profits steps =
        fills steps
        |> List.choose (fun fill -> if fill.Profit.HasValue then Some fill.Profit.Value else None)

    let private equities (steps: Recorded list) =
        steps
        |> List.map (fun step -> step.Portfolio.Cash + step.Portfolio.Position * step.Candle.Close)

    let private returns steps =
        initial :: equities steps
        |> List.pairwise
        |> List.map (fun (before, now) -> now / before - 1.0)

    [<Tests>]
    let tests =
        testList "RunStatisticsTests" [
            propertyWith 500 [ typeof<Record> ] "mean, variance and losses equal the batch computation"
            <| fun (Record steps) ->
                let statistics = run steps
                equal (int64 steps.Length) statistics.Steps

                if not steps.IsEmpty then
                    let returns = returns steps
                    let mean = List.average returns
                    near mean statistics.MeanReturn
                    near (returns |> List.sumBy (fun r -> (r - mean) ** 2.0)) statistics.SquaredDeviations
                    near (returns |> List.sumBy (fun r -> (min r 0.0) ** 2.0)) statistics.SquaredLosses

            propertyWith
                500
                [ typeof<Record> ]
                "the drawdown is the largest fall from any earlier equity, the start included"
            <| fun (Record steps) ->
                let all = initial :: equities steps |> Array.ofList

                let worst =
                    Seq.max (
                        seq {
                            for j in 0 .. all.Length - 1 do
                                for i in 0..j do
                                    1.0 - all[j] / all[i]
                        }
                    )

                let statistics = run steps
                near worst statistics.MaxDrawdown
                near (Array.max all) statistics.PeakEquity
                near (Array.last all) statistics.Equity
                near (1.0 - Array.last all / Array.max all) statistics.Drawdown

            propertyWith 500 [ typeof<Record> ] "trades and round trips are counted"
            <| fun (Record steps) ->
                let statistics = run steps
                equal (int64 (fills steps).Length) statistics.Trades
                equal (int64 (profits steps).Length) statistics.RoundTrips
                equal (int64 (profits steps |> List.filter (fun p -> p > 0.0)).Length) statistics.Wins
                near (profits steps |> List.sumBy (max 0.0)) statistics.GrossProfit
                near (profits steps |> List.sumBy (fun p -> max -p 0.0)) statistics.GrossLoss

            propertyWith 500 [ typeof<Record> ] "turnover is the traded value over the equity of the close before"
            <| fun (Record steps) ->
                let expected =
                    List.zip (initial :: equities steps |> List.take steps.Length) steps
                    |> List.sumBy (fun (before, step) ->
                        match step.Fill with
                        | ValueSome fill -> fill.Price * fill.Quantity / before
                        | ValueNone -> 0.0)

                near expected (run steps).Turnover

            propertyWith 500 [ typeof<Record> ] "rewards, exposure and times are summed up"
            <| fun (Record steps) ->
                let statistics = run steps

                near
                    (steps |> List.sumBy (fun step -> ValueOption.defaultValue 0.0 step.Reward))
                    statistics.CumulativeReward

                equal
                    (steps
                     |> List.filter (fun step -> step.Portfolio.Position > 0.0)
                     |> List.length
                     |> int64)
                    statistics.InvestedSteps

                if not steps.IsEmpty then
                    equal steps.Head.Candle.OpenTime statistics.FirstOpenTime
                    equal (List.last steps).Candle.OpenTime statistics.LastOpenTime

            propertyWith 500 [ typeof<Record> ] "the rival buys at the second step's open, with costs, and holds"
            <| fun (Record steps) ->
                let statistics = run steps

                match steps with
                | _ :: second :: _ ->
                    let units = initial / (second.Candle.Open * (1.0 + buyCost))
                    near units statistics.BuyAndHoldUnits.Value
                    near (units * (List.last steps).Candle.Close) statistics.BuyAndHoldEquity.Value
                | _ ->
                    equal false statistics.BuyAndHoldUnits.HasValue
                    equal false statistics.BuyAndHoldEquity.HasValue

            propertyWith 500 [ typeof<Record> ] "where orders fill at the close, the rival buys at the first one"
            <| fun (Record steps) ->
                let statistics = runFilling true steps

                match steps with
                | first :: _ ->
                    let units = initial / (first.Candle.Close * (1.0 + buyCost))
                    near units statistics.BuyAndHoldUnits.Value
                    near (units * (List.last steps).Candle.Close) statistics.BuyAndHoldEquity.Value
                | [] -> equal false statistics.BuyAndHoldUnits.HasValue

            testCase "before any step only the money is known"
            <| fun () ->
                let statistics = RunStatistics.StartWith 1_000.0
                equal (0L, 1_000.0, 1_000.0) (statistics.Steps, statistics.InitialEquity, statistics.Equity)
                equal (1_000.0, 0.0, 0.0) (statistics.PeakEquity, statistics.Drawdown, statistics.MaxDrawdown)
        ]
