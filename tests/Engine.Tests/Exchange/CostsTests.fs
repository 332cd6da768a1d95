namespace BtcBandit.Engine.Tests.Exchange

open System
open System.Reactive.Linq
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions
open BtcBandit.Engine.Tests.Trading

/// Costs that differ by side, and models of a user's own.
module CostsTests =

    let private sides = Costs(SideCosts(10.0, 2.0, 5.0), SideCosts(20.0, -1.0, 1.0))

    let private execute (costs: Costs) (portfolio: Portfolio) action price =
        let exchange = SimulatedExchange(ExchangeRules(LotsPerUnit = 1e8, TicksPerUnit = 1e6))
        let mutable after = portfolio
        let mutable refusal: string | null = null
        let fill = exchange.Execute(&after, action, 0L, price, costs, &refusal)
        nonNull fill, after

    /// Moves with the candle's range, and is cheaper to sell.
    let private ranged = {
        new ICostModel with
            member _.Id = "ranged"

            member _.At(candle: inref<Candle>, _) =
                let slippage = 1e3 * (candle.High - candle.Low) / candle.Close
                Costs(SideCosts.Of(10.0, slippage), SideCosts.Of(5.0, slippage))
    }

    let private planWith (costs: ICostModel | null) (parameters: RunParameters) =
        RunPlan.Of(Make.source, parameters, RunParts(FeatureSet = Trading.context, CostModel = costs))

    /// Costs as given, under a name.
    let private modelOf (id: string | null) (costs: unit -> Costs | null) = {
        new ICostModel with
            member _.Id = id
            member _.At(_: inref<Candle>, _) = Unchecked.nonNull (costs ())
    }

    [<Tests>]
    let tests =
        testList "CostsTests" [
            testCase "each side pays its own fee and slippage"
            <| fun () ->
                let bought, long = execute sides (Portfolio.WithCash 1_000.0) TradeAction.Buy 100.0
                isNear 1e-9 100.05 bought.Price
                isNear 1e-9 (bought.Quantity * bought.Price * 10e-4) bought.Fee
                let sold, _ = execute sides long TradeAction.Sell 100.0
                isNear 1e-9 99.99 sold.Price
                isNear 1e-9 (sold.Quantity * sold.Price * 20e-4) sold.Fee

            property "fractions and factors are those of the sides"
            <| fun (fee: byte) (slippage: byte) (fee2: byte) (slippage2: byte) ->
                let fee, slippage, fee2, slippage2 = float fee, float slippage, float fee2, float slippage2
                // The maker's fee is another one, and plays no part.
                let costs = Costs(SideCosts(fee, fee + 7.0, slippage), SideCosts(fee2, fee2 + 7.0, slippage2))
                let close (expected: float) (actual: float) = isNear 1e-12 expected actual
                close ((fee + slippage) / 1e4) costs.BuyFraction
                close ((fee2 + slippage2) / 1e4) costs.SellFraction
                close ((1.0 + slippage / 1e4) * (1.0 + fee / 1e4)) costs.BuyFactor
                close ((1.0 - slippage2 / 1e4) * (1.0 - fee2 / 1e4)) costs.SellFactor
                equal ((fee, slippage) = (fee2, slippage2)) costs.IsSymmetric
                equal costs (Costs(costs.Buy, costs.Sell))

            testCase "what changes exposure costs its side"
            <| fun () ->
                let costs = CostFractions(0.25, 0.5)
                equal [ 0.0; 0.25; 0.125; 0.5; 0.25 ] [ for change in [ 0.0; 1.0; 0.5; -1.0; -0.5 ] -> costs.Of change ]
                equal 0.375 costs.Mean

            // Few: each case is two runs.
            propertyOf 40 "the accounting law holds with costs that differ by side and by candle"
            <| fun (seed: int64) ->
                for costs in [ ranged; sides :> ICostModel ] do
                    let run = TradingRun(planWith costs (RunParameters(Agent = "random", Seed = seed)))
                    let mutable last: Step | null = null
                    let mutable moves = 0.0

                    for candle in Trading.market SyntheticWorld.Drifts seed 300 do
                        match run.Next candle with
                        | null -> ()
                        | step ->
                            match last with
                            | null -> ()
                            | before ->
                                // Held from close to open, and what it then is from open to close.
                                moves <-
                                    moves
                                    + before.Portfolio.Position * (candle.Open - before.Candle.Close)
                                    + step.Portfolio.Position * (candle.Close - candle.Open)

                            last <- step

                    let step = nonNull last
                    let paid = step.Portfolio.FeesPaid + step.Portfolio.SlippagePaid
                    isAbove 10L step.Statistics.Trades
                    isNear 1e-6 (1_000.0 + moves - paid) step.Statistics.Equity

            testCase "what an agent is told to reckon with is what its orders then cost"
            <| fun () ->
                let told = ResizeArray<struct (int64 * float * float)>()

                let listening = {
                    new IAgent with
                        member _.Horizons = [| 1 |]

                        member _.Choose(situation: inref<Situation>) =
                            told.Add(struct (situation.OpenTime, situation.Costs.Buy, situation.Costs.Sell))
                            let value = ActionValue.Certain(0.0, true)
                            Decision(TradeAction.Hold, value, value, value, Horizon = 1)

                        member _.Learn(_: inref<Outcome>) = ()
                        member _.Snapshot() = AgentStates.write "listening" 0
                }

                let agents = AgentCatalogue.Default.With(AgentRecipe("listening", "a sample", (fun _ _ -> listening)))

                let plan =
                    RunPlan.Of(
                        Make.source,
                        RunParameters(Agent = "listening"),
                        RunParts(FeatureSet = Trading.context, Agents = agents, CostModel = ranged)
                    )

                let run = TradingRun plan
                let candles = Trading.market SyntheticWorld.Drifts 1L 60

                for candle in candles do
                    run.Next candle |> ignore

                let portfolio = Portfolio.WithCash 1_000.0

                for struct (openTime, buy, sell) in told do
                    let candle = candles |> List.find (fun candle -> candle.OpenTime = openTime)
                    let costs = ranged.At(&candle, portfolio)
                    equal (costs.BuyFraction, costs.SellFraction) (buy, sell)

                isAbove 20 told.Count

            testCase "fixed costs handed in as a part are the costs of the header"
            <| fun () ->
                let costs = Costs.Of(50.0, 5.0)
                let header = (planWith costs (RunParameters())).Header
                equal (costs, null) (header.Parameters.Costs, header.Parameters.CostModel)
                equal header (planWith null (RunParameters(Costs = costs))).Header

            testCase "a run started with fixed costs as a part is not continued at others"
            <| fun () ->
                use folder = new Temporary()

                let session plan =
                    let candles = (Trading.market SyntheticWorld.Drifts 1L 200).ToObservable()
                    SessionPlan(Run = plan, Candles = candles, DataDir = folder.Path, Steps = Nullable 50)

                let parameters = RunParameters(Agent = "random")
                Runs.run (session (planWith (Costs.Of(50.0, 5.0)) parameters)) |> ignore

                match Runs.run (session (planWith null parameters)) |> snd with
                | [ :? SessionNote.NewRun as note ] ->
                    equal [ "TakerFeeBps", "50", "10"; "SlippageBps", "5", "1" ] [
                        for difference in note.Differences -> difference.Name, difference.Before, difference.Now
                    ]
                | other -> failtest $"{other}"

            cases "a model of one's own needs an id" [ (null: string | null); ""; " " ]
            <| fun (id: string | null) ->
                let parts = RunParts(CostModel = modelOf id (fun () -> Costs.None))

                match RunPlan.Create(Make.source, RunParameters(), parts) with
                | :? PlanResult.Refused as refused -> contains "has no id" $"{refused.Fault}"
                | other -> failtest $"{other}"

            testCase "costs out of their range are the model's fault, not the agent's"
            <| fun () ->
                let messageOf (costs: Costs | null) =
                    let mutable asked = 0

                    let model =
                        modelOf "own" (fun () ->
                            asked <- asked + 1
                            if asked > 40 then costs else Costs.None)

                    let run = TradingRun(planWith model (RunParameters(Horizon = Nullable 1)))

                    try
                        for candle in Trading.market SyntheticWorld.Drifts 1L 60 do
                            run.Next candle |> ignore

                        "sound"
                    with :? InvalidOperationException as error ->
                        error.Message

                equal "sound" (messageOf (Costs.Of(9_999.0, 0.0)))
                let at = "at 2024-01-01 00:40 UTC cost model own returned"
                equal $"{at} no costs" (messageOf null)

                equal
                    $"{at} Buy.TakerFeeBps NaN, which is not at least 0 and below 10000"
                    (messageOf (Costs.Of(nan, 0.0)))

                equal
                    $"{at} Sell.SlippageBps -1, which is not at least 0 and below 10000"
                    (messageOf (Costs(SideCosts.Of(0.0, 0.0), SideCosts.Of(0.0, -1.0))))

            testCase "a run with a model of its own is continued by that model only"
            <| fun () ->
                use folder = new Temporary()
                let candles () = (Trading.market SyntheticWorld.Drifts 1L 200).ToObservable()

                let session plan steps =
                    SessionPlan(Run = plan, Candles = candles (), DataDir = folder.Path, Steps = Nullable steps)

                let parameters = RunParameters(Agent = "random")
                Runs.run (session (planWith ranged parameters) 50) |> ignore
                let result, told = Runs.run (session (planWith ranged parameters) 50)
                equal [ SessionNote.Continuing(Make.source, 50L) :> SessionNote ] told

                let whole = TradingRun(planWith ranged parameters)

                for candle in Trading.market SyntheticWorld.Drifts 1L (100 + Trading.context.WarmUp) do
                    whole.Next candle |> ignore

                equal (whole.Capture().Summarise().ToJson()) ((nonNull result.Run).Summarise().ToJson())

                match Runs.run (session (planWith null parameters) 50) |> snd with
                | [ :? SessionNote.NewRun as note ] ->
                    equal [ "CostModel", "ranged", "fixed" ] [
                        for difference in note.Differences -> difference.Name, difference.Before, difference.Now
                    ]
                | other -> failtest $"{other}"
        ]
