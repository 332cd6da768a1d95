using System.Runtime.CompilerServices;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Exchange;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Trading;

/// <summary>The newest step of a run, overwritten by the next one: what its journal reads, and what a <see cref="Step"/> is made
/// of when a watcher wants one.</summary>
/// <remarks>
/// Replaces: a <see cref="Step"/> for every candle. Without a watcher a run allocated 870 bytes for a candle, three quarters of
/// them for values that nobody looked at. Delete when a step costs nothing.
/// </remarks>
/// <param name="portfolio">Account before the first step.</param>
/// <param name="statistics">Statistics before the first step.</param>
internal sealed class MadeStep(Portfolio portfolio, RunStatistics statistics)
{
    private static readonly Decision none = new(TradeAction.Hold, default, default, default);

    /// <summary>Number of the step in its run, from 1; 0 before the first one.</summary>
    public long Number => Statistics.Steps;

    /// <summary>The closed candle.</summary>
    public Candle Candle { get; set; }

    /// <summary>Position of the candle in the run, from 0.</summary>
    public long Index { get; set; }

    /// <inheritdoc cref="Step.Decision"/>
    public Decision Decision { get; set; } = none;

    /// <inheritdoc cref="Step.Fill"/>
    public Fill? Fill { get; set; }

    /// <inheritdoc cref="Step.Portfolio"/>
    public Portfolio Portfolio { get; set; } = portfolio;

    /// <inheritdoc cref="Step.Reward"/>
    public double? Reward { get; set; }

    /// <summary>Why an order was not filled in this candle; null if none was refused.</summary>
    public string? Refusal { get; set; }

    /// <inheritdoc cref="Step.Statistics"/>
    public RunStatistics Statistics { get; set; } = statistics;

    /// <inheritdoc cref="Step.Reason"/>
    public string Reason => ReasonOf(Decision, Refusal);

    /// <summary>Returns why an action was chosen, and why an order was not filled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static string ReasonOf(Decision decision, string? refusal)
    {
        var reason =
            decision.Gate is { IsOpen: false } ? "gate"
            : decision.Explores ? "explore"
            : "exploit";
        return refusal is null ? reason : $"{reason}; {refusal}";
    }
}
