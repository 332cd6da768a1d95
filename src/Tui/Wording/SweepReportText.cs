using System.Text.Json.Nodes;
using BtcBandit.Sweep.Reporting;

namespace BtcBandit.Tui.Wording;

/// <summary>Texts of the report of a sweep.</summary>
internal static class SweepReportText
{
    private const int MostNamed = 5;

    /// <summary>The report as text.</summary>
    public static string Of(SweepReport report)
    {
        var lines = new List<string> { LuckLine(report), Verdict(report), "" };
        lines.AddRange(Counts(report));
        lines.Add("");
        lines.Add(Table(report));
        return string.Join('\n', lines);
    }

    /// <summary>What luck alone would show.</summary>
    public static string LuckLine(SweepReport report)
    {
        var sharpe = report.LuckySharpe is { } ratio
            ? Invariant($", a Sharpe ratio of {ratio:0.0} over {Span(report.Years)}")
            : "";
        return report.Trials > 1
            ? Invariant(
                $"By luck alone the best of {report.Trials:N0} worthless settings shows about {report.ExpectedBest:0.0} standard errors above zero{sharpe}."
            )
            : "One setting was tried, so that nothing was chosen.";
    }

    /// <summary>What was found, in one sentence.</summary>
    public static string Verdict(SweepReport report)
    {
        var paid = report.Cells.Count(cell => !cell.Key.IsFree);
        var free = report.Cells.Count(cell => cell.Key.IsFree && cell.IsClaim);
        var without =
            free > 0 ? $" Without costs there is some in {Counted.Of(free, "market")}: an edge that costs eat." : "";
        var preliminary = Preliminary(report);
        var wide = report.CanClaim
            ? ""
            : " These are more pairs than the test can tell from luck: sweep fewer at a time.";
        if (paid == 0)
            return $"No evidence of skill after costs: every market of this sweep is free of costs.{without}{wide}{preliminary}";
        var claims = report.Claims;
        var named = string.Join("; ", claims.Take(MostNamed).Select(cell => $"{NameOf(cell.Key)} ({cell.Values})"));
        var more = claims.Count > MostNamed ? Invariant($"; and {claims.Count - MostNamed:N0} more") : "";
        return claims.Count > 0
            ? Invariant(
                $"Evidence of skill after costs, at level 2 %, in {claims.Count:N0} of {Counted.Of(paid, "market")} with costs: {named}{more}.{without}{preliminary}"
            )
            : Invariant(
                $"No evidence of skill after costs, at level 2 %: in none of {Counted.Of(paid, "market")} with costs is there more than luck explains.{without}{wide}{preliminary}"
            );
    }

    private static string Preliminary(SweepReport report)
    {
        string[] lacks =
        [
            report.Missing > 0
                ? Invariant($"{report.Missing:N0} of {SweepText.Runs(report.Runs)} have no result yet")
                : "",
            report.RungsLeft > 0 ? $"{Counted.Of(report.RungsLeft, "rung")} of halving still to come" : "",
        ];
        var said = string.Join("; ", lacks.Where(lack => lack.Length > 0));
        return said.Length > 0 ? $" Preliminary: {said}." : "";
    }

    /// <summary>The report as JSON.</summary>
    public static string Json(SweepReport report) =>
        new JsonObject
        {
            ["sweep"] = report.Sweep,
            ["luck"] = LuckLine(report),
            ["verdict"] = Verdict(report),
            ["evidence"] = report.Claims.Count > 0,
            ["choice"] = report.Choice.ToString().ToLowerInvariant(),
            ["runs"] = report.Runs,
            ["missing"] = report.Missing,
            ["rungs_left"] = report.RungsLeft,
            ["failed"] = report.Failed,
            ["seeds"] = report.Seeds,
            ["trials"] = report.Trials,
            ["expected_best"] = report.ExpectedBest,
            ["markets"] = new JsonArray([.. report.Cells.Select(Json)]),
        }.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true });

    /// <summary>Name of a market with its costs.</summary>
    public static string NameOf(CellKey key) =>
        Invariant($"{key.Market} {key.Timeframe} at {key.FeeBps:0.###} + {key.SlippageBps:0.###} bps");

    private static JsonNode Json(CellReport cell) =>
        new JsonObject
        {
            ["market"] = cell.Key.Market,
            ["symbol"] = cell.Key.Symbol,
            ["timeframe"] = cell.Key.Timeframe,
            ["fee_bps"] = cell.Key.FeeBps,
            ["slippage_bps"] = cell.Key.SlippageBps,
            ["settings"] = cell.Settings,
            ["setting"] = cell.Values,
            ["choices"] = cell.Choices,
            ["folds"] = cell.Folds,
            ["days"] = cell.Days,
            ["total_return"] = Finite(cell.TotalReturn),
            ["lowest_seed"] = Finite(cell.LowestReturn),
            ["highest_seed"] = Finite(cell.HighestReturn),
            ["buy_and_hold_return"] = Finite(cell.BuyAndHoldReturn),
            ["trades"] = cell.Trades,
            ["exposure"] = cell.Exposure,
            ["over_flat"] = Sum(cell.OverFlat),
            ["over_buy_and_hold"] = Sum(cell.OverBuyAndHold),
            ["sharpe"] = cell.Sharpe,
            ["lucky_sharpe"] = cell.LuckySharpe,
            ["deflated_sharpe"] = cell.DeflatedSharpe,
            ["p"] = cell.PValue,
            ["q"] = cell.QValue,
            ["overfitting"] = cell.Overfitting,
            ["trials"] = cell.Trials,
            ["evidence"] = cell.IsClaim,
        };

    // A product of folds may have no number.
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static JsonObject? Sum(SumInterval? sum) =>
        sum is null
            ? null
            : new JsonObject
            {
                ["sum"] = sum.Sum,
                ["low"] = sum.Interval.Low,
                ["high"] = sum.Interval.High,
            };

    private static IEnumerable<string> Counts(SweepReport report)
    {
        var failed = report.Failed > 0 ? Invariant($", {report.Failed:N0} failed") : "";
        yield return Invariant(
            $"sweep {report.Sweep}: {SweepText.Runs(report.Runs)}{failed}, {Counted.Of(report.Seeds, "seed")} of each setting, averaged"
        );
        yield return report.Choice switch
        {
            ChoiceKind.Folds => "settings were chosen in train parts; what follows is of the test parts after them",
            ChoiceKind.Halving =>
                "settings were chosen by the rungs; what follows is of the days that only the last rung has seen",
            _ => "no test parts: the best setting of each market is shown, with all of them counted",
        };
    }

    private static string Table(SweepReport report)
    {
        var rows = report.Cells.Select(cell =>
            new[]
            {
                cell.Key.Market,
                cell.Key.Timeframe,
                Invariant($"{cell.Key.FeeBps:0.###}+{cell.Key.SlippageBps:0.###}"),
                Percent(cell.TotalReturn),
                Percent(cell.BuyAndHoldReturn),
                Interval(cell.OverFlat),
                Interval(cell.OverBuyAndHold),
                Invariant($"{cell.Trades:N0}"),
                Number(cell.Sharpe),
                Number(cell.LuckySharpe),
                Probability(cell.DeflatedSharpe),
                Probability(cell.PValue),
                Probability(cell.QValue),
                Probability(cell.Overfitting),
                cell.IsClaim
                    ? cell.Key.IsFree
                        ? "free"
                        : "YES"
                    : "",
                cell.Choices > 1 ? $"{cell.Values} (of {cell.Choices})" : cell.Values,
            }
        );
        return Columns([
            [
                "market",
                "",
                "bps",
                "test %",
                "hold %",
                "over flat % [95 %]",
                "over hold % [95 %]",
                "trades",
                "Sharpe",
                "luck",
                "DSR",
                "p",
                "q",
                "PBO",
                "skill",
                "setting",
            ],
            .. rows,
        ]);
    }

    private static string Columns(IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        return string.Join(
            '\n',
            rows.Select(row =>
                string.Join(
                        "  ",
                        row.Select(
                            (text, column) =>
                                IsText(column) ? text.PadRight(widths[column]) : text.PadLeft(widths[column])
                        )
                    )
                    .TrimEnd()
            )
        );

        // Names stand to the left, numbers to the right.
        static bool IsText(int column) => column is 0 or 1 or 14 or 15;
    }

    private static string Interval(SumInterval? sum) =>
        sum is null ? "" : $"{Percent(sum.Sum)} [{Percent(sum.Interval.Low)}, {Percent(sum.Interval.High)}]";

    private static string Percent(double share) => Invariant($"{100 * share:+0.0;-0.0;0.0}");

    private static string Number(double? value) => value is { } known ? Invariant($"{known:0.0}") : "";

    private static string Probability(double? value) => value is { } known ? Invariant($"{known:0.000}") : "";

    private static string Span(double years) =>
        years < 0.95 ? Invariant($"{365 * years:0} days") : Invariant($"{years:0.0} years");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
