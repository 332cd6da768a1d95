using System.Globalization;
using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Journal;

/// <summary>A data folder, held by one process at a time.</summary>
public sealed class RunFolder : IDisposable
{
    private readonly FileStream held;

    private RunFolder(string path, FileStream held) => (Location, this.held) = (path, held);

    /// <summary>The folder.</summary>
    public string Location { get; }

    /// <summary>Where the state is.</summary>
    public string StatePath => Path.Combine(Location, "state.json");

    /// <summary>Where the rows are.</summary>
    public string TradesPath => Path.Combine(Location, "trades.csv");

    /// <summary>Makes the folder where needed and takes its lock.</summary>
    /// <exception cref="JournalException">It cannot be written, or another process holds it.</exception>
    public static RunFolder Open(string path)
    {
        var lockPath = Path.Combine(path, "lock");
        try
        {
            Directory.CreateDirectory(path);
            // The system lets go of the lock however the process ends; the number beside it is for people.
            var handle = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(OwnerPath(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            return new RunFolder(path, handle);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (error is IOException && File.Exists(lockPath) && ReadOwner(path) is { } owner)
                throw new JournalException(
                    $"--data-dir {path} is in use by process {owner} (see {lockPath}); wait for it or choose another folder",
                    error
                );
            throw new JournalException(
                $"--data-dir {path} cannot be written: {StateFile.FirstLine(error.Message)}",
                error
            );
        }
    }

    /// <summary>Refuses a folder in which something else stands where the files of a run belong.</summary>
    /// <exception cref="JournalException">A folder is in the place of a file; nothing was changed.</exception>
    public void RequireFiles()
    {
        foreach (var file in new[] { StatePath, StatePath + ".bak", TradesPath })
        {
            if (Directory.Exists(file))
                throw new JournalException($"{file} is a folder; a file of the run belongs there");
        }
    }

    /// <summary>Moves the run that is here, whole, into a folder of its own under <c>runs/</c>.</summary>
    /// <param name="state">The run's state; null when there is none that can be read.</param>
    /// <returns>Where it is now; null when there was nothing.</returns>
    /// <exception cref="JournalException">It cannot be moved; what was not moved is still here.</exception>
    public string? SetAside(RunState? state)
    {
        string[] files = [StatePath, StatePath + ".bak", TradesPath];
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

            var target = UnusedFolder(Path.Combine(Location, "runs", state is null ? "without-state" : Name(state)));
            Directory.CreateDirectory(target);
            foreach (var file in files.Where(File.Exists))
                File.Move(file, Path.Combine(target, Path.GetFileName(file)));
            return target;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                $"the old run in {Location} cannot be moved to its runs folder: {StateFile.FirstLine(error.Message)}",
                error
            );
        }
    }

    /// <summary>Lets go of the folder.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(OwnerPath(Location));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The number is only a hint for people; the lock itself goes with the handle below.
        }

        held.Dispose();
    }

    private static string OwnerPath(string path) => Path.Combine(path, "lock.pid");

    private static string? ReadOwner(string path)
    {
        try
        {
            return File.ReadAllText(OwnerPath(path)).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Named after what it holds, so the same run has the same name whenever it is set aside.
    private static string Name(RunState state)
    {
        var source = state.Header.Source;
        var world = source.World is null ? source.Kind : $"{source.World}-seed{source.WorldSeed}";
        var symbol = string.Concat(source.Symbol.Where(char.IsLetterOrDigit));
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
