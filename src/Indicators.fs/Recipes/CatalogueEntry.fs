namespace BtcBandit.Indicators

open System.Text.Json

/// <summary>An indicator with its parameters, as lists, files and screens name it.</summary>
[<Sealed>]
type CatalogueEntry
    internal
    (id: string, recipe: IndicatorRecipe, parameters: IndicatorParameters, columns: string[], made: MadeIndicator) =

    /// <summary>Kind and parameters in full, for instance "bb:20:2".</summary>
    member _.Id = id

    /// <summary>What is known about its kind.</summary>
    member _.Recipe = recipe

    /// <summary>Kind, for instance "bb".</summary>
    member _.Kind = recipe.Kind

    /// <summary>The parameters, defaults included.</summary>
    member _.Parameters = parameters

    /// <summary>Column names, one for each output.</summary>
    member _.Columns = columns

    /// <summary>Silent candles before the first output.</summary>
    member _.WarmUp = made.WarmUp

    /// <summary>How long it remembers.</summary>
    member _.Memory = recipe.Remembers parameters

    /// The features that it gives.
    member internal _.Features = recipe.Gives parameters

    /// <summary>A run from the beginning.</summary>
    member _.Start() : ColumnRun = made.Start()

    /// <summary>A run from a saved state.</summary>
    /// <param name="saved">What <see cref="M:BtcBandit.Indicators.ColumnRun.Save" /> of a run of this entry gave.</param>
    /// <exception cref="System.Text.Json.JsonException">It is of something else; the message names both.</exception>
    member _.Restore(saved: JsonElement) : ColumnRun = made.Restore saved
