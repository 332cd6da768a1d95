using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Backtesting;

/// <summary>A measurement of what an agent and the verdict can see: runs in synthetic markets with edges of known size, and how many
/// of them the verdict finds.</summary>
/// <remarks>
/// <para>An edge is a multiple of what a round trip costs: so much is an oracle expected to earn per trade before costs, which knows
/// the expected return of every candle and is in the market while that is above 0. A multiple of 0 is a market without an edge, in
/// which whatever is found is a false alarm.</para>
/// <para>The verdict is taken at growing lengths of one run, each as if it were the only one. Results do not depend on the number of
/// threads.</para>
/// </remarks>
/// <param name="Run">What the runs compute. World number k, from 0, and its agent have the seed plus k. The costs must be above 0.</param>
public sealed record PowerPlan(RunParameters Run)
{
    /// <summary>Default of <see cref="Worlds"/>.</summary>
    public const int DefaultWorlds = 50;

    /// <summary>Default of <see cref="Steps"/>.</summary>
    public const int DefaultSteps = 50_000;

    /// <summary>Smallest number of steps: at a sixteenth of it there are enough for a verdict.</summary>
    public const int FewestSteps = 2_048;

    /// <summary>Share of the worlds in which an edge has to be found at a length to count as found after it.</summary>
    public const double FoundShare = 0.8;

    /// <summary>Custom features, agents or rules; null uses the built-in ones. Its costs are not used.</summary>
    public RunParts? Parts { get; init; }

    /// <summary>The kind of edge: <see cref="SyntheticWorld.Drifts"/>, the default, whose regimes last 45 candles on average, or
    /// <see cref="SyntheticWorld.Flips"/>, in which every return follows the last one.</summary>
    public SyntheticWorld World { get; init; } = SyntheticWorld.Drifts;

    /// <summary>Pair of the markets; BTC/USDT by default.</summary>
    public TradingPair Pair { get; init; } = new("BTC", "USDT");

    /// <summary>Length of a candle; one minute by default.</summary>
    public Timeframe Timeframe { get; init; } = Timeframe.OneMinute;

    /// <summary>The edges, as multiples of what a round trip costs, at least one of at least 0; 0, 1/2, 1, 2, 4 and 8 by
    /// default.</summary>
    /// <exception cref="ArgumentException">There is none, or one below 0.</exception>
    public IReadOnlyList<double> Edges
    {
        get;
        init =>
            field =
                value.Count > 0 && value.All(static edge => edge >= 0)
                    ? value
                    : throw new ArgumentException("An edge of at least 0 is needed.", nameof(value));
    } = [0, 0.5, 1, 2, 4, 8];

    /// <summary>Number of worlds of each edge, at least 1; 50 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public int Worlds
    {
        get;
        init => field = AtLeast(1, value);
    } = DefaultWorlds;

    /// <summary>Steps of each run after history and warm-up, at least <see cref="FewestSteps"/>; 50,000 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below that.</exception>
    public int Steps
    {
        get;
        init => field = AtLeast(FewestSteps, value);
    } = DefaultSteps;

    /// <summary>Maximum number of threads, at least 1; null uses one for each processor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public int? MaxThreads
    {
        get;
        init => field = value is { } threads ? AtLeast(1, threads) : null;
    }

    /// <summary>What a round trip costs: fees and slippage of buying and of selling, in basis points.</summary>
    public double RoundTripBps
    {
        get
        {
            var (buy, sell) = (Run.Costs.Buy, Run.Costs.Sell);
            return buy.TakerFeeBps + buy.SlippageBps + sell.TakerFeeBps + sell.SlippageBps;
        }
    }

    /// <summary>The largest of the edges, if the markets cannot have it: on so short a timeframe returns are not large enough; null
    /// if they can have all.</summary>
    public double? EdgeOutOfReach() =>
        Edges.Max() is var largest && PlantedEdge.Of(World, Timeframe, largest * RoundTripBps) is null ? largest : null;

    /// <summary>Measures.</summary>
    /// <param name="onCandles">Called with the number of candles that all runs have taken so far and the number that they take in all,
    /// by one thread at a time.</param>
    /// <param name="stop">Ends the measurement early: the runs that are done by then are the result.</param>
    /// <exception cref="ArgumentOutOfRangeException">The world has no edge of any size.</exception>
    /// <exception cref="InvalidOperationException">Trading is free, or an edge is out of reach.</exception>
    /// <exception cref="AggregateException">An agent or an indicator threw an exception.</exception>
    /// <exception cref="ArgumentException">The description of a run is not valid.</exception>
    public Task<PowerResult> RunAsync(Action<long, long>? onCandles = null, CancellationToken stop = default)
    {
        if (RoundTripBps <= 0)
            throw new InvalidOperationException("Trading is free: no edge is a multiple of that.");
        if (EdgeOutOfReach() is { } edge)
            throw new InvalidOperationException($"An edge of {edge} round trips is out of reach on this timeframe.");
        return Task.Run(() => new PowerRuns(this, onCandles, stop).Run(), CancellationToken.None);
    }

    private static int AtLeast(int least, int value) =>
        value >= least
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"The number is below {least}.");
}
