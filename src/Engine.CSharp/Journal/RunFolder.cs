using System.Globalization;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Storage;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Journal;

/// <summary>The data folder of a run, locked for one process at a time.</summary>
/// <remarks>The lock file replaces a named <see cref="Mutex"/>: it belongs to the folder whatever its path, and the operating
/// system releases it however the process ends. Delete it when .NET can lock a folder.</remarks>
internal sealed class RunFolder : IDisposable
{
    /// <summary>Name of the state file.</summary>
    public const string StateName = "state.json";

    /// <summary>Name of the file of what a retraining has learned without a run.</summary>
    public const string LearnedName = "learned.json";

    /// <summary>Name of the file of what a new run begins with, until its first state is saved.</summary>
    public const string KeptName = "kept.json";

    /// <summary>Name of the file of rows.</summary>
    public const string TradesName = "trades.csv";

    /// <summary>Name of the folder of earlier runs.</summary>
    public const string EarlierName = "runs";

    // Ends the name of an earlier run's folder until all of its files are there.
    private const string Moving = ".moving";

    private readonly FileStream held;
    private bool isDisposed;

    private RunFolder(string path, FileStream held) => (Location, this.held) = (path, held);

    /// <summary>Path of the folder.</summary>
    public string Location { get; }

    /// <summary>Path of the state file.</summary>
    public string StatePath => Path.Combine(Location, StateName);

    /// <summary>Path of what a retraining has learned without a run.</summary>
    public string LearnedPath => Path.Combine(Location, LearnedName);

    /// <summary>Path of what a new run begins with, until its first state is saved.</summary>
    public string KeptPath => Path.Combine(Location, KeptName);

    /// <summary>Path of the file of rows.</summary>
    public string TradesPath => Path.Combine(Location, TradesName);

    /// <summary>Creates the folder if needed and locks it.</summary>
    /// <exception cref="JournalException">The folder cannot be written, or another process has locked it.</exception>
    public static RunFolder Open(string path)
    {
        var lockPath = LockPath(path);
        try
        {
            Directory.CreateDirectory(path);
            var handle = LockFile.Take(lockPath);
            WriteOwner(path);
            var folder = new RunFolder(path, handle);
            try
            {
                folder.FinishMove();
            }
            catch
            {
                folder.Dispose();
                throw;
            }
            return folder;
        }
        catch (IOException error) when (IsHeld(error))
        {
            throw new JournalException(new JournalFault.FolderInUse(path, ReadOwner(path), lockPath), error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                new JournalFault.FolderUnwritable(path, StateFile.FirstLine(error.Message)),
                error
            );
        }
    }

    /// <summary>Whether another process has locked a folder. Nothing is created or changed.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="owner">Id of that process; null if it is not known.</param>
    public static bool IsInUse(string path, out string? owner)
    {
        owner = null;
        try
        {
            using var free = new FileStream(LockPath(path), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (error is not IOException sharing || !IsHeld(sharing))
                return false;
            owner = ReadOwner(path);
            return true;
        }
    }

    /// <summary>Checks that no folder, pipe or socket is in place of one of the run's files.</summary>
    /// <exception cref="JournalException">There is one in place of a file, or the state is a link to itself; nothing was
    /// changed.</exception>
    public void RequireFiles()
    {
        string[] files = [StatePath, StatePath + ".bak", StatePath + ".tmp", TradesPath];
        // Those of a linked state are beside its target.
        foreach (var file in files.Concat(WrittenForState()))
        {
            if (Directory.Exists(file))
                throw new JournalException(new JournalFault.FolderInPlaceOfFile(file));
        }

        // Reading a pipe would wait for its other end.
        foreach (var file in new[] { StatePath, TradesPath })
        {
            if (File.Exists(file) && !RegularFile.Is(file))
                throw new JournalException(new JournalFault.PipeInPlaceOfFile(file));
        }
    }

    /// <summary>Moves all files of the old run into a folder of its own under <c>runs/</c>.</summary>
    /// <param name="state">State of the old run; null if there is none that can be read.</param>
    /// <returns>The new folder; null if there was nothing to move.</returns>
    /// <exception cref="JournalException">A file cannot be moved; files not yet moved are still here.</exception>
    public string? ArchiveOldRun(RunState? state)
    {
        string[] files = RunFiles();
        if (!File.Exists(StatePath) && !File.Exists(TradesPath))
            return null;
        try
        {
            if (!File.Exists(StatePath) && TradesFile.HasNoRows(TradesPath))
            {
                // A run that was killed before its first step.
                File.Delete(TradesPath);
                return null;
            }

            var target = UnusedFolder(
                Path.Combine(Location, EarlierName, state is null ? "without-state" : Name(state))
            );
            MoveInto(target, files);
            return target;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                new JournalFault.OldRunNotMoved(Location, StateFile.FirstLine(error.Message)),
                error
            );
        }
    }

    /// <summary>Deletes what a new run began with, once its first state is saved. Errors are ignored: the next session tries
    /// again.</summary>
    public void ForgetKept()
    {
        try
        {
            File.Delete(KeptPath);
            File.Delete(KeptPath + ".bak");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is read only where there is no state.
        }
    }

    private string[] RunFiles() => [StatePath, StatePath + ".bak", TradesPath];

    // The folder gets its name when all files are in it, so that a move that was interrupted can be told and finished.
    private static void MoveInto(string target, IEnumerable<string> files)
    {
        var moving = target + Moving;
        Directory.CreateDirectory(moving);
        foreach (var file in files.Where(File.Exists))
            File.Move(file, Path.Combine(moving, Path.GetFileName(file)));
        Directory.Move(moving, target);
    }

    // What is here while a folder has not got its name is of the run that is moved: a new one begins after that.
    private void FinishMove()
    {
        var earlier = Path.Combine(Location, EarlierName);
        if (!Directory.Exists(earlier))
            return;
        foreach (var moving in Directory.GetDirectories(earlier, "*" + Moving))
            MoveInto(moving[..^Moving.Length], RunFiles());
    }

    /// <summary>Releases the lock. Further calls do nothing.</summary>
    public void Dispose()
    {
        // The process id may be that of the next owner.
        if (isDisposed)
            return;
        isDisposed = true;
        try
        {
            File.Delete(OwnerPath(Location));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The process id is only a hint for people; closing the handle below releases the lock.
        }

        held.Dispose();
    }

    private IReadOnlyList<string> WrittenForState()
    {
        try
        {
            return AtomicFile.PathsWithBackup(StatePath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                new JournalFault.StateUnreadable(StatePath, StateFile.FirstLine(error.Message)),
                error
            );
        }
    }

    private static string LockPath(string path) => Path.Combine(path, "lock");

    private static string OwnerPath(string path) => Path.Combine(path, "lock.pid");

    private static bool IsHeld(IOException error) => LockFile.IsHeld(error);

    // Only the lock decides who uses the folder. The number is for people, and missing if the disk is full.
    private static void WriteOwner(string path)
    {
        try
        {
            File.WriteAllText(OwnerPath(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The folder is locked all the same.
        }
    }

    private static string? ReadOwner(string path)
    {
        try
        {
            return File.ReadAllText(OwnerPath(path)).Trim() is { Length: > 0 } owner ? owner : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The name depends on the run only, not on when it is archived.
    private static string Name(RunState state)
    {
        var source = state.Header.Source;
        var world = source is MarketSource.Synthetic synthetic
            ? $"{synthetic.World.Name()}-seed{synthetic.Seed}"
            : source.Kind;
        var symbol = $"{source.Pair.Base}{source.Pair.Quote}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{world}-{symbol}-{source.Timeframe}-{Time(state.Statistics.FirstOpenTime)}-{Time(state.LastCandle.OpenTime)}"
        );

        static string Time(long openTime) =>
            DateTimeOffset
                .FromUnixTimeMilliseconds(openTime)
                .ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
    }

    private static string UnusedFolder(string wanted)
    {
        var candidate = wanted;
        for (var number = 2; Path.Exists(candidate); number++)
            candidate = string.Create(CultureInfo.InvariantCulture, $"{wanted}-{number}");
        return candidate;
    }
}
