using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Candles of a table, read one by one.</summary>
internal interface ICandleRows : IDisposable
{
    /// <summary>Reads the next candle; false at the end of the table.</summary>
    /// <exception cref="FeedException">A row is not a candle and bad rows are not skipped, or the file cannot be read.</exception>
    bool TryRead(out Candle candle);
}
