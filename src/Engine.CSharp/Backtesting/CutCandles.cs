using System.Collections;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Backtesting;

/// <summary>The candles that exist in one run of a causality check: those up to a cut, and what is after it. Copies nothing.</summary>
internal sealed class CutCandles : IReadOnlyList<Candle>
{
    // The next open is often the last close, which a mirror at that close would leave where it is.
    private const double Jump = 1.01;

    private readonly IReadOnlyList<Candle> all;
    private readonly int kept;
    private readonly CutFuture future;
    private readonly double mirror;

    /// <summary>Cuts candles.</summary>
    /// <param name="all">All candles, in order of time.</param>
    /// <param name="kept">Number of candles up to the cut, at least 1.</param>
    /// <param name="future">What is after the cut.</param>
    public CutCandles(IReadOnlyList<Candle> all, int kept, CutFuture future)
    {
        (this.all, this.kept, this.future) = (all, kept, future);
        mirror = all[kept - 1].Close * Jump;
    }

    /// <inheritdoc/>
    public int Count => future == CutFuture.Removed ? kept : all.Count;

    /// <inheritdoc/>
    public Candle this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return index < kept || future != CutFuture.Mirrored ? all[index] : Mirrored(all[index]);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<Candle> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
            yield return this[index];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Division keeps the order of prices, also where it rounds, so high and low change places.
    private Candle Mirrored(in Candle candle)
    {
        var volume = Math.Min(1.0 + 2.0 * candle.Volume, double.MaxValue);
        return Candle.TryCreate(
            candle.OpenTime,
            Mirrored(candle.Open),
            Mirrored(candle.Low),
            Mirrored(candle.High),
            Mirrored(candle.Close),
            volume,
            out var mirrored,
            out _
        )
            ? mirrored
            // Prices that far apart have no mirror image among the numbers.
            : Candle.Of(candle.OpenTime, mirror, mirror, mirror, mirror, volume);
    }

    private double Mirrored(double price) => mirror / price * mirror;
}
