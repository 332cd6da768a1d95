using BtcBandit.Engine.Feeds;
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
        if (spec.Halving is not null && windows[^2].To >= candles[^1].OpenTime)
            throw new SweepException($"{market.Name}: the candles end before the last of halving.days");
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
}
