using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>The distances between the first rows of a table.</summary>
/// <param name="Step">The step in milliseconds.</param>
/// <param name="Count">Number of distances.</param>
/// <param name="IsUnanimous">Whether all distances are that step.</param>
/// <param name="IsClear">Whether the step is certain: all distances agree, or there are many and most of them do.</param>
/// <param name="IsMany">Whether there are so many distances that they cannot all be gaps.</param>
/// <param name="Shortest">The shortest distance in milliseconds.</param>
/// <param name="Mean">The mean distance in milliseconds.</param>
internal readonly record struct TableSteps(
    long Step,
    int Count,
    bool IsUnanimous,
    bool IsClear,
    bool IsMany,
    long Shortest,
    double Mean
)
{
    private const int MinSteps = 10;
    private const double Improbable = 10;
    private const double Unlikely = 3;
    private const long Minute = 60_000;

    /// <summary>Whether rows of a timeframe, with gaps where nothing was traded, would not be like this.</summary>
    public bool RuleOut(long timeframe) => Doubt(timeframe) > Improbable;

    /// <summary>Whether the rows may be of a timeframe that a name states: they settle nothing, or are few and near enough.</summary>
    public bool Allow(long timeframe) => !IsClear || (!IsMany && Doubt(timeframe) < Unlikely);

    // If a share p of the candles has a trade, the mean distance is 1 / p candles, and n distances are all of m candles or
    // more with the probability (1 - p)^((m - 1) n), about e^(-(m - 1) n p).
    private double Doubt(long timeframe) => ((double)Shortest / timeframe - 1) * Count * timeframe / Mean;

    /// <summary>
    /// Finds the step: the most common distance, of equally common ones the shortest. Where minutes without a trade are left
    /// out, that may be a multiple of the step; then it is the coarsest timeframe on whose grid all rows lie.
    /// </summary>
    /// <param name="distances">How often each distance occurs.</param>
    /// <param name="grid">What divides all open times, in milliseconds.</param>
    /// <returns>The steps; null without any distance.</returns>
    public static TableSteps? Of(Dictionary<long, int> distances, long grid)
    {
        if (distances.Count == 0)
            return null;
        var (step, count) = distances.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First();
        var all = distances.Values.Sum();
        var isMany = all >= MinSteps;
        var mean = distances.Sum(pair => (double)pair.Key * pair.Value) / all;
        var isClear = count == all || (isMany && 2 * count > all);
        var steps = new TableSteps(step, all, count == all, isClear, isMany, distances.Keys.Min(), mean);
        // One row in ten may be dirt.
        return 10 * count < 9 * all && Coarsest(grid) is { } coarse && coarse < step && !steps.RuleOut(coarse)
            ? steps with
            {
                Step = coarse,
                IsClear = isMany,
            }
            : steps;
    }

    private static long? Coarsest(long grid)
    {
        // Rows a few seconds off the grid are dirt, and do not make a table of seconds.
        var fitting = Timeframe.All.Where(one => one.Milliseconds >= Minute && grid % one.Milliseconds == 0);
        return fitting.Select(one => (long?)one.Milliseconds).LastOrDefault();
    }
}
