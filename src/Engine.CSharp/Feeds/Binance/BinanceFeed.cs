using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>Live candles of Binance's spot market.</summary>
public static class BinanceFeed
{
    private static readonly TimeSpan connectTime = TimeSpan.FromSeconds(10);

    /// <summary>Opens a feed; nothing is asked for before its candles are subscribed to.</summary>
    /// <param name="pair">The traded pair.</param>
    /// <param name="timeframe">Length of a candle.</param>
    /// <param name="hosts">Where its candles come from.</param>
    /// <param name="start">Where it begins; asked at each subscription.</param>
    /// <param name="clock">Measures the waits and dates the events. It must not run faster than real time: sockets do not.</param>
    /// <param name="waitsForNetwork">Whether it waits for a host that has never answered, instead of ending after some
    /// seconds.</param>
    /// <param name="recordIn">Folder in which each closed candle is appended to a file of its month, as
    /// <c>BTCUSDT/1m/BTCUSDT-1m-2024-03.csv</c>; null records nothing.</param>
    /// <returns>
    /// The feed: history, then each candle as it closes, without gaps but those of the exchange itself. Whatever can get
    /// better is tried again; it ends with a <see cref="FeedException"/> if no host has ever answered, or the exchange does
    /// not have the pair.
    /// </returns>
    public static CandleFeed Open(
        TradingPair pair,
        Timeframe timeframe,
        BinanceHosts hosts,
        Func<FeedStart> start,
        TimeProvider clock,
        bool waitsForNetwork = false,
        string? recordIn = null
    )
    {
        ArgumentNullException.ThrowIfNull(pair);
        ArgumentNullException.ThrowIfNull(hosts);
        var exchange = Connect(pair, timeframe, hosts, Patience(waitsForNetwork), clock);
        var record = recordIn is null ? null : new KlineArchive(recordIn, pair, timeframe);
        return CandleFeed.Live(
            KlineFeed.Events(exchange, timeframe, start, new KlineFeedOptions(), clock, record),
            timeframe
        );
    }

    /// <summary>How patient a client is.</summary>
    /// <param name="waitsForNetwork">Whether it waits for a host that has never answered.</param>
    internal static BinanceOptions Patience(bool waitsForNetwork) =>
        waitsForNetwork ? new BinanceOptions { GiveUpAfter = null } : new BinanceOptions();

    /// <summary>Makes a client; its connections close when they are idle.</summary>
    internal static IKlineExchange Connect(
        TradingPair pair,
        Timeframe timeframe,
        BinanceHosts hosts,
        BinanceOptions options,
        TimeProvider clock
    ) =>
        new BinanceExchange(
            pair,
            timeframe,
            Rest(hosts.Rest, options, clock),
            (path, stop) => SocketConnection.Open(new Uri(hosts.Stream, path), options.AttemptTimeout, clock, stop)
        );

    /// <summary>Makes a client of the REST interface alone; its connections close when they are idle.</summary>
    internal static BinanceRest Rest(Uri host, BinanceOptions options, TimeProvider clock)
    {
        // A new connection now and then finds hosts that have moved.
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = connectTime,
            UseCookies = false,
        };
        return new BinanceRest(new HttpMessageInvoker(handler), host, options, clock);
    }
}
