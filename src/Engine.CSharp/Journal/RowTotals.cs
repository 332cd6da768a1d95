using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Exchange;

namespace BtcBandit.Engine.Journal;

/// <summary>An execution of a saved run, with the decision that led to it.</summary>
/// <param name="OpenTime">Open time of the candle in which it filled, ms UTC.</param>
/// <param name="IsBuy">Whether it was a buy; otherwise it was a sell.</param>
/// <param name="Price">Fill price after slippage, in the quote currency.</param>
/// <param name="Quantity">Quantity, in the base currency.</param>
/// <param name="Costs">Fee and slippage, in the quote currency.</param>
/// <param name="Profit">Net profit of the round trip that it ended, in the quote currency; null if a position is left.</param>
/// <param name="Equity">Equity at the close, in the quote currency.</param>
/// <param name="Reason">Why the action was chosen.</param>
/// <param name="SellValue">Expected value of selling, when it was decided.</param>
/// <param name="HoldValue">Expected value of holding, when it was decided.</param>
/// <param name="BuyValue">Expected value of buying, when it was decided.</param>
internal sealed record SavedTrade(
    long OpenTime,
    bool IsBuy,
    double Price,
    double Quantity,
    double Costs,
    double? Profit,
    double Equity,
    string Reason,
    double SellValue,
    double HoldValue,
    double BuyValue
);

/// <summary>Adds up the rows of a run, in memory that grows by one row per month only.</summary>
/// <param name="initialCash">Cash at the start, in the quote currency.</param>
/// <param name="moment">When orders fill.</param>
/// <param name="trades">Number of executions to keep, the newest ones.</param>
internal sealed class RowTotals(double initialCash, FillMoment moment, int trades)
{
    // Twice the columns of a narrow terminal.
    private const int MaxPoints = 128;

    private readonly Buckets<double> equity = new(MaxPoints, static (_, next) => next);
    private readonly Queue<SavedTrade> newest = [];
    private readonly List<RunMonth> months = [];
    private TradeRow? before;
    private double equityBefore = initialCash;
    private double flatCash = initialCash;
    private MonthTotals? month;

    /// <summary>How often each action was chosen.</summary>
    public ActionCounts Actions { get; private set; }

    /// <summary>The newest executions, in order of time.</summary>
    public IReadOnlyList<SavedTrade> Trades => [.. newest];

    /// <summary>Equity at up to 128 closes, evenly spaced, the newest one last.</summary>
    public IReadOnlyList<double> Equity => equity.Items;

    /// <summary>Results per UTC month, without buy and hold, for which rows have no price.</summary>
    public IReadOnlyList<RunMonth> Months => month is null ? months : [.. months, month.Result()];

    /// <summary>Takes the next row.</summary>
    public void Next(TradeRow row)
    {
        if (month is null || !month.Has(row.OpenTime))
        {
            if (month is not null)
                months.Add(month.Result());
            month = new MonthTotals(row.OpenTime, equityBefore);
        }
        double? profit = null;
        if (row.FillPrice is not null)
        {
            if (row.Position == 0)
                (profit, flatCash) = (row.Cash - flatCash, row.Cash);
            Keep(row, profit);
        }
        month.Next(row, profit);
        equity.Add(row.Equity);
        Actions = Actions.With(row.Action);
        (before, equityBefore) = (row, row.Equity);
    }

    private void Keep(in TradeRow row, double? profit)
    {
        // An order fills one row after its decision, unless it fills at the close of it.
        var decision = moment == FillMoment.Close ? row : before ?? row;
        newest.Enqueue(
            new SavedTrade(
                row.OpenTime,
                row.Position > (before?.Position ?? 0),
                row.FillPrice!.Value,
                row.FillQuantity ?? 0,
                (row.Fee ?? 0) + (row.Slippage ?? 0),
                profit,
                row.Equity,
                decision.Reason,
                decision.Values.Sell,
                decision.Values.Hold,
                decision.Values.Buy
            )
        );
        if (newest.Count > trades)
            newest.Dequeue();
    }

    // The month of the newest row.
    private sealed class MonthTotals(long openTime, double initial)
    {
        private readonly DateTime start = DateTimeOffset.FromUnixTimeMilliseconds(openTime).UtcDateTime;
        private readonly double equityBefore = initial;
        private double peak = initial;
        private double equity = initial;
        private double maxDrawdown;
        private double costs;
        private long steps;
        private long invested;
        private long fills;
        private long roundTrips;
        private long wins;

        public bool Has(long time) =>
            DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime is var other
            && (other.Year, other.Month) == (start.Year, start.Month);

        public void Next(in TradeRow row, double? profit)
        {
            equity = row.Equity;
            peak = Math.Max(peak, equity);
            maxDrawdown = Math.Max(maxDrawdown, 1.0 - equity / peak);
            costs += (row.Fee ?? 0) + (row.Slippage ?? 0);
            steps++;
            invested += row.Position > 0 ? 1 : 0;
            fills += row.FillPrice is null ? 0 : 1;
            roundTrips += profit is null ? 0 : 1;
            wins += profit > 0 ? 1 : 0;
        }

        public RunMonth Result() =>
            new(
                start.Year,
                start.Month,
                steps,
                equity / equityBefore - 1.0,
                null,
                maxDrawdown,
                fills,
                roundTrips,
                wins,
                costs,
                (double)invested / steps
            );
    }
}
