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
}
