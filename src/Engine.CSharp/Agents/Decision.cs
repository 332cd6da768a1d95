using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace BtcBandit.Engine.Agents;

/// <summary>Estimated value of an action: return on equity over the agent's horizon, a fraction, net of known costs.</summary>
/// <param name="Mean">Posterior mean of the value.</param>
/// <param name="StandardDeviation">Posterior standard deviation of the value, at least 0.</param>
/// <param name="Draw">Value by which the agent compared the actions, for instance a posterior sample.</param>
/// <param name="Offered">Whether the action was allowed; the other numbers are valid either way.</param>
public readonly record struct ActionValue(
    [property: JsonRequired] double Mean,
    [property: JsonRequired] double StandardDeviation,
    [property: JsonRequired] double Draw,
    [property: JsonRequired] bool Offered
)
{
    /// <summary>Creates a value without uncertainty, whose draw equals its mean.</summary>
    /// <param name="mean">Estimated value of the action.</param>
    /// <param name="offered">Whether the action is allowed.</param>
    public static ActionValue Certain(double mean, bool offered) => new(mean, 0.0, mean, offered);
}

/// <summary>Probability of each action before the draw; the three sum to 1.</summary>
/// <param name="Sell">Probability of selling, 0..1.</param>
/// <param name="Hold">Probability of holding, 0..1.</param>
/// <param name="Buy">Probability of buying, 0..1.</param>
public readonly record struct Propensities(
    [property: JsonRequired] double Sell,
    [property: JsonRequired] double Hold,
    [property: JsonRequired] double Buy
)
{
    /// <summary>Probability of an action, 0..1.</summary>
    public double this[TradeAction action] =>
        action switch
        {
            TradeAction.Sell => Sell,
            TradeAction.Buy => Buy,
            _ => Hold,
        };

    /// <summary>Creates the propensities of an action chosen without randomness.</summary>
    public static Propensities Certain(TradeAction action) =>
        new(action == TradeAction.Sell ? 1 : 0, action == TradeAction.Hold ? 1 : 0, action == TradeAction.Buy ? 1 : 0);
}

/// <summary>Evidence that trading earns more than it costs, and whether it lets the agent trade.</summary>
/// <param name="Evidence">Net timing gain of the followed expert, in standard deviations of a gain by chance.</param>
/// <param name="Required">Evidence that opens the gate, in standard deviations; 0 if trading is free or none is asked for. An open gate
/// stays open until the evidence falls below 0.</param>
/// <param name="IsOpen">Whether the gate is open, so that the agent may trade.</param>
public readonly record struct Gate(
    [property: JsonRequired] double Evidence,
    [property: JsonRequired] double Required,
    [property: JsonRequired] bool IsOpen
);

/// <summary>A decision at a candle's close, with the agent's estimate of every action.</summary>
/// <remarks>A class with packed fields: one instance per candle is shared along the pipeline instead of copied.</remarks>
public sealed record Decision
{
    private readonly Estimate sell;
    private readonly Estimate hold;
    private readonly Estimate buy;
    private readonly double evidence;
    private readonly double required;
    private readonly double sharedDrawScale = double.NaN;
    private readonly KnownPropensities? known;
    private readonly bool offersSell;
    private readonly bool offersHold;
    private readonly bool offersBuy;
    private readonly bool hasGate;
    private readonly bool isGateOpen;

    /// <summary>Creates a decision from the action values it is based on.</summary>
    /// <param name="action">The chosen action.</param>
    /// <param name="sell">Estimated value of selling.</param>
    /// <param name="hold">Estimated value of holding.</param>
    /// <param name="buy">Estimated value of buying.</param>
    [JsonConstructor]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Decision(TradeAction action, ActionValue sell, ActionValue hold, ActionValue buy)
    {
        Action = action;
        this.sell = new Estimate(sell.Mean, sell.StandardDeviation, sell.Draw);
        this.hold = new Estimate(hold.Mean, hold.StandardDeviation, hold.Draw);
        this.buy = new Estimate(buy.Mean, buy.StandardDeviation, buy.Draw);
        (offersSell, offersHold, offersBuy) = (sell.Offered, hold.Offered, buy.Offered);
    }

    /// <summary>Creates a decision from action values and the action chosen by them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Decision(in ActionValues values, in ChosenAction chosen)
    {
        // Does not chain to the other constructor, which would copy the large structs.
        Action = chosen.Action;
        sell = new Estimate(values.Sell.Mean, values.Sell.StandardDeviation, values.Sell.Draw);
        hold = new Estimate(values.Hold.Mean, values.Hold.StandardDeviation, values.Hold.Draw);
        buy = new Estimate(values.Buy.Mean, values.Buy.StandardDeviation, values.Buy.Draw);
        (offersSell, offersHold, offersBuy) = (values.Sell.Offered, values.Hold.Offered, values.Buy.Offered);
        (sharedDrawScale, known) = (chosen.Scale, chosen.Known);
    }

    /// <summary>The chosen action.</summary>
    public TradeAction Action { get; init; }

    /// <summary>Estimated value of selling.</summary>
    public ActionValue Sell => sell.Value(offersSell);

    /// <summary>Estimated value of holding.</summary>
    public ActionValue Hold => hold.Value(offersHold);

    /// <summary>Estimated value of buying.</summary>
    public ActionValue Buy => buy.Value(offersBuy);

    /// <summary>Candles that the action values look ahead.</summary>
    public int Horizon { get; init; }

    /// <summary>
    /// Contribution of each feature to the mean value of the chosen action, a fraction of equity, in feature order; they
    /// sum to that mean before known costs. Empty for agents without a linear model.
    /// </summary>
    public ImmutableArray<double> Contributions { get; init; } = [];

    /// <summary>Evidence that trading pays; null for agents without such a gate.</summary>
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
    /// Factor on the standard deviations if a single standard normal number determined all three draws; null otherwise.
    /// </summary>
    public double? SharedDrawScale
    {
        get => double.IsNaN(sharedDrawScale) ? null : sharedDrawScale;
        init => sharedDrawScale = value ?? double.NaN;
    }

    /// <summary>Probability of each action before the draw; null if it has no closed form.</summary>
    /// <remarks>Set by the agent, or else derived from <see cref="SharedDrawScale"/>.</remarks>
    [JsonIgnore]
    public Propensities? Propensities
    {
        get => known?.Value ?? (SharedDrawScale is { } scale ? SharedDraw.Propensities(this, scale) : null);
        init => AgentPropensities = value;
    }

    /// <summary>The propensities that the agent set; null if they follow from a shared draw or are unknown.</summary>
    [JsonInclude]
    [JsonPropertyName("propensities")]
    internal Propensities? AgentPropensities
    {
        get => known?.Value;
        init => known = value is { } propensities ? new KnownPropensities(propensities) : null;
    }

    /// <summary>Estimated value of an action.</summary>
    public ActionValue this[TradeAction action] =>
        action switch
        {
            TradeAction.Sell => Sell,
            TradeAction.Buy => Buy,
            _ => Hold,
        };

    /// <summary>The allowed action with the highest mean; hold wins ties.</summary>
    [JsonIgnore]
    public TradeAction Greedy => ActionValues.Best(sell.Mean, hold.Mean, buy.Mean, (offersSell, offersHold, offersBuy));

    /// <summary>Whether the chosen action differs from the greedy one.</summary>
    [JsonIgnore]
    public bool Explores => Action != Greedy;

    /// <summary>Compares all values, the contributions element by element.</summary>
    public bool Equals(Decision? other) =>
        other is not null
        && (Action, Sell, Hold, Buy, Horizon) == (other.Action, other.Sell, other.Hold, other.Buy, other.Horizon)
        && (Gate, SharedDrawScale, known) == (other.Gate, other.SharedDrawScale, other.known)
        && Contributions.AsSpan().SequenceEqual(other.Contributions.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Action, Sell, Hold, Buy, Horizon, Gate);

    /// <summary>Creates a decision for the allowed action with the highest draw; hold wins ties.</summary>
    public static Decision ByDraw(ActionValue sell, ActionValue hold, ActionValue buy) =>
        new(new ActionValues(sell, hold, buy).BestDraw, sell, hold, buy);

    // The flag Offered is kept apart: in here, padding would make it as large as a number.
    private readonly record struct Estimate(double Mean, double StandardDeviation, double Draw)
    {
        public ActionValue Value(bool isOffered) => new(Mean, StandardDeviation, Draw, isOffered);
    }
}

/// <summary>Propensities set by an agent; a class, so that the default agent, which sets none, stores only a null.</summary>
/// <param name="Value">The propensities.</param>
internal sealed record KnownPropensities(Propensities Value);

/// <summary>An agent's values of the three actions.</summary>
/// <param name="Sell">Estimated value of selling.</param>
/// <param name="Hold">Estimated value of holding.</param>
/// <param name="Buy">Estimated value of buying.</param>
internal readonly record struct ActionValues(ActionValue Sell, ActionValue Hold, ActionValue Buy)
{
    /// <summary>The allowed action with the highest draw; hold wins ties.</summary>
    public TradeAction BestDraw => Best(Sell.Draw, Hold.Draw, Buy.Draw, (Sell.Offered, Hold.Offered, Buy.Offered));

    /// <summary>Returns the allowed action with the highest of three values; hold wins ties.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TradeAction Best(double sell, double hold, double buy, (bool Sell, bool Hold, bool Buy) offered)
    {
        var (best, highest) = (TradeAction.Hold, offered.Hold ? hold : double.NegativeInfinity);
        if (offered.Sell && sell > highest)
            (best, highest) = (TradeAction.Sell, sell);
        return offered.Buy && buy > highest ? TradeAction.Buy : best;
    }
}

/// <summary>A chosen action and how random the choice was.</summary>
/// <param name="Action">The chosen action.</param>
/// <param name="Scale">See <see cref="Decision.SharedDrawScale"/>; NaN if there is none.</param>
/// <param name="Known">See <see cref="Decision.Propensities"/>.</param>
internal readonly record struct ChosenAction(
    TradeAction Action,
    double Scale = double.NaN,
    KnownPropensities? Known = null
)
{
    private static readonly KnownPropensities[] certain =
    [
        .. Enum.GetValues<TradeAction>().Select(action => new KnownPropensities(Propensities.Certain(action))),
    ];

    /// <summary>A choice made without randomness.</summary>
    public static ChosenAction Certain(TradeAction action) => new(action, Known: certain[(int)action]);
}
