namespace BtcBandit.Indicators

/// How a feature is made of the row and the candle.
type internal Reading =
    /// (close - column) in units of range x scale.
    | Distance = 0
    /// 2 x scale x (column - 0.5), a band's position about 0.
    | Centred = 1
    /// The column itself.
    | Plain = 2
    /// The log of the column against its own past.
    | LogStandardised = 3
    /// The column against its own past.
    | Standardised = 4
    /// +1 above the column, -1 below or on it.
    | Side = 5
    /// The return over so many candles, in units of range x root of their number.
    | Return = 6
    /// The log of range / close against its own past.
    | VolatilityStandardised = 7
    /// (column - 50) / 50 x scale, a percentage about its middle.
    | Percentage = 8
    /// close / column - 1 against its own past.
    | DistanceStandardised = 9
    /// 1.
    | Bias = 10

/// What brings features to about unit size.
module internal FeatureScale =
    /// A day of minutes: how long the mean and deviation of a standardised feature look back.
    [<Literal>]
    let Day = 1440

    // The standard deviation of a one-candle return is about 0.6 average true ranges, for prices like ours.
    let perReturn = 1.0 / 0.6

/// <summary>A feature that an indicator gives: which of its outputs is read, and what brings it to about unit size.</summary>
/// <remarks>Every feature is limited to -5..5 afterwards. Outputs are counted from 0.</remarks>
[<Sealed>]
type IndicatorFeature private (output: int, suffix: string, reading: Reading, scale: float) =

    /// <summary>The output that is read, counted from 0.</summary>
    member _.Output = output

    /// What the feature's name adds to the column's.
    member internal _.Suffix = suffix

    member internal _.Reading = reading
    member internal _.Scale = scale

    /// <summary>The distance of the close to an output that is a price, in units of the distance that a random walk of the
    /// current average true range has from its mean over so many candles.</summary>
    /// <param name="output">The output, counted from 0.</param>
    /// <param name="candles">How far behind the price the output is, as the length of an average; at least 0.</param>
    /// <remarks>In a random walk the close is about sqrt(candles / 3) steps from the mean of so many candles.</remarks>
    static member Distance(output: int, candles: float) =
        let scale = FeatureScale.perReturn / sqrt (candles / 3.0 + 1.0)
        IndicatorFeature(output, "_distance", Reading.Distance, scale)

    /// <summary>close / output - 1 against its own last day: for prices whose typical distance does not follow from a length.</summary>
    static member OwnDistance(output: int) = IndicatorFeature(output, "_distance", Reading.DistanceStandardised, 1.0)

    /// <summary>+1 while the close is above an output that is a price, else -1.</summary>
    static member Side(output: int) = IndicatorFeature(output, "_side", Reading.Side, 1.0)

    /// <summary>An output as it is, of about unit size by itself.</summary>
    static member Plain(output: int) = IndicatorFeature(output, "", Reading.Plain, 1.0)

    /// <summary>An output within 0..1 about its middle: 2 x scale x (output - 0.5).</summary>
    static member Centred(output: int, scale: float) = IndicatorFeature(output, "", Reading.Centred, scale)

    /// <summary>An output within 0..100 about its middle: scale x (output - 50) / 50.</summary>
    static member Percentage(output: int, scale: float) = IndicatorFeature(output, "", Reading.Percentage, scale)

    /// <summary>An output against its own last day: (output - mean) / deviation.</summary>
    static member Standardised(output: int) = IndicatorFeature(output, "", Reading.Standardised, 1.0)

    /// <summary>The logarithm of an output, at least 0, against its own last day.</summary>
    static member LogStandardised(output: int) = IndicatorFeature(output, "", Reading.LogStandardised, 1.0)
