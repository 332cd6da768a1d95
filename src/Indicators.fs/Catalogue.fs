namespace BtcBandit.Indicators

open System
open System.Collections.Generic
open System.Diagnostics.CodeAnalysis
open System.Globalization
open System.Runtime.InteropServices
open System.Text.Json

/// What a parameter accepts; each has a default, as text.
type private Parameter =
    | Period of name: string * defaultValue: string
    | Number of name: string * defaultValue: string
    | Anchor of defaultValue: string

    member parameter.Default =
        match parameter with
        | Period(_, value)
        | Number(_, value)
        | Anchor value -> value

/// What a kind of indicator is made from.
[<NoComparison; NoEquality>]
type private Recipe =
    {
        Kind: string
        Parameters: Parameter list
        Outputs: string list
        /// From the id and the parameters in full to warm-up, start and restore.
        Make: string -> string[] -> struct (int * (unit -> ColumnFold) * (JsonElement -> ColumnFold))
    }

    member recipe.Defaults = recipe.Parameters |> List.map (fun parameter -> parameter.Default)

/// <summary>The indicators by name, and the grammar "sma:14,bb:20:2,vwap,sar:0.02:0.2".</summary>
[<RequireQualifiedAccess>]
module Catalogue =

    let private invariant = CultureInfo.InvariantCulture

    let private made (step: 'Step when 'Step: struct and 'Step :> IStep<'State, Candle, 'Out>) id =
        let from state = CandleFold<'Step, 'State, 'Out>(id, step, state) :> ColumnFold
        struct (step.WarmUp, (fun () -> from step.Initial), (fun saved -> from (SavedState.readOf<'State> id saved)))

    let private ofClose (step: 'Step when 'Step: struct and 'Step :> IStep<'State, float, 'Out>) =
        made (OfClose<'Step, 'State, 'Out> step)

    let private int (text: string) = Int32.Parse(text, invariant)
    let private float (text: string) = Double.Parse(text, invariant)

    let private vwap anchor =
        match anchor with
        | "day" -> made (Volume.VwapStep true)
        | "cumulative" -> made (Volume.VwapStep false)
        | period -> made (Volume.RollingVwapStep(int period))

    let private recipe kind parameters outputs make =
        {
            Kind = kind
            Parameters = parameters
            Outputs = outputs
            Make = fun id parameters -> make parameters id
        }

    let private period value = Period("period", value)
    let private one = [ "" ]

    let private recipes =
        [
            recipe "sma" [ period "14" ] one (fun p -> ofClose (Averages.SmaStep(int p[0])))
            recipe "ema" [ period "14" ] one (fun p -> ofClose (Averages.emaStep (int p[0])))
            recipe "wma" [ period "14" ] one (fun p -> ofClose (Averages.WmaStep(int p[0])))
            recipe
                "bb"
                [ period "20"; Number("multiple", "2") ]
                [ "mid"; "upper"; "lower"; "percent_b"; "bandwidth" ]
                (fun p -> ofClose (Bands.BollingerStep(int p[0], float p[1])))
            recipe "vwap" [ Anchor "day" ] one (fun p -> vwap p[0])
            recipe "atr" [ period "14" ] one (fun p -> made (Volatility.AtrStep(int p[0])))
            recipe "trix" [ period "18" ] one (fun p -> ofClose (Momentum.TrixStep(int p[0])))
            recipe "sar" [ Number("step", "0.02"); Number("max", "0.2") ] one (fun p ->
                made (Trend.SarStep(float p[0], float p[1])))
            recipe "supertrend" [ period "10"; Number("multiple", "3") ] [ ""; "direction" ] (fun p ->
                made (Trend.SuperTrendStep(int p[0], float p[1])))
            recipe "rsi" [ period "14" ] one (fun p -> ofClose (Momentum.RsiStep(int p[0])))
            recipe
                "macd"
                [ Period("fast", "12"); Period("slow", "26"); Period("signal", "9") ]
                [ ""; "signal"; "hist" ]
                (fun p -> ofClose (Momentum.MacdStep(int p[0], int p[1], int p[2])))
            recipe "stdev" [ period "20" ] one (fun p -> ofClose (Bands.StdevStep(int p[0])))
            recipe "roc" [ period "10" ] one (fun p -> ofClose (Momentum.RocStep(int p[0])))
            recipe "zscore" [ period "20" ] one (fun p -> ofClose (Bands.ZscoreStep(int p[0])))
        ]

    /// <summary>The names of every indicator.</summary>
    let Kinds: IReadOnlyList<string> = recipes |> List.map _.Kind |> ResizeArray |> _.AsReadOnly()

    let private known = String.concat ", " Kinds

    /// <summary>What the program computes unless told otherwise: the nine of its first version, with their defaults.</summary>
    let Default =
        [
            for recipe in List.take 9 recipes -> String.concat ":" (recipe.Kind :: recipe.Defaults)
        ]
        |> String.concat ","

    let private unknown (text: string) (kind: string) =
        let hint =
            if fst (Double.TryParse(kind, invariant)) then
                "; commas separate indicators, a decimal point is written '.'"
            else
                match Spelling.nearest Kinds kind with
                | Some nearest -> $"; did you mean {nearest}?"
                | None -> ""

        $"{text}: no indicator is called '{kind}'{hint}; known are {known}"

    let private readPeriod (text: string) =
        match Int32.TryParse(text, NumberStyles.None, invariant) with
        | true, value when value >= 1 && value <= Averages.MaxPeriod -> Some(string value)
        | _ -> None

    // As strict as a period: neither spaces nor a sign.
    let private plainNumber = NumberStyles.AllowDecimalPoint ||| NumberStyles.AllowExponent

    /// A parameter in shortest form, or what is accepted.
    let private readParameter parameter (text: string) =
        match parameter with
        | Period(name, _) ->
            match readPeriod text with
            | Some value -> Ok value
            | None -> Error $"{name} must be 1..{Averages.MaxPeriod}"
        | Number(name, _) ->
            match Double.TryParse(text, plainNumber, invariant) with
            | true, value when Averages.isMultiple value -> Ok(value.ToString("R", invariant))
            | _ -> Error $"{name} must be {Averages.multipleRange}"
        | Anchor _ ->
            match text, readPeriod text with
            | ("day" | "cumulative"), _ -> Ok text
            | _, Some value -> Ok value
            | _ -> Error $"anchor must be day, cumulative or 1..{Averages.MaxPeriod}"

    let private readParameters recipe (given: string list) =
        let inWords =
            match recipe.Parameters.Length with
            | 1 -> "one parameter"
            | count -> $"{count} parameters"

        let rec collect read parameters given =
            match parameters, given with
            | [], [] -> Ok(List.rev read)
            | [], _ -> Error $"{recipe.Kind} takes no more than {inWords}"
            | parameter :: rest, [] -> collect ((parameter: Parameter).Default :: read) rest []
            | parameter :: rest, text :: others ->
                match readParameter parameter text with
                | Error message -> Error message
                | Ok value -> collect (value :: read) rest others

        match collect [] recipe.Parameters given with
        | Ok [ fast; slow; _ ] when recipe.Kind = "macd" && int fast >= int slow ->
            Error "the fast period must be below the slow one"
        | result -> result

    let private columnsOf recipe (prefix: string) =
        [|
            for output in recipe.Outputs -> if output = "" then prefix else $"{prefix}_{output}"
        |]

    let private entryOf recipe parameters standsAlone =
        let id = String.concat ":" (recipe.Kind :: parameters)
        let values = Array.ofList parameters
        let struct (warmUp, start, restore) = recipe.Make id values
        // A kind that stands more than once is told apart by its parameters, the default one too.
        let isPlain = standsAlone && parameters = recipe.Defaults
        let prefix = if isPlain then recipe.Kind else String.concat "_" (recipe.Kind :: parameters)
        CatalogueEntry(id, recipe.Kind, values, columnsOf recipe prefix, warmUp, start, restore)

    let private parseOne (text: string) =
        let parts = List.ofArray (text.Split ':')

        match recipes |> List.tryFind (fun recipe -> recipe.Kind = parts.Head) with
        | None -> Error(unknown text parts.Head)
        | Some recipe ->
            match readParameters recipe parts.Tail with
            | Error message -> Error $"{text}: {message}"
            | Ok parameters -> Ok struct (recipe, parameters)

    /// The entries in the order asked for, or one line that names the entry and what is accepted.
    let internal read (text: string) : Result<CatalogueEntry[], string> =
        let isSame (struct (recipe: Recipe, parameters: string list)) (struct (other: Recipe, others)) =
            recipe.Kind = other.Kind && parameters = others

        let rec collect read =
            function
            | [] -> Ok(List.rev read)
            | "" :: _ -> Error $"'{text}': an indicator's name is missing; known are {known}"
            | part :: rest ->
                match parseOne part with
                | Error message -> Error message
                | Ok one when List.exists (isSame one) read -> Error $"{part}: asked for twice"
                | Ok one -> collect (one :: read) rest

        match collect [] (List.ofArray (text.Split(',', StringSplitOptions.TrimEntries))) with
        | Error message -> Error message
        | Ok asked ->
            let stands = asked |> List.countBy (fun struct (recipe, _) -> recipe.Kind) |> Map.ofList

            [|
                for struct (recipe, parameters) in asked -> entryOf recipe parameters (stands[recipe.Kind] = 1)
            |]
            |> Ok

    /// <summary>Reads a list such as "sma:14,ema,bb:20:2.5"; omitted trailing parameters take their defaults.</summary>
    /// <remarks>From F#: <c>Catalogue.parse</c>, which gives a result.</remarks>
    /// <param name="text">For instance "sma:14,ema,bb:20:2.5".</param>
    /// <param name="entries">The entries in the order asked for; null when it is refused.</param>
    /// <param name="error">One line that names the entry and what is accepted; null when it is read.</param>
    /// <returns>Whether it was read.</returns>
    [<CompiledName("TryParse")>]
    let tryParse
        (
            text: string,
            [<Out; NotNullWhen(true)>] entries: byref<CatalogueEntry[] | null>,
            [<Out; NotNullWhen(false)>] error: byref<string | null>
        ) : bool =
        match read text with
        | Ok found ->
            entries <- found
            error <- null
            true
        | Error message ->
            entries <- null
            error <- message
            false
