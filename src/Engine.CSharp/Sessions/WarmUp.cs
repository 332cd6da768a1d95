using System.Collections.Immutable;
using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Journal;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Sessions;

/// <summary>Replays a window of candles on a loop, until a pass earns enough or the time is over.</summary>
/// <remarks>
/// Indicators are computed once. Every pass starts with a fresh portfolio and with what the agent learned in the passes
/// before it. Nothing is written, but the data folder is locked until this is disposed.
/// </remarks>
public sealed class WarmUp : IDisposable
{
    // The last fifth of the window is held out.
    private const int HoldoutDivisor = 5;

    private readonly SessionPlan plan;
    private readonly TimeProvider clock;
    private readonly RunFolder folder;
    private readonly Lock gate = new();
    private Trader? trader;
    private AgentState? learned;

    /// <summary>Locks the data folder and checks that a session can begin in it.</summary>
    /// <param name="plan">Description of the session that may follow; its pace is that of the passes.</param>
    /// <param name="clock">Measures the time.</param>
    /// <param name="note">Called with notes for the user.</param>
    /// <exception cref="JournalException">The folder cannot be used.</exception>
    /// <exception cref="ArgumentException">The plan keeps what was learned before: the window may be part of that, and no pass would
    /// show anything.</exception>
    public WarmUp(SessionPlan plan, TimeProvider clock, Action<SessionNote> note)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(note);
        if (plan.KeepLearning)
            throw new ArgumentException("A warm-up begins with the prior.", nameof(plan));
        (this.plan, this.clock) = (plan, clock);
        folder = RunFolder.Open(plan.DataDir);
        try
        {
            foreach (var one in ResumeDecision.Of(plan with { Fresh = true }, folder, note).Notes)
                note(one);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>How the agent's experts stand in the pass that is made; empty before the first one, and for an agent without experts.
    /// Waits for the step in progress, so ask a few times a second at most.</summary>
    public ImmutableArray<ExpertStanding> Experts
    {
        get
        {
            lock (gate)
                return trader?.Experts ?? [];
        }
    }

    /// <summary>The candles before the steps that count for the gate, in order of time: those that warm the indicators up and, where
    /// the last fifth is held out, those of the part before it. The same in every pass; empty before the first one.</summary>
    public IReadOnlyList<Observation> Before { get; private set; } = [];

    /// <summary>Number of candles before a window that warm the indicators up.</summary>
    public static int CandlesBefore(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.FeatureSet.WarmUp;
    }

    /// <summary>Number of candles without which no step counts for the gate: those of <see cref="CandlesBefore"/> and one, or
    /// five where the last fifth is held out.</summary>
    public static int CandlesNeeded(RunPlan plan, WarmUpTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return CandlesBefore(plan) + (terms.Gate == WarmUpGate.Holdout ? HoldoutDivisor : 1);
    }

    /// <summary>Makes passes until one meets the terms, the time is over or it is stopped. Blocks the calling thread.</summary>
    /// <param name="candles">Closed candles in order of time: those of <see cref="CandlesBefore"/>, then the window.</param>
    /// <param name="terms">What a pass has to show.</param>
    /// <param name="onStep">Called with every step that counts for the gate, and the pass so far.</param>
    /// <param name="stop">Ends it after the step in progress.</param>
    /// <exception cref="ArgumentException">There are too few candles for a step that counts.</exception>
    public WarmUpVerdict Run(
        IEnumerable<Candle> candles,
        WarmUpTerms terms,
        Action<Step, WarmUpPass> onStep,
        CancellationToken stop
    )
    {
        ArgumentNullException.ThrowIfNull(candles);
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(onStep);
        var run = new ObservationRun(plan.Run.FeatureSet);
        var all = candles.Select(candle => run.Next(in candle)).ToList();
        var window = all.Where(observation => observation.Features is not null).ToList();
        var heldOut = terms.Gate == WarmUpGate.Holdout ? window.Count / HoldoutDivisor : 0;
        var taught = window.Take(window.Count - heldOut).ToList();
        var judged = terms.Gate == WarmUpGate.Holdout ? window.Skip(window.Count - heldOut).ToList() : taught;
        if (judged.Count == 0)
            throw new ArgumentException("The window has no step that counts.", nameof(candles));
        Before = all.GetRange(0, all.Count - judged.Count);

        using var time = new CancellationTokenSource(terms.Time, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, time.Token);
        WarmUpPass? last = null;
        for (var number = 1; ; number++)
        {
            var isJudged = terms.Gate == WarmUpGate.Replay;
            var pass = new WarmUpPass(number, 0, 0, 0, IsWhole: false);
            Pass(taught, isJudged, keeps: true);
            if (!isJudged && !end.IsCancellationRequested)
                Pass(judged, isJudged: true, keeps: false);
            if (end.IsCancellationRequested || pass.Meets(terms))
            {
                return new WarmUpVerdict(
                    pass.Meets(terms) && !stop.IsCancellationRequested,
                    // A pass that had no time for a step says nothing.
                    pass.Steps > 0
                    || last is null
                        ? pass
                        : last,
                    learned!,
                    stop.IsCancellationRequested
                );
            }
            last = pass;

            void Pass(List<Observation> observations, bool isJudged, bool keeps)
            {
                var agent = plan.Run.CreateAgent(learned);
                lock (gate)
                    trader = new Trader(Header, agent, plan.Run.CostModel);
                var made = 0;
                foreach (var observation in observations)
                {
                    // A pace is for whoever watches, and only steps that count are shown.
                    if (isJudged)
                        plan.Pace?.Wait(end.Token);
                    if (end.IsCancellationRequested)
                        break;
                    made++;
                    if (Next(observation) is not { } step || !isJudged)
                        continue;
                    pass = Of(number, step, made == observations.Count);
                    onStep(step, pass);
                }
                if (keeps)
                    learned = PartCheck.Sound(agent.Snapshot(), Header.Parameters.Agent);
            }
        }
    }

    /// <summary>Unlocks the folder.</summary>
    public void Dispose() => folder.Dispose();

    private Step? Next(Observation observation)
    {
        lock (gate)
            return trader!.Next(observation);
    }

    // Every candle of the window is a step: the candles before it are not history to learn from.
    private RunHeader Header => plan.Run.Header with { Parameters = plan.Run.Header.Parameters with { History = 0 } };

    private static WarmUpPass Of(int number, Step step, bool isWhole) =>
        new(
            number,
            step.Statistics.Steps,
            step.Statistics.RoundTrips,
            step.Statistics.Equity / step.Statistics.InitialEquity - 1.0,
            isWhole
        );
}
