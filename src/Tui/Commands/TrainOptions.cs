using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using BtcBandit.Web;

namespace BtcBandit.Tui.Commands;

/// <summary>The parsed flags of the root command.</summary>
public sealed record TrainOptions
{
    /// <summary>Candles before the first step, live and of a synthetic market, unless <c>--history</c> says otherwise.</summary>
    public const int DefaultHistory = 1_440;

    /// <summary>Steps of a session, live and of a synthetic market, unless a flag says otherwise.</summary>
    public const int DefaultSteps = 50;

    /// <summary>The folder of the run, unless <c>--data-dir</c> says otherwise.</summary>
    public const string DefaultDataDir = "data";

    /// <summary>Where candles come from.</summary>
    public required CandleSource Source { get; init; }

    /// <summary>What the run computes.</summary>
    public required RunParameters Run { get; init; }

    /// <summary>Steps of this session; null is no limit.</summary>
    public int? Steps { get; init; }

    /// <summary>Whether nobody asked for <see cref="Steps"/>: a session on a screen then goes on until its user leaves.</summary>
    public bool HasDefaultSteps { get; init; }

    /// <summary>What a warm-up has to show before the run; null is no warm-up.</summary>
    public WarmUpTerms? WarmUp { get; init; }

    /// <summary>Whether the run follows a warm-up that was passed, and waits for a network that is not there.</summary>
    public bool IsContinuous { get; init; }

    /// <summary>Wall clock time of this session; null is no limit.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Pause between two steps; zero does not wait.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether the dashboard is shown.</summary>
    public bool Dashboard { get; init; }

    /// <summary>Where the run is served to browsers; null is nowhere.</summary>
    internal WebOptions? Web { get; init; }

    /// <summary>Where state.json and trades.csv live.</summary>
    public string DataDir { get; init; } = DefaultDataDir;

    /// <summary>Steps between two saves of state.json; null follows the pace.</summary>
    public int? CheckpointEvery { get; init; }

    /// <summary>Whether a new run begins although one could be continued.</summary>
    public bool Fresh { get; init; }

    /// <summary>Whether a new run starts with what the one before it learned.</summary>
    public bool KeepLearning { get; init; }

    /// <summary>Whether the summary is one JSON object.</summary>
    public bool Json { get; init; }
}
