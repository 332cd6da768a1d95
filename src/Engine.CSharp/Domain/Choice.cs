using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace BtcBandit.Engine.Domain;

/// <summary>How an agent rated one action, in fractions of equity over its horizon, net of known costs.</summary>
/// <param name="Mean">Posterior mean.</param>
/// <param name="StandardDeviation">Posterior standard deviation, at least 0.</param>
/// <param name="Draw">The sampled value the choice was made by.</param>
/// <param name="Offered">Whether the action was allowed; the other numbers stand either way.</param>
public readonly record struct ActionScore(double Mean, double StandardDeviation, double Draw, bool Offered);

/// <summary>How probable each action was before the draw, 0..1; together 1.</summary>
/// <param name="Sell">Of sell.</param>
/// <param name="Hold">Of hold.</param>
/// <param name="Buy">Of buy.</param>
public readonly record struct Propensities(double Sell, double Hold, double Buy)
{
    /// <summary>Of one action.</summary>
    public double this[TradeAction action] =>
        action switch
        {
            TradeAction.Sell => Sell,
            TradeAction.Buy => Buy,
            _ => Hold,
        };

    /// <summary>Certainty of one action.</summary>
    public static Propensities Certain(TradeAction action) =>
        new(action == TradeAction.Sell ? 1 : 0, action == TradeAction.Hold ? 1 : 0, action == TradeAction.Buy ? 1 : 0);
}

/// <summary>The evidence that trading earns more than it costs, against what is asked for.</summary>
/// <param name="Evidence">Net virtual gain in standard deviations of what luck alone brings.</param>
/// <param name="Required">What is asked for; 0 where trading is free.</param>
/// <param name="IsOpen">Whether there is enough.</param>
public readonly record struct Gate(double Evidence, double Required, bool IsOpen);

/// <summary>One decision, with what the agent thought of every action.</summary>
/// <remarks>An object, packed: one is made for every candle and goes through many hands.</remarks>
public sealed record Choice
{
    private readonly Rating sell;
    private readonly Rating hold;
    private readonly Rating buy;
    private readonly double evidence;
    private readonly double required;
    private readonly double sharedDrawScale = double.NaN;
    private readonly KnownPropensities? known;
    private readonly bool offersSell;
    private readonly bool offersHold;
    private readonly bool offersBuy;
    private readonly bool hasGate;
    private readonly bool isGateOpen;

    /// <summary>A decision and the ratings it was made by.</summary>
    /// <param name="action">What was chosen.</param>
    /// <param name="sell">Rating of sell.</param>
    /// <param name="hold">Rating of hold.</param>
    /// <param name="buy">Rating of buy.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Choice(TradeAction action, ActionScore sell, ActionScore hold, ActionScore buy)
    {
        Action = action;
        this.sell = new Rating(sell.Mean, sell.StandardDeviation, sell.Draw);
        this.hold = new Rating(hold.Mean, hold.StandardDeviation, hold.Draw);
        this.buy = new Rating(buy.Mean, buy.StandardDeviation, buy.Draw);
        (offersSell, offersHold, offersBuy) = (sell.Offered, hold.Offered, buy.Offered);
    }

    /// <summary>By ratings and what was picked from them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Choice(in ActionScores scores, in Pick pick)
    {
        // Not by the other constructor: that would copy what is long.
        Action = pick.Action;
        sell = new Rating(scores.Sell.Mean, scores.Sell.StandardDeviation, scores.Sell.Draw);
        hold = new Rating(scores.Hold.Mean, scores.Hold.StandardDeviation, scores.Hold.Draw);
        buy = new Rating(scores.Buy.Mean, scores.Buy.StandardDeviation, scores.Buy.Draw);
        (offersSell, offersHold, offersBuy) = (scores.Sell.Offered, scores.Hold.Offered, scores.Buy.Offered);
        (sharedDrawScale, known) = (pick.Scale, pick.Known);
    }

    /// <summary>What was chosen.</summary>
    public TradeAction Action { get; init; }

    /// <summary>Rating of sell.</summary>
    public ActionScore Sell => sell.Scored(offersSell);

    /// <summary>Rating of hold.</summary>
    public ActionScore Hold => hold.Scored(offersHold);

    /// <summary>Rating of buy.</summary>
    public ActionScore Buy => buy.Scored(offersBuy);

    /// <summary>Candles over which the ratings look ahead.</summary>
    public int Horizon { get; init; }

    /// <summary>
    /// What each feature adds to the mean of the chosen action, in the features' order; together they are that mean but
    /// for the known cost. Empty where an agent has no such thing.
    /// </summary>
    public ImmutableArray<double> Contributions { get; init; } = [];

    /// <summary>Evidence for trading at all; absent for agents that ask for none.</summary>
    public Gate? Gate
    {
        get => hasGate ? new Gate(evidence, required, isGateOpen) : null;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        init
        {
            hasGate = value is not null;
            var gate = value.GetValueOrDefault();
            evidence = gate.Evidence;
            required = gate.Required;
            isGateOpen = gate.IsOpen;
        }
    }

    /// <summary>
    /// Where one standard normal number decided all draws: the multiple of the standard deviations that it moved; absent
    /// otherwise.
    /// </summary>
    public double? SharedDrawScale
    {
        get => double.IsNaN(sharedDrawScale) ? null : sharedDrawScale;
        init => sharedDrawScale = value ?? double.NaN;
    }

    /// <summary>Propensities that the agent knows; absent where they follow from the ratings or have no closed form.</summary>
    public Propensities? StatedPropensities
    {
        get => known?.Value;
        init => known = value is { } propensities ? new KnownPropensities(propensities) : null;
    }

    /// <summary>The rating of one action.</summary>
    public ActionScore this[TradeAction action] =>
        action switch
        {
            TradeAction.Sell => Sell,
            TradeAction.Buy => Buy,
            _ => Hold,
        };

    /// <summary>The offered action with the highest mean; hold when equal.</summary>
    public TradeAction Greedy => ActionScores.Best(sell.Mean, hold.Mean, buy.Mean, (offersSell, offersHold, offersBuy));

    /// <summary>Whether the draw overruled the mean.</summary>
    public bool Explores => Action != Greedy;

    /// <summary>How probable each action was; absent where there is no closed form.</summary>
    public Propensities? Propensities =>
        StatedPropensities ?? (SharedDrawScale is { } scale ? SharedDraw.Propensities(this, scale) : null);

    /// <summary>Whether all is the same, the contributions number by number.</summary>
    public bool Equals(Choice? other) =>
        other is not null
        && (Action, Sell, Hold, Buy, Horizon) == (other.Action, other.Sell, other.Hold, other.Buy, other.Horizon)
        && (Gate, SharedDrawScale, StatedPropensities) == (other.Gate, other.SharedDrawScale, other.StatedPropensities)
        && Contributions.AsSpan().SequenceEqual(other.Contributions.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Action, Sell, Hold, Buy, Horizon, Gate);

    /// <summary>Chooses the offered action with the highest draw; hold when equal.</summary>
    public static Choice ByDraw(ActionScore sell, ActionScore hold, ActionScore buy) =>
        new(new ActionScores(sell, hold, buy).BestDraw, sell, hold, buy);

    // Without what is offered, which would take as much room as a number.
    private readonly record struct Rating(double Mean, double StandardDeviation, double Draw)
    {
        public ActionScore Scored(bool isOffered) => new(Mean, StandardDeviation, Draw, isOffered);
    }
}

/// <summary>Propensities that an agent knows; an object, as the default agent knows none.</summary>
/// <param name="Value">The propensities.</param>
internal sealed record KnownPropensities(Propensities Value);

/// <summary>How an agent rated the three actions.</summary>
/// <param name="Sell">Rating of sell.</param>
/// <param name="Hold">Rating of hold.</param>
/// <param name="Buy">Rating of buy.</param>
internal readonly record struct ActionScores(ActionScore Sell, ActionScore Hold, ActionScore Buy)
{
    /// <summary>The offered action with the highest draw; hold when equal.</summary>
    public TradeAction BestDraw => Best(Sell.Draw, Hold.Draw, Buy.Draw, (Sell.Offered, Hold.Offered, Buy.Offered));

    /// <summary>The offered action with the highest of three values; hold when equal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TradeAction Best(double sell, double hold, double buy, (bool Sell, bool Hold, bool Buy) offered)
    {
        var (best, most) = (TradeAction.Hold, offered.Hold ? hold : double.NegativeInfinity);
        if (offered.Sell && sell > most)
            (best, most) = (TradeAction.Sell, sell);
        return offered.Buy && buy > most ? TradeAction.Buy : best;
    }
}

/// <summary>How a choice came about.</summary>
/// <param name="Action">What was chosen.</param>
/// <param name="Scale">See <see cref="Choice.SharedDrawScale"/>; not a number where there is none.</param>
/// <param name="Known">See <see cref="Choice.StatedPropensities"/>.</param>
internal readonly record struct Pick(TradeAction Action, double Scale = double.NaN, KnownPropensities? Known = null)
{
    private static readonly KnownPropensities[] certain =
    [
        .. Enum.GetValues<TradeAction>().Select(action => new KnownPropensities(Propensities.Certain(action))),
    ];

    /// <summary>A choice that nothing random entered.</summary>
    public static Pick Certain(TradeAction action) => new(action, Known: certain[(int)action]);
}
