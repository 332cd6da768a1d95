using BtcBandit.Engine.Domain;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Pipeline;

/// <summary>A decision whose horizon has passed.</summary>
/// <param name="Decision">What was seen and chosen.</param>
/// <param name="Return">From the open after the decision to the open a horizon later, a fraction.</param>
/// <param name="SpansGap">Whether candles were missing in between: money is money, but nothing is learned from it.</param>
internal readonly record struct MaturedOutcome(PendingOutcome Decision, double Return, bool SpansGap);

/// <summary>The last horizon + 1 decisions, in a ring: nothing grows with the run.</summary>
internal sealed class PendingOutcomes
{
    private readonly PendingOutcome[] ring;
    private readonly long span;
    private int oldest;
    private int count;

    public PendingOutcomes(int horizon, Timeframe timeframe, ReadOnlySpan<PendingOutcome> saved)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        if (saved.Length > horizon + 1)
            throw new InvalidDataException($"{saved.Length} pending outcomes do not fit a horizon of {horizon}");
        ring = new PendingOutcome[horizon + 1];
        span = (horizon + 1) * timeframe.Milliseconds;
        saved.CopyTo(ring);
        count = saved.Length;
    }

    /// <summary>Adds the newest decision.</summary>
    public void Add(in PendingOutcome decision)
    {
        ring[Slot(count)] = decision;
        count++;
    }

    /// <summary>Tells the newest decision its entry price, and gives the oldest one when its horizon ends at this open.</summary>
    public MaturedOutcome? Mature(in Candle candle)
    {
        if (count == 0)
            return null;
        ref var newest = ref ring[Slot(count - 1)];
        newest = newest with { EntryPrice = candle.Open };
        if (count < ring.Length)
            return null;

        var decision = ring[oldest];
        oldest = Slot(1);
        count--;
        var entry = decision.EntryPrice!.Value;
        return new MaturedOutcome(decision, candle.Open / entry - 1.0, candle.OpenTime - decision.OpenTime != span);
    }

    /// <summary>A copy, oldest first.</summary>
    public PendingOutcome[] ToArray()
    {
        var copy = new PendingOutcome[count];
        for (var i = 0; i < count; i++)
            copy[i] = ring[Slot(i)];
        return copy;
    }

    private int Slot(int position) => (oldest + position) % ring.Length;
}
