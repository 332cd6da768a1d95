using System.Text;
using BtcBandit.Engine.Backtesting;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Sessions;

namespace BtcBandit.Tui.Wording;

/// <summary>A retraining as text for people: what was asked, a table of the cycles, and what came of them.</summary>
internal static class RetrainText
{
    /// <summary>What is said if it is stopped before the first cycle.</summary>
    public const string StoppedBefore =
        "stopped before the first cycle; nothing was changed, and the same command begins anew";

    private const int VerdictWidth = 120;

    // Width of the first column of the heading.
    private const int NameWidth = 18;

    private static readonly (TableColumn Column, Func<RetrainCycle, string> Text)[] columns =
    [
        (new("cycle"), cycle => Invariant($"{cycle.Number}")),
        (new("seed"), cycle => Invariant($"{cycle.Seed}")),
        (new("trips"), cycle => FigureText.Count(cycle.Validation.RoundTrips)),
        (new("won"), cycle => FigureText.Share(cycle.Validation.SuccessRate)),
        (new("return"), cycle => FigureText.Percent(cycle.Validation.Return)),
        (new("holding"), cycle => FigureText.Percent(cycle.Validation.BuyAndHoldReturn)),
        (new("excess"), cycle => FigureText.Percent(cycle.Validation.ExcessReturn)),
        (new("drawdown"), cycle => FigureText.Share(cycle.Validation.MaxDrawdown)),
        (new("train"), cycle => FigureText.Percent(cycle.Train.Return)),
        (new("24 hours"), cycle => FigureText.Percent(cycle.Recent.Return)),
        (new("holding"), cycle => FigureText.Percent(cycle.Recent.BuyAndHoldReturn)),
    ];

    /// <summary>The text.</summary>
    /// <param name="result">The result, with at least one cycle.</param>
    /// <param name="made">What was made.</param>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="dataDir">Its path, as it was given.</param>
    /// <param name="isWritten">Whether the file of the folder was written.</param>
    public static string Of(RetrainResult result, Retraining made, RetrainFolder folder, string dataDir, bool isWritten)
    {
        var text = new StringBuilder();
        Heading(text, made);
        text.Append('\n');
        text.Append("A cycle is judged by the validation slice; train slice and last 24 hours are only reported:\n");
        text.Append(Table(result, made.Terms));
        if (result.Cycles[^1].Validation.Skill is { } skill)
            text.Append("\nOf the last cycle on the validation slice:\n")
                .Append(SkillText.Paragraph(skill, VerdictWidth));
        text.Append('\n').Append(Conclusion(result, made));
        if (!result.IsStopped)
            text.Append('\n').Append(Consequence(result, folder, dataDir, isWritten));
        return text.ToString();
    }

    /// <summary>Why a retraining failed: what its flags can do about it.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="hasSteps">Whether lengths of slices were stated.</param>
    public static string Of(Exception error, bool hasSteps) =>
        error switch
        {
            FeedException { Fault: FeedFault.TooFewToRetrain few } => hasSteps
                ? $"{few}; see --train-steps and --validate-steps"
            : few.RunEnds is null ? $"{few}"
            : $"{few}; let the run trade more of them first",
            // A retraining has no --fresh and no --continuous.
            JournalException
            {
                Fault: JournalFault.StateUnusable
                    or JournalFault.RowsMissing
                    or JournalFault.RowsTooShort
                    or JournalFault.RowsChanged
            } journal => $"{journal.Fault}",
            SessionException { Fault: SessionFault.OtherCandles other } => $"{other}; pass those of the run",
            FeedException { Fault: FeedFault.NotTraded halted } => $"{halted}; see --symbol",
            _ => FaultText.Of(error),
        };

    /// <summary>What is said if the candles end before the run does.</summary>
    /// <param name="newest">Open time of the newest candle, ms UTC.</param>
    /// <param name="runEnds">Open time of the run's newest candle, ms UTC.</param>
    /// <param name="dataDir">Folder of the run.</param>
    public static string EndsEarly(long newest, long runEnds, string dataDir) =>
        $"the candles end at {StepLine.Time(newest)} UTC, and the run in {dataDir} at {StepLine.Time(runEnds)} UTC: the agent learns nothing of what came between";

    /// <summary>What is said if candles are left out because the run has yet to trade them.</summary>
    /// <param name="runEnds">Open time of the run's newest candle, ms UTC.</param>
    /// <param name="dataDir">Folder of the run.</param>
    public static string LeftOut(long runEnds, string dataDir) =>
        $"candles after {StepLine.Time(runEnds)} UTC are left out: the run in {dataDir} has yet to trade them";

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
        Line(text, "data hash", $"{window.DataHash} (XxHash3 of these candles)");
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

    private static string Conclusion(RetrainResult result, Retraining all)
    {
        var trials = Counted.Of(result.Cycles.Count, "trial");
        var agent = all.Run.Header.Parameters.Agent;
        if (result.Learned is null)
        {
            return result.IsStopped ? $"stopped after {trials}, of which none passed"
                : all.MaxCycles == 1 && all.Terms.MaxCycles > 1
                    ? $"not passed in 1 cycle; {agent} draws nothing at random, so another cycle would be the same"
                : $"not passed in {Counted.Of(result.Cycles.Count, "cycle")}";
        }
        var made = result.Cycles.Count == 1 ? "1 trial was made" : $"{trials} were made";
        return Invariant(
            $"passed in cycle {result.Cycles[^1].Number} of at most {all.MaxCycles}; {made}, and the more trials the likelier one passes by luck"
        );
    }

    private static string Consequence(RetrainResult result, RetrainFolder folder, string dataDir, bool isWritten) =>
        (result.Learned, folder.HasRun) switch
        {
            (null, true) => $"{folder.File} is as it was",
            (null, false) => $"{folder.File} was not written",
            _ when !isWritten => $"{folder.File} is as it was: it has the same already",
            (_, true) =>
                $"{folder.File} has what was learned; portfolio, statistics and trades.csv are as they were, and the run goes on with it",
            _ =>
                $"{folder.File} has what was learned; there is no run in {dataDir}: a new one begins with it if you pass --keep-learning",
        };

    private static string Table(RetrainResult result, RetrainTerms terms) =>
        TextTable.Of(
            [.. columns.Select(one => one.Column), new TableColumn("verdict", IsText: true)],
            [
                .. result.Cycles.Select(cycle =>
                    (IReadOnlyList<string>)[.. columns.Select(one => one.Text(cycle)), Verdict(cycle, terms)]
                ),
            ]
        );

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(name.PadRight(NameWidth)).Append(value).Append('\n');

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
