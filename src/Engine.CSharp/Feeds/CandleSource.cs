using System.Reactive.Concurrency;
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
    /// <exception cref="FeedException">The source contains no candles.</exception>
    public abstract CandleFeed Open(IScheduler scheduler);

    /// <summary>A synthetic market.</summary>
    /// <param name="Pair">Pair that the synthetic candles are labelled with.</param>
    /// <param name="Options">Parameters of the market.</param>
    public sealed record Synthetic(TradingPair Pair, SyntheticOptions Options) : CandleSource
    {
        /// <inheritdoc/>
        public override MarketSource Market => Options.Source(Pair);

        /// <inheritdoc/>
        public override CandleFeed Open(IScheduler scheduler) => SyntheticFeed.Open(Options, scheduler);
    }

    /// <summary>Candle files.</summary>
    /// <param name="Options">Which files, and how they are read.</param>
    public sealed record Files(ArchiveOptions Options) : CandleSource
    {
        /// <inheritdoc/>
        public override MarketSource Market => new MarketSource.Files(Options.Pair, Options.Timeframe, Options.Missing);

        /// <inheritdoc/>
        public override CandleFeed Open(IScheduler scheduler) => Archive.Open(Options, scheduler);
    }

    /// <summary>Candles from the exchange as they close.</summary>
    /// <param name="Pair">The traded pair.</param>
    /// <param name="Timeframe">Length of a candle.</param>
    public sealed record Live(TradingPair Pair, Timeframe Timeframe) : CandleSource
    {
        /// <inheritdoc/>
        public override MarketSource Market => new MarketSource.Live(Pair, Timeframe);

        /// <inheritdoc/>
        /// <exception cref="NotSupportedException">Always: live candles are not built yet.</exception>
        public override CandleFeed Open(IScheduler scheduler) =>
            throw new NotSupportedException("Live candles are not built yet.");
    }
}
