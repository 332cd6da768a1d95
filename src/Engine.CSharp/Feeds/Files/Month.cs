using System.Globalization;

namespace BtcBandit.Engine.Feeds.Files;

/// <summary>A month of UTC, which one file of Binance's monthly archive holds.</summary>
/// <param name="Year">The year.</param>
/// <param name="Number">Number of the month, from 1 to 12.</param>
internal readonly record struct Month(int Year, int Number)
{
    /// <summary>When it begins, ms UTC.</summary>
    public long From => new DateTimeOffset(Year, Number, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>When the next one begins, ms UTC.</summary>
    public long To => Next.From;

    /// <summary>The month after it.</summary>
    public Month Next => Number == 12 ? new Month(Year + 1, 1) : new Month(Year, Number + 1);

    /// <summary>The month of a time in ms UTC.</summary>
    public static Month Of(long time)
    {
        var date = DateTimeOffset.FromUnixTimeMilliseconds(time);
        return new Month(date.Year, date.Month);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Number:00}");
}
