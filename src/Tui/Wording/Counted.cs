using System.Globalization;

namespace BtcBandit.Tui.Wording;

/// <summary>Numbers of things, in the singular or the plural.</summary>
internal static class Counted
{
    /// <summary>For instance <c>1 candle</c> or <c>20 candles</c>.</summary>
    public static string Of(long count, string noun) =>
        count == 1 ? $"1 {noun}" : string.Create(CultureInfo.InvariantCulture, $"{count} {noun}s");

    /// <summary>For instance <c>1 candle is</c> or <c>20 candles are</c>.</summary>
    public static string Are(long count, string noun) => $"{Of(count, noun)} {(count == 1 ? "is" : "are")}";
}
