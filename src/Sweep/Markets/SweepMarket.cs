using System.Globalization;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Runtime.ExceptionServices;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Sweep.Markets;

/// <summary>A market of a sweep: one pair, one length of candles, one set of files or one synthetic market.</summary>
/// <param name="Set">Name of the set of files in the spec; empty if it has none, and for a synthetic market.</param>
/// <param name="Source">Where its candles come from.</param>
/// <param name="Most">Number of candles of a synthetic market; null for files.</param>
/// <param name="EdgeBps">Edge that was planted in a synthetic market, basis points; null if it has that of its world.</param>
public sealed record SweepMarket(string Set, CandleSource Source, int? Most = null, double? EdgeBps = null)
{
    /// <summary>Name of the pair; world and seed of a synthetic market.</summary>
    public string Symbol =>
        Source.Market is MarketSource.Synthetic synthetic
            ? string.Create(CultureInfo.InvariantCulture, $"{synthetic.World.Name()} {synthetic.Seed}")
            : $"{Source.Market.Pair}";

    /// <summary>Name of the market in a report: the pair, with the name of the set in front if it has one.</summary>
    public string Label => Set.Length == 0 ? Symbol : $"{Set} {Symbol}";

    /// <summary>Name of the market with the length of a candle, such as <c>BTC/USDT 5m</c>.</summary>
    public string Name => $"{Label} {Source.Market.Timeframe}";

    /// <summary>Reads all candles, guarded.</summary>
    /// <param name="stop">Ends the reading.</param>
    /// <returns>The candles in order of time, and what the guard reported.</returns>
    /// <exception cref="FeedException">The files cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public (Candle[] Candles, FeedReport Report) Read(CancellationToken stop)
    {
        // The immediate one never hears that an endless feed has given enough.
        var feed = Source.Open(
            CurrentThreadScheduler.Instance,
            static () => new FeedStart(null, 0),
            TimeProvider.System
        );
        var candles = new List<Candle>();
        var taken = Most is { } count ? feed.Candles.Take(count) : feed.Candles;
        Exception? error = null;
        using (taken.TakeWhile(_ => !stop.IsCancellationRequested).Subscribe(candles.Add, thrown => error = thrown)) { }
        stop.ThrowIfCancellationRequested();
        if (error is not null)
            ExceptionDispatchInfo.Throw(error);
        return ([.. candles], feed.Report);
    }
}
