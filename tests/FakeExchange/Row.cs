using System.Globalization;
using System.IO.Compression;

namespace BtcBandit.FakeExchange;

/// <summary>A recorded candle, its numbers as the file writes them.</summary>
/// <param name="OpenTime">When it began, ms UTC.</param>
/// <param name="Open">First price.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Close">Last price.</param>
/// <param name="Volume">Traded quantity.</param>
public sealed record Row(long OpenTime, string Open, string High, string Low, string Close, string Volume)
{
    /// <summary>Length of a candle in milliseconds; the exchange has minutes only.</summary>
    public const long Length = 60_000;

    /// <summary>Whether nothing was traded.</summary>
    public bool IsQuiet => Number(Volume) == 0;

    /// <summary>Number of trades: there is no record of it, so a busy minute has a thousand.</summary>
    public int Trades => IsQuiet ? 0 : 1_000;

    /// <summary>The candle as it stood at a moment: it grows with time, and only the whole minute has the recorded values.</summary>
    public (string High, string Low, string Close, string Volume, int Trades) At(long time)
    {
        var part = Math.Clamp((time - OpenTime) / (double)Length, 0, 1);
        if (part >= 1)
            return (High, Low, Close, Volume, Trades);
        var (open, close) = (Number(Open), Number(Close));
        var price = part < 0.02 ? open : open + ((close - open) * part);
        return (
            Text(Math.Max(open, price)),
            Text(Math.Min(open, price)),
            Text(price),
            Text(Number(Volume) * part),
            (int)(Trades * part)
        );
    }

    /// <summary>Reads a file of candles: the first six columns, with or without a header, plain or with .gz.</summary>
    public static IEnumerable<Row> Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream data = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file;
        using var reader = new StreamReader(data);
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split(',');
            if (parts.Length > 5 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var time))
                // Microseconds since 2025.
                yield return new Row(
                    time > 100_000_000_000_000 ? time / 1_000 : time,
                    parts[1],
                    parts[2],
                    parts[3],
                    parts[4],
                    parts[5]
                );
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(double number) => number.ToString("F8", CultureInfo.InvariantCulture);
}
