using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Watching;

namespace BtcBandit.Web;

/// <summary>The run at one moment, and the events that watchers get at it. Watchers at the same step share an event, which is made
/// once.</summary>
/// <param name="watched">The run.</param>
/// <param name="view">Its steps at this moment; null before its first one.</param>
/// <param name="info">Its status.</param>
/// <param name="experts">How its agent's experts stand.</param>
/// <param name="news">Number of the news; a moment without news has the number of the one before.</param>
internal sealed class Tick(
    WatchedRun watched,
    RunView? view,
    RunInfo info,
    ImmutableArray<ExpertStanding> experts,
    long news
)
{
    /// <summary>Maximum number of new steps in an event; a watcher that is further behind asks for bars.</summary>
    public const int MaxSteps = 100;

    // A fast run makes thousands a second, and nobody reads them all.
    private const int MaxTrades = 50;
    private const int MaxMade = 64;

    private readonly ConcurrentDictionary<long, Lazy<FeedEvent>> made = new();
    private readonly TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private LatestShape? latest;
    private string? snapshot;

    /// <summary>Whether it is known which run this is.</summary>
    public bool IsReady { get; } = watched.IsReady || view is not null;

    /// <summary>Number of the news.</summary>
    public long News => news;

    /// <summary>The run at this moment; null before its first step.</summary>
    public RunView? View => view;

    /// <summary>Status of the run.</summary>
    public RunInfo Info => info;

    /// <summary>Name of the run.</summary>
    public string Run => view?.Run.Id ?? EventId.NoRun;

    /// <summary>Number of the newest step.</summary>
    public long Step => view?.Step ?? 0;

    /// <summary>Id of the events that tell of this moment.</summary>
    public string Id => EventId.Of(view);

    /// <summary>Completes when there is a later moment.</summary>
    public Task Next => next.Task;

    /// <summary>Whether a later moment would have something new to tell.</summary>
    public bool Differs(RunView? now, RunInfo status) =>
        (watched.IsReady && !IsReady)
        || now?.Run != view?.Run
        || now?.Step != Step
        || (now?.Latest is null) != (view?.Latest is null)
        || status.Mode != info.Mode
        || (status.IsPaused, status.IsOver) != (info.IsPaused, info.IsOver);

    /// <summary>Wakes those that wait for a later moment.</summary>
    public void Pass() => next.TrySetResult();

    /// <summary>The newest figures; null before the first step.</summary>
    public LatestShape? Latest
    {
        get
        {
            lock (gate)
                return latest ??= LatestShapes.Of(view, info, experts);
        }
    }

    /// <summary>The event with which a watcher begins.</summary>
    public FeedEvent Snapshot
    {
        get
        {
            lock (gate)
            {
                snapshot ??= JsonSerializer.Serialize(
                    new SnapshotShape(Step, watched.Shape(view), Latest, Trades(0)),
                    WebJson.Default.SnapshotShape
                );
                return new FeedEvent("snapshot", snapshot, Id);
            }
        }
    }

    /// <summary>The event for a watcher that has seen the steps up to a number.</summary>
    public FeedEvent Since(long step) =>
        made.TryGetValue(step, out var known) ? known.Value
        : made.Count < MaxMade ? made.GetOrAdd(step, since => new(() => Make(since))).Value
        : Make(step);

    private FeedEvent Make(long since)
    {
        if (view is null || Step - since > MaxSteps || since < view.Run.First - 1)
        {
            var leap = new LeapShape(since, Step, Latest, Trades(since));
            return new FeedEvent("leap", JsonSerializer.Serialize(leap, WebJson.Default.LeapShape), Id);
        }
        var bars = view.ReadSteps(since).Shape(view, view.Run.Header.Columns);
        // Each step has one execution at most, so that none is left out here.
        var delta = new DeltaShape(since, Step, bars, Latest, Trades(since, MaxSteps));
        return new FeedEvent("steps", JsonSerializer.Serialize(delta, WebJson.Default.DeltaShape), Id);
    }

    private TradeShape[] Trades(long since, int max = MaxTrades) =>
        view is null ? [] : Array.ConvertAll(view.FillsAfter(since, max), RunShapes.Shape);
}

/// <summary>An event of the stream.</summary>
/// <param name="Kind">Its type.</param>
/// <param name="Json">Its data.</param>
/// <param name="Id">The id by which a watcher says where it was.</param>
internal sealed record FeedEvent(string Kind, string Json, string Id);
