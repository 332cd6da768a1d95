using BtcBandit.Sweep.Distribution;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace BtcBandit.Sweep.Nats;

/// <summary>Does one unit from its delivery to the confirmation of its result.</summary>
internal sealed class UnitHandler(
    NatsLink link,
    NatsOptions options,
    string code,
    FileCache cache,
    WorkerLedger ledger,
    Func<WorkUnit, Func<string, string>, CancellationToken, Task<byte[]>> work
)
{
    private static readonly TimeSpan BackOff = TimeSpan.FromSeconds(10);

    private readonly MessageStore messages = new(link);

    internal async Task HandleAsync(INatsJSMsg<byte[]> message, TimeSpan lease)
    {
        if (Read(message) is not var (sweep, unit))
        {
            ledger.Tell("a message of the queue is not a unit; it is dropped");
            await Acknowledgement.TerminateAsync(message, link.End);
            return;
        }

        ledger.Begin();
        var answer = new UnitAnswer(messages, ledger, options.Clock, code, sweep, unit.Key);
        var backOff = TimeSpan.Zero;
        using var grace = link.AllowLastWords();
        await using (new Heartbeat(message, lease, options.Clock))
        {
            try
            {
                await DoAsync(message, unit, answer, grace.Token);
            }
            catch (OperationCanceledException) when (link.End.IsCancellationRequested)
            {
                await HandBackAsync(message, answer, "stopped", TimeSpan.Zero, grace.Token);
            }
            catch (Exception error) when (IsOfThisMachine(error))
            {
                backOff = Shorter(BackOff, lease);
                await HandBackAsync(message, answer, error.Message, backOff, grace.Token);
            }
            finally
            {
                ledger.End();
            }
        }

        if (backOff > TimeSpan.Zero)
        {
            // What is missing here would be missing for the next unit too; others may have it.
            await link.DelayAsync(backOff);
        }
    }

    private async Task DoAsync(
        INatsJSMsg<byte[]> message,
        WorkUnit unit,
        UnitAnswer answer,
        CancellationToken lastWords
    )
    {
        // Its worker may have died between the result and the acknowledgement.
        if (!await answer.IsThereAsync(link.End) && !await IsDeadlyAsync(message, answer))
            await answer.DeliverAsync(() => WorkAsync(unit), link.MaxPayload, link.End, lastWords);

        await Acknowledgement.ConfirmAsync(message, lastWords);
    }

    private async Task<byte[]> WorkAsync(WorkUnit unit)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var hash in unit.Files)
            paths[hash] = await cache.PathAsync(hash, link.End);

        // A thread of its own: work that never waits would starve the heartbeats of the pool.
        return await Task
            .Factory.StartNew(
                () => work(unit, hash => paths[hash], link.End),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
            .Unwrap();
    }

    /// <summary>Gives a unit up whose workers died too often.</summary>
    private async Task<bool> IsDeadlyAsync(INatsJSMsg<byte[]> message, UnitAnswer answer)
    {
        var deliveries = (long)(message.Metadata?.NumDelivered ?? 1);
        if (deliveries <= options.MaxDeaths)
            return false;

        var deaths = deliveries - 1 - await HandBacksAsync(message, answer);
        if (deaths < options.MaxDeaths)
            return false;

        await answer.GiveUpAsync($"its worker died or was cut off {deaths} times", link.End);
        return true;
    }

    private async Task<long> HandBacksAsync(INatsJSMsg<byte[]> message, UnitAnswer answer)
    {
        var request = new NATS.Client.JetStream.Models.StreamInfoRequest
        {
            SubjectsFilter = answer.BackSubjects(message),
        };
        var stream = await link.AgainAsync(
            token => link.Streams.GetStreamAsync(Subjects.Results, request, token),
            link.End
        );
        return stream.Info.State.Subjects?.Count ?? 0;
    }

    /// <summary>Where the server does not hear it, the end of the lease does the same.</summary>
    private async Task HandBackAsync(
        INatsJSMsg<byte[]> message,
        UnitAnswer answer,
        string reason,
        TimeSpan delay,
        CancellationToken lastWords
    )
    {
        ledger.HandedBack(answer.Key, reason);
        try
        {
            await answer.NoteHandBackAsync(message, lastWords);
            await Acknowledgement.HandBackAsync(message, delay, lastWords);
        }
        catch (Exception error) when (error is NatsException or OperationCanceledException) { }
    }

    private static (string Sweep, WorkUnit Unit)? Read(INatsJSMsg<byte[]> message)
    {
        if (Subjects.ParseJob(message.Subject) is not var (sweep, key))
            return null;

        var header = message.Headers is { } headers ? headers[Subjects.FilesHeader].ToString() : "";
        var files = header.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return files.All(Subjects.IsHash) ? (sweep, new WorkUnit(key, message.Data ?? [], files)) : null;
    }

    private static bool IsOfThisMachine(Exception error) =>
        error is TransientWorkException or IOException or UnauthorizedAccessException or OutOfMemoryException;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
