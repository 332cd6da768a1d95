using BtcBandit.Engine.Agents;
using BtcBandit.Indicators;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Chooses where a causality check cuts the candles.</summary>
/// <remarks>
/// A quarter of the cuts are where something begins, a quarter at ends of UTC days, the rest at random. A run up to a cut costs as
/// much as its candles, so days and random places are denser among the early candles: the fraction of the candles at the
/// quantile q is q^4, and its mean a fifth.
/// </remarks>
internal static class CutChoice
{
    private const long MillisecondsPerDay = 24L * 60 * 60_000;

    /// <summary>Returns the cuts in order of time, each once.</summary>
    /// <param name="candles">All candles, at least two.</param>
    /// <param name="last">Index of the latest candle after which to cut.</param>
    /// <param name="cuts">Number of cuts; fewer if there are not as many places.</param>
    /// <param name="seed">Seed of the random places.</param>
    /// <param name="firsts">Indices of the candles at which something begins.</param>
    public static IReadOnlyList<CausalityCut> Of(
        IReadOnlyList<Candle> candles,
        int last,
        int cuts,
        long seed,
        IEnumerable<int> firsts
    )
    {
        var chosen = new SortedDictionary<int, CutPlace>();
        int[] begins =
        [
            .. firsts
                .SelectMany(first => (int[])[first - 1, first])
                .Where(index => index >= 0 && index <= last)
                .Distinct()
                .Order(),
        ];
        foreach (var pick in Picks(begins.Length, cuts / 4, static quantile => quantile))
            chosen[begins[pick]] = CutPlace.WarmUp;
        int[] ends =
        [
            .. Enumerable
                .Range(0, last + 1)
                .Where(index => DayOf(candles[index]) != DayOf(candles[index + 1]) && !chosen.ContainsKey(index)),
        ];
        foreach (var pick in Picks(ends.Length, cuts / 4, Early))
            chosen[ends[pick]] = CutPlace.DayEnd;
        int[] taken = [.. chosen.Keys];
        var rest = cuts - taken.Length;
        foreach (var pick in Picks(last + 1 - taken.Length, rest, Early, place => Uniform(seed, place, rest)))
            chosen[Free(pick, taken)] = CutPlace.Random;
        return [.. chosen.Select(cut => new CausalityCut(cut.Key + 1, candles[cut.Key].OpenTime, cut.Value))];
    }

    private static double Early(double quantile) => quantile * quantile * quantile * quantile;

    // The last one is no draw: the newest candle alone is then the future.
    private static double Uniform(long seed, int place, int count) =>
        place == count - 1 ? 1.0 : CounterRandom.Uniform(seed, DrawStreams.CausalityCuts, place);

    // Picks positions of a list in increasing order, each once: one in each of equal parts of the quantiles.
    private static IEnumerable<int> Picks(
        int length,
        int count,
        Func<double, double> fractionAt,
        Func<int, double>? within = null
    )
    {
        var picks = Math.Min(length, count);
        var next = 0;
        for (var place = 0; place < picks; place++)
        {
            var fraction = fractionAt((place + (within?.Invoke(place) ?? 0.5)) / picks);
            // As many positions must be left as picks are to come.
            var pick = Math.Min(Math.Max(next, (int)(fraction * length)), length - (picks - place));
            yield return pick;
            next = pick + 1;
        }
    }

    // The index of a position among those that are not taken.
    private static int Free(int position, int[] taken)
    {
        var index = position;
        foreach (var one in taken)
        {
            if (one <= index)
                index++;
        }
        return index;
    }

    private static long DayOf(in Candle candle) => candle.OpenTime / MillisecondsPerDay;
}
