using System.Text;
using BtcBandit.Engine.Backtesting;

namespace BtcBandit.Tui.Wording;

/// <summary>The result of a causality check in sentences.</summary>
internal static class CausalityText
{
    // Width of the first column.
    private const int NameWidth = 12;

    /// <summary>The verdict, and what it is about.</summary>
    public static string Of(CausalityResult result)
    {
        var text = new StringBuilder();
        var verdict = Verdict(result);
        text.Append(char.ToUpperInvariant(verdict[0])).Append(verdict, 1, verdict.Length - 1).Append(".\n\n");
        var parameters = result.Header.Parameters;
        Line(text, "run", $"{result.Header.Source}, agent {parameters.Agent}, seed {parameters.Seed}");
        Line(text, "indicators", parameters.Indicators);
        Line(
            text,
            "candles",
            Invariant($"{result.Candles:N0}, of which {result.Steps:N0} are steps; {result.DataHash}")
        );
        Line(text, "compared", Invariant($"{result.Values:N0} values per step, by their bits"));
        Line(
            text,
            "cuts",
            Invariant(
                $"{result.Cuts.Count:N0}: {Count(result, CutPlace.WarmUp)} where something begins, {Count(result, CutPlace.DayEnd)} at ends of days, {Count(result, CutPlace.Random)} at random"
            )
        );
        Line(text, "", "each run once with no candle after it, and once with other candles there");
        return text.ToString().TrimEnd();
    }

    /// <summary>What was found, in one line without a full stop, which begins with a small letter.</summary>
    public static string Verdict(CausalityResult result) =>
        (result.Difference, result.Error) switch
        {
            ({ Future: CutFuture.Unchanged } same, _) =>
                $"the run does not repeat itself, so nothing can be said about the future: {ValueOf(same)} is {same.Whole} in one run and {same.Again} in another over the same candles",
            ({ Column: "exception" } thrown, _) =>
                $"something used the future: the run over all candles passes {CandleOf(thrown)}, but fails there {After(thrown)}: {OneLine(thrown.Again)}",
            ({ } difference, _) =>
                $"something used the future: {ValueOf(difference)} is {difference.Whole} in the run over all candles, but {difference.Again} {After(difference)}",
            (_, { } error) => Invariant(
                $"the run failed after {result.Candles:N0} candles, up to which nothing used the future: {OneLine(error.Message)}"
            ),
            _ => Invariant(
                $"nothing used the future: {Counted(result.Candles, "candle")}, {Counted(result.Header.Columns.Length, "indicator column")}, {Counted(result.Header.Features.Length, "feature")} and all decisions, fills and accounts are identical to the bit at {Counted(result.Cuts.Count, "cut")}"
            ),
        };

    private static string ValueOf(CausalityDifference difference) => $"{difference.Column} of {CandleOf(difference)}";

    private static string CandleOf(CausalityDifference difference) =>
        Invariant($"the candle {FigureText.Time(difference.OpenTime)} UTC (number {difference.Index + 1:N0})");

    private static string After(CausalityDifference difference) =>
        $"{(difference.Future == CutFuture.Removed ? "without the" : "with other")} candles after {FigureText.Time(difference.Cut?.OpenTime)} UTC";

    private static string Counted(long count, string noun) => Invariant($"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    private static int Count(CausalityResult result, CutPlace place) => result.Cuts.Count(cut => cut.Place == place);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(name.PadRight(NameWidth)).Append(value).Append('\n');

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
