using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Report;

/// <summary>Everything that identifies the run of a report, so that it can be made again.</summary>
internal static class RunFacts
{
    /// <summary>The list.</summary>
    public static string Of(BacktestReport report, ReportMaker maker)
    {
        var parameters = report.Header.Parameters;
        (string, string)[] first =
        [
            ("candles", $"{FigureText.Count(report.Comparison.Candles)}, {report.Header.Source}"),
            ("data hash", $"{report.Comparison.DataHash} (XxHash3 of all candles)"),
            (
                "agents",
                string.Join(
                    "; ",
                    report.Comparison.Agents.Select(agent => ComparisonFigures.LabelOf(agent, report.Comparison))
                ) + (report.Comparison.Agents is [{ IsFrozen: true }] ? ", frozen: nothing was learned" : "")
            ),
            ("seeds", Seeds(report.Seeds)),
        ];
        (string, string)[] last =
        [
            ("program", $"btcbandit {maker.Version}, arithmetic {maker.Arithmetic}"),
            ("platform", maker.Platform),
        ];
        return Html.Facts("plain", [.. first, .. Parameters(parameters), .. last]);
    }

    private static IEnumerable<(string, string)> Parameters(RunParameters parameters)
    {
        yield return (Flag(nameof(parameters.Indicators)), parameters.Indicators);
        yield return (Flag(nameof(parameters.Model)), AgentModels.Names.Of(parameters.Model));
        yield return (Flag(nameof(parameters.Feedback)), Feedbacks.Names.Of(parameters.Feedback));
        yield return (
            Flag(nameof(parameters.Horizon)),
            parameters.Horizon is { } horizon ? FormattableString.Invariant($"{horizon}") : "auto"
        );
        yield return (Flag(nameof(parameters.PosteriorScale)), Number(parameters.PosteriorScale));
        yield return (Flag(nameof(parameters.Forgetting)), Number(parameters.Forgetting));
        yield return (Flag(nameof(parameters.Fill)), FillMoments.Names.Of(parameters.Fill));
        yield return (Flag(nameof(parameters.PositionFraction)), Number(parameters.PositionFraction));
        yield return (Flag(nameof(parameters.History)), FormattableString.Invariant($"{parameters.History}"));
        yield return (Flag(nameof(SideCosts.TakerFeeBps)), Sides(parameters.Costs, side => side.TakerFeeBps));
        yield return (Flag(nameof(SideCosts.SlippageBps)), Sides(parameters.Costs, side => side.SlippageBps));
        if (parameters.CostModel is { } model)
            yield return (Flag(nameof(parameters.CostModel)), model);
        yield return (Flag(nameof(parameters.InitialCash)), Number(parameters.InitialCash));
    }

    private static string Sides(Costs costs, Func<SideCosts, double> figure) =>
        figure(costs.Buy).Equals(figure(costs.Sell))
            ? Number(figure(costs.Buy))
            : $"{Number(figure(costs.Buy))} buying, {Number(figure(costs.Sell))} selling";

    private static string Seeds(IReadOnlyList<long> seeds) =>
        seeds.Count == 1 ? $"{seeds[0]}"
        : seeds.Count <= 10 ? string.Join(", ", seeds)
        : FormattableString.Invariant($"{seeds.Count}, from {seeds[0]} to {seeds[^1]}");

    private static string Flag(string name) => ParameterText.Of(name);

    private static string Number(double value) => FormattableString.Invariant($"{value}");
}
