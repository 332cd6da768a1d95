namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>The time of an exchange: as it says, and about as it is now.</summary>
/// <param name="exchange">The exchange.</param>
/// <param name="clock">The feed's own clock.</param>
internal sealed class ExchangeTime(IKlineExchange exchange, TimeProvider clock)
{
    // What takes longer was asked several times, with waits, and the answer is that to the last time.
    private const long LongestQuestion = 2_000;

    private long answer;
    private long answeredAt;

    /// <summary>The time now, ms UTC: that of the last answer, gone on by a monotonic clock. It only decides when to ask, never
    /// whether a candle is closed.</summary>
    public double About => answer + clock.GetElapsedTime(answeredAt).TotalMilliseconds;

    /// <summary>Asks for the time.</summary>
    /// <param name="stop">Ends it at once.</param>
    /// <returns>The time, ms UTC, and how far the exchange's clock is ahead of the feed's own.</returns>
    public async Task<(long Now, TimeSpan Skew)> Ask(CancellationToken stop)
    {
        var before = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var now = await exchange.ServerTime(stop);
        var after = clock.GetUtcNow().ToUnixTimeMilliseconds();
        (answer, answeredAt) = (now, clock.GetTimestamp());
        var asked = after - before <= LongestQuestion ? before : after;
        return (now, TimeSpan.FromMilliseconds(now - ((asked + after) / 2)));
    }
}
