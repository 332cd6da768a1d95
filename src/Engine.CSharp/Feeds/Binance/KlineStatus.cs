namespace BtcBandit.Engine.Feeds.Binance;

/// <summary>Tells what a feed is doing, each change once. Thread-safe.</summary>
internal sealed class KlineStatus(IObserver<FeedEvent> observer, TimeProvider clock)
{
    private readonly Lock gate = new();
    private FeedEvent.Progress last = new(clock.GetUtcNow(), FeedPhase.Connecting, "", null, 0, TimeSpan.Zero);

    /// <summary>The feed does something else.</summary>
    /// <param name="phase">What it does.</param>
    /// <param name="detail">More about it, in one line.</param>
    /// <param name="wait">How long it waits; null if it does not.</param>
    public void Tell(FeedPhase phase, string detail, TimeSpan? wait = null)
    {
        var now = clock.GetUtcNow();
        FeedEvent.Progress next;
        lock (gate)
        {
            if (phase == last.Phase && detail == last.Detail && wait is null && last.Until is null)
                return;
            last = next = new FeedEvent.Progress(now, phase, detail, now + wait, last.UsedWeight, last.ClockSkew);
        }
        observer.OnNext(next);
    }

    /// <summary>Candles come as they close.</summary>
    public void TellLive() => Tell(FeedPhase.Live, "");

    /// <summary>The exchange's clock is ahead of this one by so much.</summary>
    public void Skew(TimeSpan ahead)
    {
        lock (gate)
            last = last with { ClockSkew = ahead };
    }

    /// <summary>The exchange has answered, or has to be waited for.</summary>
    public void Hear(ExchangeNotice notice)
    {
        FeedEvent.Progress? weight = null;
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (notice.Kind == ExchangeNoticeKind.Answered && notice.UsedWeight != last.UsedWeight)
                weight = new(now, last.Phase, last.Detail, last.Until, notice.UsedWeight, last.ClockSkew);
            last = weight ?? (last with { UsedWeight = notice.UsedWeight });
        }
        if (weight is not null)
            observer.OnNext(weight);
        if (notice.Kind == ExchangeNoticeKind.Answered)
            return;
        var phase = notice.Kind switch
        {
            ExchangeNoticeKind.Banned => FeedPhase.Banned,
            ExchangeNoticeKind.Throttled => FeedPhase.Throttled,
            _ => FeedPhase.Waiting,
        };
        Tell(phase, notice.Reason, notice.Wait);
    }
}
