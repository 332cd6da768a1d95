namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds

/// Knows what nobody can: is in the market from one expected rise to the next expected fall.
type private Seer(edges: Collections.Generic.Dictionary<int64, float>) =
    interface IAgent with
        member _.Horizons = [| 1 |]

        member _.Choose(situation: inref<Situation>) =
            let wanted = if edges[situation.OpenTime] > 0.0 then TradeAction.Buy else TradeAction.Sell
            let score action offered = ActionValue.Certain((if action = wanted then 1.0 else 0.0), offered)

            let choice =
                Decision.ByDraw(
                    score TradeAction.Sell situation.MaySell,
                    score TradeAction.Hold true,
                    score TradeAction.Buy situation.MayBuy
                )

            Decision(choice.Action, choice.Sell, choice.Hold, choice.Buy, Horizon = 1)

        member _.Learn(_: inref<Outcome>) = ()
        member _.Snapshot() = AgentStates.write "seer" 0

module PowerTests =

    let private run =
        RunParameters(Indicators = "sma:5", History = 100, Costs = Costs.Of(1.0, 0.0), Seed = 5L)

    let private plan worlds edges =
        PowerPlan(run, World = SyntheticWorld.Flips, Worlds = worlds, Steps = 2_048, Edges = edges)

    let private onThreads threads (plan: PowerPlan) =
        PowerPlan(
            plan.Run,
            World = plan.World,
            Worlds = plan.Worlds,
            Steps = plan.Steps,
            Edges = plan.Edges,
            MaxThreads = Nullable threads
        )

    let private measured (plan: PowerPlan) = plan.RunAsync().GetAwaiter().GetResult()

    let private show (result: PowerResult) = result.ToJson()

    [<Tests>]
    let tests =
        testList "PowerTests" [
            testCase "each world of each edge is the run that a plan of its own makes"
            <| fun () ->
                let plan = plan 3 [| 0.0; 4.0 |]
                let result = measured plan
                equal (2.0, 3, false) (result.RoundTripBps, result.Worlds, result.IsStopped)
                equalSeq [ 128; 256; 512; 1_024; 2_048 ] result.Lengths
                equalSeq [ 0.0; 4.0 ] [ for edge in result.Edges -> edge.RoundTrips ]

                for edge in result.Edges do
                    let runs = [
                        for seed in 5L .. 7L ->
                            let market =
                                nonNull (PlantedEdge.Of(plan.World, Timeframe.OneMinute, edge.RoundTrips * 2.0))

                            let market =
                                SyntheticOptions(
                                    World = market.World,
                                    Momentum = market.Momentum,
                                    FlipEvery = market.FlipEvery,
                                    Seed = seed
                                )

                            let parameters =
                                RunParameters(
                                    Indicators = "sma:5",
                                    History = 100,
                                    Costs = Costs.Of(1.0, 0.0),
                                    Seed = seed
                                )

                            let trading = TradingRun(RunPlan.Of(market.Source(TradingPair("BTC", "USDT")), parameters))

                            let verdicts = [
                                for candle in Seq.take 2_148 (SyntheticFeed.Candles market) do
                                    let step = trading.Next candle

                                    if not (isNull step) && Seq.contains (int (nonNull step).Number) result.Lengths then
                                        trading.Capture().Judge().IsEvidence
                            ]

                            verdicts, trading.Capture().Statistics
                    ]

                    let found at = runs |> List.filter (fun (verdicts, _) -> List.item at verdicts) |> List.length
                    equalSeq [ for at in 0..4 -> found at ] edge.Found
                    equal (runs |> List.filter (fun (_, one) -> one.Trades > 0L) |> List.length) edge.Traded

                    let growth =
                        runs
                        |> List.averageBy (fun (_, one) -> log (one.Equity / one.InitialEquity))
                        |> exp

                    isNear 1e-9 growth edge.Growth.Value

            testCase "the oracle of an edge earns its multiple of a round trip, and nothing without an edge"
            <| fun () ->
                let result = measured (plan 8 [| 0.0; 1.0; 4.0 |])
                equal (Nullable()) result.Edges[0].OracleBps
                isNearPercent 10.0 2.0 result.Edges[1].OracleBps.Value
                isNearPercent 10.0 8.0 result.Edges[2].OracleBps.Value

            testCase "the result does not depend on the number of threads"
            <| fun () ->
                let plan = plan 4 [| 0.0; 2.0; 8.0 |]
                let one = show (measured (onThreads 1 plan))

                for threads in [ 2; 7 ] do
                    equal one (show (measured (onThreads threads plan)))

            testCase "a large edge is found, and none is not, by an agent that sees it"
            <| fun () ->
                let market = nonNull (PlantedEdge.Of(SyntheticWorld.Flips, Timeframe.OneMinute, 16.0))

                let edges = Collections.Generic.Dictionary<int64, float>()

                let ofWorld seed momentum =
                    let market =
                        SyntheticOptions(
                            World = market.World,
                            Momentum = momentum,
                            FlipEvery = Int32.MaxValue,
                            Seed = seed
                        )

                    for one in Seq.take 2_200 (SyntheticFeed.Truth market) do
                        edges[one.Candle.OpenTime] <- one.NextEdgeBps

                ofWorld 5L market.Momentum
                let recipe = AgentRecipe("seer", "knows", fun _ _ -> Seer edges :> IAgent)

                let parameters =
                    RunParameters(
                        Agent = "seer",
                        Horizon = Nullable 1,
                        Indicators = "sma:5",
                        History = 100,
                        Costs = Costs.Of(1.0, 0.0),
                        Seed = 5L
                    )

                let plan =
                    PowerPlan(
                        parameters,
                        World = SyntheticWorld.Flips,
                        Worlds = 1,
                        Steps = 2_048,
                        Edges = [| 8.0; 0.0 |],
                        Parts = RunParts(Agents = AgentCatalogue.Default.With recipe)
                    )

                let result = measured plan

                equal
                    (1, Nullable 0)
                    (result.Edges[0].Found[4],
                     result.Edges[0].FoundFrom |> fun at -> if at.HasValue then Nullable 0 else at)

                equalSeq [ 0; 0; 0; 0; 0 ] result.Edges[1].Found

            testCase "what is done when it is stopped is the result, as many worlds of every edge but for one"
            <| fun () ->
                use stop = new CancellationTokenSource()
                let plan = plan 40 [| 0.0; 1.0; 2.0 |] |> onThreads 1

                let onCandles (taken: int64) (_: int64) =
                    if taken > 10L * 2_148L then
                        stop.Cancel()

                let result = plan.RunAsync(onCandles, stop.Token).GetAwaiter().GetResult()
                equal true result.IsStopped
                let worlds = [ for edge in result.Edges -> edge.Worlds ]
                isWithin 8 11 (List.sum worlds)
                isAtMost 1 (List.max worlds - List.min worlds)

            testCase "progress ends with all candles"
            <| fun () ->
                let last = ref (0L, 0L)
                let plan = plan 2 [| 0.0; 1.0 |]

                plan.RunAsync(fun taken all -> last.Value <- taken, all).GetAwaiter().GetResult()
                |> ignore

                equal (4L * 2_148L, 4L * 2_148L) last.Value

            testCase "stopped before it began there is nothing"
            <| fun () ->
                use stop = new CancellationTokenSource()
                stop.Cancel()
                let result = (plan 2 [| 1.0 |]).RunAsync(null, stop.Token).GetAwaiter().GetResult()

                equal
                    (0, Nullable(), Nullable())
                    (result.Edges[0].Worlds, result.Edges[0].Growth, result.Edges[0].FoundFrom)
        ]
