namespace BtcBandit.Engine.Market;

/// <summary>What takes the place of candles that are missing between two others of a file.</summary>
public enum MissingCandles
{
    /// <summary>Nothing: the gap stays, and is counted.</summary>
    None,

    /// <summary>A candle without a trade: all prices the close before the gap, volume 0.</summary>
    /// <remarks>For venues that write only those minutes in which something was traded.</remarks>
    Flat,
}

/// <summary>Names of the ways to treat missing candles in options and files.</summary>
internal static class MissingCandlesNames
{
    /// <summary>The values and their names.</summary>
    public static ValueNames<MissingCandles> Values { get; } =
        new((MissingCandles.None, "none"), (MissingCandles.Flat, "flat"));
}
