using System.Globalization;
using System.IO.Hashing;
using BtcBandit.Sweep.Runs;
using BtcBandit.Sweep.Spec;
using Microsoft.Data.Sqlite;

namespace BtcBandit.Sweep.Store;

/// <summary>What became of rows that were added.</summary>
/// <param name="Stored">Number of rows that are new.</param>
/// <param name="Again">Number of rows that were there, with the same result.</param>
/// <param name="Differing">Keys of rows that were there with another result, which was kept.</param>
public sealed record AddOutcome(int Stored, int Again, IReadOnlyList<string> Differing);

/// <summary>The file of a sweep: one SQLite database, with every commit on the disk. One process writes, any number read. Not
/// thread-safe.</summary>
/// <remarks>A file has a write-ahead log, so that readers never wait, unless it was made for a shared disk.</remarks>
public sealed partial class SweepStore : IDisposable
{
    private readonly SqliteConnection connection;

    private SweepStore(string path, SqliteConnection connection) => (Path, this.connection) = (path, connection);

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>Records a sweep and its runs; those that are recorded already stay.</summary>
    /// <param name="id">Identity of the sweep.</param>
    /// <param name="spec">Text of its spec.</param>
    /// <param name="created">When it was begun.</param>
    /// <param name="members">The runs.</param>
    /// <param name="size">How large the sweep is; null if these runs are all.</param>
    /// <exception cref="SweepException">The file cannot be written: nothing was recorded.</exception>
    public void AddSweep(
        string id,
        string spec,
        DateTimeOffset created,
        IEnumerable<SweepMember> members,
        SweepSize? size = null
    )
    {
        ArgumentNullException.ThrowIfNull(members);
        try
        {
            using var transaction = connection.BeginTransaction();
            Execute(
                "insert or ignore into sweep (id, spec, created, runs, rungs) values ($1, $2, $3, $4, $5)",
                id,
                spec,
                created.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                size?.Runs,
                size?.Rungs ?? 1
            );
            var number = Number("select number from sweep where id = $1", id);
            using var setting = Prepared("insert or ignore into setting values ($1, $2)", 2);
            using var candidate = Prepared(
                "insert or ignore into candidate (market, symbol, timeframe, fee_bps, slippage_bps, setting, label) values ($1, $2, $3, $4, $5, $6, $7)",
                7
            );
            using var command = Prepared("insert or ignore into sweep_run values ($1, $2, $3, $4)", 4);
            var candidates = new Dictionary<SweepCandidate, long>();
            foreach (var member in members)
            {
                var one = member.Candidate;
                if (!candidates.TryGetValue(one, out var place))
                {
                    Run(setting, one.Setting, member.Parameters());
                    object[] values =
                    [
                        one.Market,
                        one.Symbol,
                        one.Timeframe,
                        one.FeeBps,
                        one.SlippageBps,
                        one.Setting,
                        one.Label,
                    ];
                    Run(candidate, values);
                    place = Number(
                        "select id from candidate where market = $1 and symbol = $2 and timeframe = $3 and fee_bps = $4 and slippage_bps = $5 and setting = $6 and label = $7",
                        values
                    );
                    candidates.Add(one, place);
                }
                Run(command, number, member.Key, place, member.Fold);
            }
            transaction.Commit();
        }
        catch (SqliteException error)
        {
            throw new SweepException($"{Path}: {Reason(error)}");
        }
    }

    /// <summary>Returns the keys of the runs that have a result.</summary>
    /// <exception cref="SweepException">The file cannot be read.</exception>
    public IReadOnlySet<string> Finished() => Guarded(ReadFinished);

    private HashSet<string> ReadFinished()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select key from run";
        using var reader = command.ExecuteReader();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read())
            keys.Add(reader.GetString(0));
        return keys;
    }

    /// <summary>Adds the rows of a unit in one transaction. The first result of a run stays.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="attempt">Who computed them; null if they come from another file.</param>
    /// <exception cref="SweepException">The file cannot be written: nothing was added.</exception>
    public AddOutcome Add(IReadOnlyList<RunRow> rows, Attempt? attempt = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        try
        {
            using var transaction = connection.BeginTransaction();
            var (stored, again, differing) = (0, 0, new List<string>());
            using var insert = Prepared(insertText, SweepSchema.RunColumns.Length);
            using var hold = Prepared("insert or ignore into hold (hash, blocks, growth) values ($1, $2, $3)", 3);
            var holds = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var row in rows)
            {
                if (Run(insert, RowValues.Of(row, row.Growth is null ? null : HoldOf(row.Growth, hold, holds))) == 1)
                    stored++;
                else if (Find(row.Key) == row)
                    again++;
                else
                    differing.Add(row.Key);
            }
            if (attempt is not null)
            {
                Execute(
                    "insert into attempt values ($1, $2, $3, $4, $5)",
                    attempt.Unit,
                    attempt.Worker,
                    attempt.Finished.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                    attempt.Seconds,
                    rows.Count
                );
            }
            transaction.Commit();
            return new AddOutcome(stored, again, differing);
        }
        catch (SqliteException error)
        {
            throw new SweepException($"{Path}: {Reason(error)}");
        }
    }

    /// <summary>Returns a run; null if it has no result.</summary>
    /// <exception cref="SweepException">The file cannot be read.</exception>
    public RunRow? Find(string key) => Guarded(() => ReadRow(key));

    private RunRow? ReadRow(string key)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"{selectText} where run.key = $1";
        command.Parameters.AddWithValue("$1", key);
        using var reader = command.ExecuteReader();
        return reader.Read() ? RowValues.Read(reader) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private static readonly string insertText =
        $"insert or ignore into run values ({string.Join(", ", SweepSchema.RunColumns.Select((_, place) => $"${place + 1}"))})";

    private static readonly string selectText =
        $"select {string.Join(", ", SweepSchema.RunColumns.Select(name => $"run.{name}"))}, hold.blocks, hold.growth from run left join hold on hold.id = run.hold";

    // Runs on the same candles with the same costs share the growth of buying and holding.
    private long HoldOf(GrowthSeries growth, SqliteCommand insert, Dictionary<string, long> known)
    {
        var bytes = GrowthSeries.Pack(growth.Hold);
        var hash = string.Create(
            CultureInfo.InvariantCulture,
            $"{growth.Hold.Length}-{growth.StepsPerBlock}-{Convert.ToHexStringLower(XxHash128.Hash(bytes))}"
        );
        if (!known.TryGetValue(hash, out var id))
        {
            Run(insert, hash, growth.Hold.Length, bytes);
            known.Add(hash, id = Number("select id from hold where hash = $1", hash));
        }
        return id;
    }

    private static string Reason(SqliteException error) =>
        error.SqliteErrorCode switch
        {
            26 => "not a file of a sweep",
            14 => "the file cannot be opened: does its folder exist, and may you write there?",
            5 => "another program has been writing to it for a minute",
            _ => error.Message.ReplaceLineEndings(" "),
        };

    // Whoever calls sees which file it was. A file may be damaged anywhere, so that any read may fail.
    private TResult Guarded<TResult>(Func<TResult> act)
    {
        try
        {
            return act();
        }
        catch (SqliteException error)
        {
            throw new SweepException($"{Path}: {Reason(error)}");
        }
    }

    private long Number(string text, params object[] values)
    {
        using var command = Prepared(text, values.Length);
        for (var place = 0; place < values.Length; place++)
            command.Parameters[place].Value = values[place];
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private int Execute(string text, params object?[] values)
    {
        using var command = Prepared(text, values.Length);
        return Run(command, values);
    }

    private SqliteCommand Prepared(string text, int count)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        for (var place = 1; place <= count; place++)
            command.Parameters.AddWithValue($"${place}", DBNull.Value);
        return command;
    }

    private static int Run(SqliteCommand command, params object?[] values)
    {
        for (var place = 0; place < values.Length; place++)
            command.Parameters[place].Value = values[place] ?? DBNull.Value;
        return command.ExecuteNonQuery();
    }
}
