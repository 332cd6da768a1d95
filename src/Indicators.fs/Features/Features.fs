namespace BtcBandit.Indicators

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

    // Infinities and NaN end at a limit too.
    let inline clip (value: float) =
        if value > Limit then Limit
        elif value > -Limit then value
        else -Limit

    let private feature name reading at scale =
        { Name = name; Reading = reading; At = at; Scale = scale; Standard = -1 }

    let private ofEntry (entry: CatalogueEntry) at =
        [
            for given in entry.Features ->
                feature (entry.Columns[given.Output] + given.Suffix) given.Reading (at + given.Output) given.Scale
        ]

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
                feature
                    ("return_" + length.ToString System.Globalization.CultureInfo.InvariantCulture)
                    Reading.Return
                    length
                    (FeatureScale.perReturn / sqrt (float length))

            feature "volatility" Reading.VolatilityStandardised 0 1.0
            feature "bias" Reading.Bias 0 1.0
        |]
        |> Array.mapFold numbered 0
