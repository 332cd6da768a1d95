using BtcBandit.Engine.Sessions;

namespace BtcBandit.Tui.Wording;

/// <summary>What a session did not use because its run is further on.</summary>
internal static class SkippedText
{
    /// <summary>One line for the candles that the run has processed, and one for those that it is not known to have processed.</summary>
    public static IEnumerable<string> Of(SessionResult result)
    {
        var older = result.OlderCandles;
        var seen = result.CandlesSkipped - (older?.Count ?? 0);
        // The newest candle of a run is known to be one of it; beside older candles it is not worth a line.
        if (seen > 1 || (seen == 1 && older is null))
        {
            yield return $"{seen} of {Counted.Of(result.CandlesRead, "candle")} {(seen == 1 ? "was" : "were")} already in the run and skipped{(older is null ? Rest(result) : "")}";
        }

        if (older is not null)
        {
            var (what, until) = (older.Count == 1 ? "is" : "are", StepLine.Time(older.LastOpenTime));
            var span = older.Count == 1 ? $"{until} UTC" : $"{StepLine.Time(older.FirstOpenTime)} to {until} UTC";
            yield return $"{older.Count} of {Counted.Of(result.CandlesRead, "candle")} ({span}) {what} older than the run's last candle, not used{Rest(result)}";
        }
    }

    private static string Rest(SessionResult result)
    {
        // The fault that ended it says more.
        if (result.Error is not null)
            return "";
        var what =
            result.StepsMade == 0
                ? "nothing is new: later candles continue the run, --fresh starts anew"
                : "the rest is new";
        return $" ({what}); the run is at {StepLine.Time(result.Run!.LastCandle.OpenTime)} UTC";
    }
}
