namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>When a live feed doubts what it sees. Times are of the clock that it is given.</summary>
public sealed record KlineFeedOptions
{
    /// <summary>Without any frame for this long, the stream is doubted: three times the interval at which Binance sends them.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>A candle that the stream has not closed this long after its end is asked for.</summary>
    public TimeSpan Overdue { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two questions about the same candles, and between two looks at a gap.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Age at which the last row of a page is believed to be final: a quiet market has no later row, and the server that
    /// answers may be behind.
    /// </summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Age at which a row is believed although the stream has shown more trades of it: a server is not that far behind, so
    /// the frame was wrong.
    /// </summary>
    public TimeSpan Final { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the stream is looked after while no frame comes.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>About the wait before the first reconnect; it doubles from one to the next.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait before a reconnect.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Age at which a stream is exchanged for a new one, right after a close: Binance cuts it after 24 hours.</summary>
    public TimeSpan PlannedLife { get; init; } = TimeSpan.FromHours(23.8);

    /// <summary>Numbers from 0 to below 1, which spread the reconnects of many clients.</summary>
    public Func<double> Jitter { get; init; } = new Random(Environment.ProcessId).NextDouble;

    /// <summary>The wait after some failures in a row. Half of it is certain, so that a failing host is not asked at once, and half by
    /// chance, so that not all ask together.</summary>
    internal TimeSpan Backoff(int failures)
    {
        var most = FirstBackoff * Math.Min(1 << Math.Min(failures, 10), MaxBackoff / FirstBackoff);
        return most * (0.5 + (Jitter() / 2));
    }

    /// <summary>Whether whoever writes to the mailbox runs its reader; for runs in virtual time, on one thread.</summary>
    internal bool IsInline { get; init; }
}
