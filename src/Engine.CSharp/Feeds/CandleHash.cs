using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds;

/// <summary>Hash of a series of candles: equal for the same candles in the same order, whatever files they came from.</summary>
/// <remarks>XxHash3 of 48 bytes per candle: open time, open, high, low, close and volume, little-endian.</remarks>
internal sealed class CandleHash
{
    private const int CandleBytes = 6 * sizeof(double);

    private readonly XxHash3 hash = new();

    /// <summary>Number of candles so far.</summary>
    public long Count { get; private set; }

    /// <summary>Appends a candle.</summary>
    public void Append(in Candle candle) =>
        Append(candle.OpenTime, candle.Open, candle.High, candle.Low, candle.Close, candle.Volume);

    /// <summary>Appends a candle by its numbers.</summary>
    public void Append(long openTime, double open, double high, double low, double close, double volume)
    {
        Span<byte> bytes = stackalloc byte[CandleBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, openTime);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[8..], open);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[16..], high);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[24..], low);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[32..], close);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[40..], volume);
        hash.Append(bytes);
        Count++;
    }

    /// <summary>The hash of the candles so far, as 16 hexadecimal digits.</summary>
    public override string ToString() => hash.GetCurrentHashAsUInt64().ToString("x16", CultureInfo.InvariantCulture);
}
