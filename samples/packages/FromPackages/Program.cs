// Indicators, laws and the engine from their packages.
// for project in Indicators.fs Indicators.Laws Engine.CSharp; do dotnet pack src/$project -o artifacts; done
// dotnet run --project samples/packages/FromPackages -p:RestoreAdditionalProjectSources=$PWD/artifacts

using System.Reactive.Linq;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;
using BtcBandit.Indicators.Laws;

var candles = Enumerable.Range(0, 30).Select(i => Candle.Of(i * 60_000L, 100 + i, 102 + i, 99 + i, 101 + i, 5));

var run = Averages.Ema(14).OfCloses().Start();
foreach (var candle in candles)
{
    if (run.TryNext(candle, out var average))
        Console.WriteLine($"{candle.Close} {average:F2}");
}

Laws.Check(Subject.OfCloses("ema of 14 closes", Averages.Ema(14)).InPrices());
Console.WriteLine("every law is kept");

var market = new SyntheticOptions { World = SyntheticWorld.Drifts, Seed = 1 };
var plan = RunPlan.Of(market.Source(new TradingPair("BTC", "USDT")), new RunParameters { History = 1_440 });
var backtest = await Backtest.RunAsync(SyntheticFeed.Candles(market).Take(2_440).ToObservable(), plan);
Console.WriteLine($"equity after {backtest.Summary!.Steps} steps: {backtest.Summary.FinalEquity:F2}");
