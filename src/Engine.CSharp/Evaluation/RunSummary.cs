using System.Text.Json;
using System.Text.Json.Serialization;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Evaluation;

/// <summary>Results of a run since its start. Returns are fractions; values that are undefined are null.</summary>
public sealed record RunSummary
{
    // Crypto trades around the clock.
    private const double MillisecondsPerYear = 365.0 * 24 * 60 * 60_000;
    private const long MillisecondsPerDay = 24L * 60 * 60_000;

    /// <summary>Number of candles, history and warm-up included.</summary>
    public required long Candles { get; init; }

    /// <summary>Number of steps, which are the candles with a decision.</summary>
    public required long Steps { get; init; }

    /// <summary>Open time of the first step, ms UTC; null without steps.</summary>
    public required long? FirstOpenTime { get; init; }

    /// <summary>Open time of the newest step, ms UTC; null without steps.</summary>
    public required long? LastOpenTime { get; init; }

    /// <summary>Equity at the start, in the quote currency.</summary>
    public required double InitialEquity { get; init; }

    /// <summary>Equity at the newest close, in the quote currency.</summary>
    public required double FinalEquity { get; init; }

    /// <summary>Final equity / initial equity - 1.</summary>
    public required double TotalReturn { get; init; }

    /// <summary>Return of buying with all cash on the first step's decision and holding, at the same costs; it fills as the agent's
    /// orders do, at the open of the second step or at the close of the first. Null before that fill.</summary>
    public required double? BuyAndHoldReturn { get; init; }

    /// <summary>Return of the moving-average crossover (20 against 50 closes) at the same costs; null without steps.</summary>
    public required double? MaCrossReturn { get; init; }

    /// <summary>Compound annual growth rate: (final equity / initial equity) to the power of 365 days / time of the run, minus 1. Null
    /// for runs below a day, and where the number is too large for a double.</summary>
    public required double? Cagr { get; init; }

    /// <summary>Annualised volatility: sample standard deviation of the returns per step, times the root of the steps per year, as in
    /// <see cref="Sharpe"/>. Null for runs below a day or of a single step.</summary>
    public required double? Volatility { get; init; }

    /// <summary>Maximum drawdown: largest fall from a peak, a fraction of the peak, 0..1.</summary>
    public required double MaxDrawdown { get; init; }

    /// <summary>Calmar ratio: <see cref="Cagr"/> / <see cref="MaxDrawdown"/>. Null where that rate is null, without a drawdown, and
    /// where the ratio is too large for a double.</summary>
    /// <remarks>Source: Young (1991), Calmar Ratio: A Smoother Tool; over the whole run instead of 36 months.</remarks>
    public required double? Calmar { get; init; }

    /// <summary>Sharpe ratio: mean of the simple returns of equity per step (the risk-free rate is 0) divided by their sample standard deviation; times the
    /// root of the steps per year. Null for runs below a day and for constant equity.</summary>
    /// <remarks>Steps per year are the steps that happened x 365 days / the time from the first step's open to the newest step's close, so
    /// candles that a source lacks do not raise it. Source: Sharpe (1994), The Sharpe Ratio.</remarks>
    public required double? Sharpe { get; init; }

    /// <summary>Sortino ratio: as <see cref="Sharpe"/>, but divided by the downside deviation, the root of the mean over all steps of the
    /// squared negative returns. Null for runs below a day and without losses.</summary>
    /// <remarks>Source: Sortino and Price (1994), Performance Measurement in a Downside Risk Framework.</remarks>
    public required double? Sortino { get; init; }

    /// <summary>The Sharpe ratio of the returns between the last closes of UTC days. Null below two finished days, for constant equity, and
    /// in a run that was begun by a version without daily returns.</summary>
    /// <remarks>The first day counts from the initial equity, the last one only if it is finished. Days per year are 365 or, where days
    /// without a step lie between, the days that happened x 365 / all days from the first to the last.</remarks>
    public required double? SharpeDaily { get; init; }

    /// <summary>The Sortino ratio of the same daily returns; null also without a losing day.</summary>
    public required double? SortinoDaily { get; init; }

    /// <summary>Number of executions.</summary>
    public required long Trades { get; init; }

    /// <summary>Number of closed round trips.</summary>
    public required long RoundTrips { get; init; }

    /// <summary>Fraction of the closed round trips with a profit after costs; null without any.</summary>
    public required double? WinRate { get; init; }

    /// <summary>Gross profit / gross loss of the closed round trips; null without a loss.</summary>
    public required double? ProfitFactor { get; init; }

    /// <summary>Mean profit of the winning round trips, in the quote currency; null without one.</summary>
    public required double? AverageWin { get; init; }

    /// <summary>Mean loss of the other round trips, as a positive number, in the quote currency; null without one.</summary>
    public required double? AverageLoss { get; init; }

    /// <summary>Sum of all fees, in the quote currency.</summary>
    public required double FeesPaid { get; init; }

    /// <summary>Sum of all slippage costs, in the quote currency.</summary>
    public required double SlippagePaid { get; init; }

    /// <summary>Fraction of the steps that ended with a position; null without steps.</summary>
    public required double? Exposure { get; init; }

    /// <summary>Sum over all fills of traded value / equity.</summary>
    public required double Turnover { get; init; }

    /// <summary>Sum of all rewards known so far, fractions of equity, each over its decision's horizon.</summary>
    public required double CumulativeReward { get; init; }

    /// <summary>ln(best equity in hindsight after costs) - ln(equity), in nats; null without steps.</summary>
    public required double? Regret { get; init; }

    /// <summary>Speed of the session: candles / seconds between the first candle read and the journal flushed; null if not
    /// measured.</summary>
    public required double? CandlesPerSecond { get; init; }

    /// <summary>Seed of the agent's random draws.</summary>
    public required long Seed { get; init; }

    /// <summary>The list of indicators, with all parameters.</summary>
    public required string Indicators { get; init; }

    /// <summary>Name of the agent.</summary>
    public required string Agent { get; init; }

    /// <summary>Summarises a run.</summary>
    /// <param name="timeframe">Length of a candle.</param>
    /// <param name="candles">Number of candles so far, history and warm-up included.</param>
    /// <param name="statistics">Statistics of the run.</param>
    /// <param name="portfolio">Cash and position at the end.</param>
    /// <param name="benchmarks">Results of the benchmarks.</param>
    /// <param name="agent">Options of the agent.</param>
    /// <param name="indicators">The list of indicators, with all parameters.</param>
    /// <param name="candlesPerSecond">Speed of the session; null if not measured.</param>
    internal static RunSummary Of(
        Timeframe timeframe,
        long candles,
        RunStatistics statistics,
        Portfolio portfolio,
        BenchmarkResults benchmarks,
        AgentOptions agent,
        string indicators,
        double? candlesPerSecond = null
    )
    {
        var span = statistics.LastOpenTime - statistics.FirstOpenTime + timeframe.Milliseconds;
        // Without missing candles the time per step is exactly the timeframe.
        var annualise =
            span >= MillisecondsPerDay
                ? Math.Sqrt(MillisecondsPerYear / ((double)span / statistics.Steps))
                : (double?)null;
        var variance = statistics.Steps > 1 ? statistics.SquaredDeviations / (statistics.Steps - 1) : 0.0;
        var downside = statistics.Steps > 0 ? statistics.SquaredLosses / statistics.Steps : 0.0;
        var daily = statistics.FinishedDays(timeframe);
        var growth = GrowthPerYear(statistics.Equity / statistics.InitialEquity, span);
        return new RunSummary
        {
            Candles = candles,
            Steps = statistics.Steps,
            FirstOpenTime = statistics.Steps > 0 ? statistics.FirstOpenTime : null,
            LastOpenTime = statistics.Steps > 0 ? statistics.LastOpenTime : null,
            InitialEquity = statistics.InitialEquity,
            FinalEquity = statistics.Equity,
            TotalReturn = statistics.Equity / statistics.InitialEquity - 1.0,
            BuyAndHoldReturn = statistics.BuyAndHoldEquity / statistics.InitialEquity - 1.0,
            MaCrossReturn = benchmarks.MovingAverageCrossReturn,
            Cagr = growth,
            Volatility = statistics.Steps > 1 ? Math.Sqrt(variance) * annualise : null,
            MaxDrawdown = statistics.MaxDrawdown,
            Calmar = growth is { } rate ? Finite(Ratio(rate, statistics.MaxDrawdown)) : null,
            Sharpe = Ratio(statistics.MeanReturn, Math.Sqrt(variance)) * annualise,
            Sortino = Ratio(statistics.MeanReturn, Math.Sqrt(downside)) * annualise,
            SharpeDaily = daily?.Sharpe,
            SortinoDaily = daily?.Sortino,
            Trades = statistics.Trades,
            RoundTrips = statistics.RoundTrips,
            WinRate = Ratio(statistics.Wins, statistics.RoundTrips),
            ProfitFactor = Ratio(statistics.GrossProfit, statistics.GrossLoss),
            AverageWin = Ratio(statistics.GrossProfit, statistics.Wins),
            AverageLoss = Ratio(statistics.GrossLoss, statistics.RoundTrips - statistics.Wins),
            FeesPaid = portfolio.FeesPaid,
            SlippagePaid = portfolio.SlippagePaid,
            Exposure = Ratio(statistics.InvestedSteps, statistics.Steps),
            Turnover = statistics.Turnover,
            CumulativeReward = statistics.CumulativeReward,
            Regret = benchmarks.RegretOf(statistics.Equity / statistics.InitialEquity),
            CandlesPerSecond = candlesPerSecond,
            Seed = agent.Seed,
            Indicators = indicators,
            Agent = agent.Agent,
        };
    }

    /// <summary>Returns the summary as indented JSON with snake_case names.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SummaryJson.Default.RunSummary);

    private static double? GrowthPerYear(double growth, long span)
    {
        if (span < MillisecondsPerDay)
            return null;
        return Finite(Portable.Exp(Portable.Log(growth) * (MillisecondsPerYear / span)) - 1.0);
    }

    private static double? Finite(double? value) => value is { } known && double.IsFinite(known) ? known : null;

    private static double? Ratio(double part, double whole) => whole > 0 ? part / whole : null;
}

/// <summary>Source-generated JSON serialiser of summaries.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class SummaryJson : JsonSerializerContext;
