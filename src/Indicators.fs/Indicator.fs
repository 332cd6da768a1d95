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

    /// <summary>Makes an indicator from a function that gives the next state and, unless silent, an output. From C#:
    /// <c>IndicatorOf.Fold</c>.</summary>
    /// <remarks>The plain way to write one; <c>create</c> takes the same as a step in place, which is faster.</remarks>
    let ofFold warmUp initial (next: 'State -> 'In -> struct ('State * 'Out voption)) =
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

    /// <summary>Silences the outputs that are not wanted. From C#: <c>Where</c>.</summary>
    /// <remarks>After the warm-up it may then be silent again, so two of these speak together only by chance under <c>zip</c>.</remarks>
    let filter (wanted: 'Out -> bool) (indicator: Indicator<'State, 'In, 'Out>) =
        let inner = indicator.Step

        create
            indicator.WarmUp
            indicator.Initial
            (Step<'State, 'In, 'Out>(fun state input output -> inner.Invoke(&state, &input, &output) && wanted output))

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
        let fold = indicator.Start()

        [|
            for input in inputs do
                match fold.TryNext input with
                | true, output -> ValueSome output
                | false, _ -> ValueNone
        |]

    /// <summary>Runs over a series while it is enumerated: one output for each input, absent while silent.</summary>
    /// <remarks>As long as the series, which may be endless. Each enumeration starts afresh.</remarks>
    let runSeq (indicator: Indicator<'State, 'In, 'Out>) (inputs: 'In seq) : 'Out voption seq =
        seq {
            let fold = indicator.Start()

            for input in inputs do
                match fold.TryNext input with
                | true, output -> ValueSome output
                | false, _ -> ValueNone
        }

    /// <summary>Runs over a stream: its outputs, nothing for silent inputs. From C#: <c>source.Fold(indicator)</c>.</summary>
    /// <remarks>
    /// Each subscriber starts afresh. An exception of the step ends the stream as its error and releases the source; so
    /// does one of the subscriber, but that goes to who sent the input. A source that sends everything before its
    /// Subscribe returns can be released only then; until then it is not listened to.
    /// </remarks>
    let observe (indicator: Indicator<'State, 'In, 'Out>) (source: IObservable<'In>) : IObservable<'Out> =
        ArgumentNullException.ThrowIfNull(source, nameof source)
        FoldedStream<'State, 'In, 'Out>(indicator, source)
