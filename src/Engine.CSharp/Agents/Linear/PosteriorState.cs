using System.Text.Json.Serialization;

namespace BtcBandit.Engine.Agents.Linear;

/// <summary>Prior of a linear posterior: theta ~ N(0, s2 I / precision), s2 ~ InverseGamma(shape, rate).</summary>
/// <param name="Precision">Precision lambda of the coefficients in units of the noise variance, above 0.</param>
/// <param name="Shape">Shape of the noise variance, above 0.</param>
/// <param name="Rate">Rate of the noise variance, above 0; rate / shape is its initial estimate.</param>
internal readonly record struct Prior(double Precision, double Shape, double Rate);

/// <summary>Saved state of <see cref="LinearPosterior"/>.</summary>
/// <param name="Learned">Number of observations learned from.</param>
/// <param name="Means">Posterior mean of theta, one row for each outcome.</param>
/// <param name="Factor">Square root S of the covariance S S', in units of the noise variance, one row for each feature.</param>
/// <param name="Shapes">Inverse-gamma shape of each outcome's noise variance.</param>
/// <param name="Rates">Inverse-gamma rate of each outcome's noise variance.</param>
internal sealed record PosteriorState(
    [property: JsonRequired] long Learned,
    [property: JsonRequired] double[][] Means,
    [property: JsonRequired] double[][] Factor,
    [property: JsonRequired] double[] Shapes,
    [property: JsonRequired] double[] Rates
);

/// <summary>Error of a prediction made before its outcome was learned.</summary>
/// <param name="Error">Outcome minus its predicted mean.</param>
/// <param name="Variance">Predicted variance, above 0.</param>
internal readonly record struct PredictionError(double Error, double Variance)
{
    /// <summary>Returns the log of the outcome's normal density, up to a constant.</summary>
    /// <param name="logVariance">Log of the variance; passed in because several are cheaper to compute together.</param>
    public double LogDensity(double logVariance) => -0.5 * (logVariance + Error * Error / Variance);
}
