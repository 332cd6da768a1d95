namespace BtcBandit.Indicators

open System
open System.Collections.Generic
open System.Runtime.CompilerServices
open BtcBandit.Indicators.FSharp

/// <summary>Makes indicators of functions, for C#.</summary>
[<AbstractClass; Sealed>]
type IndicatorOf =

    /// <summary>Makes an indicator from a step that advances a state in place, which is the fastest way.</summary>
    /// <param name="warmUp">Silent inputs before the first output, 0 or more.</param>
    /// <param name="initial">The state before any input; a value, preferably a struct.</param>
    /// <param name="step">Pure but for the state it is given; returns whether there is an output.</param>
    /// <exception cref="System.ArgumentOutOfRangeException">The warm-up is negative.</exception>
    static member Step(warmUp: int, initial: 'State, step: Step<'State, 'In, 'Out>) : Indicator<'State, 'In, 'Out> =
        Indicator.create warmUp initial step

    /// <summary>Makes an indicator from a function: state and input to the next state and an output, null while silent.</summary>
    /// <param name="warmUp">Silent inputs before the first output, 0 or more.</param>
    /// <param name="initial">The state before any input; a value, preferably a record struct or a tuple.</param>
    /// <param name="step">Pure: <c>(state, input) => (next, silent ? null : output)</c>.</param>
    /// <exception cref="System.ArgumentOutOfRangeException">The warm-up is negative.</exception>
    static member Scan
        (warmUp: int, initial: 'State, step: Func<'State, 'In, struct ('State * Nullable<'Out>)>)
        : Indicator<'State, 'In, 'Out> =
        let next state input =
            let struct (next, output) = step.Invoke(state, input)
            struct (next, (if output.HasValue then ValueSome output.Value else ValueNone))

        Indicator.tryScan warmUp next initial

    /// <summary>Makes an indicator of candles with one number as output; C# finds the types of its function by itself.</summary>
    /// <param name="warmUp">Silent candles before the first output, 0 or more.</param>
    /// <param name="initial">The state before any candle; a value, preferably a record struct or a tuple.</param>
    /// <param name="step">Pure: <c>(state, candle) => (next, silent ? null : output)</c>.</param>
    /// <exception cref="System.ArgumentOutOfRangeException">The warm-up is negative.</exception>
    static member Candles(warmUp: int, initial: 'State, step: Func<'State, Candle, struct ('State * Nullable<float>)>) =
        IndicatorOf.Scan(warmUp, initial, step)

/// <summary>Composition of indicators as extension methods, for C#.</summary>
[<AbstractClass; Sealed; Extension>]
type IndicatorExtensions =

    /// <summary>Changes every output.</summary>
    [<Extension>]
    static member Select(indicator: Indicator<'State, 'In, 'Out>, change: Func<'Out, 'Changed>) =
        indicator |> Indicator.map change.Invoke

    /// <summary>Changes every input before the indicator sees it, for instance a candle to its close.</summary>
    [<Extension>]
    static member Of(indicator: Indicator<'State, 'In, 'Out>, change: Func<'Source, 'In>) =
        indicator |> Indicator.contramap change.Invoke

    /// <summary>Makes an indicator of candles of one of numbers: it sees their closes.</summary>
    [<Extension>]
    static member OfCloses(indicator: Indicator<'State, float, 'Out>) =
        indicator |> Indicator.contramap (fun (candle: Candle) -> candle.Close)

    /// <summary>Runs two indicators on the same input and joins their outputs; silent until both speak.</summary>
    [<Extension>]
    static member Zip(first: Indicator<'S1, 'In, 'O1>, second: Indicator<'S2, 'In, 'O2>, join: Func<'O1, 'O2, 'Out>) =
        Indicator.map2 (fun one other -> join.Invoke(one, other)) first second

    /// <summary>Feeds the outputs into a second indicator; the warm-ups add.</summary>
    [<Extension>]
    static member Then(first: Indicator<'S1, 'In, 'Middle>, second: Indicator<'S2, 'Middle, 'Out>) =
        first |> Indicator.andThen second

    /// <summary>The outputs of the indicator, delayed by some inputs.</summary>
    /// <param name="indicator">The indicator whose outputs are delayed.</param>
    /// <param name="length">Outputs to wait, at least 1.</param>
    [<Extension>]
    static member Delay(indicator: Indicator<'State, 'In, float>, length: int) =
        indicator |> Indicator.andThen (Indicator.delay length)

    /// <summary>Runs over a series, while it is enumerated: the position of each input that is not silent, and its output.</summary>
    [<Extension>]
    static member Over
        (indicator: Indicator<'State, 'In, 'Out>, inputs: IEnumerable<'In>)
        : IEnumerable<struct (int * 'Out)> =
        seq {
            let run = indicator.Start()
            let mutable index = 0

            for input in inputs do
                match run.TryNext input with
                | true, output -> yield struct (index, output)
                | false, _ -> ()

                index <- index + 1
        }

    /// <summary>Runs over a stream: its outputs, nothing for silent inputs.</summary>
    /// <param name="source">The inputs.</param>
    /// <param name="indicator">The indicator; each subscriber has a run of its own.</param>
    /// <returns>A stream that ends as the source does, or with the exception of a step that throws.</returns>
    /// <exception cref="System.ArgumentNullException">There is no source.</exception>
    [<Extension>]
    static member Scan(source: IObservable<'In>, indicator: Indicator<'State, 'In, 'Out>) : IObservable<'Out> =
        Indicator.observe indicator source
