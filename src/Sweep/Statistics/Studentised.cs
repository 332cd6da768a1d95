namespace BtcBandit.Sweep.Statistics;

/// <summary>Mean of a series and its standard error.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Error">Standard error of the mean, above 0.</param>
internal readonly record struct Studentised(double Mean, double Error)
{
    /// <summary>The mean in standard errors.</summary>
    public float Statistic => (float)(Mean / Error);

    /// <summary>Those of a series; null if it never moves.</summary>
    /// <param name="values">Its values, finite, in order of time.</param>
    /// <param name="error">The standard error of series of this length.</param>
    /// <param name="work">Room for the number of values and <see cref="BootstrapError.WorkLength"/> more.</param>
    public static Studentised? Of(float[] values, BootstrapError error, Span<double> work)
    {
        if (!BlockSeries.Moves(values))
            return null;
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        var mean = sum / values.Length;
        var deviations = work[..values.Length];
        for (var i = 0; i < values.Length; i++)
            deviations[i] = values[i] - mean;
        return new Studentised(mean, error.Of(deviations, work[values.Length..]));
    }
}
