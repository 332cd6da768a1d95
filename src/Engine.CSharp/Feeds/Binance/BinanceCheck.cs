using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>What an exchange says of candles that it sent before.</summary>
/// <param name="Compared">Number of candles that it still has.</param>
/// <param name="Restated">Number of those that have other values now.</param>
/// <param name="FirstRestated">Open time of the first of them, ms UTC; null if there is none.</param>
/// <param name="Missing">Number of candles that it has no longer.</param>
public sealed record SecondLook(long Compared, long Restated, long? FirstRestated, long Missing);

/// <summary>Asks the exchange once more for candles that a feed has handed on.</summary>
public static class BinanceCheck
{
    private const long SettleTime = 10_000;

    /// <summary>Compares candles with what the exchange says of them now.</summary>
    /// <param name="candles">Candles in order of time.</param>
    /// <param name="pair">The traded pair.</param>
    /// <param name="timeframe">Length of a candle.</param>
    /// <param name="hosts">Where its candles come from.</param>
    /// <param name="patience">How long all answers together may take.</param>
    /// <param name="clock">Measures that time.</param>
    /// <returns>What it says; null if it does not answer in time.</returns>
    public static async Task<SecondLook?> LookAsync(
        IReadOnlyList<Candle> candles,
        TradingPair pair,
        Timeframe timeframe,
        BinanceHosts hosts,
        TimeSpan patience,
        TimeProvider clock
    )
    {
        ArgumentNullException.ThrowIfNull(candles);
        ArgumentNullException.ThrowIfNull(pair);
        ArgumentNullException.ThrowIfNull(hosts);
        using var time = new CancellationTokenSource(patience, clock);
        var options = new BinanceOptions { GiveUpAfter = patience, AttemptTimeout = patience };
        var exchange = BinanceFeed.Connect(pair, timeframe, hosts, options, clock);
        try
        {
            // A server may be behind about what has just closed.
            var settled =
                await exchange.ServerTime(time.Token).ConfigureAwait(false) - timeframe.Milliseconds - SettleTime;
            var old = candles.TakeWhile(candle => candle.OpenTime <= settled).ToList();
            return await Compare(old, exchange, time.Token).ConfigureAwait(false);
        }
        // A request that is broken off may end in an error of its own.
        catch (Exception error) when (error is FeedException || time.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Compares candles with the pages of an exchange.</summary>
    internal static async Task<SecondLook> Compare(
        IReadOnlyList<Candle> candles,
        IKlineExchange exchange,
        CancellationToken stop
    )
    {
        var look = new SecondLook(0, 0, null, 0);
        for (var index = 0; index < candles.Count; )
        {
            var page = await exchange.Klines(candles[index].OpenTime, stop).ConfigureAwait(false);
            if (page.Count == 0)
                return look with { Missing = look.Missing + candles.Count - index };
            var rows = page.ToDictionary(row => row.OpenTime, row => row.Candle);
            for (; index < candles.Count && candles[index].OpenTime <= page[^1].OpenTime; index++)
            {
                if (!rows.TryGetValue(candles[index].OpenTime, out var now))
                {
                    look = look with { Missing = look.Missing + 1 };
                    continue;
                }
                look = look with { Compared = look.Compared + 1 };
                if (!now.Equals(candles[index]))
                    look = look with
                    {
                        Restated = look.Restated + 1,
                        FirstRestated = look.FirstRestated ?? candles[index].OpenTime,
                    };
            }
        }
        return look;
    }
}
