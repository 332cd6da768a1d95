using System.Globalization;
using BtcBandit.Engine.Agents;
using BtcBandit.Indicators.Numerics;

namespace BtcBandit.Sweep.Spec;

/// <summary>The values of one parameter in the grid of a sweep.</summary>
/// <param name="Name">Name of the parameter: that of the flag, without dashes in front.</param>
/// <param name="Values">Its values as the flag takes them, each once.</param>
public sealed record Axis(string Name, IReadOnlyList<string> Values);

/// <summary>A distribution from which one parameter of a sweep is drawn.</summary>
/// <param name="Name">Name of the parameter: that of the flag, without dashes in front.</param>
public abstract record RandomAxis(string Name)
{
    /// <summary>Returns the value of one draw; a function of its arguments alone.</summary>
    /// <param name="seed">Seed of the spec.</param>
    /// <param name="draw">Number of the draw, from 0.</param>
    public string ValueOf(long seed, int draw) =>
        Of(CounterRandom.Uniform(seed ^ Scramble(Name), DrawStreams.SweepSettings, draw));

    /// <summary>Returns the value at a uniform number in 0..1, 1 excluded.</summary>
    protected abstract string Of(double uniform);

    // Each name has numbers of its own, so that an axis more or less moves no other.
    private static long Scramble(string name) =>
        name.Aggregate(
            unchecked((long)0xcbf29ce484222325),
            (hash, letter) => unchecked((hash ^ letter) * 0x100000001b3)
        );

    // Six digits; the bound itself where rounding would leave the range.
    private static string Text(double value, double low, double high)
    {
        var rounded = Plain(value.ToString("G6", CultureInfo.InvariantCulture));
        return (double)rounded < low ? Exact(low)
            : (double)rounded > high ? Exact(high)
            : rounded.ToString(CultureInfo.InvariantCulture);
    }

    private static string Exact(double bound) =>
        Plain(bound.ToString("R", CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);

    // Flags take no exponents, and decimals have none.
    private static decimal Plain(string number) =>
        decimal.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Uniform between two numbers.</summary>
    /// <param name="Name">Name of the parameter.</param>
    /// <param name="Low">Smallest value.</param>
    /// <param name="High">Bound that no value exceeds.</param>
    public sealed record Uniform(string Name, double Low, double High) : RandomAxis(Name)
    {
        /// <inheritdoc/>
        protected override string Of(double uniform) => Text(Low + uniform * (High - Low), Low, High);
    }

    /// <summary>Uniform in the logarithm.</summary>
    /// <param name="Name">Name of the parameter.</param>
    /// <param name="Low">Smallest value, above 0.</param>
    /// <param name="High">Bound that no value exceeds.</param>
    public sealed record Log(string Name, double Low, double High) : RandomAxis(Name)
    {
        /// <inheritdoc/>
        protected override string Of(double uniform) =>
            Text(Low * Portable.Exp(uniform * Portable.Log(High / Low)), Low, High);
    }

    /// <summary>One minus a number that is uniform in the logarithm, such as a forgetting factor close to 1.</summary>
    /// <param name="Name">Name of the parameter.</param>
    /// <param name="Low">Smallest distance from 1, above 0.</param>
    /// <param name="High">Largest distance from 1.</param>
    public sealed record OneMinusLog(string Name, double Low, double High) : RandomAxis(Name)
    {
        /// <inheritdoc/>
        protected override string Of(double uniform) =>
            ((decimal)(1.0 - Low * Portable.Exp(uniform * Portable.Log(High / Low)))).ToString(
                "0.############",
                CultureInfo.InvariantCulture
            );
    }

    /// <summary>Whole numbers between two, both included.</summary>
    /// <param name="Name">Name of the parameter.</param>
    /// <param name="Low">Smallest value.</param>
    /// <param name="High">Largest value.</param>
    public sealed record Whole(string Name, long Low, long High) : RandomAxis(Name)
    {
        /// <inheritdoc/>
        protected override string Of(double uniform) =>
            (Low + (long)(uniform * (High - Low + 1))).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>One of several values.</summary>
    /// <param name="Name">Name of the parameter.</param>
    /// <param name="Values">The values, at least one.</param>
    public sealed record OneOf(string Name, IReadOnlyList<string> Values) : RandomAxis(Name)
    {
        /// <inheritdoc/>
        protected override string Of(double uniform) => Values[(int)(uniform * Values.Count)];
    }
}
