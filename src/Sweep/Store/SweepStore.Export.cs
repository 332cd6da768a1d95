using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace BtcBandit.Sweep.Store;

/// <summary>The query of exports.</summary>
public sealed partial class SweepStore
{
    // Cross joins look everything up by its key. As a plain join, SQLite may search all runs of all sweeps for each run.
    private const string Members = """
        select w.number place, w.id sweep, m.key, c.market, c.label, m.fold
        from sweep w cross join sweep_run m on m.sweep = w.number cross join candidate c on c.id = m.candidate
        """;

    // Runs that belong to no sweep of the file.
    private const string Strays = """
        select null, null, r.key, null, null, null from run r
        where not exists (select 1 from sweep w cross join sweep_run m on m.sweep = w.number and m.key = r.key)
        """;

    /// <summary>Hands over the rows of an export one after the other: each run once for each sweep and market that it
    /// belongs to, and once if it belongs to none, by sweep, market, length of a candle, fold, costs, setting and seed.</summary>
    /// <param name="columns">The columns, in this order.</param>
    /// <param name="sweep">Identity of the sweep; null for all runs of the file.</param>
    /// <param name="onRow">Gets a reader that stands on the row.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="Spec.SweepException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    internal async Task ReadExportAsync(
        IReadOnlyList<ExportColumn> columns,
        string? sweep,
        Func<DbDataReader, Task> onRow,
        CancellationToken stop
    )
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"""
                select {string.Join(", ", columns.Select(column => column.Sql))}
                from ({(sweep is null ? $"{Members} union all {Strays}" : $"{Members} where w.id = $1")}) m
                join run r on r.key = m.key
                left join setting s on s.id = r.setting
                order by m.place is null, m.place, m.market, r.timeframe, m.fold, r.fee_bps, r.slippage_bps, r.setting, r.seed, r.key
                """;
            if (sweep is not null)
                command.Parameters.AddWithValue("$1", sweep);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                stop.ThrowIfCancellationRequested();
                await onRow(reader).ConfigureAwait(false);
            }
        }
        catch (SqliteException error)
        {
            throw new Spec.SweepException($"{Path}: {Reason(error)}");
        }
    }
}
