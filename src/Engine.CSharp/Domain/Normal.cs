using BtcBandit.Indicators;

namespace BtcBandit.Engine.Domain;

/// <summary>The standard normal distribution.</summary>
public static class Normal
{
    // Half of ln(2 pi).
    private const double LogRoot = 0.91893853320467274178;

    /// <summary>Probability of a value below a number, to about 1e-15 absolute.</summary>
    /// <remarks>Source: Marsaglia (2004), Evaluating the normal distribution, J. Stat. Software 11(4).</remarks>
    public static double Cumulative(double number)
    {
        if (number < -8.5)
            return 0.0;
        if (number > 8.5)
            return 1.0;
        var sum = number;
        var before = 0.0;
        var term = number;
        var square = number * number;
        for (var i = 3; sum != before; i += 2)
        {
            before = sum;
            term *= square / i;
            sum += term;
        }

        return Math.Clamp(0.5 + sum * Portable.Exp(-0.5 * square - LogRoot), 0.0, 1.0);
    }
}
