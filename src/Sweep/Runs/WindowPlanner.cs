using BtcBandit.Indicators;
using BtcBandit.Sweep.Spec;

namespace BtcBandit.Sweep.Runs;

/// <summary>Cuts the candles of a market into the windows of a spec.</summary>
internal static class WindowPlanner
{
    private const long Day = 24L * 60 * 60_000;

    /// <summary>Returns the windows in order of time; of halving, one for each rung.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="candles">Candles of the market, in order of time, at least one.</param>
    /// <param name="candleLength">Length of a candle, ms.</param>
    public static IReadOnlyList<Window> Windows(SweepSpec spec, Candle[] candles, long candleLength)
    {
        var (first, end) = (candles[0].OpenTime, candles[^1].OpenTime + candleLength);
        if (spec.Halving is { } halving)
        {
            // Each rung is tested on days that no rung before it has seen.
            return
            [
                .. halving.Days.Select(
                    (days, rung) =>
                        new Window(first, rung == 0 ? first : first + halving.Days[rung - 1] * Day, first + days * Day)
                ),
            ];
        }
        return spec.Folds is { } folds ? [.. Folds(folds, candles, first, end)] : [new Window(first, first, end)];
    }

    /// <summary>Number of candles before an open time.</summary>
    public static int PlaceOf(Candle[] candles, long openTime)
    {
        var (low, high) = (0, candles.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (candles[middle].OpenTime < openTime)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static IEnumerable<Window> Folds(FoldSpec folds, Candle[] candles, long first, long end)
    {
        for (var from = first; ; from += folds.StepDays * Day)
        {
            var seam = from + folds.TrainDays * Day;
            var to = seam + folds.TestDays * Day;
            if (to > end)
                yield break;
            // A fold in a gap of the data has nothing to learn from or nothing to be tested on.
            if (IsFilled(candles, from, seam) && IsFilled(candles, seam, to))
                yield return new Window(from, seam, to);
        }
    }

    /// <summary>Whether at least half of the days have candles. A day is the longest candle there is.</summary>
    public static bool IsFilled(Candle[] candles, long from, long to)
    {
        var filled = 0;
        for (var day = from; day < to; day += Day)
            filled += PlaceOf(candles, day + Day) > PlaceOf(candles, day) ? 1 : 0;
        return 2 * filled * Day >= to - from;
    }
}
