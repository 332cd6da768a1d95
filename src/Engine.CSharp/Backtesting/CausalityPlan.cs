using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Backtesting;

/// <summary>A check that nothing in a run uses candles before they have closed: indicators, features, agent, costs.</summary>
/// <remarks>
/// <para>The candles are cut at many places, and at each of them the run is made twice again: once with no candle after the cut, and
/// once with other candles there. Every value of every candle up to the cut must then be the same, to the bit, as in the run over
/// all candles. Take care that <see cref="Run"/> gets all that it knows of the candles from its argument: what it takes from
/// elsewhere, such as a file or a variable, is the same in every run, and is not found out.</para>
/// <para>The check takes about 25 times as long as one run with the default number of cuts, divided among the threads. It needs 8
/// bytes per candle besides the candles, and one run for each thread.</para>
/// </remarks>
/// <param name="Run">Makes the run's description from the candles that exist: called anew for each run, on several threads at a time,
/// with a list whose candles come in order of time. <see cref="BacktestRun.OnStep"/> of what it returns is not called.</param>
public sealed record CausalityPlan(Func<IReadOnlyList<Candle>, BacktestRun> Run)
{
    /// <summary>Default of <see cref="Cuts"/>.</summary>
    public const int DefaultCuts = 64;

    /// <summary>Largest number of cuts.</summary>
    public const int MaxCuts = 10_000;

    /// <summary>Number of cuts, 1..10,000; 64 by default. There are fewer where there are not as many candles.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public int Cuts
    {
        get;
        init =>
            field = value is >= 1 and <= MaxCuts
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, $"Cuts is not within 1..{MaxCuts}.");
    } = DefaultCuts;

    /// <summary>Seed of the cuts at random places; 1 by default.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Maximum number of threads, at least 1; null uses one for each processor. The result does not depend on it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public int? MaxThreads
    {
        get;
        init =>
            field = value is null or >= 1
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "MaxThreads is below 1.");
    }

    /// <summary>A check of a run that starts from the prior.</summary>
    /// <param name="plan">Makes the plan from the candles that exist.</param>
    public static CausalityPlan OfPlan(Func<IReadOnlyList<Candle>, RunPlan> plan) =>
        new(candles => new BacktestRun(plan(candles)));

    /// <summary>A check of indicators and features, beside an agent that never trades.</summary>
    /// <param name="features">Makes the feature set from the candles that exist.</param>
    public static CausalityPlan OfFeatures(Func<IReadOnlyList<Candle>, FeatureSet> features)
    {
        var market = new MarketSource.Files(new TradingPair("BTC", "USDT"), Timeframe.OneMinute);
        var parameters = new RunParameters { Agent = "hold" };
        return OfPlan(candles => RunPlan.Of(market, parameters, new RunParts { FeatureSet = features(candles) }));
    }

    /// <summary>Makes the check.</summary>
    /// <param name="candles">Closed candles in order of time, at least two; they must not change meanwhile.</param>
    /// <param name="onCandles">Called with the number of candles that all runs have taken so far and the number that they take in all,
    /// by one thread at a time; the second number is null until it is known.</param>
    /// <param name="stop">Cancels the check.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="ArgumentException">There are fewer than two candles.</exception>
    /// <exception cref="OperationCanceledException">The check was cancelled: nothing is known.</exception>
    /// <remarks>An exception of <see cref="Run"/> for all candles is thrown. One that it throws for some of them only is a difference,
    /// as is an exception of a run before its cut.</remarks>
    public Task<CausalityResult> RunAsync(
        IReadOnlyList<Candle> candles,
        Action<long, long?>? onCandles = null,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(candles);
        return candles.Count < 2
            ? throw new ArgumentException("There are fewer than two candles.", nameof(candles))
            : Task.Run(() => new CausalityCheck(this, candles, onCandles, stop).Run(), stop);
    }
}
