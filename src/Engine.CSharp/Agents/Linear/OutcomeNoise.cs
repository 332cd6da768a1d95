using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents.Linear;

/// <summary>Posterior of the noise variance of several outcomes, an inverse-gamma distribution for each.</summary>
/// <remarks>Arrays are padded to whole <see cref="Lanes"/>; lanes beyond the last outcome are padding.</remarks>
internal sealed class OutcomeNoise
{
    private readonly int outcomes;
    private readonly Prior prior;
    private readonly double forgetting;
    private readonly double[] overlaps;
    private readonly double[] perOverlap;
    private readonly double[] shapes;
    private readonly double[] rates;

    /// <summary>Starts from the prior.</summary>
    /// <param name="overlaps">For each outcome, the number of candles it spans, at least 1.</param>
    /// <param name="prior">Prior of the noise.</param>
    /// <param name="forgetting">Forgetting factor per observation, above 0, at most 1.</param>
    public OutcomeNoise(ReadOnlySpan<int> overlaps, Prior prior, double forgetting)
    {
        (outcomes, this.prior, this.forgetting) = (overlaps.Length, prior, forgetting);
        var length = Lanes.Padded(outcomes);
        this.overlaps = new double[length];
        perOverlap = new double[length];
        for (var k = 0; k < outcomes; k++)
        {
            if (overlaps[k] < 1)
                throw new ArgumentOutOfRangeException(nameof(overlaps), overlaps[k], "An outcome spans at least 1.");
            this.overlaps[k] = overlaps[k];
            perOverlap[k] = 0.5 / overlaps[k];
        }

        shapes = new double[length];
        rates = new double[length];
        shapes.AsSpan().Fill(prior.Shape);
        rates.AsSpan().Fill(prior.Rate);
    }

    /// <summary>Copy of the shapes, one for each outcome.</summary>
    public double[] Shapes => shapes[..outcomes];

    /// <summary>Copy of the rates, one for each outcome.</summary>
    public double[] Rates => rates[..outcomes];

    /// <summary>Returns the estimated noise variance of an outcome, in its squared unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Variance(int outcome) => rates[outcome] / shapes[outcome];

    /// <summary>Returns the variance of an outcome's mean, given its leverage in units of the noise variance of one candle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Variance(int outcome, double leverage) => overlaps[outcome] * leverage * Variance(outcome);

    /// <summary>Returns the predictive variance of one observation: the noise variance times the innovation.</summary>
    public double VarianceOfOne(int outcome, double innovation) => Variance(outcome) * overlaps[outcome] * innovation;

    /// <summary>Returns the variances of the means of four outcomes, starting at a multiple of four.</summary>
    public Vector256<double> VariancesFrom(int outcome, double leverage) =>
        Lanes.Load(ref overlaps[outcome], 0)
        * Vector256.Create(leverage)
        * (Lanes.Load(ref rates[outcome], 0) / Lanes.Load(ref shapes[outcome], 0));

    /// <summary>Learns from one observation.</summary>
    /// <param name="errors">Outcomes minus their predicted means, padded to whole lanes.</param>
    /// <param name="perInnovation">1 / innovation: noise variance over predictive variance.</param>
    public void Learn(double[] errors, double perInnovation)
    {
        Debug.Assert(errors.Length == shapes.Length, "Errors come in whole lanes.");
        for (var k = 0; k < shapes.Length; k += Lanes.Width)
        {
            var error = Lanes.Load(ref errors[k], 0);
            var counts = Lanes.Load(ref perOverlap[k], 0);
            Lanes.Store(Faded(Lanes.Load(ref shapes[k], 0) + counts, prior.Shape), ref shapes[k], 0);
            var update = error * error * (counts * Vector256.Create(perInnovation));
            Lanes.Store(Faded(Lanes.Load(ref rates[k], 0) + update, prior.Rate), ref rates[k], 0);
        }
    }

    /// <summary>Restores shapes and rates from copies.</summary>
    public void Restore(double[] shapes, double[] rates)
    {
        shapes.CopyTo(this.shapes, 0);
        rates.CopyTo(this.rates, 0);
    }

    private Vector256<double> Faded(Vector256<double> values, double towards) =>
        Vector256.Create(forgetting) * values + Vector256.Create((1.0 - forgetting) * towards);
}
