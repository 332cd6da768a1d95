using BtcBandit.Engine.Feeds;

namespace BtcBandit.Engine.Watching;

/// <summary>Logs the first problem of each kind that a feed reports.</summary>
internal sealed class FeedNotes(FeedReport report, RunLog log)
{
    private bool hasGap,
        hasBadRow,
        hasRestated,
        hasLate;

    /// <summary>Checks the report for new problems. Not thread-safe.</summary>
    public void Look()
    {
        // The feed counts on another thread, so each number is read once: what is seen now is noted now.
        if (!hasGap && report.Gaps is [var gap, ..])
        {
            hasGap = true;
            log.Add(new RunNote.CandlesMissing(gap));
        }

        if (!hasBadRow && report.FirstBadRow is { } first)
        {
            hasBadRow = true;
            log.Add(new RunNote.RowsSkipped(first));
        }

        if (!hasRestated && report.RestatedRows > 0)
        {
            hasRestated = true;
            log.Add(new RunNote.CandleRestated());
        }

        if (!hasLate && report.LateCandles > 0)
        {
            hasLate = true;
            log.Add(new RunNote.CandleLate());
        }
    }
}
