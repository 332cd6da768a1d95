namespace BtcBandit.Indicators

open System
open System.Globalization
open System.Text.Json

/// <summary>An indicator as the command line, files and screens name it.</summary>
[<Sealed>]
type CatalogueEntry
    internal
    (
        id: string,
        kind: string,
        parameters: string[],
        columns: string[],
        warmUp: int,
        start: unit -> ColumnFold,
        restore: JsonElement -> ColumnFold
    ) =

    /// <summary>Kind and parameters in full, for instance "bb:20:2".</summary>
    member _.Id = id

    /// <summary>Kind, for instance "bb".</summary>
    member _.Kind = kind

    /// The parameters in full and in shortest form.
    member internal _.Parameters = parameters

    /// <summary>The first parameter where it is a period, in candles; else 1.</summary>
    member _.Period =
        match Int32.TryParse(parameters[0], NumberStyles.None, CultureInfo.InvariantCulture) with
        | true, period -> period
        | false, _ -> 1

    /// <summary>Column names, one for each output.</summary>
    member _.Columns = columns

    /// <summary>Silent candles.</summary>
    member _.WarmUp = warmUp

    /// <summary>A run from the beginning.</summary>
    member _.Start() : ColumnFold = start ()

    /// <summary>A run from a saved state.</summary>
    /// <param name="saved">What <see cref="M:BtcBandit.Indicators.ColumnFold.Save" /> of a run of this entry gave.</param>
    /// <exception cref="System.Text.Json.JsonException">It is of something else; the message names both.</exception>
    member _.Restore(saved: JsonElement) : ColumnFold = restore saved
