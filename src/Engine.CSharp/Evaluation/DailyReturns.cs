using System.Text.Json.Serialization;

namespace BtcBandit.Engine.Evaluation;

/// <summary>Running statistics of a run's returns per UTC day, immutable.</summary>
/// <remarks>
/// The return of a day is that of the equity at its last close over the equity at the last close of the counted day before it;
/// the first day counts from the initial equity. A candle is of the day in which it opens. A day without steps has no return.
/// </remarks>
public sealed record DailyReturns
{
    private const int FewestDays = 2;
    private const double DaysPerYear = 365.0;
    private const long MillisecondsPerDay = 24L * 60 * 60_000;

    /// <summary>Number of days with a return.</summary>
    [JsonRequired]
    public long Days { get; init; }

    /// <summary>Number of days from the first to the newest with a return, days without steps included.</summary>
    [JsonRequired]
    public long CalendarDays { get; init; }

    /// <summary>Equity at the last close of the newest day with a return; the initial equity before that.</summary>
    [JsonRequired]
    public double Equity { get; init; }

    /// <summary>Mean return per day.</summary>
    [JsonRequired]
    public double MeanReturn { get; init; }

    /// <summary>Sum of squared deviations of the returns from their mean.</summary>
    [JsonRequired]
    public double SquaredDeviations { get; init; }

    /// <summary>Sum of squared negative returns.</summary>
    [JsonRequired]
    public double SquaredLosses { get; init; }

    /// <summary>End of the day of the newest step, ms UTC; 0 before the first step.</summary>
    [JsonRequired]
    public long DayEnd { get; init; }

    /// <summary>Annualised Sharpe ratio; null below two days with a return, and where all returns are the same.</summary>
    [JsonIgnore]
    public double? Sharpe => Ratio(SquaredDeviations / (Days - 1));

    /// <summary>Annualised Sortino ratio; null below two days with a return, and without a loss.</summary>
    [JsonIgnore]
    public double? Sortino => Ratio(SquaredLosses / Days);

    /// <summary>Returns the statistics with a first or a next day.</summary>
    /// <param name="openTime">Open time of a step of that day, ms UTC.</param>
    internal DailyReturns Begin(long openTime) => this with { DayEnd = DayOf(openTime) * MillisecondsPerDay };

    /// <summary>Returns the statistics after the current day's return.</summary>
    /// <param name="equity">Equity at the day's last close.</param>
    /// <param name="firstOpenTime">Open time of the first step, ms UTC.</param>
    internal DailyReturns End(double equity, long firstOpenTime)
    {
        var change = equity / Equity - 1.0;
        var days = Days + 1;
        var deviation = change - MeanReturn;
        var mean = MeanReturn + deviation / days;
        return this with
        {
            Days = days,
            CalendarDays = DayEnd / MillisecondsPerDay - DayOf(firstOpenTime) + 1,
            Equity = equity,
            MeanReturn = mean,
            SquaredDeviations = SquaredDeviations + deviation * (change - mean),
            SquaredLosses = SquaredLosses + (change < 0 ? change * change : 0.0),
        };
    }

    /// <summary>Whether a run with these first and newest steps can have such statistics.</summary>
    /// <param name="firstOpenTime">Open time of the first step, ms UTC.</param>
    /// <param name="lastOpenTime">Open time of the newest step, ms UTC.</param>
    internal bool CanBeOf(long firstOpenTime, long lastOpenTime) =>
        DayEnd == DayOf(lastOpenTime) * MillisecondsPerDay
        && Days >= 0
        && Days <= CalendarDays
        && CalendarDays <= DayOf(lastOpenTime) - DayOf(firstOpenTime)
        && Equity > 0
        && SquaredDeviations >= 0
        && SquaredLosses >= 0
        && double.IsFinite(MeanReturn * MeanReturn);

    // Days without a step make the days that happened rarer, as missing candles make the steps.
    private double? Ratio(double variance) =>
        Days >= FewestDays && variance > 0
            ? MeanReturn / Math.Sqrt(variance) * Math.Sqrt(DaysPerYear / ((double)CalendarDays / Days))
            : null;

    // Number of the day, from 1, so that it ends after so many days.
    private static long DayOf(long openTime) => openTime / MillisecondsPerDay + 1;
}
