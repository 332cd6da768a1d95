namespace BtcBandit.Indicators.Laws

open System
open System.Text.Json
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

/// <summary>An indicator and the claims that the laws try; laws without a claim are skipped.</summary>
/// <remarks>
/// Made by <c>Subject.Of</c>; each <c>With...</c> and <c>In...</c> gives a subject that claims more. Warm-up, causality,
/// totality, purity and snapshot are always tried, because every indicator must keep them. If an indicator reads more than
/// its state and candle, say the future from a captured array, only an oracle notices.
/// </remarks>
[<NoComparison; NoEquality>]
type Subject =
    private
        {
            Title: string
            Silent: int
            Outputs: string[]
            Starting: unit -> ColumnRun
            Restoring: JsonElement -> ColumnRun
            Scalings: Scaling[]
            Levels: (ArraySegment<Candle> -> float[] -> float -> float[]) voption
            Definition: (Candle[] -> float[] voption[]) voption
            Slack: (ArraySegment<Candle> -> float[] -> float[]) voption
            Limits: (int -> ArraySegment<Candle> -> float[] -> bool) voption
            Memory: struct (int * float) voption
            Span: int voption
        }

    /// <summary>The name in messages.</summary>
    member subject.Name = subject.Title

    /// <summary>Silent candles before the first output.</summary>
    member subject.WarmUp = subject.Silent

    /// <summary>Names of the outputs.</summary>
    member subject.Columns = subject.Outputs

    /// <summary>How each output scales with prices.</summary>
    member subject.Scaling = subject.Scalings

    /// <summary>Candles that decide an output, where it is a function of a window; else null.</summary>
    member subject.Window =
        match subject.Span with
        | ValueSome candles -> Nullable candles
        | ValueNone -> Nullable()

    /// <summary>A run from the beginning.</summary>
    member subject.Start() = subject.Starting()

    /// <summary>A run from a saved state.</summary>
    member subject.Restore(state: JsonElement) = subject.Restoring state

    member internal subject.Oracle = subject.Definition
    member internal subject.Shifting = subject.Levels
    member internal subject.Bounds = subject.Limits
    member internal subject.Forgetting = subject.Memory

    /// How far apart two correct computations of the outputs may be.
    member internal subject.Tolerance (candles: ArraySegment<Candle>) (expected: float[]) =
        match subject.Slack with
        | ValueSome slack ->
            let slack = slack candles expected |> Sized.demand "The tolerance" subject.Outputs

            if slack |> Array.exists (fun tolerance -> not (tolerance >= 0.0)) then
                let values = slack |> Array.map string |> String.concat ", "
                raise (InvalidOperationException $"The tolerance gave {values}; each must be at least 0.")

            slack
        | ValueNone -> DefaultTolerance.make subject.Scalings subject.Span candles expected

    static member private Make(name: string, warmUp: int, columns: string[], start, restore) =
        ArgumentException.ThrowIfNullOrWhiteSpace(name, nameof name)
        ArgumentOutOfRangeException.ThrowIfNegative(warmUp, nameof warmUp)
        ArgumentNullException.ThrowIfNull(columns, nameof columns)

        if columns.Length = 0 then
            raise (ArgumentException("There is no output; name at least one.", nameof columns))

        match columns |> Array.tryFindIndex String.IsNullOrWhiteSpace with
        | Some i -> raise (ArgumentException($"The output {i + 1} has no name.", nameof columns))
        | None -> ()

        {
            Title = name
            Silent = warmUp
            Outputs = columns
            Starting = start
            Restoring = restore
            Scalings = Array.create columns.Length Scaling.Unstated
            Levels = ValueNone
            Definition = ValueNone
            Slack = ValueNone
            Limits = ValueNone
            Memory = ValueNone
            Span = ValueNone
        }

    /// <summary>A subject of an indicator with several outputs.</summary>
    /// <param name="name">The name in messages.</param>
    /// <param name="indicator">The indicator. Its state must survive System.Text.Json.</param>
    /// <param name="columns">Names of the outputs, at least one.</param>
    /// <param name="values">The outputs as numbers, as many as names; others break the law of totality.</param>
    /// <exception cref="System.ArgumentException">There is no name, no output, or an output without a name.</exception>
    static member Of
        (name: string, indicator: Indicator<'State, Candle, 'Out>, columns: string[], values: Func<'Out, float[]>)
        =
        let write output = values.Invoke output |> Sized.demand "The function of outputs" columns

        Subject.Make(
            name,
            indicator.WarmUp,
            columns,
            (fun () -> StateRun<'State, 'Out>(indicator.Start(), write)),
            (fun saved -> StateRun<'State, 'Out>(indicator.Restore saved, write))
        )

    /// <summary>A subject of an indicator of candles.</summary>
    /// <param name="name">The name in messages.</param>
    /// <param name="indicator">The indicator. Its state must survive System.Text.Json.</param>
    static member Of(name: string, indicator: Indicator<'State, Candle, float>) =
        Subject.Of(name, indicator, [| name |], Func<_, _>(Array.singleton))

    /// <summary>A subject of an indicator of numbers, tried on closes.</summary>
    /// <param name="name">The name in messages.</param>
    /// <param name="indicator">The indicator. Its state must survive System.Text.Json.</param>
    static member OfCloses(name: string, indicator: Indicator<'State, float, float>) =
        Subject.Of(name, indicator |> Indicator.contramap (fun (candle: Candle) -> candle.Close))

    /// <summary>A subject of a plain function: state and candle to the next state and an output, null while silent.</summary>
    /// <param name="name">The name in messages.</param>
    /// <param name="warmUp">Silent candles, 0 or more.</param>
    /// <param name="initial">The state before any candle. It must survive System.Text.Json.</param>
    /// <param name="step">From C#: <c>(state, candle) => (next, silent ? null : output)</c>.</param>
    static member Of
        (name: string, warmUp: int, initial: 'State, step: Func<'State, Candle, struct ('State * Nullable<float>)>)
        =
        Subject.Of(name, IndicatorOf.Candles(warmUp, initial, step))

    /// <summary>A subject of an entry of the catalogue.</summary>
    static member Of(entry: CatalogueEntry) =
        Subject.Make(entry.Id, entry.WarmUp, entry.Columns, entry.Start, entry.Restore)

    /// <summary>Claims that every output is a price.</summary>
    member subject.InPrices() = { subject with Scalings = Array.create subject.Outputs.Length Scaling.Price }

    /// <summary>Claims that every output is a ratio: no unit of price changes it.</summary>
    member subject.InRatios() = { subject with Scalings = Array.create subject.Outputs.Length Scaling.Ratio }

    /// <summary>Claims how each output scales.</summary>
    /// <exception cref="System.ArgumentException">There are more or fewer than outputs.</exception>
    member subject.WithScaling([<ParamArray>] scalings: Scaling[]) =
        if scalings.Length <> subject.Outputs.Length then
            raise (
                ArgumentException($"{scalings.Length} scalings for {subject.Outputs.Length} outputs", nameof scalings)
            )

        { subject with Scalings = scalings }

    /// <summary>Claims what every output is once the same amount is added to every price.</summary>
    /// <param name="shifted">
    /// From the candles so far and the outputs, both before the shift, and the amount, above 0; not a number where nothing
    /// is stated.
    /// </param>
    member subject.WithShifting(shifted: Func<ArraySegment<Candle>, float[], float, float[]>) =
        let levels candles outputs amount =
            shifted.Invoke(candles, outputs, amount)
            |> Sized.demand "The function of shifted outputs" subject.Outputs

        { subject with Levels = ValueSome levels }

    /// <summary>Claims how each output answers the same amount added to every price.</summary>
    /// <exception cref="System.ArgumentException">There are more or fewer than outputs.</exception>
    member subject.WithShifting([<ParamArray>] shiftings: Shifting[]) =
        if shiftings.Length <> subject.Outputs.Length then
            raise (
                ArgumentException(
                    $"{shiftings.Length} shiftings for {subject.Outputs.Length} outputs",
                    nameof shiftings
                )
            )

        let shifted (output: float) amount =
            function
            | Shifting.Follows -> output + amount
            | Shifting.Stays -> output
            | _ -> nan

        subject.WithShifting(fun _ outputs amount ->
            Array.map2 (fun output shifting -> shifted output amount shifting) outputs shiftings)

    /// <summary>Claims that the outputs equal a definition: one row for each candle, null while silent.</summary>
    /// <param name="definition">From all candles; it should share no code with the indicator.</param>
    member subject.WithOracleRows(definition: Func<Candle[], (float[] | null)[]>) =
        let row (values: float[] | null) =
            match values with
            | null -> ValueNone
            | values -> ValueSome(Sized.demand "A row of the definition" subject.Outputs values)

        { subject with Definition = ValueSome(definition.Invoke >> Array.map row) }

    /// <summary>Claims that the only output equals a definition: one number for each candle, null while silent.</summary>
    /// <param name="definition">From all candles; it should share no code with the indicator.</param>
    /// <exception cref="System.ArgumentException">There are several outputs.</exception>
    member subject.WithOracle(definition: Func<Candle[], Nullable<float>[]>) =
        let row (output: Nullable<float>) = if output.HasValue then ValueSome [| output.Value |] else ValueNone

        if subject.Outputs.Length <> 1 then
            raise (
                ArgumentException(
                    $"One number for {subject.Outputs.Length} outputs; WithOracleRows takes rows",
                    nameof definition
                )
            )

        { subject with Definition = ValueSome(definition.Invoke >> Array.map row) }

    /// <summary>States how far apart two correct computations may be, from the candles so far and the outputs expected.</summary>
    /// <remarks>
    /// Without it: prices 1e-12 of the window's largest price, or 1e-9 of the largest so far where there is no window;
    /// everything else 1e-9, relative where it is above 1.
    /// </remarks>
    member subject.WithTolerance(tolerance: Func<ArraySegment<Candle>, float[], float[]>) =
        { subject with
            Slack = ValueSome(fun candles expected -> tolerance.Invoke(candles, expected))
        }

    /// <summary>Claims something of every row of outputs: index, candles up to it, outputs.</summary>
    member subject.WithBounds(bounds: Func<int, ArraySegment<Candle>, float[], bool>) =
        { subject with
            Limits = ValueSome(fun index candles outputs -> bounds.Invoke(index, candles, outputs))
        }

    /// <summary>Claims that after this many candles it no longer matters what came before them.</summary>
    /// <param name="candles">How many, at least 0, in a market that moves.</param>
    /// <param name="tolerance">Of the largest price for prices, else absolute or, above 1, relative; at least 0.</param>
    /// <exception cref="System.ArgumentOutOfRangeException">One of them is below 0 or no finite number.</exception>
    member subject.WithForgetting(candles: int, tolerance: float) =
        ArgumentOutOfRangeException.ThrowIfNegative(candles, nameof candles)

        if not (tolerance >= 0.0 && Double.IsFinite tolerance) then
            raise (ArgumentOutOfRangeException(nameof tolerance, tolerance, "A finite number, at least 0, is needed."))

        { subject with Memory = ValueSome(struct (candles, tolerance)) }

    /// <summary>Claims that this many candles decide an output entirely; the law of drift is about such.</summary>
    /// <param name="candles">How many, at least 1.</param>
    /// <exception cref="System.ArgumentOutOfRangeException">There are fewer than 1.</exception>
    member subject.WithWindow(candles: int) =
        ArgumentOutOfRangeException.ThrowIfLessThan(candles, 1, nameof candles)
        { subject with Span = ValueSome candles }
