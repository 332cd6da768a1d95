namespace BtcBandit.Engine.Tests

open System
open System.Globalization
open System.IO
open System.Reactive.Linq
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions
open BtcBandit.Engine.Tests.Trading

/// No byte depends on the culture of the application that the engine runs in.
module CultureTests =

    /// Decimals, signs and dates as no number of the engine is written; no culture data of the machine is needed.
    let private foreign =
        let culture = CultureInfo.InvariantCulture.Clone() :?> CultureInfo
        culture.NumberFormat.NumberDecimalSeparator <- ","
        culture.NumberFormat.NumberGroupSeparator <- "."
        culture.NumberFormat.NegativeSign <- "~"
        culture.DateTimeFormat.TimeSeparator <- "."
        culture.DateTimeFormat.DateSeparator <- "/"
        culture

    let private under (culture: CultureInfo) (make: unit -> 'result) =
        let before = CultureInfo.CurrentCulture
        CultureInfo.CurrentCulture <- culture

        try
            make ()
        finally
            CultureInfo.CurrentCulture <- before

    let private same (make: unit -> 'result) =
        let expected = under CultureInfo.InvariantCulture make
        equal expected (under foreign make)
        expected

    let private messageOf (act: unit -> unit) =
        try
            act ()
            "nothing"
        with error ->
            error.Message

    [<Tests>]
    let tests =
        testList "CultureTests" [
            testCase "a run with refused orders writes the same files"
            <| fun () ->
                let files () =
                    use folder = new Temporary()

                    let parameters =
                        RunParameters(Agent = "buy-and-hold", InitialCash = 5.2, Costs = Costs.None, Seed = -3L)

                    let source =
                        MarketSource.Synthetic(
                            TradingPair("BTC", "USDT"),
                            Timeframe.OneMinute,
                            SyntheticWorld.Drifts,
                            -1L
                        )

                    let plan = RunPlan.Of(source, parameters, RunParts(FeatureSet = Trading.context))

                    // Ten lots are worth 5 at a close, and less at an open.
                    let candles =
                        [
                            for i in 0..99 ->
                                let openTime = Candles.newYear + int64 i * Candles.minute
                                Make.candle openTime (49_900.0 - 10.0 * float (i % 3)) (50_000.0 + 7.0 * float (i % 5))
                        ]
                        |> Runs.feed

                    Runs.run (SessionPlan(Run = plan, Candles = candles, DataDir = folder.Path))
                    |> ignore

                    File.ReadAllText(folder.File "trades.csv"), File.ReadAllText(folder.File "state.json")

                let trades, _ = same files
                matches (@"refused: order of 4\.\d\d is below the minimum of 5\.00") trades

            testCase "faults and sources are told in the same words"
            <| fun () ->
                same (fun () -> [
                    string (CandleError.OutsideRange("close", -0.5, 1.5, 2.5).Message)
                    string (FeedFault.NotATimeframe("a.csv", 1_500L))
                    MarketSource
                        .Synthetic(TradingPair("BTC", "USDT"), Timeframe.OneMinute, SyntheticWorld.Flat, -1L)
                        .ToString()
                    messageOf (fun () -> SyntheticOptions(NoiseBps = -0.5).Validated() |> ignore)
                    messageOf (fun () -> SyntheticOptions(StartTime = -60_000L).Validated() |> ignore)
                    string (Candle.Of(1_704_067_200_000L, 1.5, 2.5, 0.5, 1.25, 0.75))
                    string (PlanFault.OrderTooSmall(0.25, 2.5, 5.5))
                ])
                |> ignore

            testCase "an unsound decision is told in the same words"
            <| fun () ->
                let agents =
                    AgentCatalogue.Default.With(
                        AgentRecipe(
                            "unsound",
                            "a sample",
                            fun _ _ ->
                                let value = ActionValue(0.5, 0.25, nan, true)
                                UnsoundAgent(Decision(TradeAction.Hold, value, value, value, Horizon = 1)) :> IAgent
                        )
                    )

                let plan =
                    RunPlan.Of(
                        Make.source,
                        RunParameters(Agent = "unsound"),
                        RunParts(FeatureSet = Trading.context, Agents = agents)
                    )

                let message =
                    same (fun () ->
                        messageOf (fun () ->
                            let run = TradingRun plan

                            for candle in Trading.market SyntheticWorld.Drifts 1L 60 do
                                run.Next candle |> ignore))

                contains "0.25" message
        ]
