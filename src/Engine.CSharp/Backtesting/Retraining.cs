using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Backtesting;

/// <summary>Trains an agent in cycles on a window of candles, until a cycle meets the terms on candles that no cycle has trained
/// on.</summary>
/// <remarks>
/// A cycle begins with the prior, because a posterior that sees a candle twice is too sure of it. It trades the train slice, the
/// validation slice and the last 24 hours, each with a portfolio of its own, and learns as it goes. Cycles differ by the seed of
/// their draws only. Nothing is written.
/// </remarks>
/// <param name="Run">The run whose agent is trained. Its seed is that of all cycles, its history has no effect.</param>
/// <param name="Window">The candles.</param>
public sealed record Retraining(RunPlan Run, RetrainWindow Window)
{
    // Often enough for a bar, too seldom to cost time.
    private const int ProgressEvery = 512;

    /// <summary>What a cycle has to show.</summary>
    public RetrainTerms Terms { get; init; } = new();

    /// <summary>Maximum number of cycles: that of the terms, or 1 for an agent that draws nothing, whose cycles are all the
    /// same.</summary>
    public int MaxCycles => Run.DrawsAtRandom ? Terms.MaxCycles : 1;

    /// <summary>Called by the thread of <see cref="Make"/> every 512 candles; null for nobody.</summary>
    public Action<RetrainProgress>? OnProgress { get; init; }

    /// <summary>Seed of a cycle's draws: a function of the run's seed and the number of the cycle.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="cycle">Number of the cycle, from 1.</param>
    /// <returns>A number of 31 bits.</returns>
    public static long SeedOf(long seed, int cycle) =>
        (long)(CounterRandom.Bits(seed, DrawStreams.RetrainingSeeds, cycle) >> 33);

    /// <summary>Makes cycles until one is passed. Blocks the calling thread.</summary>
    /// <param name="stop">Ends it after the step in progress.</param>
    public RetrainResult Make(CancellationToken stop = default)
    {
        var cycles = new List<RetrainCycle>();
        for (var number = 1; number <= MaxCycles; number++)
        {
            var pass = new Pass(this, number, stop);
            if (pass.Make() is not { } cycle)
                return new RetrainResult(cycles, null, IsStopped: true);
            cycles.Add(cycle);
            if (cycle.Shortfall is null)
                return new RetrainResult(cycles, pass.Snapshot(), IsStopped: false);
        }

        return new RetrainResult(cycles, null, IsStopped: false);
    }

    // One cycle. Indicators are computed anew, so that memory is that of the candles alone.
    private sealed class Pass
    {
        private readonly Retraining all;
        private readonly int number;
        private readonly CancellationToken stop;
        private readonly RunPlan plan;
        private readonly IAgent agent;
        private readonly ObservationRun observations;
        private readonly long candlesOfCycle;
        private int taken;

        public Pass(Retraining all, int number, CancellationToken stop)
        {
            (this.all, this.number, this.stop) = (all, number, stop);
            var seed = SeedOf(all.Run.Header.Parameters.Seed, number);
            plan = all.Run.With(options => options with { Seed = seed, History = 0 });
            agent = plan.CreateAgent();
            observations = new ObservationRun(plan.FeatureSet);
            candlesOfCycle = (long)all.Window.WarmUp + all.Window.Train + all.Window.Validate + all.Window.Recent;
        }

        /// <summary>State of the agent now.</summary>
        public AgentState Snapshot() => PartCheck.Sound(agent.Snapshot(), plan.Header.Parameters.Agent);

        /// <summary>Makes the cycle; null if it was stopped.</summary>
        public RetrainCycle? Make()
        {
            var window = all.Window;
            for (var count = 0; count < window.WarmUp; count++)
                _ = Next(RetrainPart.Train);
            if (Trade(window.Train, RetrainPart.Train) is not { } train)
                return null;
            if (
                Trade(window.Validate, RetrainPart.Validation) is not { } validation
                || Trade(window.Recent, RetrainPart.Recent) is not { } recent
            )
                return null;
            var shortfall = all.Terms.FirstShortfall(validation);
            return new RetrainCycle(number, plan.Header.Parameters.Seed, train, validation, recent, shortfall);
        }

        // A trader of its own for each slice: no position, order or pending outcome passes from one to the next.
        private RetrainSlice? Trade(int count, RetrainPart part)
        {
            var trader = new Trader(plan.Header, agent, plan.CostModel);
            Step? newest = null;
            for (var made = 0; made < count; made++)
            {
                if (stop.IsCancellationRequested)
                    return null;
                newest = trader.Next(Next(part));
            }

            return RetrainSlice.Of(newest!, trader.GrowthNow(number).Judge());
        }

        private Observation Next(RetrainPart part)
        {
            var candle = all.Window.Candles[all.Window.First + taken++];
            if (taken % ProgressEvery == 0 || taken == candlesOfCycle)
            {
                var candles = (number - 1) * candlesOfCycle + taken;
                all.OnProgress?.Invoke(new RetrainProgress(number, all.MaxCycles, part, candles, candlesOfCycle));
            }
            return observations.Next(in candle);
        }
    }
}
