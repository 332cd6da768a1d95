using System.Globalization;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Evaluation;

/// <summary>A number of candles after which two pasts no longer matter.</summary>
/// <param name="Candles">The number; without an end so many did not suffice.</param>
/// <param name="HasEnd">Whether it was reached.</param>
public readonly record struct Forgetting(int Candles, bool HasEnd)
{
    /// <summary>A length that was reached.</summary>
    public static Forgetting Settled(int candles) => new(candles, HasEnd: true);

    /// <summary>The longer of two; one without an end is longer than any with one.</summary>
    public static Forgetting Worse(Forgetting one, Forgetting other) =>
        one.HasEnd == other.HasEnd ? (one.Candles >= other.Candles ? one : other)
        : one.HasEnd ? other
        : one;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(HasEnd ? "" : "> ")}{Candles}");
}

/// <summary>How much of the past an indicator needs, measured on candles.</summary>
/// <param name="Id">Kind and parameters.</param>
/// <param name="Silent">Candles without a value at the start: what it states, and counted where there are so many.</param>
/// <param name="Forgets">Whether it is made to forget at all: a sum since the first candle is not.</param>
/// <param name="Roughly">Until two pasts agree to <see cref="Rough"/>.</param>
/// <param name="Exactly">Until they agree to <see cref="Exact"/>.</param>
public sealed record Stability(string Id, int Silent, bool Forgets, Forgetting Roughly, Forgetting Exactly)
{
    /// <summary>Candles that are looked at, at most; with their outputs about 10 MB.</summary>
    public const int MostCandles = 100_000;

    /// <summary>Candles below which there is nothing to measure.</summary>
    public const int LeastCandles = 2;

    /// <summary>Places at which the pasts are exchanged, at most; in equal steps up to the middle of the candles.</summary>
    public const int Places = 32;

    /// <summary>The wider tolerance, relative.</summary>
    public const double Rough = 1e-3;

    /// <summary>The narrower tolerance, relative.</summary>
    public const double Exact = 1e-9;

    private const long MillisecondsPerDay = 86_400_000;

    // Powers of two: the other pasts are as regular as the real one, to the last bit. 0 is no past at all.
    private static readonly double[] otherLevels = [2, 0.5, 0];

    /// <summary>Measures one indicator.</summary>
    /// <param name="entry">What is measured.</param>
    /// <param name="candles">In order of time, at least two.</param>
    /// <exception cref="InvalidOperationException">The indicator does not keep to the warm-up it states.</exception>
    public static Stability Of(CatalogueEntry entry, ReadOnlySpan<Candle> candles)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentOutOfRangeException.ThrowIfLessThan(candles.Length, LeastCandles, nameof(candles));
        var real = new Outputs(entry, candles);
        var silent = real.SilentAtFirst();
        if (silent != Math.Min(entry.WarmUp, candles.Length))
            throw new InvalidOperationException(
                $"{entry.Id} states {entry.WarmUp} silent candles, {silent} were counted"
            );
        var forgets = entry.Id != "vwap:cumulative";
        if (silent == candles.Length)
        {
            var unknown = new Forgetting(silent, HasEnd: false);
            return new Stability(entry.Id, entry.WarmUp, forgets, unknown, unknown);
        }

        var (roughly, exactly) = (Forgetting.Settled(1), Forgetting.Settled(1));
        foreach (var place in PlacesIn(candles))
        {
            var common = candles[place..];
            foreach (var level in otherLevels)
            {
                var other = entry.Start();
                if (level > 0)
                    real.Live(other, candles[..place], level);
                var (rough, exact) = real.Compare(other, place, common);
                roughly = Forgetting.Worse(roughly, rough);
                exactly = Forgetting.Worse(exactly, exact);
            }
        }

        return new Stability(entry.Id, silent, forgets, roughly, exactly);
    }

    // Every second place is moved to the candle after a midnight: what begins anew each day forgets latest from there.
    /// <summary>The places, as numbers of candles before them; few candles have fewer than <see cref="Places"/>.</summary>
    public static IReadOnlyCollection<int> PlacesIn(ReadOnlySpan<Candle> candles)
    {
        var places = new SortedSet<int>();
        for (var i = 1; i <= Places; i++)
        {
            var place = Math.Max(1, (int)((long)candles.Length / 2 * i / Places));
            places.Add(i % 2 == 0 ? AfterMidnight(candles, place) : place);
        }

        return places;
    }

    private static int AfterMidnight(ReadOnlySpan<Candle> candles, int place)
    {
        for (var i = place; i < candles.Length - 1; i++)
        {
            if (candles[i].OpenTime % MillisecondsPerDay == 0)
                return i + 1;
        }

        return place;
    }

    /// <summary>What an indicator says over all candles.</summary>
    private sealed class Outputs
    {
        private readonly int width;
        private readonly double[] values;
        private readonly bool[] speaks;
        private readonly double[] usual;
        private readonly double[] row;

        public Outputs(CatalogueEntry entry, ReadOnlySpan<Candle> candles)
        {
            width = entry.Columns.Length;
            values = new double[width * candles.Length];
            speaks = new bool[candles.Length];
            row = new double[width];
            var fold = entry.Start();
            for (var i = 0; i < candles.Length; i++)
                speaks[i] = fold.Push(in candles[i], values.AsSpan(i * width, width));
            usual = [.. Enumerable.Range(0, width).Select(UsualSize)];
        }

        /// <summary>Silent candles before the first value, or all; a silence after it is against the law of warm-up.</summary>
        public int SilentAtFirst()
        {
            var silent = speaks.AsSpan().IndexOf(true) is var first && first < 0 ? speaks.Length : first;
            return speaks.AsSpan(silent).Contains(false)
                ? throw new InvalidOperationException($"an indicator was silent again after {silent} candles")
                : silent;
        }

        /// <summary>Leads another run through a past at another level of prices, at the same times and volumes.</summary>
        public void Live(ColumnFold other, ReadOnlySpan<Candle> past, double level)
        {
            foreach (ref readonly var candle in past)
            {
                var scaled = At(level, in candle);
                _ = other.Push(in scaled, row);
            }
        }

        /// <summary>Runs the other one over the common candles and looks for the last output that differs.</summary>
        public (Forgetting Roughly, Forgetting Exactly) Compare(
            ColumnFold other,
            int place,
            ReadOnlySpan<Candle> common
        )
        {
            var (rough, exact) = (0, 0);
            for (var i = 0; i < common.Length; i++)
            {
                var spoke = other.Push(in common[i], row);
                var difference = Difference(place + i, spoke);
                if (difference > Exact)
                    exact = i + 1;
                if (difference > Rough)
                    rough = i + 1;
            }

            return (Until(rough, common.Length), Until(exact, common.Length));
        }

        private static Forgetting Until(int lastThatDiffers, int common) =>
            lastThatDiffers < common ? Forgetting.Settled(lastThatDiffers + 1) : new(common, HasEnd: false);

        private double Difference(int index, bool spoke)
        {
            if (spoke != speaks[index])
                return double.PositiveInfinity;
            var largest = 0.0;
            for (var column = 0; column < width; column++)
            {
                var (mine, its) = (values[index * width + column], row[column]);
                // Around zero a value's own size says nothing: macd crosses it every hour.
                var size = Math.Max(usual[column], Math.Max(Math.Abs(mine), Math.Abs(its)));
                if (mine != its)
                    largest = Math.Max(largest, Math.Abs(mine - its) / size);
            }

            return largest;
        }

        private double UsualSize(int column)
        {
            var (sum, count) = (0.0, 0);
            for (var i = 0; i < speaks.Length; i++)
            {
                if (!speaks[i])
                    continue;
                sum += Math.Abs(values[i * width + column]);
                count++;
            }

            return count == 0 ? 0 : sum / count;
        }

        private static Candle At(double level, in Candle candle) =>
            Candle.Of(
                candle.OpenTime,
                candle.Open * level,
                candle.High * level,
                candle.Low * level,
                candle.Close * level,
                candle.Volume
            );
    }
}
