namespace BtcBandit.Indicators

open System.Globalization

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

/// One feature: what is read, from where, and how it is scaled.
[<Struct>]
type internal Feature =
    {
        Name: string
        Reading: Reading
        /// A column, or a number of candles.
        At: int
        Scale: float
        /// Which standardiser, where there is one.
        Standard: int
    }

/// Which features there are, and what brings each to about unit size whatever the parameters.
module internal Features =
    /// Candles in the average true range that is the unit of distance.
    [<Literal>]
    let RangePeriod = 14

    /// The features that do not come from the list of indicators look back this far.
    [<Literal>]
    let LookBack = 30

    /// Largest magnitude of a feature.
    [<Literal>]
    let Limit = 5.0

    // Whatever a number was, also infinite: the vector stays within its limits.
    let inline clip (value: float) =
        if value > Limit then Limit
        elif value > -Limit then value
        else -Limit

    // A one-candle return's standard deviation is about 0.6 average true ranges, for prices like ours.
    let private perReturn = 1.0 / 0.6

    let private feature name reading at scale =
        { Name = name; Reading = reading; At = at; Scale = scale; Standard = -1 }

    // In a random walk the close strays from the mean of so many candles by about sqrt(candles / 3) steps.
    let private distance name at candles =
        feature $"{name}_distance" Reading.Distance at (perReturn / sqrt (candles / 3.0 + 1.0))

    // Where no length says what is usual, the distance's own past does.
    let private ownDistance name at = feature $"{name}_distance" Reading.DistanceStandardised at 1.0

    // Half a day is how old the anchor is on average since midnight. Since the first candle it is ever older.
    let private ofVwap name at anchor =
        match anchor with
        | "day" -> distance name at 720.0
        | "cumulative" -> ownDistance name at
        | period -> distance name at (float (int period))

    // A stop that follows a price slowly is as far behind it as a long average. How long, was fitted to what the stop's
    // distance is for steps of 0.001 to 10: 30 candles for 0.02 and 0.2; the power 3/4 in operations that are exact.
    let private ofSar name at step most =
        let slower = 0.02 / min step most
        let candles = 22.5 * sqrt (slower * sqrt slower) + 7.5 * (0.2 / most)

        if candles <= float Standardise.Length then
            distance name at candles
        else
            ownDistance name at

    // The band is so many average ranges away; 3 are as far as the mean of an hour.
    let private ofSuperTrend name at multiple =
        let share = multiple / 3.0
        distance name at (60.0 * (share * share))

    let private ofEntry (entry: CatalogueEntry) at =
        let name = entry.Columns[0]
        let number i = System.Double.Parse(entry.Parameters[i], CultureInfo.InvariantCulture)

        match entry.Kind with
        | "sma"
        | "ema"
        | "wma" -> [ distance name at (float entry.Period) ]
        | "vwap" -> [ ofVwap name at entry.Parameters[0] ]
        | "sar" ->
            [
                ofSar name at (number 0) (number 1)
                feature $"{name}_side" Reading.Side at 1.0
            ]
        | "supertrend" ->
            [
                ofSuperTrend name at (number 1)
                feature entry.Columns[1] Reading.Plain (at + 1) 1.0
            ]
        | "bb" ->
            [
                // In units of two deviations, wherever the bands are.
                feature entry.Columns[3] Reading.Centred (at + 3) (number 1 / 2.0)
                feature entry.Columns[4] Reading.LogStandardised (at + 4) 1.0
            ]
        | "trix"
        | "roc"
        | "macd" -> [ feature name Reading.Standardised at 1.0 ]
        | "stdev" -> [ feature name Reading.LogStandardised at 1.0 ]
        | "zscore" -> [ feature name Reading.Plain at 1.0 ]
        // An average of more changes is nearer to the middle.
        | "rsi" -> [ feature name Reading.Percentage at (sqrt (float entry.Period)) ]
        | _ -> []

    let private standardised feature =
        match feature.Reading with
        | Reading.LogStandardised
        | Reading.Standardised
        | Reading.VolatilityStandardised
        | Reading.DistanceStandardised -> true
        | _ -> false

    /// The features of some entries, whose columns begin at the offsets, and how many standardisers they need.
    let make (entries: CatalogueEntry[]) (offsets: int[]) =
        let numbered standards feature =
            if standardised feature then
                { feature with Standard = standards }, standards + 1
            else
                feature, standards

        [|
            for i in 0 .. entries.Length - 1 do
                yield! ofEntry entries[i] offsets[i]

            for length in [ 1; 5; LookBack ] do
                feature $"return_{length}" Reading.Return length (perReturn / sqrt (float length))

            feature "volatility" Reading.VolatilityStandardised 0 1.0
            feature "bias" Reading.Bias 0 1.0
        |]
        |> Array.mapFold numbered 0
