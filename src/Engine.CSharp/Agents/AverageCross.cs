namespace BtcBandit.Engine.Agents;

/// <summary>Compares the two averages of closes of the moving-average crossover.</summary>
internal static class AverageCross
{
    /// <summary>Closes of the quick average.</summary>
    public const int Quick = 20;

    /// <summary>Closes of the slow average.</summary>
    public const int Slow = 50;

    // A close is the double nearest to a decimal, and a mean of closes is rounded three more times: each of the two means is
    // within 4 x 2^-53 of the decimal one. Prices of up to 11 digits have no means of 20 and 50 that are closer than twice
    // that and differ.
    private const double Rounding = 1.0 / (1L << 49);

    /// <summary>Returns quick minus slow average, in the quote currency; 0 where the averages of the decimal closes are equal, which
    /// is exact for prices of up to 11 digits.</summary>
    public static double Difference(double quick, double slow)
    {
        var difference = quick - slow;
        return Math.Abs(difference) <= Rounding * slow ? 0 : difference;
    }
}
