using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Sweep.Statistics;

/// <summary>Which of many series have a mean above 0, when all of them are looked at: step-down tests with adjusted p-values.</summary>
/// <remarks>
/// <para>
/// The largest of many t-statistics is compared with the largest of the same resamples, the second largest with the largest of
/// all but the first, and so on. At a level of 2 % the probability that even one series without a mean above 0 is taken for one
/// with it is about 2 %, whatever the dependence between the series: all of them are resampled at the same times. Sources: Romano
/// and Wolf (2005), Stepwise Multiple Testing as Formalized Data Snooping; Romano and Wolf (2016), Efficient Computation of
/// Adjusted p-Values for Resampling-Based Stepdown Multiple Testing.
/// </para>
/// <para>
/// Resamples are those of <see cref="StationaryBootstrap"/>. A t-statistic is a mean divided by its <see cref="BootstrapError"/>;
/// the resampled ones are centred at the mean of the sample, have the same denominator and are corrected by
/// <see cref="Widening"/>. A series that hardly ever moves has
/// resampled statistics with long tails that raise the bar for all others: leave such series out.
/// </para>
/// </remarks>
internal static class StepDown
{
    /// <summary>Number of time blocks below which there is no test.</summary>
    public const int FewestBlocks = 20;

    /// <summary>Number of resamples if none is given.</summary>
    public const int Resamples = 2_000;

    /// <summary>Adjusted one-sided p-values of the hypotheses that the mean of a series is not above 0.</summary>
    /// <param name="series">Values of each series on the same time blocks, in order of time; finite, and as many for each, at least
    /// <see cref="FewestBlocks"/>.</param>
    /// <param name="seed">Seed of the resamples: the same seed gives the same p-values.</param>
    /// <param name="resamples">Number of resamples, at least 1; no p-value is below 1 / (1 + resamples).</param>
    /// <param name="workers">Number of threads at most; null for one per processor. The p-values do not depend on it.</param>
    /// <returns>One of each series, in their order, above 0 and at most 1; 1 for a series that never moves.</returns>
    /// <exception cref="ArgumentException">The series differ in length, are too short or are not finite.</exception>
    public static double[] Adjusted(
        IReadOnlyList<float[]> series,
        long seed,
        int resamples = Resamples,
        int? workers = null
    )
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        BlockSeries.Check(series);
        var adjusted = new double[series.Count];
        Array.Fill(adjusted, 1.0);
        if (series.Count == 0)
            return adjusted;
        var options = new ParallelOptions { MaxDegreeOfParallelism = workers ?? -1 };
        var statistics = StatisticsOf(series, options);
        var ranked = Ranked(statistics);
        if (ranked.Length == 0)
            return adjusted;
        var maxima = new ResampledMaxima(series, [.. ranked.Select(at => statistics[at]!.Value)], ranked);
        var reached = maxima.Reached(seed, resamples, options);
        var highest = 0.0;
        for (var rank = ranked.Length - 1; rank >= 0; rank--)
        {
            highest = Math.Max(highest, (1.0 + reached[rank]) / (1.0 + resamples));
            adjusted[ranked[rank]] = highest;
        }
        return adjusted;
    }

    // The order of equal statistics is of no account: the running maximum gives them one p-value.
    private static int[] Ranked(Studentised?[] statistics) =>
        [
            .. Enumerable
                .Range(0, statistics.Length)
                .Where(at => statistics[at] is not null)
                .OrderBy(at => statistics[at]!.Value.Statistic),
        ];

    private static Studentised?[] StatisticsOf(IReadOnlyList<float[]> series, ParallelOptions options)
    {
        var count = series[0].Length;
        if (count < FewestBlocks)
            throw new ArgumentException($"Series of {count} blocks are too short.", nameof(series));
        var error = new BootstrapError(count);
        var statistics = new Studentised?[series.Count];
        Parallel.For(
            0,
            series.Count,
            options,
            () => new double[count + error.WorkLength],
            (at, _, work) =>
            {
                statistics[at] = Studentised.Of(series[at], error, work);
                return work;
            },
            _ => { }
        );
        return statistics;
    }
}
