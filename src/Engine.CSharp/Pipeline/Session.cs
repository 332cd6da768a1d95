using System.Globalization;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Domain;
using BtcBandit.Engine.Feeds;
using BtcBandit.Engine.Journal;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Pipeline;

/// <summary>One session of a run: candles through the whole loop into the journal, for any number of views.</summary>
public sealed class Session : IDisposable
{
    private readonly RunFolder folder;
    private readonly StepJournal journal;
    private readonly RunState? resumed;
    private readonly IConnectableObservable<Step> steps;
    private readonly PaceControl pace;
    private readonly TimeProvider clock;
    private readonly TaskCompletionSource<Exception?> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long candlesRead;
    private long candlesSkipped;
    private long stepsMade;
    private long? firstReadAt;

    /// <summary>Takes the data folder and decides whether its run goes on or a new one starts.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="clock">Measures the speed; nothing else depends on it.</param>
    /// <param name="tell">Told in one line what became of the run that was there.</param>
    /// <param name="stop">Ends the session; the step under way is finished and saved.</param>
    /// <exception cref="JournalException">The folder cannot be used; it is left as it is.</exception>
    /// <exception cref="UsageException">The plan does not fit the folder; it is left as it is.</exception>
    public Session(SessionPlan plan, TimeProvider clock, Action<string> tell, CancellationToken stop)
    {
        this.clock = clock;
        pace = plan.Pace ?? new PaceControl(plan.Delay, clock);
        folder = RunFolder.Open(plan.DataDir);
        try
        {
            var (resume, learned, makeRoom) = RunOpening.Decide(plan, folder, tell);
            resumed = resume?.Run;
            RequireReadable(plan, resumed, folder);
            journal = new StepJournal(folder, resume, plan.CheckpointEvery, makeRoom, tell);
            steps = Assemble(plan, learned, tell, stop).Publish();
        }
        catch
        {
            journal?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The run's steps, each journaled before it is seen. Subscribe before <see cref="RunAsync"/>.</summary>
    public IObservable<Step> Steps => steps;

    /// <summary>Saves the state at the next step, or at once where the run waits; returns before it is done.</summary>
    public void SaveSoon()
    {
        journal.CheckpointSoon();
        pace.Wake();
    }

    /// <summary>Runs to the end: of the candles, of the steps asked for, or by the stop token.</summary>
    public async Task<SessionResult> RunAsync()
    {
        using var last = steps.Subscribe(
            _ => stepsMade++,
            error => ended.TrySetResult(error),
            () => ended.TrySetResult(null)
        );
        using var connection = steps.Connect();
        var error = await ended.Task.ConfigureAwait(false);
        var elapsed = firstReadAt is { } start ? clock.GetElapsedTime(start) : TimeSpan.Zero;
        return new SessionResult(journal.Saved ?? resumed, error, candlesRead, candlesSkipped, stepsMade, elapsed);
    }

    /// <summary>Closes the files and lets go of the folder.</summary>
    public void Dispose()
    {
        journal.Dispose();
        folder.Dispose();
    }

    // What only the parts themselves can read is read once here, where a fault is still one of the state.
    private static void RequireReadable(SessionPlan plan, RunState? saved, RunFolder folder)
    {
        if (saved is null)
            return;
        try
        {
            plan.Context.Restore(saved.Indicators);
            _ = new TradingRun(plan.Header, AgentCatalogue.Create(plan.Header, saved.Agent), saved);
        }
        catch (InvalidDataException error)
        {
            throw StateFile.Misfit(folder.StatePath, error);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever a part stumbled over: it was in the state.
            throw StateFile.Misfit(folder.StatePath, error);
        }
    }

    private IObservable<Step> Assemble(
        SessionPlan plan,
        AgentState? learned,
        Action<string> tell,
        CancellationToken stop
    )
    {
        var parameters = plan.Header.Parameters;
        var known = resumed?.LastCandle.OpenTime ?? -1;
        var next = resumed?.Candles ?? 0;
        var delay = plan.Delay;
        var unlimited = plan
            .Candles.Where(IsNew)
            .Pace(IsPaced, pace, journal.CheckpointIfAsked, stop)
            // Above the fold: when the stop comes, everything below has seen the same last candle.
            .StopWhen(stop)
            .Observe(plan.Context, resumed?.Indicators, resumed?.Candles ?? 0)
            .Trade(plan.Header, state => AgentCatalogue.Create(plan.Header, state), resumed, learned);
        return (plan.Steps is { } most ? unlimited.Take(most) : unlimited).Do(journal);

        bool IsPaced(Candle candle)
        {
            if (pace.Delay != delay)
                journal.CheckpointEvery = plan.CheckpointFor(delay = pace.Delay);
            return next++ > plan.FirstStep;
        }

        bool IsNew(Candle candle)
        {
            firstReadAt ??= clock.GetTimestamp();
            candlesRead++;
            if (candle.OpenTime > known)
            {
                if (resumed is not null && next == resumed.Candles)
                    TellOfGap(candle);
                return true;
            }

            if (candle.OpenTime == known)
                RequireSame(candle, resumed!.LastCandle);
            candlesSkipped++;
            return false;
        }

        void RequireSame(in Candle candle, CandleRow last)
        {
            // Volumes may be restated; prices that differ are another market's, and a position would be worth something else.
            var isSame =
                (candle.Open, candle.High, candle.Low, candle.Close) == (last.Open, last.High, last.Low, last.Close);
            if (!isSame)
                throw new FeedException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the candle of {FeedText.Time(candle.OpenTime)} closes at {candle.Close} here and at {last.Close} in the run of {plan.DataDir}: these are other candles; pass those of the run, or --fresh to begin anew"
                    )
                );
        }

        void TellOfGap(Candle candle)
        {
            // The feed's guard sees one session only; what is missing between two is known here.
            _ = Timeframe.TryParse(plan.Header.Source.Timeframe, out var timeframe);
            var missing = (candle.OpenTime - known) / timeframe.Milliseconds - 1;
            if (missing > 0)
                tell($"{missing} candles are missing between the run's last candle and the first new one");
        }
    }
}
