namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>How patient the client of an exchange is. Times are of the clock that it is given.</summary>
internal sealed record BinanceOptions
{
    /// <summary>Time for one attempt, from sending to the last byte of the answer.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>About the wait before the second attempt; it doubles from one attempt to the next.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the first answer of all may take; null waits for ever.</summary>
    public TimeSpan? GiveUpAfter { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Request weight that the exchange allows an address in a minute.</summary>
    public int WeightLimit { get; init; } = 6_000;

    /// <summary>Numbers from 0 to below 1, which spread the attempts of many clients.</summary>
    public Func<double> Jitter { get; init; } = new Random(Environment.ProcessId).NextDouble;
}
