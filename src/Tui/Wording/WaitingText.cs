using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Watching;

namespace BtcBandit.Tui.Wording;

/// <summary>What the dashboard says before the first step.</summary>
internal static class WaitingText
{
    private const int MostNotes = 10;

    /// <summary>What the run waits for, what a live feed is doing, and the newest notes of the log; one line each.</summary>
    public static IReadOnlyList<string> Of(RunInfo run, IReadOnlyList<LogLine> log)
    {
        var lines = new List<string>();
        if (run.IsOver)
            lines.Add("The run has ended without a step.");
        else if (run.Mode is RunMode.Live { Health: var health })
        {
            lines.Add(
                health.Phase == FeedPhase.Waiting && health.LastMessage is null ? "The exchange is being waited for."
                : health.Phase == FeedPhase.Live
                    ? $"The history is there. The first step comes with the next candle{NextClose(run)}."
                : "The candles before the first step are being fetched."
            );
            lines.Add($"feed: {HealthText.Wait(health)}");
        }
        else
            lines.Add("Candles before the first step are being learned from.");
        lines.AddRange(log.TakeLast(MostNotes).Select(line => NoteText.Of(line)));
        return lines;
    }

    private static string NextClose(RunInfo run) =>
        run.NextClose is { } left ? FormattableString.Invariant($", which closes in {left.TotalSeconds:0} s") : "";
}
