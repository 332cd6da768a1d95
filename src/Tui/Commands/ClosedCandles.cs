using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Tui.Commands;

/// <summary>Takes the candles of a feed that have closed by now; a live feed is left there.</summary>
internal static class ClosedCandles
{
    /// <summary>Takes candles until the feed ends, or a live one comes to the newest that has closed.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="market">Its market.</param>
    /// <param name="keep">Number of candles to keep at least, the newest ones; null keeps all.</param>
    /// <param name="clock">The time now.</param>
    /// <param name="write">Takes a line for each thing that happens to the connection.</param>
    /// <param name="onCandles">Called with the number of candles so far.</param>
    /// <param name="stop">Ends it at once.</param>
    /// <returns>The candles in order of time; null if it was stopped before all were there.</returns>
    /// <exception cref="FeedException">The candles cannot be had.</exception>
    public static async Task<List<Candle>?> TakeAsync(
        CandleFeed feed,
        MarketSource market,
        int? keep,
        TimeProvider clock,
        Action<string> write,
        Action<long> onCandles,
        CancellationToken stop
    )
    {
        using var health = new FeedLog(feed.Health, clock, write, tellsGaps: false);
        var kept = new List<Candle>();
        var count = 0L;
        try
        {
            // A market with an outage has fewer candles: the last one is known by its time.
            await feed
                .Candles.TakeUntil(candle => market is MarketSource.Live && IsNewest(candle))
                .Do(Keep)
                .LastOrDefaultAsync()
                .ToTask(stop)
                .ConfigureAwait(false);
            return kept;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }

        void Keep(Candle candle)
        {
            // Half of the list at a time, so that each candle is moved once at most.
            if (keep is { } length && kept.Count >= 2L * length)
                kept.RemoveRange(0, length);
            kept.Add(candle);
            onCandles(++count);
        }

        bool IsNewest(Candle candle) =>
            candle.OpenTime + 2 * market.Timeframe.Milliseconds
            > (clock.GetUtcNow() + health.Newest.ClockSkew).ToUnixTimeMilliseconds();
    }
}
