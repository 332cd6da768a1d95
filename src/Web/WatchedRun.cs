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
    private ResumedHistory? history;
    private StepIndex? index;

    /// <summary>Newest steps in full, speed and status.</summary>
    public RunMonitor Monitor => monitor;

    /// <summary>All steps in columns.</summary>
    public RunMemory Memory { get; } = new();

    /// <summary>Version of the program.</summary>
    public string Version => version;

    /// <summary>Identity of the run.</summary>
    public RunHeader Header => Memory.Now?.Run.Header ?? header;

    /// <summary>How the experts of the agent stand; empty without any, and during a warm-up.</summary>
    public ImmutableArray<ExpertStanding> Experts => Volatile.Read(ref session)?.Experts ?? [];

    /// <summary>Follows a session, whose run may go on from earlier ones. Call it before the session runs.</summary>
    /// <param name="next">The session.</param>
    /// <param name="recorded">Recorded candles of a live run; null if the session's feed repeats the candles that it has
    /// seen.</param>
    /// <param name="failed">Takes what ends the reading of the earlier steps while the session runs.</param>
    public void Follow(Session next, Func<long, long, IEnumerable<Candle>>? recorded, Action<Exception> failed)
    {
        Volatile.Write(ref session, next);
        Volatile.Write(ref index, new StepIndex(next.TradesPath));
        if (next.Past is not { } past)
            return;
        history = new ResumedHistory(Memory, past);
        if (recorded is null)
            next.WatchSkipped(history.Take, failed);
        else
            history.Take(recorded(past.Run.Statistics.FirstOpenTime, past.Run.LastCandle.OpenTime));
    }

    /// <summary>Rows of the journal of consecutive steps, as many as have reached the file.</summary>
    public IReadOnlyList<Engine.Journal.TradeRow> Rows(long first, int count) =>
        Volatile.Read(ref index)?.Read(first, count) ?? [];

    /// <summary>Hash of the candles of all steps that are known; null before the first one.</summary>
    public string? HashOf(RunView? view) => view is { Count: > 0 } ? hash.Of(view) : null;

    /// <inheritdoc/>
    public void OnNext(Step value)
    {
        // Before the monitor, whose count of steps wakes the watchers.
        Memory.OnNext(value);
        monitor.OnNext(value);
    }

    /// <inheritdoc/>
    public void OnError(Exception error) => monitor.OnError(error);

    /// <inheritdoc/>
    public void OnCompleted() => monitor.OnCompleted();

    /// <inheritdoc/>
    public void Dispose()
    {
        history?.Dispose();
        monitor.Dispose();
    }
}
