using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace BtcBandit.Web;

/// <summary>The stream of a run, for any number of watchers.</summary>
/// <remarks>A watcher is a step number, not a queue: what it missed is in the memory, so one that does not read costs
/// nothing.</remarks>
internal sealed class Feed : IDisposable
{
    private static readonly TimeSpan never = Timeout.InfiniteTimeSpan;

    // A browser waits so long before it connects again.
    private static readonly TimeSpan retry = TimeSpan.FromSeconds(1);

    private readonly WatchedRun run;
    private readonly WebOptions options;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource end = new();
    private Tick current;
    private long toldAt;
    private int watchers;
    private long leaps;

    /// <summary>Begins with the run as it is.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">Pace, beat and patience.</param>
    /// <param name="clock">Measures them.</param>
    public Feed(WatchedRun run, WebOptions options, TimeProvider clock)
    {
        (this.run, this.options, this.clock) = (run, options, clock);
        current = new Tick(run, run.Memory.Now, run.Monitor.Look(), run.Experts, 0);
        toldAt = clock.GetTimestamp();
    }

    /// <summary>The newest moment.</summary>
    public Tick Now => Volatile.Read(ref current);

    /// <summary>Number of watchers.</summary>
    public int Watchers => Volatile.Read(ref watchers);

    /// <summary>Number of events that left out steps, because the watcher was too far behind.</summary>
    public long Leaps => Volatile.Read(ref leaps);

    /// <summary>Looks at the run at its pace, until it is stopped.</summary>
    /// <param name="failed">Takes what goes wrong; the next look may do better.</param>
    /// <param name="stop">Stops it.</param>
    public async Task RunAsync(Action<Exception> failed, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.Pace, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
                Try(failed);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    /// <summary>Looks at the run, and wakes the watchers if there is news, or if there was none for some time. Call it from one thread
    /// at a time.</summary>
    public void Look()
    {
        // Read once: a step that comes meanwhile is news at the next look.
        var (before, info, view) = (Now, run.Monitor.Look(), run.Memory.Now);
        var isNews = before.Differs(view, info);
        if (!isNews && clock.GetElapsedTime(toldAt) < options.Beat)
            return;
        toldAt = clock.GetTimestamp();
        Volatile.Write(ref current, new Tick(run, view, info, run.Experts, before.News + (isNews ? 1 : 0)));
        before.Pass();
    }

    /// <summary>Looks once more, and ends all streams.</summary>
    /// <param name="failed">Takes what goes wrong.</param>
    public void End(Action<Exception> failed)
    {
        Try(failed);
        Dispose();
    }

    private void Try(Action<Exception> failed)
    {
        try
        {
            Look();
        }
        catch (Exception error)
        {
            failed(error);
        }
    }

    /// <summary>Returns what one watcher sees: a snapshot, unless it says where it was, then what is new.</summary>
    /// <param name="last">Id of the last event that it has seen; anything else begins with a snapshot.</param>
    /// <param name="abort">Disconnects a watcher that does not read.</param>
    /// <param name="stop">Cancelled when the watcher goes away.</param>
    public async IAsyncEnumerable<SseItem<string>> Watch(
        string? last,
        Action abort,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        Interlocked.Increment(ref watchers);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, end.Token);
        // Kestrel's minimum rate does not end such a watcher: each byte that was sent before counts in its favour.
        using var patience = clock.CreateTimer(_ => abort(), null, never, never);
        try
        {
            var tick = Now;
            while (!tick.IsReady && !either.IsCancellationRequested)
            {
                // Without an id, so that the watcher still knows where it was.
                yield return new SseItem<string>("{}", "beat");
                await tick.Next.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                tick = Now;
            }

            // A run that ends before it is known tells nothing, and a watcher of its earlier session keeps its place.
            if (!tick.IsReady)
                yield break;
            var at = EventId.Find(last, tick.View);
            var (name, news) = (tick.Run, -1L);
            while (!stop.IsCancellationRequested)
            {
                if (tick.News != news || tick.Run != name)
                {
                    var isOther = at is null || tick.Run != name || tick.Step < at;
                    var told = isOther ? tick.Snapshot : tick.Since(at!.Value);
                    if (told.Kind == "leap")
                        Interlocked.Increment(ref leaps);
                    patience.Change(options.Patience, never);
                    yield return new SseItem<string>(told.Json, told.Kind)
                    {
                        EventId = told.Id,
                        ReconnectionInterval = isOther ? retry : null,
                    };
                    patience.Change(never, never);
                    (at, name, news) = (tick.Step, tick.Run, tick.News);
                }
                else
                {
                    patience.Change(options.Patience, never);
                    yield return new SseItem<string>("{}", "beat") { EventId = tick.Id };
                    patience.Change(never, never);
                }

                // The last news is told before the end.
                if (end.IsCancellationRequested)
                    break;
                await tick.Next.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                tick = Now;
            }
        }
        finally
        {
            Interlocked.Decrement(ref watchers);
        }
    }

    /// <summary>Ends all streams.</summary>
    public void Dispose()
    {
        end.Cancel();
        Now.Pass();
    }
}
