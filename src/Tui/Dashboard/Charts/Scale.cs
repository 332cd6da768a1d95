using System.Globalization;

namespace BtcBandit.Tui.Dashboard.Charts;

/// <summary>Maps values to rows of a chart, the highest to row 0.</summary>
/// <param name="Low">Value at the lower edge.</param>
/// <param name="High">Value at the upper edge, above <paramref name="Low"/>.</param>
internal readonly record struct Scale(double Low, double High)
{
    // 1, 2, 2.5 and 5 times the powers of ten that prices and amounts have.
    private static readonly double[] steps =
    [
        .. Enumerable
            .Range(-12, 28)
            .SelectMany(power => new[] { "1", "2", "2.5", "5" }.Select(digit => $"{digit}e{power}"))
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture)),
    ];

    /// <summary>A scale that shows all the values that are finite; a flat line gets some space above and below.</summary>
    public static Scale Over(IEnumerable<double> values)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                continue;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        if (!(high >= low))
            return new Scale(0, 1);
        var space = high > low ? (high - low) * 0.02 : Math.Max(Math.Abs(high) * 0.001, 1e-9);
        var scale = Calm(low - space, high + space);
        return double.IsFinite(scale.High - scale.Low) && scale.High > scale.Low ? scale : new Scale(low / 4, high / 4);
    }

    // Round borders rarely move while the values do, and then they move visibly.
    private static Scale Calm(double low, double high)
    {
        var step = 1e-12;
        while (step * 10 < high - low)
            step *= 10;
        step /= 5;
        return new Scale(Math.Floor(low / step) * step, Math.Ceiling(high / step) * step);
    }

    /// <summary>The row of a value among <paramref name="rows"/> rows; -1 above them, <paramref name="rows"/> below.</summary>
    public int Row(double value, int rows)
    {
        var place = (High - value) / (High - Low) * rows;
        return double.IsFinite(place) ? (int)Math.Clamp(Math.Floor(place), -1, rows) : -1;
    }

    /// <summary>Round values within the scale, lowest first: multiples of 1, 2, 2.5 or 5 times a power of ten.</summary>
    /// <param name="count">About how many; values below 1 count as 1.</param>
    public IEnumerable<double> Levels(int count)
    {
        var rough = (High - Low) / Math.Max(count, 1);
        if (!double.IsFinite(rough) || rough <= 0)
            yield break;
        var step = steps.FirstOrDefault(step => step >= rough, rough);
        // Multiples of an index have no error that grows.
        for (var i = Math.Ceiling(Low / step); i * step < High && i < Math.Ceiling(Low / step) + 100; i++)
            yield return i * step;
    }

    /// <summary>The value in the middle of a row.</summary>
    public double At(int row, int rows) => High - (row + 0.5) / rows * (High - Low);
}
