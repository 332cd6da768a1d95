using BtcBandit.Engine.Feeds;
using BtcBandit.Indicators;
using BtcBandit.Sweep.Markets;
using BtcBandit.Sweep.Spec;

namespace BtcBandit.Sweep.Runs;

/// <summary>The candles of one window.</summary>
/// <param name="Window">The window.</param>
/// <param name="Data">Hash of its candles.</param>
/// <param name="Candles">Number of its candles.</param>
public sealed record WindowData(Window Window, string Data, int Candles);

/// <summary>What a market of a sweep holds.</summary>
/// <param name="Market">The market.</param>
/// <param name="Candles">Number of its candles.</param>
/// <param name="Windows">Its windows, in order of time.</param>
/// <param name="Report">What was dropped or missing when it was read.</param>
public sealed record MarketData(SweepMarket Market, int Candles, IReadOnlyList<WindowData> Windows, FeedReport Report)
{
    /// <summary>Reads a market and cuts it into windows.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="market">The market.</param>
    /// <param name="store">Keeps the candles for the runs.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="SweepException">The candles are too few.</exception>
    internal static MarketData Read(SweepSpec spec, SweepMarket market, CandleStore store, CancellationToken stop)
    {
        var (candles, report) = market.Read(stop);
        if (candles.Length == 0)
            throw new SweepException($"{market.Name}: there are no candles");
        var windows = WindowPlanner.Windows(spec, candles, market.Source.Market.Timeframe.Milliseconds);
        if (windows.Count == 0)
            throw new SweepException($"{market.Name}: the candles are too few for one fold");
        if (spec.Halving is { } halving)
            ThrowUnlessFilled(market, halving, windows, candles);
        store.Keep(market, candles);
        return new MarketData(market, candles.Length, [.. windows.Select(Data)], report);

        WindowData Data(Window window)
        {
            var slice = candles.AsSpan(
                WindowPlanner.PlaceOf(candles, window.From)..WindowPlanner.PlaceOf(candles, window.To)
            );
            return new WindowData(window, UnitRunner.HashOf(slice), slice.Length);
        }
    }

    private static void ThrowUnlessFilled(
        SweepMarket market,
        HalvingSpec halving,
        IReadOnlyList<Window> windows,
        Candle[] candles
    )
    {
        var end = candles[^1].OpenTime + market.Source.Market.Timeframe.Milliseconds;
        for (var rung = 0; rung < windows.Count; rung++)
        {
            var days = halving.Days[rung];
            if (windows[rung].To > end)
                throw new SweepException($"{market.Name}: the candles end before day {days} of halving.days");
            if (!WindowPlanner.IsFilled(candles, windows[rung].Seam, windows[rung].To))
                throw new SweepException(
                    $"{market.Name}: most of the days up to day {days} of halving.days have no candles"
                );
        }
    }
}
