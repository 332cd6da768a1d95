using BtcBandit.Sweep.Reporting;

namespace BtcBandit.Tui.Report;

/// <summary>Figures of the report of a sweep as text; a dash where there is none.</summary>
internal static class SweepFigures
{
    /// <summary>Mark of a market with evidence of skill after costs.</summary>
    public const string Claim = "★";

    /// <summary>Mark of one in which trading costs nothing.</summary>
    public const string FreeClaim = "☆";

    private const string Absent = "-";

    /// <summary>A fraction in percent with its sign, without the unit, as <c>+1.2</c>.</summary>
    public static string Percent(double? fraction) =>
        Finite(fraction) is { } value ? Invariant($"{100 * value:+#,0.0;-#,0.0;0.0}") : Absent;

    /// <summary>Two ends in percent, as <c>-0.3 .. +2.9</c>.</summary>
    public static string Range(double? low, double? high) =>
        Finite(low) is null || Finite(high) is null ? Absent : $"{Percent(low)} .. {Percent(high)}";

    /// <summary>A probability with three decimals.</summary>
    public static string Probability(double? value) =>
        Finite(value) is not { } known ? Absent
        : known is > 0 and < 0.0005 ? "< 0.001"
        : Invariant($"{known:0.000}");

    /// <summary>A ratio with two decimals.</summary>
    public static string Ratio(double? value) => Finite(value) is { } known ? Invariant($"{known:0.00}") : Absent;

    /// <summary>A number without decimals.</summary>
    public static string Count(double? value) => Finite(value) is { } known ? Invariant($"{known:#,0}") : Absent;

    /// <summary>A number with as many decimals as it needs, at most three.</summary>
    public static string Short(double? value) => Finite(value) is { } known ? Invariant($"{known:#,0.###}") : Absent;

    /// <summary>Fee and slippage per side, as <c>10 + 2</c>.</summary>
    public static string Costs(CellKey key) => $"{Short(key.FeeBps)} + {Short(key.SlippageBps)}";

    /// <summary>How many settings the folds of a market chose, after the one that is shown.</summary>
    public static string OfFolds(CellReport cell) => Invariant($"most often of {cell.Choices} that folds chose");

    /// <summary>Returns a number that is one; null for infinite ones and for those that are not a number.</summary>
    public static double? Finite(double? value) => value is { } known && double.IsFinite(known) ? known : null;

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
