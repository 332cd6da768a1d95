using System.Text.Json;
using NATS.Client.Core;

namespace BtcBandit.Sweep.Nats;

/// <summary>Tells every two seconds that a worker is there. Nobody need listen.</summary>
internal sealed class Announcer(NatsLink link, string code, int slots, WorkerLedger ledger, TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly string id = $"{Environment.MachineName}-{Environment.ProcessId}-{clock.GetTimestamp()}";

    internal async Task RunAsync(CancellationToken stop)
    {
        var last = new Announcement("", 0, 0, 0, 0);
        var said = clock.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var count = ledger.Count();
                var now = new Announcement(id, slots, count.Busy, count.Done, count.Refused);
                if (now.Refused != last.Refused || last.Slots == 0 || clock.GetElapsedTime(said) >= Every)
                {
                    (last, said) = (now, clock.GetTimestamp());
                    await link.Connection.PublishAsync(
                        Subjects.Hello(code),
                        JsonSerializer.SerializeToUtf8Bytes(now, NatsJson.Default.Announcement),
                        serializer: NatsRawSerializer<byte[]>.Default,
                        cancellationToken: stop
                    );
                }

                await Task.Delay(TimeSpan.FromMilliseconds(500), clock, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (NatsLink.IsTransient(error, stop))
            {
                await Task.Delay(Every, clock, CancellationToken.None);
            }
        }
    }
}
