namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Reactive.Linq
open System.Threading
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Trading

/// Comparisons with few words.
module Compare =
    let candles seed count = Trading.market SyntheticWorld.Drifts seed count

    let indicators = FeatureSet.Of "sma:14,ema:14,atr:14"

    let planWith (agents: AgentCatalogue) (parameters: RunParameters) =
        RunPlan.Of(Make.source, parameters, RunParts(FeatureSet = indicators, Agents = agents))

    let planOf parameters = planWith AgentCatalogue.Default parameters

    /// An agent over several horizons, without costs, so that it trades.
    let plan = planOf (RunParameters(History = 20, Costs = Costs.None))

    let whole (candles: Candle list) (comparison: ComparisonPlan) =
        comparison.RunAsync(candles.ToObservable(), null, CancellationToken.None).GetAwaiter().GetResult()

    /// One run on its own loop: its summary and its path.
    let alone (plan: RunPlan) (candles: Candle list) =
        let run = TradingRun plan
        let path = PathRecorder()

        for candle in candles do
            match run.Next candle with
            | null -> ()
            | step -> path.Next step

        run.Capture().Summarise(), path.ToPath()

    let showPath (path: RunPath) =
        path.LongestUnderWater, path.LongestLosingRun, path.Actions, path.Entries, List.ofSeq path.Months

    let showRun (run: ComparedRun) = run.Seed, run.Summary, showPath run.Path
    let show (agent: ComparedAgent) = agent.Name, [ for run in agent.Runs -> showRun run ]
    let names (agents: ComparedAgent seq) = [ for agent in agents -> agent.Name ]
    let find name (agents: ComparedAgent seq) = agents |> Seq.find (fun agent -> agent.Name = name)
