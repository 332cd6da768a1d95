using System.Collections.Immutable;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Sessions;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Watching;

/// <summary>Everything that a front end needs of a run: history, log, speed, progress and controls.</summary>
/// <remarks>
/// Subscribe it with <c>steps.Watch(monitor, failed)</c>. It then runs on the run's own thread, where each step costs a
/// reference and a few additions. A front end polls it about ten times a second, from one thread; the results are immutable.
/// </remarks>
public sealed class RunMonitor : IObserver<Step>, IDisposable
{
    // Of a run that is too fast to be followed, at least: a curve of its experts needs no more.
    private const int StepsBetweenSamples = 64;

    private readonly History history = new();
    private readonly StepNotes notes;
    private readonly FeedNotes feedNotes;
    private readonly FeedReport feed;
    private readonly RunMeter meter;
    private readonly RemainingTime remaining;
    private readonly TimeProvider clock;
    private readonly long? steps;
    private readonly IDisposable? modes;
    private readonly long created;
    private readonly ExpertHistory experts = new();
    private readonly SkillWatch skills;

    // Set by each look: the next step of a run that is too fast to be followed tells of its experts.
    private volatile bool isAsked = true;
    private volatile bool isFast;
    private long lastStep;
    private long nextSample;
    private volatile RunMode mode;

    // Of a candle, in milliseconds; 0 before the first step.
    private long length;
    private volatile bool isOver;

    /// <summary>Creates a monitor; subscribe it before the run starts.</summary>
    /// <param name="controls">Controls of the run.</param>
    /// <param name="log">Log of the run; other code may add to it.</param>
    /// <param name="feed">Counts and problems of the feed.</param>
    /// <param name="steps">Maximum number of steps of the session; null means no limit.</param>
    /// <param name="mode">Mode of the run at the start.</param>
    /// <param name="modeChanges">New modes, for example when the connection of a live feed changes; null if it never
    /// changes. After an error the last mode remains.</param>
    /// <param name="clock">Measures speed and the silence of a live feed.</param>
    public RunMonitor(
        RunControls controls,
        RunLog log,
        FeedReport feed,
        long? steps,
        RunMode mode,
        IObservable<RunMode>? modeChanges,
        TimeProvider clock
    )
    {
        (Controls, Log, this.feed, this.steps, this.mode, this.clock) = (controls, log, feed, steps, mode, clock);
        notes = new StepNotes(log);
        feedNotes = new FeedNotes(feed, log);
        created = clock.GetTimestamp();
        (meter, remaining, skills) = (new RunMeter(clock), new RemainingTime(clock), new SkillWatch(clock));
        Follow(controls.Delay);
        modes = modeChanges?.Subscribe(next => this.mode = next, static _ => { });
    }

    /// <summary>Controls of the run.</summary>
    public RunControls Controls { get; }

    /// <summary>Time after which the run is stopped, from the creation of the monitor on; null if it is not limited.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Length of a candle; null learns it from the first step.</summary>
    public Timeframe? Timeframe { get; init; }

    /// <summary>Reads how the experts of the agent stand, for instance <c>Session.Experts</c>; null if nobody asks. Called on the run's
    /// thread: at every step, at every 64th at most of a run that is too fast to be followed, and at the end.</summary>
    public Func<ImmutableArray<ExpertStanding>>? Experts { get; init; }

    /// <summary>Reads what the run is judged by, for instance <c>Session.Growth</c>; null if nobody tells. Called on the run's thread: at
    /// the first step, then every five seconds at most, and at the end.</summary>
    public Func<RunGrowth?>? Growth { get; set; }

    /// <summary>Log of the run.</summary>
    public RunLog Log { get; }

    /// <summary>Current mode of the run.</summary>
    public RunMode Mode => mode;

    /// <summary>Number of steps seen so far, of all runs. When it changes, there is something new to show.</summary>
    public long Seen => history.Seen;

    /// <summary>Numbers of the oldest and the newest step that are kept in full; null before the first step.</summary>
    public (long Oldest, long Newest)? Range => history.Range;

    /// <inheritdoc cref="History.Now"/>
    public Recall? Recall(long? at, int max) => history.Now(at, max);

    /// <inheritdoc cref="History.Steps"/>
    internal Step[] Steps(long last, int max) => history.Steps(last, max);

    /// <inheritdoc cref="History.Announce"/>
    public void Announce(Observation observation) => history.Announce(observation);

    /// <summary>Begins with what a session's run has done in earlier sessions: the newest executions, the equity curve and the counts of
    /// choices. It reads the rows of <c>trades.csv</c> at once. Call it before the session runs; a new run has nothing to
    /// read.</summary>
    /// <exception cref="IOException">The rows cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The rows may not be read.</exception>
    /// <exception cref="JournalException">A row is damaged or missing.</exception>
    public void Continue(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.Past is not { } past)
            return;
        var seed = HistorySeed.Read(past);
        session.WatchSkipped(seed.Take, static _ => { });
        history.Continue(seed);
    }

    /// <summary>Returns how the experts stood up to a step, oldest first: at most 513 samples of the run, evenly spread, the last of them
    /// of the run's newest step that tells of them.</summary>
    /// <param name="step">Number of the last step wanted.</param>
    public IReadOnlyList<ExpertSample> ExpertsUpTo(long step) => experts.UpTo(step);

    /// <summary>Returns the status of the run, and logs problems of the feed since the last call.</summary>
    /// <remarks>Call it from one thread only. Once it reports that the run is over, history and log are complete.</remarks>
    public RunInfo Look()
    {
        var (over, now) = (isOver, mode);
        feedNotes.Look();
        isAsked = true;
        meter.Look(history.Seen);
        Follow(Controls.Delay);
        var made = history.Count;
        var progress = Progress(made);
        var (delay, isPaused) = (Controls.Delay, Controls.IsPaused);
        // Candles before the first step pass without a delay, which tells nothing of those to come.
        var left = remaining.Look(made > 0 ? progress : null, isPaused, delay);
        if (now is RunMode.Live shown)
            left = TimeToLastClose(shown.Health);
        (progress, left) = WithinDuration(progress, isPaused ? null : left);
        return new RunInfo
        {
            Mode = now,
            Silence = Seconds((now as RunMode.Live)?.Health.LastMessage is { } last ? clock.GetUtcNow() - last : null),
            NextClose = now is RunMode.Live live ? NextClose(live.Health) : null,
            Progress = progress is { } done ? Math.Round(done, 3) : null,
            TimeLeft = over ? null : Seconds(left),
            StepsPerSecond = meter.StepsPerSecond,
            Delay = delay,
            IsPaused = isPaused,
            IsOver = over,
            Skill = skills.Look(),
            Zone = clock.LocalTimeZone,
        };
    }

    /// <inheritdoc/>
    public void OnNext(Step value)
    {
        history.Add(value, Standings(value));
        skills.Next(Growth);
        notes.OnNext(value);
        if (length == 0)
            Volatile.Write(ref length, value.Header.Source.Timeframe.Milliseconds);
    }

    /// <inheritdoc/>
    public void OnError(Exception error)
    {
        notes.OnError(error);
        End();
    }

    /// <inheritdoc/>
    public void OnCompleted()
    {
        notes.OnCompleted();
        End();
    }

    /// <summary>Stops following changes of the mode.</summary>
    public void Dispose() => modes?.Dispose();

    private void Follow(TimeSpan delay)
    {
        isFast = meter.IsFast(delay);
        history.Follow(isFast);
        Log.Follow(isFast);
    }

    private ImmutableArray<ExpertStanding> Standings(Step step)
    {
        var begins = step.Number != lastStep + 1;
        if (begins)
            experts.Clear();
        lastStep = step.Number;
        var isDue = step.Number % StepsBetweenSamples == 0 && step.Number >= nextSample;
        if (isFast && !isAsked && !begins && !isDue)
            return [];
        isAsked = false;
        return Sample();
    }

    private ImmutableArray<ExpertStanding> Sample()
    {
        if (Experts?.Invoke() is not { IsDefaultOrEmpty: false } standings)
            return [];
        experts.Add(new ExpertSample(lastStep, standings));
        // The curve of a long run keeps fewer, and would only drop those between.
        nextSample = lastStep + experts.Stride / 2;
        return standings;
    }

    // What the run came to is told, however fast it was.
    private void End()
    {
        if (lastStep > 0 && experts.Newest < lastStep)
            history.Complete(Sample());
        if (lastStep > 0)
            skills.End(Growth);
        isOver = true;
    }

    private TimeSpan? NextClose(FeedHealth health)
    {
        var known = Timeframe?.Milliseconds ?? Volatile.Read(ref length);
        if (known == 0)
            return null;
        var time = (clock.GetUtcNow() + health.ClockSkew).ToUnixTimeMilliseconds();
        return TimeSpan.FromSeconds(Math.Ceiling((known - time % known) / 1_000.0));
    }

    // A live run makes a step per candle, however fast it caught up with those before.
    private TimeSpan? TimeToLastClose(FeedHealth health) =>
        steps - history.Count is > 0 and var left && NextClose(health) is { } close
            ? close + (left - 1) * TimeSpan.FromMilliseconds(Timeframe?.Milliseconds ?? Volatile.Read(ref length))
            : null;

    private double? Progress(long seen)
    {
        double? bySteps = steps is > 0 and var all ? seen / (double)all : null;
        return feed.FractionRead is { } read ? Math.Max(read, bySteps ?? 0) : bySteps;
    }

    // A run ends with its steps, its candles or its time, whichever comes first. Time goes on while it is paused.
    private (double?, TimeSpan?) WithinDuration(double? progress, TimeSpan? left)
    {
        if (Duration is not { } limit || limit <= TimeSpan.Zero)
            return (progress, left);
        var passed = clock.GetElapsedTime(created);
        var share = Math.Min(passed / limit, 1);
        var rest = passed < limit ? limit - passed : TimeSpan.Zero;
        return (Math.Max(progress ?? 0, share), left < rest ? left : rest);
    }

    private static TimeSpan? Seconds(TimeSpan? time) =>
        time is { } exact ? TimeSpan.FromSeconds(Math.Round(exact.TotalSeconds)) : null;
}
