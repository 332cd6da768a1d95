namespace BtcBandit.Indicators

open System
open System.Collections.Generic
open System.Diagnostics.CodeAnalysis
open System.Globalization
open System.Runtime.InteropServices

/// <summary>Indicators by name, and the grammar of lists such as "sma:14,bb:20:2,vwap,sar:0.02:0.2".</summary>
/// <remarks>
/// A value: <c>With</c> gives a catalogue that knows one kind more. A list names kinds with their parameters; omitted
/// trailing parameters take their defaults.
/// </remarks>
[<Sealed>]
type Catalogue private (recipes: IndicatorRecipe list) =

    // The order of names in lists and messages; the first nine are the default. Kinds that are not named here come after
    // them, in the order of the families.
    static let order = "sma ema wma bb vwap atr trix sar supertrend rsi macd stdev roc zscore".Split ' '

    static let standard = 9

    static let placeOf (recipe: IndicatorRecipe) =
        match Array.IndexOf(order, recipe.Kind) with
        | -1 -> order.Length
        | place -> place

    static let builtIn =
        lazy
            ([
                Averages.recipes
                Bands.recipes
                Volume.recipes
                Volatility.recipes
                Momentum.recipes
                Trend.recipes
             ]
             |> List.concat
             |> List.sortBy placeOf
             |> Catalogue)

    static let idOf (recipe: IndicatorRecipe) (parameters: string list) = String.Join(':', recipe.Kind :: parameters)

    let kinds = recipes |> List.map _.Kind |> List.toArray
    let known = String.Join(", ", kinds)

    let unknown (text: string) (kind: string) =
        let hint =
            if fst (Double.TryParse(kind, CultureInfo.InvariantCulture)) then
                "; commas separate indicators, a decimal point is written '.'"
            else
                match Spelling.nearest recipes kind with
                | Some nearest -> "; did you mean " + nearest + "?"
                | None -> ""

        String.Concat(text + ": no indicator is called '", kind + "'", hint, "; known are " + known)

    let readParameters (recipe: IndicatorRecipe) (given: string list) =
        let inWords =
            match recipe.Accepted.Length with
            | 0 -> "no parameter"
            | 1 -> "no more than one parameter"
            | count -> String.Concat("no more than ", count.ToString CultureInfo.InvariantCulture, " parameters")

        let rec collect read (parameters: IndicatorParameter list) given =
            match parameters, given with
            | [], [] -> Ok(List.rev read)
            | [], _ -> Error(String.Concat(recipe.Kind, " takes ", inWords))
            | parameter :: rest, [] -> collect (parameter.Default :: read) rest []
            | parameter :: rest, text :: others ->
                match parameter.Read text with
                | Error message -> Error message
                | Ok value -> collect (value :: read) rest others

        match collect [] recipe.Accepted given with
        | Error message -> Error message
        | Ok read ->
            match recipe.Rule(IndicatorParameters(List.toArray read)) with
            | ValueSome wrong -> Error wrong
            | ValueNone -> Ok read

    let entryOf (recipe: IndicatorRecipe) parameters standsAlone =
        let id = idOf recipe parameters
        let values = IndicatorParameters(List.toArray parameters)
        // A kind that is listed more than once shows its parameters each time, the defaults too.
        let isPlain = standsAlone && parameters = recipe.Defaults
        let prefix = if isPlain then recipe.Kind else String.Join('_', recipe.Kind :: parameters)

        let columns =
            [|
                for output in recipe.OutputNames -> if output = "" then prefix else String.Concat(prefix, "_", output)
            |]

        CatalogueEntry(id, recipe, values, columns, recipe.Make id values)

    let parseOne (text: string) =
        let parts = List.ofArray (text.Split ':')

        match recipes |> List.tryFind (fun recipe -> recipe.Kind = parts.Head) with
        | None -> Error(unknown text parts.Head)
        | Some recipe ->
            match readParameters recipe parts.Tail with
            | Error message -> Error(String.Concat(text, ": ", message))
            | Ok parameters -> Ok struct (recipe, parameters)

    /// <summary>The indicators of this library.</summary>
    static member BuiltIn: Catalogue = builtIn.Value

    /// <summary>The list that the program computes unless told otherwise: the nine of its first version, with their defaults.</summary>
    static member Default: string =
        String.Join(
            ',',
            [
                for recipe in Catalogue.BuiltIn.Known |> List.take standard -> idOf recipe recipe.Defaults
            ]
        )

    /// <summary>The names of every indicator.</summary>
    member _.Kinds: IReadOnlyList<string> = Array.AsReadOnly kinds

    /// <summary>What is known about every kind, in the order of <c>Kinds</c>.</summary>
    member _.Recipes: IReadOnlyList<IndicatorRecipe> = recipes |> List.toArray |> Array.AsReadOnly :> _

    member internal _.Known = recipes

    /// <summary>How a column of a row of these indicators is drawn over the prices.</summary>
    /// <param name="column">The column's name, for instance "bb_10_1.5_upper".</param>
    /// <returns>The overlay; null where the column is not a price, or not one of these indicators'.</returns>
    member _.OverlayOf(column: string) : IndicatorOverlay | null =
        let drawn (recipe: IndicatorRecipe) =
            match recipe.OutputOf column, recipe.Drawn with
            | ValueSome output, ValueSome overlay when Array.contains output overlay.Outputs ->
                Some struct (recipe.Kind.Length, overlay)
            | _ -> None

        // The longest kind: `sma_own` is not an `sma` with a parameter.
        match List.choose drawn recipes with
        | [] -> null
        | found ->
            let struct (_, overlay) = found |> List.maxBy (fun (struct (length, _)) -> length)
            overlay

    /// <summary>A catalogue that knows one kind more.</summary>
    /// <param name="recipe">The recipe of an indicator of yours.</param>
    /// <exception cref="System.ArgumentException">The catalogue has this kind already.</exception>
    member _.With(recipe: IndicatorRecipe) : Catalogue =
        if Array.contains recipe.Kind kinds then
            raise (ArgumentException("The catalogue has an indicator '" + recipe.Kind + "' already.", nameof recipe))

        Catalogue(recipes @ [ recipe ])

    /// The entries in the order asked for, or one line that names the entry and what is accepted.
    member internal _.Read(text: string) : Result<CatalogueEntry[], string> =
        let rec collect read =
            function
            | [] -> Ok(List.rev read)
            | "" :: _ -> Error(String.Concat("'", text, "': an indicator's name is missing; known are ", known))
            | part :: rest ->
                match parseOne part with
                | Error message -> Error message
                | Ok(struct (recipe, parameters)) when
                    read
                    |> List.exists (fun (struct (other: IndicatorRecipe, others)) ->
                        recipe.Kind = other.Kind && parameters = others)
                    ->
                    Error(part + ": asked for twice")
                | Ok one -> collect (one :: read) rest

        match collect [] (List.ofArray (text.Split(',', StringSplitOptions.TrimEntries))) with
        | Error message -> Error message
        | Ok asked ->
            let count (kind: string) =
                asked
                |> List.filter (fun (struct (recipe, _)) -> recipe.Kind = kind)
                |> List.length

            Ok
                [|
                    for struct (recipe, parameters) in asked -> entryOf recipe parameters (count recipe.Kind = 1)
                |]

    /// <summary>Reads a list such as "sma:14,ema,bb:20:2.5"; omitted trailing parameters take their defaults.</summary>
    /// <param name="text">The list.</param>
    /// <param name="entries">The entries in the order asked for; null when the list is refused.</param>
    /// <param name="error">One line that names the entry and what is accepted; null when the list is read.</param>
    /// <returns>Whether it was read.</returns>
    /// <remarks>From F#: <c>Catalogue.parse</c> and <c>Catalogue.parseWith</c>, which give a result.</remarks>
    member catalogue.TryParse
        (
            text: string,
            [<Out; NotNullWhen(true)>] entries: byref<CatalogueEntry[] | null>,
            [<Out; NotNullWhen(false)>] error: byref<string | null>
        ) : bool =
        match catalogue.Read text with
        | Ok found ->
            entries <- found
            error <- null
            true
        | Error message ->
            entries <- null
            error <- message
            false
