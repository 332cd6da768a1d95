namespace BtcBandit.Indicators.FSharp

open BtcBandit.Indicators

/// <summary>Candles, for F#.</summary>
[<RequireQualifiedAccess>]
module Candle =

    /// <summary>Makes a candle of a row, or says what is wrong with it.</summary>
    /// <param name="openTime">Milliseconds since 1970-01-01 UTC, up to the year 9999.</param>
    /// <param name="openPrice">First price, above 0.</param>
    /// <param name="high">Highest price, at least every other price.</param>
    /// <param name="low">Lowest price, at most every other price, above 0.</param>
    /// <param name="close">Last price, above 0.</param>
    /// <param name="volume">Traded amount, at least 0.</param>
    /// <returns>The candle, or the first thing that is wrong with the row. Never throws.</returns>
    let tryCreate
        (openTime: int64, openPrice: float, high: float, low: float, close: float, volume: float)
        : Result<Candle, CandleError> =
        match Candle.TryCreate(openTime, openPrice, high, low, close, volume) with
        | true, candle, _ -> Ok candle
        | false, _, error -> Error(Unchecked.nonNull error)

/// <summary>Lists of indicators, for F#.</summary>
[<RequireQualifiedAccess>]
module Catalogue =

    /// <summary>Reads a list of indicators of a catalogue.</summary>
    /// <returns>The entries in the order asked for, or one line that names the entry and what is accepted.</returns>
    let parseWith (catalogue: Catalogue) (text: string) : Result<CatalogueEntry[], string> = catalogue.Read text

    /// <summary>Reads a list such as "sma:14,ema,bb:20:2.5"; omitted trailing parameters take their defaults.</summary>
    /// <returns>The entries in the order asked for, or one line that names the entry and what is accepted.</returns>
    let parse (text: string) : Result<CatalogueEntry[], string> = parseWith Catalogue.BuiltIn text

/// <summary>Feature sets, for F#.</summary>
[<RequireQualifiedAccess>]
module FeatureSet =

    /// <summary>Reads a list of indicators of a catalogue, for instance the built-in ones and some of yours.</summary>
    /// <returns>The feature set, or one line that says what is wrong.</returns>
    let parseWith (catalogue: Catalogue) (text: string) : Result<FeatureSet, string> =
        catalogue.Read text |> Result.map FeatureSet

    /// <summary>Reads a list of indicators such as "sma:14,ema:14,atr:14".</summary>
    /// <returns>The feature set, or one line that says what is wrong.</returns>
    let parse (text: string) : Result<FeatureSet, string> = parseWith Catalogue.BuiltIn text
