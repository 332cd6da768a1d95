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

    /// <summary>A value of the source or of the parameters is not one that its type names.</summary>
    /// <param name="Parameter">Name of the property, as in <see cref="RunParameters"/> or
    /// <see cref="Market.MarketSource"/>.</param>
    /// <param name="Value">The value as given.</param>
    /// <param name="Accepted">Names of the accepted values.</param>
    public sealed record NotOneOf(string Parameter, string Value, IReadOnlyList<string> Accepted) : PlanFault
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Parameter} {Value} is not one of {string.Join(' ', Accepted)}";
    }

    /// <summary>A custom cost model has no id, so a saved run could be continued at other costs.</summary>
    /// <param name="Model">Name of the model's type.</param>
    public sealed record CostModelWithoutId(string Model) : PlanFault
    {
        /// <inheritdoc/>
        public override string ToString() => $"cost model {Model} has no id";
    }

    /// <summary>A parameter is outside its accepted range.</summary>
    /// <param name="Parameter">Path of the parameter in <see cref="RunParameters"/>, such as <c>Horizon</c> or
    /// <c>Costs.Buy.TakerFeeBps</c>.</param>
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
