using System.Diagnostics.CodeAnalysis;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Market;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Trading;

/// <summary>Validated description of what a run computes, for pipelines, backtests and sessions alike.</summary>
/// <remarks>Created by <see cref="Create"/> or <see cref="Of"/>. Immutable; it can be run any number of times.</remarks>
public sealed record RunPlan
{
    private readonly AgentCatalogue agents;

    // Whether the parameters state the exchange's rules: otherwise they are no part of what identifies a run.
    private readonly bool hasOwnRules;

    // Whether the exchange itself states them.
    private readonly bool areStated;

    private RunPlan(
        RunHeader header,
        FeatureSet featureSet,
        AgentCatalogue agents,
        ICostModel costs,
        bool hasOwnRules,
        bool areStated
    ) =>
        (Header, FeatureSet, this.agents, CostModel, this.hasOwnRules, this.areStated) = (
            header,
            featureSet,
            agents,
            costs,
            hasOwnRules,
            areStated
        );

    /// <summary>Identity of the run: source, parameters, and names of columns and features. The exchange's rules are null if
    /// the first candle is to set them.</summary>
    public RunHeader Header { get; private init; }

    /// <summary>Indicators and features that the run computes.</summary>
    public FeatureSet FeatureSet { get; }

    /// <summary>Fees and slippage of orders.</summary>
    public ICostModel CostModel { get; }

    /// <summary>Candles before the first step: the history or the warm-up of the indicators, whichever is longer.</summary>
    public int CandlesBeforeFirstStep => Math.Max(Header.Parameters.History, FeatureSet.WarmUp);

    /// <summary>Validates the description of a run.</summary>
    /// <param name="source">Pair, timeframe and source of the candles.</param>
    /// <param name="parameters">All other parameters that affect the results.</param>
    /// <param name="parts">Custom features, agents or costs; null uses the built-in ones.</param>
    /// <returns>The plan, or the first fault found.</returns>
    /// <exception cref="ArgumentException">The source, the parameters, or a value in them or in the parts that must not be
    /// null is null.</exception>
    public static PlanResult Create(MarketSource source, RunParameters parameters, RunParts? parts = null)
    {
        parts ??= new RunParts();
        ThrowIfPartIsNull(source, parameters, parts);
        if (!TryFeatures(parts, parameters.Indicators, out var featureSet, out var fault))
            return new PlanResult.Refused(fault);
        var charged = Charged(source, parameters, parts);
        if (parts.CostModel is { } model and not Costs && string.IsNullOrWhiteSpace(model.Id))
            return new PlanResult.Refused(new PlanFault.CostModelWithoutId(model.GetType().Name));
        if (PlanCheck.FirstFault(source, charged, parts.Agents) is { } refused)
            return new PlanResult.Refused(refused);
        var header = RunHeader.For(source, featureSet, charged);
        return new PlanResult.Ready(
            new RunPlan(
                header,
                featureSet,
                parts.Agents,
                parts.CostModel ?? charged.Costs,
                hasOwnRules: parameters.Rules is not null,
                areStated: parts.Rules is not null
            )
        );
    }

    /// <summary>Returns the header that this plan has if it continues a saved run.</summary>
    /// <remarks>
    /// A run keeps the exchange's rules with which it started, unless the plan states others. Runs of earlier versions have
    /// those of BTC/USDT, whatever their pair.
    /// </remarks>
    /// <param name="saved">Header of the saved run.</param>
    internal RunHeader HeaderAfter(RunHeader saved)
    {
        var kept = saved.Parameters.Rules;
        var header = Header with { Known = saved.Known, TrialsBefore = saved.TrialsBefore };
        return !hasOwnRules && (areStated || header.Parameters.Rules is null || kept == ExchangeRules.Default)
            ? header with
            {
                Parameters = header.Parameters with { Rules = kept },
            }
            : header;
    }

    /// <summary>Returns the same run for an agent that has learned before.</summary>
    /// <param name="known">Markets that it has learned on; null if it begins with the prior.</param>
    /// <param name="trialsBefore">Number of trials out of which it was chosen.</param>
    internal RunPlan Knowing(IReadOnlyList<KnownMarket>? known, int trialsBefore = 0) =>
        this with
        {
            Header = Header with { Known = known, TrialsBefore = trialsBefore },
        };

    private static void ThrowIfPartIsNull(MarketSource source, RunParameters parameters, RunParts parts)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(parameters);
        if (source.Pair is null)
            throw new ArgumentException($"{nameof(source.Pair)} is null.", nameof(source));
        if (parts.Agents is null)
            throw new ArgumentException($"{nameof(parts.Agents)} is null.", nameof(parts));
        (string Name, object? Value)[] values =
        [
            (nameof(parameters.Agent), parameters.Agent),
            (nameof(parameters.Indicators), parameters.Indicators),
            (nameof(parameters.Costs), parameters.Costs),
        ];
        if (Array.FindIndex(values, one => one.Value is null) is >= 0 and var missing)
            throw new ArgumentException($"{values[missing].Name} is null.", nameof(parameters));
    }

    // The header says what the run is charged: fixed costs as numbers, a model by its id; and the rules, if they are known.
    private static RunParameters Charged(MarketSource source, RunParameters parameters, RunParts parts) =>
        parameters with
        {
            Costs = parts.CostModel as Costs ?? parameters.Costs,
            CostModel = parts.CostModel?.Id,
            Rules = parameters.Rules ?? parts.Rules ?? PairRules.Known(source),
        };

    /// <summary>Creates a plan; throws if the description is not valid.</summary>
    /// <param name="source">Pair, timeframe and source of the candles.</param>
    /// <param name="parameters">All other parameters that affect the results.</param>
    /// <param name="parts">Custom features, agents or costs; null uses the built-in ones.</param>
    /// <exception cref="ArgumentException">The description is not valid; the message says why.</exception>
    public static RunPlan Of(MarketSource source, RunParameters parameters, RunParts? parts = null) =>
        Create(source, parameters, parts) switch
        {
            PlanResult.Ready ready => ready.Plan,
            PlanResult.Refused refused => throw new ArgumentException($"{refused.Fault}", nameof(parameters)),
            _ => throw new InvalidOperationException("A result is a plan or a fault."),
        };

    /// <summary>Creates the agent of a run.</summary>
    /// <param name="learned">State of an agent to start from; null starts from the prior.</param>
    /// <param name="isFrozen">Whether the agent only applies what it has learned.</param>
    /// <exception cref="InvalidDataException">The state does not fit the agent or its features.</exception>
    /// <exception cref="InvalidOperationException">The recipe created no agent, or one without horizons.</exception>
    public IAgent CreateAgent(AgentState? learned = null, bool isFrozen = false) =>
        agents.Create(Header.AgentSetup with { IsFrozen = isFrozen }, learned);

    /// <summary>Whether the seed affects the results, apart from those of a synthetic market.</summary>
    internal bool DrawsAtRandom => agents.Find(Header.Parameters.Agent)!.DrawsAtRandom;

    /// <summary>Returns the same run with another agent of its own catalogue, or with one more agent. One that cannot choose
    /// between several horizons gets the default one.</summary>
    /// <param name="options">Changes the parameters.</param>
    /// <param name="added">An agent that the catalogue does not have; null if there is none.</param>
    /// <exception cref="ArgumentException">The changed description is not valid.</exception>
    internal RunPlan With(Func<RunParameters, RunParameters> options, AgentRecipe? added = null)
    {
        var catalogue = added is null ? agents : agents.WithBaseline(added);
        var changed = options(Header.Parameters);
        return Of(
            Header.Source,
            changed with
            {
                Horizon = catalogue.HorizonOf(changed),
            },
            new RunParts
            {
                FeatureSet = FeatureSet,
                Agents = catalogue,
                // Fixed costs are among the parameters, where they can be changed.
                CostModel = CostModel is Costs ? null : CostModel,
            }
        );
    }

    private static bool TryFeatures(
        RunParts parts,
        string indicators,
        [NotNullWhen(true)] out FeatureSet? featureSet,
        [NotNullWhen(false)] out PlanFault? fault
    )
    {
        fault = null;
        featureSet = parts.FeatureSet;
        if (featureSet is not null || FeatureSet.TryParse(indicators, out featureSet, out var reason))
            return true;
        fault = new PlanFault.BadIndicators(indicators, reason);
        return false;
    }
}

/// <summary>Custom parts of a run: features, agents and costs of your own. A part left out is the built-in one.</summary>
public sealed record RunParts
{
    /// <summary>Indicators and features; null builds them from the parameters' list of indicators.</summary>
    public FeatureSet? FeatureSet { get; init; }

    /// <summary>Agents that the parameters may name; the built-in ones by default.</summary>
    public AgentCatalogue Agents { get; init; } = AgentCatalogue.Default;

    /// <summary>Limits on orders that the exchange states now, used unless the parameters state others; a run that is continued
    /// keeps those with which it started. Null uses the known ones of the pair, or limits that fit its price.</summary>
    public ExchangeRules? Rules { get; init; }

    /// <summary>Fees and slippage of orders; null uses the costs in the parameters. <see cref="Costs"/> replace those, and any
    /// other model needs an id.</summary>
    public ICostModel? CostModel { get; init; }
}

/// <summary>Result of <see cref="RunPlan.Create"/>: a plan or a fault. A closed union.</summary>
public abstract record PlanResult
{
    private PlanResult() { }

    /// <summary>The description is valid.</summary>
    /// <param name="Plan">The plan.</param>
    public sealed record Ready(RunPlan Plan) : PlanResult;

    /// <summary>The description is not valid.</summary>
    /// <param name="Fault">The first fault found.</param>
    public sealed record Refused(PlanFault Fault) : PlanResult;
}
