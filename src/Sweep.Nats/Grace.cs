namespace BtcBandit.Sweep.Nats;

/// <summary>A token that is cancelled some time after another one.</summary>
internal sealed class Grace : IDisposable
{
    private readonly CancellationTokenSource late;
    private readonly CancellationTokenRegistration registration;

    internal Grace(TimeSpan time, TimeProvider clock, CancellationToken end)
    {
        late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        registration = end.Register(() => late.CancelAfter(time));
    }

    internal CancellationToken Token => late.Token;

    public void Dispose()
    {
        registration.Dispose();
        late.Dispose();
    }
}
