namespace BtcBandit.Indicators

open System
open System.Globalization
open System.Text.Json

[<RequireQualifiedAccess>]
module internal SavedState =
    let read<'State> (json: JsonElement) : 'State =
        match json.Deserialize typeof<'State> with
        | null -> raise (JsonException "A saved state is null.")
        | state -> unbox<'State> state

/// <summary>Writes one output of an indicator into its columns of a row.</summary>
type WriteColumns<'Out> = delegate of output: 'Out * columns: Span<float> -> unit

/// <summary>One run of a catalogue entry over candles, its state's type hidden. For one thread at a time.</summary>
[<AbstractClass>]
type ColumnFold() =
    /// <summary>Takes one candle and, unless silent, writes the entry's columns.</summary>
    /// <returns>False while silent; the columns are then left alone.</returns>
    abstract Push: candle: Candle * columns: Span<float> -> bool

    /// <summary>A second run from here on; the two share nothing.</summary>
    abstract Fork: unit -> ColumnFold

    /// <summary>The state as JSON, to the last bit.</summary>
    abstract Save: unit -> JsonElement

[<Sealed>]
type internal ColumnFold<'State, 'Out when 'State: struct>
    (step: Step<'State, Candle, 'Out>, initial: 'State, write: WriteColumns<'Out>) =
    inherit ColumnFold()
    let mutable state = initial

    override _.Push(candle, columns) =
        let mutable output = Unchecked.defaultof<'Out>
        let speaks = step.Invoke(&state, candle, &output)

        if speaks then
            write.Invoke(output, columns)

        speaks

    override _.Fork() = ColumnFold<'State, 'Out>(step, state, write)
    override _.Save() = JsonSerializer.SerializeToElement state

/// <summary>An indicator as the command line, files and screens name it.</summary>
[<NoComparison; NoEquality>]
type CatalogueEntry =
    {
        /// Kind and parameters in full, for instance "sma:14".
        Id: string
        /// Kind, for instance "sma".
        Kind: string
        /// The leading period, in candles.
        Period: int
        /// Column names, one for each output.
        Columns: string[]
        /// Silent candles.
        WarmUp: int
        /// A run from the beginning.
        Start: unit -> ColumnFold
        /// A run from a saved state.
        Restore: JsonElement -> ColumnFold
    }

/// <summary>The indicators by name, and the grammar "sma:14,ema:14,atr:14".</summary>
[<RequireQualifiedAccess>]
module Catalogue =

    type private Recipe = { Kind: string; DefaultPeriod: int; Indicator: int -> CatalogueEntry }

    let private entry<'State when 'State: struct> kind defaultPeriod (make: int -> Indicator<'State, Candle, float>) =
        let write = WriteColumns<float>(fun output columns -> columns[0] <- output)

        {
            Kind = kind
            DefaultPeriod = defaultPeriod
            Indicator =
                fun period ->
                    let indicator = make period

                    {
                        Id = $"{kind}:{period}"
                        Kind = kind
                        Period = period
                        Columns = [| (if period = defaultPeriod then kind else $"{kind}_{period}") |]
                        WarmUp = indicator.WarmUp
                        Start = fun () -> ColumnFold<'State, float>(indicator.Step, indicator.Initial, write)
                        Restore =
                            fun json -> ColumnFold<'State, float>(indicator.Step, SavedState.read<'State> json, write)
                    }
        }

    let private ofClose (indicator: Indicator<'State, float, float>) =
        indicator |> Indicator.contramap (fun (candle: Candle) -> candle.Close)

    let private recipes =
        [
            entry "sma" 14 (Averages.sma >> ofClose)
            entry "ema" 14 (Averages.ema >> ofClose)
            entry "atr" 14 Volatility.atr
        ]

    /// <summary>What the program computes unless told otherwise.</summary>
    let Default =
        recipes
        |> List.map (fun recipe -> $"{recipe.Kind}:{recipe.DefaultPeriod}")
        |> String.concat ","

    let private known = recipes |> List.map _.Kind |> String.concat ", "

    let private parseOne (text: string) : Result<CatalogueEntry, string> =
        match text.Split ':' |> List.ofArray with
        | kind :: parameters ->
            match recipes |> List.tryFind (fun recipe -> recipe.Kind = kind), parameters with
            | None, _ -> Error $"{text}: no indicator is called '{kind}'; known are {known}"
            | Some recipe, [] -> Ok(recipe.Indicator recipe.DefaultPeriod)
            | Some recipe, [ period ] ->
                match Int32.TryParse(period, NumberStyles.None, CultureInfo.InvariantCulture) with
                | true, period when period >= 1 && period <= Averages.MaxPeriod -> Ok(recipe.Indicator period)
                | _ -> Error $"{text}: period must be 1..{Averages.MaxPeriod}"
            | Some _, _ -> Error $"{text}: {kind} takes one parameter, the period"
        | [] -> Error "an indicator's name is missing"

    /// <summary>Reads a list such as "sma:14,ema,atr:7"; omitted parameters take their defaults.</summary>
    /// <returns>The entries in the order asked for, or one line that names the entry and what is accepted.</returns>
    let parse (text: string) : Result<CatalogueEntry[], string> =
        let parts = text.Split(',', StringSplitOptions.TrimEntries)

        let rec collect seen entries =
            function
            | [] -> Ok(entries |> List.rev |> Array.ofList)
            | "" :: _ -> Error $"'{text}': an indicator's name is missing; known are {known}"
            | part :: rest ->
                match parseOne part with
                | Error message -> Error message
                | Ok entry when Set.contains entry.Id seen -> Error $"{part}: asked for twice"
                | Ok entry -> collect (Set.add entry.Id seen) (entry :: entries) rest

        match collect Set.empty [] (List.ofArray parts) with
        | Error message -> Error message
        | Ok entries ->
            // A kind that stands more than once is told apart by its parameters, the default one too.
            let repeated =
                entries
                |> Array.countBy _.Kind
                |> Array.filter (fun (_, count) -> count > 1)
                |> Array.map fst

            entries
            |> Array.map (fun entry ->
                if Array.contains entry.Kind repeated then
                    { entry with Columns = [| $"{entry.Kind}_{entry.Period}" |] }
                else
                    entry)
            |> Ok
