namespace BtcBandit.Tui.Dashboard.Model;

/// <summary>A line of the log.</summary>
/// <param name="Number">Position, from 1.</param>
/// <param name="Text">What happened.</param>
/// <param name="IsWarning">Whether somebody should read it.</param>
public readonly record struct LogLine(long Number, string Text, bool IsWarning);

/// <summary>The last lines of what happened; for any thread.</summary>
public sealed class RunLog
{
    private const int LinesKept = 500;

    private readonly Lock gate = new();
    private readonly Queue<LogLine> lines = new();
    private long count;

    /// <summary>Lines so far; a new number says that there is something new to show.</summary>
    public long Seen => Volatile.Read(ref count);

    /// <summary>Adds a line.</summary>
    public void Add(string text, bool isWarning = false)
    {
        lock (gate)
        {
            if (lines.Count == LinesKept)
                lines.Dequeue();
            lines.Enqueue(new LogLine(count + 1, text.ReplaceLineEndings(" "), isWarning));
            Volatile.Write(ref count, count + 1);
        }
    }

    /// <summary>The lines kept, oldest first.</summary>
    public LogLine[] ToArray()
    {
        lock (gate)
            return [.. lines];
    }
}
