// Candles through the whole loop, put together by hand: no files, no dashboard, nothing but Rx operators.
// dotnet run --project samples/PipelineCSharp

using System.Reactive.Linq;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Domain;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Pipeline;
using BtcBandit.Indicators;

const string indicators = "sma:14,ema:60,atr:14";
var context = Context.Parse(indicators).ResultValue;
var source = new RunSource("synthetic", "BTC/USDT", "1m", World: "drifts", WorldSeed: 1);
var parameters = new RunParameters(
    LinearThompson.Kind,
    indicators,
    Seed: 1,
    Horizon: 15,
    PosteriorScale: 0.35,
    History: 1_440,
    FeeBps: 10,
    SlippageBps: 1,
    InitialCash: 1_000
);
var header = new RunHeader(source, parameters, context.Columns, context.Features);

var steps = Synthetic
    .Candles(new SyntheticOptions { World = SyntheticWorld.Drifts, Seed = 1 })
    .ToObservable()
    .Observe(context)
    .Trade(header, learned => new LinearThompson(context.Features.Length, parameters, learned))
    .Take(300);

steps.Subscribe(step =>
{
    if (step.Fill is { } fill)
        Console.WriteLine($"step {step.Number, 3}  {fill.Side, -4} {fill.Quantity:F5} BTC at {fill.Price:F2}");
    if (step.Number == 300)
        Console.WriteLine($"equity {step.Statistics.InitialEquity:F2} -> {step.Statistics.Equity:F2}");
});
