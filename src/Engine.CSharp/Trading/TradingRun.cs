using System.Collections.Immutable;
using System.Text.Json;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Trading;

/// <summary>One run, candle by candle: indicators, agent, simulated exchange and account. Not thread-safe.</summary>
/// <remarks>The owner captures the state; steps are immutable and do not refer to the run.</remarks>
internal sealed class TradingRun
{
    private readonly ObservationRun observations;
    private readonly Trader trader;
    private bool hasStep;
    private Step? newest;
    private bool isBroken;

    /// <summary>Starts a new run, or continues a saved one.</summary>
    /// <param name="plan">Validated description of the run.</param>
    /// <param name="resume">State to continue from; null starts a new run.</param>
    /// <param name="learned">State of the agent with which a new run starts; null starts from the prior.</param>
    /// <param name="watch">Returns what takes the place of the agent and passes everything on to it; null for the agent itself.</param>
    /// <exception cref="InvalidDataException">The state does not fit the plan.</exception>
    /// <exception cref="JsonException">The state of an indicator is malformed.</exception>
    public TradingRun(
        RunPlan plan,
        RunState? resume = null,
        AgentState? learned = null,
        Func<IAgent, IAgent>? watch = null
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        observations = new ObservationRun(plan.FeatureSet, resume?.Indicators, resume?.Candles ?? 0);
        var header = resume is null ? plan.Header : plan.HeaderAfter(resume.Header);
        var agent = plan.CreateAgent(resume?.Agent ?? learned);
        trader = new Trader(header, watch?.Invoke(agent) ?? agent, plan.CostModel, resume);
    }

    /// <summary>Whether the run can be captured once it has made a step: false after an exception interrupted one.</summary>
    public bool IsWhole => !isBroken;

    /// <summary>How the agent's experts stand; empty for an agent without experts, and after an exception interrupted a step. Read it
    /// between two candles.</summary>
    public ImmutableArray<ExpertStanding> Experts => isBroken ? [] : trader.Experts;

    /// <summary>Called with each candle that makes no step, on the run's thread; its exceptions end the run.</summary>
    public Action<Observation>? Unstepped { get; set; }

    /// <summary>What the newest step is made of, until the next candle is taken.</summary>
    public MadeStep Made => trader.Made;

    /// <summary>The newest step as a value, the same one until the next candle is taken. Ask for it only right after
    /// <see cref="Take"/> has made it.</summary>
    public Step Newest => newest ??= trader.StepOf(observations.Newest);

    /// <summary>Processes the next closed candle.</summary>
    /// <returns>The step; null during history and warm-up.</returns>
    public Step? Next(Candle candle) => Take(in candle) ? Newest : null;

    /// <summary>Processes the next closed candle, and makes no value of it.</summary>
    /// <returns>Whether there was a step; not during history and warm-up.</returns>
    public bool Take(in Candle candle)
    {
        // An exception in the middle of a step leaves a state that must not be saved.
        var wasWhole = !isBroken;
        isBroken = true;
        newest = null;
        observations.Take(in candle);
        var isStep = trader.Take(in candle, observations.Index, observations.UnitFraction, observations.Features);
        if (!isStep)
            Unstepped?.Invoke(observations.Newest);
        hasStep |= isStep;
        isBroken = !wasWhole;
        return isStep;
    }

    /// <summary>What the run is judged by; null after an exception interrupted a step. Read it between two candles.</summary>
    public RunGrowth? Growth => isBroken ? null : trader.GrowthNow();

    /// <inheritdoc cref="Trader.MaturedRewards"/>
    public ActionRewards MaturedRewards(double exposure, int horizon) => trader.MaturedRewards(exposure, horizon);

    /// <summary>Returns the complete state after the newest step. A run continued from it makes the same steps.</summary>
    /// <remarks>Copies the agent's state, so call it at checkpoints only. Call it between two candles.</remarks>
    /// <exception cref="InvalidOperationException">There was no step yet, or an exception interrupted one.</exception>
    public RunState Capture() =>
        isBroken ? throw new InvalidOperationException("The run ended in the middle of a step: it has no whole state.")
        : !hasStep ? throw new InvalidOperationException("The run has made no step yet.")
        : trader.Capture(observations.Save());
}
