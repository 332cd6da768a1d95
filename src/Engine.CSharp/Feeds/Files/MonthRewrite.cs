using BtcBandit.Engine.Storage;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>A monthly file made anew, with more rows in front of those that it has and between them.</summary>
/// <remarks>The file stands as it was until <see cref="Commit"/>.</remarks>
internal sealed class MonthRewrite : IDisposable
{
    private readonly RowBuffer rows = new();
    private readonly byte[] buffer = new byte[1 << 16];
    private readonly FileStream before;
    private readonly AtomicFile file;
    private bool isChanged;

    /// <summary>Begins with what stands in front of the first row.</summary>
    /// <param name="content">What the file holds.</param>
    /// <exception cref="IOException">It cannot be read, or the new one not be written.</exception>
    public MonthRewrite(MonthContent content)
    {
        before = new FileStream(content.Location, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            file = AtomicFile.Create(content.Location);
        }
        catch
        {
            before.Dispose();
            throw;
        }
        CopyTo(content.Start);
    }

    /// <summary>Copies rows that the file has; called with each run, in order.</summary>
    public void Copy(MonthRun run) => CopyTo(run.End);

    /// <summary>Adds rows that it lacks at this place.</summary>
    public void Add(IReadOnlyList<MonthlyRow> more)
    {
        foreach (var row in more)
            rows.Add(row);
        rows.WriteTo(file.Stream);
        isChanged |= more.Count > 0;
    }

    /// <summary>Moves the new file into place, if it has more rows than the one before.</summary>
    /// <exception cref="IOException">It cannot be written; the old file is unchanged.</exception>
    public void Commit()
    {
        if (!isChanged)
            return;
        // Windows does not replace a file that is open.
        before.Dispose();
        file.Commit();
    }

    /// <summary>Deletes the new file unless it is in place.</summary>
    public void Dispose()
    {
        file.Dispose();
        before.Dispose();
    }

    private void CopyTo(long end)
    {
        for (var left = end - before.Position; left > 0; left = end - before.Position)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            before.ReadExactly(part);
            file.Stream.Write(part);
        }
    }
}
