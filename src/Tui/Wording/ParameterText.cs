using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Wording;

/// <summary>What the command line calls a parameter of a run: its flag, or plain words where it has none.</summary>
internal static class ParameterText
{
    /// <summary>The flag or the words.</summary>
    /// <param name="name">Name of the parameter in the engine.</param>
    public static string Of(string name) =>
        name switch
        {
            nameof(MarketSource.Pair) => "--symbol",
            nameof(MarketSource.Timeframe) => "--timeframe",
            nameof(MarketSource.Synthetic.World) => "--world",
            nameof(RunParameters.Agent) => "--agent",
            nameof(RunParameters.Indicators) => "--indicators",
            nameof(RunParameters.Seed) => "--seed",
            nameof(RunParameters.Model) => "--model",
            nameof(RunParameters.Feedback) => "--feedback",
            nameof(RunParameters.Horizon) => "--horizon",
            nameof(RunParameters.PosteriorScale) => "--posterior-scale",
            nameof(RunParameters.Forgetting) => "--forgetting",
            nameof(RunParameters.Evidence) => "--evidence",
            nameof(RunParameters.Fill) => "--fill",
            nameof(RunParameters.PositionFraction) => "--position-fraction",
            nameof(RunParameters.History) => "--history",
            nameof(SideCosts.TakerFeeBps) => "--fee-bps",
            nameof(SideCosts.SlippageBps) => "--slippage-bps",
            nameof(RunParameters.InitialCash) => "--initial-cash",
            nameof(SideCosts.MakerFeeBps) => "the maker fee in basis points",
            nameof(RunParameters.CostModel) => "the cost model",
            nameof(ExchangeRules.LotsPerUnit) => "the number of lots in a unit",
            nameof(ExchangeRules.MinimumNotional) => "the smallest order value",
            nameof(ExchangeRules.MaximumQuantity) => "the largest order quantity",
            nameof(ExchangeRules.TicksPerUnit) => "the number of ticks in a unit",
            _ => name,
        };

    /// <summary>The parameters that results depend on, each under its flag or its words, except for agent, seed and the exchange's
    /// limits on orders.</summary>
    public static IEnumerable<(string Name, string Value)> All(RunParameters parameters)
    {
        yield return (Of(nameof(parameters.Indicators)), parameters.Indicators);
        foreach (var one in Learning(parameters))
            yield return one;
        yield return (Of(nameof(parameters.Fill)), FillMoments.Names.Of(parameters.Fill));
        foreach (var one in Trading(parameters))
            yield return one;
        yield return (Of(nameof(SideCosts.TakerFeeBps)), Sides(parameters.Costs, side => side.TakerFeeBps));
        yield return (Of(nameof(SideCosts.SlippageBps)), Sides(parameters.Costs, side => side.SlippageBps));
        if (parameters.CostModel is { } model)
            yield return (Of(nameof(parameters.CostModel)), model);
    }

    /// <summary>Those of what is learned and how, each under its flag.</summary>
    public static IEnumerable<(string Name, string Value)> Learning(RunParameters parameters)
    {
        yield return (Of(nameof(parameters.Model)), AgentModels.Names.Of(parameters.Model));
        yield return (Of(nameof(parameters.Feedback)), Feedbacks.Names.Of(parameters.Feedback));
        yield return (Of(nameof(parameters.Horizon)), Horizon(parameters));
        yield return (Of(nameof(parameters.PosteriorScale)), Number(parameters.PosteriorScale));
        yield return (Of(nameof(parameters.Forgetting)), Number(parameters.Forgetting));
        yield return (Of(nameof(parameters.Evidence)), Evidence(parameters));
    }

    /// <summary>Those of money and time, without costs and fills, each under its flag.</summary>
    public static IEnumerable<(string Name, string Value)> Trading(RunParameters parameters)
    {
        yield return (Of(nameof(parameters.PositionFraction)), Number(parameters.PositionFraction));
        yield return (Of(nameof(parameters.History)), FormattableString.Invariant($"{parameters.History}"));
        yield return (Of(nameof(parameters.InitialCash)), Number(parameters.InitialCash));
    }

    /// <summary>The horizon as its flag takes it.</summary>
    public static string Horizon(AgentOptions options) =>
        options.Horizon is { } horizon ? FormattableString.Invariant($"{horizon}") : "auto";

    /// <summary>The evidence that is asked for, as its flag takes it.</summary>
    public static string Evidence(AgentOptions options) => options.Evidence > 0 ? Number(options.Evidence) : "off";

    /// <summary>A figure of both sides: one number if it is the same for buying and selling.</summary>
    /// <param name="costs">Costs of the sides.</param>
    /// <param name="figure">The figure.</param>
    public static string Sides(Costs costs, Func<SideCosts, double> figure) =>
        figure(costs.Buy).Equals(figure(costs.Sell))
            ? Number(figure(costs.Buy))
            : $"{Number(figure(costs.Buy))} buying, {Number(figure(costs.Sell))} selling";

    private static string Number(double value) => FormattableString.Invariant($"{value}");
}
