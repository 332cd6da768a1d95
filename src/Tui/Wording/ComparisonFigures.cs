using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Evaluation;

namespace BtcBandit.Tui.Wording;

/// <summary>A column of the table of all agents.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Width">Its least width in characters, with the blank before it.</param>
/// <param name="Figure">Reads the figure of a run.</param>
/// <param name="Text">Writes the figure.</param>
internal sealed record FigureColumn(
    string Title,
    int Width,
    Func<RunSummary, double?> Figure,
    Func<double?, string> Text
);

/// <summary>A line of the figures of one agent.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Figure">Reads the figure of a run.</param>
/// <param name="Text">Writes the figure.</param>
/// <param name="Unit">What follows the figure, with a blank before it.</param>
internal sealed record FigureLine(
    string Name,
    Func<ComparedRun, double?> Figure,
    Func<double?, string> Text,
    string Unit = ""
)
{
    /// <summary>The figure of an agent: with several runs the mean, the least and the most.</summary>
    public string Of(ComparedAgent agent) =>
        Spread.Of([.. agent.Runs.Select(Figure)]) is not { } spread ? "-"
        : spread.Runs == 1 ? $"{Text(spread.Mean)}{Unit}"
        : $"{Text(spread.Mean)} ({Text(spread.Least)} .. {Text(spread.Most)}){Unit}";
}

/// <summary>Which figures of a comparison are shown, and how each is written, in text and in reports.</summary>
internal static class ComparisonFigures
{
    private const double MillisecondsPerDay = 86_400_000.0;

    /// <summary>Columns of the table of all agents.</summary>
    public static IReadOnlyList<FigureColumn> Columns { get; } =
    [
        new("return", 13, summary => summary.TotalReturn, FigureText.Percent),
        new("per year", 13, summary => summary.Cagr, FigureText.Percent),
        new("drawdown", 9, summary => summary.MaxDrawdown, FigureText.Share),
        new("sharpe", 9, summary => summary.Sharpe, FigureText.Ratio),
        new("sortino", 9, summary => summary.Sortino, FigureText.Ratio),
        new("calmar", 9, summary => summary.Calmar, FigureText.Ratio),
        new("trips", 8, summary => summary.RoundTrips, FigureText.Count),
        new("won", 8, summary => summary.WinRate, FigureText.Share),
        new("invested", 9, summary => summary.Exposure, FigureText.Share),
        new("fees", 13, summary => summary.FeesPaid, FigureText.Amount),
    ];

    /// <summary>Lines of the first agent, beside those columns.</summary>
    public static IReadOnlyList<FigureLine> InFull { get; } =
    [
        Line("equity", summary => summary.FinalEquity, FigureText.Amount),
        Line("volatility", summary => summary.Volatility, FigureText.Share),
        Line("daily sharpe", summary => summary.SharpeDaily, FigureText.Ratio),
        Line("daily sortino", summary => summary.SortinoDaily, FigureText.Ratio),
        new("over flat", run => run.Skill?.OverFlat?.Sum, FigureText.Percent),
        new("over flat, low", run => run.Skill?.OverFlat?.Interval.Low, FigureText.Percent),
        new("over flat, high", run => run.Skill?.OverFlat?.Interval.High, FigureText.Percent),
        new("psr, over flat", run => run.Skill?.OverFlat?.ProbabilisticSharpe, FigureText.Share),
        new("dsr, over flat", run => run.Skill?.OverFlat?.DeflatedSharpe, FigureText.Share),
        new("over holding", run => run.Skill?.OverBuyAndHold?.Sum, FigureText.Percent),
        new("over holding, low", run => run.Skill?.OverBuyAndHold?.Interval.Low, FigureText.Percent),
        new("over holding, high", run => run.Skill?.OverBuyAndHold?.Interval.High, FigureText.Percent),
        new("psr, over holding", run => run.Skill?.OverBuyAndHold?.ProbabilisticSharpe, FigureText.Share),
        new("dsr, over holding", run => run.Skill?.OverBuyAndHold?.DeflatedSharpe, FigureText.Share),
        Line("profit factor", summary => summary.ProfitFactor, FigureText.Number),
        Line("average win", summary => summary.AverageWin, FigureText.Amount),
        Line("average loss", summary => summary.AverageLoss, FigureText.Amount),
        Line("slippage", summary => summary.SlippagePaid, FigureText.Amount),
        Line("turnover", summary => summary.Turnover, FigureText.Number, " x equity"),
        Line("regret", summary => summary.Regret, FigureText.Number, " nats"),
        new("longest under water", run => run.Path.LongestUnderWater / MillisecondsPerDay, FigureText.Number, " days"),
        new("longest losing run", run => run.Path.LongestLosingRun, FigureText.Count, " round trips"),
        new("sells", run => run.Path.Actions.Sell, FigureText.Count),
        new("holds", run => run.Path.Actions.Hold, FigureText.Count),
        new("buys", run => run.Path.Actions.Buy, FigureText.Count),
    ];

    /// <summary>Titles of the columns of a month, after the month itself.</summary>
    public static IReadOnlyList<string> MonthTitles { get; } =
    ["return", "buy and hold", "drawdown", "trips", "won", "invested", "costs"];

    /// <summary>The agents and baselines that are shown, each once.</summary>
    public static IEnumerable<ComparedAgent> Rows(Comparison comparison) =>
        comparison.Agents.Concat(comparison.Baselines.Where(baseline => !IsAsked(baseline, comparison)));

    /// <summary>Name of an agent; beside a frozen one with whether it learns, if it is one that can.</summary>
    public static string LabelOf(ComparedAgent agent, Comparison comparison) =>
        agent.IsFrozen && comparison.Agents.Count > 1 ? $"{agent.Name}, frozen"
        : !agent.IsFrozen && comparison.Agents[0].IsFrozen && IsLearner(agent.Name) ? $"{agent.Name}, learning"
        : agent.Name;

    /// <summary>Number of seeds, as <c>20 seeds</c>, or <c>19 of 20 seeds</c> where a run failed.</summary>
    public static string SeedsOf(ComparedAgent agent) => SeedsOf(agent.Runs.Count, agent.Asked);

    /// <summary>Number of seeds, as <c>20 seeds</c>, or <c>19 of 20 seeds</c> where a run failed.</summary>
    /// <param name="made">Number of runs that did not fail.</param>
    /// <param name="asked">Number of all runs.</param>
    public static string SeedsOf(int made, int asked) =>
        made < asked
            ? FormattableString.Invariant($"{made} of {asked} seeds")
            : FormattableString.Invariant($"{made} seeds");

    /// <summary>Whether a figure of the table differs between the runs of an agent.</summary>
    public static bool Varies(ComparedAgent agent) =>
        !Columns.All(column => agent.Of(column.Figure) is null or { Deviation: null or 0 });

    /// <summary>Name of a month, as <c>2024-03</c>.</summary>
    public static string NameOf(RunMonth month) => FormattableString.Invariant($"{month.Year:0000}-{month.Month:00}");

    /// <summary>The columns of one month of all runs of an agent; means, and of all round trips those that were won.</summary>
    public static IReadOnlyList<string> CellsOf(IReadOnlyList<RunMonth> runs)
    {
        var trips = runs.Sum(month => month.RoundTrips);
        return
        [
            FigureText.Percent(runs.Average(month => month.Return)),
            FigureText.Percent(runs[0].BuyAndHoldReturn),
            FigureText.Share(runs.Average(month => month.MaxDrawdown)),
            FigureText.Count(runs.Average(month => month.RoundTrips)),
            FigureText.Share(trips > 0 ? (double)runs.Sum(month => month.Wins) / trips : null),
            FigureText.Share(runs.Average(month => month.Exposure)),
            FigureText.Amount(runs.Average(month => month.Costs)),
        ];
    }

    /// <summary>The months of an agent, in order of time, each with that month of every run.</summary>
    public static IEnumerable<IReadOnlyList<RunMonth>> MonthsOf(ComparedAgent agent) =>
        Enumerable
            .Range(0, agent.Runs[0].Path.Months.Count)
            .Select(place => (IReadOnlyList<RunMonth>)[.. agent.Runs.Select(run => run.Path.Months[place])]);

    // A baseline that was also asked for as an agent comes to the same.
    private static bool IsAsked(ComparedAgent baseline, Comparison comparison) =>
        comparison.Agents.Any(agent =>
            agent.Name == baseline.Name
            && agent.Runs.Select(run => run.Summary).SequenceEqual(baseline.Runs.Select(run => run.Summary))
        );

    private static bool IsLearner(string name) =>
        name != RandomTurnover.Name && !Baselines.Recipes.Any(recipe => recipe.Name == name);

    private static FigureLine Line(
        string name,
        Func<RunSummary, double?> figure,
        Func<double?, string> text,
        string unit = ""
    ) => new(name, run => figure(run.Summary), text, unit);
}
