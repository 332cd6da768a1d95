using BtcBandit.Sweep.Distribution;
using NATS.Client.Core;

namespace BtcBandit.Sweep.Nats;

/// <summary>
/// Hands the units of a sweep to workers through a NATS server and collects their results. Nothing on the server is the
/// truth: a server that loses everything costs the work that was not collected. Any number of coordinators may run the same
/// sweep at once.
/// </summary>
public static class NatsCoordinator
{
    /// <summary>Runs until each unit has a result or is given up.</summary>
    /// <param name="options">The server.</param>
    /// <param name="sweepId">Name of the sweep, 1 to 64 letters, digits, - and _.</param>
    /// <param name="code">Identity of the code that may do the work, spelled like the sweep; other workers see nothing.</param>
    /// <param name="units">The units without a result.</param>
    /// <param name="files">The files that they read; those that the server lacks are uploaded.</param>
    /// <param name="store">
    /// Keeps a result and says what it found; called one at a time. The same result may come more than once. After a
    /// <see cref="RefusedResultException"/> the unit is handed out again; whatever else it throws ends the sweep.
    /// </param>
    /// <param name="onProgress">Called about once a second, and for each thing worth telling; by one caller at a time.</param>
    /// <param name="stop">Ends it; workers go on, and the next run collects what they did.</param>
    /// <exception cref="NatsFaultException">The server cannot be used as it is.</exception>
    /// <exception cref="InvalidDataException">A file is not the one of its hash.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<ClusterOutcome> RunAsync(
        NatsOptions options,
        string sweepId,
        string code,
        IReadOnlyList<WorkUnit> units,
        IReadOnlyList<DataFile> files,
        Func<UnitResult, Task<StoreOutcome>> store,
        Action<ClusterProgress>? onProgress,
        CancellationToken stop
    )
    {
        Subjects.CheckToken(sweepId, nameof(sweepId));
        Subjects.CheckToken(code, nameof(code));
        if (options.Lease < TimeSpan.FromSeconds(1) || options.MaxDeaths < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                $"A lease is at least a second, not {options.Lease}; deaths are at least 1, not {options.MaxDeaths}."
            );
        }

        foreach (var file in files)
            Subjects.CheckHash(file.Hash, nameof(files));

        var board = new SweepBoard(units);
        await using var link = await NatsLink.ConnectAsync(options, "btcbandit sweep", stop);
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(link.End);
        var roll = new WorkerRoll(link, code, options.Clock);
        var hearing = roll.ListenAsync(listening.Token);
        try
        {
            var run = new CoordinatorRun(link, options, sweepId, code, board, roll, files, store, onProgress);
            link.OnNews = run.Tell;
            return await run.RunAsync();
        }
        catch (OperationCanceledException)
        {
            link.ThrowIfFaulted();
            throw;
        }
        catch (NatsException error)
        {
            throw ServerCheck.Refuses(link.Server, error);
        }
        finally
        {
            await listening.CancelAsync();
            await hearing;
        }
    }
}
