using BtcBandit.Sweep.Distribution;
using NATS.Client.Core;

namespace BtcBandit.Sweep.Nats;

/// <summary>Puts the missing units of a sweep on the server, beside the coordinator's loop.</summary>
internal sealed class UnitQueue(NatsLink link, string sweep, string code, SweepBoard board)
{
    /// <summary>Messages on their way at once: each waits for the server's disk.</summary>
    private const int AtOnce = 32;

    private readonly MessageStore messages = new(link);
    private readonly HashSet<string> again = new(StringComparer.Ordinal);
    private CancellationTokenSource? stopping;
    private Task putting = Task.CompletedTask;
    private long refused;

    /// <summary>Units that were there already, as after a restart or beside another coordinator.</summary>
    internal long Refused => Interlocked.Read(ref refused);

    internal bool IsBusy => !putting.IsCompleted;

    internal void Start()
    {
        stopping = CancellationTokenSource.CreateLinkedTokenSource(link.End);
        putting = PutAllAsync(stopping.Token);
    }

    internal async Task StopAsync()
    {
        if (stopping is null)
            return;

        await stopping.CancelAsync();
        await putting;
        stopping.Dispose();
        stopping = null;
    }

    /// <summary>Puts a unit once more whose result was refused. Not thread-safe, as <see cref="GoOnAsync"/>.</summary>
    internal Task PutAgainAsync(string key)
    {
        again.Add(key);
        return TryAgainAsync(key);
    }

    /// <summary>Tries again what the server did not take: the worker of a refused result may have had the unit still.</summary>
    internal async Task GoOnAsync()
    {
        foreach (var key in again.ToList())
            await TryAgainAsync(key);
    }

    private async Task TryAgainAsync(string key)
    {
        if (
            board.FindMissing(key) is not { } unit
            || await messages.PutAsync(Subjects.Job(code, sweep, key), unit.Body, HeadersOf(unit), link.End)
        )
            again.Remove(key);
    }

    private async Task PutAllAsync(CancellationToken stop)
    {
        try
        {
            await Parallel.ForEachAsync(
                board.Missing(),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
                async (unit, token) => await PutAsync(unit, token)
            );
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
        catch (NatsPayloadTooLargeException error)
        {
            link.Fail(
                new(NatsFaultKind.Limit, $"A unit is larger than the server's max_payload: {error.Message}", error)
            );
        }
        catch (NatsException error)
        {
            link.Fail(new(NatsFaultKind.Limit, $"The server at {link.Server} refuses a unit: {error.Message}", error));
        }
    }

    private async Task PutAsync(WorkUnit unit, CancellationToken stop)
    {
        // Another coordinator's worker may have done it meanwhile.
        if (!board.IsMissing(unit.Key))
            return;

        if (!await messages.PutAsync(Subjects.Job(code, sweep, unit.Key), unit.Body, HeadersOf(unit), stop))
            Interlocked.Increment(ref refused);
    }

    private static NatsHeaders? HeadersOf(WorkUnit unit) =>
        unit.Files.Count == 0 ? null : new NatsHeaders { [Subjects.FilesHeader] = string.Join(',', unit.Files) };
}
