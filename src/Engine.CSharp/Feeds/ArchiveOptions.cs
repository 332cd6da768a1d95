using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Feeds;

/// <summary>Which candles to read from files, and how.</summary>
/// <param name="Paths">
/// Files (.csv, .csv.gz, .zip), folders (every such file below them) and patterns with <c>*</c>, <c>?</c> and
/// <c>**</c>, at least one; read in this order, a folder's or pattern's files in ordinal order of their paths.
/// </param>
/// <param name="Symbol">The market, <c>BTC/USDT</c> or <c>BTCUSDT</c>; files whose name states another are not read.</param>
/// <param name="Timeframe">Length of the candles wanted; files with a finer one are aggregated.</param>
/// <param name="SkipBadRows">Whether rows that are no candles are counted and skipped instead of ending the reading.</param>
/// <param name="Sort">Whether everything is read into memory and sorted first, so that a jump backwards is no error.</param>
public sealed record ArchiveOptions(
    IReadOnlyList<string> Paths,
    string Symbol,
    Timeframe Timeframe,
    bool SkipBadRows = false,
    bool Sort = false
);
