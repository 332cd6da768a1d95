using BtcBandit.Indicators;
using BtcBandit.Indicators.Laws;

// An indicator of your own is a function from a state and a candle to the next state and an output, null while silent.
// This one: where the close stands between the lowest low and the highest high so far, 0..1; half way while they meet.
static ((double Low, double High), double?) Place((double Low, double High) before, Candle candle)
{
    var now = (Low: Math.Min(before.Low, candle.Low), High: Math.Max(before.High, candle.High));
    return (now, now.High > now.Low ? (candle.Close - now.Low) / (now.High - now.Low) : 0.5);
}

// One line tries it on thousands of hard markets: is it causal, finite, pure, does its state survive JSON?
Laws.Check(Subject.Of("place", 0, (double.PositiveInfinity, 0.0), Place));

// Made an indicator it runs, and is composed with others: the place, smoothed over 14 candles.
var place = IndicatorOf.Candles(0, (double.PositiveInfinity, 0.0), Place);
var smooth = place.Then(Averages.Ema(14));
var (at, last) = smooth.Over(Market.Series(100, seed: 1)).Last();
Console.WriteLine($"candle {at}: {last:F2}");

// A run is saved as JSON and goes on to the last bit, in another process too. Keep beside it what it is a state of.
var run = smooth.Start();
foreach (var candle in Market.Series(99, seed: 1))
    _ = run.TryNext(candle, out _);
var saved = run.Save();
var resumed = smooth.Restore(saved);
Console.WriteLine(
    $"goes on the same: {resumed.TryNext(Market.Series(100, seed: 1)[^1], out var next) && next == last}"
);

// What you claim beyond that is tried as well; the report says what came of each law, and which were not tried.
var claimed = Subject.Of("place", place).InRatios().WithBounds((_, _, outputs) => outputs[0] is >= 0 and <= 1);
Console.WriteLine(Laws.Report(claimed));

// The same without the thought for markets that stand still: 0/0 on the first flat candle.
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
