using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Agents.Linear;
using BtcBandit.Engine.Market;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;

namespace BtcBandit.Benchmarks.Learning;

/// <summary>What the gate did in one market at one cost.</summary>
/// <param name="OpenedAfter">Candles until it opened; absent if it never did.</param>
/// <param name="Needed">What would have had to be asked for at first, in standard deviations, for it to stay closed.</param>
/// <param name="Equity">Final equity of money that follows it, as a multiple of the first.</param>
/// <param name="Trades">Number of times that money was bought in or out.</param>
/// <param name="Held">What the positions were expected to earn before costs, if the market says: a sum of fractions.</param>
/// <param name="Possible">What an oracle would have held without costs.</param>
/// <param name="Paid">Costs paid, a sum of fractions.</param>
internal readonly record struct GateResult(
    int? OpenedAfter,
    double Needed,
    double Equity,
    long Trades,
    double Held,
    double Possible,
    double Paid
)
{
    /// <summary>Share of the oracle's gain before costs that was left after costs.</summary>
    public double NetShare => (Held - Paid) / Possible;
}

/// <summary>The default agent on one market, and its gate at several costs at once.</summary>
/// <remarks>
/// What the experts expect does not depend on costs, so it is computed once. The accounts, the gate and the money that follows
/// it follow the engine's rule for each cost, without lots and limits on orders.
/// </remarks>
internal static class GateRun
{
    private static readonly FeatureSet features = FeatureSet.Of(Catalogue.Default);

    /// <summary>Runs.</summary>
    /// <param name="candles">The market, and the expected return of the candle after each; 0 where there is none.</param>
    /// <param name="timeframe">Length of a candle.</param>
    /// <param name="costs">Cost of a side, fractions.</param>
    /// <param name="seed">Seed of the agent.</param>
    public static GateResult[] Of(
        IEnumerable<(Candle Candle, double Edge)> candles,
        Timeframe timeframe,
        IReadOnlyList<double> costs,
        long seed
    )
    {
        var observations = new ObservationRun(features);
        var agent = new HorizonExperts(new AgentSetup(new AgentOptions { Seed = seed }, [.. features.Features]));
        var pending = new PendingOutcomes(agent.Horizons, 1, timeframe, features.Features.Length, []);
        var followers = costs.Select(cost => new Follower(cost)).ToArray();
        double? last = null;
        foreach (var (candle, edge) in candles)
        {
            observations.Take(candle);
            var vector = observations.Features;
            if (vector.IsEmpty)
                continue;
            var move = candle.Open / last - 1.0;
            last = candle.Open;
            if (pending.Mature(candle.OpenTime, candle.Open) && !pending.SpansGap)
            {
                ref readonly var matured = ref pending.Matured;
                var outcome = new Outcome
                {
                    Features = pending.MaturedFeatures,
                    UnitFraction = matured.UnitFraction,
                    Returns = pending.Returns,
                    Action = null,
                    Exposure = 0,
                    FullExposure = 1,
                    Costs = default,
                };
                agent.Learn(outcome);
            }

            var situation = new Situation
            {
                Features = vector,
                UnitFraction = observations.UnitFraction,
                OpenTime = candle.OpenTime,
                Close = candle.Close,
                Move = move,
                Exposure = 0,
                FullExposure = 1,
                Costs = default,
                MaySell = false,
                MayBuy = false,
            };
            agent.Observe(situation);
            pending.Add(
                new PendingOutcome(candle.OpenTime, default, observations.UnitFraction, null, 0, 0, null),
                vector
            );
            foreach (var follower in followers)
                follower.Take(move, agent.Draws, edge);
        }

        return [.. followers.Select(follower => follower.Result)];
    }

    // The gate at one cost, and money that follows it: in or out, all of it.
    private sealed class Follower(double cost)
    {
        private readonly CostFractions sides = new(cost, cost);
        private readonly Evidence evidence = new(HorizonExperts.AllHorizons.Count);
        private bool isIn;
        private bool wantsIn;
        private int candles;
        private int? openedAfter;
        private double needed;
        private double equity = 1.0;
        private long trades;
        private double held;
        private double possible;
        private double paid;
        private double edgeBefore;

        public GateResult Result => new(openedAfter, Math.Sqrt(needed), equity, trades, held, possible, paid);

        public void Take(double? move, double[] draws, double edge)
        {
            if (move is { } moved)
            {
                evidence.Move(moved, sides);
                equity *= 1.0 + (isIn ? moved : 0.0);
                if (isIn != wantsIn)
                {
                    equity *= 1.0 - cost;
                    paid += cost;
                    trades++;
                    isIn = wantsIn;
                }

                // The edge known at the candle before is that of the candle whose open has just been filled at.
                held += isIn ? edgeBefore : 0.0;
                possible += Math.Max(edgeBefore, 0.0);
            }

            edgeBefore = edge;
            evidence.Decide(draws, sides);
            var (expert, gate) = evidence.Best(sides);
            candles++;
            if (gate.IsOpen)
                openedAfter ??= candles;
            // What is asked for is the root of the square of the first number and of a part that grows with time.
            var grown = gate.Required * gate.Required - Evidence.Standard * Evidence.Standard;
            if (gate.Evidence > 0)
                needed = Math.Max(needed, gate.Evidence * gate.Evidence - grown);
            wantsIn = gate.IsOpen && (isIn ? draws[expert] >= -cost : draws[expert] > cost);
        }
    }
}
