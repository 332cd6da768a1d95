using System.Runtime.CompilerServices;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Trading;

/// <summary>Decisions whose outcomes are not known yet, in a ring of fixed size: the longest horizon.</summary>
internal sealed class PendingOutcomes
{
    /// <summary>Longest horizon, in candles: one pending decision for each is kept in memory and in every saved state.</summary>
    public const int MaxHorizon = 100_000;

    private readonly int[] horizons;
    private readonly double[] returns;
    private readonly PendingOutcome[] ring;
    private readonly double[] entryPrices;
    private readonly double[] features;
    private readonly int width;
    private readonly long span;
    private int oldest;
    private int count;
    private int matured;
    private bool isNewestPriced = true;

    /// <param name="horizons">Horizons over which returns are computed, in candles, each in 1..100,000.</param>
    /// <param name="candlesToFill">Candles from a decision to its fill: 1 at the next open, 0 at the close.</param>
    /// <param name="timeframe">Length of a candle.</param>
    /// <param name="width">Number of features.</param>
    /// <param name="saved">Decisions of a saved run, oldest first.</param>
    /// <param name="steps">Number of steps that the saved run has made; each left a decision, until the ring was full.</param>
    /// <exception cref="InvalidDataException">There are more saved decisions than the ring can hold or fewer than the run has
    /// left, or one has a horizon that is none of these, or another number of features.</exception>
    public PendingOutcomes(
        IReadOnlyList<int> horizons,
        int candlesToFill,
        Timeframe timeframe,
        int width,
        ReadOnlySpan<PendingOutcome> saved,
        long steps = 0
    )
    {
        ArgumentOutOfRangeException.ThrowIfZero(horizons.Count, nameof(horizons));
        if (horizons.Any(horizon => horizon is < 1 or > MaxHorizon))
            throw new ArgumentOutOfRangeException(
                nameof(horizons),
                string.Join(' ', horizons),
                "A horizon is 1 to 100,000 candles."
            );
        this.horizons = [.. horizons];
        returns = new double[horizons.Count];
        var length = horizons.Max() + candlesToFill;
        if (saved.Length > length || saved.Length < Math.Min(steps, length))
            throw new InvalidDataException($"{saved.Length} pending outcomes do not fit {length} after {steps} steps");
        ring = new PendingOutcome[length];
        entryPrices = new double[length];
        (this.width, features) = (width, new double[(long)length * width]);
        span = length * timeframe.Milliseconds;
        foreach (ref readonly var decision in saved)
        {
            if (decision.Action is not null && !this.horizons.Contains(decision.Horizon))
                throw new InvalidDataException(
                    $"a pending outcome looks {FeedText.Count(decision.Horizon, "candle")} ahead, the agent {string.Join(", ", horizons)}"
                );
            if (decision.Features.Length != width)
                throw new InvalidDataException(
                    $"a pending outcome has {decision.Features.Length} features, not {width}"
                );
            Add(decision, decision.Features.AsSpan());
        }
    }

    /// <summary>Number of decisions whose outcomes are not known yet.</summary>
    public int Count => count;

    /// <summary>Horizons over which returns are computed, in candles.</summary>
    public IReadOnlyList<int> Horizons => horizons;

    /// <summary>Returns of the decision that matured last, as fractions, one per horizon. Overwritten by the next
    /// one.</summary>
    public ReadOnlySpan<double> Returns => returns;

    /// <summary>The decision that matured last, without its features. Valid until a decision is added.</summary>
    public ref readonly PendingOutcome Matured => ref ring[matured];

    /// <summary>The features of the decision that matured last. Valid until a decision is added.</summary>
    public ReadOnlySpan<double> MaturedFeatures => FeaturesIn(matured);

    /// <summary>Whether candles were missing while the decision matured: its reward counts, but the agent must not
    /// learn.</summary>
    public bool SpansGap { get; private set; }

    /// <summary>Adds the newest decision.</summary>
    /// <param name="decision">The decision; its features are not kept.</param>
    /// <param name="context">Its features, which are copied.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in PendingOutcome decision, ReadOnlySpan<double> context)
    {
        var slot = Slot(count);
        ring[slot] = decision;
        context.CopyTo(FeaturesIn(slot));
        isNewestPriced = decision.EntryPrice is not null;
        entryPrices[slot] = decision.EntryPrice ?? 0.0;
        count++;
    }

    /// <summary>Sets the fill price of the newest decision, before slippage, if it was not known yet, and matures the oldest
    /// decision if its time has come.</summary>
    /// <returns>Whether the longest horizon of the oldest decision ends at this price; it is then
    /// <see cref="Matured"/>.</returns>
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

    /// <summary>Returns whether a return is computed over that many candles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(int horizon)
    {
        // There are few, so a search that prepares for many costs more.
        foreach (var one in horizons)
        {
            if (one == horizon)
                return true;
        }

        return false;
    }

    /// <summary>Finds the return over a number of candles.</summary>
    /// <exception cref="InvalidOperationException">No return is computed over that many candles.</exception>
    public int IndexOf(int horizon)
    {
        for (var k = 0; k < horizons.Length; k++)
        {
            if (horizons[k] == horizon)
                return k;
        }

        throw new InvalidOperationException(
            $"The agent decided for a horizon of {FeedText.Count(horizon, "candle")}, which is not one of its horizons."
        );
    }

    /// <summary>Copies the pending decisions, oldest first.</summary>
    public PendingOutcome[] ToArray()
    {
        var copy = new PendingOutcome[count];
        for (var i = 0; i < count; i++)
        {
            copy[i] = ring[Slot(i)] with
            {
                EntryPrice = IsPriced(i) ? entryPrices[Slot(i)] : null,
                Features = [.. FeaturesIn(Slot(i))],
            };
        }
        return copy;
    }

    // Fill price of the decision made this many candles after the oldest; for the longest horizon, the newest price.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double PriceAfter(int horizon, double newest) => horizon < count ? entryPrices[Slot(horizon)] : newest;

    private Span<double> FeaturesIn(int slot) => features.AsSpan(slot * width, width);

    private bool IsPriced(int position) => isNewestPriced || position < count - 1;

    // The sum is below twice the ring's length, so a comparison replaces the slower remainder.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(int position)
    {
        var slot = oldest + position;
        return slot < ring.Length ? slot : slot - ring.Length;
    }
}
