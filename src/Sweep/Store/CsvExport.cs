using System.Data.Common;
using System.Globalization;
using CsvHelper;

namespace BtcBandit.Sweep.Store;

/// <summary>Rows of an export as CSV: UTF-8, a header, RFC 4180, lines end with a line feed. What is absent is empty, times are
/// ISO 8601, and numbers are the shortest text that reads back to the last bit.</summary>
internal sealed class CsvExport : IExportFormat
{
    private static readonly CsvWriterOptions options = CsvWriterOptions.Default with { NewLine = "\n" };

    private readonly IReadOnlyList<ExportColumn> columns;
    private readonly CsvWriter writer;

    /// <summary>Begins with the header.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="output">Gets the text; it stays open.</param>
    public CsvExport(IReadOnlyList<ExportColumn> columns, Stream output)
    {
        this.columns = columns;
        writer = CsvWriter.Create(output, options, leaveOpen: true);
        writer.WriteHeader([.. columns.Select(column => column.Name)]);
    }

    /// <inheritdoc/>
    public Task AddAsync(DbDataReader row)
    {
        for (var place = 0; place < columns.Count; place++)
        {
            if (row.IsDBNull(place))
                writer.WriteField(ReadOnlySpan<byte>.Empty);
            else
                Put(row, place);
        }
        writer.EndRecord();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task EndAsync()
    {
        writer.Flush();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        writer.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Put(DbDataReader row, int place)
    {
        switch (columns[place].Kind)
        {
            case ExportKind.Integer:
                writer.WriteField(row.GetInt64(place), default);
                break;
            case ExportKind.Real:
                writer.WriteField(row.GetDouble(place), default);
                break;
            case ExportKind.Time:
                var time = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(place));
                writer.WriteField(time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture));
                break;
            default:
                writer.WriteField(row.GetString(place));
                break;
        }
    }
}
