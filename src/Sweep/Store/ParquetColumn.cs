using System.Data.Common;
using Parquet;
using Parquet.Schema;

namespace BtcBandit.Sweep.Store;

/// <summary>Values of a column of the row group under way.</summary>
/// <param name="parquetField">The column in the file.</param>
internal abstract class ParquetColumn(DataField parquetField)
{
    /// <summary>The column in the file.</summary>
    public DataField Field => parquetField;

    /// <summary>Makes a column.</summary>
    public static ParquetColumn Of(ExportColumn column) =>
        column.Kind switch
        {
            ExportKind.Integer => new Values<long>(
                new DataField<long?>(column.Name),
                (row, place) => row.GetInt64(place)
            ),
            ExportKind.Real => new Values<double>(
                new DataField<double?>(column.Name),
                (row, place) => row.GetDouble(place)
            ),
            ExportKind.Time => new Values<DateTime>(
                new DateTimeDataField(
                    column.Name,
                    DateTimeFormat.Timestamp,
                    isAdjustedToUTC: true,
                    DateTimeTimeUnit.Millis,
                    isNullable: true
                ),
                (row, place) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(place)).UtcDateTime
            ),
            _ => new Texts(new DataField<string>(column.Name)),
        };

    /// <summary>Takes the value of a row.</summary>
    public abstract void Add(DbDataReader row, int place);

    /// <summary>Writes the values and forgets them.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group);

    private sealed class Values<T>(DataField field, Func<DbDataReader, int, T> read) : ParquetColumn(field)
        where T : struct
    {
        private readonly List<T?> values = [];

        public override void Add(DbDataReader row, int place) =>
            values.Add(row.IsDBNull(place) ? null : read(row, place));

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync<T>(Field, values.ToArray().AsMemory()).ConfigureAwait(false);
            values.Clear();
        }
    }

    private sealed class Texts(DataField field) : ParquetColumn(field)
    {
        private readonly List<string?> values = [];

        // Rows are in order, so neighbours often have the same text: it is kept once.
        public override void Add(DbDataReader row, int place)
        {
            var text = row.IsDBNull(place) ? null : row.GetString(place);
            var before = values.Count > 0 ? values[^1] : null;
            values.Add(string.Equals(text, before, StringComparison.Ordinal) ? before : text);
        }

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync(Field, (IReadOnlyCollection<string?>)values).ConfigureAwait(false);
            values.Clear();
        }
    }
}
