using BtcBandit.Indicators;

namespace BtcBandit.Engine.Domain;

/// <summary>Running statistics of a run; every update is O(1) and gives a new value.</summary>
/// <remarks>
/// Returns are per step; amounts are in the quote currency; fractions are of equity. An object: it is long and goes
/// through many hands.
/// </remarks>
public sealed record RunStatistics
{
    /// <summary>Steps so far.</summary>
    public long Steps { get; init; }

    /// <summary>Executions.</summary>
    public long Trades { get; init; }

    /// <summary>Closed round trips.</summary>
    public long RoundTrips { get; init; }

    /// <summary>Closed round trips that earned after costs.</summary>
    public long Wins { get; init; }

    /// <summary>Sum of the profits of winning round trips.</summary>
    public double GrossProfit { get; init; }

    /// <summary>Sum of the losses of the others, as a positive number.</summary>
    public double GrossLoss { get; init; }

    /// <summary>Equity at the start.</summary>
    public double InitialEquity { get; init; }

    /// <summary>Equity at the newest close.</summary>
    public double Equity { get; init; }

    /// <summary>Highest equity at any close.</summary>
    public double PeakEquity { get; init; }

    /// <summary>Largest fall from a peak, as a fraction of the peak, 0..1.</summary>
    public double MaxDrawdown { get; init; }

    /// <summary>Mean return per step.</summary>
    public double MeanReturn { get; init; }

    /// <summary>Sum of squared deviations of the returns from their mean.</summary>
    public double SquaredDeviations { get; init; }

    /// <summary>Sum of squared negative returns.</summary>
    public double SquaredLosses { get; init; }

    /// <summary>Steps that ended with a position.</summary>
    public long InvestedSteps { get; init; }

    /// <summary>Traded value over equity, summed over all fills.</summary>
    public double Turnover { get; init; }

    /// <summary>Sum of matured rewards, in fractions of equity.</summary>
    public double CumulativeReward { get; init; }

    /// <summary>Open time of the first step, ms UTC.</summary>
    public long FirstOpenTime { get; init; }

    /// <summary>Open time of the newest step, ms UTC.</summary>
    public long LastOpenTime { get; init; }

    /// <summary>Units that buying everything at the first step's next open would hold; absent until then.</summary>
    public double? BuyAndHoldUnits { get; init; }

    /// <summary>What the buyer and holder's units are worth at the newest close; absent until the first fill was possible.</summary>
    public double? BuyAndHoldEquity { get; init; }

    /// <summary>Starts with some equity and no steps.</summary>
    public static RunStatistics StartWith(double equity) =>
        new()
        {
            InitialEquity = equity,
            Equity = equity,
            PeakEquity = equity,
        };

    /// <summary>Fall from the peak at the newest close, a fraction.</summary>
    public double Drawdown => PeakEquity > 0 ? 1.0 - Equity / PeakEquity : 0.0;

    /// <summary>Takes in one finished step.</summary>
    /// <param name="candle">The step's candle.</param>
    /// <param name="portfolio">After the fill.</param>
    /// <param name="fill">The step's execution, if any.</param>
    /// <param name="reward">What matured, if anything.</param>
    /// <param name="buyCostFraction">What a unit bought at an open costs above that open.</param>
    public RunStatistics With(
        in Candle candle,
        in Portfolio portfolio,
        Fill? fill,
        double? reward,
        double buyCostFraction
    )
    {
        var equity = portfolio.EquityAt(candle.Close);
        var change = equity / Equity - 1.0;
        var steps = Steps + 1;
        var profit = fill?.Profit;
        var deviation = change - MeanReturn;
        var mean = MeanReturn + deviation / steps;
        var peak = Math.Max(PeakEquity, equity);
        // The rival also decides at the first close and fills at the next open.
        var units = BuyAndHoldUnits ?? (Steps == 1 ? InitialEquity / (candle.Open * (1.0 + buyCostFraction)) : null);
        return new RunStatistics
        {
            InitialEquity = InitialEquity,
            Steps = steps,
            Trades = Trades + (fill is null ? 0 : 1),
            RoundTrips = RoundTrips + (profit is null ? 0 : 1),
            Wins = Wins + (profit > 0 ? 1 : 0),
            GrossProfit = GrossProfit + Math.Max(profit ?? 0.0, 0.0),
            GrossLoss = GrossLoss + Math.Max(-(profit ?? 0.0), 0.0),
            Equity = equity,
            PeakEquity = peak,
            MaxDrawdown = Math.Max(MaxDrawdown, 1.0 - equity / peak),
            MeanReturn = mean,
            SquaredDeviations = SquaredDeviations + deviation * (change - mean),
            SquaredLosses = SquaredLosses + (change < 0 ? change * change : 0.0),
            InvestedSteps = InvestedSteps + (portfolio.Position > 0 ? 1 : 0),
            Turnover = Turnover + (fill is null ? 0.0 : fill.Price * fill.Quantity / Equity),
            CumulativeReward = CumulativeReward + (reward ?? 0.0),
            FirstOpenTime = Steps == 0 ? candle.OpenTime : FirstOpenTime,
            LastOpenTime = candle.OpenTime,
            BuyAndHoldUnits = units,
            BuyAndHoldEquity = units * candle.Close,
        };
    }
}
