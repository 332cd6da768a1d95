namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Rows of a monthly file that follow each other without a gap.</summary>
/// <param name="First">Open time of the first one, ms UTC.</param>
/// <param name="Last">Open time of the last one, ms UTC.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="End">Where the last one ends in the file, in bytes.</param>
internal readonly record struct MonthRun(long First, long Last, long Rows, long End);

/// <summary>Which candles a monthly file holds.</summary>
/// <param name="Location">Path of the file, whether it exists or not.</param>
/// <param name="Start">Where the first row begins, in bytes: after a header, if there is one.</param>
/// <param name="Runs">The rows, in order of time.</param>
/// <param name="Torn">Number of bytes after the last whole row.</param>
internal sealed record MonthContent(string Location, long Start, IReadOnlyList<MonthRun> Runs, long Torn)
{
    /// <summary>Where the last whole row ends, in bytes.</summary>
    public long End => Runs.Count > 0 ? Runs[^1].End : Start;

    /// <summary>Open time of the last row, ms UTC; null without rows.</summary>
    public long? Last => Runs.Count > 0 ? Runs[^1].Last : null;

    /// <summary>Number of rows.</summary>
    public long Rows => Runs.Sum(run => run.Rows);
}
