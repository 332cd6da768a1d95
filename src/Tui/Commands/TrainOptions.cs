using BtcBandit.Engine.Domain;
using BtcBandit.Engine.Feeds;

namespace BtcBandit.Tui.Commands;

/// <summary>The parsed flags of the root command.</summary>
public sealed record TrainOptions
{
    /// <summary>Candles before the first step of a synthetic market, unless said otherwise.</summary>
    public const int OfflineHistory = 1_440;

    /// <summary>Steps of a synthetic market, unless said otherwise.</summary>
    public const int OfflineSteps = 50;

    private static readonly RunParameters Run = new();

    /// <summary>Synthetic candles.</summary>
    public bool Offline { get; init; }

    /// <summary>The synthetic market.</summary>
    public SyntheticWorld World { get; init; } = SyntheticWorld.Drifts;

    /// <summary>Candle files; empty for another source.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>Whether bad rows are counted and passed over.</summary>
    public bool SkipBadRows { get; init; }

    /// <summary>Whether rows are put in order first.</summary>
    public bool Sort { get; init; }

    /// <summary>The pair.</summary>
    public TradingPair Symbol { get; init; } = new("BTC", "USDT");

    /// <summary>Length of a candle.</summary>
    public Timeframe Timeframe { get; init; } = Timeframe.OneMinute;

    /// <summary>Candles before the first step; null is the source's default.</summary>
    public int? History { get; init; }

    /// <summary>Steps; null is the source's default.</summary>
    public int? Steps { get; init; }

    /// <summary>Wall clock; null is no limit.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Pause between steps; null is the view's default.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Whether the dashboard is shown.</summary>
    public bool Dashboard { get; init; }

    /// <summary>Seed of the agent and of the synthetic market.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Where state.json and trades.csv live.</summary>
    public string DataDir { get; init; } = "data";

    /// <summary>Steps between two saves of state.json; null is the pace's default.</summary>
    public int? CheckpointEvery { get; init; }

    /// <summary>Forces a new run.</summary>
    public bool Fresh { get; init; }

    /// <summary>Starts a new run with what the old one learned.</summary>
    public bool KeepLearning { get; init; }

    /// <summary>Whether the summary is one JSON object.</summary>
    public bool Json { get; init; }

    /// <summary>The list of indicators.</summary>
    public string Indicators { get; init; } = BtcBandit.Indicators.Catalogue.Default;

    /// <summary>Fee per side, basis points.</summary>
    public double FeeBps { get; init; } = Run.FeeBps;

    /// <summary>Slippage per side, basis points.</summary>
    public double SlippageBps { get; init; } = Run.SlippageBps;

    /// <summary>Cash at the start, in the quote currency.</summary>
    public double InitialCash { get; init; } = Run.InitialCash;

    /// <summary>The agent and how it learns; seed, history and costs stand above.</summary>
    public RunParameters Agent { get; init; } = Run;
}
