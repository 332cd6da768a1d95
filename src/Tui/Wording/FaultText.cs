using System.Globalization;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Tui.Wording;

/// <summary>Faults of the engine in the words of the command line, which names flags; one line each.</summary>
internal static class FaultText
{
    /// <summary>Why a run ended early; the fault that the exception carries, if it is one of the engine's.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="keepsLearning">Whether <c>--keep-learning</c> was passed.</param>
    public static string Of(Exception error, bool keepsLearning = false) =>
        error switch
        {
            FeedException feed => FeedFaultText.Of(feed.Fault),
            SessionException session => Of(session.Fault),
            JournalException journal => Of(journal.Fault, keepsLearning),
            AggregateException several => string.Join(
                "; then ",
                several.InnerExceptions.Select(inner => Of(inner, keepsLearning))
            ),
            _ => $"internal error: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}",
        };

    /// <summary>Why a plan cannot be carried out.</summary>
    public static string Of(PlanFault fault) =>
        fault switch
        {
            PlanFault.HorizonNeeded needed =>
                $"--horizon auto: several horizons need --model shared, --feedback full and an agent with a posterior ({string.Join(' ', needed.WithoutHorizon)}); pass a number of candles",
            PlanFault.NoModelPerAction none => $"--model per-action: agent {none.Agent} has one model, shared",
            PlanFault.OrderTooSmall small => Invariant(
                $"--position-fraction {small.PositionFraction} of --initial-cash {small.InitialCash} is {small.OrderValue}: the exchange takes no order below {small.MinimumNotional}"
            ),
            PlanFault.BadIndicators bad => $"--indicators {bad.Reason}",
            PlanFault.OutOfRange wrong => Invariant(
                $"{ParameterText.Of(wrong.Parameter)} {wrong.Value} is not {wrong.Accepted}"
            ),
            _ => $"{fault}",
        };

    /// <summary>Why a plan does not fit the run in its folder.</summary>
    public static string Of(SessionFault fault) =>
        fault switch
        {
            SessionFault.OtherLearner other => Of(other),
            _ => $"{fault}; pass those of the run, or --fresh to begin anew",
        };

    /// <summary>Why the files of a run cannot be used.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="keepsLearning">Whether <c>--keep-learning</c> was passed, which needs a state that can be used.</param>
    public static string Of(JournalFault fault, bool keepsLearning = false) =>
        fault switch
        {
            JournalFault.FolderInUse or JournalFault.FolderUnwritable => $"--data-dir {fault}",
            JournalFault.StateUnusable unusable =>
                $"{fault}{(unusable.Backup is null ? ": " : ", or ")}start anew with --fresh{(keepsLearning ? " and without --keep-learning" : "")}",
            JournalFault.RowsMissing or JournalFault.RowsTooShort or JournalFault.RowsChanged =>
                $"{fault}, or start anew with --fresh",
            _ => $"{fault}",
        };

    /// <summary>What a session has to say about its run.</summary>
    public static string Of(SessionNote note) =>
        note switch
        {
            SessionNote.Continuing continuing => $"continuing {continuing.Source} after step {continuing.Steps}",
            SessionNote.OtherArithmetic other =>
                $"the run was saved by a version with arithmetic {other.Saved}, this one has {other.Now}: the last digits of its results will differ from those of a run that one version made alone",
            SessionNote.NewRun run => $"new run ({Why(run)}); the run before is in {run.KeptIn}",
            SessionNote.NothingToLearnFrom nothing =>
                $"--keep-learning: there is no run in {nothing.Folder} to learn from, starting from the prior",
            SessionNote.LearnedBefore before =>
                $"--keep-learning: starting with what {before.File} holds{Known(before)}",
            SessionNote.LearningGoesOn =>
                "--keep-learning has no effect on a run that goes on; --fresh starts a new one",
            SessionNote.LearningUnused unused =>
                $"{unused.File}, saved by btcbandit retrain, is not used: a new run starts with it only after --keep-learning",
            SessionNote.RowsRemade rows =>
                $"{rows.File}: {Counted.Of(rows.Bytes, "byte")} after the last checkpoint {(rows.Bytes == 1 ? "is" : "are")} made again",
            SessionNote.CandlesMissing candles =>
                $"{Counted.Are(candles.Missing, "candle")} missing between the run's last candle and the first new one",
            SessionNote.LastCandleRestated restated => Of(restated),
            SessionNote.NothingTradeable { Limit: var limit } => Of(limit),
            _ => $"{note}",
        };

    private static string Of(SessionFault.OtherLearner other)
    {
        var (name, before) = (ParameterText.Of(other.Difference.Name), other.Difference.Before);
        // Costs that differ per side, and a real market in place of a synthetic one, have no flag that selects them.
        var isFlag = name.StartsWith("--", StringComparison.Ordinal) && !before.Contains(' ', StringComparison.Ordinal);
        var isWorld = other.Difference.Kind != RunDifferenceKind.Source || SyntheticWorlds.TryParse(before, out _);
        var hint = isFlag && isWorld ? $"; pass {name} {before}" : "";
        return other.Difference.Kind == RunDifferenceKind.Source
            ? $"{other.File} was learned on a market that is {before}, not {other.Difference.Now}{hint}"
            : $"{other.File} was learned with {name} {before}, not {other.Difference.Now}{hint}";
    }

    private static string Known(SessionNote.LearnedBefore before) =>
        before.Through is { } through
            ? $"; candles up to {StepLine.Time(through)} UTC, the newest one that it has learned from, warm the indicators up and are not traded"
            : "";

    // Closes that are equal are told as well: then another value of the candle differs, such as its volume.
    private static string Of(SessionNote.LastCandleRestated restated) =>
        Invariant(
            $"the run's last candle, {StepLine.Time(restated.Before.OpenTime)} UTC, closes at {restated.Now.Close} in the source and at {restated.Before.Close} in the run{VolumeOf(restated)}: the run keeps what it traded on and continues with the next candle"
        );

    private static string VolumeOf(SessionNote.LastCandleRestated restated) =>
        restated.Now.Close.Equals(restated.Before.Close)
            ? Invariant($" (volume {restated.Now.Volume} and {restated.Before.Volume})")
            : "";

    private static string Of(TradingLimit limit) =>
        Invariant(
            $"no order is possible at {limit.Price:0.############} {limit.Pair.Quote}: equity is {limit.Equity:0.########} {limit.Pair.Quote}, and the exchange takes orders of at least {limit.Rules.MinimumNotional:0.############} {limit.Pair.Quote} and at most {limit.Rules.MaximumQuantity:0.############} {limit.Pair.Base}, in lots of {1 / limit.Rules.LotsPerUnit:0.############} {limit.Pair.Base}"
        );

    private static string Why(SessionNote.NewRun run) =>
        run.IsWarmedUp ? "the warm-up was passed"
        : run.IsForced ? "--fresh"
        : run.Differences.Count == 0 ? "there is no state.json"
        : string.Join(", ", run.Differences.Select(Of));

    private static string Of(RunDifference difference) =>
        difference.Kind switch
        {
            RunDifferenceKind.Source => $"source was {difference.Before}, is {difference.Now}",
            RunDifferenceKind.Parameter =>
                $"{ParameterText.Of(difference.Name)} was {difference.Before}, is {difference.Now}",
            RunDifferenceKind.Columns => $"columns were {difference.Before}, are {difference.Now}",
            RunDifferenceKind.Features => $"features were {difference.Before}, are {difference.Now}",
            _ => "its parameters differ",
        };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
