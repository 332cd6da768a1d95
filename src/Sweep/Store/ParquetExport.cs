using System.Data.Common;
using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace BtcBandit.Sweep.Store;

/// <summary>Rows of an export as Parquet: row groups of 50,000, Snappy, every column optional, times as milliseconds UTC.</summary>
/// <remarks>Written column by column, because the serialiser of the library needs reflection. Zstandard makes the file a little
/// smaller, but at the library's usual level takes many times as long.</remarks>
internal sealed class ParquetExport : IExportFormat
{
    private const int MostRows = 50_000;

    private readonly ParquetColumn[] columns;
    private readonly ParquetWriter writer;
    private int rows;

    private ParquetExport(ParquetColumn[] columns, ParquetWriter writer) =>
        (this.columns, this.writer) = (columns, writer);

    /// <summary>Begins a file.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="output">Gets the file; it can seek, and stays open.</param>
    public static async Task<ParquetExport> BeginAsync(IReadOnlyList<ExportColumn> columns, Stream output)
    {
        var all = columns.Select(ParquetColumn.Of).ToArray();
        var options = new ParquetOptions
        {
            CompressionMethod = CompressionMethod.Snappy,
            CompressionLevel = CompressionLevel.Fastest,
        };
        var schema = new ParquetSchema(all.Select(column => (Field)column.Field).ToArray());
        return new ParquetExport(all, await ParquetWriter.CreateAsync(schema, output, options).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task AddAsync(DbDataReader row)
    {
        for (var place = 0; place < columns.Length; place++)
            columns[place].Add(row, place);
        if (++rows == MostRows)
            await WriteGroupAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task EndAsync()
    {
        if (rows > 0)
            await WriteGroupAsync().ConfigureAwait(false);
        await writer.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private async Task WriteGroupAsync()
    {
        using var group = writer.CreateRowGroup();
        foreach (var column in columns)
            await column.WriteAsync(group).ConfigureAwait(false);
        group.CompleteValidate();
        rows = 0;
    }
}
