using NATS.Client.JetStream;

namespace BtcBandit.Sweep.Nats;

/// <summary>Renews the lease of a unit every third of it, and every second and a half at the least, until disposed.</summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    // All sweeps of a code share one lease, which a coordinator may shorten, to five seconds at the least, after a worker saw it.
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1.5);

    private readonly CancellationTokenSource end = new();
    private readonly Task beating;

    internal Heartbeat(INatsJSMsg<byte[]> message, TimeSpan lease, TimeProvider clock) =>
        beating = BeatAsync(message, lease / 3 < Most ? lease / 3 : Most, clock, end.Token);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await beating;
        end.Dispose();
    }

    private static async Task BeatAsync(
        INatsJSMsg<byte[]> message,
        TimeSpan every,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(every, clock, stop);
                await message.AckProgressAsync(cancellationToken: stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (NatsLink.IsTransient(error, stop))
            {
                // The server is away; the next beat tries again.
            }
        }
    }
}
