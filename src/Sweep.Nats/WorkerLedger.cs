using BtcBandit.Sweep.Distribution;

namespace BtcBandit.Sweep.Nats;

/// <summary>What the slots of a worker have done. Thread-safe.</summary>
internal sealed class WorkerLedger(TimeProvider clock, Action<WorkerProgress>? onProgress)
{
    private readonly Lock gate = new();
    private WorkerProgress state = new(0, 0, 0, 0, 0, null);
    private long lastUnit = clock.GetTimestamp();

    internal WorkerProgress Count()
    {
        lock (gate)
        {
            return state;
        }
    }

    /// <returns>For how long no slot has had anything to do.</returns>
    internal TimeSpan Idle()
    {
        lock (gate)
        {
            return state.Busy > 0 ? TimeSpan.Zero : clock.GetElapsedTime(lastUnit);
        }
    }

    internal void Begin() => Change(now => now with { Busy = now.Busy + 1 }, message: null);

    internal void End() => Change(now => now with { Busy = now.Busy - 1 }, message: null);

    internal void Done() => Change(now => now with { Done = now.Done + 1 }, message: null);

    internal void Refused() => Change(now => now with { Refused = now.Refused + 1 }, message: null);

    internal void Differs(string key) =>
        Change(
            now => now with { Differing = now.Differing + 1 },
            $"the result of unit {key} differs from the one that another worker delivered"
        );

    internal void HandedBack(string key, string reason) =>
        Change(now => now with { HandedBack = now.HandedBack + 1 }, $"unit {key} is handed back: {reason}");

    internal void Tell(string message) => Change(now => now, message);

    private void Change(Func<WorkerProgress, WorkerProgress> change, string? message)
    {
        lock (gate)
        {
            var before = state;
            state = change(before);
            if (state != before)
                lastUnit = clock.GetTimestamp();

            onProgress?.Invoke(state with { Message = message });
        }
    }
}
