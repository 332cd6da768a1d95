// Candles through the whole loop, put together by hand: no files, no dashboard, nothing but Rx operators.
// dotnet run --project samples/PipelineCSharp

using System.Reactive.Linq;
using BtcBandit.Engine.Domain;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Pipeline;
using BtcBandit.Indicators;

var market = new SyntheticOptions { World = SyntheticWorld.Drifts, Seed = 1 };
var context = Context.Of("sma:14,ema:60,atr:14");
var parameters = new RunParameters
{
    History = 1_440,
    FeeBps = 10,
    SlippageBps = 1,
};
var header = RunHeader.For(market.Source(new TradingPair("BTC", "USDT")), context, parameters);

IObservable<Step> steps = Synthetic.Candles(market).ToObservable().Observe(context).Trade(header).Take(300);

steps.Subscribe(step =>
{
    if (step.Fill is { } fill)
        Console.WriteLine($"step {step.Number, 3}  {fill.Side, -4} {fill.Quantity:F5} BTC at {fill.Price:F2}");
    if (step.Number == 300)
        Console.WriteLine($"equity {step.Statistics.InitialEquity:F2} -> {step.Statistics.Equity:F2}");
});
