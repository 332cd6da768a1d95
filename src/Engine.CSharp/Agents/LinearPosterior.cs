using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BtcBandit.Engine.Agents;

/// <summary>The exact posterior of linear models y = x.theta + noise of unknown variance, for several outcomes y of one x.</summary>
/// <remarks>
/// Normal-inverse-gamma. The outcomes share one covariance, kept as a square root S and updated in O(d^2) by Potter's
/// rank-1 form (Bierman 1977, ch. II and V): symmetric and positive by construction, nothing is inverted or factorised.
/// <para>
/// Outcomes of moments that follow each other overlap: an outcome over h moments counts as 1/h observations. That is the
/// same covariance times h with a prior precision of lambda / h, so one S serves them all.
/// </para>
/// <para>
/// Forgetting g: after each observation the precision becomes g (precision + x x'), and now and then
/// (<see cref="RenewalInterval"/>) one feature in turn gets the prior back that was forgotten of it. So the variance of
/// what is never seen stays that of the prior instead of growing for ever (Astrom and Wittenmark 1995, section 11.5,
/// estimator wind-up).
/// </para>
/// </remarks>
public sealed class LinearPosterior
{
    // Each renewal is one update more.
    private const int RarestRenewal = 32;

    // What may be forgotten of a feature's prior before its turn comes again.
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

    // Counted down: a remainder would cost a division each time.
    private int untilRenewal;

    /// <summary>Starts from the prior.</summary>
    /// <param name="features">Numbers in a context, at least 1.</param>
    /// <param name="overlaps">For each outcome, how many moments it spans, at least 1.</param>
    /// <param name="prior">What is believed before.</param>
    /// <param name="forgetting">What an observation still weighs after the next one, above 0, at most 1.</param>
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

    /// <summary>Outcomes.</summary>
    public int Outcomes => outcomes;

    /// <summary>Observations learned from.</summary>
    public long Learned => learned;

    /// <summary>Observations from one renewal of a feature's prior to that of the next feature, 1..32.</summary>
    public int RenewalInterval { get; }

    /// <summary>Estimate of an outcome's noise variance, in its squared unit.</summary>
    public double NoiseVariance(int outcome) => noiseOf.Variance(outcome);

    /// <summary>Posterior mean of theta for an outcome, one number for each feature.</summary>
    public ReadOnlySpan<double> Coefficients(int outcome) => means.Span.Slice(outcome * stride, features);

    /// The same with zeros behind them, whole lanes.
    internal ReadOnlySpan<double> PaddedMeans(int outcome) => MeanOf(outcome);

    /// <summary>Variance of x.theta in units of the noise variance, for an outcome without overlap.</summary>
    /// <remarks>Also takes in the context for <see cref="Mean"/>.</remarks>
    /// <exception cref="ArgumentException">The context has another length.</exception>
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
        // A context of whole lanes is one already.
        if (x.Length == stride)
            return x;
        x.CopyTo(context.Span);
        return context.Span;
    }

    /// <summary>Mean of x.theta for the context last given to <see cref="Leverage"/>, in the unit of the outcome.</summary>
    public double Mean(int outcome) => expected[outcome];

    /// <summary>Standard deviation of x.theta, in the unit of the outcome.</summary>
    /// <param name="outcome">Which outcome.</param>
    /// <param name="leverage">What <see cref="Leverage"/> gave for the context.</param>
    public double Deviation(int outcome, double leverage) => Math.Sqrt(Variance(outcome, leverage));

    /// <summary>Variance of x.theta, in the squared unit of the outcome.</summary>
    /// <param name="outcome">Which outcome.</param>
    /// <param name="leverage">What <see cref="Leverage"/> gave for the context.</param>
    internal double Variance(int outcome, double leverage) => noiseOf.Variance(outcome, leverage);

    /// The means of four outcomes from a multiple of four on.
    internal Vector256<double> MeansFrom(int outcome) => Lanes.Load(ref expected[outcome], 0);

    /// Their variances.
    internal Vector256<double> VariancesFrom(int outcome, double leverage) => noiseOf.VariancesFrom(outcome, leverage);

    /// <summary>Mean and standard deviation of x.theta, in the unit of the outcome.</summary>
    /// <exception cref="ArgumentException">The context has another length.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (double Mean, double Deviation) Predict(ReadOnlySpan<double> x, int outcome = 0)
    {
        var leverage = Leverage(x);
        return (Mean(outcome), Deviation(outcome, leverage));
    }

    /// <summary>Learns one observation.</summary>
    /// <param name="x">The context.</param>
    /// <param name="outcomes">What followed, one number for each outcome.</param>
    /// <returns>How the first outcome had been foretold.</returns>
    /// <exception cref="ArgumentException">The context or the outcomes have another length.</exception>
    public Foretold Learn(ReadOnlySpan<double> x, ReadOnlySpan<double> outcomes)
    {
        if (outcomes.Length != Outcomes)
            throw new ArgumentException($"{outcomes.Length} outcomes for {Outcomes}.", nameof(outcomes));
        var innovation = 1.0 + Leverage(x);
        var foretold = new Foretold(outcomes[0] - expected[0], noiseOf.VarianceOfOne(0, innovation));

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

        return foretold;
    }

    /// <summary>A copy as a value.</summary>
    public PosteriorState Snapshot() =>
        new(learned, Rows(means.Span, Outcomes), Rows(factor.Span, features), noiseOf.Shapes, noiseOf.Rates);

    /// <summary>Goes on from a snapshot.</summary>
    /// <exception cref="InvalidDataException">The snapshot is of other features or outcomes, or no posterior.</exception>
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
            throw new InvalidDataException("a posterior's numbers are not what a posterior has");
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

    /// Potter's update by what `projected` holds: a context with this noise; leaves the gains of the means.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Update(double noise, double innovation, double scale)
    {
        var shrink = 1.0 / (1.0 + Math.Sqrt(noise / innovation));
        MatrixLanes.Reduce(factor.Span, projected.Span, innovation, shrink, scale, gains.Span);
    }

    /// The prior of one feature again: an observation that its coefficient is 0.
    private void Renew(int feature)
    {
        // S' times the unit vector of the feature is its row.
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
