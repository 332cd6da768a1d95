using BtcBandit.Sweep.Distribution;
using NATS.Client.Core;

namespace BtcBandit.Sweep.Nats;

/// <summary>Takes the units of its own code from a NATS server, of whichever sweep, and delivers their results.</summary>
public static class NatsWorker
{
    /// <summary>Works until it is stopped, or until nothing came for a while.</summary>
    /// <param name="options">The server.</param>
    /// <param name="code">Identity of the code that does the work, 1 to 64 letters, digits, - and _.</param>
    /// <param name="slots">Units done at once, at least 1; each has a thread of its own.</param>
    /// <param name="cacheFolder">Where candle files are kept; workers of this machine may share it.</param>
    /// <param name="work">
    /// Does a unit; its second argument gives the path of a file by its hash. It throws
    /// <see cref="TransientWorkException"/>, <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where
    /// another machine or a later time could do it, and <see cref="OperationCanceledException"/> once it was stopped; then
    /// the unit is handed back. Whatever else it throws gives the unit up.
    /// </param>
    /// <param name="onProgress">Called at each change, by one caller at a time.</param>
    /// <param name="stop">Takes no more units; those under way are finished or handed back, as the work decides.</param>
    /// <param name="untilIdle">It ends when no unit came for so long; null for never.</param>
    /// <exception cref="NatsFaultException">The server cannot be used as it is.</exception>
    public static async Task<WorkerProgress> RunAsync(
        NatsOptions options,
        string code,
        int slots,
        string cacheFolder,
        Func<WorkUnit, Func<string, string>, CancellationToken, Task<byte[]>> work,
        Action<WorkerProgress>? onProgress,
        CancellationToken stop,
        TimeSpan? untilIdle = null
    )
    {
        Subjects.CheckToken(code, nameof(code));
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        await using var link = await NatsLink.ConnectAsync(options, "btcbandit worker", stop);
        var ledger = new WorkerLedger(options.Clock, onProgress);
        link.OnNews = ledger.Tell;
        var cache = new FileCache(new FileShelf(link), cacheFolder, options.Clock);
        using var announcing = CancellationTokenSource.CreateLinkedTokenSource(link.End);
        var announcer = new Announcer(link, code, slots, ledger, options.Clock).RunAsync(announcing.Token);
        try
        {
            var handler = new UnitHandler(link, options, code, cache, ledger, work);
            await Task.WhenAll(
                Enumerable
                    .Range(0, slots)
                    .Select(_ => new WorkerSlot(link, code, handler, ledger, untilIdle).RunAsync())
            );
        }
        catch (OperationCanceledException) when (link.End.IsCancellationRequested) { }
        catch (NatsException error)
        {
            throw ServerCheck.Refuses(link.Server, error);
        }
        finally
        {
            await announcing.CancelAsync();
            await announcer;
        }

        link.ThrowIfFaulted();
        return ledger.Count();
    }
}
