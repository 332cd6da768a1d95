using System.Globalization;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Sessions;

/// <summary>A difference between two runs, as data; the front end words it.</summary>
/// <param name="Kind">Kind of difference.</param>
/// <param name="Name">Name of the parameter, as in <see cref="RunParameters"/>, <see cref="SideCosts"/> or
/// <see cref="ExchangeRules"/>; for other kinds, the name of the kind.</param>
/// <param name="Before">Value in the earlier run; empty for <see cref="RunDifferenceKind.Other"/>.</param>
/// <param name="Now">Value in the new run; empty for <see cref="RunDifferenceKind.Other"/>.</param>
public sealed record RunDifference(RunDifferenceKind Kind, string Name, string Before, string Now)
{
    private static readonly (string Name, Func<RunParameters, string> Value)[] parameters =
    [
        (nameof(RunParameters.Agent), run => run.Agent),
        (nameof(RunParameters.Indicators), run => run.Indicators),
        (nameof(RunParameters.Seed), run => Number(run.Seed)),
        (nameof(RunParameters.Model), run => AgentModels.Names.Of(run.Model)),
        (nameof(RunParameters.Feedback), run => Feedbacks.Names.Of(run.Feedback)),
        (nameof(RunParameters.Horizon), run => run.Horizon is { } horizon ? Number(horizon) : "auto"),
        (nameof(RunParameters.PosteriorScale), run => Number(run.PosteriorScale)),
        (nameof(RunParameters.Forgetting), run => Number(run.Forgetting)),
        (nameof(RunParameters.Evidence), run => run.Evidence > 0 ? Number(run.Evidence) : "off"),
        (nameof(RunParameters.Fill), run => FillMoments.Names.Of(run.Fill)),
        (nameof(RunParameters.PositionFraction), run => Number(run.PositionFraction)),
        (nameof(RunParameters.History), run => Number(run.History)),
        (nameof(SideCosts.TakerFeeBps), run => Sides(run.Costs, side => side.TakerFeeBps)),
        (nameof(SideCosts.MakerFeeBps), run => Sides(run.Costs, side => side.MakerFeeBps)),
        (nameof(SideCosts.SlippageBps), run => Sides(run.Costs, side => side.SlippageBps)),
        (nameof(RunParameters.CostModel), run => run.CostModel ?? "fixed"),
        (nameof(ExchangeRules.LotsPerUnit), run => Rule(run, rules => rules.LotsPerUnit)),
        (nameof(ExchangeRules.MinimumNotional), run => Rule(run, rules => rules.MinimumNotional)),
        (nameof(ExchangeRules.MaximumQuantity), run => Rule(run, rules => rules.MaximumQuantity)),
        (nameof(ExchangeRules.TicksPerUnit), run => Rule(run, rules => rules.TicksPerUnit)),
        (nameof(RunParameters.InitialCash), run => Number(run.InitialCash)),
    ];

    /// <summary>Lists the differences of the first kind that differs, in the order of <see cref="RunDifferenceKind"/>; empty
    /// only if the headers are equal.</summary>
    internal static IReadOnlyList<RunDifference> Between(RunHeader before, RunHeader now)
    {
        if (before == now)
            return [];
        if (before.Source != now.Source)
            return [Of(RunDifferenceKind.Source, $"{before.Source}", $"{now.Source}")];
        if (Changed(before.Parameters, now.Parameters) is { Count: > 0 } changed)
            return changed;
        if (!before.Columns.SequenceEqual(now.Columns))
            return [Of(RunDifferenceKind.Columns, Names(before.Columns), Names(now.Columns))];
        return before.Features.SequenceEqual(now.Features)
            ? [Of(RunDifferenceKind.Other, "", "")]
            : [Of(RunDifferenceKind.Features, Names(before.Features), Names(now.Features))];
    }

    private static RunDifference Of(RunDifferenceKind kind, string before, string now) =>
        new(kind, $"{kind}", before, now);

    private static List<RunDifference> Changed(RunParameters before, RunParameters now)
    {
        // A maker fee that changes together with the taker fee is not listed separately.
        var all =
            from parameter in parameters
            let values = (Before: parameter.Value(before), Now: parameter.Value(now))
            where values.Before != values.Now
            select new RunDifference(RunDifferenceKind.Parameter, parameter.Name, values.Before, values.Now);
        var list = all.ToList();
        if (list.Exists(difference => difference.Name == nameof(SideCosts.TakerFeeBps)))
            list.RemoveAll(difference => difference.Name == nameof(SideCosts.MakerFeeBps));
        return list;
    }

    private static string Sides(Costs costs, Func<SideCosts, double> of) =>
        of(costs.Buy).Equals(of(costs.Sell))
            ? Number(of(costs.Buy))
            : $"{Number(of(costs.Buy))} to buy and {Number(of(costs.Sell))} to sell";

    private static string Rule(RunParameters run, Func<ExchangeRules, double> of) =>
        run.Rules is { } rules ? Number(of(rules)) : "from the first candle";

    private static string Number(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static string Names(IEnumerable<string> names) => string.Join(' ', names);
}

/// <summary>Kind of difference between two runs.</summary>
public enum RunDifferenceKind
{
    /// <summary>Pair, timeframe or source of the candles.</summary>
    Source,

    /// <summary>A parameter of the run.</summary>
    Parameter,

    /// <summary>Names of the indicator columns.</summary>
    Columns,

    /// <summary>Names of the features in the context vector.</summary>
    Features,

    /// <summary>Something that none of the listed values shows.</summary>
    Other,
}
