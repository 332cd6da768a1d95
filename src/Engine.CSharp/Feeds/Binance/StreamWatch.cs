namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>When a stream was heard, and whether it keeps something back.</summary>
/// <param name="options">How long silence may last.</param>
/// <param name="length">Length of a candle: the longest silence that is not asked about.</param>
/// <param name="clock">The clock.</param>
internal sealed class StreamWatch(KlineFeedOptions options, TimeSpan length, TimeProvider clock)
{
    private long heardAt = clock.GetTimestamp();
    private long askedAt;
    private long? owedSince;
    private TimeSpan patience = options.Silence;

    /// <summary>Whether nothing has come for longer than a busy market is silent.</summary>
    public bool IsSilent => clock.GetElapsedTime(heardAt) > patience;

    /// <summary>Time since the exchange was asked.</summary>
    public TimeSpan AskedFor => clock.GetElapsedTime(askedAt);

    /// <summary>A frame has come.</summary>
    /// <param name="isNews">Whether it shows more than was known; the same frame again and again does not.</param>
    public void Hear(bool isNews)
    {
        (heardAt, patience) = (clock.GetTimestamp(), options.Silence);
        if (isNews)
            owedSince = null;
    }

    /// <summary>The exchange is being asked.</summary>
    public void Ask() => askedAt = clock.GetTimestamp();

    /// <summary>The exchange knows trades that the stream has not shown.</summary>
    public void Owe() => owedSince ??= clock.GetTimestamp();

    /// <summary>Whether the stream has not shown them for longer than a frame takes.</summary>
    public bool OwesTrades(TimeSpan frameInterval) =>
        owedSince is { } since && clock.GetElapsedTime(since) > frameInterval;

    /// <summary>The market is quiet: the next question comes later.</summary>
    public void BePatient()
    {
        heardAt = clock.GetTimestamp();
        patience = patience * 2 < length ? patience * 2 : length;
    }
}
