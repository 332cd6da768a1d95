namespace BtcBandit.Indicators

open System
open System.Collections.Generic
open System.Diagnostics.CodeAnalysis
open System.Text.Json

/// What a recipe and parameters make: one indicator that can be run.
[<NoComparison; NoEquality>]
type internal MadeIndicator = { WarmUp: int; Start: unit -> ColumnRun; Restore: JsonElement -> ColumnRun }

/// <summary>All that is known about a kind of indicator: its name and parameters, how it is computed, which features it
/// gives, how it is drawn and how long it remembers.</summary>
/// <remarks>
/// The built-in ones stand beside their steps. <c>Of</c> makes one of an indicator of yours; each <c>With...</c> gives a
/// recipe that says more, and <c>Catalogue.With</c> puts it into a catalogue.
/// </remarks>
[<NoComparison; NoEquality>]
type IndicatorRecipe =
    internal
        {
            /// The place in lists of kinds.
            Place: int
            Name: string
            Accepted: IndicatorParameter list
            OutputNames: string list
            CalledElsewhere: string
            Rule: IndicatorParameters -> string voption
            Make: string -> IndicatorParameters -> MadeIndicator
            Gives: IndicatorParameters -> IndicatorFeature list
            Remembers: IndicatorParameters -> IndicatorMemory
            Drawn: IndicatorOverlay voption
        }

    /// <summary>The kind: the name in lists, for instance "bb".</summary>
    member recipe.Kind = recipe.Name

    /// <summary>The parameters, in their order.</summary>
    member recipe.Parameters: IReadOnlyList<IndicatorParameter> = List.toArray recipe.Accepted

    /// <summary>The names of the outputs; the empty name stands for the indicator's own.</summary>
    member recipe.Outputs: IReadOnlyList<string> = List.toArray recipe.OutputNames

    /// <summary>What the indicator is called elsewhere, as one lower-case word each.</summary>
    member recipe.OtherNames: IReadOnlyList<string> =
        recipe.CalledElsewhere.Split(' ', StringSplitOptions.RemoveEmptyEntries)

    /// <summary>How it is drawn over the prices; null where it has a pane of its own.</summary>
    member recipe.Overlay: IndicatorOverlay | null =
        match recipe.Drawn with
        | ValueSome overlay -> overlay
        | ValueNone -> null

    /// Which output a column is, by its name: the kind, its parameters, the output's name.
    member internal recipe.OutputOf(column: string) : int voption =
        let kind = recipe.Name

        if column <> kind && not (column.StartsWith(kind + "_", StringComparison.Ordinal)) then
            ValueNone
        else
            let isNamed (output: string) = output <> "" && column.EndsWith("_" + output, StringComparison.Ordinal)

            match List.tryFindIndex isNamed recipe.OutputNames with
            | Some named -> ValueSome named
            | None ->
                match List.tryFindIndex (fun output -> output = "") recipe.OutputNames with
                | Some plain -> ValueSome plain
                | None -> ValueNone

    member internal recipe.Defaults = recipe.Accepted |> List.map _.Default

    static member private IsName(text: string) =
        text.Length > 0
        && Char.IsAsciiLetterLower text[0]
        && text
           |> Seq.forall (fun letter -> Char.IsAsciiLetterLower letter || Char.IsAsciiDigit letter || letter = '_')

    static member private Require(kind: string, outputs: string[]) =
        if not (IndicatorRecipe.IsName kind) then
            raise (
                ArgumentException(
                    "'"
                    + kind
                    + "' is no kind: lower-case letters, digits and _ are accepted, a letter first.",
                    nameof kind
                )
            )

        if outputs.Length = 0 then
            raise (ArgumentException("There is no output; name at least one.", nameof outputs))

    static member private OfRuns(kind: string, parameters, outputs: string[], make) =
        IndicatorRecipe.Require(kind, outputs)

        {
            Place = Int32.MaxValue
            Name = kind
            Accepted = List.ofArray parameters
            OutputNames = List.ofArray outputs
            CalledElsewhere = ""
            Rule = fun _ -> ValueNone
            Make = make
            Gives = fun _ -> []
            Remembers = fun _ -> IndicatorMemory.Fading
            Drawn = ValueNone
        }

    [<UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Who calls Of is warned.")>]
    [<UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Who calls Of is warned.")>]
    static member private MadeOf(id, indicator: Indicator<'State, Candle, 'Out>, columns, write) =
        let from run = OwnRun<'State, 'Out>(id, run, columns, write) :> ColumnRun

        {
            WarmUp = indicator.WarmUp
            Start = fun () -> from (indicator.Start())
            Restore = fun saved -> from (indicator.Restore(Labelled.stateOf id saved))
        }

    /// <summary>A recipe of an indicator of candles without parameters.</summary>
    /// <param name="kind">The name in lists: lower-case letters, digits and _.</param>
    /// <param name="indicator">The indicator.</param>
    /// <exception cref="System.ArgumentException">The kind is no name.</exception>
    [<RequiresUnreferencedCode(Reflected.Needs); RequiresDynamicCode(Reflected.Needs)>]
    static member Of(kind: string, indicator: Indicator<'State, Candle, float>) : IndicatorRecipe =
        IndicatorRecipe.Of(kind, [||], Func<IndicatorParameters, _>(fun _ -> indicator))

    /// <summary>A recipe of an indicator of candles with parameters.</summary>
    /// <param name="kind">The name in lists: lower-case letters, digits and _.</param>
    /// <param name="parameters">The parameters, in the order in which a list gives them.</param>
    /// <param name="make">Makes the indicator of parameters that are accepted.</param>
    /// <exception cref="System.ArgumentException">The kind is no name.</exception>
    [<RequiresUnreferencedCode(Reflected.Needs); RequiresDynamicCode(Reflected.Needs)>]
    static member Of
        (
            kind: string,
            parameters: IndicatorParameter[],
            make: Func<IndicatorParameters, Indicator<'State, Candle, float>>
        ) : IndicatorRecipe =
        let write = WriteColumns<float>(fun output columns -> columns[0] <- output)

        IndicatorRecipe.OfRuns(
            kind,
            parameters,
            [| "" |],
            fun id given -> IndicatorRecipe.MadeOf(id, make.Invoke given, 1, write)
        )

    /// <summary>A recipe of an indicator of candles with parameters and several outputs.</summary>
    /// <param name="kind">The name in lists: lower-case letters, digits and _.</param>
    /// <param name="parameters">The parameters, in the order in which a list gives them.</param>
    /// <param name="outputs">The names of the outputs; columns are called kind_output, or kind where a name is empty.</param>
    /// <param name="make">Makes the indicator of parameters that are accepted.</param>
    /// <param name="values">The outputs as numbers, as many as names.</param>
    /// <exception cref="System.ArgumentException">The kind is no name, or there is no output.</exception>
    [<RequiresUnreferencedCode(Reflected.Needs); RequiresDynamicCode(Reflected.Needs)>]
    static member Of
        (
            kind: string,
            parameters: IndicatorParameter[],
            outputs: string[],
            make: Func<IndicatorParameters, Indicator<'State, Candle, 'Out>>,
            values: Func<'Out, float[]>
        ) : IndicatorRecipe =
        let write =
            WriteColumns<'Out>(fun output columns ->
                let numbers = values.Invoke output

                if numbers.Length <> outputs.Length then
                    raise (
                        InvalidOperationException $"{kind} gave {numbers.Length} values for {outputs.Length} outputs."
                    )

                numbers.AsSpan().CopyTo columns)

        IndicatorRecipe.OfRuns(
            kind,
            parameters,
            outputs,
            fun id given -> IndicatorRecipe.MadeOf(id, make.Invoke given, outputs.Length, write)
        )

    /// <summary>Says which features it gives.</summary>
    /// <param name="features">From parameters to features, in the order of the vector.</param>
    member recipe.WithFeatures(features: Func<IndicatorParameters, IEnumerable<IndicatorFeature>>) =
        { recipe with
            Gives =
                fun parameters ->
                    let given = List.ofSeq (features.Invoke parameters)

                    match given |> List.tryFind (fun one -> one.Output >= recipe.OutputNames.Length) with
                    | Some wrong ->
                        raise (
                            ArgumentException(
                                $"A feature of {recipe.Name} reads output {wrong.Output} of {recipe.OutputNames.Length}."
                            )
                        )
                    | None -> given
        }

    /// <summary>Says which features it gives, whatever its parameters.</summary>
    /// <param name="features">In the order of the vector.</param>
    member recipe.WithFeatures([<ParamArray>] features: IndicatorFeature[]) =
        recipe.WithFeatures(Func<_, IEnumerable<IndicatorFeature>>(fun _ -> features))

    /// <summary>Says how it is drawn over the prices.</summary>
    member recipe.WithOverlay(overlay: IndicatorOverlay) = { recipe with Drawn = ValueSome overlay }

    /// <summary>Says how long it remembers; without it the past is taken to fade.</summary>
    member recipe.WithMemory(memory: Func<IndicatorParameters, IndicatorMemory>) =
        { recipe with Remembers = memory.Invoke }

    /// <summary>Says what parameters must keep together, for instance that one is below another.</summary>
    /// <param name="rule">What is wrong with parameters that are accepted one by one; null where nothing is.</param>
    member recipe.WithRule(rule: Func<IndicatorParameters, string | null>) =
        { recipe with
            Rule =
                fun parameters ->
                    match rule.Invoke parameters with
                    | null -> ValueNone
                    | wrong -> ValueSome wrong
        }

    /// <summary>Says what it is called elsewhere, so that a wrong name in a list finds it.</summary>
    member recipe.WithOtherNames([<ParamArray>] names: string[]) =
        { recipe with CalledElsewhere = String.Join(' ', names).ToLowerInvariant() }

/// Recipes of steps that are struct types: what the families are written with.
module internal Recipe =

    /// What a step makes.
    let made
        (format: StateFormat<'State>)
        (step: 'Step when 'Step: struct and 'Step :> IStep<'State, Candle, 'Out>)
        (id: string)
        =
        let from state = CandleRun<'Step, 'State, 'Out>(id, format, step, state) :> ColumnRun

        {
            WarmUp = step.WarmUp
            Start = fun () -> from step.Initial
            Restore = fun saved -> from (format.ReadFrom(Labelled.stateOf id saved))
        }

    let madeOfCloses
        (format: StateFormat<'State>)
        (step: 'Step when 'Step: struct and 'Step :> IStep<'State, float, 'Out>)
        =
        made format (OfClose<'Step, 'State, 'Out> step)

    /// A recipe with one output, a period, no features and a fading memory; a family says with `with` what differs.
    let ofPeriod place name period make =
        {
            Place = place
            Name = name
            Accepted = [ IndicatorParameter.Period("period", period) ]
            OutputNames = [ "" ]
            CalledElsewhere = ""
            Rule = fun _ -> ValueNone
            Make = fun id parameters -> make parameters id
            Gives = fun _ -> []
            Remembers = fun _ -> IndicatorMemory.Fading
            Drawn = ValueNone
        }

    /// The first parameter is the window.
    let ofWindow (parameters: IndicatorParameters) = IndicatorMemory.Of(parameters.Period 0)
