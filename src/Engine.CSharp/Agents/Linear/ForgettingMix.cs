using System.Runtime.Intrinsics;
using System.Text.Json.Serialization;
using BtcBandit.Indicators;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents.Linear;

/// <summary>Saved state of <see cref="ForgettingMix"/>.</summary>
/// <param name="Posteriors">The slow and the quick posterior.</param>
/// <param name="LogLikelihoods">Exponentially weighted log likelihood of the outcomes under each posterior.</param>
internal sealed record ForgettingMixState(
    [property: JsonRequired] PosteriorState[] Posteriors,
    [property: JsonRequired] double[] LogLikelihoods
);

/// <summary>A mixture of two posteriors of the same returns: one that hardly forgets and one that remembers only the last hours.</summary>
/// <remarks>
/// Weighted by the likelihood of the recent outcomes under each; past likelihoods are discounted, so that the weights
/// follow a change of the market within hours. Source: Raftery, Karny and Ettler (2010), dynamic model averaging over
/// forgetting factors.
/// </remarks>
internal sealed class ForgettingMix
{
    /// <summary>Forgetting factor of the quick posterior; its effective memory is about 750 candles.</summary>
    internal const double Quick = 0.9987;

    // Discount of past likelihoods per candle; effective memory of about 500 candles.
    private const double Fading = 0.998;

    private readonly LinearPosterior[] posteriors;
    private readonly double[] leverages = new double[2];
    private readonly double[] logLikelihoods = new double[2];
    private readonly int features;
    private readonly double[] coefficients;
    private double slowShare = 0.5;

    public ForgettingMix(int features, ReadOnlySpan<int> overlaps, double forgetting)
    {
        posteriors =
        [
            new LinearPosterior(features, overlaps, MoveUnits.Prior, forgetting),
            new LinearPosterior(features, overlaps, MoveUnits.Prior, Math.Min(Quick, forgetting)),
        ];
        this.features = features;
        coefficients = new double[Lanes.Padded(features)];
    }

    /// <summary>Sets the context for the predictions that follow.</summary>
    public void See(ReadOnlySpan<double> x)
    {
        for (var i = 0; i < posteriors.Length; i++)
            leverages[i] = posteriors[i].Leverage(x);
    }

    /// <summary>Predicts four outcomes, starting at a multiple of four, for the last context: means and standard deviations.</summary>
    /// <remarks>Lanes beyond the last outcome are padding.</remarks>
    public (Vector256<double> Means, Vector256<double> Deviations) PredictFrom(int outcome)
    {
        var (slow, quick) = (posteriors[0], posteriors[1]);
        var (share, rest) = (Vector256.Create(slowShare), Vector256.Create(1.0 - slowShare));
        var means = share * slow.MeansFrom(outcome) + rest * quick.MeansFrom(outcome);
        var variances =
            share * slow.VariancesFrom(outcome, leverages[0]) + rest * quick.VariancesFrom(outcome, leverages[1]);
        return (means, Vector256.Sqrt(variances));
    }

    /// <summary>Returns the mixed coefficients of an outcome; the span is valid until the next call.</summary>
    public ReadOnlySpan<double> Coefficients(int outcome)
    {
        Lanes.Mix(slowShare, posteriors[0].PaddedMeans(outcome), posteriors[1].PaddedMeans(outcome), coefficients);
        return coefficients.AsSpan(0, features);
    }

    /// <summary>Learns one observation of all outcomes.</summary>
    public void Learn(ReadOnlySpan<double> x, ReadOnlySpan<double> outcomes)
    {
        var (slow, quick) = (posteriors[0].Learn(x, outcomes), posteriors[1].Learn(x, outcomes));
        var logVariances = Portable.Log(Vector128.Create(slow.Variance, quick.Variance));
        logLikelihoods[0] = Fading * logLikelihoods[0] + slow.LogDensity(logVariances[0]);
        logLikelihoods[1] = Fading * logLikelihoods[1] + quick.LogDensity(logVariances[1]);
        Weigh();
    }

    public ForgettingMixState Snapshot() =>
        new([.. posteriors.Select(posterior => posterior.Snapshot())], [.. logLikelihoods]);

    /// <exception cref="InvalidDataException">The state does not fit the features or outcomes.</exception>
    public void Restore(ForgettingMixState state)
    {
        if (state.Posteriors.Length != posteriors.Length || state.LogLikelihoods.Length != posteriors.Length)
            throw new InvalidDataException(
                $"{state.Posteriors.Length} posteriors and {state.LogLikelihoods.Length} likelihoods where there are {posteriors.Length} of each"
            );
        for (var i = 0; i < posteriors.Length; i++)
            posteriors[i].Restore(state.Posteriors[i]);
        state.LogLikelihoods.CopyTo(logLikelihoods, 0);
        Weigh();
    }

    private void Weigh() => slowShare = 1.0 / (1.0 + Portable.Exp(logLikelihoods[1] - logLikelihoods[0]));
}
