namespace BtcBandit.Indicators

open System
open System.Collections.Generic
open System.Runtime.CompilerServices
open System.Runtime.InteropServices

/// <summary>Advances the caller's own copy of a state by one input.</summary>
/// <param name="state">Read and replaced; nothing else is changed, so copying the state before is keeping it.</param>
/// <param name="input">The next input.</param>
/// <param name="output">The output; meaningless when there is none.</param>
/// <returns>Whether there is an output; false is silence.</returns>
/// <remarks>Total and pure: the same state and input always give the same state and output.</remarks>
type Step<'State, 'In, 'Out> =
    delegate of state: byref<'State> * input: inref<'In> * [<Out>] output: byref<'Out> -> bool

/// An indicator as a struct type, its parameters as fields: a run that is generic over it is compiled for it alone, so
/// that a step is part of the run instead of a call. `Indicator.ofStep` makes a public indicator of the same code.
type internal IStep<'State, 'In, 'Out> =
    abstract WarmUp: int
    abstract Initial: 'State
    abstract Invoke: state: byref<'State> * input: inref<'In> * output: byref<'Out> -> bool

/// <summary>A fold as a value: how many inputs are silent, where it starts and how it steps.</summary>
/// <remarks>
/// States are immutable values, preferably structs: kept, forked, compared and written to JSON by the caller.
/// Warm-ups add under <c>andThen</c> and take the maximum under <c>zip</c>.
/// </remarks>
[<NoComparison; NoEquality>]
type Indicator<'State, 'In, 'Out> =
    {
        /// Silent inputs before the first output; never silent after.
        WarmUp: int
        /// The state before any input.
        Initial: 'State
        /// One step.
        Step: Step<'State, 'In, 'Out>
    }

    /// <summary>Starts a run with a state of its own.</summary>
    member indicator.Start() = Fold<'State, 'In, 'Out>(indicator.Step, indicator.Initial)

    /// <summary>Continues a run from a kept state.</summary>
    /// <exception cref="System.ArgumentException">The state is its type's default, which no run of this indicator has.</exception>
    member indicator.StartFrom(state: 'State) =
        let isDefault value = EqualityComparer<'State>.Default.Equals(value, Unchecked.defaultof<'State>)

        // Zeros are a number's state; what holds windows has none without them.
        if
            RuntimeHelpers.IsReferenceOrContainsReferences<'State>()
            && isDefault state
            && not (isDefault indicator.Initial)
        then
            raise (ArgumentException("A default state is not the state of a run; Start() begins one.", nameof state))

        Fold<'State, 'In, 'Out>(indicator.Step, state)

/// <summary>One run of an indicator: a step and its own copy of a state. For one thread at a time.</summary>
and [<Sealed>] Fold<'State, 'In, 'Out>(step: Step<'State, 'In, 'Out>, initial: 'State) =
    let mutable state = initial

    /// <summary>The state so far; a value, so keeping it is enough to come back to this moment.</summary>
    member _.State = state

    /// <summary>Takes one input.</summary>
    /// <returns>False while silent.</returns>
    member _.TryNext(input: 'In, [<Out>] output: byref<'Out>) : bool = step.Invoke(&state, &input, &output)

    /// <summary>A second run from here on; the two no longer share anything.</summary>
    member _.Fork() = Fold<'State, 'In, 'Out>(step, state)

/// <summary>Two states side by side, advanced in place.</summary>
[<Struct>]
type Pair<'First, 'Second> = { mutable First: 'First; mutable Second: 'Second }

/// <summary>Composition of indicators.</summary>
[<RequireQualifiedAccess>]
module Indicator =

    /// <summary>Makes an indicator from its parts.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">The warm-up is negative.</exception>
    [<CompiledName("Create")>]
    let create warmUp initial (step: Step<'State, 'In, 'Out>) =
        ArgumentOutOfRangeException.ThrowIfNegative(warmUp, nameof warmUp)
        { WarmUp = warmUp; Initial = initial; Step = step }

    /// The public face of a step.
    let internal ofStep (step: 'Step when 'Step: struct and 'Step :> IStep<'State, 'In, 'Out>) =
        create
            step.WarmUp
            step.Initial
            (Step<'State, 'In, 'Out>(fun state input output -> step.Invoke(&state, &input, &output)))

    /// <summary>Makes an indicator from a function that gives the next state and, unless silent, an output.</summary>
    /// <remarks>The plain way to write one; <c>create</c> takes the same as a step in place, which is faster.</remarks>
    [<CompiledName("OfFold")>]
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

    /// <summary>Changes every output.</summary>
    [<CompiledName("Map")>]
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

    /// <summary>Changes every input before the indicator sees it, for instance a candle to its close.</summary>
    [<CompiledName("Contramap")>]
    let contramap (change: 'Source -> 'In) (indicator: Indicator<'State, 'In, 'Out>) =
        let inner = indicator.Step

        create
            indicator.WarmUp
            indicator.Initial
            (Step<'State, 'Source, 'Out>(fun state input output ->
                let changed = change input
                inner.Invoke(&state, &changed, &output)))

    /// <summary>Runs two indicators on the same input; speaks when both do.</summary>
    [<CompiledName("Zip")>]
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
    [<CompiledName("AndThen")>]
    let andThen (second: Indicator<'S2, 'Middle, 'Out>) (first: Indicator<'S1, 'In, 'Middle>) =
        let step1, step2 = first.Step, second.Step

        create
            (first.WarmUp + second.WarmUp)
            { First = first.Initial; Second = second.Initial }
            (Step<Pair<'S1, 'S2>, 'In, 'Out>(fun state input output ->
                let mutable middle = Unchecked.defaultof<'Middle>

                step1.Invoke(&state.First, &input, &middle)
                && step2.Invoke(&state.Second, &middle, &output)))

    /// <summary>Silences the outputs that are not wanted.</summary>
    /// <remarks>After the warm-up it may then be silent again, so two of these speak together only by chance under <c>zip</c>.</remarks>
    [<CompiledName("Filter")>]
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
    [<CompiledName("Delay")>]
    let delay length =
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
    [<CompiledName("Run")>]
    let run (indicator: Indicator<'State, 'In, 'Out>) (inputs: 'In seq) : 'Out voption[] =
        let fold = indicator.Start()

        [|
            for input in inputs do
                match fold.TryNext input with
                | true, output -> ValueSome output
                | false, _ -> ValueNone
        |]
