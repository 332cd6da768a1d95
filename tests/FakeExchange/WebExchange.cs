using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BtcBandit.FakeExchange;

/// <summary>The exchange behind real sockets on this machine.</summary>
public sealed class WebExchange : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly Market market;
    private readonly TimeProvider clock;
    private volatile bool isUnplugged;

    private WebExchange(Market market, TimeProvider clock, int port)
    {
        (this.market, this.clock) = (market, clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        application = builder.Build();
        application.UseWebSockets();
        application.Run(context => context.WebSockets.IsWebSocketRequest ? Stream(context) : Rest(context));
    }

    /// <summary>The address of the REST interface; that of the streams has the same host and port.</summary>
    public Uri Address =>
        new(
            application
                .Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!
                .Addresses.First()
        );

    /// <summary>Whether every connection is reset, as if there were no network.</summary>
    public bool IsUnplugged
    {
        get => isUnplugged;
        set => isUnplugged = value;
    }

    /// <summary>Starts to listen.</summary>
    /// <param name="market">The market.</param>
    /// <param name="clock">The clock of the market.</param>
    /// <param name="port">Port on this machine; 0 takes a free one.</param>
    public static async Task<WebExchange> Start(Market market, TimeProvider clock, int port)
    {
        var exchange = new WebExchange(market, clock, port);
        await exchange.application.StartAsync();
        return exchange;
    }

    /// <summary>Waits until the program is asked to end.</summary>
    public Task Wait() => application.WaitForShutdownAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => application.DisposeAsync();

    private async Task Rest(HttpContext context)
    {
        var stop = context.RequestAborted;
        if (isUnplugged)
        {
            context.Abort();
            return;
        }
        var answer = market.Rest($"{context.Request.Path}{context.Request.QueryString}");
        if (answer.Manner == Manner.Reset)
        {
            context.Abort();
            return;
        }
        try
        {
            if (answer.Manner == Manner.Never)
                await Delay.For(TimeSpan.FromHours(20), clock, stop);
            var response = context.Response;
            response.StatusCode = answer.Status;
            response.ContentType = "application/json;charset=UTF-8";
            response.ContentLength = answer.Body.Length;
            response.Headers["X-MBX-USED-WEIGHT-1M"] = $"{answer.UsedWeight}";
            if (answer.RetryAfter > 0)
                response.Headers.RetryAfter = $"{answer.RetryAfter}";
            var half = answer.Manner is Manner.Slow or Manner.Cut ? answer.Body.Length / 2 : answer.Body.Length;
            await response.Body.WriteAsync(answer.Body.AsMemory(0, half), stop);
            await response.Body.FlushAsync(stop);
            if (answer.Manner == Manner.Cut)
                context.Abort();
            if (answer.Manner != Manner.Slow)
                return;
            await Delay.For(TimeSpan.FromSeconds(9), clock, stop);
            await response.Body.WriteAsync(answer.Body.AsMemory(half), stop);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The client has gone.
        }
    }

    private async Task Stream(HttpContext context)
    {
        if (isUnplugged || market.Refuses())
        {
            context.Abort();
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var isCombined = context.Request.Path.StartsWithSegments("/stream", StringComparison.Ordinal);
        var frames = new SocketFrames(context, socket, isCombined ? "btcusdt@kline_1m" : null, () => isUnplugged);
        var reading = Read(socket, gone);
        try
        {
            await market.Stream(frames, gone.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException or IOException)
        {
            // The client has gone, or the plug is pulled.
        }
        await gone.CancelAsync();
        await reading;
    }

    // Reads what the client sends, so that pings are answered and its end is noticed.
    private static async Task Read(WebSocket socket, CancellationTokenSource gone)
    {
        var buffer = new byte[1_024];
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer, gone.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                    break;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException or IOException)
        {
            // Either side has ended it.
        }
        await gone.CancelAsync();
    }

    private sealed class SocketFrames(HttpContext context, WebSocket socket, string? name, Func<bool> isUnplugged)
        : IFrames
    {
        public async ValueTask Send(byte[] message)
        {
            if (isUnplugged())
            {
                context.Abort();
                throw new IOException("unplugged");
            }
            var sent = name is null
                ? message
                : Encoding.UTF8.GetBytes($"{{\"stream\":\"{name}\",\"data\":{Encoding.UTF8.GetString(message)}}}");
            await socket.SendAsync(sent, WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
        }

        public async ValueTask Close() =>
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);

        public ValueTask Reset()
        {
            context.Abort();
            return ValueTask.CompletedTask;
        }

        public void Hang()
        {
            // Nothing is sent any more; the socket stays open.
        }
    }
}
