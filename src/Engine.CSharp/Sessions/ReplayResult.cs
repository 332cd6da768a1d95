namespace BtcBandit.Engine.Sessions;

/// <summary>Whether a session makes the same steps again from the candles that were recorded of it. A closed union.</summary>
public abstract record ReplayResult
{
    private ReplayResult() { }

    /// <summary>The replay made the same rows, byte for byte, and ended in the same state.</summary>
    /// <param name="Candles">Number of candles replayed.</param>
    /// <param name="Hash">XXH3 of their open times and values, 16 hexadecimal digits.</param>
    public sealed record Same(long Candles, string Hash) : ReplayResult;

    /// <summary>The replay made another row, or ended in another state.</summary>
    /// <param name="OpenTime">Open time of the first step that differs, ms UTC.</param>
    /// <param name="Live">Its row in the journal; empty if only the state at the end differs.</param>
    /// <param name="Replayed">Its row in the replay; empty if only the state at the end differs.</param>
    public sealed record Differs(long OpenTime, string Live, string Replayed) : ReplayResult;

    /// <summary>The record has another number of candles than the session took.</summary>
    /// <param name="Recorded">Number of candles recorded in its time.</param>
    /// <param name="Taken">Number of candles that the session took.</param>
    public sealed record Incomplete(long Recorded, long Taken) : ReplayResult;
}
