namespace BtcBandit.Engine.Tests.Exchange

open System
open FsCheck
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Tests.Feeds

/// Orders on an exchange, one at each open of a price path.
type Venue
    (
        feeBps: float,
        slippageBps: float,
        ?lots: float,
        ?minimum: float,
        ?maximum: float,
        ?PositionFraction: float,
        ?TicksPerUnit: float
    ) =
    let rules =
        ExchangeRules(
            defaultArg lots 100_000.0,
            defaultArg minimum 5.0,
            defaultArg maximum 9_000.0,
            defaultArg TicksPerUnit 100.0
        )

    let costs = Costs.Of(feeBps, slippageBps)
    let exchange = SimulatedExchange(rules, defaultArg PositionFraction 1.0)
    member _.FeeBps = feeBps
    member _.SlippageBps = slippageBps
    member _.LotsPerUnit = rules.LotsPerUnit
    member _.MinimumNotional = rules.MinimumNotional
    member _.MaximumQuantity = rules.MaximumQuantity
    member _.PositionFraction = exchange.PositionFraction

    /// The same but for one part, which is what a test has that does not care.
    member _.Simpler() =
        let venue fee slippage lots minimum maximum share =
            Venue(fee, slippage, lots, minimum, maximum, PositionFraction = share)

        let lots, minimum, maximum = rules.LotsPerUnit, rules.MinimumNotional, rules.MaximumQuantity
        let share = exchange.PositionFraction

        seq {
            for fee in Shrinking.only 0.0 feeBps do
                yield venue fee slippageBps lots minimum maximum share

            for slippage in Shrinking.only 0.0 slippageBps do
                yield venue feeBps slippage lots minimum maximum share

            for lots, maximum in Shrinking.only (100_000.0, 9_000.0) (lots, maximum) do
                yield venue feeBps slippageBps lots minimum maximum share

            for minimum in Shrinking.before [ 5.0; 0.0; minimum ] minimum do
                yield venue feeBps slippageBps lots minimum maximum share

            for share in Shrinking.only 1.0 share do
                yield venue feeBps slippageBps lots minimum maximum share
        }

    override _.ToString() =
        $"fee {feeBps} bps, slippage {slippageBps} bps, {rules}, {exchange.PositionFraction} of equity"

    member _.Offers(portfolio, action, price) = exchange.Offers(portfolio, action, price, costs)

    member _.Execute(portfolio: byref<Portfolio>, action, time, price) =
        let mutable refusal: string | null = null
        let fill = exchange.Execute(&portfolio, action, time, price, costs, &refusal)
        struct (fill, refusal)

type Play = { Exchange: Venue; Cash: float; Orders: (TradeAction * float) list }

/// What one order did.
type Executed = {
    Action: TradeAction
    Open: float
    Before: Portfolio
    After: Portfolio
    Fill: Fill voption
    Refusal: string option
}

module Plays =
    let costs =
        Gen.frequency [
            1, Gen.constant 0.0
            4, Gen.choose (0, 20_000) |> Gen.map (fun c -> float c / 100.0)
        ]

    /// Between two numbers, every order of magnitude equally likely.
    let magnitude (low: float) (high: float) =
        Gen.choose (0, 1_000_000)
        |> Gen.map (fun i -> low * Math.Pow(high / low, float i / 1e6))

    /// Prices stay within a factor of 8 of their start, so that "within 1e-9 of equity" is a fair demand.
    let path count =
        gen {
            let! start = magnitude 0.01 1e6
            let! steps = Gen.choose (-2_000, 2_000) |> Gen.listOfLength count

            return
                steps
                |> List.scan
                    (fun price step -> price * (1.0 + float step / 1e4) |> max (start / 8.0) |> min (start * 8.0))
                    start
                |> List.tail
        }

    let exchange (cash: float) =
        gen {
            let! fee = costs
            let! slippage = costs
            let! lots = Gen.elements [ 1.0; 10.0; 1_000.0; 100_000.0; 1e8 ]

            let! minimum =
                Gen.frequency [
                    3, Gen.constant 5.0
                    1, Gen.constant 0.0
                    // About all there is: what passes and what does not are close together.
                    1, Gen.choose (95, 105) |> Gen.map (fun percent -> cash * float percent / 100.0)
                ]

            let! maximumLots = Gen.frequency [ 1, Gen.choose (1, 1_000); 2, Gen.constant 900_000_000 ]

            let! share =
                Gen.frequency [
                    2, Gen.constant 1.0
                    1, Gen.choose (1, 99) |> Gen.map (fun percent -> float percent / 100.0)
                ]

            return Venue(fee, slippage, lots, minimum, float maximumLots / lots, PositionFraction = share)
        }

    let play =
        gen {
            let! cash = Gen.frequency [ 1, Gen.constant 0.0; 9, magnitude 0.01 1e8 ]
            let! exchange = exchange cash
            let! count = Gen.choose (0, 60)
            let! prices = path count
            let! actions = Gen.elements (Enum.GetValues<TradeAction>()) |> Gen.listOfLength count
            return { Exchange = exchange; Cash = cash; Orders = List.zip actions prices }
        }

    let simpler (play: Play) =
        let venue = play.Exchange

        seq {
            for orders in
                Shrinking.list
                    (Shrinking.both (Shrinking.before [ TradeAction.Hold; TradeAction.Buy ]) (Shrinking.only 100.0))
                    play.Orders do
                yield { play with Orders = orders }

            for cash in Shrinking.only 1_000.0 play.Cash do
                yield { play with Cash = cash }

            for exchange in venue.Simpler() do
                yield { play with Exchange = exchange }
        }

    let execute (exchange: Venue) (portfolio: Portfolio) (action: TradeAction) (price: float) =
        let mutable after = portfolio
        let struct (fill, refusal) = exchange.Execute(&after, action, 0L, price)

        {
            Action = action
            Open = price
            Before = portfolio
            After = after
            Fill = ValueOption.ofObj fill
            Refusal = Option.ofObj refusal
        }

    let run (play: Play) =
        (Portfolio.WithCash play.Cash, play.Orders)
        ||> List.mapFold (fun portfolio (action, price) ->
            let executed = execute play.Exchange portfolio action price
            executed, executed.After)

type PlayArbitraries =
    static member Play() = Arb.fromGenShrink (Plays.play, Plays.simpler)

// Many: a fill at a limit of the exchange is rare.
module ExchangeTests =

    let private fills executed =
        executed
        |> List.choose (fun one ->
            match one.Fill with
            | ValueSome fill -> Some(one, fill)
            | ValueNone -> None)

    let private near (scale: float) expected actual = abs (expected - actual) <= 1e-9 * max scale 1e-6

    let private btc = Venue(10.0, 1.0)

    [<Tests>]
    let tests =
        testList "ExchangeTests" [
            /// Most of the properties here are about fills: were there none, they would hold.
            testCase "plays have fills of both sides, the largest ones among them, refusals and holds"
            <| fun () ->
                let executed =
                    Gen.sampleWithSeed (Rnd 7UL) 50 300 Plays.play
                    |> Seq.collect (fun play -> fst (Plays.run play) |> Seq.map (fun one -> play, one))
                    |> Array.ofSeq

                let share isSo = float (executed |> Seq.filter isSo |> Seq.length) / float executed.Length

                let fillOf side isSo (play: Play, one: Executed) =
                    match one.Fill with
                    | ValueSome fill -> fill.Side = side && isSo play fill
                    | ValueNone -> false

                let isLargest (play: Play) (fill: Fill) = fill.Quantity >= play.Exchange.MaximumQuantity

                for side in [ TradeAction.Buy; TradeAction.Sell ] do
                    Expect.isGreaterThan (share (fillOf side (fun _ _ -> true))) 0.05 $"{side}"

                    Expect.isGreaterThan
                        (share (fillOf side (fun play fill -> not (isLargest play fill))))
                        0.02
                        $"{side}"

                    Expect.isGreaterThan (share (fillOf side isLargest)) 0.005 $"{side}"

                isAbove 0.1 (share (fun (_, one) -> one.Refusal.IsSome))
                isAbove 0.2 (share (fun (_, one) -> one.Action = TradeAction.Hold))

            propertyWith
                500
                [ typeof<PlayArbitraries> ]
                "equity changes by the moves on the position, minus fees, minus slippage"
            <| fun (play: Play) ->
                let executed, final = Plays.run play

                if not executed.IsEmpty then
                    let last = (List.last executed).Open

                    let moves =
                        executed
                        |> List.pairwise
                        |> List.sumBy (fun (before, now) -> before.After.Position * (now.Open - before.Open))

                    let costs = fills executed |> List.sumBy (fun (_, fill) -> fill.Fee + fill.Slippage)
                    let equity = final.EquityAt last

                    Expect.isTrue
                        (near equity (play.Cash + moves - costs) equity)
                        $"{equity} is not {play.Cash} + {moves} - {costs}"

                    Expect.isTrue
                        (near equity costs (final.FeesPaid + final.SlippagePaid))
                        "what was paid is what the fills say"

            testCase "the accounting law holds after 200,000 orders"
            <| fun () ->
                let mutable portfolio = Portfolio.WithCash 1_000.0
                let mutable price = 50_000.0
                let mutable expected = 1_000.0
                let exchange = Venue(0.3, 0.1)

                for i in 1L .. 200_000L do
                    let next =
                        50_000.0
                        * exp (0.3 * sin (float i / 500.0) + 0.001 * CounterRandom.Normal(1L, 0, i))

                    expected <- expected + portfolio.Position * (next - price)
                    price <- next
                    let order = enum<TradeAction>(int (CounterRandom.Bits(1L, 1, i) % 3UL))
                    let paid = portfolio.FeesPaid + portfolio.SlippagePaid
                    portfolio <- (Plays.execute exchange portfolio order price).After
                    expected <- expected - (portfolio.FeesPaid + portfolio.SlippagePaid - paid)

                Expect.isTrue
                    (near expected expected (portfolio.EquityAt price))
                    $"{portfolio.EquityAt price}, {expected}"

                Expect.isGreaterThan portfolio.FeesPaid 100.0 "or nothing was traded"

            propertyWith
                500
                [ typeof<PlayArbitraries> ]
                "cash and position are never negative and the position is whole lots to the last bit"
            <| fun (play: Play) ->
                let lots = play.Exchange.LotsPerUnit

                for one in fst (Plays.run play) do
                    isAtLeast 0.0 one.After.Cash
                    isAtLeast 0.0 one.After.Position
                    equal (Math.Round(one.After.Position * lots) / lots) one.After.Position

                    match one.Fill with
                    | ValueSome fill ->
                        isAbove 0.0 fill.Quantity
                        equal (Math.Round(fill.Quantity * lots) / lots) fill.Quantity
                        isAtMost play.Exchange.MaximumQuantity fill.Quantity
                    | ValueNone -> ()

            propertyWith
                500
                [ typeof<PlayArbitraries> ]
                "a fill is worse than the open by the slippage and pays the fee on its value"
            <| fun (play: Play) ->
                for one, fill in fills (fst (Plays.run play)) do
                    let sign = if fill.Side = TradeAction.Buy then 1.0 else -1.0
                    let value = fill.Quantity * fill.Price
                    equal one.Action fill.Side
                    // On the grid of prices, where it is fine enough, and never better than the slippage.
                    let slipped = one.Open * (1.0 + sign * play.Exchange.SlippageBps / 1e4)
                    let isGrid = slipped * 100.0 >= 10_000.0 && play.Exchange.SlippageBps > 0.0
                    let worse = sign * (fill.Price - slipped)
                    isAtLeast (-1e-7 - 1e-12 * slipped) worse
                    isBelow ((if isGrid then 0.01 else 0.0) + 1e-9 * slipped) worse

                    if isGrid then
                        holds (near (fill.Price * 100.0) (Math.Round(fill.Price * 100.0)) (fill.Price * 100.0))

                    holds (near value (value * play.Exchange.FeeBps / 1e4) fill.Fee)
                    holds (near value (fill.Quantity * sign * (fill.Price - one.Open)) fill.Slippage)
                    isAtLeast 0.0 fill.Slippage
                    isAtLeast play.Exchange.MinimumNotional value
                    holds (near (one.Before.Cash + value) (one.Before.Cash - sign * value - fill.Fee) one.After.Cash)
                    equal (fill.Side = TradeAction.Sell) fill.Profit.HasValue

            propertyWith 500 [ typeof<PlayArbitraries> ] "a fraction of equity is what buying goes to, and no further"
            <| fun (play: Play) (PositiveInt share) ->
                let fraction = float (share % 99 + 1) / 100.0

                let exchange =
                    Venue(
                        play.Exchange.FeeBps,
                        play.Exchange.SlippageBps,
                        1e8,
                        0.0,
                        1e15,
                        PositionFraction = fraction,
                        TicksPerUnit = 1e9
                    )

                for one, fill in fills (fst (Plays.run { play with Exchange = exchange })) do
                    if fill.Side = TradeAction.Buy then
                        let before = one.Before.EquityAt fill.Price
                        let lot = fill.Price / 1e8
                        let held = one.After.Position * fill.Price
                        isAtMost (fraction * before * (1.0 + 1e-9)) held
                        // The last of the cash may not pay for all of it and the fee.
                        let affordable =
                            one.Before.Position * fill.Price
                            + one.Before.Cash / (1.0 + exchange.FeeBps / 1e4)

                        isAtLeast (min (fraction * before) affordable - 2.1 * lot - 1e-9 * before) held

            propertyWith
                500
                [ typeof<PlayArbitraries> ]
                "a buy with all of it leaves less than a lot's worth of cash unless the order is the largest"
            <| fun (play: Play) ->
                let isLargest (fill: Fill) = fill.Quantity >= play.Exchange.MaximumQuantity

                for one, fill in fills (fst (Plays.run play)) do
                    if
                        fill.Side = TradeAction.Buy
                        && play.Exchange.PositionFraction = 1.0
                        && not (isLargest fill)
                    then
                        let lot = fill.Price / play.Exchange.LotsPerUnit * (1.0 + play.Exchange.FeeBps / 1e4)
                        isBelow (lot * 1.000001 + 1e-9 * one.Before.Cash) one.After.Cash

            propertyWith 500 [ typeof<PlayArbitraries> ] "a sell goes to no position unless the order is the largest"
            <| fun (play: Play) ->
                for one, fill in fills (fst (Plays.run play)) do
                    if fill.Side = TradeAction.Sell && fill.Quantity < play.Exchange.MaximumQuantity then
                        equal 0.0 one.After.Position
                        equal true (near one.Before.CostBasis 0.0 one.After.CostBasis)

            propertyWith
                500
                [ typeof<PlayArbitraries> ]
                "what is not filled changes nothing; a refusal names its reason and a hold has none"
            <| fun (play: Play) ->
                for one in fst (Plays.run play) do
                    match one.Fill, one.Action with
                    | ValueSome _, _ -> equal None one.Refusal
                    | ValueNone, TradeAction.Hold ->
                        equal None one.Refusal
                        equal one.Before one.After
                    | ValueNone, _ ->
                        startsWith "refused: " one.Refusal.Value
                        equal one.Before one.After

            propertyWith
                500
                [ typeof<PlayArbitraries> ]
                "what is offered at a price is filled at that price, and nothing else"
            <| fun (play: Play) ->
                for one in fst (Plays.run play) do
                    let offered = play.Exchange.Offers(one.Before, one.Action, one.Open)
                    equal (offered && one.Action <> TradeAction.Hold) one.Fill.IsSome

            propertyWith
                500
                [ typeof<PlayArbitraries> ]
                "realised profit is the sum of the fills' and, with no position, the change of cash"
            <| fun (play: Play) ->
                let executed, final = Plays.run play
                let turned = fills executed |> List.sumBy (fun (_, fill) -> fill.Quantity * fill.Price)

                let profits =
                    fills executed
                    |> List.sumBy (fun (_, fill) -> if fill.Profit.HasValue then fill.Profit.Value else 0.0)

                holds (near (play.Cash + turned) profits final.RealisedProfit)

                // With one: what the position cost is still out.
                holds (near (play.Cash + turned) (final.Cash - play.Cash + final.CostBasis) final.RealisedProfit)

                if final.Position = 0.0 then
                    holds (near (play.Cash + turned) (final.Cash - play.Cash) final.RealisedProfit)

            propertyWith
                500
                [ typeof<PlayArbitraries> ]
                "without costs, trading at an unchanged price leaves equity alone"
            <| fun (play: Play) ->
                let e = play.Exchange
                let free = Venue(0.0, 0.0, e.LotsPerUnit, e.MinimumNotional, e.MaximumQuantity)
                let orders = play.Orders |> List.map (fun (action, _) -> action, 100.0)
                let _, final = Plays.run { play with Exchange = free; Orders = orders }
                holds (near play.Cash play.Cash (final.EquityAt 100.0))

            propertyWith 500 [ typeof<PlayArbitraries> ] "more fees never earn more for the same decisions"
            <| fun (play: Play) (NonNegativeInt more) ->
                let e = play.Exchange
                // Fine lots and no limits: a fee must change what is paid, not which orders pass.
                let lots = 1e8
                let costing extra = Venue(e.FeeBps + extra, e.SlippageBps, lots, 0.0, 1e7)
                let cash = min play.Cash 1e4
                let equity extra = Plays.run { play with Exchange = costing extra; Cash = cash }

                if not play.Orders.IsEmpty then
                    let highest = play.Orders |> List.map snd |> List.max
                    let last = snd (List.last play.Orders)
                    let cheap = (snd (equity 0.0)).EquityAt last
                    let dear = (snd (equity (float (more % 100)))).EquityAt last
                    // The rest below one lot earns nothing, whose fall may be luck.
                    let luck = float play.Orders.Length * 8.0 * highest / lots
                    isAtMost (cheap + luck + 1e-9 * cheap) dear

            testCase "a round trip by hand"
            <| fun () ->
                let bought = Plays.execute btc (Portfolio.WithCash 1_000.0) TradeAction.Buy 30_000.0
                // 1,000 / (30,003 x 1.001) = 0.0332967..
                equal 0.03329 bought.Fill.Value.Quantity
                isNear 1e-9 30_003.0 bought.Fill.Value.Price
                isNear 1e-9 0.99879987 bought.Fill.Value.Fee
                isNear 1e-9 0.09987 bought.Fill.Value.Slippage
                isNear 1e-9 0.20133013 bought.After.Cash
                isNear 1e-9 999.79866987 bought.After.CostBasis

                let sold = Plays.execute btc bought.After TradeAction.Sell 33_000.0
                isNear 1e-9 32_996.7 sold.Fill.Value.Price
                isNear 1e-9 1.098460143 sold.Fill.Value.Fee
                // 0.03329 x 32,996.7 = 1,098.460143
                isNear 1e-9 (0.20133013 + 1_098.460143 - 1.098460143) sold.After.Cash
                isNear 1e-9 (1_098.460143 - 1.098460143 - 999.79866987) sold.Fill.Value.Profit.Value
                equal 0.0 sold.After.Position

            testCase "the smallest order value counts at the price after slippage"
            <| fun () ->
                // One lot of a hundred at 99.99, slipped by 1 %, is worth less than 100 x 0.99 and more than 98.
                let exchange minimum = Venue(0.0, 100.0, 100.0, minimum, 9_000.0)
                let holding = Portfolio(0.0, 1.0, 100.0, 0.0, 0.0, 0.0)

                for minimum, filled in [ 98.0, true; 98.99, true; 99.0, false; 99.99, false ] do
                    let one = Plays.execute (exchange minimum) holding TradeAction.Sell 99.99
                    equal filled one.Fill.IsSome
                    equal filled ((exchange minimum).Offers(holding, TradeAction.Sell, 99.99))

                let refused = Plays.execute (exchange 99.0) holding TradeAction.Sell 99.99
                equal (Some "refused: order of 98.99 is below the minimum of 99.00") refused.Refusal

            testCase "where there is nothing to trade, that is why an order is refused"
            <| fun () ->
                let exchange = Venue(10.0, 1.0)
                let holding = Portfolio(0.0, 1.0, 100.0, 0.0, 0.0, 0.0)
                let half = Venue(0.0, 0.0, PositionFraction = 0.5)
                let refusal exchange portfolio action price = (Plays.execute exchange portfolio action price).Refusal
                equal (Some "refused: the cash buys no lot") (refusal exchange holding TradeAction.Buy 100.0)

                equal
                    (Some "refused: there is nothing to sell")
                    (refusal exchange (Portfolio.WithCash 100.0) TradeAction.Sell 100.0)
                // Cash enough, but for a price where one lot is more, and then for a position that is more than its half already.
                equal
                    (Some "refused: the cash buys no lot")
                    (refusal exchange (Portfolio.WithCash 6.0) TradeAction.Buy 700_000.0)

                let full = Portfolio(506.0, 4.94, 494.0, 0.0, 0.0, 0.0)
                equal (Some "refused: the position is already full") (refusal half full TradeAction.Buy 103.0)

            testCase "an order of exactly the smallest value is filled"
            <| fun () ->
                let exchange = Venue(0.0, 0.0)

                for action, portfolio in
                    [
                        TradeAction.Buy, Portfolio.WithCash 5.0
                        TradeAction.Sell, Portfolio(0.0, 0.5, 5.0, 0.0, 0.0, 0.0)
                    ] do
                    holds ((Plays.execute exchange portfolio action 10.0).Fill.IsSome)
                    holds (exchange.Offers(portfolio, action, 10.0))

            testCase "what costs take below the smallest value is not offered, however large it looks"
            <| fun () ->
                for exchange, action, portfolio in
                    [
                        Venue(0.0, 9_900.0), TradeAction.Sell, Portfolio(0.0, 0.5, 50.0, 0.0, 0.0, 0.0)
                        Venue(190_000.0, 0.0), TradeAction.Buy, Portfolio.WithCash 50.0
                    ] do
                    holds ((Plays.execute exchange portfolio action 100.0).Fill.IsNone)
                    fails (exchange.Offers(portfolio, action, 100.0))

            // Here and below many: a rounding that goes the wrong way is rare.
            propertyWith
                5_000
                [ typeof<PlayArbitraries> ]
                "what exactly pays for some lots buys them or one less, and never more"
            <| fun (lots: uint16) (cents: uint16) ->
                let quantity = float (1 + int lots) / 100_000.0
                let price = 1_000.0 + float cents / 100.0
                let value = quantity * price

                let one =
                    Plays.execute
                        (Venue(10.0, 0.0, 100_000.0, 0.0))
                        (Portfolio.WithCash(value * 1.001))
                        TradeAction.Buy
                        price

                isAtLeast 0.0 one.After.Cash
                one.After.Position <= quantity && one.After.Position >= quantity - 1.000001e-5

            propertyWith 20_000 [ typeof<PlayArbitraries> ] "however many lots the cash buys, it never becomes negative"
            <| fun (PositiveInt cash) (PositiveInt cents) (fee: byte) (PositiveInt maximum) ->
                // Above 2^53 lots, neighbouring numbers of lots are more than one apart.
                let all = [
                    for exponent in 0..4..20 do
                        let exchange =
                            Venue(float fee, 0.0, 1e12, 0.0, (if maximum % 2 = 0 then 1e300 else float maximum))

                        let before = Portfolio.WithCash(float cash * Math.Pow(10.0, float exponent) / 7.0)
                        Plays.execute exchange before TradeAction.Buy (float cents / 100.0)
                ]

                all
                |> List.forall (fun one -> one.After.Cash >= 0.0 && (one.Fill.IsNone || one.After.Position > 0.0))

            testCase "a sell takes its share of what the position cost"
            <| fun () ->
                let holding = Portfolio(0.0, 4.0, 200.0, 0.0, 0.0, 0.0)
                let one = Plays.execute (Venue(0.0, 0.0, 10.0, 5.0, 1.0)) holding TradeAction.Sell 60.0
                equal (150.0, 10.0, 10.0) (one.After.CostBasis, one.Fill.Value.Profit.Value, one.After.RealisedProfit)

            testCase "more than the largest order takes several"
            <| fun () ->
                let exchange = Venue(0.0, 0.0, 10.0, 5.0, 0.5)
                let mutable portfolio = Portfolio.WithCash 120.0
                let quantities = ResizeArray<float>()

                for action in
                    [
                        TradeAction.Buy
                        TradeAction.Buy
                        TradeAction.Buy
                        TradeAction.Buy
                        TradeAction.Sell
                        TradeAction.Sell
                        TradeAction.Sell
                        TradeAction.Sell
                    ] do
                    let one = Plays.execute exchange portfolio action 100.0
                    portfolio <- one.After
                    quantities.Add(if one.Fill.IsSome then one.Fill.Value.Quantity else 0.0)

                equal [ 0.5; 0.5; 0.2; 0.0; 0.5; 0.5; 0.2; 0.0 ] (List.ofSeq quantities)
                isNear 1e-9 120.0 portfolio.Cash
        ]
