using System.Globalization;

namespace BtcBandit.Tui.Wording;

/// <summary>Figures as text; a dash where there is none.</summary>
internal static class FigureText
{
    /// <summary>A signed fraction in percent, as <c>+1.25 %</c>.</summary>
    public static string Percent(double? fraction) =>
        fraction is not { } value ? "-"
        : Math.Abs(value) < 1_000 ? Invariant($"{value:+0.00 %;-0.00 %;0.00 %}")
        : Invariant($"{100 * value:+0.00e+0;-0.00e+0} %");

    /// <summary>A part of a whole in percent, as <c>12.5 %</c>.</summary>
    public static string Share(double? fraction) => fraction is { } value ? Unsigned(Invariant($"{value:0.0 %}")) : "-";

    /// <summary>A number with two decimals; a large one in powers of ten, so that it fits into a column.</summary>
    public static string Number(double? value) => Decimals(value, 10_000_000);

    /// <summary>An amount of money with two decimals, to the last cent that a number can hold.</summary>
    public static string Amount(double? value) => Decimals(value, 1e13);

    /// <summary>A small fraction in basis points, as <c>-1.25</c>.</summary>
    public static string Bps(double? fraction) => Number(1e4 * fraction);

    /// <summary>A quantity of the base currency, with the decimals of a lot; at most eight, as in files.</summary>
    /// <param name="value">The quantity.</param>
    /// <param name="lotsPerUnit">Number of lots in one unit of the currency.</param>
    public static string Quantity(double value, double lotsPerUnit)
    {
        var decimals = (int)Math.Clamp(Math.Ceiling(Math.Log10(lotsPerUnit)), 0, 8);
        return value < 1e7 ? value.ToString($"N{decimals}", CultureInfo.InvariantCulture) : Number(value);
    }

    /// <summary>A ratio with two decimals; a large one, as of a few days, in powers of ten.</summary>
    public static string Ratio(double? value) =>
        value is { } known && Math.Abs(known) >= 10_000 ? Invariant($"{known:0.00e+0}") : Number(value);

    /// <summary>A number with as many decimals as it needs, up to 12, as <c>0.00001</c>.</summary>
    public static string Exact(double value) => Invariant($"{value:0.############}");

    /// <summary>A number without decimals.</summary>
    public static string Count(double? value) => value is { } known ? Unsigned(Invariant($"{known:N0}")) : "-";

    /// <summary>A price: two decimals, or six digits where two decimals show nothing.</summary>
    public static string Price(double value) => value >= 1 ? Invariant($"{value:N2}") : Invariant($"{value:G6}");

    /// <summary>A time in UTC, to the minute.</summary>
    public static string Time(long? openTime) =>
        openTime is { } time
            ? DateTimeOffset.FromUnixTimeMilliseconds(time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
            : "-";

    /// <summary>A length of a file.</summary>
    public static string Size(long bytes) =>
        bytes < 1_000 ? Counted.Of(bytes, "byte")
        : bytes < 1_000_000 ? Invariant($"{bytes / 1e3:0.0} kB")
        : Invariant($"{bytes / 1e6:0.0} MB");

    private static string Decimals(double? value, double limit) =>
        value is not { } known ? "-"
        : Math.Abs(known) < limit ? Unsigned(Invariant($"{known:N2}"))
        : Invariant($"{known:0.00e+0}");

    // A number that is rounded to zero has no sign.
    private static string Unsigned(string text) =>
        text.StartsWith('-') && text.AsSpan().IndexOfAnyInRange('1', '9') < 0 ? text[1..] : text;

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
