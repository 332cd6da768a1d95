using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Binance;
using BtcBandit.Tui.Host;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Fetches the candles of a range into monthly files.</summary>
public static class DownloadCommand
{
    private const string CandlesFolder = "candles";

    /// <summary>Fetches what is not there yet.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(DownloadOptions options, ConsoleHost host)
    {
        using var signals = new StopSignals(null, host.Clock);
        var rest = BinanceFeed.Rest(options.Rest, new BinanceOptions(), host.Clock);
        return await RunAsync(options, rest, host, signals).ConfigureAwait(false);
    }

    /// <summary>Fetches with a client of the caller's.</summary>
    internal static async Task<int> RunAsync(
        DownloadOptions options,
        BinanceRest rest,
        ConsoleHost host,
        StopSignals signals
    )
    {
        // The exchange's clock decides, unless this one would have to be wrong by a day.
        if (options.From >= host.Clock.GetUtcNow().AddDays(1))
        {
            host.Log($"btcbandit download: --from {Time(options.From)}: a time in the past is needed");
            return ExitCode.WrongUsage;
        }

        var bar = new DownloadBar(host);
        using var notices = rest.Notices.Subscribe(notice => bar.Show(notice));
        try
        {
            var download = new CandleDownload(
                rest,
                options.Pair,
                options.Timeframe,
                Path.Combine(options.DataDir, CandlesFolder),
                bar.Show,
                signals.Token
            );
            var report = await download
                .Run(options.From.ToUnixTimeMilliseconds(), options.To?.ToUnixTimeMilliseconds())
                .ConfigureAwait(false);
            bar.Clear();
            return Conclude(report, options, rest, host);
        }
        // A request that is broken off may end in an error of its own.
        catch (Exception) when (signals.ExitCode is { } code)
        {
            bar.Clear();
            host.Log("stopped; all files are whole, and the same command goes on from here");
            return code;
        }
        catch (FeedException error)
        {
            bar.Clear();
            return Fail(host, FeedFaultText.Of(error.Fault, hasOtherSources: false));
        }
    }

    private static int Conclude(DownloadReport report, DownloadOptions options, BinanceRest rest, ConsoleHost host)
    {
        if (report.Candles == 0)
        {
            var until = options.To is { } to ? $"before {Time(to)}" : "until now";
            return Fail(
                host,
                $"{rest.Host} has no closed candle of {options.Pair} {options.Timeframe} from {Time(options.From)} on, {until}"
            );
        }

        foreach (var line in DownloadText.Gaps(report))
            host.Log(line);
        host.Out.WriteLine(options.Json ? report.ToJson() : DownloadText.Summary(report));
        host.Out.Flush();
        return ExitCode.Done;
    }

    private static string Time(DateTimeOffset time) => $"{StepLine.Time(time.ToUnixTimeMilliseconds())} UTC";

    private static int Fail(ConsoleHost host, string line)
    {
        host.Log($"btcbandit download: {line}");
        return ExitCode.Failed;
    }
}
