// An indicator of your own in a saved run: the agent sees its feature, and its state is saved and continued.
// dotnet run --project samples/OwnIndicatorRun

using System.Reactive.Linq;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

// The highest close so far is its state; its output is how far the close has fallen from there, as a fraction.
var fall = IndicatorOf.Candles(
    0,
    0.0,
    (double high, Candle candle) =>
        (Math.Max(high, candle.Close), (double?)(1 - candle.Close / Math.Max(high, candle.Close)))
);

// How the state is saved, without reflection: the same in a trimmed or native program.
var format = StateFormat.Of((fields, high) => fields.Number("high", high), fields => fields.Number("high"));
var recipe = IndicatorRecipe.Of("fall", format, fall).WithFeatures(IndicatorFeature.Centred(0, scale: 0.1));
var market = new SyntheticOptions { World = SyntheticWorld.Drifts, Seed = 1 };
var plan = RunPlan.Of(
    market.Source(new TradingPair("BTC", "USDT")),
    new RunParameters { History = 1_440 },
    new RunParts { FeatureSet = FeatureSet.Of("supertrend:10:3,fall", Catalogue.BuiltIn.With(recipe)) }
);

var folder = Directory.CreateTempSubdirectory("own-indicator-").FullName;
foreach (var steps in (int[])[2_000, 3_000])
{
    var session = new SessionPlan
    {
        Run = plan,
        Candles = SyntheticFeed.Candles(market).ToObservable(),
        DataDir = folder,
        Steps = steps,
    };
    using var running = new Session(session, TimeProvider.System, _ => { }, CancellationToken.None);
    var kept = (await running.RunAsync()).Run!.Summarise();
    Console.WriteLine($"{kept.Steps} steps with {string.Join(' ', plan.Header.Columns)}: equity {kept.FinalEquity:F2}");
}

var whole = await Backtest.RunAsync(SyntheticFeed.Candles(market).Take(1_440 + 5_000).ToObservable(), plan);
Console.WriteLine($"never stopped: equity {whole.Summary!.FinalEquity:F2}");

// Made again on cut candles, the run must have the same values to the bit.
var check = CausalityPlan.OfPlan(_ => plan);
var causality = await check.RunAsync([.. SyntheticFeed.Candles(market).Take(5_000)]);
Console.WriteLine($"nothing uses the future: {causality.IsCausal}");
Directory.Delete(folder, recursive: true);
