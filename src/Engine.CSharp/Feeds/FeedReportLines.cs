namespace BtcBandit.Engine.Feeds;

public sealed partial class FeedReport
{
    private const int LinesOfOneKind = 10;

    /// <summary>The report as sentences, the most important first; counts of 0 are left out.</summary>
    public IReadOnlyList<string> Lines() =>
        [.. Summary(), .. Dropped(), .. Places(BackwardJumps, BackwardJumpCount), .. Places(Gaps, GapCount)];

    private IEnumerable<string> Summary()
    {
        if (Rows > 0)
            yield return $"read {FeedText.Count(Rows, "row")} from {FeedText.Count(Files, "file")}, "
                + $"{FeedText.Count(Candles, "candle")} passed";
        if (Groups > 0)
            yield return $"aggregated into {FeedText.Count(Groups, "candle")} of the longer timeframe";
        if (IncompleteGroups > 0)
            yield return $"{FeedText.Count(IncompleteGroups, "incomplete group")} dropped by aggregation";
    }

    private IEnumerable<string> Dropped()
    {
        if (FilesPassedOver > 0)
            yield return $"{FeedText.Count(FilesPassedOver, "file")} of other symbols passed over: {string.Join(", ", OtherSymbols)}";
        if (ReversedFiles > 0)
            yield return $"{FeedText.Count(ReversedFiles, "file")} with the newest row first reversed";
        if (RepeatedHeaders > 0)
            yield return $"{FeedText.Count(RepeatedHeaders, "repeated header")} skipped";
        if (RowsWithoutTrade > 0)
            yield return $"{FeedText.Count(RowsWithoutTrade, "row")} without a trade skipped";
        if (BadRows > 0)
            yield return $"{FeedText.Count(BadRows, "bad row")} skipped, the first: {FirstBadRow}";
        if (OffGridRows > 0)
            yield return $"{FeedText.Count(OffGridRows, "row")} off the timeframe's grid dropped";
        if (Duplicates > 0)
            yield return $"{FeedText.Count(Duplicates, "duplicate row")} with equal values dropped";
        if (RestatedRows > 0)
            yield return $"{FeedText.Count(RestatedRows, "row")} restated an earlier one with other values";
        if (LateCandles > 0)
            yield return $"{FeedText.Count(LateCandles, "late candle")} dropped, newer ones had passed";
        if (GapCount > 0)
            yield return $"{FeedText.Count(GapCount, "gap")}, {FeedText.Count(MissingCandles, "candle")} missing in total"
                + (FilledCandles > 0 ? $", {FeedText.Count(FilledCandles, "flat candle")} put in" : "");
    }

    private static IEnumerable<string> Places<T>(IReadOnlyList<T> kept, long all)
        where T : struct
    {
        foreach (var place in kept.Take(LinesOfOneKind))
            yield return $"{place}";
        if (all > LinesOfOneKind)
            yield return $"and {all - LinesOfOneKind} more of these";
    }
}
