namespace BtcBandit.Engine.Backtesting;

/// <summary>What a cycle of a retraining has to show on the validation slice, and how many cycles there are at most.</summary>
/// <remarks>Whatever the terms, a cycle without a closed round trip does not meet them: an agent that does nothing never
/// passes.</remarks>
public sealed record RetrainTerms
{
    private readonly int maxCycles = 5;
    private readonly double minimumSuccessRate = 0.5;
    private readonly double minimumExcessReturn;
    private readonly double maximumDrawdown = 1.0;

    /// <summary>Maximum number of cycles, at least 1; 5 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int MaxCycles
    {
        get => maxCycles;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            maxCycles = value;
        }
    }

    /// <summary>Closed round trips with a profit after costs / closed round trips that is needed at least, 0..1; 0.5 by
    /// default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 0 to 1.</exception>
    public double MinimumSuccessRate
    {
        get => minimumSuccessRate;
        init => minimumSuccessRate = Fraction(value);
    }

    /// <summary>Return above the better of flat and buy-and-hold that has to be exceeded, a fraction; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public double MinimumExcessReturn
    {
        get => minimumExcessReturn;
        init =>
            minimumExcessReturn = double.IsFinite(value)
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "not finite");
    }

    /// <summary>Largest maximum drawdown that is accepted, a fraction of the peak, 0..1; 1, the default, accepts any.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 0 to 1.</exception>
    public double MaximumDrawdown
    {
        get => maximumDrawdown;
        init => maximumDrawdown = Fraction(value);
    }

    /// <summary>Returns the first of the terms that a result does not meet; null if it meets all.</summary>
    /// <param name="validation">Result on the validation slice.</param>
    public RetrainShortfall? FirstShortfall(RetrainSlice validation)
    {
        ArgumentNullException.ThrowIfNull(validation);
        return validation.SuccessRate is not { } rate ? RetrainShortfall.NoRoundTrip
            : !(rate >= MinimumSuccessRate) ? RetrainShortfall.SuccessRate
            : !(validation.ExcessReturn > MinimumExcessReturn) ? RetrainShortfall.ExcessReturn
            : !(validation.MaxDrawdown <= MaximumDrawdown) ? RetrainShortfall.Drawdown
            : null;
    }

    private static double Fraction(double value) =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "not from 0 to 1");
}

/// <summary>A term that a cycle of a retraining does not meet.</summary>
public enum RetrainShortfall
{
    /// <summary>There is no closed round trip.</summary>
    NoRoundTrip,

    /// <summary>The success rate is too low.</summary>
    SuccessRate,

    /// <summary>The return above the better of flat and buy-and-hold is too low.</summary>
    ExcessReturn,

    /// <summary>The maximum drawdown is too large.</summary>
    Drawdown,
}
