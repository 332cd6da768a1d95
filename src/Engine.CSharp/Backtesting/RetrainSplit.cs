using BtcBandit.Engine.Market;

namespace BtcBandit.Engine.Backtesting;

/// <summary>How the candles of a retraining are split in time: train slice, validation slice, last 24 hours.</summary>
public sealed record RetrainSplit
{
    // So that sums of the slices fit an int.
    private const int MaxSteps = 1_000_000_000;

    private readonly double validationFraction = 0.2;
    private readonly int? trainSteps;
    private readonly int? validateSteps;

    /// <summary>Length of validation / length of train and validation together, above 0 and below 1; 0.2 by default. Has no effect
    /// if both numbers of steps are stated.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not between 0 and 1.</exception>
    public double ValidationFraction
    {
        get => validationFraction;
        init =>
            validationFraction = value is > 0 and < 1
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "not between 0 and 1");
    }

    /// <summary>Number of steps of the train slice, at least 1; null lets it follow from the fraction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1 or above 1,000,000,000.</exception>
    public int? TrainSteps
    {
        get => trainSteps;
        init => trainSteps = Checked(value);
    }

    /// <summary>Number of steps of the validation slice, at least 1; null lets it follow from the fraction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1 or above 1,000,000,000.</exception>
    public int? ValidateSteps
    {
        get => validateSteps;
        init => validateSteps = Checked(value);
    }

    /// <summary>Number of steps of both slices if one of them is stated; null if all candles are to be split.</summary>
    public int? StatedSteps
    {
        get
        {
            if (TrainSteps is null && ValidateSteps is null)
                return null;
            var (train, validate) = Of(0);
            return train + validate;
        }
    }

    /// <summary>Number of candles of a timeframe in 24 hours, at least 1.</summary>
    /// <param name="timeframe">Length of a candle.</param>
    public static int CandlesInDay(Timeframe timeframe) =>
        (int)Math.Max(1, TimeSpan.FromDays(1).TotalMilliseconds / timeframe.Milliseconds);

    /// <summary>Returns the lengths of the two slices, each at least 1.</summary>
    /// <param name="steps">Number of steps to split if none is stated, at least 2.</param>
    public (int Train, int Validate) Of(int steps)
    {
        var odds = ValidationFraction / (1 - ValidationFraction);
        if (TrainSteps is { } train)
            return (train, ValidateSteps ?? Rounded(train * odds));
        if (ValidateSteps is { } validate)
            return (Rounded(validate / odds), validate);
        var held = Math.Min(Rounded(steps * ValidationFraction), Math.Max(1, steps - 1));
        return (Math.Max(1, steps - held), held);
    }

    private static int? Checked(int? steps) =>
        steps is null or (>= 1 and <= MaxSteps)
            ? steps
            : throw new ArgumentOutOfRangeException(nameof(steps), steps, $"not from 1 to {MaxSteps}");

    private static int Rounded(double steps) => (int)Math.Clamp(Math.Round(steps), 1, MaxSteps);
}
