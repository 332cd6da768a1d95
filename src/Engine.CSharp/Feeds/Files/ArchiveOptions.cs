using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Which candles to read from files, and how.</summary>
/// <param name="Paths">
/// Files (.csv, .tsv, .json, each also .gz, and .zip), folders (every such file below them) and patterns with <c>*</c>, <c>?</c> and
/// <c>**</c>, at least one; read in this order, a folder's or pattern's files in ordinal order of their paths.
/// </param>
/// <param name="Pair">The pair; files whose name states another are not read.</param>
/// <param name="Timeframe">Length of the candles wanted; shorter candles are joined.</param>
/// <param name="SkipBadRows">Whether rows that are not candles are counted and skipped; otherwise the first one is an error.</param>
/// <param name="Sort">Whether all rows are read into memory and sorted first; otherwise a jump backwards is an error.</param>
/// <param name="Columns">What the columns of every table hold; null recognises them.</param>
/// <param name="TimeFormat">How open times are written; null recognises it.</param>
/// <param name="Missing">What takes the place of missing candles.</param>
public sealed record ArchiveOptions(
    IReadOnlyList<string> Paths,
    TradingPair Pair,
    Timeframe Timeframe,
    bool SkipBadRows = false,
    bool Sort = false,
    TableColumns? Columns = null,
    TimeFormat? TimeFormat = null,
    MissingCandles Missing = MissingCandles.None
);
