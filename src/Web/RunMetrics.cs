using System.Diagnostics.Metrics;
using System.Text;
using BtcBandit.Engine.Watching;
using Microsoft.AspNetCore.Http;

namespace BtcBandit.Web;

/// <summary>The meters of a run, measured when somebody asks.</summary>
internal sealed class RunMetrics : IDisposable
{
    /// <summary>Name of the meter, by which OpenTelemetry finds it.</summary>
    public const string MeterName = "BtcBandit";

    private readonly Meter meter = new(MeterName);
    private readonly PrometheusText text;

    /// <summary>Creates the meters.</summary>
    public RunMetrics(WatchedRun watched, Feed feed)
    {
        Counter("btcbandit.candles", "{candle}", "Candles that the run has taken", () => Latest(watched)?.Candles);
        Counter("btcbandit.steps", "{step}", "Steps that the run has made", () => watched.Memory.Now?.Step);
        Counter("btcbandit.trades", "{trade}", "Executions", () => Latest(watched)?.Statistics.Trades);
        Gauge("btcbandit.equity", "{quote}", "Equity, in the quote currency", () => Latest(watched)?.Statistics.Equity);
        Gauge(
            "btcbandit.drawdown",
            "1",
            "Fall of the equity from its peak",
            () => Latest(watched)?.Statistics.Drawdown
        );
        Gauge("btcbandit.speed", "{step}/s", "Steps per second", () => feed.Now.Info.StepsPerSecond);
        Gauge(
            "btcbandit.feed.latency",
            "s",
            "Close of the newest candle to its arrival",
            () => Feed(feed)?.Latency?.TotalSeconds
        );
        Counter(
            "btcbandit.feed.reconnects",
            "{reconnect}",
            "Times a lost connection came back",
            () => Feed(feed)?.Reconnects
        );
        Counter("btcbandit.feed.missing", "{candle}", "Candles missing in gaps", () => Feed(feed)?.MissingCandles);
        Gauge("btcbandit.web.watchers", "{watcher}", "Open streams", () => feed.Watchers);
        Counter(
            "btcbandit.web.dropped",
            "{event}",
            "Events that left out steps for a slow watcher or a fast run",
            () => feed.Leaps
        );
        text = new PrometheusText(meter);
    }

    /// <summary>Answers in the text format of Prometheus.</summary>
    public Task Answer(HttpContext context) =>
        Web.Answer.Bytes(context, Encoding.UTF8.GetBytes(text.Read()), PrometheusText.ContentType);

    /// <inheritdoc/>
    public void Dispose()
    {
        text.Dispose();
        meter.Dispose();
    }

    private static Engine.Trading.Step? Latest(WatchedRun watched) => watched.Memory.Now?.Latest;

    private static Engine.Feeds.FeedHealth? Feed(Feed feed) => (feed.Now.Info.Mode as RunMode.Live)?.Health;

    private void Counter(string name, string unit, string description, Func<long?> read) =>
        meter.CreateObservableCounter(name, () => Measured(read()), unit, description);

    private void Gauge(string name, string unit, string description, Func<double?> read) =>
        meter.CreateObservableGauge(name, () => Measured(read()), unit, description);

    // What is not known is not measured.
    private static IEnumerable<Measurement<T>> Measured<T>(T? value)
        where T : struct => value is { } known ? [new Measurement<T>(known)] : [];
}
