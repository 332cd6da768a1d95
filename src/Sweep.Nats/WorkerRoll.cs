using NATS.Client.Core;

namespace BtcBandit.Sweep.Nats;

/// <summary>The workers that a coordinator has heard of.</summary>
internal sealed class WorkerRoll(NatsLink link, string code, TimeProvider clock)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (Announcement Said, long At)> heard = new(StringComparer.Ordinal);

    /// <summary>Workers and slots that were heard of lately, and duplicates that any worker was told of.</summary>
    internal (int Workers, int Slots, long Refused) Count()
    {
        lock (gate)
        {
            var present = heard.Values.Where(worker => clock.GetElapsedTime(worker.At) < Silence).ToList();
            return (
                present.Count,
                present.Sum(worker => worker.Said.Slots),
                heard.Values.Sum(worker => (long)worker.Said.Refused)
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
            // Whoever invents workers must not fill the memory.
            if (heard.Count < 100_000)
                heard[said.Id] = (said, clock.GetTimestamp());
        }
    }
}
