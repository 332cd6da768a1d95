using BtcBandit.Indicators;

namespace BtcBandit.Sweep.Markets;

/// <summary>Keeps the candles of the markets that were used last, so that those of one market are read once. Thread-safe.</summary>
/// <param name="capacity">Number of markets that are kept.</param>
internal sealed class CandleStore(int capacity = 2)
{
    private readonly Lock gate = new();
    private readonly List<(SweepMarket Market, Lazy<Candle[]> Candles)> kept = [];

    /// <summary>Returns the candles of a market.</summary>
    public Candle[] Of(SweepMarket market, CancellationToken stop)
    {
        Lazy<Candle[]> candles;
        lock (gate)
        {
            var place = kept.FindIndex(one => ReferenceEquals(one.Market, market));
            candles = place >= 0 ? kept[place].Candles : new Lazy<Candle[]>(() => market.Read(stop).Candles);
            if (place >= 0)
                kept.RemoveAt(place);
            kept.Add((market, candles));
            if (kept.Count > capacity)
                kept.RemoveAt(0);
        }
        try
        {
            return candles.Value;
        }
        catch
        {
            // What was stopped or has failed is tried again the next time.
            lock (gate)
                kept.RemoveAll(one => ReferenceEquals(one.Candles, candles));
            throw;
        }
    }

    /// <summary>Keeps candles that were read elsewhere.</summary>
    public void Keep(SweepMarket market, Candle[] candles)
    {
        lock (gate)
        {
            kept.RemoveAll(one => ReferenceEquals(one.Market, market));
            kept.Add((market, new Lazy<Candle[]>(candles)));
            if (kept.Count > capacity)
                kept.RemoveAt(0);
        }
    }
}
