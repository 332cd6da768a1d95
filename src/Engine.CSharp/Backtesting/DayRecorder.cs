using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Equity of a run, and of buying and holding, at the last close of each UTC day.</summary>
/// <remarks>Memory that grows by one entry per day. Not thread-safe.</remarks>
internal sealed class DayRecorder
{
    private const long MillisecondsPerDay = 24L * 60 * 60_000;

    private readonly List<(double Equity, double BuyAndHold)> days = [];
    private long day = long.MinValue;

    /// <summary>Takes the next step of the run.</summary>
    public void Next(Step step)
    {
        var statistics = step.Statistics;
        var entry = (statistics.Equity, statistics.BuyAndHoldEquity ?? statistics.InitialEquity);
        // A candle is of the day in which it opens.
        var today = step.Candle.OpenTime / MillisecondsPerDay;
        if (days.Count == 0)
            days.Add((statistics.InitialEquity, statistics.InitialEquity));
        if (today != day)
            days.Add(entry);
        else
            days[^1] = entry;
        day = today;
    }

    /// <summary>Returns of the run per day, fractions. The first day counts from the initial equity.</summary>
    public IReadOnlyList<double> Returns() =>
        [.. days.Zip(days.Skip(1), (before, after) => after.Equity / before.Equity - 1.0)];

    /// <summary>Equity / equity of buying and holding, as it grew per day: after / before.</summary>
    public IReadOnlyList<double> Excess() =>
        [
            .. days.Zip(
                days.Skip(1),
                (before, after) => after.Equity / before.Equity / (after.BuyAndHold / before.BuyAndHold)
            ),
        ];
}
