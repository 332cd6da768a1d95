using System.Text;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Exchange;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Wording;

/// <summary>A walk-forward as text for people: every fold of the first agent, then all agents over all tests.</summary>
internal static class WalkForwardText
{
    private const int VerdictWidth = 120;

    // Widths of the first column: of the heading and the agents, and of a fold.
    private const int NameWidth = 20;
    private const int FoldWidth = 42;

    private static readonly string[] foldTitles =
    [
        "train",
        "test",
        "buy and hold",
        "drawdown",
        "trips",
        "won",
        "costs",
    ];
    private static readonly int[] foldWidths = [12, 12, 13, 9, 8, 8, 13];

    // Columns of the agents: title, least width, figure, how it is written.
    private static readonly (
        string Title,
        int Width,
        Func<PooledTests, double?> Figure,
        Func<double?, string> Text
    )[] columns =
    [
        ("return", 13, pooled => pooled.Return, FigureText.Percent),
        ("with gain", 10, pooled => pooled.GainShare, FigureText.Share),
        ("buy and hold", 13, pooled => pooled.BuyAndHoldReturn, FigureText.Percent),
        ("above it", 9, pooled => pooled.AboveShare, FigureText.Share),
        ("worst test", 11, pooled => pooled.WorstReturn, FigureText.Percent),
        ("efficiency", 11, pooled => pooled.Efficiency, FigureText.Ratio),
        ("trips", 8, pooled => pooled.RoundTrips, FigureText.Count),
        ("won", 8, pooled => pooled.WinRate, FigureText.Share),
        ("costs", 13, pooled => pooled.Costs, FigureText.Amount),
    ];

    /// <summary>The text. Lines have at most 120 characters, except where amounts of ten million and more need wider columns.</summary>
    /// <param name="result">The walk-forward; at least one agent has a run.</param>
    /// <param name="header">Header of the first agent's first run.</param>
    public static string Of(WalkForwardResult result, RunHeader header)
    {
        var text = new StringBuilder();
        Heading(text, result, header);
        if (result.Agents[0] is { Runs.Count: > 0 } first)
        {
            text.Append('\n').Append(first.Name).Append(" by fold").Append(MeansOf(first)).Append('\n');
            CellTable.Append(
                text,
                FoldWidth,
                foldWidths,
                [new("  test, UTC", foldTitles), .. Enumerable.Range(0, first.Runs[0].Folds.Count).Select(FoldOf)]
            );

            CellRow FoldOf(int place) => Fold([.. first.Runs.Select(run => run.Folds[place])]);
        }

        text.Append('\n').Append(Invariant($"all {Counted.Of(result.Folds, "test")} together\n"));
        CellTable.Append(
            text,
            NameWidth,
            columns.Select(column => column.Width),
            [new("", [.. columns.Select(column => column.Title)]), .. result.Agents.SelectMany(Agent)]
        );
        text.Append('\n').Append(SkillText.Paragraphs(result, VerdictWidth));
        return text.ToString().TrimEnd();
    }

    private static void Heading(StringBuilder text, WalkForwardResult result, RunHeader header)
    {
        var split = result.Split;
        var folds = result.Agents.First(agent => agent.Runs.Count > 0).Runs[0].Folds;
        var (first, last) = (folds[0], folds[^1]);
        var costs = header.Parameters.Costs;
        Line(text, "run", $"{header.Source}");
        Line(
            text,
            "tests",
            $"{FigureText.Time(first.Test.FirstOpenTime)} .. {FigureText.Time(last.Test.LastOpenTime)} UTC"
        );
        Line(
            text,
            "folds",
            Invariant(
                $"{result.Folds:N0}: train {split.Train:N0} candles, test {split.Test:N0} candles; {LeftOut(result)}"
            )
        );
        Line(
            text,
            "purged",
            $"{Counted.Of(first.Train.PurgedOutcomes, "outcome")} per seam: unknown at the end of a train slice, not learned"
        );
        Line(
            text,
            "costs",
            Invariant(
                $"fee {costs.Buy.TakerFeeBps:0.##} bps, slippage {costs.Buy.SlippageBps:0.##} bps per side; orders fill at the {(header.Parameters.Fill == FillMoment.Close ? "close of the decision" : "next open")}"
            )
        );
        Line(text, "amounts", $"in {header.Source.Pair.Quote}");
    }

    private static string LeftOut(WalkForwardResult result) =>
        result.LeftOut is { } left and > 0
            ? Invariant($"{left:N0} {(left == 1 ? "candle" : "candles")} after the last whole test left out")
            : "no candle left out";

    private static string MeansOf(WalkForwardAgent agent) =>
        agent.Asked > 1 ? $", means of {ComparisonFigures.SeedsOf(agent.Runs.Count, agent.Asked)}" : "";

    // Means over the seeds, and of all round trips those that were won.
    private static CellRow Fold(IReadOnlyList<WalkForwardFold> runs)
    {
        var tests = runs.Select(run => run.Test).ToList();
        var trips = tests.Sum(test => test.RoundTrips);
        return new CellRow(
            Invariant(
                $"{runs[0].Number, 4}  {FigureText.Time(tests[0].FirstOpenTime)} .. {FigureText.Time(tests[0].LastOpenTime)}"
            ),
            [
                FigureText.Percent(runs.Average(run => run.Train.Return)),
                FigureText.Percent(tests.Average(test => test.Return)),
                FigureText.Percent(tests[0].BuyAndHoldReturn),
                FigureText.Share(tests.Average(test => test.MaxDrawdown)),
                FigureText.Count(tests.Average(test => test.RoundTrips)),
                FigureText.Share(trips > 0 ? (double)tests.Sum(test => test.Wins) / trips : null),
                FigureText.Amount(tests.Average(test => test.Costs)),
            ]
        );
    }

    private static IEnumerable<CellRow> Agent(WalkForwardAgent agent)
    {
        var seeds = ComparisonFigures.SeedsOf(agent.Runs.Count, agent.Asked);
        if (agent.Runs.Count == 0)
        {
            yield return new($"{agent.Name} {FailureText.Of(agent.Failures, agent.Asked)}");
            yield break;
        }
        if (columns.All(column => agent.Of(column.Figure) is null or { Deviation: null or 0 }))
        {
            yield return Row(agent.Name, column => column(agent.Runs[0].Pooled));
            if (agent.Asked > 1)
                yield return new(
                    agent.Failures.Count > 0 ? $"  {seeds}; the others failed" : $"  the same for all {seeds}"
                );
            yield break;
        }
        yield return new($"{agent.Name}, {seeds}{(agent.Failures.Count > 0 ? "; the others failed" : "")}");
        yield return Row("  mean", figure => agent.Of(figure)?.Mean);
        yield return Row("  least", figure => agent.Of(figure)?.Least);
        yield return Row("  most", figure => agent.Of(figure)?.Most);
    }

    private static CellRow Row(string name, Func<Func<PooledTests, double?>, double?> value) =>
        new(name, [.. columns.Select(column => column.Text(value(column.Figure)))]);

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(name.PadRight(NameWidth)).Append(value).Append('\n');

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
