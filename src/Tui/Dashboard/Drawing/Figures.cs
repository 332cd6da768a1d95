using BtcBandit.Engine.Agents;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Dashboard.Drawing;

/// <summary>Numbers as text for people; an absent number is a dash.</summary>
internal static class Figures
{
    private const double Readable = 1e12;

    public const string Absent = "-";

    public static string Price(double value) =>
        !double.IsFinite(value) ? Absent
        : Math.Abs(value) >= Readable ? $"{value:0.###e+0}"
        : Math.Abs(value) >= 1_000 || value == 0 ? $"{value:N2}"
        : Math.Abs(value) >= 1 ? $"{value:N4}"
        : $"{value:G6}";

    public static string Money(double value) => Guarded(value, "N2");

    public static string Signed(double value) => Guarded(value, "+#,0.00;-#,0.00;0.00");

    /// <summary>Two amounts of money; whole units where cents leave no room.</summary>
    /// <param name="first">The first amount.</param>
    /// <param name="second">The second amount.</param>
    /// <param name="room">Columns for both together.</param>
    /// <param name="isSigned">Whether an amount above 0 has a plus.</param>
    public static (string First, string Second) Both(double first, double second, int room, bool isSigned = false)
    {
        var (cents, whole) = isSigned ? ("+#,0.00;-#,0.00;0.00", "+#,0;-#,0;0") : ("N2", "N0");
        var texts = (First: Guarded(first, cents), Second: Guarded(second, cents));
        return texts.First.Length + texts.Second.Length <= room
            ? texts
            : (Guarded(first, whole), Guarded(second, whole));
    }

    /// <summary>A value on an axis: as usual where that fits, else without decimals, else in thousands or millions.</summary>
    /// <param name="value">The value.</param>
    /// <param name="room">Columns for the text, at least 10.</param>
    /// <param name="usual">The usual text.</param>
    /// <param name="unit">Stands behind the value where there is room for it, and counts in <paramref name="room"/>.</param>
    public static string Axis(double value, int room, Func<double, string> usual, string unit = "") =>
        new[]
        {
            $"{usual(value)}{unit}",
            Math.Abs(value) < 1 ? $"{value:G3}{unit}" : $"{Guarded(value, "N0")}{unit}",
            $"{Guarded(value / 1e3, "N0")} k{unit}",
            $"{Guarded(value / 1e6, "N0")} M{unit}",
            $"{value:0.##e+0}{unit}",
        }.FirstOrDefault(text => text.Length <= room, $"{value:0.##e+0}");

    public static string Percent(double? fraction) =>
        fraction is { } known ? Guarded(known, "+#,0.00 %;-#,0.00 %;0.00 %") : Absent;

    public static string Part(double fraction) => Guarded(fraction, "#,0.00 %");

    public static string Share(double fraction) => Guarded(fraction, "#,0.0 %");

    public static string Bps(double? fraction) =>
        fraction is { } known ? Guarded(known * 10_000.0, "+#,0.00;-#,0.00;0.00") : Absent;

    public static string Size(double fraction) => Guarded(fraction * 10_000.0, "#,0.00");

    public static string Quantity(double value) => Guarded(value, "0.00000");

    public static string Volume(double value) => Math.Abs(value) < 100 ? Guarded(value, "0.00") : Guarded(value, "#,0");

    public static string Number(double value) =>
        !double.IsFinite(value) ? Absent
        : value == 0 ? "0"
        : Math.Abs(value) is >= 1e9 or < 1e-4 ? $"{value:0.##e+0}"
        : Math.Abs(value) >= 100 ? $"{value:N2}"
        : $"{value:0.0000}";

    public static string Number2(double value) => Guarded(value, "0.00");

    public static string Name(TradeAction action) => StepLine.Name(action);

    public static string Utc(long openTime) => StepLine.Time(openTime);

    public static string Clock(long openTime) => Time(openTime, TimeZoneInfo.Utc).ToString("HH:mm");

    public static string Day(long openTime) => Time(openTime, TimeZoneInfo.Utc).ToString("MM-dd");

    public static string Month(long openTime) => Time(openTime, TimeZoneInfo.Utc).ToString("yyyy-MM");

    public static string Year(long openTime) => Time(openTime, TimeZoneInfo.Utc).ToString("yyyy");

    public static string Local(long openTime, TimeZoneInfo zone) => Time(openTime, zone).ToString("MM-dd HH:mm");

    public static string Span(TimeSpan span) =>
        span < TimeSpan.Zero || span > TimeSpan.FromDays(9_999) ? Absent
        : span.TotalHours >= 24 ? $"{(int)span.TotalDays} d {span.Hours} h"
        : span.TotalHours >= 1 ? $"{span.Hours} h {span.Minutes} min"
        : span.TotalMinutes >= 1 ? $"{span.Minutes} min {span.Seconds} s"
        : $"{span.Seconds} s";

    public static Style Style(TradeAction action) =>
        action switch
        {
            TradeAction.Buy => Drawing.Style.Good,
            TradeAction.Sell => Drawing.Style.Bad,
            _ => Drawing.Style.Plain,
        };

    private static DateTimeOffset Time(long openTime, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(openTime), zone);

    private static string Guarded(double value, string format) =>
        !double.IsFinite(value) ? Absent
        : Math.Abs(value) >= Readable ? $"{value:0.##e+0}"
        : value.ToString(format);
}
