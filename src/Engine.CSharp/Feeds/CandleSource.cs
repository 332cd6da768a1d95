using System.Reactive.Concurrency;
using BtcBandit.Engine.Feeds.Binance;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Feeds.Synthetic;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds;

/// <summary>Where candles come from, with everything needed to open them. A closed union.</summary>
public abstract record CandleSource
{
    private CandleSource() { }

    /// <summary>The market of the candles; runs on them are saved under it.</summary>
    public abstract MarketSource Market { get; }

    /// <summary>Opens the feed; nothing is read before its candles are subscribed to.</summary>
    /// <param name="scheduler">Runs the loop that reads and pushes candles.</param>
    /// <param name="start">Where a live feed begins; asked when its candles are subscribed to.</param>
    /// <param name="clock">Measures the waits of a live feed and dates its events.</param>
    /// <exception cref="FeedException">The source contains no candles.</exception>
    public abstract CandleFeed Open(IScheduler scheduler, Func<FeedStart> start, TimeProvider clock);

    /// <summary>A synthetic market.</summary>
    /// <param name="Pair">Pair that the synthetic candles are labelled with.</param>
    /// <param name="Options">Parameters of the market.</param>
    public sealed record Synthetic(TradingPair Pair, SyntheticOptions Options) : CandleSource
    {
        /// <inheritdoc/>
        public override MarketSource Market => Options.Source(Pair);

        /// <inheritdoc/>
        public override CandleFeed Open(IScheduler scheduler, Func<FeedStart> start, TimeProvider clock) =>
            SyntheticFeed.Open(Options, scheduler);
    }

    /// <summary>Candle files.</summary>
    /// <param name="Options">Which files, and how they are read.</param>
    public sealed record Files(ArchiveOptions Options) : CandleSource
    {
        /// <inheritdoc/>
        public override MarketSource Market => new MarketSource.Files(Options.Pair, Options.Timeframe, Options.Missing);

        /// <inheritdoc/>
        public override CandleFeed Open(IScheduler scheduler, Func<FeedStart> start, TimeProvider clock) =>
            Archive.Open(Options, scheduler);
    }

    /// <summary>Candles from the exchange as they close.</summary>
    /// <param name="Pair">The traded pair.</param>
    /// <param name="Timeframe">Length of a candle.</param>
    /// <param name="Hosts">Where its candles come from.</param>
    public sealed record Live(TradingPair Pair, Timeframe Timeframe, BinanceHosts Hosts) : CandleSource
    {
        /// <summary>Whether the feed waits for a host that has never answered, instead of ending after some seconds.</summary>
        public bool WaitsForNetwork { get; init; }

        /// <summary>Folder in which each closed candle is appended to a file of its month; null records nothing.</summary>
        public string? RecordIn { get; init; }

        /// <inheritdoc/>
        public override MarketSource Market => new MarketSource.Live(Pair, Timeframe);

        /// <summary>Asks the exchange for the pair's limits on orders.</summary>
        /// <param name="clock">Measures the waits.</param>
        /// <param name="hear">Takes retries and waits, as they happen.</param>
        /// <param name="stop">Ends it at once.</param>
        /// <exception cref="FeedException">No host has answered, or the exchange does not have the pair.</exception>
        /// <exception cref="OperationCanceledException">It was stopped.</exception>
        public async Task<PairFilters> FiltersAsync(
            TimeProvider clock,
            Action<ExchangeNotice> hear,
            CancellationToken stop
        )
        {
            var exchange = BinanceFeed.Connect(Pair, Timeframe, Hosts, BinanceFeed.Patience(WaitsForNetwork), clock);
            using var notices = exchange.Notices.Subscribe(hear);
            return await exchange.Filters(stop).ConfigureAwait(false);
        }

        /// <inheritdoc/>
        public override CandleFeed Open(IScheduler scheduler, Func<FeedStart> start, TimeProvider clock) =>
            BinanceFeed.Open(Pair, Timeframe, Hosts, start, clock, WaitsForNetwork, RecordIn).On(scheduler);
    }
}
