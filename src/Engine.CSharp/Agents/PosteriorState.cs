using System.Text.Json.Serialization;

namespace BtcBandit.Engine.Agents;

/// <summary>What is believed before anything is learned: theta ~ N(0, s2 I / precision), s2 ~ InverseGamma(shape, rate).</summary>
/// <param name="Precision">Lambda, above 0.</param>
/// <param name="Shape">Of the noise variance, above 0.</param>
/// <param name="Rate">Of the noise variance, above 0; rate / shape is the first guess.</param>
public readonly record struct Prior(double Precision, double Shape, double Rate);

/// <summary>A posterior as a value.</summary>
/// <param name="Learned">Observations learned from, so far.</param>
/// <param name="Means">Posterior mean of theta, one row for each outcome.</param>
/// <param name="Factor">Square root S of the covariance S S' in units of the noise variance, one row for each feature.</param>
/// <param name="Shapes">Shape of each outcome's noise variance.</param>
/// <param name="Rates">Rate of each outcome's noise variance.</param>
public sealed record PosteriorState(
    [property: JsonRequired] long Learned,
    [property: JsonRequired] double[][] Means,
    [property: JsonRequired] double[][] Factor,
    [property: JsonRequired] double[] Shapes,
    [property: JsonRequired] double[] Rates
);

/// <summary>How an outcome had been foretold before it was learned.</summary>
/// <param name="Error">The outcome less the mean that was foretold.</param>
/// <param name="Variance">The variance that was foretold, above 0.</param>
public readonly record struct Foretold(double Error, double Variance)
{
    /// <summary>How likely the outcome was: the log of its normal density, but for a constant.</summary>
    /// <param name="logVariance">The log of the variance, which is cheaper for several at once.</param>
    public double LogDensity(double logVariance) => -0.5 * (logVariance + Error * Error / Variance);
}
