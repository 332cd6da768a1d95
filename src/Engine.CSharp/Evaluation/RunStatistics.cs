using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Evaluation;

/// <summary>Running statistics of a run, immutable; each update takes O(1).</summary>
/// <remarks>
/// Returns are per step; amounts are in the quote currency; fractions are of equity. A class, because it is large and
/// passed along the pipeline; statistics that only fills and new days change are a separate object that steps share in between.
/// </remarks>
public sealed record RunStatistics
{
    private readonly FillStatistics fills;
    private readonly double buyAndHoldEquity;

    /// <summary>Number of steps so far.</summary>
    [JsonRequired]
    public long Steps { get; init; }

    /// <summary>Number of executions.</summary>
    [JsonRequired]
    public long Trades
    {
        get => fills.Trades;
        init => fills = fills with { Trades = value };
    }

    /// <summary>Number of closed round trips.</summary>
    [JsonRequired]
    public long RoundTrips
    {
        get => fills.RoundTrips;
        init => fills = fills with { RoundTrips = value };
    }

    /// <summary>Number of closed round trips with a profit after costs.</summary>
    [JsonRequired]
    public long Wins
    {
        get => fills.Wins;
        init => fills = fills with { Wins = value };
    }

    /// <summary>Sum of the profits of winning round trips.</summary>
    [JsonRequired]
    public double GrossProfit
    {
        get => fills.GrossProfit;
        init => fills = fills with { GrossProfit = value };
    }

    /// <summary>Sum of the losses of losing round trips, as a positive number.</summary>
    [JsonRequired]
    public double GrossLoss
    {
        get => fills.GrossLoss;
        init => fills = fills with { GrossLoss = value };
    }

    /// <summary>Equity at the start.</summary>
    [JsonRequired]
    public double InitialEquity
    {
        get => fills.InitialEquity;
        init => fills = fills with { InitialEquity = value };
    }

    /// <summary>Equity at the newest close.</summary>
    [JsonRequired]
    public double Equity { get; init; }

    /// <summary>Highest equity at any close.</summary>
    [JsonRequired]
    public double PeakEquity { get; init; }

    /// <summary>Maximum drawdown: largest fall from a peak, a fraction of the peak, 0..1.</summary>
    [JsonRequired]
    public double MaxDrawdown { get; init; }

    /// <summary>Mean return per step.</summary>
    [JsonRequired]
    public double MeanReturn { get; init; }

    /// <summary>Sum of squared deviations of the returns from their mean.</summary>
    [JsonRequired]
    public double SquaredDeviations { get; init; }

    /// <summary>Sum of squared negative returns.</summary>
    [JsonRequired]
    public double SquaredLosses { get; init; }

    /// <summary>Number of steps that ended with a position.</summary>
    [JsonRequired]
    public long InvestedSteps { get; init; }

    /// <summary>Sum over all fills of traded value / equity.</summary>
    [JsonRequired]
    public double Turnover
    {
        get => fills.Turnover;
        init => fills = fills with { Turnover = value };
    }

    /// <summary>Sum of all rewards known so far, fractions of equity.</summary>
    [JsonRequired]
    public double CumulativeReward { get; init; }

    /// <summary>Open time of the first step, ms UTC.</summary>
    [JsonRequired]
    public long FirstOpenTime
    {
        get => fills.FirstOpenTime;
        init => fills = fills with { FirstOpenTime = value };
    }

    /// <summary>Open time of the newest step, ms UTC.</summary>
    [JsonRequired]
    public long LastOpenTime { get; init; }

    /// <summary>Units held by the buy-and-hold benchmark, which spends all cash on the first step's decision: at the next open or, in a
    /// run that fills at the close, at that step's close; null until then.</summary>
    [JsonRequired]
    public double? BuyAndHoldUnits
    {
        get => fills.BuyAndHoldUnits;
        init => fills = fills with { BuyAndHoldUnits = value };
    }

    /// <summary>Equity of the buy-and-hold benchmark at the newest close; null until its first fill.</summary>
    [JsonRequired]
    public double? BuyAndHoldEquity
    {
        get => double.IsNaN(buyAndHoldEquity) ? null : buyAndHoldEquity;
        init => buyAndHoldEquity = value ?? double.NaN;
    }

    /// <summary>Returns per UTC day, up to the day before the newest step's; null in a run that was begun by a version without
    /// them.</summary>
    [JsonRequired]
    public DailyReturns? Daily
    {
        get => fills.Daily;
        init => fills = fills with { Daily = value };
    }

    /// <summary>Creates statistics without steps or equity.</summary>
    public RunStatistics()
        : this(new FillStatistics(), double.NaN) { }

    private RunStatistics(FillStatistics fills, double buyAndHoldEquity) =>
        (this.fills, this.buyAndHoldEquity) = (fills, buyAndHoldEquity);

    /// <summary>Creates statistics with an initial equity and no steps.</summary>
    internal static RunStatistics StartWith(double equity) =>
        new()
        {
            InitialEquity = equity,
            Equity = equity,
            PeakEquity = equity,
            Daily = new DailyReturns { Equity = equity },
        };

    /// <summary>Current drawdown: fall from the peak at the newest close, a fraction of the peak, 0..1.</summary>
    public double Drawdown => PeakEquity > 0 ? 1.0 - Equity / PeakEquity : 0.0;

    /// <summary>Returns per UTC day. The newest step's day is included if the day can have no later step. Null when <see cref="Daily"/>
    /// is null.</summary>
    /// <param name="timeframe">Length of a candle.</param>
    internal DailyReturns? FinishedDays(Timeframe timeframe) =>
        Steps > 0 && LastOpenTime + timeframe.Milliseconds >= Daily?.DayEnd ? Daily.End(Equity, FirstOpenTime) : Daily;

    /// <summary>Returns the statistics after one more step.</summary>
    /// <param name="candle">The step's candle.</param>
    /// <param name="portfolio">Cash and position after the fill.</param>
    /// <param name="fill">The step's execution; null if there is none.</param>
    /// <param name="reward">The reward that became known with this step; null if there is none.</param>
    /// <param name="costs">Trading costs at this candle.</param>
    /// <param name="fillsAtClose">Whether orders fill at the close on which they are decided.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RunStatistics With(
        in Candle candle,
        Portfolio portfolio,
        Fill? fill,
        double? reward,
        Costs costs,
        bool fillsAtClose
    )
    {
        var equity = portfolio.EquityAt(candle.Close);
        var change = equity / Equity - 1.0;
        var steps = Steps + 1;
        var deviation = change - MeanReturn;
        var mean = MeanReturn + deviation / steps;
        var peak = Math.Max(PeakEquity, equity);
        var rare =
            fill is null && Steps > 1 && candle.OpenTime < fills.DayEnd
                ? fills
                : Changed(candle, fill, costs, fillsAtClose);
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

    private FillStatistics Changed(in Candle candle, Fill? fill, Costs costs, bool fillsAtClose)
    {
        var profit = fill?.Profit;
        return fills with
        {
            Trades = Trades + (fill is null ? 0 : 1),
            RoundTrips = RoundTrips + (profit is null ? 0 : 1),
            Wins = Wins + (profit > 0 ? 1 : 0),
            GrossProfit = GrossProfit + Math.Max(profit ?? 0.0, 0.0),
            GrossLoss = GrossLoss + Math.Max(-(profit ?? 0.0), 0.0),
            Turnover = Turnover + (fill is null ? 0.0 : fill.Price * fill.Quantity / Equity),
            FirstOpenTime = Steps == 0 ? candle.OpenTime : FirstOpenTime,
            BuyAndHoldUnits = BuyAndHoldUnits ?? UnitsBought(candle, costs, fillsAtClose),
            Daily = DaysUntil(candle.OpenTime),
        };
    }

    // Buy and hold also decides at the first close, and fills as the agent's orders do.
    private double? UnitsBought(in Candle candle, Costs costs, bool fillsAtClose) =>
        fillsAtClose ? InitialEquity / (candle.Close * (1.0 + costs.BuyPremium))
        : Steps == 1 ? InitialEquity / (candle.Open * (1.0 + costs.BuyPremium))
        : null;

    // The newest equity is the last of its day when the next step is of a later one.
    private DailyReturns? DaysUntil(long openTime) =>
        Steps == 0 ? Daily?.Begin(openTime)
        : openTime >= fills.DayEnd ? Daily?.End(Equity, FirstOpenTime).Begin(openTime)
        : Daily;

    private sealed record FillStatistics
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

        public DailyReturns? Daily { get; init; }

        // The end of the newest step's day; never without daily returns.
        public long DayEnd => Daily?.DayEnd ?? long.MaxValue;
    }
}
