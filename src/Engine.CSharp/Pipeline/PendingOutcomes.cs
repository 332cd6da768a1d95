using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Pipeline;

/// <summary>A decision whose longest horizon has passed.</summary>
/// <param name="Decision">What was seen and chosen.</param>
/// <param name="SpansGap">Whether candles were missing in between: money is money, but nothing is learned from it.</param>
internal readonly record struct MaturedOutcome(PendingOutcome Decision, bool SpansGap);

/// <summary>The decisions of the longest horizon, in a ring: nothing grows with the run.</summary>
internal sealed class PendingOutcomes
{
    private readonly int[] horizons;
    private readonly double[] returns;
    private readonly PendingOutcome[] ring;
    private readonly long span;
    private int oldest;
    private int count;

    /// <param name="horizons">Candles over which returns are wanted.</param>
    /// <param name="candlesToFill">Candles from a decision to its fill: 1 at the next open, 0 at the close.</param>
    /// <param name="timeframe">Length of a candle.</param>
    /// <param name="saved">Decisions to go on with, oldest first.</param>
    /// <exception cref="InvalidDataException">There are more decisions than the longest horizon has.</exception>
    public PendingOutcomes(
        IReadOnlyList<int> horizons,
        int candlesToFill,
        Timeframe timeframe,
        ReadOnlySpan<PendingOutcome> saved
    )
    {
        ArgumentOutOfRangeException.ThrowIfZero(horizons.Count, nameof(horizons));
        if (horizons.Any(horizon => horizon < 1))
            throw new ArgumentOutOfRangeException(nameof(horizons), horizons, "A horizon is at least 1 candle.");
        this.horizons = [.. horizons];
        returns = new double[horizons.Count];
        var length = horizons.Max() + candlesToFill;
        if (saved.Length > length)
            throw new InvalidDataException($"{saved.Length} pending outcomes do not fit {length}");
        ring = new PendingOutcome[length];
        span = length * timeframe.Milliseconds;
        saved.CopyTo(ring);
        count = saved.Length;
    }

    /// <summary>Returns of the decision that matured last, one for each horizon, fractions; valid until the next one.</summary>
    public ReadOnlySpan<double> Returns => returns;

    /// <summary>Adds the newest decision.</summary>
    public void Add(in PendingOutcome decision)
    {
        ring[Slot(count)] = decision;
        count++;
    }

    /// <summary>The price at which orders of the newest decision fill, before slippage, where that was not known yet.</summary>
    /// <returns>The oldest decision when its longest horizon ends at this price.</returns>
    public MaturedOutcome? Mature(long openTime, double price)
    {
        if (count == 0)
            return null;
        ref var newest = ref ring[Slot(count - 1)];
        if (newest.EntryPrice is null)
            newest = newest with { EntryPrice = price };
        if (count < ring.Length)
            return null;

        var decision = ring[oldest];
        for (var k = 0; k < returns.Length; k++)
            returns[k] = PriceAfter(horizons[k], price) / decision.EntryPrice!.Value - 1.0;
        oldest = Slot(1);
        count--;
        return new MaturedOutcome(decision, openTime - decision.OpenTime != span);
    }

    /// <summary>Which of the returns is over so many candles.</summary>
    /// <exception cref="InvalidOperationException">None of them is.</exception>
    public int IndexOf(int horizon)
    {
        var index = Array.IndexOf(horizons, horizon);
        return index >= 0
            ? index
            : throw new InvalidOperationException(
                $"a choice looked {horizon} candles ahead, the agent has no such horizon"
            );
    }

    /// <summary>A copy, oldest first.</summary>
    public PendingOutcome[] ToArray()
    {
        var copy = new PendingOutcome[count];
        for (var i = 0; i < count; i++)
            copy[i] = ring[Slot(i)];
        return copy;
    }

    // What a decision so many candles later filled at; for the longest horizon that is the newest price.
    private double PriceAfter(int horizon, double newest) =>
        horizon < count ? ring[Slot(horizon)].EntryPrice ?? newest : newest;

    private int Slot(int position) => (oldest + position) % ring.Length;
}
