namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>What every request passes: shut while the exchange asks for silence, and while a minute's weight is nearly used up.</summary>
/// <remarks>
/// Replaces: System.Threading.RateLimiting, which counts what this process sends; the exchange counts all programs of an
/// address, and states its count in each answer. Delete with <see cref="BinanceRest"/>.
/// </remarks>
/// <param name="weightLimit">Weight that the exchange allows in a minute.</param>
/// <param name="clock">Measures the waits; the step of a wall clock does not change them.</param>
internal sealed class RequestGate(int weightLimit, TimeProvider clock)
{
    // A share is left for other programs behind the same address.
    private const double UsableShare = 0.8;

    // The exchange counts by its own minute, so a whole one is waited for.
    private static readonly TimeSpan minute = TimeSpan.FromSeconds(61);

    private long shutUntil = clock.GetTimestamp();
    private long countedAt = clock.GetTimestamp();
    private bool isWaitedFor;

    /// <summary>Weight used in the minute of the newest answer, as the exchange counts it.</summary>
    public int UsedWeight { get; private set; }

    /// <summary>Notes the weight that an answer states.</summary>
    public void Count(int usedWeight) =>
        (UsedWeight, countedAt, isWaitedFor) = (usedWeight, clock.GetTimestamp(), false);

    /// <summary>Lets nothing pass for some time.</summary>
    public void Shut(TimeSpan wait) =>
        shutUntil = Math.Max(shutUntil, clock.GetTimestamp() + (long)(wait.TotalSeconds * clock.TimestampFrequency));

    /// <summary>Shuts for a minute if the weight of this one is nearly used up.</summary>
    /// <returns>For how long; null if the weight suffices.</returns>
    public TimeSpan? Brake()
    {
        if (isWaitedFor || UsedWeight < weightLimit * UsableShare || clock.GetElapsedTime(countedAt) > minute)
            return null;
        isWaitedFor = true;
        Shut(minute);
        return minute;
    }

    /// <summary>Waits until a request may be sent.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async Task Pass(CancellationToken stop)
    {
        while (clock.GetElapsedTime(clock.GetTimestamp(), shutUntil) is var left && left > TimeSpan.Zero)
            await Delay.For(left + TimeSpan.FromMilliseconds(1), clock, stop).ConfigureAwait(false);
    }
}
