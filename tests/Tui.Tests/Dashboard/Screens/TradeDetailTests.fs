namespace BtcBandit.Tui.Tests.Dashboard.Screens

open System
open FsCheck
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Watching
open BtcBandit.Tui.Dashboard.Drawing
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Dashboard

/// What an open trade says of the money that it has brought.
module TradeDetailTests =

    let private minute = 60_000L

    /// An account that knows one position and what it has cost: the definition of what a sale brings.
    let private account (orders: (TradeAction * float * float) list) =
        let mutable held, cost = 0.0, 0.0

        [
            for i, (side, quantity, price) in List.indexed orders do
                let fee = quantity * price * 0.001

                let profit =
                    if side = TradeAction.Buy then
                        held <- held + quantity
                        cost <- cost + quantity * price + fee
                        Nullable()
                    else
                        let paid = cost * quantity / held
                        held <- held - quantity
                        cost <- cost - paid
                        Nullable(quantity * price - fee - paid)

                let time = int64 i * minute
                TradeRow(int64 (10 + i), Fill(side, time, price, quantity, fee, 0.0, profit), 1_000.0)
        ]

    let private rowsOf (trade: TradeRow) (trades: TradeRow list) = [
        for struct (name, value) in TradeDetail.Rows(trade, Array.ofList trades, Recorded.week.Value[0], null) ->
            name, value
    ]

    let private row name rows = rows |> List.tryFind (fst >> (=) name) |> Option.map snd

    let private buy quantity price = TradeAction.Buy, quantity, price

    let private sell quantity price = TradeAction.Sell, quantity, price

    [<Tests>]
    let tests =
        testList "TradeDetailTests" [
            testCase "a sale of two buys brings its profit on what both have cost"
            <| fun () ->
                let trades = account [ buy 1.0 500.0; buy 0.01 545.0; sell 1.01 490.0 ]
                let sale = trades[2]
                let cost = 505.45 * 1.001
                let profit = 1.01 * 490.0 * 0.999 - cost

                let brought = $"{Figures.Signed profit} USDT after costs ({Figures.Percent(Nullable(profit / cost))})"

                let rows = rowsOf sale trades

                equal
                    (Some
                        $"1970-01-01 00:00 to 1970-01-01 00:01 UTC, 2 buys at {Figures.Price(505.45 / 1.01)} USDT on average")
                    (row "Bought" rows)

                equal (Some "2 min 0 s") (row "Held" rows)
                equal (Some brought) (row "Brought" rows)

                for bought in [ trades[0]; trades[1] ] do
                    let rows = rowsOf bought trades
                    equal (Some "1970-01-01 00:02 UTC at 490.0000 USDT") (row "Sold" rows)
                    equal (Some "2 buys together") (row "Closed" rows)
                    equal (Some brought) (row "Brought" rows)

            testCase "one buy and one sale are told without a word on others"
            <| fun () ->
                let trades = account [ buy 1.0 500.0; sell 1.0 510.0; buy 1.0 520.0 ]
                equal (Some "1970-01-01 00:00 UTC at 500.0000 USDT") (row "Bought" (rowsOf trades[1] trades))
                equal None (row "Left" (rowsOf trades[1] trades))
                equal None (row "Closed" (rowsOf trades[0] trades))
                equal (Some "not yet") (row "Sold" (rowsOf trades[2] trades))

            testCase "a sale of a part says what is left"
            <| fun () ->
                let trades = account [ buy 1.0 500.0; sell 0.75 510.0; sell 0.25 520.0 ]
                equal (Some "0.25000 BTC, not sold with this sale") (row "Left" (rowsOf trades[1] trades))
                equal (Some "0.25000 BTC of 1 buy") (row "Left" (rowsOf trades[0] (List.truncate 2 trades)))

                equal
                    (Some "1970-01-01 00:01 to 1970-01-01 00:02 UTC, 2 sales at 512.5000 USDT on average")
                    (row "Sold" (rowsOf trades[0] trades))

            testCase "trades that are no longer kept are not guessed"
            <| fun () ->
                let trades = account [ buy 1.0 500.0; buy 1.0 500.0; sell 2.0 510.0; buy 1.0 500.0; sell 1.0 400.0 ]

                equal
                    (Some "the trades of that time are no longer kept")
                    (row "Sold" (rowsOf trades[0] (List.skip 3 trades)))

                let rows = rowsOf trades[2] (List.skip 1 trades)
                contains "; earlier buys are no longer kept" (row "Bought" rows).Value
                equal (Some "more than 1 min 0 s") (row "Held" rows)
                equal None (row "Bought" (rowsOf trades[2] (List.skip 2 trades)))
                equal (row "Brought" (rowsOf trades[2] trades)) (row "Brought" (rowsOf trades[2] (List.skip 2 trades)))

            testCase "whatever is bought and sold, what it brought is what an account says"
            <| fun () ->
                // A kind of move, a size in lots of 0.1 and a price.
                let move =
                    Arb.fromGenShrink (
                        Gen.zip3 (Gen.choose (0, 3)) (Gen.choose (1, 9)) (Gen.choose (50, 150)),
                        fun (kind, size, price) ->
                            seq {
                                for smaller in Shrinking.towards 1 size -> kind, smaller, price
                                for lower in Shrinking.towards 50 price -> kind, size, lower
                            }
                    )

                // A sale is of a part of the position, or of all of it.
                let ordersOf moves =
                    (([], 0), moves)
                    ||> List.fold (fun (orders, lots) (kind, size, price) ->
                        match kind with
                        | 0 when lots > 1 ->
                            let part = min size (lots - 1)
                            sell (float part / 10.0) (float price) :: orders, lots - part
                        | 0
                        | 1 when lots > 0 -> sell (float lots / 10.0) (float price) :: orders, 0
                        | _ -> buy (float size / 10.0) (float price) :: orders, lots + size)
                    |> fst
                    |> List.rev

                let law moves =
                    let orders = ordersOf moves
                    let trades = account orders
                    let lots (trade: TradeRow) = int (Math.Round(trade.Fill.Quantity * 10.0))

                    // Each round trip with the trades of it, as whole lots know it.
                    let trips =
                        ((0, [ [] ]), trades)
                        ||> List.fold (fun (held, trips) trade ->
                            let isBuy = trade.Fill.Side = TradeAction.Buy
                            let held = if isBuy then held + lots trade else held - lots trade
                            let trips = (trade :: List.head trips) :: List.tail trips
                            held, (if held = 0 then [] :: trips else trips))
                        |> snd
                        |> List.map List.rev

                    trips
                    |> List.forall (fun trip ->
                        let buys, sales = trip |> List.partition (fun trade -> trade.Fill.Side = TradeAction.Buy)

                        trip
                        |> List.forall (fun trade ->
                            let rows = rowsOf trade trades
                            let isSale = trade.Fill.Side = TradeAction.Sell

                            let mine =
                                if isSale then
                                    [ trade ]
                                else
                                    sales |> List.filter (fun sale -> sale.Step > trade.Step)

                            let profit = mine |> List.sumBy _.Fill.Profit.Value

                            let cost =
                                mine
                                |> List.sumBy (fun sale ->
                                    sale.Fill.Price * sale.Fill.Quantity - sale.Fill.Fee - sale.Fill.Profit.Value)

                            let brought =
                                if mine.IsEmpty then
                                    None
                                else
                                    Some
                                        $"{Figures.Signed profit} USDT after costs ({Figures.Percent(Nullable(profit / cost))})"

                            let before = buys |> List.filter (fun buy -> buy.Step < trade.Step)

                            row "Brought" rows = brought
                            && (not isSale
                                || before.Length = 1
                                || (row "Bought" rows).Value.Contains $" {before.Length} buys at ")
                            && (isSale || mine.IsEmpty = (row "Sold" rows = Some "not yet"))))

                // 300 cases: several buys before several sales of parts are rare.
                Check.One(Config.QuickThrowOnFailure.WithMaxTest 300, Prop.forAll (Shrinking.listsOf 1 move) law)
        ]
