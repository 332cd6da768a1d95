using System.Text;
using BtcBandit.Sweep.Reporting;

namespace BtcBandit.Tui.Report;

/// <summary>All markets of a sweep with all numbers.</summary>
internal static class SweepTable
{
    private static readonly (string Title, string Meaning)[] columns =
    [
        ("market", "pair or world, and length of a candle"),
        ("costs, bps", "fee + slippage per side"),
        ("claim", "evidence of skill"),
        ("tests", "number of tests"),
        ("days", "days of all tests together"),
        (
            "return, %",
            "of all tests one after the other, mean over the seeds; below it the worst and the best seed of each test"
        ),
        ("hold, %", "the same of buying and holding"),
        ("over flat, %", "sum of the returns of all blocks; below it the 95 % interval"),
        ("over hold, %", "the same minus those of buying and holding"),
        ("trades", "number of executions"),
        ("in market, %", "part of the steps with a position"),
        ("Sharpe", "Sharpe ratio of the blocks, annualised"),
        ("lucky", "Sharpe ratio that the best of all trials is expected to show by luck"),
        ("trials", "settings and lengths of a candle that were ever tried on these candles"),
        ("DSR", "deflated Sharpe ratio: probability that the true one is above luck's"),
        ("p", "adjusted within the symbol"),
        ("q", "adjusted across symbols"),
        ("PBO", "probability of backtest overfitting"),
        ("settings", "settings that compete in the market"),
        ("chosen", "values of the setting that is shown"),
    ];

    /// <summary>Id of the row of a market.</summary>
    /// <param name="place">Place of the market in the report.</param>
    public static string Anchor(int place) => FormattableString.Invariant($"market-{place + 1}");

    /// <summary>The table.</summary>
    public static string Of(SweepReport report)
    {
        var text = new StringBuilder("<table class=\"all\"><thead><tr>");
        foreach (var (title, meaning) in columns)
        {
            var kind = IsWords(title) ? " class=\"words\"" : "";
            text.Append($"<th scope=\"col\"{kind} title=\"{Html.Text(meaning)}\">{Html.Text(title)}</th>");
        }
        text.Append("</tr></thead><tbody>\n");
        for (var place = 0; place < report.Cells.Count; place++)
            Append(text, report.Cells[place], place);
        return text.Append("</tbody></table>").ToString();
    }

    private static bool IsWords(string title) => title is "chosen";

    private static void Append(StringBuilder text, CellReport cell, int place)
    {
        text.Append($"<tr id=\"{Anchor(place)}\"{(cell.IsClaim ? " class=\"claim\"" : "")}>");
        text.Append($"<th scope=\"row\">{Html.Text(cell.Key.Market)} {Html.Text(cell.Key.Timeframe)}</th>");
        Put(SweepFigures.Costs(cell.Key));
        Put(
            !cell.IsClaim ? "no"
            : cell.Key.IsFree ? $"{SweepFigures.FreeClaim} free only"
            : $"{SweepFigures.Claim} yes"
        );
        Put(SweepFigures.Count(cell.Folds));
        Put(SweepFigures.Short(Math.Round(cell.Days, 1)));
        Put(SweepFigures.Percent(cell.TotalReturn), SweepFigures.Range(cell.LowestReturn, cell.HighestReturn));
        Put(SweepFigures.Percent(cell.BuyAndHoldReturn));
        PutSum(cell.OverFlat);
        PutSum(cell.OverBuyAndHold);
        Put(SweepFigures.Count(cell.Trades));
        Put(FormattableString.Invariant($"{100 * (SweepFigures.Finite(cell.Exposure) ?? 0):0.0}"));
        Put(SweepFigures.Ratio(cell.Sharpe));
        Put(SweepFigures.Ratio(cell.LuckySharpe));
        Put(SweepFigures.Count(cell.Trials));
        Put(SweepFigures.Probability(cell.DeflatedSharpe));
        Put(SweepFigures.Probability(cell.PValue));
        Put(SweepFigures.Probability(cell.QValue));
        Put(SweepFigures.Probability(cell.Overfitting));
        Put(SweepFigures.Count(cell.Settings));
        var folds = cell.Choices > 1 ? $"<small>{Html.Text(SweepFigures.OfFolds(cell))}</small>" : "";
        text.Append($"<td class=\"words\">{Html.Text(cell.Values)}{folds}</td>");
        text.Append("</tr>\n");

        void Put(string value, string? below = null) =>
            text.Append(
                below is null
                    ? $"<td>{Html.Text(value)}</td>"
                    : $"<td>{Html.Text(value)}<small>{Html.Text(below)}</small></td>"
            );

        void PutSum(SumInterval? sum) =>
            Put(
                SweepFigures.Percent(sum?.Sum),
                sum is null ? null : SweepFigures.Range(sum.Interval.Low, sum.Interval.High)
            );
    }
}
