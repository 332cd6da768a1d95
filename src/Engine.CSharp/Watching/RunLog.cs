namespace BtcBandit.Engine.Watching;

/// <summary>An entry of a run's log.</summary>
/// <param name="Number">Number of the entry, from 1.</param>
/// <param name="Note">What happened.</param>
public readonly record struct LogLine(long Number, RunNote Note)
{
    /// <summary>Whether the note is a warning.</summary>
    public bool IsWarning => Note.IsWarning;
}

/// <summary>Log of a run; keeps the latest 5,000 entries, or the latest 1,000 of a run that is too fast to be followed.
/// Thread-safe.</summary>
public sealed class RunLog
{
    // Some for every step that can be looked back at; an array of them is not a large object.
    private const int LinesKept = 5_000;

    // A line that is kept survives a garbage collection: more of them cost a run at full speed a twentieth of its speed.
    private const int LinesKeptOfAFastRun = History.TradesKept;

    private readonly Lock gate = new();
    private readonly Queue<LogLine> lines = new();
    private LogLine[]? copy;
    private int limit = LinesKept;
    private long count;

    /// <summary>Number of entries added so far. When it changes, there is something new to show.</summary>
    public long Seen => Volatile.Read(ref count);

    /// <summary>Adds an entry.</summary>
    public void Add(RunNote note)
    {
        lock (gate)
        {
            if (lines.Count == limit)
                lines.Dequeue();
            lines.Enqueue(new LogLine(count + 1, note));
            copy = null;
            Volatile.Write(ref count, count + 1);
        }
    }

    /// <summary>Keeps fewer entries while the run is too fast to be followed.</summary>
    internal void Follow(bool isFast)
    {
        lock (gate)
        {
            limit = isFast ? LinesKeptOfAFastRun : LinesKept;
            if (lines.Count <= limit)
                return;
            while (lines.Count > limit)
                lines.Dequeue();
            copy = null;
        }
    }

    /// <summary>Copies the entries that are kept, oldest first. Until there is another entry, it is the same array.</summary>
    public LogLine[] ToArray()
    {
        lock (gate)
            return copy ??= [.. lines];
    }
}
