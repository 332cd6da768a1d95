namespace BtcBandit.Tui.Dashboard.Model;

/// <summary>A line of the log.</summary>
/// <param name="Number">Position, from 1.</param>
/// <param name="Text">What happened.</param>
/// <param name="IsWarning">Whether somebody should read it.</param>
public readonly record struct LogLine(long Number, string Text, bool IsWarning);

/// <summary>The last lines of what happened; for any thread.</summary>
public sealed class RunLog
{
    private const int LinesKept = 200;

    private readonly Lock gate = new();
    private readonly Queue<(long Number, Func<string> Text, bool IsWarning)> lines = new();
    private long count;

    /// <summary>Lines so far; a new number says that there is something new to show.</summary>
    public long Seen => Volatile.Read(ref count);

    /// <summary>Adds a line.</summary>
    public void Add(string text, bool isWarning = false) => Add(() => text, isWarning);

    /// <summary>Adds a line that is put into words when somebody looks: a fast run has more of them than can be read.</summary>
    public void Add(Func<string> text, bool isWarning = false)
    {
        lock (gate)
        {
            if (lines.Count == LinesKept)
                lines.Dequeue();
            lines.Enqueue((count + 1, text, isWarning));
            Volatile.Write(ref count, count + 1);
        }
    }

    /// <summary>The last lines, oldest first.</summary>
    public LogLine[] ToArray()
    {
        (long, Func<string>, bool)[] kept;
        lock (gate)
            kept = [.. lines];
        return [.. kept.Select(line => new LogLine(line.Item1, line.Item2().ReplaceLineEndings(" "), line.Item3))];
    }
}
