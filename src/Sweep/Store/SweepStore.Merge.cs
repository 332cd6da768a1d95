using System.Globalization;
using BtcBandit.Sweep.Runs;
using BtcBandit.Sweep.Spec;
using Microsoft.Data.Sqlite;

namespace BtcBandit.Sweep.Store;

/// <summary>Adds the results of other files to one. A result that is there already stays.</summary>
public sealed partial class SweepStore
{
    private const int RowsPerCommit = 1_000;

    // What is not a result: settings, sweeps and their runs, and who computed them.
    private static readonly string[] records =
    [
        "insert or ignore into setting select * from other.setting",
        "insert or ignore into sweep (id, spec, created, runs, rungs) select id, spec, created, runs, rungs from other.sweep",
        "insert or ignore into candidate (market, symbol, timeframe, fee_bps, slippage_bps, setting, label) select market, symbol, timeframe, fee_bps, slippage_bps, setting, label from other.candidate",
        """
            insert or ignore into sweep_run
            select s.number, m.key, c.id, m.fold
            from other.sweep_run m
            join other.sweep os on os.number = m.sweep join sweep s on s.id = os.id
            join other.candidate oc on oc.id = m.candidate
            join candidate c on (c.market, c.symbol, c.timeframe, c.fee_bps, c.slippage_bps, c.setting, c.label)
              = (oc.market, oc.symbol, oc.timeframe, oc.fee_bps, oc.slippage_bps, oc.setting, oc.label)
            """,
        "insert into attempt select * from other.attempt where not exists (select 1 from attempt a where a.unit = other.attempt.unit and a.worker = other.attempt.worker and a.finished = other.attempt.finished)",
    ];

    /// <summary>Adds everything of another file.</summary>
    /// <param name="path">Path of the other file, which is not changed.</param>
    /// <param name="stop">Ends it between two commits; the same command goes on.</param>
    /// <exception cref="SweepException">The other file is not one of a sweep, or one of the two cannot be used.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public AddOutcome Merge(string path, CancellationToken stop = default)
    {
        var (stored, again, differing) = (0, 0, new List<string>());
        using (var other = OpenToRead(path))
        {
            foreach (var rows in other.Rows().Chunk(RowsPerCommit))
            {
                stop.ThrowIfCancellationRequested();
                foreach (var row in rows)
                {
                    if (RowCheck.FaultOf(row) is { } fault)
                        throw new SweepException($"{path}: run {row.Key} has {fault}: the file is damaged");
                }
                var outcome = Add(rows);
                (stored, again) = (stored + outcome.Stored, again + outcome.Again);
                differing.AddRange(outcome.Differing);
            }
        }
        try
        {
            Execute("attach database $1 as other", System.IO.Path.GetFullPath(path));
            try
            {
                using var transaction = connection.BeginTransaction();
                foreach (var text in records)
                    Execute(text);
                transaction.Commit();
            }
            finally
            {
                Execute("detach database other");
            }
        }
        catch (SqliteException error)
        {
            // It may be either of the two.
            throw new SweepException($"{path}: it cannot be added to {Path}: {Reason(error)}");
        }
        return new AddOutcome(stored, again, differing);
    }

    /// <summary>Returns all rows, in the order of their keys.</summary>
    /// <exception cref="SweepException">The file cannot be read.</exception>
    public IEnumerable<RunRow> Rows()
    {
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"{selectText} order by run.key");
        using var reader = Guarded(command.ExecuteReader);
        while (Guarded(reader.Read))
            yield return Guarded(() => RowValues.Read(reader));
    }
}
