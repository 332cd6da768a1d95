using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Engine.Agents.Linear;

/// <summary>Exact Bayesian posterior of linear models y = x.theta + noise with unknown variance, for several outcomes y of one x.</summary>
/// <remarks>
/// Normal-inverse-gamma. The outcomes share one covariance S S', of which the square root S is kept and updated in O(d^2)
/// by Potter's rank-1 form (Bierman 1977, ch. II and V). The covariance is symmetric and positive by construction, and no
/// matrix is inverted or factorised.
/// <para>
/// Outcomes of consecutive candles overlap, so an outcome over h candles counts as 1/h observations. That equals the same
/// covariance times h with a prior precision of lambda / h, so one S serves all outcomes.
/// </para>
/// <para>
/// With forgetting factor g the precision becomes g (precision + x x') after each observation. Every
/// <see cref="RenewalInterval"/> observations one feature, in turn, regains the part of its prior that was forgotten, so
/// that the variance of an unexcited feature stays near its prior instead of growing without bound (Astrom and Wittenmark
/// 1995, section 11.5, estimator wind-up).
/// </para>
/// </remarks>
internal sealed class LinearPosterior
{
    // Upper limit of the interval; each renewal costs one extra update.
    private const int RarestRenewal = 32;

    // Maximum fraction of a feature's prior that is forgotten between its renewals.
    private const double ForgottenAtMost = 0.2;

    private readonly int features;
    private readonly int stride;
    private readonly int outcomes;
    private readonly OutcomeNoise noiseOf;
    private readonly double rescale;
    private readonly double renewal;
    private readonly AlignedNumbers factor;
    private readonly AlignedNumbers means;
    private readonly AlignedNumbers context;
    private readonly AlignedNumbers projected;
    private readonly AlignedNumbers gains;
    private readonly double[] expected;
    private readonly double[] errors;
    private long learned;

    // Counts down, because a remainder would cost a division per observation.
    private int untilRenewal;

    /// <summary>Starts from the prior.</summary>
    /// <param name="features">Length of the context vector, at least 1.</param>
    /// <param name="overlaps">For each outcome, the number of candles it spans, at least 1; at least one outcome.</param>
    /// <param name="prior">Prior of the coefficients and the noise; all numbers above 0.</param>
    /// <param name="forgetting">Forgetting factor per observation, above 0, at most 1; 1 never forgets.</param>
    public LinearPosterior(int features, ReadOnlySpan<int> overlaps, Prior prior, double forgetting = 1.0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        if (overlaps.IsEmpty)
            throw new ArgumentException("At least one outcome is needed.", nameof(overlaps));
        if (!(prior.Precision > 0 && prior.Shape > 0 && prior.Rate > 0))
            throw new ArgumentOutOfRangeException(nameof(prior), prior, "All of a prior's numbers are above 0.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(forgetting);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(forgetting, 1.0);
        this.features = features;
        outcomes = overlaps.Length;
        noiseOf = new OutcomeNoise(overlaps, prior, forgetting);
        rescale = 1.0 / Math.Sqrt(forgetting);
        RenewalInterval = IntervalOf(features, forgetting);
        untilRenewal = RenewalInterval;
        renewal = RenewalInterval * features * (1.0 - forgetting) * prior.Precision;
        stride = Lanes.Padded(features);
        factor = new AlignedNumbers(stride * stride);
        means = new AlignedNumbers(outcomes * stride);
        context = new AlignedNumbers(stride);
        projected = new AlignedNumbers(stride);
        gains = new AlignedNumbers(stride);
        expected = new double[Lanes.Padded(outcomes)];
        errors = new double[Lanes.Padded(outcomes)];
        for (var i = 0; i < features; i++)
            factor[i * stride + i] = 1.0 / Math.Sqrt(prior.Precision);
    }

    /// <summary>Number of outcomes.</summary>
    public int Outcomes => outcomes;

    /// <summary>Number of observations learned from.</summary>
    public long Learned => learned;

    /// <summary>Number of observations between two renewals of a feature's prior, 1..32.</summary>
    public int RenewalInterval { get; }

    /// <summary>Returns the estimated noise variance of an outcome, in its squared unit.</summary>
    public double NoiseVariance(int outcome) => noiseOf.Variance(outcome);

    /// <summary>Returns the posterior mean of theta for an outcome, one number per feature.</summary>
    public ReadOnlySpan<double> Coefficients(int outcome) => means.Span.Slice(outcome * stride, features);

    /// <summary>Returns the posterior mean of theta for an outcome, zero-padded to whole lanes.</summary>
    internal ReadOnlySpan<double> PaddedMeans(int outcome) => MeanOf(outcome);

    /// <summary>Returns the variance of x.theta in units of the noise variance, for an outcome that spans one candle.</summary>
    /// <remarks>Also sets the context that <see cref="Mean"/> refers to.</remarks>
    /// <exception cref="ArgumentException">The context has the wrong length.</exception>
    public double Leverage(ReadOnlySpan<double> x)
    {
        if (x.Length != features)
            throw new ArgumentException($"The context has {x.Length} features, the posterior {features}.", nameof(x));
        var lanes = InLanes(x);
        MatrixLanes.Transform(factor.Span, lanes, projected.Span);
        MatrixLanes.Multiply(means.Span, lanes, expected.AsSpan(0, outcomes));
        return Lanes.Dot(projected.Span, projected.Span);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<double> InLanes(ReadOnlySpan<double> x)
    {
        // A context that fills whole lanes needs no padding.
        if (x.Length == stride)
            return x;
        x.CopyTo(context.Span);
        return context.Span;
    }

    /// <summary>Returns the mean of x.theta for the context last passed to <see cref="Leverage"/>, in the outcome's unit.</summary>
    public double Mean(int outcome) => expected[outcome];

    /// <summary>Returns the standard deviation of x.theta, in the outcome's unit.</summary>
    /// <param name="outcome">Index of the outcome.</param>
    /// <param name="leverage">Result of <see cref="Leverage"/> for the context.</param>
    public double Deviation(int outcome, double leverage) => Math.Sqrt(Variance(outcome, leverage));

    /// <summary>Returns the variance of x.theta, in the outcome's squared unit.</summary>
    /// <param name="outcome">Index of the outcome.</param>
    /// <param name="leverage">Result of <see cref="Leverage"/> for the context.</param>
    internal double Variance(int outcome, double leverage) => noiseOf.Variance(outcome, leverage);

    /// <summary>Returns the means of four outcomes, starting at a multiple of four.</summary>
    internal Vector256<double> MeansFrom(int outcome) => Lanes.Load(ref expected[outcome], 0);

    /// <summary>Returns the variances of four outcomes, starting at a multiple of four.</summary>
    internal Vector256<double> VariancesFrom(int outcome, double leverage) => noiseOf.VariancesFrom(outcome, leverage);

    /// <summary>Predicts an outcome: mean and standard deviation of x.theta, in its unit.</summary>
    /// <exception cref="ArgumentException">The context has the wrong length.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (double Mean, double Deviation) Predict(ReadOnlySpan<double> x, int outcome = 0)
    {
        var leverage = Leverage(x);
        return (Mean(outcome), Deviation(outcome, leverage));
    }

    /// <summary>Learns one observation.</summary>
    /// <param name="x">The context.</param>
    /// <param name="outcomes">The observed values, one for each outcome.</param>
    /// <returns>Prediction error of the first outcome, before it was learned.</returns>
    /// <exception cref="ArgumentException">The context or the outcomes have the wrong length.</exception>
    public PredictionError Learn(ReadOnlySpan<double> x, ReadOnlySpan<double> outcomes)
    {
        if (outcomes.Length != Outcomes)
            throw new ArgumentException($"{outcomes.Length} outcomes for {Outcomes}.", nameof(outcomes));
        var innovation = 1.0 + Leverage(x);
        var predictionError = new PredictionError(outcomes[0] - expected[0], noiseOf.VarianceOfOne(0, innovation));

        Update(noise: 1.0, innovation, rescale);
        var perInnovation = 1.0 / innovation;
        for (var k = 0; k < outcomes.Length; k++)
            errors[k] = outcomes[k] - expected[k];
        MatrixLanes.AddOuter(means.Span, errors.AsSpan(0, outcomes.Length), gains.Span);
        noiseOf.Learn(errors, perInnovation);

        learned++;
        if (--untilRenewal == 0)
        {
            untilRenewal = RenewalInterval;
            if (renewal > 0)
                Renew((int)(learned / RenewalInterval % features));
        }

        return predictionError;
    }

    /// <summary>Returns the state as a copy.</summary>
    public PosteriorState Snapshot() =>
        new(learned, Rows(means.Span, Outcomes), Rows(factor.Span, features), noiseOf.Shapes, noiseOf.Rates);

    /// <summary>Restores a snapshot.</summary>
    /// <exception cref="InvalidDataException">The snapshot has other features or outcomes, or invalid numbers.</exception>
    public void Restore(PosteriorState state)
    {
        if (
            state.Factor.Length != features
            || state.Means.Length != Outcomes
            || state.Shapes.Length != Outcomes
            || state.Rates.Length != Outcomes
        )
            throw new InvalidDataException(
                $"a posterior of {state.Factor.Length} features and {state.Means.Length} outcomes does not fit {features} and {Outcomes}"
            );
        var areRows = state.Factor.Concat(state.Means).All(IsRow);
        if (!areRows || !state.Shapes.Concat(state.Rates).All(IsPositive) || state.Learned < 0)
            throw new InvalidDataException("a posterior has a row of the wrong length or a number out of its range");
        learned = state.Learned;
        untilRenewal = RenewalInterval - (int)(learned % RenewalInterval);
        for (var row = 0; row < features; row++)
            state.Factor[row].CopyTo(factor.Span[(row * stride)..]);
        for (var k = 0; k < Outcomes; k++)
            state.Means[k].CopyTo(means.Span[(k * stride)..]);
        noiseOf.Restore(state.Shapes, state.Rates);

        bool IsRow(double[] row) => row.Length == features && row.All(value => Math.Abs(value) < 1e12);
        static bool IsPositive(double value) => value is > 0 and < 1e12;
    }

    /// <summary>Potter's update of S by the projected context, with this noise; stores the gains of the means.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Update(double noise, double innovation, double scale)
    {
        var shrink = 1.0 / (1.0 + Math.Sqrt(noise / innovation));
        MatrixLanes.Reduce(factor.Span, projected.Span, innovation, shrink, scale, gains.Span);
    }

    /// <summary>Renews the prior of one feature, as an observation that its coefficient is 0.</summary>
    private void Renew(int feature)
    {
        // S' times the unit vector of a feature is the feature's row of S.
        factor.Span.Slice(feature * stride, stride).CopyTo(projected.Span);
        var noise = 1.0 / renewal;
        Update(noise, noise + Lanes.Dot(projected.Span, projected.Span), scale: 1.0);
        for (var k = 0; k < Outcomes; k++)
            errors[k] = -means[k * stride + feature];
        MatrixLanes.AddOuter(means.Span, errors.AsSpan(0, Outcomes), gains.Span);
    }

    private static int IntervalOf(int features, double forgetting)
    {
        var forgotten = features * (1.0 - forgetting);
        return forgotten * RarestRenewal <= ForgottenAtMost
            ? RarestRenewal
            : Math.Max(1, (int)(ForgottenAtMost / forgotten));
    }

    private Span<double> MeanOf(int outcome) => means.Span.Slice(outcome * stride, stride);

    private double[][] Rows(ReadOnlySpan<double> cells, int count)
    {
        var rows = new double[count][];
        for (var row = 0; row < count; row++)
            rows[row] = cells.Slice(row * stride, features).ToArray();
        return rows;
    }
}
