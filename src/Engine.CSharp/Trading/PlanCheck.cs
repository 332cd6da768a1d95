using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Trading;

/// <summary>Checks the source and the parameters of a run.</summary>
internal static class PlanCheck
{
    // Up to 1e12 lots or ticks in a unit, their number in an order or a price is a whole number that a double holds.
    private const double FinestGrid = 1e12;

    // From here on every double is a whole number.
    private const double LargestFraction = 1L << 52;

    // With more, sums over a long run could become infinite, or lose the smallest orders.
    private const double MostCash = 1e12;

    /// <summary>Returns the first fault, or null if there is none.</summary>
    public static PlanFault? FirstFault(MarketSource source, RunParameters parameters, AgentCatalogue agents) =>
        OfSource(source)
        ?? OfValues(parameters)
        ?? OfAgent(parameters, agents)
        ?? OfNumbers(parameters)
        ?? (PlanFault?)OfOrders(source, parameters);

    private static PlanFault.NotOneOf? OfSource(MarketSource source) =>
        source.Timeframe == default
            ? new(nameof(source.Timeframe), "(none)", [.. Timeframe.All.Select(timeframe => timeframe.Name)])
        : source is MarketSource.Synthetic { World: var world }
            ? Unnamed(nameof(MarketSource.Synthetic.World), world, SyntheticWorlds.Values)
        : null;

    private static PlanFault.NotOneOf? OfValues(RunParameters parameters) =>
        Unnamed(nameof(parameters.Model), parameters.Model, AgentModels.Names)
        ?? Unnamed(nameof(parameters.Feedback), parameters.Feedback, Feedbacks.Names)
        ?? Unnamed(nameof(parameters.Fill), parameters.Fill, FillMoments.Names);

    private static PlanFault.NotOneOf? Unnamed<T>(string parameter, T value, ValueNames<T> names)
        where T : struct, Enum => names.Has(value) ? null : new(parameter, names.Of(value), names.All);

    private static PlanFault? OfAgent(RunParameters parameters, AgentCatalogue agents) =>
        agents.Find(parameters.Agent) is not { } recipe ? new PlanFault.UnknownAgent(parameters.Agent, agents.Names)
        : parameters.Horizon is null && recipe.NeedsHorizon(parameters)
            ? new PlanFault.HorizonNeeded(parameters, agents.WeighingHorizons)
        : parameters.Model == AgentModel.PerAction && recipe.HasOneModelOnly
            ? new PlanFault.NoModelPerAction(parameters.Agent)
        : null;

    private static PlanFault.OutOfRange? OfNumbers(RunParameters parameters)
    {
        // Comparisons with NaN are false, so NaN lies outside every range. All numbers are finite, or a run could not be
        // saved.
        (string Name, double Value, bool IsIn, string Accepted)[] ranges =
        [
            (
                nameof(parameters.Horizon),
                parameters.Horizon ?? 1,
                parameters.Horizon is null or (>= 1 and <= PendingOutcomes.MaxHorizon),
                $"in 1..{PendingOutcomes.MaxHorizon}"
            ),
            (
                nameof(parameters.PosteriorScale),
                parameters.PosteriorScale,
                parameters.PosteriorScale is >= 0 and <= 100,
                "in 0..100"
            ),
            // With less, the variance of a feature that stays 0 outgrows what a saved state may hold.
            (
                nameof(parameters.Forgetting),
                parameters.Forgetting,
                parameters.Forgetting is >= 0.5 and <= 1,
                "in 0.5..1"
            ),
            (nameof(parameters.Evidence), parameters.Evidence, parameters.Evidence is >= 0 and <= 100, "in 0..100"),
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
                parameters.InitialCash is > 0 and <= MostCash,
                "above 0 and at most 1e12"
            ),
        ];
        var broken = Array.FindIndex(ranges, range => !range.IsIn);
        return broken >= 0 ? new(ranges[broken].Name, ranges[broken].Value, ranges[broken].Accepted)
            : CostRanges.FirstFault(parameters.Costs) is { } costs
                ? new($"{nameof(parameters.Costs)}.{costs.Name}", costs.Value, costs.Accepted)
            : parameters.Rules is { } rules ? OfRules(rules)
            : null;
    }

    /// <summary>Returns the first of an exchange's rules that is out of its range; null if there is none.</summary>
    public static PlanFault.OutOfRange? OfRules(ExchangeRules rules)
    {
        (string Name, double Value, bool IsIn, string Accepted)[] ranges =
        [
            Grid(nameof(rules.LotsPerUnit), rules.LotsPerUnit),
            (
                nameof(rules.MinimumNotional),
                rules.MinimumNotional,
                rules.MinimumNotional >= 0 && double.IsFinite(rules.MinimumNotional),
                "at least 0 and finite"
            ),
            (
                nameof(rules.MaximumQuantity),
                rules.MaximumQuantity,
                rules.MaximumQuantity > 0 && double.IsFinite(rules.MaximumQuantity),
                "above 0 and finite"
            ),
            (
                nameof(rules.MaximumQuantity),
                rules.MaximumQuantity,
                AreWhole(rules.MaximumQuantity * rules.LotsPerUnit),
                "a whole number of lots"
            ),
            Grid(nameof(rules.TicksPerUnit), rules.TicksPerUnit),
        ];
        var broken = Array.FindIndex(ranges, range => !range.IsIn);
        return broken < 0
            ? null
            : new(
                $"{nameof(RunParameters.Rules)}.{ranges[broken].Name}",
                ranges[broken].Value,
                ranges[broken].Accepted
            );

        static (string, double, bool, string) Grid(string name, double value) =>
            (name, value, value is > 0 and <= FinestGrid, "above 0 and at most 1e12");

        // Otherwise the largest order would leave a part of a lot. The tolerance is for the rounding of decimals; very large
        // numbers are whole, and so many lots may even be infinite.
        static bool AreWhole(double lots) =>
            lots >= LargestFraction || (lots > 0.5 && Math.Abs(lots - Math.Round(lots)) <= 1e-12 * lots);
    }

    private static PlanFault.OrderTooSmall? OfOrders(MarketSource source, RunParameters parameters)
    {
        var minimum = parameters.Rules?.MinimumNotional ?? PairRules.MinimumNotional(source.Pair);
        return parameters.InitialCash * parameters.PositionFraction < minimum
            ? new(parameters.PositionFraction, parameters.InitialCash, minimum)
            : null;
    }
}
