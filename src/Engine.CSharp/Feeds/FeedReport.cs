namespace BtcBandit.Engine.Feeds;

/// <summary>What one reading of a feed met: every row that did not become a candle is counted here exactly once.</summary>
/// <remarks>
/// <para>
/// Over archive files, once a reading is complete:
/// <c>Rows = BadRows + OffGridRows + Duplicates + RestatedRows + Candles</c>.
/// </para>
/// <para>
/// Made for one subscription (a repeated one adds up). The feed writes on its own thread; anybody may read at any time
/// from another: single numbers are exact, together they may be one candle apart.
/// </para>
/// </remarks>
public sealed partial class FeedReport
{
    /// <summary>How many gaps and backward jumps are kept one by one; all of them are counted.</summary>
    public const int KeptPlaces = 100;

    private readonly Lock gate = new();
    private readonly List<Gap> gaps = [];
    private readonly List<BackwardJump> backwardJumps = [];
    private string? firstBadRow;
    private Followed? followed;
    private int filesToRead;
    private long files,
        rows,
        badRows,
        offGridRows,
        duplicates,
        restatedRows,
        gapCount,
        missingCandles,
        backwardJumpCount,
        candles,
        groups,
        incompleteGroups;

    /// <summary>Files begun, each .csv inside a zip counted as one.</summary>
    public long Files => Volatile.Read(ref files);

    /// <summary>How much of the files has been read, 0..1; absent where there are none.</summary>
    /// <remarks>By bytes within a file, every file counted alike; for a progress bar.</remarks>
    public double? FractionRead =>
        Volatile.Read(ref filesToRead) is > 0 and var all && Volatile.Read(ref followed) is { } now
            ? Math.Clamp((now.FilesBefore + now.Stream.Done) / all, 0.0, 1.0)
            : null;

    /// <summary>Rows read from files, without headers and empty lines.</summary>
    public long Rows => Volatile.Read(ref rows);

    /// <summary>Rows that are not candles and were skipped.</summary>
    public long BadRows => Volatile.Read(ref badRows);

    /// <summary>What is wrong with the first of <see cref="BadRows"/>, or null.</summary>
    public string? FirstBadRow => Volatile.Read(ref firstBadRow);

    /// <summary>Rows dropped because their open time is no multiple of the timeframe.</summary>
    public long OffGridRows => Volatile.Read(ref offGridRows);

    /// <summary>Rows dropped because the candle before them is the same.</summary>
    public long Duplicates => Volatile.Read(ref duplicates);

    /// <summary>Rows with the open time of another row but other values; the last one stands (live: the first).</summary>
    public long RestatedRows => Volatile.Read(ref restatedRows);

    /// <summary>Places where candles are missing.</summary>
    public long GapCount => Volatile.Read(ref gapCount);

    /// <summary>Candles missing in all gaps together.</summary>
    public long MissingCandles => Volatile.Read(ref missingCandles);

    /// <summary>Places where the rows went back in time, counted when they are sorted.</summary>
    public long BackwardJumpCount => Volatile.Read(ref backwardJumpCount);

    /// <summary>Candles passed on, before aggregation.</summary>
    public long Candles => Volatile.Read(ref candles);

    /// <summary>Candles of the longer timeframe made by aggregation; 0 without it.</summary>
    public long Groups => Volatile.Read(ref groups);

    /// <summary>Candles of the longer timeframe not made, because part of them is missing.</summary>
    public long IncompleteGroups => Volatile.Read(ref incompleteGroups);

    /// <summary>The first <see cref="KeptPlaces"/> gaps.</summary>
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

    internal void Expect(int files) => Volatile.Write(ref filesToRead, files);

    // One value: a file that is counted but not yet opened must not look as if it were read.
    internal void Follow(CheckedStream stream) => Volatile.Write(ref followed, new Followed(files - 1, stream));

    internal void CountFile() => Increment(ref files);

    internal void CountRow() => Increment(ref rows);

    internal void CountOffGrid() => Increment(ref offGridRows);

    internal void CountDuplicate() => Increment(ref duplicates);

    internal void CountRestated() => Increment(ref restatedRows);

    internal void CountCandle() => Increment(ref candles);

    internal void CountGroup() => Increment(ref groups);

    internal void CountIncompleteGroup() => Increment(ref incompleteGroups);

    internal void CountBadRow(string message)
    {
        if (badRows == 0)
            Volatile.Write(ref firstBadRow, message);
        Increment(ref badRows);
    }

    internal void CountGap(Gap gap)
    {
        Keep(gaps, gap);
        Volatile.Write(ref missingCandles, missingCandles + gap.Missing);
        Increment(ref gapCount);
    }

    internal void CountBackwardJump(BackwardJump jump)
    {
        Keep(backwardJumps, jump);
        Increment(ref backwardJumpCount);
    }

    private sealed record Followed(long FilesBefore, CheckedStream Stream);

    // Each number has one writer, so it needs to be visible, not atomic.
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
