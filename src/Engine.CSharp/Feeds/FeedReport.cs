using System.Collections.Immutable;

namespace BtcBandit.Engine.Feeds;

/// <summary>Counts what a feed read, dropped and missed: every row that did not become a candle is counted exactly once.</summary>
/// <remarks>
/// <para>
/// For files, once they are read to the end:
/// <c>Rows = BadRows + RowsWithoutTrade + OffGridRows + Duplicates + RestatedRows + Candles</c>.
/// </para>
/// <para>
/// Use one report per subscription; a second subscription adds to the same counts. Only the feed's thread writes; any
/// thread may read at any time. Each number is exact; two of them, read one after the other, may be a candle apart.
/// </para>
/// </remarks>
public sealed partial class FeedReport
{
    /// <summary>The maximum number of gaps, and of backward jumps, that are kept in full; all of them are counted.</summary>
    public const int KeptPlaces = 100;

    private readonly Lock gate = new();
    private readonly List<Gap> gaps = [];
    private readonly List<BackwardJump> backwardJumps = [];
    private FeedFault? firstBadRow;
    private double fractionRead = double.NaN;
    private ImmutableArray<string> otherSymbols = [];
    private long files,
        rows,
        badRows,
        rowsWithoutTrade,
        repeatedHeaders,
        reversedFiles,
        filesPassedOver,
        filledCandles,
        offGridRows,
        duplicates,
        restatedRows,
        lateCandles,
        gapCount,
        missingCandles,
        backwardJumpCount,
        candles,
        groups,
        incompleteGroups;

    /// <summary>Number of files opened so far; each .csv inside a zip counts as one.</summary>
    public long Files => Volatile.Read(ref files);

    /// <summary>Fraction of the files' rows that has been passed on, 0 to 1, measured in bytes; null before the first row, for a feed
    /// without files, and where the size of a file is not known.</summary>
    public double? FractionRead => Volatile.Read(ref fractionRead) is var read && double.IsNaN(read) ? null : read;

    /// <summary>Number of rows read from files, without headers and empty lines.</summary>
    public long Rows => Volatile.Read(ref rows);

    /// <summary>Number of rows skipped because they are not candles.</summary>
    public long BadRows => Volatile.Read(ref badRows);

    /// <summary>What is wrong with the first of <see cref="BadRows"/>; null while there is none.</summary>
    public FeedFault? FirstBadRow => Volatile.Read(ref firstBadRow);

    /// <summary>Number of rows skipped because all their numbers are empty or NaN: no trade in that candle.</summary>
    public long RowsWithoutTrade => Volatile.Read(ref rowsWithoutTrade);

    /// <summary>Number of headers skipped in the middle of files, as they are left where files were joined.</summary>
    public long RepeatedHeaders => Volatile.Read(ref repeatedHeaders);

    /// <summary>Number of files that begin with their newest row, whose order was reversed.</summary>
    public long ReversedFiles => Volatile.Read(ref reversedFiles);

    /// <summary>Number of files found and not read because their name states another symbol.</summary>
    public long FilesPassedOver => Volatile.Read(ref filesPassedOver);

    /// <summary>The symbols of <see cref="FilesPassedOver"/>, each once, in ordinal order.</summary>
    public IReadOnlyList<string> OtherSymbols
    {
        get
        {
            lock (gate)
                return otherSymbols;
        }
    }

    /// <summary>Number of candles put into gaps; 0 unless that was asked for.</summary>
    public long FilledCandles => Volatile.Read(ref filledCandles);

    /// <summary>Number of rows dropped because their open time is not a multiple of the timeframe.</summary>
    public long OffGridRows => Volatile.Read(ref offGridRows);

    /// <summary>Number of rows dropped because they repeat the candle before them, value by value.</summary>
    public long Duplicates => Volatile.Read(ref duplicates);

    /// <summary>Number of rows that repeat an open time with other values. In files the last version passes, live the first.</summary>
    public long RestatedRows => Volatile.Read(ref restatedRows);

    /// <summary>Number of candles dropped because a newer one had passed before them; always 0 for files, where that is an error.</summary>
    public long LateCandles => Volatile.Read(ref lateCandles);

    /// <summary>Number of places where candles are missing.</summary>
    public long GapCount => Volatile.Read(ref gapCount);

    /// <summary>Number of candles missing in all gaps together.</summary>
    public long MissingCandles => Volatile.Read(ref missingCandles);

    /// <summary>Number of places where the rows go back in time; counted only when files are sorted.</summary>
    public long BackwardJumpCount => Volatile.Read(ref backwardJumpCount);

    /// <summary>Number of candles passed on, before aggregation.</summary>
    public long Candles => Volatile.Read(ref candles);

    /// <summary>Number of longer candles made by aggregation; 0 without it.</summary>
    public long Groups => Volatile.Read(ref groups);

    /// <summary>Number of longer candles not made because one of their parts is missing.</summary>
    public long IncompleteGroups => Volatile.Read(ref incompleteGroups);

    /// <summary>The first <see cref="KeptPlaces"/> gaps, in order of time.</summary>
    public IReadOnlyList<Gap> Gaps
    {
        get
        {
            lock (gate)
                return [.. gaps];
        }
    }

    /// <summary>The first <see cref="KeptPlaces"/> backward jumps, in the order of the files.</summary>
    public IReadOnlyList<BackwardJump> BackwardJumps
    {
        get
        {
            lock (gate)
                return [.. backwardJumps];
        }
    }

    /// <summary>Notes how much has been read, 0 to 1; NaN where that is not known.</summary>
    internal void Pass(double fraction) => Volatile.Write(ref fractionRead, fraction);

    internal void CountFile() => Increment(ref files);

    /// <summary>The file that candles are read from, for messages; null where there are no files.</summary>
    internal string? CurrentFile { get; set; }

    internal void CountRows(int count) => Volatile.Write(ref rows, rows + count);

    internal void CountRowWithoutTrade() => Increment(ref rowsWithoutTrade);

    internal void CountRepeatedHeader() => Increment(ref repeatedHeaders);

    internal void CountReversedFile() => Increment(ref reversedFiles);

    internal void CountFilled() => Increment(ref filledCandles);

    internal void PassOver(string symbol)
    {
        lock (gate)
        {
            if (!otherSymbols.Contains(symbol))
                otherSymbols = [.. otherSymbols.Add(symbol).Order(StringComparer.Ordinal)];
        }
        Increment(ref filesPassedOver);
    }

    internal void CountOffGrid() => Increment(ref offGridRows);

    internal void CountDuplicate() => Increment(ref duplicates);

    internal void CountRestated() => Increment(ref restatedRows);

    internal void CountLate() => Increment(ref lateCandles);

    internal void CountCandle() => Increment(ref candles);

    internal void CountGroup() => Increment(ref groups);

    internal void CountIncompleteGroup() => Increment(ref incompleteGroups);

    internal void CountBadRow(FeedFault fault)
    {
        if (badRows == 0)
            Volatile.Write(ref firstBadRow, fault);
        Increment(ref badRows);
    }

    internal void CountGap(Gap gap)
    {
        // A live feed that is subscribed to again meets the gaps of its history again.
        lock (gate)
        {
            if (gaps.Contains(gap))
                return;
        }
        Keep(gaps, gap);
        Volatile.Write(ref missingCandles, missingCandles + gap.Missing);
        Increment(ref gapCount);
    }

    internal void CountBackwardJump(BackwardJump jump)
    {
        Keep(backwardJumps, jump);
        Increment(ref backwardJumpCount);
    }

    // Each number has one writer, so a volatile write is enough.
    private static void Increment(ref long counter) => Volatile.Write(ref counter, counter + 1);

    private void Keep<T>(List<T> places, T place)
    {
        lock (gate)
        {
            if (places.Count < KeptPlaces)
                places.Add(place);
        }
    }
}
