using System.Runtime.CompilerServices;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Domain;

/// <summary>Running statistics of a run; every update is O(1) and gives a new value.</summary>
/// <remarks>
/// Returns are per step; amounts are in the quote currency; fractions are of equity. An object: it is long and goes
/// through many hands. What only fills change is kept apart and shared from one fill to the next.
/// </remarks>
public sealed record RunStatistics
{
    private readonly Seldom seldom;
    private readonly double buyAndHoldEquity;

    /// <summary>Steps so far.</summary>
    public long Steps { get; init; }

    /// <summary>Executions.</summary>
    public long Trades
    {
        get => seldom.Trades;
        init => seldom = seldom with { Trades = value };
    }

    /// <summary>Closed round trips.</summary>
    public long RoundTrips
    {
        get => seldom.RoundTrips;
        init => seldom = seldom with { RoundTrips = value };
    }

    /// <summary>Closed round trips that earned after costs.</summary>
    public long Wins
    {
        get => seldom.Wins;
        init => seldom = seldom with { Wins = value };
    }

    /// <summary>Sum of the profits of winning round trips.</summary>
    public double GrossProfit
    {
        get => seldom.GrossProfit;
        init => seldom = seldom with { GrossProfit = value };
    }

    /// <summary>Sum of the losses of the others, as a positive number.</summary>
    public double GrossLoss
    {
        get => seldom.GrossLoss;
        init => seldom = seldom with { GrossLoss = value };
    }

    /// <summary>Equity at the start.</summary>
    public double InitialEquity
    {
        get => seldom.InitialEquity;
        init => seldom = seldom with { InitialEquity = value };
    }

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
    public double Turnover
    {
        get => seldom.Turnover;
        init => seldom = seldom with { Turnover = value };
    }

    /// <summary>Sum of matured rewards, in fractions of equity.</summary>
    public double CumulativeReward { get; init; }

    /// <summary>Open time of the first step, ms UTC.</summary>
    public long FirstOpenTime
    {
        get => seldom.FirstOpenTime;
        init => seldom = seldom with { FirstOpenTime = value };
    }

    /// <summary>Open time of the newest step, ms UTC.</summary>
    public long LastOpenTime { get; init; }

    /// <summary>Units that buying everything at the first step's next open would hold; absent until then.</summary>
    public double? BuyAndHoldUnits
    {
        get => seldom.BuyAndHoldUnits;
        init => seldom = seldom with { BuyAndHoldUnits = value };
    }

    /// <summary>What the buyer and holder's units are worth at the newest close; absent until the first fill was possible.</summary>
    public double? BuyAndHoldEquity
    {
        get => double.IsNaN(buyAndHoldEquity) ? null : buyAndHoldEquity;
        init => buyAndHoldEquity = value ?? double.NaN;
    }

    /// <summary>No steps and no equity.</summary>
    public RunStatistics()
        : this(new Seldom(), double.NaN) { }

    private RunStatistics(Seldom seldom, double buyAndHoldEquity) =>
        (this.seldom, this.buyAndHoldEquity) = (seldom, buyAndHoldEquity);

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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RunStatistics With(in Candle candle, Portfolio portfolio, Fill? fill, double? reward, double buyCostFraction)
    {
        var equity = portfolio.EquityAt(candle.Close);
        var change = equity / Equity - 1.0;
        var steps = Steps + 1;
        var deviation = change - MeanReturn;
        var mean = MeanReturn + deviation / steps;
        var peak = Math.Max(PeakEquity, equity);
        var rare = fill is null && Steps > 1 ? seldom : Changed(candle, fill, buyCostFraction);
        return new RunStatistics(rare, rare.BuyAndHoldUnits is { } units ? units * candle.Close : double.NaN)
        {
            Steps = steps,
            Equity = equity,
            PeakEquity = peak,
            MaxDrawdown = Math.Max(MaxDrawdown, 1.0 - equity / peak),
            MeanReturn = mean,
            SquaredDeviations = SquaredDeviations + deviation * (change - mean),
            SquaredLosses = SquaredLosses + (change < 0 ? change * change : 0.0),
            InvestedSteps = InvestedSteps + (portfolio.Position > 0 ? 1 : 0),
            CumulativeReward = CumulativeReward + (reward ?? 0.0),
            LastOpenTime = candle.OpenTime,
        };
    }

    private Seldom Changed(in Candle candle, Fill? fill, double buyCostFraction)
    {
        var profit = fill?.Profit;
        return seldom with
        {
            Trades = Trades + (fill is null ? 0 : 1),
            RoundTrips = RoundTrips + (profit is null ? 0 : 1),
            Wins = Wins + (profit > 0 ? 1 : 0),
            GrossProfit = GrossProfit + Math.Max(profit ?? 0.0, 0.0),
            GrossLoss = GrossLoss + Math.Max(-(profit ?? 0.0), 0.0),
            Turnover = Turnover + (fill is null ? 0.0 : fill.Price * fill.Quantity / Equity),
            FirstOpenTime = Steps == 0 ? candle.OpenTime : FirstOpenTime,
            // The rival also decides at the first close and fills at the next open.
            BuyAndHoldUnits =
                BuyAndHoldUnits ?? (Steps == 1 ? InitialEquity / (candle.Open * (1.0 + buyCostFraction)) : null),
        };
    }

    private sealed record Seldom
    {
        public long Trades { get; init; }
        public long RoundTrips { get; init; }
        public long Wins { get; init; }
        public double GrossProfit { get; init; }
        public double GrossLoss { get; init; }
        public double InitialEquity { get; init; }
        public double Turnover { get; init; }
        public long FirstOpenTime { get; init; }
        public double? BuyAndHoldUnits { get; init; }
    }
}
