// An agent of your own in a saved run: stopped and continued, it ends exactly like a run that was never stopped.
// dotnet run --project samples/OwnAgent

using System.Reactive.Linq;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using OwnAgent;

var market = new SyntheticOptions { World = SyntheticWorld.Drifts, Seed = 1 };
var agents = AgentCatalogue.Default.With(
    new AgentRecipe("trend-table", "remembers what followed each trend", (setup, state) => new TrendTable(setup, state))
);
var plan = RunPlan.Of(
    market.Source(new TradingPair("BTC", "USDT")),
    new RunParameters
    {
        Agent = "trend-table",
        Indicators = "supertrend:10:3",
        History = 1_440,
    },
    new RunParts { Agents = agents }
);

var folder = Directory.CreateTempSubdirectory("own-agent-").FullName;
var first = await RunAsync(8_000);
var second = await RunAsync(12_000);
Console.WriteLine($"stopped after {first.Steps} steps, continued to {second.Steps}: equity {second.FinalEquity:F2}");

// The same run in memory: no files, no stop.
var whole = await Backtest.RunAsync(SyntheticFeed.Candles(market).Take(1_440 + 20_000).ToObservable(), plan);
Console.WriteLine($"never stopped: equity {whole.Summary!.FinalEquity:F2}, {whole.Summary.Trades} fills");
Directory.Delete(folder, recursive: true);
return whole.Summary.FinalEquity == second.FinalEquity ? 0 : 1;

async Task<BtcBandit.Engine.Evaluation.RunSummary> RunAsync(int steps)
{
    var candles = SyntheticFeed.Candles(market).ToObservable();
    var session = new SessionPlan
    {
        Run = plan,
        Candles = candles,
        DataDir = folder,
        Steps = steps,
    };
    using var running = new Session(session, TimeProvider.System, _ => { }, CancellationToken.None);
    return (await running.RunAsync()).Run!.Summarise();
}
