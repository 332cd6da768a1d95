using System.Text;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Tui.Wording;

namespace BtcBandit.Tui.Report;

/// <summary>What the run returns at other fees: the break-even fee, a drawing and a table.</summary>
internal static class CostSection
{
    private const double Width = 560;
    private const double Height = 200;
    private const double Left = 58;
    private const double Right = 14;
    private const double Top = 10;
    private const double Bottom = 26;

    // Where fees are written below the drawing, as parts of the highest one.
    private static readonly double[] feeMarks = [0.0, 0.25, 0.5, 0.75, 1.0];

    /// <summary>The break-even fee in a word, and what it means.</summary>
    public static (string Fee, string Why) BreakEven(CostSensitivity? costs)
    {
        if (costs is null)
            return ("-", "not measured, see below");
        var (lowest, highest) = (Bps(costs.Points[0].FeeBps), Bps(costs.Points[^1].FeeBps));
        return costs.Kind switch
        {
            BreakEvenKind.Found => ($"{Bps(costs.BreakEvenFeeBps!.Value)}", "per side, where the return is 0"),
            BreakEvenKind.NeverTrades => ("-", "it trades at no fee"),
            BreakEvenKind.StopsTrading => ("-", Gains(costs, "then stays out")),
            BreakEvenKind.AlwaysGains when costs.Points.All(point => point.TotalReturn > 0) => (
                $"> {highest}",
                "gains at every fee tried"
            ),
            BreakEvenKind.AlwaysGains => ($"> {highest}", "gains at the highest fee tried"),
            _ => ("-", $"no gain, even at {lowest}"),
        };
    }

    /// <summary>The section.</summary>
    public static string Of(BacktestReport report)
    {
        if (report.Costs is not { } costs)
            return $"<p>Not measured: {Absence(report.WhyNoCosts)}.</p>";
        var buy = report.Header.Parameters.Costs.Buy;
        var (fee, why) = BreakEven(costs);
        var headline =
            costs.Kind == BreakEvenKind.Found ? $"Break-even fee {fee} per side" : $"No break-even fee: {why}";
        var table = Html.Table(
            ["fee per side", "return", "drawdown", "executions", "fees paid"],
            costs.Points.Select(point => Row(point, buy.TakerFeeBps))
        );
        return $"<p class=\"answer\">{Html.Text(headline)}</p>{Drawing(costs, buy.TakerFeeBps)}{table}<p class=\"note\">{Html.Text($"The same run at other fees, with slippage of {Bps(buy.SlippageBps)} per side as asked and seed {report.Comparison.Agents[0].Runs[0].Seed}. Between two fees the return is taken as a straight line.")}</p>";
    }

    private static string Row(CostPoint point, double asked) =>
        Html.Row(
            point.FeeBps.Equals(asked) ? $"{Bps(point.FeeBps)}, as asked" : Bps(point.FeeBps),
            [
                FigureText.Percent(point.TotalReturn),
                FigureText.Share(point.MaxDrawdown),
                FigureText.Count(point.Trades),
                FigureText.Amount(point.FeesPaid),
            ],
            point.FeeBps.Equals(asked) ? "own" : "",
            place =>
                place > 0 ? ""
                : point.TotalReturn > 0 ? "gain"
                : point.TotalReturn < 0 ? "loss"
                : ""
        );

    // It can lose at a fee below the one at which it gains.
    private static string Gains(CostSensitivity costs, string then)
    {
        var last = costs.LastGainFeeBps!.Value;
        var isAll = costs.Points.TakeWhile(point => point.FeeBps <= last).All(point => point.TotalReturn > 0);
        return $"gains {(isAll ? "up to" : "at")} {Bps(last)}, {then}";
    }

    private static string Absence(CostsAbsence? absence) =>
        absence switch
        {
            CostsAbsence.Stopped => "the backtest was stopped before",
            CostsAbsence.RunFailed => "the run failed",
            _ => "a cost model sets the costs of the run, so there is no fee to vary",
        };

    private static string Drawing(CostSensitivity costs, double asked)
    {
        var highestFee = Math.Max(costs.Points[^1].FeeBps, 1e-9);
        var (low, high) = (
            Math.Min(0, costs.Points.Min(point => point.TotalReturn)),
            Math.Max(0, costs.Points.Max(point => point.TotalReturn))
        );
        if (high - low < 1e-9)
            (low, high) = (-0.01, 0.01);
        var text = new StringBuilder(
            Invariant(
                $"<svg class=\"fees\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"Return by fee per side; the table below has the figures\">"
            )
        );
        foreach (var level in Levels(low, high))
            text.Append(
                Invariant(
                    $"<line class=\"{(level.Equals(0.0) ? "zero" : "grid")}\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(level):0.#}\" y2=\"{Y(level):0.#}\"/><text x=\"{Left - 6}\" y=\"{Y(level) + 4:0.#}\" text-anchor=\"end\">{level:0.##%}</text>"
                )
            );
        foreach (var fee in feeMarks.Select(part => part * highestFee))
            text.Append(
                Invariant(
                    $"<text x=\"{X(fee):0.#}\" y=\"{Height - 8}\" text-anchor=\"{(fee.Equals(highestFee) ? "end" : "middle")}\">{fee:0.##}{(fee.Equals(highestFee) ? " bps" : "")}</text>"
                )
            );
        var path = string.Join(
            ' ',
            costs.Points.Select(point => Invariant($"{X(point.FeeBps):0.#},{Y(point.TotalReturn):0.#}"))
        );
        text.Append($"<polyline class=\"line\" points=\"{path}\"/>");
        foreach (var point in costs.Points)
            text.Append(
                Invariant(
                    $"<circle{(point.FeeBps.Equals(asked) ? " class=\"asked\" r=\"4.5\"" : " r=\"3\"")} cx=\"{X(point.FeeBps):0.#}\" cy=\"{Y(point.TotalReturn):0.#}\"/>"
                )
            );
        if (costs.BreakEvenFeeBps is { } even)
            text.Append(
                Invariant(
                    $"<line class=\"even\" x1=\"{X(even):0.#}\" x2=\"{X(even):0.#}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/>"
                )
            );
        return text.Append("</svg>").ToString();

        double X(double fee) => Left + (Width - Left - Right) * fee / highestFee;
        double Y(double value) => Top + (Height - Top - Bottom) * (high - value) / (high - low);
    }

    // Round values from low to high, 0 among them, at most about six.
    private static IEnumerable<double> Levels(double low, double high)
    {
        var rough = (high - low) / 5;
        var power = 1.0;
        while (power > rough)
            power /= 10;
        while (10 * power <= rough)
            power *= 10;
        var step =
            power
            * (
                (rough / power) switch
                {
                    <= 1 => 1,
                    <= 2 => 2,
                    <= 5 => 5,
                    _ => 10,
                }
            );
        for (var place = (long)Math.Ceiling(low / step); place * step <= high; place++)
            yield return place * step;
    }

    private static string Bps(double value) => Invariant($"{value:0.##} bps");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
