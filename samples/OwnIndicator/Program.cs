using BtcBandit.Indicators;
using BtcBandit.Indicators.Laws;

// An indicator of your own is a function from a state and a candle to the next state and an output, null while silent.
// This one: where the close lies between the lowest low (0) and the highest high (1) so far; 0.5 while the two are equal.
static ((double Low, double High), double?) Place((double Low, double High) before, Candle candle)
{
    var now = (Low: Math.Min(before.Low, candle.Low), High: Math.Max(before.High, candle.High));
    return (now, now.High > now.Low ? (candle.Close - now.Low) / (now.High - now.Low) : 0.5);
}

// One line tests it on hundreds of hard markets: is it causal, finite and pure, and does its state survive JSON?
Laws.Check(Subject.Of("place", 0, (double.PositiveInfinity, 0.0), Place));

// Turn it into an indicator to run it and to combine it with others; here it is smoothed over 14 candles.
var place = IndicatorOf.Candles(0, (double.PositiveInfinity, 0.0), Place);
var smooth = place.Then(Averages.Ema(14));
var (at, last) = smooth.Over(Market.Series(100, seed: 1)).Last();
Console.WriteLine($"candle {at}: {last:F2}");

// A saved run continues with exactly the same values, in another process too. Save its name and period as well.
var run = smooth.Start();
foreach (var candle in Market.Series(99, seed: 1))
    _ = run.TryNext(candle, out _);
var saved = run.Save();
var resumed = smooth.Restore(saved);
Console.WriteLine(
    $"continues with the same output: {resumed.TryNext(Market.Series(100, seed: 1)[^1], out var next) && next == last}"
);

// A recipe gives it a name in indicator lists, a feature for the agent, and a state that is saved with the set.
var recipe = IndicatorRecipe.Of("place", place).WithFeatures(IndicatorFeature.Centred(0, scale: 1));
var features = FeatureSet.Of("sma:14,place,bb", Catalogue.BuiltIn.With(recipe));
Console.WriteLine($"{string.Join(' ', features.Columns)} -> {string.Join(' ', features.Features)}");

// Claim more and more is tested; the report shows the result of each law, and which laws were not tested.
var claimed = Subject.Of("place", place).InRatios().WithBounds((_, _, outputs) => outputs[0] is >= 0 and <= 1);
Console.WriteLine(Laws.Report(claimed));

// The same function, but without the case of a market that has not moved yet: 0/0 on the first flat candle.
static ((double Low, double High), double?) Careless((double Low, double High) before, Candle candle)
{
    var now = (Low: Math.Min(before.Low, candle.Low), High: Math.Max(before.High, candle.High));
    return (now, (candle.Close - now.Low) / (now.High - now.Low));
}

Console.WriteLine();
try
{
    Laws.Check(Subject.Of("careless", 0, (double.PositiveInfinity, 0.0), Careless));
    Console.WriteLine("It was not caught.");
    return 1;
}
catch (LawBrokenException error)
{
    Console.WriteLine(error.Message);
    return 0;
}
