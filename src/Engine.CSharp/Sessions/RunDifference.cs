using System.Globalization;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Sessions;

/// <summary>A difference between two runs.</summary>
/// <param name="Kind">Kind of difference.</param>
/// <param name="Name">Name of the parameter in kebab case; for other kinds, the kind in lower case.</param>
/// <param name="Before">Value in the earlier run.</param>
/// <param name="Now">Value in the new run.</param>
public sealed record RunDifference(RunDifferenceKind Kind, string Name, string Before, string Now)
{
    private static readonly (string Name, Func<RunParameters, string> Value)[] parameters =
    [
        ("agent", run => run.Agent),
        ("indicators", run => run.Indicators),
        ("seed", run => Number(run.Seed)),
        ("model", run => AgentModels.Names.Of(run.Model)),
        ("feedback", run => Feedbacks.Names.Of(run.Feedback)),
        ("horizon", run => run.Horizon is { } horizon ? Number(horizon) : "auto"),
        ("posterior-scale", run => Number(run.PosteriorScale)),
        ("forgetting", run => Number(run.Forgetting)),
        ("fill", run => FillMoments.Names.Of(run.Fill)),
        ("position-fraction", run => Number(run.PositionFraction)),
        ("history", run => Number(run.History)),
        ("fee-bps", run => Sides(run.Costs, side => side.TakerFeeBps)),
        ("maker-fee-bps", run => Sides(run.Costs, side => side.MakerFeeBps)),
        ("slippage-bps", run => Sides(run.Costs, side => side.SlippageBps)),
        ("cost-model", run => run.CostModel ?? "fixed"),
        ("exchange-rules", run => $"{run.Rules}"),
        ("initial-cash", run => Number(run.InitialCash)),
    ];

    /// <summary>Lists the differences of the first kind that differs, in the order of <see cref="RunDifferenceKind"/>; empty
    /// if the runs are the same.</summary>
    internal static IReadOnlyList<RunDifference> Between(RunHeader before, RunHeader now)
    {
        if (before.Source != now.Source)
            return [new(RunDifferenceKind.Source, "source", $"{before.Source}", $"{now.Source}")];
        if (before.Parameters != now.Parameters)
            return Changed(before.Parameters, now.Parameters);
        if (!before.Columns.SequenceEqual(now.Columns))
            return [new(RunDifferenceKind.Columns, "columns", Names(before.Columns), Names(now.Columns))];
        return before.Features.SequenceEqual(now.Features)
            ? []
            : [new(RunDifferenceKind.Features, "features", Names(before.Features), Names(now.Features))];
    }

    private static List<RunDifference> Changed(RunParameters before, RunParameters now)
    {
        // A maker fee that changes together with the taker fee is not listed separately.
        var all =
            from parameter in parameters
            let values = (Before: parameter.Value(before), Now: parameter.Value(now))
            where values.Before != values.Now
            select new RunDifference(RunDifferenceKind.Parameter, parameter.Name, values.Before, values.Now);
        var list = all.ToList();
        if (list.Exists(difference => difference.Name == "fee-bps"))
            list.RemoveAll(difference => difference.Name == "maker-fee-bps");
        return list;
    }

    private static string Sides(Costs costs, Func<SideCosts, double> of) =>
        of(costs.Buy).Equals(of(costs.Sell))
            ? Number(of(costs.Buy))
            : $"{Number(of(costs.Buy))} to buy and {Number(of(costs.Sell))} to sell";

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
}
