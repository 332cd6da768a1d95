using System.Text;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Sessions;

namespace BtcBandit.Tui.Wording;

/// <summary>A retraining as text for people: what was asked, a table of the cycles, and what came of them.</summary>
internal static class RetrainText
{
    /// <summary>What is said if it is stopped before the first cycle.</summary>
    public const string StoppedBefore =
        "stopped before the first cycle; nothing was changed, and the same command begins anew";

    // Width of the first column of the heading.
    private const int NameWidth = 18;

    private static readonly (string Title, int Width, Func<RetrainCycle, string> Text)[] columns =
    [
        ("cycle", 6, cycle => Invariant($"{cycle.Number}")),
        ("seed", 11, cycle => Invariant($"{cycle.Seed}")),
        ("train", 10, cycle => Percent(cycle.Train.Return)),
        ("trips", 7, cycle => Invariant($"{cycle.Validation.RoundTrips:N0}")),
        ("success", 8, cycle => Share(cycle.Validation.SuccessRate)),
        ("return", 10, cycle => Percent(cycle.Validation.Return)),
        ("holding", 10, cycle => Percent(cycle.Validation.BuyAndHoldReturn)),
        ("excess", 10, cycle => Percent(cycle.Validation.ExcessReturn)),
        ("drawdown", 9, cycle => Share(cycle.Validation.MaxDrawdown)),
        ("last day", 10, cycle => Percent(cycle.Recent.Return)),
        ("holding", 10, cycle => Percent(cycle.Recent.BuyAndHoldReturn)),
    ];

    /// <summary>The text.</summary>
    /// <param name="result">The result, with at least one cycle.</param>
    /// <param name="made">What was made.</param>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="dataDir">Its path, as it was given.</param>
    public static string Of(RetrainResult result, Retraining made, RetrainFolder folder, string dataDir)
    {
        var text = new StringBuilder();
        Heading(text, made);
        text.Append('\n');
        text.Append(
            "                          validation                                                       last 24 hours\n"
        );
        Row(text, column => column.Title, "  verdict");
        foreach (var cycle in result.Cycles)
            Row(text, column => column.Text(cycle), $"  {Verdict(cycle, made.Terms)}");
        text.Append('\n').Append(Conclusion(result, made.Terms));
        if (!result.IsStopped)
            text.Append('\n').Append(Consequence(result, folder, dataDir));
        return text.ToString();
    }

    /// <summary>Why it ended early, and how to go on.</summary>
    public static string Stopped(RetrainResult result) =>
        $"stopped in cycle {result.Cycles.Count + 1}; nothing was changed, and the same command makes the same cycles from the first one on";

    /// <summary>The result of a cycle, with the first reason if it is not passed.</summary>
    public static string Verdict(RetrainCycle cycle, RetrainTerms terms) =>
        cycle.Shortfall switch
        {
            null => "passed",
            RetrainShortfall.NoRoundTrip => "no closed round trip",
            RetrainShortfall.SuccessRate => Invariant($"success rate below {100 * terms.MinimumSuccessRate:0.##} %"),
            RetrainShortfall.ExcessReturn => Invariant(
                $"excess return not above {100 * terms.MinimumExcessReturn:0.##} %"
            ),
            _ => Invariant($"drawdown above {100 * terms.MaximumDrawdown:0.##} %"),
        };

    private static void Heading(StringBuilder text, Retraining made)
    {
        var (window, terms, costs) = (made.Window, made.Terms, made.Run.Header.Parameters.Costs);
        Line(text, "run", $"{made.Run.Header.Source}, agent {made.Run.Header.Parameters.Agent}");
        Line(text, "time", $"{StepLine.Time(window.FirstOpenTime)} .. {StepLine.Time(window.LastOpenTime)} UTC");
        Line(
            text,
            "candles",
            Invariant(
                $"train {window.Train:N0}, validation {window.Validate:N0}, last 24 hours {window.Recent:N0}; {window.WarmUp:N0} before them warm the indicators up"
            )
        );
        Line(
            text,
            "costs",
            Invariant($"fee {costs.Buy.TakerFeeBps:0.##} bps, slippage {costs.Buy.SlippageBps:0.##} bps per side")
        );
        Line(
            text,
            "asked",
            Invariant(
                $"success rate at least {100 * terms.MinimumSuccessRate:0.##} %, excess return above {100 * terms.MinimumExcessReturn:0.##} %, drawdown at most {100 * terms.MaximumDrawdown:0.##} %"
            )
        );
    }

    private static string Conclusion(RetrainResult result, RetrainTerms terms)
    {
        var trials = Counted.Of(result.Cycles.Count, "trial");
        if (result.Learned is null)
        {
            return result.IsStopped
                ? $"stopped after {trials}, of which none passed"
                : $"not passed in {Counted.Of(result.Cycles.Count, "cycle")}";
        }
        var made = result.Cycles.Count == 1 ? "1 trial was made" : $"{trials} were made";
        return Invariant(
            $"passed in cycle {result.Cycles[^1].Number} of at most {terms.MaxCycles}; {made}, and the more trials the likelier one passes by luck"
        );
    }

    private static string Consequence(RetrainResult result, RetrainFolder folder, string dataDir) =>
        (result.Learned, folder.HasRun) switch
        {
            (null, true) => $"{folder.File} is as it was",
            (null, false) => $"nothing was written into {dataDir}",
            (_, true) =>
                $"{folder.File} has what was learned; portfolio, statistics and trades.csv are as they were, and the run goes on with it",
            _ =>
                $"{folder.File} has what was learned; there is no run in {dataDir}: a new one begins with it if you pass --keep-learning",
        };

    private static void Row(
        StringBuilder text,
        Func<(string Title, int Width, Func<RetrainCycle, string> Text), string> cell,
        string last
    )
    {
        foreach (var column in columns)
            text.Append(' ').Append(cell(column).PadLeft(column.Width - 1));
        text.Append(last).Append('\n');
    }

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(name.PadRight(NameWidth)).Append(value).Append('\n');

    private static string Percent(double? fraction) =>
        fraction is { } value ? Invariant($"{value:+0.00 %;-0.00 %;0.00 %}") : "-";

    private static string Share(double? fraction) => fraction is { } value ? Invariant($"{value:0.0 %}") : "-";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
