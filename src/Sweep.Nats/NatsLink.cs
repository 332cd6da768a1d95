using NATS.Client.Core;
using NATS.Client.JetStream;

namespace BtcBandit.Sweep.Nats;

/// <summary>
/// A connection that survives a server that goes away and comes back, and that ends at once where waiting does not help:
/// a password or a right that is missing. The client library only logs those.
/// </summary>
internal sealed class NatsLink : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    private readonly TimeProvider clock;
    private readonly CancellationTokenSource end;
    private NatsFaultException? fault;
    private bool isAway;

    private NatsLink(NatsOptions options, NatsConnection connection, CancellationToken stop)
    {
        Connection = connection;
        clock = options.Clock;
        end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        End = end.Token;
        Streams = new NatsJSContext(connection);
        Server = connection.Opts.Url;
        connection.ServerError += OnServerError;
        connection.ConnectionDisconnected += OnDisconnected;
        connection.ConnectionOpened += OnOpened;
    }

    /// <summary>Hears in words that the server goes away and comes back; on any thread.</summary>
    internal Action<string>? OnNews { get; set; }

    internal NatsConnection Connection { get; }

    internal NatsJSContext Streams { get; }

    internal string Server { get; }

    /// <summary>Largest message of this server in bytes, headers included.</summary>
    internal int MaxPayload => Connection.ServerInfo?.MaxPayload ?? 1 << 20;

    /// <summary>Cancelled by the user's stop and by a fault.</summary>
    internal CancellationToken End { get; }

    /// <summary>Connects; everything that would never work is said here.</summary>
    /// <exception cref="NatsFaultException">The server cannot be used as it is.</exception>
    internal static async Task<NatsLink> ConnectAsync(NatsOptions options, string name, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var connection = new NatsConnection(ServerAddress.ToClientOptions(options, name));
        var link = new NatsLink(options, connection, stop);
        try
        {
            await connection.ConnectAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), options.Clock, stop);
            ServerCheck.Check(connection.ServerInfo!, options);
            return link;
        }
        catch (Exception error)
        {
            await link.DisposeAsync();
            if (error is NatsException or TimeoutException)
                throw link.fault ?? ServerCheck.Explain(error, options);

            throw;
        }
    }

    /// <summary>Throws the fault that ended the link, where one did.</summary>
    internal void ThrowIfFaulted()
    {
        if (fault is not null)
            throw fault;
    }

    /// <summary>Ends the link for a reason that waiting does not mend.</summary>
    internal void Fail(NatsFaultException reason)
    {
        _ = Interlocked.CompareExchange(ref fault, reason, null);
        try
        {
            end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // An event that came while the link was closed.
        }
    }

    /// <summary>Does something again until the server confirms it.</summary>
    /// <exception cref="NatsJSApiException">The server refuses it, whenever it is asked.</exception>
    /// <exception cref="OperationCanceledException">It was stopped, or a fault ended the link.</exception>
    internal async Task<T> AgainAsync<T>(Func<CancellationToken, ValueTask<T>> action, CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                return await action(stop);
            }
            catch (NatsJSApiException error) when (ServerCheck.IsLimit(error.Error))
            {
                Fail(
                    new(
                        NatsFaultKind.Limit,
                        $"The server at {Server} has no room for this: {error.Error.Description}.",
                        error
                    )
                );
            }
            catch (Exception error) when (IsTransient(error, stop)) { }

            await Task.Delay(Pause, clock, stop);
        }
    }

    /// <returns>True for a server that is away, starting, or too busy to answer in time.</returns>
    internal static bool IsTransient(Exception error, CancellationToken stop) =>
        error switch
        {
            NatsJSApiException api => api.Error.Code == 503 || api.Error.ErrCode == 10008,
            NatsPayloadTooLargeException => false,
            NatsException or TimeoutException or IOException or System.Net.Sockets.SocketException => true,
            OperationCanceledException => !stop.IsCancellationRequested,
            _ => false,
        };

    /// <summary>
    /// Ends three seconds after <see cref="End"/>: what is done already is still delivered, but a stop does not wait for a
    /// server that is away.
    /// </summary>
    internal Grace AllowLastWords() => new(LastWords, clock, End);

    /// <summary>Waits without being late for a stop.</summary>
    internal Task DelayAsync(TimeSpan time) => Task.Delay(time, clock, End);

    public async ValueTask DisposeAsync()
    {
        Connection.ServerError -= OnServerError;
        Connection.ConnectionDisconnected -= OnDisconnected;
        Connection.ConnectionOpened -= OnOpened;
        await Connection.DisposeAsync();
        end.Dispose();
    }

    private ValueTask OnDisconnected(object? sender, NatsEventArgs news)
    {
        if (!isAway && !End.IsCancellationRequested)
        {
            isAway = true;
            OnNews?.Invoke($"the NATS server at {Server} is away; waiting for it");
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask OnOpened(object? sender, NatsEventArgs news)
    {
        if (isAway)
        {
            isAway = false;
            OnNews?.Invoke($"the NATS server at {Server} is back");
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask OnServerError(object? sender, NatsServerErrorEventArgs error)
    {
        if (ServerCheck.Explain(error.Error, Connection.Opts) is { } reason)
            Fail(reason);

        return ValueTask.CompletedTask;
    }
}
