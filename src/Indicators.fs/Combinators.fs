namespace BtcBandit.Indicators.FSharp

open System
open BtcBandit.Indicators

/// <summary>Composition of indicators, for F#. C# has it as methods of every indicator and as <c>IndicatorOf</c>.</summary>
[<RequireQualifiedAccess>]
module Indicator =

    /// <summary>Makes an indicator from its parts.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The warm-up is negative.</exception>
    let create warmUp initial (step: Step<'State, 'In, 'Out>) =
        ArgumentOutOfRangeException.ThrowIfNegative(warmUp, nameof warmUp)
        { WarmUp = warmUp; Initial = initial; Step = step }

    /// The public face of a step.
    let internal ofStep (step: 'Step when 'Step: struct and 'Step :> IStep<'State, 'In, 'Out>) =
        create
            step.WarmUp
            step.Initial
            (Step<'State, 'In, 'Out>(fun state input output -> step.Invoke(&state, &input, &output)))

    /// <summary>Makes an indicator that is never silent from a pure function: state and input to the next state and an
    /// output.</summary>
    /// <param name="next">For instance <c>fun high price -> let high = max high price in struct (high, high - price)</c>.</param>
    /// <param name="initial">The state before any input.</param>
    /// <remarks>The plain way to write one. <c>create</c> takes a step that changes the state in place, which is faster.</remarks>
    let scan (next: 'State -> 'In -> struct ('State * 'Out)) (initial: 'State) =
        create
            0
            initial
            (Step<'State, 'In, 'Out>(fun state input output ->
                let struct (after, result) = next state input
                state <- after
                output <- result
                true))

    /// <summary>Makes an indicator from a pure function that is silent at first: state and input to the next state and an
    /// output, absent while silent. From C#: <c>IndicatorOf.Scan</c>.</summary>
    /// <param name="warmUp">Silent inputs, 0 or more; afterwards the function must always give an output.</param>
    /// <param name="next">The function.</param>
    /// <param name="initial">The state before any input.</param>
    /// <exception cref="System.ArgumentOutOfRangeException">The warm-up is negative.</exception>
    let tryScan warmUp (next: 'State -> 'In -> struct ('State * 'Out voption)) (initial: 'State) =
        create
            warmUp
            initial
            (Step<'State, 'In, 'Out>(fun state input output ->
                let struct (after, result) = next state input
                state <- after

                match result with
                | ValueSome value ->
                    output <- value
                    true
                | ValueNone -> false))

    /// <summary>Changes every output. From C#: <c>Select</c>.</summary>
    let map (change: 'Out -> 'Changed) (indicator: Indicator<'State, 'In, 'Out>) =
        let inner = indicator.Step

        create
            indicator.WarmUp
            indicator.Initial
            (Step<'State, 'In, 'Changed>(fun state input output ->
                let mutable value = Unchecked.defaultof<'Out>

                if inner.Invoke(&state, &input, &value) then
                    output <- change value
                    true
                else
                    false))

    /// <summary>Changes every input before the indicator sees it, for instance a candle to its close. From C#: <c>Of</c>.</summary>
    let contramap (change: 'Source -> 'In) (indicator: Indicator<'State, 'In, 'Out>) =
        let inner = indicator.Step

        create
            indicator.WarmUp
            indicator.Initial
            (Step<'State, 'Source, 'Out>(fun state input output ->
                let changed = change input
                inner.Invoke(&state, &changed, &output)))

    /// <summary>Runs two indicators on the same input; speaks when both do.</summary>
    let zip (first: Indicator<'S1, 'In, 'O1>) (second: Indicator<'S2, 'In, 'O2>) =
        let step1, step2 = first.Step, second.Step

        create
            (max first.WarmUp second.WarmUp)
            { First = first.Initial; Second = second.Initial }
            (Step<Pair<'S1, 'S2>, 'In, struct ('O1 * 'O2)>(fun state input output ->
                let mutable output1 = Unchecked.defaultof<'O1>
                let mutable output2 = Unchecked.defaultof<'O2>
                let speaks1 = step1.Invoke(&state.First, &input, &output1)
                let speaks2 = step2.Invoke(&state.Second, &input, &output2)
                output <- struct (output1, output2)
                speaks1 && speaks2))

    /// <summary>Runs two indicators on the same input and joins their outputs; speaks when both do. From C#:
    /// <c>Zip</c>.</summary>
    let map2 (join: 'O1 -> 'O2 -> 'Out) (first: Indicator<'S1, 'In, 'O1>) (second: Indicator<'S2, 'In, 'O2>) =
        let step1, step2 = first.Step, second.Step

        create
            (max first.WarmUp second.WarmUp)
            { First = first.Initial; Second = second.Initial }
            (Step<Pair<'S1, 'S2>, 'In, 'Out>(fun state input output ->
                let mutable output1 = Unchecked.defaultof<'O1>
                let mutable output2 = Unchecked.defaultof<'O2>
                let speaks1 = step1.Invoke(&state.First, &input, &output1)
                let speaks2 = step2.Invoke(&state.Second, &input, &output2)
                let speaks = speaks1 && speaks2

                if speaks then
                    output <- join output1 output2

                speaks))

    /// <summary>Feeds the outputs of the first indicator into the second.</summary>
    let andThen (second: Indicator<'S2, 'Middle, 'Out>) (first: Indicator<'S1, 'In, 'Middle>) =
        let step1, step2 = first.Step, second.Step

        create
            (first.WarmUp + second.WarmUp)
            { First = first.Initial; Second = second.Initial }
            (Step<Pair<'S1, 'S2>, 'In, 'Out>(fun state input output ->
                let mutable middle = Unchecked.defaultof<'Middle>

                step1.Invoke(&state.First, &input, &middle)
                && step2.Invoke(&state.Second, &middle, &output)))

    /// <summary>A number as it was some inputs ago; <c>andThen (delay n)</c> delays an indicator's output.</summary>
    /// <param name="length">Inputs to wait, at least 1.</param>
    /// <returns>In the unit of the input. Silent for <paramref name="length" /> inputs.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The length is below 1.</exception>
    let delay length =
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1, nameof length)

        create
            length
            (Window.Empty length)
            (Step<Window, float, float>(fun state input output ->
                let speaks = state.IsFull

                if speaks then
                    output <- state.Oldest

                state <- state.Push input
                speaks))

    /// <summary>Runs over a whole series: one output for each input, absent while silent.</summary>
    let run (indicator: Indicator<'State, 'In, 'Out>) (inputs: 'In seq) : 'Out voption[] =
        let run = indicator.Start()

        [|
            for input in inputs do
                match run.TryNext input with
                | true, output -> ValueSome output
                | false, _ -> ValueNone
        |]

    /// <summary>Runs over a series while it is enumerated: one output for each input, absent while silent.</summary>
    /// <remarks>As long as the series, which may be endless. Each enumeration is a new run.</remarks>
    let runSeq (indicator: Indicator<'State, 'In, 'Out>) (inputs: 'In seq) : 'Out voption seq =
        seq {
            let run = indicator.Start()

            for input in inputs do
                match run.TryNext input with
                | true, output -> ValueSome output
                | false, _ -> ValueNone
        }

    /// <summary>Runs over a stream: its outputs, nothing for silent inputs. From C#: <c>source.Scan(indicator)</c>.</summary>
    /// <remarks>
    /// Each subscriber has a run of its own. If the step throws, the stream ends with that exception and the source is
    /// released. If the subscriber throws, the source is released too, and the exception goes to the sender. A source that
    /// sends everything before its Subscribe returns can be released only afterwards; until then its values are ignored.
    /// </remarks>
    let observe (indicator: Indicator<'State, 'In, 'Out>) (source: IObservable<'In>) : IObservable<'Out> =
        ArgumentNullException.ThrowIfNull(source, nameof source)
        ScannedStream<'State, 'In, 'Out>(indicator, source)

/// <summary>Builds indicators of several that run on the same input: see <c>indicator</c>.</summary>
[<Sealed>]
type IndicatorBuilder() =
    /// <summary>One indicator's outputs, changed.</summary>
    member inline _.BindReturn(source: Indicator<'State, 'In, 'Out>, [<InlineIfLambda>] change: 'Out -> 'Changed) =
        Indicator.map (fun output -> change output) source

    /// <summary>Two indicators' outputs, joined.</summary>
    member inline _.Bind2Return
        (first: Indicator<'S1, 'In, 'O1>, second: Indicator<'S2, 'In, 'O2>, [<InlineIfLambda>] join: 'O1 * 'O2 -> 'Out)
        =
        Indicator.map2 (fun output1 output2 -> join (output1, output2)) first second

    /// <summary>Two indicators side by side, for three and more.</summary>
    member _.MergeSources(first: Indicator<'S1, 'In, 'O1>, second: Indicator<'S2, 'In, 'O2>) =
        Indicator.map2 (fun output1 output2 -> output1, output2) first second

/// <summary>The builder of indicators.</summary>
[<AutoOpen>]
module IndicatorExpression =

    /// <summary>An indicator of several: <c>indicator { let! fall = fall and! range = atr 14 in return fall / range }</c>.</summary>
    /// <remarks>
    /// All run on the same input; it speaks when all do, so warm-ups take the maximum. One and two cost what <c>map</c> and
    /// <c>map2</c> cost; three and more make a tuple for each input.
    /// </remarks>
    let indicator = IndicatorBuilder()
