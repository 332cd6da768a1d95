using BtcBandit.Engine.Evaluation;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Benchmarks.Learning;

/// <summary>How often the interval of the bootstrap covers the expected sum of a series, which is 0 here.</summary>
internal static class VerdictCoverage
{
    private const int Normals = 20;
    private const int Others = 21;
    private const int WarmUp = 100;

    /// <summary>Kinds of series, with a draw of each: seed, number of values.</summary>
    public static readonly (string Name, Func<long, int, double[]> Draw)[] Kinds =
    [
        ("independent, normal", (seed, count) => Series(seed, count, (_, draw) => draw.Normal)),
        ("independent, Student's t of 4", (seed, count) => Series(seed, count, (_, draw) => draw.Student)),
        ("GARCH(1,1), 0.07 and 0.91, normal", (seed, count) => Garch(seed, count, 0.07, 0.91, draw => draw.Normal)),
        (
            "GARCH(1,1), 0.15 and 0.80, Student's t of 4",
            (seed, count) => Garch(seed, count, 0.15, 0.80, draw => draw.Student / Math.Sqrt(2.0))
        ),
        ("0 in 80 % of the blocks, else normal", (seed, count) => Series(seed, count, (_, draw) => draw.Sparse)),
        ("AR(1) of 0.1", (seed, count) => Series(seed, count, (last, draw) => 0.1 * last + draw.Normal)),
        ("AR(1) of 0.2", (seed, count) => Series(seed, count, (last, draw) => 0.2 * last + draw.Normal)),
        ("AR(1) of -0.1", (seed, count) => Series(seed, count, (last, draw) => -0.1 * last + draw.Normal)),
        ("many small gains, few large losses", (seed, count) => Series(seed, count, (_, draw) => -draw.Skewed)),
        ("many small losses, few large gains", (seed, count) => Series(seed, count, (_, draw) => draw.Skewed)),
    ];

    /// <summary>Shares of series whose interval of 95 % covers the expected sum, and whose bound of the verdict's level is above
    /// it.</summary>
    /// <param name="draw">Draws a series.</param>
    /// <param name="count">Number of its values.</param>
    /// <param name="series">Number of series.</param>
    public static (double Covered, double Above) Of(Func<long, int, double[]> draw, int count, int series)
    {
        var results = ParallelEnumerable
            .Range(1, series)
            .Select(seed =>
            {
                var ends = StationaryBootstrap.QuantilesOfSum(
                    draw(seed, count),
                    seed,
                    0.025,
                    0.975,
                    SkillVerdict.Level
                )!;
                return (Covers: ends[0] <= 0 && ends[1] >= 0, IsAbove: ends[2] > 0);
            })
            .ToArray();
        return (results.Count(one => one.Covers) / (double)series, results.Count(one => one.IsAbove) / (double)series);
    }

    private static double[] Series(long seed, int count, Func<double, Draw, double> next)
    {
        var (last, values) = (0.0, new double[count]);
        for (var at = -WarmUp; at < count; at++)
        {
            last = next(last, new Draw(seed, at + WarmUp));
            if (at >= 0)
                values[at] = last;
        }
        return values;
    }

    private static double[] Garch(long seed, int count, double ofLast, double ofVariance, Func<Draw, double> innovation)
    {
        var variance = 1.0;
        return Series(
            seed,
            count,
            (_, draw) =>
            {
                var value = Math.Sqrt(variance) * innovation(draw);
                variance = 1.0 - ofLast - ofVariance + ofLast * value * value + ofVariance * variance;
                return value;
            }
        );
    }

    private readonly record struct Draw(long Seed, long Index)
    {
        public double Normal => CounterRandom.Normal(Seed, Normals, Index);

        // A normal over the root of a mean of four squares.
        public double Student
        {
            get
            {
                var product = Uniform(0) * Uniform(1);
                return Normal / Math.Sqrt(-2.0 * Portable.Log(product) / 4.0);
            }
        }

        public double Sparse => Uniform(0) < 0.8 ? 0.0 : Normal;

        // Exponential less its mean.
        public double Skewed => -Portable.Log(Uniform(0)) - 1.0;

        private double Uniform(int place) => CounterRandom.Uniform(Seed, Others, 2 * Index + place);
    }
}
