using System.Globalization;
using BtcBandit.Engine.Agents;

namespace BtcBandit.Engine.Trading;

/// <summary>Why a run cannot be planned, as data. A closed union; the front end words the message.</summary>
/// <remarks><see cref="object.ToString"/> gives a plain sentence for logs and exceptions.</remarks>
public abstract record PlanFault
{
    private PlanFault() { }

    /// <summary>The list of indicators cannot be parsed.</summary>
    /// <param name="Indicators">The list as given.</param>
    /// <param name="Reason">What is wrong with the list.</param>
    public sealed record BadIndicators(string Indicators, string Reason) : PlanFault
    {
        /// <inheritdoc/>
        public override string ToString() => Reason;
    }

    /// <summary>The catalogue has no agent of that name.</summary>
    /// <param name="Agent">The name as given.</param>
    /// <param name="Known">Names of the agents in the catalogue.</param>
    public sealed record UnknownAgent(string Agent, IReadOnlyList<string> Known) : PlanFault
    {
        /// <inheritdoc/>
        public override string ToString() => $"agent {Agent} is not one of {string.Join(' ', Known)}";
    }

    /// <summary>The agent needs a horizon, and none was given.</summary>
    /// <param name="Options">The agent's options.</param>
    /// <param name="WithoutHorizon">Names of the agents that can weigh several horizons instead.</param>
    public sealed record HorizonNeeded(AgentOptions Options, IReadOnlyList<string> WithoutHorizon) : PlanFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            $"agent {Options.Agent} with model {Options.Model} and feedback {Options.Feedback} needs a horizon in candles";
    }

    /// <summary>The agent does not support one model per action.</summary>
    /// <param name="Agent">Name of the agent.</param>
    public sealed record NoModelPerAction(string Agent) : PlanFault
    {
        /// <inheritdoc/>
        public override string ToString() => $"agent {Agent} has no model for each action";
    }

    /// <summary>A parameter is outside its accepted range.</summary>
    /// <param name="Parameter">Name of the parameter, as in <see cref="RunParameters"/>.</param>
    /// <param name="Value">The value as given.</param>
    /// <param name="Accepted">The accepted range, in words.</param>
    public sealed record OutOfRange(string Parameter, double Value, string Accepted) : PlanFault
    {
        /// <inheritdoc/>
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Parameter} {Value} is not {Accepted}");
    }

    /// <summary>Even the largest possible first order is below the exchange's minimum.</summary>
    /// <param name="PositionFraction">Fraction of equity that is in the market after a buy.</param>
    /// <param name="InitialCash">Cash at the start, in the quote currency.</param>
    /// <param name="MinimumNotional">Smallest order value that the exchange accepts, in the quote currency.</param>
    public sealed record OrderTooSmall(double PositionFraction, double InitialCash, double MinimumNotional) : PlanFault
    {
        /// <summary>Value of the largest possible first order, in the quote currency.</summary>
        public double OrderValue => InitialCash * PositionFraction;

        /// <inheritdoc/>
        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"a position fraction of {PositionFraction} of {InitialCash} cash is {OrderValue}: the exchange takes no order below {MinimumNotional}"
            );
    }
}

/// <summary>Checks the parameters of a run.</summary>
internal static class PlanCheck
{
    /// <summary>Returns the first fault, or null if there is none.</summary>
    public static PlanFault? FirstFault(RunParameters parameters, AgentCatalogue agents) =>
        OfAgent(parameters, agents) ?? OfNumbers(parameters) ?? (PlanFault?)OfOrders(parameters);

    private static PlanFault? OfAgent(RunParameters parameters, AgentCatalogue agents) =>
        agents.Find(parameters.Agent) is not { } recipe ? new PlanFault.UnknownAgent(parameters.Agent, agents.Names)
        : parameters.Horizon is null && recipe.NeedsHorizon(parameters)
            ? new PlanFault.HorizonNeeded(parameters, agents.WeighingHorizons)
        : parameters.Model == AgentModel.PerAction && recipe.HasOneModelOnly
            ? new PlanFault.NoModelPerAction(parameters.Agent)
        : null;

    private static PlanFault.OutOfRange? OfNumbers(RunParameters parameters)
    {
        (string Name, double Value, bool IsIn, string Accepted)[] rules =
        [
            (nameof(parameters.Horizon), parameters.Horizon ?? 1, parameters.Horizon is null or >= 1, "at least 1"),
            (
                nameof(parameters.PosteriorScale),
                parameters.PosteriorScale,
                parameters.PosteriorScale >= 0,
                "at least 0"
            ),
            (
                nameof(parameters.Forgetting),
                parameters.Forgetting,
                parameters.Forgetting is > 0 and <= 1,
                "above 0 and at most 1"
            ),
            (
                nameof(parameters.PositionFraction),
                parameters.PositionFraction,
                parameters.PositionFraction is > 0 and <= 1,
                "above 0 and at most 1"
            ),
            (nameof(parameters.History), parameters.History, parameters.History >= 0, "at least 0"),
            (
                nameof(parameters.InitialCash),
                parameters.InitialCash,
                parameters.InitialCash > 0 && double.IsFinite(parameters.InitialCash),
                "above 0"
            ),
            .. new[] { parameters.Costs.Buy, parameters.Costs.Sell }.SelectMany(side =>
                new (string, double, bool, string)[]
                {
                    ("TakerFeeBps", side.TakerFeeBps, side.TakerFeeBps is >= 0 and < 10_000, "in 0..9999"),
                    ("MakerFeeBps", side.MakerFeeBps, side.MakerFeeBps is > -10_000 and < 10_000, "in -9999..9999"),
                    ("SlippageBps", side.SlippageBps, side.SlippageBps is >= 0 and < 10_000, "in 0..9999"),
                }
            ),
        ];
        var broken = Array.FindIndex(rules, rule => !rule.IsIn);
        return broken < 0
            ? null
            : new PlanFault.OutOfRange(rules[broken].Name, rules[broken].Value, rules[broken].Accepted);
    }

    private static PlanFault.OrderTooSmall? OfOrders(RunParameters parameters) =>
        parameters.InitialCash * parameters.PositionFraction < parameters.Rules.MinimumNotional
            ? new(parameters.PositionFraction, parameters.InitialCash, parameters.Rules.MinimumNotional)
            : null;
}
