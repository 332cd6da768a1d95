using NATS.Client.JetStream;

namespace BtcBandit.Sweep.Nats;

/// <summary>The last word on a delivery. Where the server does not hear it, the unit comes again and finds its result.</summary>
internal static class Acknowledgement
{
    /// <summary>It is done; the server confirms that it will not come again.</summary>
    internal static async Task ConfirmAsync(INatsJSMsg<byte[]> message, CancellationToken stop)
    {
        try
        {
            await message.AckAsync(new AckOpts { DoubleAck = true }, stop);
        }
        catch (Exception error) when (NatsLink.IsTransient(error, stop)) { }
    }

    /// <summary>It is no unit and never will be.</summary>
    internal static async Task TerminateAsync(INatsJSMsg<byte[]> message, CancellationToken stop)
    {
        try
        {
            await message.AckTerminateAsync(cancellationToken: stop);
        }
        catch (Exception error) when (NatsLink.IsTransient(error, stop)) { }
    }

    /// <summary>Someone else may have it, after a delay. It is confirmed, as what is only sent is lost when the program ends.</summary>
    internal static async Task HandBackAsync(INatsJSMsg<byte[]> message, TimeSpan delay, CancellationToken stop) =>
        await message.NakAsync(new AckOpts { NakDelay = delay, DoubleAck = true }, stop);
}
