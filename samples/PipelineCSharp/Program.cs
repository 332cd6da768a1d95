// Candles through the whole loop, put together by hand: no files, no dashboard, nothing but Rx operators.
// dotnet run --project samples/PipelineCSharp

using System.Reactive.Linq;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;

var market = new SyntheticOptions { World = SyntheticWorld.Drifts, Seed = 1 };
var plan = RunPlan.Of(
    market.Source(new TradingPair("BTC", "USDT")),
    new RunParameters
    {
        Indicators = "sma:14,ema:60,atr:14",
        History = 1_440,
        Costs = Costs.Of(feeBps: 10, slippageBps: 1),
    }
);

IObservable<Step> steps = SyntheticFeed.Candles(market).ToObservable().Trade(plan).Take(300);

steps.Subscribe(step =>
{
    if (step.Fill is { } fill)
        Console.WriteLine($"step {step.Number, 3}  {fill.Side, -4} {fill.Quantity:F5} BTC at {fill.Price:F2}");
    if (step.Number == 300)
        Console.WriteLine($"equity {step.Statistics.InitialEquity:F2} -> {step.Statistics.Equity:F2}");
});
