using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace BtcBandit.Web;

/// <summary>Serves a run to browsers and scripts.</summary>
internal sealed class WebDashboard : IAsyncDisposable
{
    // A stalled client holds at most so much in the kernel.
    private const int SendBuffer = 65_536;
    private const int MaxConnections = 512;
    private static readonly TimeSpan idle = TimeSpan.FromSeconds(20);
    private const int MaxHeaders = 16 * 1_024;
    private const int MaxRequestLine = 8 * 1_024;

    // Milliseconds in which the last metrics must be sent.
    private const int LastExport = 1_000;

    private readonly WebApplication app;
    private readonly Api api;
    private readonly WatchedRun run;
    private readonly Feed feed;
    private readonly RunMetrics metrics;
    private readonly MeterProvider? exporter;
    private readonly Action<Exception> failed;
    private readonly CancellationTokenSource stop = new();
    private readonly Task looking;
    private int isEnded;

    private WebDashboard(
        WebApplication app,
        Api api,
        WatchedRun run,
        Feed feed,
        RunMetrics metrics,
        Action<Exception> failed,
        bool exports
    )
    {
        (this.app, this.api, this.run) = (app, api, run);
        (this.feed, this.metrics, this.failed) = (feed, metrics, failed);
        // The exporter reads its settings from the environment.
        exporter = exports
            ? Sdk.CreateMeterProviderBuilder().AddMeter(RunMetrics.MeterName).AddOtlpExporter().Build()
            : null;
        looking = Task.Run(() => feed.RunAsync(failed, stop.Token));
    }

    /// <summary>Port that it listens on.</summary>
    public int Port { get; private init; }

    /// <summary>Address to open in a browser on this machine, with the token if one is asked for.</summary>
    public required string Address { get; init; }

    /// <summary>Whether the build could restore the chart.</summary>
    public required bool HasChart { get; init; }

    /// <summary>Listens, so that a port in use is known before the run begins.</summary>
    /// <param name="options">Where to listen, and whom to answer.</param>
    /// <param name="run">The run; owned by the dashboard from now on.</param>
    /// <param name="clock">Measures the times between events.</param>
    /// <param name="failed">Takes what goes wrong while it serves; it goes on.</param>
    /// <param name="exports">Whether metrics are sent by OTLP, to where the environment says.</param>
    /// <exception cref="WebException">It cannot listen there.</exception>
    public static async Task<WebDashboard> StartAsync(
        WebOptions options,
        WatchedRun run,
        TimeProvider clock,
        Action<Exception> failed,
        bool exports = false
    )
    {
        if (options is { IsLoopback: false, Token: null })
            throw new ArgumentException("An address that others can reach needs a token.", nameof(options));
        var (feed, page, gate) = (new Feed(run, options, clock), new Page(), new Gatekeeper(options));
        var meters = new RunMetrics(run, feed);
        var server = Build(options);
        var routes = new Api(run, feed, meters, options, clock);
        server.Use((context, next) => Guarded(context, next, failed));
        server.Use(gate.Check);
        server.UseResponseCompression();
        server.Run(context => (routes.Of(context.Request.Path.Value ?? "/") ?? page.Serve)(context));
        try
        {
            await server.StartAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            routes.Dispose();
            feed.Dispose();
            meters.Dispose();
            run.Dispose();
            throw Fault(error);
        }

        gate.Port = PortOf(server);
        var token = options.Token is { } secret ? $"/?token={Uri.EscapeDataString(secret)}" : "";
        return new WebDashboard(server, routes, run, feed, meters, failed, exports)
        {
            Port = gate.Port,
            Address = FormattableString.Invariant($"http://{options.Name}:{gate.Port}{token}"),
            HasChart = page.HasChart,
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isEnded, 1) == 1)
            return;
        await stop.CancelAsync().ConfigureAwait(false);
        await looking.ConfigureAwait(false);
        feed.End(failed);
        // Without a limit of its own, a collector that does not answer holds up the end of the program for five seconds.
        var lastExport = Task.Run(() => exporter?.Shutdown(LastExport));
        await app.StopAsync().ConfigureAwait(false);
        await lastExport.ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
        exporter?.Dispose();
        metrics.Dispose();
        api.Dispose();
        stop.Dispose();
        run.Dispose();
    }

    // Reads no settings of a file or of the environment: neither may open another port.
    private static WebApplication Build(WebOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A browser may try either address of localhost first.
            if (options.Host.Equals(IPAddress.Loopback) && options.Port > 0)
                kestrel.ListenLocalhost(options.Port, listen => listen.Protocols = HttpProtocols.Http1);
            else
                kestrel.Listen(options.Host, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.KeepAliveTimeout = idle;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaders;
            kestrel.Limits.MaxRequestLineSize = MaxRequestLine;
            kestrel.Limits.RequestHeadersTimeout = options.HeaderTime;
            kestrel.Limits.MaxResponseBufferSize = SendBuffer / 2;
        });
        builder.Services.Configure<SocketTransportOptions>(sockets =>
            sockets.CreateBoundListenSocket = end =>
            {
                // Accepted sockets inherit the size.
                var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(end);
                socket.SendBufferSize = SendBuffer;
                return socket;
            }
        );
        builder.Services.AddResponseCompression();
        // Signals end the run, and the run ends the server.
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        return builder.Build();
    }

    private static async Task Guarded(HttpContext context, RequestDelegate next, Action<Exception> failed)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The client has gone.
            context.Abort();
        }
        catch (Exception error)
        {
            failed(error);
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            await Answer
                .Problem(context, StatusCodes.Status500InternalServerError, "The server has a fault.")
                .ConfigureAwait(false);
        }
    }

    private static int PortOf(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        return new Uri(addresses.Addresses.First()).Port;
    }

    private static WebException Fault(Exception error)
    {
        var socket =
            error as SocketException
            ?? error.InnerException as SocketException
            ?? error.InnerException?.InnerException as SocketException;
        return socket?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => new WebException("another program uses the port", true, error),
            SocketError.AccessDenied => new WebException("the port needs more rights", true, error),
            SocketError.AddressNotAvailable => new WebException(
                "this machine does not have that address",
                false,
                error
            ),
            _ => new WebException(error.Message.ReplaceLineEndings(" "), false, error),
        };
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
