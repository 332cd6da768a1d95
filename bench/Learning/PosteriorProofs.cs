using BtcBandit.Engine.Agents;
using BtcBandit.Engine.Agents.Linear;
using BtcBandit.Engine.Trading;
using BtcBandit.Indicators;
using BtcBandit.Indicators.Numerics;
using MathNet.Numerics.LinearAlgebra;
using Gauss = MathNet.Numerics.Distributions.Normal;

namespace BtcBandit.Benchmarks.Learning;

/// <summary>Whether the posterior says the truth about its own uncertainty, and draws by it.</summary>
internal static class PosteriorProofs
{
    private const int Features = 8;
    private const double NinetyPercent = 1.6448536269514722;

    /// <summary>Share of independent worlds whose true x.theta lies within the central 90 % that the posterior names.</summary>
    /// <param name="worlds">Each with coefficients, contexts and noise of its own.</param>
    /// <param name="observations">In each.</param>
    /// <param name="horizon">Candles whose noise an outcome adds up, so outcomes overlap.</param>
    /// <param name="persistence">What a context keeps of the one before: that of a distance to an average is near 1.</param>
    public static double Coverage(int worlds, int observations, int horizon, double persistence) =>
        Enumerable.Range(0, worlds).AsParallel().Count(world => IsCovered(world, observations, horizon, persistence))
        / (double)worlds;

    /// <summary>Largest distance between the law of an agent's draws and the exact normal, over contexts of d features.</summary>
    /// <returns>Errors of mean and standard deviation in standard deviations, and Kolmogorov's distance.</returns>
    public static (double Mean, double Deviation, double Distance) SamplingLaw(int features, int draws)
    {
        var names = Enumerable.Range(0, features).Select(i => $"x{i}").ToArray();
        // Nothing is forgotten, as in the textbook; each d has draws of its own.
        var parameters = new RunParameters
        {
            Horizon = 1,
            Forgetting = 1.0,
            Seed = features,
        };
        var agent = AgentCatalogue.Default.Create(new AgentSetup(parameters, names));
        // The same posterior by the textbook, as a matrix.
        var precision = Matrix<double>.Build.DenseIdentity(features);
        var moment = Vector<double>.Build.Dense(features);
        var (shape, squares) = (1.0, 0.0);
        for (var t = 0; t < 500; t++)
        {
            var x = Context(features, features, t);
            var y = 0.2 * x[0] + 0.7 * Noise(features, 900, t);
            agent.Learn(
                new Outcome
                {
                    Features = x,
                    UnitFraction = 1.0,
                    Returns = [y],
                    Action = null,
                    Exposure = 0,
                    FullExposure = 1,
                    Costs = new CostFractions(0, 0),
                }
            );
            var column = Vector<double>.Build.DenseOfArray(x);
            precision += column.OuterProduct(column);
            moment += y * column;
            shape += 0.5;
            squares += 0.5 * y * y;
        }

        var probe = Vector<double>.Build.DenseOfArray(Context(features, features, 1_000));
        var mean = precision.Solve(moment);
        var noise = (0.5 + squares - 0.5 * mean.DotProduct(moment)) / shape;
        var exact = (
            Mean: mean.DotProduct(probe),
            Deviation: parameters.PosteriorScale * Math.Sqrt(noise * probe.DotProduct(precision.Solve(probe)))
        );
        var sample = new double[draws];
        var seen = probe.ToArray();
        for (var i = 0; i < draws; i++)
            sample[i] = (Draw(agent, seen, i) - exact.Mean) / exact.Deviation;
        Array.Sort(sample);
        var average = sample.Average();
        var distance = 0.0;
        for (var i = 0; i < draws; i++)
        {
            var law = Gauss.CDF(0, 1, sample[i]);
            distance = Math.Max(distance, Math.Max(law - (double)i / draws, (i + 1.0) / draws - law));
        }

        return (average, Math.Sqrt(sample.Average(value => (value - average) * (value - average))) - 1.0, distance);
    }

    private static double Draw(IAgent agent, double[] x, int moment)
    {
        var situation = new Situation
        {
            Features = x,
            UnitFraction = 1.0,
            OpenTime = moment * 60_000L,
            Close = 1.0,
            Move = null,
            Exposure = 0,
            FullExposure = 1,
            Costs = new CostFractions(0, 0),
            MaySell = false,
            MayBuy = true,
        };
        agent.Observe(situation);
        return agent.Choose(situation).Buy.Draw;
    }

    private static bool IsCovered(int world, int observations, int horizon, double persistence)
    {
        var posterior = new LinearPosterior(Features, [horizon], new Prior(1.0, 1.0, 0.5));
        var truth = new double[Features];
        for (var i = 0; i < Features; i++)
            truth[i] = 0.1 * Noise(world, 800 + i, 0);
        var x = Context(world, Features, -1);
        var fresh = Math.Sqrt(1.0 - persistence * persistence);
        for (var t = 0; t < observations; t++)
        {
            var news = Context(world, Features, t);
            for (var i = 0; i < Features - 1; i++)
                x[i] = persistence * x[i] + fresh * news[i];
            var noise = 0.0;
            for (var j = 0; j < horizon; j++)
                noise += Noise(world, 900, t + j);
            posterior.Learn(x, [Dot(truth, x) + noise / Math.Sqrt(horizon)]);
        }

        var probe = Context(world, Features, -2);
        var (mean, deviation) = posterior.Predict(probe);
        return Math.Abs(Dot(truth, probe) - mean) <= NinetyPercent * deviation;
    }

    private static double[] Context(int world, int features, int moment)
    {
        var x = new double[features];
        for (var i = 0; i < features - 1; i++)
            x[i] = Noise(world, i, moment);
        x[^1] = 1.0;
        return x;
    }

    private static double Noise(int world, int stream, int moment) => CounterRandom.Normal(world, stream, moment);

    private static double Dot(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();
}
