using System.Globalization;
using System.Text;
using BtcBandit.Indicators;

namespace BtcBandit.Tui.Commands;

/// <summary>Candles and their indicators as lines of CSV, bytes from the start: no string per number.</summary>
/// <remarks>
/// One buffer, written to the stream whenever the next row might not fit, so what the stream has got always ends with
/// a whole row. For one thread at a time.
/// </remarks>
internal sealed class IndicatorCsv
{
    private const int BufferBytes = 1 << 16;

    // A double in shortest form takes at most 24 bytes, an open time 15; each has its comma or line end.
    private const int BytesPerField = 25;
    private const string CandleColumns = "open_time,open,high,low,close,volume";

    private readonly Stream output;
    private readonly ColumnFold[] folds;
    private readonly double[][] columns;
    private readonly int longestRow;
    private readonly byte[] buffer;
    private int used;

    /// <summary>Begins with the header.</summary>
    public IndicatorCsv(IReadOnlyList<CatalogueEntry> entries, Stream output)
    {
        this.output = output;
        folds = [.. entries.Select(entry => entry.Start())];
        columns = [.. entries.Select(entry => new double[entry.Columns.Length])];
        var header = Encoding.UTF8.GetBytes(Header(entries) + "\n");
        longestRow = header.Count(letter => letter == (byte)',') * BytesPerField + BytesPerField;
        buffer = new byte[Math.Max(BufferBytes, header.Length + longestRow)];
        header.CopyTo(buffer, 0);
        used = header.Length;
    }

    /// <summary>Candles written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>The names of all columns.</summary>
    public static string Header(IEnumerable<CatalogueEntry> entries) =>
        string.Join(',', entries.SelectMany(entry => entry.Columns).Prepend(CandleColumns));

    /// <summary>Takes the next candle and writes its row.</summary>
    public void Add(in Candle candle)
    {
        if (buffer.Length - used < longestRow)
            Flush();
        PutTime(candle.OpenTime);
        Put(candle.Open);
        Put(candle.High);
        Put(candle.Low);
        Put(candle.Close);
        Put(candle.Volume);
        for (var i = 0; i < folds.Length; i++)
            PutColumns(folds[i].Push(in candle, columns[i]), columns[i]);
        // The comma after the last field ends the line instead.
        buffer[used - 1] = (byte)'\n';
        Rows++;
    }

    /// <summary>Hands over what the buffer holds.</summary>
    public void Flush()
    {
        output.Write(buffer, 0, used);
        output.Flush();
        used = 0;
    }

    private void PutColumns(bool speaks, double[] values)
    {
        foreach (var value in values)
        {
            if (speaks)
                Put(value);
            else
                buffer[used++] = (byte)',';
        }
    }

    private void Put(double value)
    {
        _ = value.TryFormat(buffer.AsSpan(used), out var written, "R", CultureInfo.InvariantCulture);
        used += written;
        buffer[used++] = (byte)',';
    }

    private void PutTime(long openTime)
    {
        _ = openTime.TryFormat(buffer.AsSpan(used), out var written, provider: CultureInfo.InvariantCulture);
        used += written;
        buffer[used++] = (byte)',';
    }
}
