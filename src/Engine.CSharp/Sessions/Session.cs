using System.Collections.Immutable;
using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text.Json;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Evaluation;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Sessions;

/// <summary>One session of a run that is saved in a folder: trades candles, journals every step and publishes it to any
/// number of watchers.</summary>
public sealed class Session : IDisposable
{
    // Guards rows and states: held by the run during a step and at its end, and by a save request between two steps.
    private readonly object gate = new();
    private readonly RunFolder folder;
    private readonly StepJournal journal;
    private readonly ResumeDecision decision;
    private readonly RunPlan runPlan;
    private readonly RunState? resumed;
    private readonly TradingRun run;
    private readonly IConnectableObservable<MadeStep> made;

    // Ends the run from outside its stream. Signalled under the gate; remembers the signal for a run that starts later.
    private readonly AsyncSubject<Unit> end = new();
    private readonly CandleLedger ledger;
    private readonly TimeProvider clock;
    private readonly TaskCompletionSource<Exception?> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Ends the wait of a paced run: at a stop, when a save that was requested has failed, and on disposal.
    private readonly CancellationTokenSource waitEnd;
    private long stepsMade;
    private bool isStarted;
    private volatile bool isDisposed;

    /// <summary>Locks the data folder and decides whether to continue its run or start a new one.</summary>
    /// <param name="plan">Description of the session.</param>
    /// <param name="clock">Measures the speed and, without a <see cref="SessionPlan.Pace"/> of its own, the delay between
    /// steps; results do not depend on it.</param>
    /// <param name="note">Called with notes for the user, such as whether a run was continued or archived.</param>
    /// <param name="stop">Ends the session after the step in progress, which is saved.</param>
    /// <exception cref="JournalException">The folder cannot be used; its run is not changed.</exception>
    /// <exception cref="SessionException">The plan does not match the run in the folder, which is not changed.</exception>
    public Session(SessionPlan plan, TimeProvider clock, Action<SessionNote> note, CancellationToken stop)
    {
        this.clock = clock;
        folder = RunFolder.Open(plan.DataDir);
        waitEnd = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            decision = ResumeDecision.Of(plan, folder, note);
            runPlan = plan.Run.Knowing(decision.Known, decision.TrialsBefore);
            resumed = decision.Resume?.Run;
            if (resumed is not null)
                folder.ForgetKept();
            run = Start(resumed, decision.Learned);
            ledger = new CandleLedger(resumed, plan, clock, note);
            journal = new StepJournal(
                folder,
                decision.Resume,
                plan.CheckpointEvery,
                run.Capture,
                decision.ArchiveOldRun,
                (file, bytes) => note(new SessionNote.RowsRemade(file, bytes))
            );
            made = Assemble(plan, stop).Publish();
            // Only here is it known that the run can start as decided.
            foreach (var one in decision.Notes)
                note(one);
        }
        catch
        {
            journal?.Dispose();
            folder.Dispose();
            waitEnd.Dispose();
            throw;
        }
    }

    /// <summary>Steps of the run, each journaled before it is published. Subscribe before <see cref="RunAsync"/>.</summary>
    public IObservable<Step> Steps => made.Select(_ => run.Newest);

    /// <summary>Open time of the run's newest candle when the session began, ms UTC; null for a new run.</summary>
    public long? NewestCandle => resumed?.LastCandle.OpenTime;

    /// <summary>Open time of the first candle that the run took in this session, ms UTC; null if there was none.</summary>
    public long? FirstCandle => ledger.FirstPassed;

    /// <summary>How the agent's experts stand after the newest candle; empty for an agent without experts. Waits for the step in
    /// progress, so ask a few times a second at most.</summary>
    public ImmutableArray<ExpertStanding> Experts
    {
        get
        {
            lock (gate)
                return run.Experts;
        }
    }

    /// <summary>What the run is judged by after the newest step; null after an exception interrupted one. Waits for the step in
    /// progress, so ask every few seconds at most.</summary>
    public RunGrowth? Growth
    {
        get
        {
            lock (gate)
                return run.Growth;
        }
    }

    /// <summary>The file with a row for each step of the run.</summary>
    internal string TradesPath => folder.TradesPath;

    /// <summary>The steps of earlier sessions; null for a new run.</summary>
    internal PastSteps? Past =>
        decision.Resume is { } saved
            ? new PastSteps(saved.Run, runPlan.FeatureSet, folder.TradesPath, saved.TradesBytes)
            : null;

    /// <summary>Calls a function with each candle that is skipped because the run has seen it, on the run's thread. An exception ends
    /// the calls, is reported and does not end the run. Call it before <see cref="RunAsync"/>.</summary>
    internal void WatchSkipped(Action<Candle> skipped, Action<Exception> failed) =>
        ledger.Skipping += Isolated(skipped, failed);

    /// <summary>Calls a function with each candle that comes right before the session's first step, in order of time: those that a new
    /// run begins with, or the newest that a continued run has seen before, as far as they are given again. The function is called on
    /// the run's thread, but for recorded candles at once. An exception ends the calls, is reported and does not end the run. Call it
    /// before <see cref="RunAsync"/>.</summary>
    /// <param name="seen">Takes the candles.</param>
    /// <param name="failed">Takes what ends the calls.</param>
    /// <param name="recorded">Reads recorded candles of a continued run between two open times, perhaps with some before and after; its
    /// exceptions are thrown. Null if the session's feed repeats them.</param>
    internal void WatchHistory(
        Action<Observation> seen,
        Action<Exception> failed,
        Func<long, long, IEnumerable<Candle>>? recorded = null
    )
    {
        var isolated = Isolated(seen, failed);
        run.Unstepped += isolated;
        if (resumed is null)
            return;
        var past = new SkippedCandles(runPlan.FeatureSet, resumed, isolated);
        if (recorded is null)
        {
            WatchSkipped(past.Take, failed);
            return;
        }

        foreach (var candle in recorded(past.From, resumed.LastCandle.OpenTime))
            past.Take(candle);
    }

    private static Action<T> Isolated<T>(Action<T> act, Action<Exception> failed)
    {
        var isBroken = false;
        return value =>
        {
            if (isBroken)
                return;
            try
            {
                act(value);
            }
            catch (Exception error)
            {
                isBroken = true;
                failed(error);
            }
        };
    }

    /// <summary>Makes the session's steps again from recorded candles, and compares them with its journal.</summary>
    /// <param name="candles">Recorded candles of its market in order of time, read twice; more than those of the session are left
    /// out.</param>
    /// <returns>Whether they are the same; null if the session has saved no step. Call it after <see cref="RunAsync"/> has ended
    /// and before <see cref="Dispose"/>.</returns>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    public ReplayResult? Replay(IEnumerable<Candle> candles)
    {
        ArgumentNullException.ThrowIfNull(candles);
        return journal.Saved is { } end && ledger.FirstPassed is { } first
            ? new SessionReplay(runPlan, decision.Resume, decision.Learned, folder.TradesPath).Run(candles, first, end)
            : null;
    }

    /// <summary>Requests that the state be saved after the step in progress; returns at once.</summary>
    /// <remarks>If saving fails for any reason, the run ends with that error, even while it is paused.</remarks>
    public void SaveSoon() => _ = Task.Run(Save);

    /// <summary>Runs until the candles end, the requested number of steps is made, the stop token is cancelled, or the session
    /// is disposed. Call it once.</summary>
    /// <exception cref="InvalidOperationException">It was called before; thrown at once, and nothing is written.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public Task<SessionResult> RunAsync()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (Interlocked.Exchange(ref isStarted, true))
            throw new InvalidOperationException("A session runs once, and this one was started before.");
        return RunOnceAsync();
    }

    /// <summary>Stops a run in progress after the step in progress, which is saved; then closes the files and unlocks the
    /// folder. May be called at any time and more than once.</summary>
    /// <remarks>The task of <see cref="RunAsync"/> completes as it does at a stop; if saving fails, with that error. Nothing is
    /// written after this returns.</remarks>
    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed)
                return;
            isDisposed = true;
            var fault = SaveNewest();
            journal.Dispose();
            folder.Dispose();
            End(fault);
        }

        waitEnd.Dispose();
    }

    private async Task<SessionResult> RunOnceAsync()
    {
        using var last = made.Subscribe(
            _ => stepsMade++,
            error => ended.TrySetResult(error),
            () => ended.TrySetResult(null)
        );
        using var connection = made.Connect();
        var error = await ended.Task.ConfigureAwait(false);
        var elapsed = ledger.FirstReadAt is { } start ? clock.GetElapsedTime(start) : TimeSpan.Zero;
        if (journal.Saved is { } saved)
        {
            ledger.Conclude(saved);
            folder.ForgetKept();
        }
        return new SessionResult(journal.Saved ?? resumed, error, ledger.Read, ledger.Skipped, stepsMade, elapsed)
        {
            OlderCandles = ledger.Older,
            LearnedThrough = runPlan.Header.LearnedThrough,
        };
    }

    // A state that does not match the plan fails here, before anything is changed. Other exceptions are faults of an agent's
    // or an indicator's own code.
    private TradingRun Start(RunState? saved, AgentState? learned)
    {
        try
        {
            return new TradingRun(runPlan, saved, learned);
        }
        catch (Exception error)
            when ((saved is not null || learned is not null)
                && error is (InvalidDataException or JsonException or FormatException)
            )
        {
            throw StateFile.Misfit(folder.StatePath, error);
        }
    }

    private IObservable<MadeStep> Assemble(SessionPlan plan, CancellationToken stop)
    {
        var known = runPlan.Header.LearnedThrough;
        var pace = plan.Pace ?? new PaceControl(plan.Delay, clock);
        var unpaced = Math.Max(plan.Run.CandlesBeforeFirstStep + 1 - (resumed?.Candles ?? 0), 0);
        var unlimited = ledger
            .Follow(plan.Candles)
            .Pace(pace, unpaced, waitEnd.Token, candle => candle.OpenTime <= known)
            .StopWhen(stop)
            // From here on under the gate, so that a save request never sees half a step, and no step follows the end.
            .Synchronize(gate)
            .TakeUntil(end)
            .Trade(run);
        var delay = plan.Delay;
        return (plan.Steps is { } count ? unlimited.Take(count) : unlimited).Do(Audit, Fail, journal.OnCompleted);

        // An error in the middle of a step leaves a state that must not be saved: the last checkpoint remains.
        void Fail(Exception error)
        {
            if (run.IsWhole)
                journal.OnError(error);
        }

        void Audit(MadeStep step)
        {
            if (pace.Delay != delay)
                journal.CheckpointEvery = plan.CheckpointFor(delay = pace.Delay);
            journal.OnNext(step);
        }
    }

    private void Save()
    {
        lock (gate)
        {
            if (!isDisposed && SaveNewest() is { } fault)
                End(fault);
        }
    }

    // Saves the newest step of a run that has not ended; returns the exception if that fails.
    private Exception? SaveNewest()
    {
        if (ended.Task.IsCompleted)
            return null;
        try
        {
            journal.CheckpointNow();
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    // Ends the run as a stop does, or with an error. A candle that waits at the pace then passes it, and goes no further.
    private void End(Exception? fault)
    {
        waitEnd.Cancel();
        if (fault is not null)
        {
            end.OnError(fault);
            return;
        }

        end.OnNext(Unit.Default);
        end.OnCompleted();
    }
}
