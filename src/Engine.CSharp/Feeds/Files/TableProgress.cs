namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Tells how much of a table has been read, row by row.</summary>
internal sealed class TableProgress
{
    private readonly CheckedStream? file;
    private readonly JsonRowsStream? json;

    // Null where nobody knows it; 0 until a table that is read as a whole has been read.
    private long? all;
    private long passed;

    /// <summary>Follows a table by its bytes.</summary>
    /// <param name="table">The table as <see cref="ArchiveEntry.Open"/> gives it.</param>
    public TableProgress(Stream table)
    {
        json = table as JsonRowsStream;
        file = (json?.Json ?? table) as CheckedStream;
        all = file?.Size;
    }

    /// <summary>Follows a table of which nothing is passed on before it has been read: see <see cref="Expect"/>.</summary>
    public TableProgress() => all = 0;

    /// <summary>Fraction that has been passed on, 0 to 1, never less than before; null if the size is not known.</summary>
    public double? Done =>
        all is not { } size ? null
        : size == 0 ? 0.0
        // A size that is too small, as that of gzip files that were joined, is passed before the file has been read.
        : Math.Min(passed / (double)size, file?.Done ?? 1.0);

    /// <summary>Follows rows from here on.</summary>
    /// <param name="rows">Number of rows that will be passed on.</param>
    public void Expect(long rows) => all = rows;

    /// <summary>Notes how many bytes or rows have been passed on.</summary>
    public void Pass(long count) => passed = json is null ? count : Math.Max(passed, (long)(count * json.BytesPerByte));

    /// <summary>Notes that everything has been passed on, also what stands behind the last row.</summary>
    public void End() => passed = Math.Max(all ?? 0, passed);
}
