using BtcBandit.Engine.Agents;

namespace BtcBandit.Engine.Backtesting;

/// <summary>What a run did on its way, beside the totals of its summary. Times are in milliseconds, returns are fractions.</summary>
/// <param name="LongestUnderWater">Longest time from the last close at a peak of equity to the close that reached it again, or to
/// the newest close, in milliseconds; 0 if equity never fell. The initial equity is a peak at the open of the first step.</param>
/// <param name="LongestLosingRun">Largest number of closed round trips in a row without a profit after costs.</param>
/// <param name="Actions">Number of times that each action was chosen.</param>
/// <param name="Months">Results per UTC month, in order of time. Months without a step are left out.</param>
public sealed record RunPath(
    long LongestUnderWater,
    long LongestLosingRun,
    ActionCounts Actions,
    IReadOnlyList<RunMonth> Months
)
{
    /// <summary>Number of buys without a position before them.</summary>
    internal long Entries { get; init; }
}

/// <summary>Number of times that each action was chosen.</summary>
/// <param name="Sell">Number of times that sell was chosen.</param>
/// <param name="Hold">Number of times that hold was chosen.</param>
/// <param name="Buy">Number of times that buy was chosen.</param>
public readonly record struct ActionCounts(long Sell, long Hold, long Buy)
{
    /// <summary>Returns the counts with one more action.</summary>
    internal ActionCounts With(TradeAction action) =>
        action switch
        {
            TradeAction.Sell => this with { Sell = Sell + 1 },
            TradeAction.Buy => this with { Buy = Buy + 1 },
            _ => this with { Hold = Hold + 1 },
        };

    /// <summary>Returns the sums of both counts.</summary>
    internal ActionCounts With(ActionCounts other) => new(Sell + other.Sell, Hold + other.Hold, Buy + other.Buy);
}

/// <summary>Results of a run in one UTC month. A step is of the month in which its candle opens.</summary>
/// <param name="Year">Year of the month.</param>
/// <param name="Month">Number of the month, 1..12.</param>
/// <param name="Steps">Number of steps.</param>
/// <param name="Return">Equity at the last close of the month / equity at the last close before it - 1, a fraction; the first
/// month counts from the initial equity.</param>
/// <param name="BuyAndHoldReturn">The same for buying and holding; null in a month in which it had not bought yet, and where it
/// is not known.</param>
/// <param name="MaxDrawdown">Largest fall from a peak within the month, a fraction of the peak, 0..1. The last equity before
/// the month is its first peak.</param>
/// <param name="Trades">Number of executions.</param>
/// <param name="RoundTrips">Number of closed round trips.</param>
/// <param name="Wins">Number of those with a profit after costs.</param>
/// <param name="Costs">Fees and slippage paid, in the quote currency.</param>
/// <param name="Exposure">Fraction of the steps that ended with a position.</param>
public sealed record RunMonth(
    int Year,
    int Month,
    long Steps,
    double Return,
    double? BuyAndHoldReturn,
    double MaxDrawdown,
    long Trades,
    long RoundTrips,
    long Wins,
    double Costs,
    double Exposure
);
