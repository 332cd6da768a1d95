using System.Runtime.CompilerServices;
using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Pipeline;

/// <summary>The decisions of the longest horizon, in a ring: nothing grows with the run.</summary>
internal sealed class PendingOutcomes
{
    private readonly int[] horizons;
    private readonly double[] returns;
    private readonly PendingOutcome[] ring;
    private readonly double[] entryPrices;
    private readonly long span;
    private int oldest;
    private int count;
    private int matured;
    private bool isNewestPriced = true;

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
        entryPrices = new double[length];
        span = length * timeframe.Milliseconds;
        foreach (ref readonly var decision in saved)
            Add(decision);
    }

    /// <summary>Returns of the decision that matured last, one for each horizon, fractions; valid until the next one.</summary>
    public ReadOnlySpan<double> Returns => returns;

    /// <summary>The decision that matured last; valid until one is added.</summary>
    public ref readonly PendingOutcome Matured => ref ring[matured];

    /// <summary>Whether candles were missing while it matured: money is money, but nothing is learned from it.</summary>
    public bool SpansGap { get; private set; }

    /// <summary>Adds the newest decision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in PendingOutcome decision)
    {
        var slot = Slot(count);
        ring[slot] = decision;
        isNewestPriced = decision.EntryPrice is not null;
        entryPrices[slot] = decision.EntryPrice ?? 0.0;
        count++;
    }

    /// <summary>The price at which orders of the newest decision fill, before slippage, where that was not known yet.</summary>
    /// <returns>Whether the longest horizon of the oldest decision ends at this price; it is then <see cref="Matured"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Mature(long openTime, double price)
    {
        if (count == 0)
            return false;
        if (!isNewestPriced)
        {
            entryPrices[Slot(count - 1)] = price;
            isNewestPriced = true;
        }

        if (count < ring.Length)
            return false;

        matured = oldest;
        var entryPrice = entryPrices[matured];
        for (var k = 0; k < returns.Length; k++)
            returns[k] = PriceAfter(horizons[k], price) / entryPrice - 1.0;
        SpansGap = openTime - Matured.OpenTime != span;
        oldest = Slot(1);
        count--;
        return true;
    }

    /// <summary>Which of the returns is over so many candles.</summary>
    /// <exception cref="InvalidOperationException">None of them is.</exception>
    public int IndexOf(int horizon)
    {
        for (var k = 0; k < horizons.Length; k++)
        {
            if (horizons[k] == horizon)
                return k;
        }

        throw new InvalidOperationException($"a choice looked {horizon} candles ahead, the agent has no such horizon");
    }

    /// <summary>A copy, oldest first.</summary>
    public PendingOutcome[] ToArray()
    {
        var copy = new PendingOutcome[count];
        for (var i = 0; i < count; i++)
            copy[i] = ring[Slot(i)] with { EntryPrice = IsPriced(i) ? entryPrices[Slot(i)] : null };
        return copy;
    }

    // What a decision so many candles later filled at; for the longest horizon that is the newest price.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double PriceAfter(int horizon, double newest) => horizon < count ? entryPrices[Slot(horizon)] : newest;

    private bool IsPriced(int position) => isNewestPriced || position < count - 1;

    // A position is never beyond the ring's length, and a remainder costs a division.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(int position)
    {
        var slot = oldest + position;
        return slot < ring.Length ? slot : slot - ring.Length;
    }
}
