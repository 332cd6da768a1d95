using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>A closed candle as a row of Binance's archive, each number in the exchange's own text.</summary>
/// <remarks>
/// A number that went through a <see cref="double"/> would have the same value and another text, and files of the same
/// candles could not be compared any more.
/// </remarks>
internal sealed class MonthlyRow
{
    /// <summary>Number of columns: open time, open, high, low, close, volume, close time, quote volume, number of trades, base
    /// and quote volume of the taker's buys, and one without a use.</summary>
    public const int Columns = 12;

    private const int CloseTime = 6;
    private const int Trades = 8;
    private const int Unused = 11;

    private static readonly SearchValues<char> plain = SearchValues.Create("0123456789.");

    private MonthlyRow(long openTime, string line) => (OpenTime, Line) = (openTime, line);

    /// <summary>When the candle began, ms UTC.</summary>
    public long OpenTime { get; }

    /// <summary>The row without its line end.</summary>
    public string Line { get; }

    /// <summary>Makes a row of the texts of its fields.</summary>
    /// <param name="fields">The texts of the twelve columns; times in ms UTC.</param>
    /// <param name="row">The row; null if the fields are no candle, or not written in plain digits.</param>
    public static bool TryCreate(string[] fields, [NotNullWhen(true)] out MonthlyRow? row)
    {
        row = null;
        if (fields.Length != Columns)
            return false;
        var numbers = (stackalloc double[Columns]);
        for (var column = 0; column < Columns; column++)
        {
            if (!IsPlain(fields[column]) || (column != Unused && !TryNumber(fields[column], out numbers[column])))
                return false;
        }
        if (
            !IsWhole(fields[0], out var openTime)
            || !IsWhole(fields[CloseTime], out _)
            || !IsWhole(fields[Trades], out _)
        )
            return false;
        if (!Candle.TryCreate(openTime, numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], out _, out _))
            return false;
        row = new MonthlyRow(openTime, string.Join(',', fields));
        return true;
    }

    private static bool IsPlain(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(plain);

    private static bool IsWhole(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
}
