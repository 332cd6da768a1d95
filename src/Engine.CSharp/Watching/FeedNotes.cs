using BtcBandit.Engine.Feeds;

namespace BtcBandit.Engine.Watching;

/// <summary>Logs the first problem of each kind that a feed reports.</summary>
internal sealed class FeedNotes(FeedReport report, RunLog log)
{
    private long gaps,
        badRows,
        restatedRows;

    /// <summary>Checks the report for new problems. Not thread-safe.</summary>
    public void Look()
    {
        if (gaps == 0 && report.GapCount > 0 && report.Gaps is [var gap, ..])
            log.Add(new RunNote.CandlesMissing(gap));
        if (badRows == 0 && report.FirstBadRow is { } first)
            log.Add(new RunNote.RowsSkipped(first));
        if (restatedRows == 0 && report.RestatedRows > 0)
            log.Add(new RunNote.CandleRestated());
        (gaps, badRows, restatedRows) = (report.GapCount, report.BadRows, report.RestatedRows);
    }
}
