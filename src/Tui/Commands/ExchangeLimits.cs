using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Feeds.Binance;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Commands;

/// <summary>Asks the exchange for a pair's limits on orders.</summary>
internal static class ExchangeLimits
{
    /// <summary>Returns the limits that the exchange states now; null if the candles are not live.</summary>
    /// <param name="source">Where candles come from.</param>
    /// <param name="clock">Measures the waits.</param>
    /// <param name="write">Takes a line for each reason to wait.</param>
    /// <param name="stop">Ends it at once.</param>
    /// <exception cref="FeedException">No host has answered, or the exchange does not trade the pair.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<ExchangeRules?> AskAsync(
        CandleSource source,
        TimeProvider clock,
        Action<string> write,
        CancellationToken stop
    )
    {
        if (source is not CandleSource.Live live)
            return null;
        var told = "";
        var filters = await live.FiltersAsync(clock, Tell, stop).ConfigureAwait(false);
        if (!filters.IsTraded)
        {
            var fault = new FeedFault.NotTraded(live.Hosts.Rest.Host, live.Pair, filters.Status);
            if (!live.WaitsForNetwork)
                throw new FeedException(fault);
            write($"{fault}; the run waits for it");
        }

        return ExchangeRules.OfFilters(
            filters.LotSize,
            filters.SmallestNotional,
            filters.LargestQuantity,
            filters.TickSize
        );

        void Tell(ExchangeNotice notice)
        {
            if (notice.Kind == ExchangeNoticeKind.Answered || notice.Reason == told)
                return;
            told = notice.Reason;
            write(
                notice.Kind == ExchangeNoticeKind.Retrying
                    ? $"waiting for {live.Hosts.Rest.Host}: {told}"
                    : $"{live.Hosts.Rest.Host}: {DownloadText.Wait(notice)}"
            );
        }
    }
}
