using System.Net.WebSockets;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>An open connection that delivers whole messages.</summary>
internal interface IMessageConnection : IAsyncDisposable
{
    /// <summary>Waits for the next message; null once the server has closed the connection.</summary>
    /// <param name="stop">Ends the wait at once.</param>
    /// <returns>The message, valid until the next call.</returns>
    /// <exception cref="IOException">The connection is lost.</exception>
    ValueTask<ReadOnlyMemory<byte>?> Receive(CancellationToken stop);
}

/// <summary>A web socket of the runtime; it answers the server's pings while it is read.</summary>
internal sealed class SocketConnection : IMessageConnection
{
    private const int MaxMessage = 1 << 16;

    private readonly ClientWebSocket socket;
    private byte[] buffer = new byte[1 << 12];

    private SocketConnection(ClientWebSocket socket) => this.socket = socket;

    /// <summary>Opens a connection.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="timeout">Time to open it.</param>
    /// <param name="clock">Measures that time.</param>
    /// <param name="stop">Ends the attempt at once.</param>
    /// <exception cref="IOException">It cannot be opened now.</exception>
    public static async Task<IMessageConnection> Open(
        Uri address,
        TimeSpan timeout,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var opened = new ClientWebSocket();
        using var limit = new CancellationTokenSource(timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            await opened.ConnectAsync(address, both.Token);
            return new SocketConnection(opened);
        }
        catch (Exception error)
        {
            opened.Dispose();
            if (error is OperationCanceledException && !stop.IsCancellationRequested)
                throw new IOException(
                    $"{address.Host} did not open the stream within {timeout.TotalSeconds:0} s",
                    error
                );
            if (error is WebSocketException)
                throw new IOException(error.GetBaseException().Message, error);
            throw;
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>?> Receive(CancellationToken stop)
    {
        try
        {
            var used = 0;
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(used), stop);
                if (part.MessageType == WebSocketMessageType.Close)
                    return null;
                used += part.Count;
                if (part.EndOfMessage)
                    return buffer.AsMemory(0, used);
                if (used == MaxMessage)
                    throw new IOException($"a message is longer than {MaxMessage} bytes");
                if (used == buffer.Length)
                    Array.Resize(ref buffer, 2 * buffer.Length);
            }
        }
        catch (WebSocketException error)
        {
            throw new IOException(error.GetBaseException().Message, error);
        }
    }

    // No closing handshake: a peer that is gone would never answer it.
    public ValueTask DisposeAsync()
    {
        socket.Abort();
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
