using System.Buffers;
using System.Globalization;
using CsvHelper;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>Reads prices and volumes of a table.</summary>
internal static class TableNumbers
{
    private const int MaxLength = 64;
    private static readonly SearchValues<byte> digitsAndMarks = SearchValues.Create("0123456789.,"u8);

    /// <summary>Reads a number. A comma that may be a decimal or a thousands mark is refused.</summary>
    /// <param name="row">A reader on a row.</param>
    /// <param name="column">The column.</param>
    /// <param name="mayHaveCommas">Whether a field of the row can contain a comma.</param>
    /// <param name="decimalComma">Whether the table writes a decimal comma.</param>
    /// <param name="number">The number, not necessarily finite.</param>
    public static bool TryRead(CsvReader row, int column, bool mayHaveCommas, bool decimalComma, out double number)
    {
        if (!mayHaveCommas && row.TryParse(column, out number))
            return true;
        return TryParse(row.GetSpan(column), decimalComma, out number);
    }

    /// <summary>Reads a volume: a number, or one in short form such as <c>1.5K</c>.</summary>
    /// <inheritdoc cref="TryRead"/>
    public static bool TryReadVolume(
        CsvReader row,
        int column,
        bool mayHaveCommas,
        bool decimalComma,
        out double number
    ) =>
        TryRead(row, column, mayHaveCommas, decimalComma, out number)
        || TryShort(row.GetSpan(column), decimalComma, out number);

    /// <summary>Reads a number such as <c>43000.5</c> or <c>43,000.5</c>; with a decimal comma, <c>43000,5</c> or <c>43.000,5</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, bool decimalComma, out double number) =>
        TryParse(text.Trim((byte)' '), decimalComma, [], out number);

    private static bool TryShort(ReadOnlySpan<byte> text, bool decimalComma, out double number)
    {
        number = 0;
        text = text.Trim((byte)' ');
        if (text.IsEmpty)
            return false;
        var power = (text[^1] | 0x20) switch
        {
            'k' => "e3"u8,
            'm' => "e6"u8,
            'b' => "e9"u8,
            _ => [],
        };
        // Nothing but digits and marks in front: "1e3m" and "infm" are no numbers.
        return !power.IsEmpty
            && !text[..^1].ContainsAnyExcept(digitsAndMarks)
            && TryParse(text[..^1], decimalComma, power, out number);
    }

    private static bool TryParse(
        ReadOnlySpan<byte> text,
        bool decimalComma,
        ReadOnlySpan<byte> power,
        out double number
    )
    {
        number = 0;
        if (text.IsEmpty || text.Length > MaxLength)
            return false;
        Span<byte> plain = stackalloc byte[MaxLength + 2];
        var length = decimalComma
            ? WithoutGroups(text, plain, decimalMark: (byte)',', groupMark: (byte)'.')
            : WithoutGroups(text, plain, decimalMark: (byte)'.', groupMark: (byte)',');
        if (length <= 0)
            return false;
        power.CopyTo(plain[length..]);
        var written = plain[..(length + power.Length)];
        return double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    // 43,000.5: groups of three in front of a decimal mark. Without that mark, 43,000 might be 43.
    private static int WithoutGroups(ReadOnlySpan<byte> text, Span<byte> plain, byte decimalMark, byte groupMark)
    {
        var mark = text.IndexOf(decimalMark);
        var isGrouped = text.Contains(groupMark);
        if ((isGrouped && (mark < 0 || text[mark..].Contains(groupMark))) || text.Count(decimalMark) > 1)
            return 0;
        var length = 0;
        for (var index = 0; index < text.Length; index++)
        {
            // Every fourth character in front of the decimal mark is a group mark, and no other one.
            var isGroup = isGrouped && index < mark && (mark - index) % 4 == 0;
            if (isGroup != (text[index] == groupMark))
                return 0;
            if (!isGroup)
                plain[length++] = text[index] == decimalMark ? (byte)'.' : text[index];
        }
        return length;
    }
}
