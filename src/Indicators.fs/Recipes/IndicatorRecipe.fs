namespace BtcBandit.Indicators

open System
open System.Collections.Generic
open System.Diagnostics.CodeAnalysis

/// <summary>All that is known about a kind of indicator: its name and parameters, how it is computed, which features it
/// gives, how it is drawn and how long it remembers.</summary>
/// <remarks>
/// The built-in ones stand beside their steps. <c>Of</c> turns your own indicator into one; each <c>With...</c> gives a
/// recipe that says more, and <c>Catalogue.With</c> puts it into a catalogue.
/// </remarks>
[<NoComparison; NoEquality>]
type IndicatorRecipe =
    internal
        {
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

    static member private OfRuns(kind: string, parameters, outputs: string[], make) =
        OwnRun.require kind outputs

        {
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

    static member private OfOne
        (kind, parameters, json, make: Func<IndicatorParameters, Indicator<'State, Candle, float>>)
        =
        IndicatorRecipe.OfRuns(
            kind,
            parameters,
            [| "" |],
            fun id given -> OwnRun.made json OwnRun.oneColumn (make.Invoke given) id
        )

    static member private OfSeveral
        (
            kind,
            parameters,
            outputs: string[],
            json,
            make: Func<IndicatorParameters, Indicator<'State, Candle, 'Out>>,
            values: Func<'Out, float[]>
        ) =
        let columns = OwnRun.columns kind outputs.Length values.Invoke

        IndicatorRecipe.OfRuns(
            kind,
            parameters,
            outputs,
            fun id given -> OwnRun.made json columns (make.Invoke given) id
        )

    /// <summary>A recipe of an indicator of candles without parameters.</summary>
    /// <param name="kind">The name in lists: lower-case letters, digits and _.</param>
    /// <param name="format">How its state is saved.</param>
    /// <param name="indicator">The indicator.</param>
    /// <exception cref="System.ArgumentException">The kind is not a name.</exception>
    static member Of
        (kind: string, format: StateFormat<'State>, indicator: Indicator<'State, Candle, float>)
        : IndicatorRecipe =
        IndicatorRecipe.Of(kind, format, [||], Func<IndicatorParameters, _>(fun _ -> indicator))

    /// <summary>A recipe of an indicator of candles with parameters.</summary>
    /// <param name="kind">The name in lists: lower-case letters, digits and _.</param>
    /// <param name="format">How its state is saved.</param>
    /// <param name="parameters">The parameters, in the order in which a list gives them.</param>
    /// <param name="make">Makes the indicator of parameters that are accepted.</param>
    /// <exception cref="System.ArgumentException">The kind is not a name.</exception>
    static member Of
        (
            kind: string,
            format: StateFormat<'State>,
            parameters: IndicatorParameter[],
            make: Func<IndicatorParameters, Indicator<'State, Candle, float>>
        ) : IndicatorRecipe =
        IndicatorRecipe.OfOne(kind, parameters, FormattedState<'State> format, make)

    /// <summary>A recipe of an indicator of candles with parameters and several outputs.</summary>
    /// <param name="kind">The name in lists: lower-case letters, digits and _.</param>
    /// <param name="format">How its state is saved.</param>
    /// <param name="parameters">The parameters, in the order in which a list gives them.</param>
    /// <param name="outputs">The names of the outputs; columns are called kind_output, or kind where a name is empty.</param>
    /// <param name="make">Makes the indicator of parameters that are accepted.</param>
    /// <param name="values">The outputs as numbers, as many as names.</param>
    /// <exception cref="System.ArgumentException">The kind is not a name, or there is no output.</exception>
    static member Of
        (
            kind: string,
            format: StateFormat<'State>,
            parameters: IndicatorParameter[],
            outputs: string[],
            make: Func<IndicatorParameters, Indicator<'State, Candle, 'Out>>,
            values: Func<'Out, float[]>
        ) : IndicatorRecipe =
        IndicatorRecipe.OfSeveral(kind, parameters, outputs, FormattedState<'State> format, make, values)

    /// <summary>A recipe of an indicator of candles without parameters, whose state is saved by reflection.</summary>
    /// <param name="kind">The name in lists: lower-case letters, digits and _.</param>
    /// <param name="indicator">The indicator.</param>
    /// <exception cref="System.ArgumentException">The kind is not a name.</exception>
    [<RequiresUnreferencedCode(Reflected.Needs); RequiresDynamicCode(Reflected.Needs)>]
    static member Of(kind: string, indicator: Indicator<'State, Candle, float>) : IndicatorRecipe =
        IndicatorRecipe.Of(kind, [||], Func<IndicatorParameters, _>(fun _ -> indicator))

    /// <summary>A recipe of an indicator of candles with parameters, whose state is saved by reflection.</summary>
    /// <param name="kind">The name in lists: lower-case letters, digits and _.</param>
    /// <param name="parameters">The parameters, in the order in which a list gives them.</param>
    /// <param name="make">Makes the indicator of parameters that are accepted.</param>
    /// <exception cref="System.ArgumentException">The kind is not a name.</exception>
    [<RequiresUnreferencedCode(Reflected.Needs); RequiresDynamicCode(Reflected.Needs)>]
    static member Of
        (
            kind: string,
            parameters: IndicatorParameter[],
            make: Func<IndicatorParameters, Indicator<'State, Candle, float>>
        ) : IndicatorRecipe =
        IndicatorRecipe.OfOne(kind, parameters, ReflectedState<'State>(), make)

    /// <summary>A recipe of an indicator of candles with parameters and several outputs, whose state is saved by reflection.</summary>
    /// <param name="kind">The name in lists: lower-case letters, digits and _.</param>
    /// <param name="parameters">The parameters, in the order in which a list gives them.</param>
    /// <param name="outputs">The names of the outputs; columns are called kind_output, or kind where a name is empty.</param>
    /// <param name="make">Makes the indicator of parameters that are accepted.</param>
    /// <param name="values">The outputs as numbers, as many as names.</param>
    /// <exception cref="System.ArgumentException">The kind is not a name, or there is no output.</exception>
    [<RequiresUnreferencedCode(Reflected.Needs); RequiresDynamicCode(Reflected.Needs)>]
    static member Of
        (
            kind: string,
            parameters: IndicatorParameter[],
            outputs: string[],
            make: Func<IndicatorParameters, Indicator<'State, Candle, 'Out>>,
            values: Func<'Out, float[]>
        ) : IndicatorRecipe =
        IndicatorRecipe.OfSeveral(kind, parameters, outputs, ReflectedState<'State>(), make, values)

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
