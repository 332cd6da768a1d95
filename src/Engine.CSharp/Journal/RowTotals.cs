using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Exchange;

namespace BtcBandit.Engine.Journal;

/// <summary>An execution of a saved run, with the decision that led to it.</summary>
/// <param name="OpenTime">Open time of the candle in which it filled, ms UTC.</param>
/// <param name="IsBuy">Whether it was a buy; otherwise it was a sell.</param>
/// <param name="Price">Fill price after slippage, in the quote currency.</param>
/// <param name="Quantity">Quantity, in the base currency.</param>
/// <param name="Costs">Fee and slippage, in the quote currency.</param>
/// <param name="Profit">Net profit of the round trip that a sell closes, in the quote currency; null for a buy.</param>
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

/// <summary>Adds up the rows of a run by the rules of its statistics, in memory that grows by one row per month only.</summary>
/// <remarks>Rows have 8 decimals, so amounts differ from those of the state in later ones.</remarks>
/// <param name="initialCash">Cash at the start, in the quote currency.</param>
/// <param name="moment">When orders fill.</param>
/// <param name="trades">Number of executions to keep, the newest ones.</param>
internal sealed class RowTotals(double initialCash, FillMoment moment, int trades)
{
    // Twice the columns of a narrow terminal.
    private const int MaxPoints = 128;

    private readonly Buckets<double> equity = new(MaxPoints, static (_, next) => next);
    private readonly MonthRecorder months = new(initialCash);
    private readonly Queue<SavedTrade> newest = [];
    private TradeRow? before;
    private double cash = initialCash;
    private double position;
    private double costBasis;
    private RunTotals totals;

    /// <summary>How often each action was chosen.</summary>
    public ActionCounts Actions { get; private set; }

    /// <summary>The newest executions, in order of time.</summary>
    public IReadOnlyList<SavedTrade> Trades => [.. newest];

    /// <summary>Equity at up to 128 closes: the last close of each stretch of <see cref="StepsPerPoint"/> steps. The last stretch
    /// may be shorter and ends with the newest step.</summary>
    public IReadOnlyList<double> Equity => equity.Items;

    /// <summary>Number of steps in each stretch of <see cref="Equity"/> but the last: a power of two.</summary>
    public long StepsPerPoint => equity.Length;

    /// <summary>Results per UTC month, without buy and hold, for which rows have no price.</summary>
    public IReadOnlyList<RunMonth> Months => months.ToMonths();

    /// <summary>Takes the next row.</summary>
    public void Next(TradeRow row)
    {
        var profit = row.FillPrice is null ? null : Book(row);
        totals = totals with
        {
            Steps = totals.Steps + 1,
            Equity = row.Equity,
            Trades = totals.Trades + (row.FillPrice is null ? 0 : 1),
            RoundTrips = totals.RoundTrips + (profit is null ? 0 : 1),
            Wins = totals.Wins + (profit > 0 ? 1 : 0),
            Costs = totals.Costs + (row.Fee ?? 0) + (row.Slippage ?? 0),
            InvestedSteps = totals.InvestedSteps + (row.Position > 0 ? 1 : 0),
        };
        months.Next(row.OpenTime, totals);
        if (row.FillPrice is not null)
            Keep(row, profit);
        equity.Add(row.Equity);
        Actions = Actions.With(row.Action);
        (before, cash, position) = (row, row.Cash, row.Position);
    }

    // Every sell closes a round trip, also one that leaves a part of the position. Cash says more than price times
    // quantity, because 8 decimals are few digits of the price of a cheap coin.
    private double? Book(in TradeRow row)
    {
        if (row.Cash < cash)
        {
            costBasis += cash - row.Cash;
            return null;
        }
        var sold = row.Position > 0 && position > 0 ? Math.Min(1.0, (row.FillQuantity ?? 0) / position) : 1.0;
        var cost = costBasis * sold;
        costBasis -= cost;
        return Math.Round(row.Cash - cash - cost, 8);
    }

    private void Keep(in TradeRow row, double? profit)
    {
        // An order fills one row after its decision, unless it fills at the close of it.
        var decision = moment == FillMoment.Close ? row : before ?? row;
        newest.Enqueue(
            new SavedTrade(
                row.OpenTime,
                profit is null,
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
}
