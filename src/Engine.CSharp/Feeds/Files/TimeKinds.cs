namespace BtcBandit.Engine.Feeds.Files;

/// <summary>What a field says about time.</summary>
internal enum TimeKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A date with a clock, or a number of seconds or a smaller unit since 1970.</summary>
    Full,

    /// <summary>A date alone.</summary>
    Date,

    /// <summary>A time of day alone.</summary>
    Clock,
}

/// <summary>Tells what kind of time a field is, whatever the order of day and month.</summary>
internal static class TimeKinds
{
    /// <summary>Returns the kind of a field.</summary>
    public static TimeKind Of(HeadRow row, int column)
    {
        var text = row.Bytes(column);
        if (IsoTimes.IsDate(text, DateOrder.YearFirst))
            return TimeKind.Date;
        if (IsYearLast(text, out _, out _))
            return text.AsSpan().Contains((byte)' ') ? TimeKind.Full : TimeKind.Date;
        if (OpenTimes.TryParse(text, DateOrder.YearFirst, out _))
            return TimeKind.Full;
        return IsoTimes.IsClock(text) ? TimeKind.Clock : TimeKind.None;
    }

    /// <summary>Returns whether a field is a date that ends with its year, and the two numbers in front of it.</summary>
    public static bool IsYearLast(HeadRow row, int column, out int one, out int two)
    {
        (one, two) = (0, 0);
        return row.Fields.Length > column && IsYearLast(row.Bytes(column), out one, out two);
    }

    /// <inheritdoc cref="IsYearLast(HeadRow, int, out int, out int)"/>
    public static bool IsYearLast(ReadOnlySpan<byte> text, out int one, out int two) =>
        IsoTimes.TryYearLast(text.Trim((byte)' '), out one, out two);
}
