using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text.Json;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Trading;

namespace BtcBandit.Engine.Sessions;

/// <summary>One session of a run that is saved in a folder: trades candles, journals every step and publishes it to any
/// number of watchers.</summary>
public sealed class Session : IDisposable
{
    // Guards rows and states: held by the run during a step and at its end, and by a save request between two steps.
    private readonly object gate = new();
    private readonly RunFolder folder;
    private readonly StepJournal journal;
    private readonly RunState? resumed;
    private readonly IConnectableObservable<Step> steps;
    private readonly Subject<Unit> saveFaults = new();
    private readonly CandleLedger ledger;
    private readonly TimeProvider clock;
    private readonly TaskCompletionSource<Exception?> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Ends the wait of a paced run: at a stop, and when a save that was requested has failed.
    private readonly CancellationTokenSource waitEnd;
    private long stepsMade;
    private bool isDisposed;

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
            var decision = ResumeDecision.Of(plan, folder, note);
            resumed = decision.Resume?.Run;
            var run = Start(plan, resumed, decision.Learned);
            ledger = new CandleLedger(resumed, plan, clock, note);
            journal = new StepJournal(
                folder,
                decision.Resume,
                plan.CheckpointEvery,
                run.Capture,
                decision.ArchiveOldRun,
                (file, bytes) => note(new SessionNote.RowsRemade(file, bytes))
            );
            steps = Assemble(plan, run, stop).Publish();
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
    public IObservable<Step> Steps => steps;

    /// <summary>Requests that the state be saved after the step in progress; returns at once.</summary>
    /// <remarks>If saving fails for any reason, the run ends with that error, even while it is paused.</remarks>
    public void SaveSoon() => _ = Task.Run(Save);

    /// <summary>Runs until the candles end, the requested number of steps is made, or the stop token is cancelled.</summary>
    public async Task<SessionResult> RunAsync()
    {
        using var last = steps.Subscribe(
            _ => stepsMade++,
            error => ended.TrySetResult(error),
            () => ended.TrySetResult(null)
        );
        using var connection = steps.Connect();
        var error = await ended.Task.ConfigureAwait(false);
        var elapsed = ledger.FirstReadAt is { } start ? clock.GetElapsedTime(start) : TimeSpan.Zero;
        return new SessionResult(journal.Saved ?? resumed, error, ledger.Read, ledger.Skipped, stepsMade, elapsed);
    }

    /// <summary>Closes the files and unlocks the folder.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            journal.Dispose();
            folder.Dispose();
        }

        saveFaults.Dispose();
        // A feed's thread may still wait at the pace of a run that has ended.
        if (ended.Task.IsCompleted)
            waitEnd.Cancel();
        waitEnd.Dispose();
    }

    // A state that does not match the plan fails here, before anything is changed. Other exceptions are faults of an agent's
    // or an indicator's own code.
    private TradingRun Start(SessionPlan plan, RunState? saved, Agents.AgentState? learned)
    {
        try
        {
            return new TradingRun(plan.Run, saved, learned);
        }
        catch (Exception error)
            when ((saved is not null || learned is not null)
                && error is (InvalidDataException or JsonException or FormatException)
            )
        {
            throw StateFile.Misfit(folder.StatePath, error);
        }
    }

    private IObservable<Step> Assemble(SessionPlan plan, TradingRun run, CancellationToken stop)
    {
        var pace = plan.Pace ?? new PaceControl(plan.Delay, clock);
        var unpaced = Math.Max(plan.Run.CandlesBeforeFirstStep + 1 - (resumed?.Candles ?? 0), 0);
        var unlimited = ledger
            .Follow(plan.Candles)
            .Pace(pace, unpaced, waitEnd.Token)
            .StopWhen(stop)
            .TakeUntil(saveFaults)
            // From here on under the gate, so that a save request never sees half a step.
            .Synchronize(gate)
            .Trade(run);
        var delay = plan.Delay;
        return (plan.Steps is { } count ? unlimited.Take(count) : unlimited).Do(Audit, Fail, journal.OnCompleted);

        // An error in the middle of a step leaves a state that must not be saved: the last checkpoint remains.
        void Fail(Exception error)
        {
            if (run.IsWhole)
                journal.OnError(error);
        }

        void Audit(Step step)
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
            if (isDisposed || ended.Task.IsCompleted)
                return;
            try
            {
                journal.CheckpointNow();
            }
            catch (Exception error)
            {
                saveFaults.OnError(error);
                waitEnd.Cancel();
            }
        }
    }
}
