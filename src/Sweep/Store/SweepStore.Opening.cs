using System.Globalization;
using BtcBandit.Engine.Storage;
using BtcBandit.Sweep.Spec;
using Microsoft.Data.Sqlite;

namespace BtcBandit.Sweep.Store;

/// <summary>Opens and creates the file.</summary>
public sealed partial class SweepStore
{
    // What SQLite puts beside a file; all of it is the sweep.
    private static readonly string[] suffixes = ["", "-wal", "-shm", "-journal"];

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
}
