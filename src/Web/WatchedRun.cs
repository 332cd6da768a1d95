using System.Collections.Immutable;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;
using BtcBandit.Engine.Watching;
using BtcBandit.Indicators;

namespace BtcBandit.Web;

/// <summary>The run that the dashboard shows: everything that a front end remembers of it.</summary>
/// <param name="monitor">Newest steps, speed and status of the run.</param>
/// <param name="header">Identity of the run, as far as it is known before its first candle.</param>
/// <param name="version">Version of the program.</param>
/// <remarks>Steps are taken on the run's thread; everything else may be called on any thread.</remarks>
internal sealed class WatchedRun(RunMonitor monitor, RunHeader header, string version) : IObserver<Step>, IDisposable
{
    private readonly DataHash hash = new();
    private Session? session;
    private bool isReady = true;
    private volatile bool isAsked = true;
    private ExpertsAt? experts;
    private ResumedHistory? history;
    private StepIndex? index;

    /// <summary>Whether it is known which run is watched: watchers are told nothing before. A new run is known before its first step,
    /// one that goes on when its earlier steps are there.</summary>
    public bool IsReady
    {
        get => Volatile.Read(ref isReady);
        set => Volatile.Write(ref isReady, value);
    }

    /// <summary>Newest steps in full, speed and status.</summary>
    public RunMonitor Monitor => monitor;

    /// <summary>All steps in columns.</summary>
    public RunMemory Memory { get; } = new();

    /// <summary>Version of the program.</summary>
    public string Version => version;

    /// <summary>Identity of the run.</summary>
    public RunHeader Header => Memory.Now?.Run.Header ?? header;

    /// <summary>How the experts of the agent stood at one of the newest steps; empty without any, during a warm-up, and before the
    /// session's first step.</summary>
    public ImmutableArray<ExpertStanding> Experts
    {
        get
        {
            // The run tells it at its next step, so that nobody waits for the other.
            isAsked = true;
            return Volatile.Read(ref experts)?.Standings ?? [];
        }
    }

    /// <summary>Follows a session, whose run may go on from earlier ones. Call it before the session runs.</summary>
    /// <param name="next">The session.</param>
    /// <param name="recorded">Recorded candles of a live run; null if the session's feed repeats the candles that it has
    /// seen.</param>
    /// <param name="failed">Takes what ends the reading of the earlier steps while the session runs.</param>
    public void Follow(Session next, Func<long, long, IEnumerable<Candle>>? recorded, Action<Exception> failed)
    {
        Volatile.Write(ref session, next);
        monitor.Growth = () => next.Growth;
        Volatile.Write(ref index, new StepIndex(next.TradesPath));
        if (next.Past is not { } past)
        {
            IsReady = true;
            return;
        }

        history = new ResumedHistory(Memory, past);
        if (recorded is null)
        {
            next.WatchSkipped(history.Take, failed);
            return;
        }

        history.Take(recorded(past.Run.Statistics.FirstOpenTime, past.Run.LastCandle.OpenTime));
        IsReady = true;
    }

    /// <summary>Rows of the journal of consecutive steps, as many as have reached the file.</summary>
    public IReadOnlyList<Engine.Journal.TradeRow> Rows(long first, int count) =>
        Volatile.Read(ref index)?.Read(first, count) ?? [];

    /// <summary>Hash of the candles of all steps that are known; null before the first one.</summary>
    public string? HashOf(RunView? view) => view is { Count: > 0 } ? hash.Of(view) : null;

    /// <inheritdoc/>
    public void OnNext(Step value)
    {
        if (!isReady)
            IsReady = true;
        if (isAsked)
        {
            isAsked = false;
            Tell();
        }

        // Before the monitor, whose count of steps wakes the watchers.
        Memory.OnNext(value);
        monitor.OnNext(value);
    }

    /// <inheritdoc/>
    public void OnError(Exception error)
    {
        Tell();
        monitor.OnError(error);
    }

    /// <inheritdoc/>
    public void OnCompleted()
    {
        Tell();
        monitor.OnCompleted();
    }

    private void Tell() =>
        Volatile.Write(
            ref experts,
            Volatile.Read(ref session)?.Experts is { IsDefaultOrEmpty: false } now ? new ExpertsAt(now) : null
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        history?.Dispose();
        monitor.Dispose();
    }

    // An array cannot be published at once.
    private sealed record ExpertsAt(ImmutableArray<ExpertStanding> Standings);
}
