using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BtcBandit.Sweep.Statistics;

/// <summary>Whether the candidate that was best on one half of the time is any good on the other half.</summary>
/// <remarks>
/// Combinatorially symmetric cross-validation: the blocks are cut into sixteen groups as equal as possible, and each of the 12,870
/// ways to choose eight of them is a split into what is known and the rest. The candidate with the highest Sharpe ratio on the
/// known half is ranked among all candidates on the rest. Source: Bailey, Borwein, Lopez de Prado and Zhu (2017), The Probability
/// of Backtest Overfitting.
/// </remarks>
/// <param name="Probability">Probability of backtest overfitting, 0..1: share of the splits in which the chosen candidate is not in
/// the upper half of all on the rest, where its logit is at most 0. About 0.5 for candidates without skill.</param>
/// <param name="LossProbability">Share of the splits in which the chosen candidate loses on the rest, 0..1.</param>
internal sealed record Overfitting(double Probability, double LossProbability)
{
    /// <summary>Number of time blocks below which nothing is said.</summary>
    public const int FewestBlocks = 2 * Splits.Groups;

    /// <summary>Judges the choice of the best candidate.</summary>
    /// <remarks>
    /// Of candidates that are equally good on the known half the worst on the rest is chosen, so that overfitting is not understated
    /// and the order of the candidates is of no account. On the rest, equally good ones share the mean of their ranks: where all are
    /// equal the probability is 1, as the choice gains nothing. A candidate that does not move has a Sharpe ratio of 0.
    /// </remarks>
    /// <param name="series">Returns of each candidate on the same time blocks, in order of time; finite, and as many for each.</param>
    /// <param name="workers">Number of threads at most; null for one per processor. The result does not depend on it.</param>
    /// <returns>Null below two candidates or <see cref="FewestBlocks"/> blocks, and where none moves.</returns>
    /// <exception cref="ArgumentException">The series differ in length or are not finite.</exception>
    public static Overfitting? Of(IReadOnlyList<float[]> series, int? workers = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        BlockSeries.Check(series);
        if (series.Count < 2 || series[0].Length < FewestBlocks || !series.Any(BlockSeries.Moves))
            return null;
        var options = new ParallelOptions { MaxDegreeOfParallelism = workers ?? -1 };
        var outside = OutsideOfChosen(series, options);
        var places = TwiceBelow(series, outside, options);
        var (overfitted, losses) = (0, 0);
        for (var place = 0; place < Splits.Places; place++)
        {
            if (Splits.HalfAt(place) is null)
                continue;
            overfitted += places[place] <= series.Count ? 1 : 0;
            losses += outside[place] < 0.0 ? 1 : 0;
        }
        return new Overfitting((double)overfitted / Splits.Count, (double)losses / Splits.Count);
    }

    // Score of the chosen candidate outside of each half.
    private static double[] OutsideOfChosen(IReadOnlyList<float[]> series, ParallelOptions options)
    {
        var (best, outside) = (Filled(double.NegativeInfinity), Filled(double.PositiveInfinity));
        var gate = new Lock();
        Parallel.For(
            0,
            series.Count,
            options,
            () =>
                (Best: Filled(double.NegativeInfinity), Outside: Filled(double.PositiveInfinity), Scores: Filled(0.0)),
            (at, _, work) =>
            {
                Score(series[at], work.Scores);
                Choose(work.Scores, work.Best, work.Outside);
                return work;
            },
            work =>
            {
                lock (gate)
                {
                    for (var place = 0; place < best.Length; place++)
                        Choose(place, work.Best[place], work.Outside[place], best, outside);
                }
            }
        );
        return outside;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Choose(double[] scores, double[] best, double[] outside)
    {
        ref var score = ref MemoryMarshal.GetArrayDataReference(scores);
        ref var highest = ref MemoryMarshal.GetArrayDataReference(best);
        var complements = Splits.Complements;
        for (var place = 0; place < scores.Length; place += Vector256<double>.Count)
        {
            var (some, most) = (
                Vector256.LoadUnsafe(ref score, (nuint)place),
                Vector256.LoadUnsafe(ref highest, (nuint)place)
            );
            if (!Vector256.GreaterThanOrEqualAny(some, most))
                continue;
            for (var at = place; at < place + Vector256<double>.Count; at++)
                Choose(at, scores[at], scores[complements[at]], best, outside);
        }
    }

    private static void Choose(int place, double score, double elsewhere, double[] best, double[] outside)
    {
        if (score < best[place] || score.Equals(best[place]) && elsewhere >= outside[place])
            return;
        best[place] = score;
        outside[place] = elsewhere;
    }

    // Rank of the chosen candidate outside of each half, from 0 and times two: 2 x number below it + number of equals.
    private static long[] TwiceBelow(IReadOnlyList<float[]> series, double[] outside, ParallelOptions options)
    {
        var chosen = new double[Splits.Places];
        for (var place = 0; place < chosen.Length; place++)
            chosen[place] = outside[Splits.Complements[place]];
        var total = new long[Splits.Places];
        var gate = new Lock();
        Parallel.For(
            0,
            series.Count,
            options,
            () => (Counts: new long[Splits.Places], Scores: Filled(0.0)),
            (at, _, work) =>
            {
                Score(series[at], work.Scores);
                Rank(work.Scores, chosen, work.Counts);
                return work;
            },
            work =>
            {
                lock (gate)
                {
                    for (var place = 0; place < total.Length; place++)
                        total[place] += work.Counts[place];
                }
            }
        );
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rank(double[] scores, double[] chosen, long[] counts)
    {
        ref var score = ref MemoryMarshal.GetArrayDataReference(scores);
        ref var bar = ref MemoryMarshal.GetArrayDataReference(chosen);
        ref var count = ref MemoryMarshal.GetArrayDataReference(counts);
        for (var place = 0; place < scores.Length; place += Vector256<double>.Count)
        {
            var (some, limit) = (
                Vector256.LoadUnsafe(ref score, (nuint)place),
                Vector256.LoadUnsafe(ref bar, (nuint)place)
            );
            // A lane in which a comparison holds is -1.
            var below = Vector256.LessThan(some, limit).AsInt64() + Vector256.LessThanOrEqual(some, limit).AsInt64();
            (Vector256.LoadUnsafe(ref count, (nuint)place) - below).StoreUnsafe(ref count, (nuint)place);
        }
    }

    private static void Score(ReadOnlySpan<float> values, double[] scores)
    {
        Span<double> sums = stackalloc double[Splits.Groups];
        Span<double> squares = stackalloc double[Splits.Groups];
        for (var group = 0; group < Splits.Groups; group++)
        {
            var (sum, square) = (0.0, 0.0);
            var begin = group * values.Length / Splits.Groups;
            foreach (double value in values[begin..((group + 1) * values.Length / Splits.Groups)])
            {
                sum += value;
                square += value * value;
            }
            (sums[group], squares[group]) = (sum, square);
        }
        Splits.Score(sums, squares, scores);
    }

    private static double[] Filled(double value)
    {
        var filled = new double[Splits.Places];
        Array.Fill(filled, value);
        return filled;
    }
}
