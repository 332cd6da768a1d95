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
    public void Append(in Candle candle)
    {
        Span<byte> bytes = stackalloc byte[CandleBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, candle.OpenTime);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[8..], candle.Open);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[16..], candle.High);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[24..], candle.Low);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[32..], candle.Close);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[40..], candle.Volume);
        hash.Append(bytes);
        Count++;
    }

    /// <summary>The hash of the candles so far, as 16 hexadecimal digits.</summary>
    public override string ToString() => hash.GetCurrentHashAsUInt64().ToString("x16", CultureInfo.InvariantCulture);
}
