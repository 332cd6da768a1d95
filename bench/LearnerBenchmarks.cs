using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BtcBandit.Engine.Agents.Linear;
using MathNet.Numerics.LinearAlgebra;

namespace BtcBandit.Benchmarks;

/// <summary>One observation learned and one prediction made, against the textbook written with MathNet's matrices.</summary>
/// <remarks>
/// The textbook (<see cref="Textbook"/>) is what the covariance form of a Thompson agent does for every candle. The second
/// job takes AVX away: the lanes are emulated there, to the same bits.
/// </remarks>
[MemoryDiagnoser]
[Config(typeof(WithAndWithoutVectors))]
public class LearnerBenchmarks
{
    private const int Contexts = 1_024;

    private readonly double[][] contexts = MakeContexts();
    private readonly double[] outcome = new double[1];
    private readonly LinearPosterior posterior = new(Textbook.Features, [1], new Prior(1.0, 1.0, 0.5), 0.99999);
    private readonly Textbook textbook = new();

    /// <summary>Sherman-Morrison on the covariance and its Cholesky factor.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Contexts)]
    public double MathNetCovariance()
    {
        var sum = 0.0;
        foreach (var context in contexts)
        {
            textbook.Learn(context, context[2]);
            sum += textbook.Deviation(context);
        }

        return sum;
    }

    /// <summary>The square root, updated in place.</summary>
    [Benchmark(OperationsPerInvoke = Contexts)]
    public double Posterior()
    {
        var sum = 0.0;
        foreach (var context in contexts)
        {
            outcome[0] = context[2];
            posterior.Learn(context, outcome);
            sum += posterior.Predict(context).Deviation;
        }

        return sum;
    }

    private static double[][] MakeContexts()
    {
        var random = new Random(1);
        return
        [
            .. Enumerable
                .Range(0, Contexts)
                .Select(_ =>
                    Enumerable.Range(0, Textbook.Features).Select(_ => 2.0 * random.NextDouble() - 1.0).ToArray()
                ),
        ];
    }

    private sealed class WithAndWithoutVectors : ManualConfig
    {
        public WithAndWithoutVectors()
        {
            AddJob(Job.ShortRun.WithId("as it is"));
            AddJob(Job.ShortRun.WithId("without AVX").WithEnvironmentVariable("DOTNET_EnableAVX", "0"));
        }
    }

    /// <summary>Linear regression step by step as it is written down, with immutable matrices.</summary>
    /// <remarks>It forgets nothing: if it did, its covariance would no longer be one after some million steps.</remarks>
    private sealed class Textbook
    {
        public const int Features = 16;

        private Matrix<double> covariance = Matrix<double>.Build.DenseIdentity(Features);
        private Vector<double> mean = Vector<double>.Build.Dense(Features);
        private Matrix<double> factor = Matrix<double>.Build.DenseIdentity(Features);

        public void Learn(double[] context, double outcome)
        {
            var x = Vector<double>.Build.Dense(context);
            var projected = covariance * x;
            var gain = projected / (1.0 + x * projected);
            mean += gain * (outcome - mean * x);
            covariance -= gain.OuterProduct(projected);
            factor = covariance.Cholesky().Factor;
        }

        public double Deviation(double[] context) =>
            factor.TransposeThisAndMultiply(Vector<double>.Build.Dense(context)).L2Norm();
    }
}
