using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Sessions;

/// <summary>Description of one session of a run: what to run, on which candles, and in which folder.</summary>
public sealed record SessionPlan
{
    /// <summary>Steps between two checkpoints of a run without a delay.</summary>
    private const int RarestCheckpoint = 250_000;

    /// <summary>Validated description of the run.</summary>
    public required RunPlan Run { get; init; }

    /// <summary>Closed candles in order of time, without duplicates; those that the run has seen are skipped. The first ones
    /// are the run's history. A feed that emits inside its subscription blocks <see cref="Session.RunAsync"/>.</summary>
    public required IObservable<Candle> Candles { get; init; }

    /// <summary>Folder of state.json and trades.csv; created if needed.</summary>
    public required string DataDir { get; init; }

    /// <summary>Maximum number of steps in this session; null means no limit.</summary>
    public int? Steps { get; init; }

    /// <summary>Delay between two steps; zero, the default, means no delay.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>A pace that may change while the session runs; null uses <see cref="Delay"/>.</summary>
    public PaceControl? Pace { get; init; }

    /// <summary>Whether to archive the run in the folder and start a new one even if it could be continued.</summary>
    public bool Fresh { get; init; }

    /// <summary>Whether a new run starts with what the previous run's agent learned.</summary>
    public bool KeepLearning { get; init; }

    /// <summary>State of an agent with which a new run starts, as a warm-up returns it; the run in the folder is archived. Null, the
    /// default, starts from the prior, or as <see cref="KeepLearning"/> says.</summary>
    public AgentState? Learned { get; init; }

    /// <summary>Number of trials out of which that agent was chosen, such as the passes of a warm-up; 0 by default.</summary>
    public int TrialsBefore { get; init; }

    /// <summary>Steps between two checkpoints, at least 1. With null, a run with a delay is saved about once a second, and
    /// one without a delay every 250,000 steps.</summary>
    public int? StepsToCheckpoint { get; init; }

    /// <summary>Steps between two checkpoints that result from the plan.</summary>
    internal int CheckpointEvery => CheckpointFor(Delay);

    /// <summary>Steps between two checkpoints for a given delay between steps.</summary>
    internal int CheckpointFor(TimeSpan delay) =>
        StepsToCheckpoint
        ?? (
            delay > TimeSpan.Zero
                ? (int)Math.Clamp(TimeSpan.FromSeconds(1) / delay, 1, RarestCheckpoint)
                : RarestCheckpoint
        );
}

/// <summary>Result of a session.</summary>
/// <param name="Run">State last saved; null if the run has never been saved.</param>
/// <param name="Error">Exception that ended the session; null if it completed, was stopped or was disposed. If saving failed
/// after another error, an <see cref="AggregateException"/> of both, the first one first.</param>
/// <param name="CandlesRead">Number of candles read in this session, including skipped ones.</param>
/// <param name="CandlesSkipped">Number of candles skipped because they are no newer than the run's newest candle.</param>
/// <param name="StepsMade">Number of steps made in this session.</param>
/// <param name="Elapsed">Time from the first candle to the last save.</param>
public sealed record SessionResult(
    RunState? Run,
    Exception? Error,
    long CandlesRead,
    long CandlesSkipped,
    long StepsMade,
    TimeSpan Elapsed
)
{
    /// <summary>Skipped candles that the run is not known to have processed, because they are older than its first candle or
    /// because steps are missing in it; null if there are none.</summary>
    public CandleSpan? OlderCandles { get; init; }

    /// <summary>Open time of the newest candle that the agent of a new run had learned from before, ms UTC; candles up to it made no
    /// step. Null if there is none, and for a run that was continued.</summary>
    public long? LearnedThrough { get; init; }

    /// <summary>Candles per second; null if none was read.</summary>
    public double? CandlesPerSecond =>
        CandlesRead > 0 && Elapsed > TimeSpan.Zero ? CandlesRead / Elapsed.TotalSeconds : null;
}
