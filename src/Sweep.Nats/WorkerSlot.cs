using NATS.Client.Core;
using NATS.Client.JetStream;

namespace BtcBandit.Sweep.Nats;

/// <summary>One thread of a worker: it asks for a unit only when it is free, so that nothing unworked is leased.</summary>
internal sealed class WorkerSlot(
    NatsLink link,
    string code,
    UnitHandler handler,
    WorkerLedger ledger,
    TimeSpan? untilIdle
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long one question to the server stays open.</summary>
    private readonly TimeSpan patience = TimeSpan.FromTicks(
        Math.Clamp(
            (untilIdle ?? TimeSpan.FromSeconds(5)).Ticks / 2,
            TimeSpan.TicksPerSecond,
            5 * TimeSpan.TicksPerSecond
        )
    );

    internal async Task RunAsync()
    {
        INatsJSConsumer? consumer = null;
        while (!link.End.IsCancellationRequested && !IsIdle())
        {
            INatsJSMsg<byte[]>? message;
            try
            {
                consumer ??= await link.Streams.GetConsumerAsync(Subjects.Jobs, code, link.End);
                message = await consumer.NextAsync(
                    NatsRawSerializer<byte[]>.Default,
                    new NatsJSNextOpts { Expires = patience },
                    link.End
                );
            }
            catch (Exception error) when (IsGoneForNow(error))
            {
                // No sweep of this code is on the server, or no server.
                consumer = null;
                await link.DelayAsync(Pause);
                continue;
            }

            if (message is not null)
                await handler.HandleAsync(message, consumer.Info.Config.AckWait);
        }
    }

    private bool IsGoneForNow(Exception error) =>
        NatsLink.IsTransient(error, link.End)
        || error is NatsJSApiException { Error.Code: 404 }
        || error is NatsJSProtocolException;

    private bool IsIdle() => untilIdle is { } time && ledger.Idle() >= time;
}
