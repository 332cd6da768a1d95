using System.Collections.Immutable;
using System.Collections.ObjectModel;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Watching;

/// <summary>Part of a run's history up to one step: nothing in it is newer, but for <see cref="Newest"/>. Immutable, so any thread
/// may keep it.</summary>
/// <param name="Steps">The requested steps, oldest first, ending with the step that was asked for. Never empty.</param>
/// <param name="Newest">The newest step of the run.</param>
/// <param name="Oldest">Number of the oldest step that the history keeps in full.</param>
/// <param name="Trades">Latest fills of the run, oldest first, at most 1,000.</param>
/// <param name="Curve">Equity curve of the run, oldest first: at most 1,024 points evenly spread, and that of the step that was
/// asked for. Of a continued run, it begins with its first step if the history knows what was before.</param>
/// <param name="Mix">How often each action has been chosen, from where the curve begins.</param>
public sealed record Recall(
    IReadOnlyList<Step> Steps,
    Step Newest,
    long Oldest,
    IReadOnlyList<TradeRow> Trades,
    IReadOnlyList<CurvePoint> Curve,
    ActionMix Mix
)
{
    /// <summary>The step that was asked for: the last of <see cref="Steps"/>.</summary>
    public Step Step => Steps[^1];

    /// <summary>The candles right before <see cref="Steps"/> that came before the run's first step, oldest first: as many as are known
    /// and were asked for in addition to the steps.</summary>
    public IReadOnlyList<Observation> Before { get; init; } = [];

    /// <summary>Sides of the executions in candles of <see cref="Before"/>, by their open times, ms UTC; empty where the history does
    /// not know what was before.</summary>
    public IReadOnlyDictionary<long, TradeAction> TradedBefore { get; init; } =
        ReadOnlyDictionary<long, TradeAction>.Empty;

    /// <summary>How the agent's experts stood after the step that was asked for; empty for an agent without experts, where nobody tells
    /// of them, and at most steps of a run that is too fast to be followed.</summary>
    public ImmutableArray<ExpertStanding> Experts { get; init; } = [];

    /// <summary>The day of the step that was asked for, up to its candle.</summary>
    public DayRange Day { get; init; }
}

/// <summary>A fill and the step in which it happened.</summary>
/// <param name="Step">Number of the step.</param>
/// <param name="Fill">The fill.</param>
/// <param name="Equity">Equity at the close of the step, in the quote currency.</param>
public sealed record TradeRow(long Step, Fill Fill, double Equity);

/// <summary>How often each action was chosen.</summary>
/// <param name="Sell">Number of times that sell was chosen.</param>
/// <param name="Hold">Number of times that hold was chosen.</param>
/// <param name="Buy">Number of times that buy was chosen.</param>
public readonly record struct ActionMix(long Sell, long Hold, long Buy)
{
    /// <summary>Total number of decisions.</summary>
    public long All => Sell + Hold + Buy;

    /// <summary>Fraction of decisions that chose an action, in 0..1; 0 before the first decision.</summary>
    public double this[TradeAction action] =>
        All == 0
            ? 0.0
            : action switch
            {
                TradeAction.Sell => Sell,
                TradeAction.Buy => Buy,
                _ => Hold,
            } / (double)All;
}
