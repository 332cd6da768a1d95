using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Watching;

/// <summary>Remembers the steps of a run for charts: all of them, or of a long run at least the newer half of the limit. A step whose
/// number does not follow the one before begins another run.</summary>
/// <remarks>Steps are added on the run's thread, which never waits for a reader. Any thread may read at any time.</remarks>
/// <param name="limit">Number of steps at which the older half is forgotten; at least 2,048.</param>
internal sealed class RunMemory(int limit = RunMemory.DefaultLimit) : IObserver<Step>
{
    /// <summary>Twelve years of minutes, which take 0.8 GB with the default indicators, and 56 bytes for each execution. A run
    /// on synthetic candles has no end.</summary>
    public const int DefaultLimit = 6 * 1_024 * 1_024;

    private readonly Dictionary<string, int> names = new(StringComparer.Ordinal);
    private RunColumns? run;

    /// <summary>The newest run at this moment; null before its first step.</summary>
    public RunView? Now => Volatile.Read(ref run)?.Now;

    /// <inheritdoc/>
    public void OnNext(Step value)
    {
        var current = run;
        if (current is null || value.Number != current.Next)
        {
            current = new RunColumns(Name(value.Header, value.Statistics.FirstOpenTime), value.Header, value.Number);
            current.Add(value);
            Volatile.Write(ref run, current);
            return;
        }
        var next = Bounded(current);
        next.Add(value);
        // Readers see the shorter columns with the step.
        if (next != current)
            Volatile.Write(ref run, next);
    }

    /// <summary>Returns columns that have room for another step: without their older half if they are at the limit.</summary>
    internal RunColumns Bounded(RunColumns columns) => columns.Rows.Count >= limit ? columns.Newest() : columns;

    /// <summary>Begins with the steps of a run's earlier sessions, which it goes on from. Call it on the run's thread, or before it
    /// begins.</summary>
    internal void Begin(RunColumns past)
    {
        names[past.Id] = 1;
        Volatile.Write(ref run, past);
    }

    /// <summary>Names a run. A run of the same name that is begun again, as by the passes of a warm-up, gets a number as
    /// well.</summary>
    private string Name(RunHeader header, long firstOpenTime)
    {
        var name = RunName.Of(header, firstOpenTime);
        names[name] = names.GetValueOrDefault(name) + 1;
        return names[name] == 1 ? name : FormattableString.Invariant($"{name}-{names[name]}");
    }

    /// <inheritdoc/>
    public void OnCompleted() { }

    /// <inheritdoc/>
    public void OnError(Exception error) { }
}
