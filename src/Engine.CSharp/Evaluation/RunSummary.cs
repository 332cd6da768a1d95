using System.Text.Json;
using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Evaluation;

/// <summary>What a run came to, from the beginning of its state. Returns are fractions; absent where undefined.</summary>
public sealed record RunSummary
{
    // Crypto trades around the clock.
    private const double MillisecondsPerYear = 365.0 * 24 * 60 * 60_000;
    private const long MillisecondsPerDay = 24L * 60 * 60_000;

    private static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>Candles, history and warm-up included.</summary>
    public required long Candles { get; init; }

    /// <summary>Steps: candles at which something was chosen.</summary>
    public required long Steps { get; init; }

    /// <summary>Open time of the first step, ms UTC.</summary>
    public required long? FirstOpenTime { get; init; }

    /// <summary>Open time of the newest step, ms UTC.</summary>
    public required long? LastOpenTime { get; init; }

    /// <summary>In the quote currency.</summary>
    public required double InitialEquity { get; init; }

    /// <summary>At the newest close, in the quote currency.</summary>
    public required double FinalEquity { get; init; }

    /// <summary>Final / initial equity - 1.</summary>
    public required double TotalReturn { get; init; }

    /// <summary>Of buying everything at the first open that could be filled, with the same costs, and holding.</summary>
    public required double? BuyAndHoldReturn { get; init; }

    /// <summary>Of being in the market while the mean of 20 closes is above that of 50, at the same costs.</summary>
    public required double? MaCrossReturn { get; init; }

    /// <summary>Largest fall from a peak, a fraction of the peak.</summary>
    public required double MaxDrawdown { get; init; }

    /// <summary>Annualised mean / standard deviation of the returns per step; absent below a day or without movement.</summary>
    public required double? Sharpe { get; init; }

    /// <summary>Annualised mean / downside deviation; absent below a day or without a loss.</summary>
    public required double? Sortino { get; init; }

    /// <summary>Executions.</summary>
    public required long Trades { get; init; }

    /// <summary>Closed round trips.</summary>
    public required long RoundTrips { get; init; }

    /// <summary>Share of closed round trips that earned after costs.</summary>
    public required double? WinRate { get; init; }

    /// <summary>Profits of the winners / losses of the others; absent without a loss.</summary>
    public required double? ProfitFactor { get; init; }

    /// <summary>In the quote currency.</summary>
    public required double FeesPaid { get; init; }

    /// <summary>In the quote currency.</summary>
    public required double SlippagePaid { get; init; }

    /// <summary>Share of the steps that ended with a position.</summary>
    public required double? Exposure { get; init; }

    /// <summary>Traded value in multiples of equity.</summary>
    public required double Turnover { get; init; }

    /// <summary>Sum of matured rewards, each over its horizon.</summary>
    public required double CumulativeReward { get; init; }

    /// <summary>ln(best equity in hindsight after costs) - ln(equity), in nats.</summary>
    public required double? Regret { get; init; }

    /// <summary>Candles of this session / seconds from the first one read to the journal flushed.</summary>
    public required double? CandlesPerSecond { get; init; }

    /// <summary>Seed of the agent's draws.</summary>
    public required long Seed { get; init; }

    /// <summary>The list of indicators, in full.</summary>
    public required string Indicators { get; init; }

    /// <summary>The agent's name.</summary>
    public required string Agent { get; init; }

    /// <summary>Summarises a run.</summary>
    /// <param name="run">Its state.</param>
    /// <param name="candlesPerSecond">Speed of this session; absent when it read nothing.</param>
    /// <exception cref="ArgumentException">The state's timeframe is not known.</exception>
    public static RunSummary Of(RunState run, double? candlesPerSecond)
    {
        if (!Timeframe.TryParse(run.Header.Source.Timeframe, out var timeframe))
            throw new ArgumentException(
                $"timeframe {run.Header.Source.Timeframe} is not one of {Timeframe.Names}",
                nameof(run)
            );
        var statistics = run.Statistics;
        var span = statistics.LastOpenTime - statistics.FirstOpenTime + timeframe.Milliseconds;
        var stepsPerYear = MillisecondsPerYear / timeframe.Milliseconds;
        var annualise = span >= MillisecondsPerDay ? Math.Sqrt(stepsPerYear) : (double?)null;
        var variance = statistics.Steps > 1 ? statistics.SquaredDeviations / (statistics.Steps - 1) : 0.0;
        var downside = statistics.Steps > 0 ? statistics.SquaredLosses / statistics.Steps : 0.0;
        return new RunSummary
        {
            Candles = run.Candles,
            Steps = statistics.Steps,
            FirstOpenTime = statistics.Steps > 0 ? statistics.FirstOpenTime : null,
            LastOpenTime = statistics.Steps > 0 ? statistics.LastOpenTime : null,
            InitialEquity = statistics.InitialEquity,
            FinalEquity = statistics.Equity,
            TotalReturn = statistics.Equity / statistics.InitialEquity - 1.0,
            BuyAndHoldReturn = statistics.BuyAndHoldEquity / statistics.InitialEquity - 1.0,
            MaCrossReturn = run.Rivals.Results.MovingAverageCrossReturn,
            MaxDrawdown = statistics.MaxDrawdown,
            Sharpe = Ratio(statistics.MeanReturn, Math.Sqrt(variance)) * annualise,
            Sortino = Ratio(statistics.MeanReturn, Math.Sqrt(downside)) * annualise,
            Trades = statistics.Trades,
            RoundTrips = statistics.RoundTrips,
            WinRate = Ratio(statistics.Wins, statistics.RoundTrips),
            ProfitFactor = Ratio(statistics.GrossProfit, statistics.GrossLoss),
            FeesPaid = run.Portfolio.FeesPaid,
            SlippagePaid = run.Portfolio.SlippagePaid,
            Exposure = Ratio(statistics.InvestedSteps, statistics.Steps),
            Turnover = statistics.Turnover,
            CumulativeReward = statistics.CumulativeReward,
            Regret = run.Rivals.Results.RegretOf(statistics.Equity / statistics.InitialEquity),
            CandlesPerSecond = candlesPerSecond,
            Seed = run.Header.Parameters.Seed,
            Indicators = run.Header.Parameters.Indicators,
            Agent = run.Header.Parameters.Agent,
        };
    }

    /// <summary>As the JSON object that <c>--json</c> prints.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, options);

    private static double? Ratio(double part, double whole) => whole > 0 ? part / whole : null;
}
