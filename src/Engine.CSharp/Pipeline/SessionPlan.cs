using BtcBandit.Engine.Domain;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Pipeline;

/// <summary>What one session of a run is to do.</summary>
public sealed record SessionPlan
{
    /// <summary>Steps between two checkpoints of a run that is not paced.</summary>
    private const int Seldom = 250_000;

    /// <summary>What the run is called and computes.</summary>
    public required RunHeader Header { get; init; }

    /// <summary>Indicators and features; the header has its names.</summary>
    public required Context Context { get; init; }

    /// <summary>Closed candles, guarded, from the source's beginning; a feed that schedules its own loop.</summary>
    public required IObservable<Candle> Candles { get; init; }

    /// <summary>Where state.json and trades.csv live.</summary>
    public required string DataDir { get; init; }

    /// <summary>Steps of this session; null is no limit.</summary>
    public int? Steps { get; init; }

    /// <summary>Pause between two steps.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>A pace that may change while the session runs; null keeps to <see cref="Delay"/>.</summary>
    public PaceControl? Pace { get; init; }

    /// <summary>Whether a run that could be continued is set aside.</summary>
    public bool Fresh { get; init; }

    /// <summary>Whether a new run starts with what the one before it learned.</summary>
    public bool KeepLearning { get; init; }

    /// <summary>Candles of a new run before its first step: history, or warm-up where that takes longer.</summary>
    public int FirstStep => Math.Max(Header.Parameters.History, Context.WarmUp);

    /// <summary>Steps between two checkpoints, at least 1; null is about a second of a paced run, else seldom.</summary>
    public int? StepsToCheckpoint { get; init; }

    /// <summary>Steps between two checkpoints.</summary>
    public int CheckpointEvery => CheckpointFor(Delay);

    /// <summary>Steps between two checkpoints at some pause between steps.</summary>
    internal int CheckpointFor(TimeSpan delay) =>
        StepsToCheckpoint
        ?? (delay > TimeSpan.Zero ? (int)Math.Clamp(TimeSpan.FromSeconds(1) / delay, 1, Seldom) : Seldom);
}

/// <summary>How a session ended.</summary>
/// <param name="Run">The state at the end; null when the run never made a step.</param>
/// <param name="Error">What ended it; null when the candles, the steps or the time ran out or it was stopped.</param>
/// <param name="CandlesRead">Candles of this session, skipped ones included.</param>
/// <param name="CandlesSkipped">Candles that the run already knew.</param>
/// <param name="StepsMade">Steps of this session.</param>
/// <param name="Elapsed">From the first candle read to the journal flushed.</param>
public sealed record SessionResult(
    RunState? Run,
    Exception? Error,
    long CandlesRead,
    long CandlesSkipped,
    long StepsMade,
    TimeSpan Elapsed
)
{
    /// <summary>Speed; absent when nothing was read.</summary>
    public double? CandlesPerSecond =>
        CandlesRead > 0 && Elapsed > TimeSpan.Zero ? CandlesRead / Elapsed.TotalSeconds : null;
}

/// <summary>The plan cannot be carried out as asked; the message is one line that says what to change.</summary>
public sealed class UsageException(string message) : Exception(message);
