using BtcBandit.Engine.Backtesting;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Report;

/// <summary>A feature over the whole run.</summary>
/// <param name="Place">Its place in the context vector.</param>
/// <param name="Name">Its name.</param>
/// <param name="Mean">Mean contribution to the value of the chosen action, basis points of equity.</param>
/// <param name="Size">Mean absolute contribution.</param>
internal sealed record FeatureWeight(int Place, string Name, double Mean, double Size);

/// <summary>How much each feature weighed in the decisions.</summary>
internal static class WeightSection
{
    /// <summary>Number of features that are drawn, those of the greatest weight.</summary>
    public const int Drawn = 8;

    /// <summary>All features, the greatest weight first; empty if no step counts.</summary>
    public static IReadOnlyList<FeatureWeight> Features(BacktestReport report)
    {
        var counted = report.Chart.Weights.Where(bucket => bucket.Counted > 0).ToList();
        var steps = (double)counted.Sum(bucket => bucket.Counted);
        return
        [
            .. report
                .Header.Features.Where(_ => counted.Count > 0)
                .Select(
                    (name, place) =>
                        new FeatureWeight(
                            place,
                            name,
                            counted.Sum(bucket => bucket.Counted * bucket.Means[place]) / steps,
                            counted.Sum(bucket => bucket.Counted * bucket.Sizes[place]) / steps
                        )
                )
                .OrderByDescending(feature => feature.Size)
                .ThenBy(feature => feature.Place),
        ];
    }

    /// <summary>The section.</summary>
    public static string Of(BacktestReport report)
    {
        var features = Features(report);
        if (features.Count == 0)
            return report.Chart.Weights.Count == 0
                ? "<p>This agent has no linear model, so its features have no weights.</p>"
                : "<p>The agent chose to be out of the market at every step, so no feature weighed anything.</p>";
        var counted = report.Chart.Weights.Sum(bucket => bucket.Counted);
        var keys = features.Take(Drawn).Select(Key);
        var table = Html.Table(
            ["feature", "mean size, bps", "mean, bps"],
            features.Select(feature =>
                Html.Row(
                    feature.Name,
                    [
                        FormattableString.Invariant($"{feature.Size:0.000}"),
                        FormattableString.Invariant($"{feature.Mean:+0.000;-0.000;0.000}"),
                    ]
                )
            )
        );
        return $"<ul class=\"keys\">{string.Concat(keys)}</ul><div id=\"weights\" class=\"small\" role=\"img\" aria-label=\"Weight of the features over time\"></div><details><summary>All {features.Count} features</summary><div class=\"tall\" tabindex=\"0\" role=\"region\" aria-label=\"Table of features\">{table}</div></details><p class=\"note\">How much each feature adds to the expected return of the chosen action, in basis points of equity: the mean size, whatever its sign. Counted are the {FigureText.Count(counted)} steps at which the agent chose to be in the market.</p>";
    }

    private static string Key(FeatureWeight feature, int place) =>
        $"<li><span class=\"key\" style=\"--own:var(--curve-{place})\"></span>{Html.Text(feature.Name)}</li>";
}
