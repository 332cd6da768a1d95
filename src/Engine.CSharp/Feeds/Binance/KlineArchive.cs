using System.Globalization;
using BtcBandit.Engine.Feeds.Files;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Storage;

namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>Appends the candles of a live feed to monthly files, as a download writes them.</summary>
/// <param name="root">The folder of all markets.</param>
/// <param name="pair">The traded pair.</param>
/// <param name="timeframe">Length of a candle.</param>
internal sealed class KlineArchive(string root, TradingPair pair, Timeframe timeframe) : IKlineRecord
{
    private MonthlyCandles? files;

    /// <inheritdoc/>
    /// <exception cref="FeedException">The file cannot be written.</exception>
    public void Take(in Kline closed)
    {
        try
        {
            files ??= MonthlyCandles.Open(root, pair, timeframe);
            files.Append(Row(closed));
            // In the file at once, for whoever reads it; on the disk when the feed is left.
            files.Flush(toDisk: false);
        }
        catch (Exception error) when (DiskErrors.Includes(error))
        {
            throw Unwritable(error);
        }
    }

    /// <inheritdoc/>
    public void Close()
    {
        try
        {
            files?.Flush(toDisk: true);
        }
        catch (Exception error) when (DiskErrors.Includes(error))
        {
            throw Unwritable(error);
        }
        finally
        {
            files?.Dispose();
            files = null;
        }
    }

    private FeedException Unwritable(Exception error) =>
        new(new FeedFault.Unwritable(MonthlyCandles.FolderOf(root, pair, timeframe), DiskErrors.Reason(error)), error);

    private MonthlyRow Row(in Kline closed)
    {
        var candle = closed.Candle;
        string[] fields =
        [
            Whole(candle.OpenTime),
            Number(candle.Open),
            Number(candle.High),
            Number(candle.Low),
            Number(candle.Close),
            Number(candle.Volume),
            Whole(candle.OpenTime + timeframe.Milliseconds - 1),
            Number(closed.QuoteVolume),
            Whole(closed.Trades),
            Number(closed.TakerVolume),
            Number(closed.TakerQuoteVolume),
            "0",
        ];
        return MonthlyRow.TryCreate(fields, out var row)
            ? row
            : throw new InvalidOperationException("A candle made no row.");
    }

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    // The exchange writes eight decimals.
    private static string Number(decimal number) => number.ToString("F8", CultureInfo.InvariantCulture);

    // Eight decimals of a double that was read from eight decimals are the same double, whatever its size.
    private static string Number(double number) => number.ToString("F8", CultureInfo.InvariantCulture);
}
