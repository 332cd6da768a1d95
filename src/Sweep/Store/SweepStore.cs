using System.Globalization;
using System.IO.Hashing;
using BtcBandit.Engine.Storage;
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
    // What SQLite puts beside a file; all of it is the sweep.
    private static readonly string[] suffixes = ["", "-wal", "-shm", "-journal"];

    private readonly SqliteConnection connection;

    private SweepStore(string path, SqliteConnection connection) => (Path, this.connection) = (path, connection);

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>Opens a file, and creates it if it does not exist.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="isShared">Whether a file that is created may lie on a disk that several machines share: it then gets a rollback
    /// journal, because a write-ahead log needs memory that all of its users share. A file that exists keeps what it has.</param>
    /// <exception cref="SweepException">The file is not one of a sweep, is of a later version, or cannot be written.</exception>
    public static SweepStore Open(string path, bool isShared = false) =>
        Open(path, SqliteOpenMode.ReadWriteCreate, isShared);

    /// <summary>Opens a file that exists, to read it.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="SweepException">There is no such file, or it is not one of a sweep.</exception>
    public static SweepStore OpenToRead(string path) =>
        File.Exists(path)
            ? Open(path, SqliteOpenMode.ReadWrite, isShared: false)
            : throw new SweepException($"{path}: there is no such file");

    /// <summary>Whether a path leads to the file of a sweep, or to one that SQLite keeps beside it.</summary>
    /// <param name="path">Path of the file of the sweep; it need not exist.</param>
    /// <param name="other">The path in question; links are followed.</param>
    /// <exception cref="IOException">Links form a circle.</exception>
    public static bool IsPartOf(string path, string other)
    {
        var (real, asked) = (RealPath.Of(path), RealPath.Of(other));
        return suffixes.Any(suffix => RealPath.Comparer.Equals(real + suffix, asked));
    }

    private static SweepStore Open(string path, SqliteOpenMode mode, bool isShared)
    {
        var text = new SqliteConnectionStringBuilder
        {
            // SQLite has meanings of its own for names such as :memory: and file:, but for no absolute path.
            DataSource = System.IO.Path.GetFullPath(path),
            Mode = mode,
            Pooling = false,
            // Waits for other writers, so many seconds.
            DefaultTimeout = 60,
        };
        var opened = Connection($"{text}");
        try
        {
            opened.Open();
            var store = new SweepStore(path, opened);
            store.Prepare(mode == SqliteOpenMode.ReadWriteCreate, isShared);
            return store;
        }
        catch (SqliteException error)
        {
            opened.Dispose();
            throw new SweepException($"{path}: {Reason(error)}");
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private static SqliteConnection Connection(string text)
    {
        try
        {
            return new SqliteConnection(text);
        }
        catch (TypeInitializationException error) when (error.GetBaseException() is DllNotFoundException)
        {
            throw new SweepException(
                "SQLite's library is missing: libe_sqlite3.so, libe_sqlite3.dylib or e_sqlite3.dll has to lie beside the program"
            );
        }
    }

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

    private void Prepare(bool creates, bool isShared)
    {
        if (creates && IsEmpty)
            Create(isShared);
        var (id, version) = (Number("pragma application_id"), Number("pragma user_version"));
        if (id != SweepSchema.ApplicationId)
            throw new SweepException($"{Path}: not a file of a sweep");
        if (version != SweepSchema.Version)
        {
            throw new SweepException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Path}: version {version} of a sweep's file; this program knows {SweepSchema.Version}"
                )
            );
        }
        Execute("pragma synchronous = full");
        // A report reads the whole file once.
        Execute("pragma mmap_size = 1073741824");
    }

    private bool IsEmpty => Number("select count(*) from sqlite_master") == 0;

    private void Create(bool isShared)
    {
        Execute($"pragma journal_mode = {(isShared ? "delete" : "wal")}");
        using var transaction = connection.BeginTransaction();
        // Another process may have been faster.
        if (IsEmpty)
            Execute(SweepSchema.Create);
        transaction.Commit();
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

/// <summary>A setting on a market of a sweep.</summary>
/// <param name="Market">Name of the market in the report, without the length of a candle.</param>
/// <param name="Symbol">Name of its pair or world.</param>
/// <param name="Timeframe">Length of a candle.</param>
/// <param name="FeeBps">Fee per side, basis points.</param>
/// <param name="SlippageBps">Slippage per side, basis points.</param>
/// <param name="Setting">Key of the setting.</param>
/// <param name="Label">Values of the setting in the spec, without costs.</param>
public sealed record SweepCandidate(
    string Market,
    string Symbol,
    string Timeframe,
    double FeeBps,
    double SlippageBps,
    string Setting,
    string Label
);

/// <summary>How large a sweep is, whatever part of it a file holds.</summary>
/// <param name="Runs">Number of its runs; null with halving, where results decide it.</param>
/// <param name="Rungs">Number of its rungs; 1 without halving.</param>
public sealed record SweepSize(int? Runs, int Rungs);

/// <summary>A run of a sweep.</summary>
/// <param name="Key">Identity of the run.</param>
/// <param name="Candidate">Its setting on its market.</param>
/// <param name="Fold">Number of its fold or rung, from 0.</param>
/// <param name="Parameters">Returns the parameters of its setting as JSON.</param>
public sealed record SweepMember(string Key, SweepCandidate Candidate, int Fold, Func<string> Parameters);

/// <summary>Who computed a unit.</summary>
/// <param name="Unit">Identity of the unit.</param>
/// <param name="Worker">Name of the process.</param>
/// <param name="Finished">When it was done.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record Attempt(string Unit, string Worker, DateTimeOffset Finished, double Seconds);
