// A cost model of your own: slippage that grows with the candle's range, and a cheaper fee for selling.
// dotnet run --project samples/OwnCosts

using System.Reactive.Linq;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;
using OwnCosts;

var market = new SyntheticOptions { World = SyntheticWorld.Drifts, Seed = 1 };
var source = market.Source(new TradingPair("BTC", "USDT"));
var parameters = new RunParameters { Agent = "random", History = 1_440 };

// Both run side by side on the same candles and the same indicators.
BacktestRun[] runs =
[
    new(RunPlan.Of(source, parameters)),
    new(RunPlan.Of(source, parameters, new RunParts { CostModel = new RangeCosts(ShareOfRange: 0.05) })),
];
foreach (var result in await Backtest.RunAsync(SyntheticFeed.Candles(market).Take(11_440).ToObservable(), runs))
{
    var (name, summary) = (result.Plan.CostModel.Id ?? "10 bps and 1 bps", result.Summary!);
    Console.WriteLine($"{name, -18} fees {summary.FeesPaid, 7:F2}  slippage {summary.SlippagePaid, 7:F2}");
}
