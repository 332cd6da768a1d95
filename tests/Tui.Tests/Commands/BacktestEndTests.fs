namespace BtcBandit.Tui.Tests.Commands

open System
open System.IO
open System.Reactive.Linq

open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Host
open BtcBandit.Tui.Report
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Tests.Commands.BacktestFiles

/// What backtest prints where runs fail.
module BacktestEndTests =

    /// An agent that trades at random, unless its seed ends it.
    let private plan (fails: int64 -> bool) (seeds: int64 list) =
        let create (setup: AgentSetup) (learned: AgentState | null) =
            if fails setup.Options.Seed then
                invalidOp "no\nluck"

            (nonNull (AgentCatalogue.Default.Find "random")).Create.Invoke(setup, learned)

        let catalogue = AgentCatalogue.Default.With(AgentRecipe("unlucky", "fails at times", create))

        let parameters =
            RunParameters(
                Agent = "unlucky",
                Horizon = Nullable 5,
                Indicators = "sma:5",
                Costs = Costs.None,
                History = 20
            )

        let market =
            MarketSource.Synthetic(TradingPair("BTC", "USDT"), Timeframe.OneMinute, SyntheticWorld.Drifts, 1L)

        ComparisonPlan(RunPlan.Of(market, parameters, RunParts(Agents = catalogue)), Seeds = seeds)

    let private candles =
        lazy
            (SyntheticFeed.Candles(SyntheticOptions(Seed = 1L))
             |> Seq.take 900
             |> Array.ofSeq)

    let private concluded isJson (plan: ComparisonPlan) =
        use out = new StringWriter()
        use error = new StringWriter()

        let host =
            ConsoleHost(out, error, false, false, TimeProvider.System, (fun _ -> null), (fun () -> struct (0, 0)))

        let result = plan.RunAsync(candles.Value.ToObservable()).GetAwaiter().GetResult()
        let code = BacktestEnd(plan, host, isJson).Conclude(result, 900L, Nullable())
        { Code = code; Out = out.ToString(); Error = error.ToString() }

    let private failed = "unlucky failed with 1 of 4 seeds, first with seed 2: no luck"

    [<Tests>]
    let tests =
        testList "BacktestEndTests" [
            testCase "the other seeds are printed, the means say so, and the code is 1"
            <| fun () ->
                let answer = concluded false (plan ((=) 2L) [ 1L .. 4L ])
                equal 1 answer.Code
                equal $"btcbandit backtest: {failed}\n" (answer.Error.ReplaceLineEndings "\n")
                contains "unlucky, 3 of 4 seeds; the others failed\n" answer.Out
                contains "unlucky, mean of 3 of 4 seeds (least .. most)\n" answer.Out

                contains
                    "unlucky by month, means of 3 of 4 seeds; buy and hold without lots and order limits\n"
                    answer.Out

                contains "buy-and-hold " answer.Out

            testCase "in JSON the failures stand beside the runs"
            <| fun () ->
                let answer = concluded true (plan ((=) 2L) [ 1L .. 4L ])
                equal 1 answer.Code
                let agent = agent 0 answer
                equal 4 ((get "seeds" agent).GetInt32())
                equal 3 ((get "runs" agent).GetArrayLength())
                equal 2L ((get "failures" agent |> at 0 |> get "seed").GetInt64())

            testCase "where no seed is left the baselines are printed"
            <| fun () ->
                let answer = concluded false (plan (fun _ -> true) [ 1L ])
                equal 1 answer.Code
                contains "unlucky failed: no luck\n" answer.Out
                contains "buy-and-hold " answer.Out
                equal "btcbandit backtest: unlucky failed: no luck\n" (answer.Error.ReplaceLineEndings "\n")

            testCase "a report says it above its figures, and marks the means"
            <| fun () ->
                let report =
                    ReportPlan(plan ((=) 2L) [ 1L .. 4L ])
                        .RunAsync(candles.Value.ToObservable())
                        .GetAwaiter()
                        .GetResult()

                let page = HtmlReport.Of(report, ReportMaker("1.2.3", 3, "a machine"))
                contains $"<p class=\"alert\">{failed}.</p>" page
                contains "<p class=\"alert\">Means are of the seeds that did not fail.</p>" page
                contains "unlucky, mean of 3 of 4 seeds" page
                contains "<small>mean of 3 of 4 seeds</small>" page
        ]
