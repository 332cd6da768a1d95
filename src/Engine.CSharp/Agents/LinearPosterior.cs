using BtcBandit.Engine.Domain;

namespace BtcBandit.Engine.Agents;

/// <summary>The exact posterior of a linear model y = x.theta + noise with unknown noise variance.</summary>
/// <remarks>
/// Normal-inverse-gamma prior: theta ~ N(0, s2 I / lambda), s2 ~ InverseGamma(shape, rate). The covariance is kept as
/// a square root S, covariance = s2 S S', and updated in O(d^2) by Potter's rank-1 form (Bierman 1977, ch. II and V):
/// symmetric and positive by construction, nothing is inverted or factorised. Sums run in one fixed order.
/// </remarks>
public sealed class LinearPosterior
{
    private readonly int size;
    private readonly double[] mean;
    private readonly double[] factor;
    private readonly double[] projected;
    private double shape;
    private double rate;
    private double learned;

    /// <summary>Starts from the prior.</summary>
    /// <param name="size">Features, at least 1.</param>
    /// <param name="priorPrecision">Lambda, above 0.</param>
    /// <param name="priorShape">Shape of the noise variance, above 0.</param>
    /// <param name="priorRate">Rate of the noise variance, above 0; rate / shape is the first guess.</param>
    public LinearPosterior(int size, double priorPrecision, double priorShape, double priorRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(priorPrecision);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(priorShape);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(priorRate);
        this.size = size;
        mean = new double[size];
        factor = new double[size * size];
        projected = new double[size];
        for (var i = 0; i < size; i++)
            factor[i * size + i] = 1.0 / Math.Sqrt(priorPrecision);
        shape = priorShape;
        rate = priorRate;
    }

    private LinearPosterior(AgentState state)
    {
        size = state.Mean.Length;
        mean = [.. state.Mean];
        factor = [.. state.Factor];
        projected = new double[size];
        shape = state.Shape;
        rate = state.Rate;
        learned = state.Learned;
    }

    /// <summary>Continues from a snapshot.</summary>
    /// <exception cref="InvalidDataException">The shapes do not fit.</exception>
    public static LinearPosterior From(AgentState state) =>
        state.Factor.Length == state.Mean.Length * state.Mean.Length
            ? new LinearPosterior(state)
            : throw new InvalidDataException(
                $"agent: a factor of {state.Factor.Length} numbers does not fit {state.Mean.Length} features"
            );

    /// <summary>Estimate of the noise variance, in the squared unit of y.</summary>
    public double NoiseVariance => rate / shape;

    /// <summary>Mean and standard deviation of x.theta, in the unit of y.</summary>
    /// <exception cref="ArgumentException">The context has another length.</exception>
    public (double Mean, double StandardDeviation) Predict(ReadOnlySpan<double> x)
    {
        var spread = Project(x);
        return (Dot(mean, x), Math.Sqrt(spread * NoiseVariance));
    }

    /// <summary>Learns one observation.</summary>
    /// <param name="x">The context.</param>
    /// <param name="y">What followed.</param>
    /// <param name="weight">Its worth in independent observations, above 0: its likelihood is raised to this power.</param>
    /// <exception cref="ArgumentException">The context has another length, or the weight is not above 0.</exception>
    public void Learn(ReadOnlySpan<double> x, double y, double weight)
    {
        // Written so that NaN is refused as well: one would stay in the factor for ever.
        if (!(weight > 0))
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "A weight is above 0.");
        var noise = 1.0 / weight;
        var innovation = noise + Project(x);
        var error = y - Dot(mean, x);
        var gamma = 1.0 / (1.0 + Math.Sqrt(noise / innovation));
        for (var row = 0; row < size; row++)
        {
            var line = factor.AsSpan(row * size, size);
            var gain = Dot(line, projected) / innovation;
            mean[row] += gain * error;
            var shrink = gamma * gain;
            for (var column = 0; column < line.Length; column++)
                line[column] -= shrink * projected[column];
        }

        shape += 0.5 * weight;
        rate += 0.5 * error * error / innovation;
        learned += weight;
    }

    /// <summary>A copy as a value.</summary>
    public AgentState Snapshot(string kind) => new(kind, learned, [.. mean], [.. factor], shape, rate);

    /// Sets projected = S'x and gives its squared length.
    private double Project(ReadOnlySpan<double> x)
    {
        if (x.Length != size)
            throw new ArgumentException($"The context has {x.Length} features, the posterior {size}.", nameof(x));
        projected.AsSpan().Clear();
        for (var row = 0; row < size; row++)
        {
            var line = factor.AsSpan(row * size, size);
            var value = x[row];
            for (var column = 0; column < line.Length; column++)
                projected[column] += line[column] * value;
        }

        return Dot(projected, projected);
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length && i < right.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
