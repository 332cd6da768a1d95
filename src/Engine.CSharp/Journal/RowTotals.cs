using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

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

/// <summary>Consecutive steps of a saved run.</summary>
/// <param name="Equity">Equity at the last close, in the quote currency.</param>
/// <param name="Drawdown">Largest fall below the highest equity so far at any close, a fraction of that, 0..1.</param>
/// <param name="Steps">Number of steps.</param>
/// <param name="InvestedSteps">Number of steps that ended with a position.</param>
/// <param name="Actions">How often each action was chosen.</param>
internal readonly record struct SavedStretch(
    double Equity,
    double Drawdown,
    long Steps,
    long InvestedSteps,
    ActionCounts Actions
)
{
    /// <summary>Fraction of the steps that ended with a position, 0..1.</summary>
    public double Invested => (double)InvestedSteps / Steps;

    /// <summary>Returns this stretch and the one after it as one.</summary>
    public SavedStretch With(SavedStretch next) =>
        new(
            next.Equity,
            Math.Max(Drawdown, next.Drawdown),
            Steps + next.Steps,
            InvestedSteps + next.InvestedSteps,
            Actions.With(next.Actions)
        );
}

/// <summary>Adds up the rows of a run by the rules of its statistics, in memory that grows by one row per month only.</summary>
/// <remarks>Rows have 8 decimals, so amounts differ from those of the state in later ones.</remarks>
/// <param name="header">Header of the run.</param>
/// <param name="trades">Number of executions to keep, the newest ones.</param>
internal sealed class RowTotals(RunHeader header, int trades)
{
    // Twice the columns of a narrow terminal.
    private const int MaxStretches = 128;

    private readonly Buckets<SavedStretch> stretches = new(MaxStretches, static (stretch, next) => stretch.With(next));
    private readonly MonthRecorder months = new(header.Parameters.InitialCash);
    private readonly Queue<SavedTrade> newest = [];
    private TradeRow? before;
    private LongestSpells? spells;
    private double peak = header.Parameters.InitialCash;
    private double cash = header.Parameters.InitialCash;
    private double position;
    private double costBasis;
    private RunTotals totals;

    /// <summary>How often each action was chosen.</summary>
    public ActionCounts Actions { get; private set; }

    /// <summary>The newest executions, in order of time.</summary>
    public IReadOnlyList<SavedTrade> Trades => [.. newest];

    /// <summary>Sum of price x quantity of all executions, in the quote currency.</summary>
    public double TradedValue { get; private set; }

    /// <summary>The run in up to 128 stretches of <see cref="StepsPerStretch"/> steps. The last one may be shorter and ends with the
    /// newest step.</summary>
    public IReadOnlyList<SavedStretch> Stretches => stretches.Items;

    /// <summary>Number of steps in each stretch but the last: a power of two.</summary>
    public long StepsPerStretch => stretches.Length;

    /// <summary>The time of <see cref="RunPath.LongestUnderWater"/>.</summary>
    public long LongestUnderWater => spells?.UnderWater ?? 0;

    /// <summary>The number of <see cref="RunPath.LongestLosingRun"/>.</summary>
    public long LongestLosingRun => spells?.LosingRun ?? 0;

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
        Follow(row, profit);
        Actions = Actions.With(row.Action);
        (before, cash, position) = (row, row.Cash, row.Position);
    }

    private void Follow(in TradeRow row, double? profit)
    {
        spells ??= new LongestSpells(header.Parameters.InitialCash, row.OpenTime);
        spells.Next(row.Equity, row.OpenTime + header.Source.Timeframe.Milliseconds, profit);
        peak = Math.Max(peak, row.Equity);
        stretches.Add(
            new SavedStretch(
                row.Equity,
                1.0 - row.Equity / peak,
                1,
                row.Position > 0 ? 1 : 0,
                default(ActionCounts).With(row.Action)
            )
        );
    }

    // Every sell closes a round trip, also one that leaves a part of the position. Cash says more than price times
    // quantity, because 8 decimals are few digits of the price of a cheap coin.
    private double? Book(in TradeRow row)
    {
        // The fee comes on top of what is paid, and off what is received.
        TradedValue += Math.Abs(row.Cash - cash + (row.Fee ?? 0));
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
        var decision = header.Parameters.Fill == FillMoment.Close ? row : before ?? row;
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
