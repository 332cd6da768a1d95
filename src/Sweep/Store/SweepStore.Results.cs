using System.Globalization;
using System.Runtime.InteropServices;
using BtcBandit.Sweep.Spec;
using Microsoft.Data.Sqlite;

namespace BtcBandit.Sweep.Store;

/// <summary>What a report needs of a run.</summary>
/// <param name="Candidate">Its setting on its market, by the key of <see cref="SweepStore.ReadCandidates"/>.</param>
/// <param name="Fold">Number of its fold or rung, from 0.</param>
/// <param name="Result">Its result; null if there is none yet, or it failed.</param>
/// <param name="HasFailed">Whether it failed.</param>
internal readonly record struct ResultRow(long Candidate, int Fold, ResultFigures? Result, bool HasFailed);

/// <summary>Figures of a run that has a result.</summary>
/// <param name="From">Open time of its first candle, ms UTC.</param>
/// <param name="Seam">Open time at which the test begins, ms UTC.</param>
/// <param name="To">Open time at which it has ended, ms UTC.</param>
/// <param name="TrainRank">Number by which its train part is ranked; null without one.</param>
/// <param name="TotalReturn">Return of the test.</param>
/// <param name="BuyAndHoldReturn">The same of buying and holding.</param>
/// <param name="Trades">Number of executions in the test.</param>
/// <param name="Exposure">Fraction of the steps with a position.</param>
/// <param name="Own">Return of each block of the test, floats; empty if all are 0.</param>
/// <param name="StepsPerBlock">Number of steps of a block.</param>
/// <param name="Hold">Key of the returns of buying and holding.</param>
internal sealed record ResultFigures(
    long From,
    long Seam,
    long To,
    double? TrainRank,
    double TotalReturn,
    double BuyAndHoldReturn,
    long Trades,
    double Exposure,
    byte[] Own,
    long StepsPerBlock,
    long Hold
);

/// <summary>The queries of reports.</summary>
public sealed partial class SweepStore
{
    /// <summary>Makes all reads see one state of the file, that of the first of them, until what is returned is disposed.</summary>
    /// <remarks>Nothing can be added here meanwhile. Another process can; only where the file has no write-ahead log does it wait for
    /// the end.</remarks>
    /// <exception cref="SweepException">The file cannot be read.</exception>
    public IDisposable Snapshot() => Guarded(() => connection.BeginTransaction(deferred: true));

    /// <summary>Identities of the sweeps in the file, oldest first.</summary>
    /// <exception cref="SweepException">The file cannot be read.</exception>
    public IReadOnlyList<(string Id, string Spec)> Sweeps() => Guarded(ReadSweeps);

    private List<(string, string)> ReadSweeps()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select id, spec from sweep order by created, number";
        using var reader = command.ExecuteReader();
        var sweeps = new List<(string, string)>();
        while (reader.Read())
            sweeps.Add((reader.GetString(0), reader.GetString(1)));
        return sweeps;
    }

    /// <summary>Counts the runs of a sweep, those with a result, and those of them that failed.</summary>
    /// <param name="sweep">Identity of the sweep.</param>
    /// <exception cref="SweepException">The file cannot be read.</exception>
    public (int Runs, int Finished, int Failed) CountOf(string sweep) => Guarded(() => ReadCount(sweep));

    private (int, int, int) ReadCount(string sweep)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "select count(*), count(r.key), count(r.message) from sweep_run m left join run r on r.key = m.key where m.sweep = (select number from sweep where id = $1)";
        command.Parameters.AddWithValue("$1", sweep);
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2));
    }

    /// <summary>How large a sweep is, whatever part of it is in the file; null if it is not.</summary>
    /// <param name="sweep">Identity of the sweep.</param>
    /// <exception cref="SweepException">The file cannot be read.</exception>
    internal SweepSize? SizeOf(string sweep) => Guarded(() => ReadSize(sweep));

    private SweepSize? ReadSize(string sweep)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select runs, rungs from sweep where id = $1";
        command.Parameters.AddWithValue("$1", sweep);
        using var reader = command.ExecuteReader();
        return reader.Read() ? new SweepSize(reader.IsDBNull(0) ? null : reader.GetInt32(0), reader.GetInt32(1)) : null;
    }

    /// <summary>Why runs of a sweep failed: the messages and how many runs have each, the most frequent first.</summary>
    /// <param name="sweep">Identity of the sweep.</param>
    /// <param name="most">Most messages that are returned.</param>
    /// <exception cref="SweepException">The file cannot be read.</exception>
    public IReadOnlyList<(string Message, int Runs)> FailuresOf(string sweep, int most) =>
        Guarded(() => ReadFailures(sweep, most));

    private List<(string, int)> ReadFailures(string sweep, int most)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "select r.message, count(*) from sweep_run m join run r on r.key = m.key where m.sweep = (select number from sweep where id = $1) and r.message is not null group by r.message order by 2 desc, 1 limit $2";
        command.Parameters.AddWithValue("$1", sweep);
        command.Parameters.AddWithValue("$2", most);
        using var reader = command.ExecuteReader();
        var failures = new List<(string, int)>();
        while (reader.Read())
            failures.Add((reader.GetString(0), reader.GetInt32(1)));
        return failures;
    }

    /// <summary>Calls with every run of a sweep, in the order of the keys.</summary>
    /// <exception cref="SweepException">The file cannot be read.</exception>
    internal void ReadResults(string sweep, RankBy rankBy, Action<ResultRow> onRow) =>
        Guarded(() => ReadRows(sweep, rankBy, onRow));

    private int ReadRows(string sweep, RankBy rankBy, Action<ResultRow> onRow)
    {
        using var command = connection.CreateCommand();
        var rank = rankBy switch
        {
            RankBy.Sharpe => "ifnull(train_sharpe, 0)",
            RankBy.Sortino => "ifnull(train_sortino, 0)",
            RankBy.TotalReturn => "train_total_return",
            _ => "train_total_return - ifnull(train_buy_and_hold_return, 0)",
        };
        command.CommandText = $"""
            select m.candidate, m.fold, r.status is not null, r.first, r.seam, r.last, case when r.train_steps is null then null else {rank} end,
              r.total_return, r.buy_and_hold_return, r.trades, r.exposure, r.growth, r.block_steps, r.hold
            from sweep_run m left join run r on r.key = m.key where m.sweep = (select number from sweep where id = $1)
            """;
        command.Parameters.AddWithValue("$1", sweep);
        using var reader = command.ExecuteReader();
        var rows = 0;
        for (; reader.Read(); rows++)
            onRow(Row(reader));
        return rows;
    }

    /// <summary>Returns all settings on markets by their key.</summary>
    /// <exception cref="SweepException">The file cannot be read.</exception>
    internal IReadOnlyDictionary<long, SweepCandidate> ReadCandidates() => Guarded(AllCandidates);

    private Dictionary<long, SweepCandidate> AllCandidates()
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "select id, market, symbol, timeframe, fee_bps, slippage_bps, setting, label from candidate";
        using var reader = command.ExecuteReader();
        var candidates = new Dictionary<long, SweepCandidate>();
        while (reader.Read())
        {
            candidates.Add(
                reader.GetInt64(0),
                new SweepCandidate(
                    reader.GetString(1),
                    reader.GetString(2),
                    reader.GetString(3),
                    reader.GetDouble(4),
                    reader.GetDouble(5),
                    reader.GetString(6),
                    reader.GetString(7)
                )
            );
        }
        return candidates;
    }

    /// <summary>Returns the growth of buying and holding by its key.</summary>
    /// <exception cref="SweepException">The file cannot be read.</exception>
    internal IReadOnlyDictionary<long, float[]> ReadHolds() => Guarded(AllHolds);

    private Dictionary<long, float[]> AllHolds()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select id, blocks, growth from hold";
        using var reader = command.ExecuteReader();
        var holds = new Dictionary<long, float[]>();
        while (reader.Read())
        {
            var bytes = reader.GetFieldValue<byte[]>(2);
            holds.Add(
                reader.GetInt64(0),
                bytes.Length == 0 ? new float[reader.GetInt32(1)] : MemoryMarshal.Cast<byte, float>(bytes).ToArray()
            );
        }
        return holds;
    }

    /// <summary>Number of settings and timeframes that were ever tried on a pair at a time, in whatever sweep of the file.</summary>
    /// <param name="symbol">Name of the pair or world.</param>
    /// <param name="from">Open time of the first candle, ms UTC.</param>
    /// <param name="to">Open time at which the candles end, ms UTC.</param>
    /// <exception cref="SweepException">The file cannot be read.</exception>
    internal int Trials(string symbol, long from, long to) => Guarded(() => CountTrials(symbol, from, to));

    private int CountTrials(string symbol, long from, long to)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "select count(*) from (select distinct setting, timeframe from run where symbol = $1 and last > $2 and first < $3)";
        command.Parameters.AddWithValue("$1", symbol);
        command.Parameters.AddWithValue("$2", from);
        command.Parameters.AddWithValue("$3", to);
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static ResultRow Row(SqliteDataReader reader)
    {
        const int growth = 11;
        var figures = reader.IsDBNull(growth)
            ? null
            : new ResultFigures(
                reader.GetInt64(3),
                reader.GetInt64(4),
                reader.GetInt64(5),
                reader.IsDBNull(6) ? null : reader.GetDouble(6),
                reader.GetDouble(7),
                reader.IsDBNull(8) ? 0 : reader.GetDouble(8),
                reader.GetInt64(9),
                reader.IsDBNull(10) ? 0 : reader.GetDouble(10),
                reader.GetFieldValue<byte[]>(growth),
                reader.GetInt64(growth + 1),
                reader.GetInt64(growth + 2)
            );
        return new ResultRow(reader.GetInt64(0), reader.GetInt32(1), figures, figures is null && reader.GetBoolean(2));
    }
}
