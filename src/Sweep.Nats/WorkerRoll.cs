using NATS.Client.Core;

namespace BtcBandit.Sweep.Nats;

/// <summary>The workers that a coordinator has heard of.</summary>
internal sealed class WorkerRoll(NatsLink link, string code, TimeProvider clock)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (Announcement Said, int Before, long At)> heard = new(StringComparer.Ordinal);

    /// <summary>Workers and slots heard of lately, and duplicates that workers were told of since they were heard first.</summary>
    internal (int Workers, int Slots, long Refused) Count()
    {
        lock (gate)
        {
            var present = heard.Values.Where(worker => clock.GetElapsedTime(worker.At) < Silence).ToList();
            return (
                present.Count,
                present.Sum(worker => worker.Said.Slots),
                heard.Values.Sum(worker => Math.Max(0L, (long)worker.Said.Refused - worker.Before))
            );
        }
    }

    /// <summary>Listens until the link ends.</summary>
    internal async Task ListenAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var said = link.Connection.SubscribeAsync(
                    Subjects.Hello(code),
                    serializer: NatsRawSerializer<byte[]>.Default,
                    cancellationToken: stop
                );
                await foreach (var message in said)
                    Hear(message.Data);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (NatsLink.IsTransient(error, stop))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), clock, CancellationToken.None);
            }
        }
    }

    private void Hear(byte[]? json)
    {
        if (
            json is null or { Length: > 1024 }
            || NatsJson.Read(json, NatsJson.Default.Announcement)
                is not { Id: { Length: > 0 }, Slots: > 0 and < 100_000 } said
        )
            return;

        lock (gate)
        {
            // What a worker counted before belongs to other sweeps, or to an earlier stage of this one.
            var before = heard.TryGetValue(said.Id, out var known) ? known.Before : said.Refused;
            // Whoever invents workers must not fill the memory.
            if (heard.Count < 100_000)
                heard[said.Id] = (said, before, clock.GetTimestamp());
        }
    }
}
