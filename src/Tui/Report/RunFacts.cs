using BtcBandit.Engine.Backtesting;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Report;

/// <summary>Everything that identifies the run of a report, so that it can be made again.</summary>
internal static class RunFacts
{
    /// <summary>The list.</summary>
    public static string Of(BacktestReport report, ReportMaker maker)
    {
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
        return Html.Facts("plain", [.. first, .. ParameterText.All(report.Header.Parameters), .. last]);
    }

    private static string Seeds(IReadOnlyList<long> seeds) =>
        seeds.Count == 1 ? $"{seeds[0]}"
        : seeds.Count <= 10 ? string.Join(", ", seeds)
        : FormattableString.Invariant($"{seeds.Count}, from {seeds[0]} to {seeds[^1]}");
}
