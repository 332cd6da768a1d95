using System.Data.Common;
using System.IO.Compression;
using BtcBandit.Engine.Storage;
using BtcBandit.Sweep.Spec;

namespace BtcBandit.Sweep.Store;

/// <summary>Writes the runs of a sweep's file as a table for other programs: CSV, packed CSV or Parquet, by the name of the
/// target.</summary>
/// <remarks>A row is a run in a market of a sweep: a run that belongs to two sweeps is there twice, one that belongs to none once. Rows are
/// handed on as they are read, so that memory does not grow with their number.</remarks>
public static class SweepExport
{
    // Formats write small pieces, and a file of AtomicFile has no buffer.
    private const int BufferLength = 1 << 20;

    /// <summary>Ends of the names of targets.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".csv", ".csv.gz", ".parquet"];

    /// <summary>Names of the columns, in order.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. ExportColumn.All.Select(column => column.Name)];

    /// <summary>Whether the name of a target says what is to be written.</summary>
    public static bool IsKnown(string target) => Extensions.Any(extension => HasExtension(target, extension));

    /// <summary>Writes the table beside the target and moves it there when it is complete.</summary>
    /// <param name="store">The sweep's file.</param>
    /// <param name="target">The file to create or replace; its name ends with one of <see cref="Extensions"/>.</param>
    /// <param name="sweep">Identity of the sweep whose runs are written; null for all runs of the file.</param>
    /// <param name="stop">Ends it; the target is then as it was.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="SweepException">The sweep's file cannot be read.</exception>
    /// <exception cref="IOException">The target cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission to write the target.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<long> WriteAsync(SweepStore store, string target, string? sweep, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (!IsKnown(target))
            throw new ArgumentException($"{target}: no known extension", nameof(target));
        using var file = AtomicFile.Create(target);
        var output = new BufferedStream(file.Stream, BufferLength);
        await using (output.ConfigureAwait(false))
        {
            var rows = HasExtension(target, ".gz")
                ? await PackAsync(store, output, sweep, stop).ConfigureAwait(false)
                : await WriteAsync(store, await BeginAsync(target, output).ConfigureAwait(false), sweep, stop)
                    .ConfigureAwait(false);
            await output.FlushAsync(stop).ConfigureAwait(false);
            file.Commit();
            return rows;
        }
    }

    private static async Task<long> PackAsync(SweepStore store, Stream output, string? sweep, CancellationToken stop)
    {
        var packed = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true);
        await using (packed.ConfigureAwait(false))
            return await WriteAsync(store, new CsvExport(ExportColumn.All, packed), sweep, stop).ConfigureAwait(false);
    }

    private static async Task<long> WriteAsync(
        SweepStore store,
        IExportFormat format,
        string? sweep,
        CancellationToken stop
    )
    {
        var rows = 0L;
        await using (format.ConfigureAwait(false))
        {
            await store.ReadExportAsync(ExportColumn.All, sweep, AddAsync, stop).ConfigureAwait(false);
            await format.EndAsync().ConfigureAwait(false);
        }
        return rows;

        Task AddAsync(DbDataReader row)
        {
            rows++;
            return format.AddAsync(row);
        }
    }

    private static async Task<IExportFormat> BeginAsync(string target, Stream output) =>
        HasExtension(target, ".parquet")
            ? await ParquetExport.BeginAsync(ExportColumn.All, output).ConfigureAwait(false)
            : new CsvExport(ExportColumn.All, output);

    private static bool HasExtension(string target, string extension) =>
        target.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
