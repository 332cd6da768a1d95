namespace BtcBandit.Indicators

open System
open System.Collections.Generic
open System.Diagnostics.CodeAnalysis
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Text.Json

/// <summary>One step of an indicator: advances the caller's copy of a state by one input.</summary>
/// <param name="state">The state, replaced by the next one. Nothing else changes, so a copy made before is a kept state.</param>
/// <param name="input">The next input.</param>
/// <param name="output">The output; meaningless while silent.</param>
/// <returns>True with an output, false while silent.</returns>
/// <remarks>A step accepts every input, and the same state and input always give the same state and output.</remarks>
type Step<'State, 'In, 'Out> =
    delegate of state: byref<'State> * input: inref<'In> * [<Out>] output: byref<'Out> -> bool

/// An indicator as a struct type with its parameters as fields. A run that is generic over it is compiled for it alone, so
/// the runtime can inline the step. `Indicator.ofStep` makes a public indicator of the same code.
type internal IStep<'State, 'In, 'Out> =
    abstract WarmUp: int
    abstract Initial: 'State
    /// Whether a run of this step can have a state with such counts and lengths; other numbers may be anything.
    abstract Accepts: state: 'State -> bool
    abstract Invoke: state: byref<'State> * input: inref<'In> * output: byref<'Out> -> bool

/// <summary>An indicator as a value: the number of silent inputs, the first state and the step.</summary>
/// <remarks>
/// A state is an immutable value, preferably a struct: callers keep, fork and compare it, and save it as JSON.
/// Warm-ups add under <c>andThen</c> and take the maximum under <c>zip</c>.
/// </remarks>
[<NoComparison; NoEquality>]
type Indicator<'State, 'In, 'Out> =
    {
        /// The number of silent inputs before the first output; afterwards every input gives one.
        WarmUp: int
        /// The state before any input.
        Initial: 'State
        /// The step from one state to the next.
        Step: Step<'State, 'In, 'Out>
    }

    /// <summary>Starts a run with a state of its own.</summary>
    member indicator.Start() = IndicatorRun<'State, 'In, 'Out>(indicator.Step, indicator.Initial)

    /// Whether a state is its type's default where runs have windows: no run has such a state. All zeros, where there is no
    /// window, can be the state of an average.
    member private indicator.LacksWindows(state: 'State) =
        let isDefault value = EqualityComparer<'State>.Default.Equals(value, Unchecked.defaultof<'State>)

        RuntimeHelpers.IsReferenceOrContainsReferences<'State>()
        && isDefault state
        && not (isDefault indicator.Initial)

    /// <summary>Continues a run from a kept state.</summary>
    /// <remarks>
    /// A state does not say which indicator it belongs to. A state of another period, multiple or indicator may have the same
    /// type; it is accepted, and the outputs are wrong. Keep the name and parameters beside it, as entries of the catalogue do.
    /// </remarks>
    /// <exception cref="System.ArgumentException">The state is its type's default, which no run of this indicator has.</exception>
    member indicator.StartFrom(state: 'State) =
        if indicator.LacksWindows state then
            raise (ArgumentException("A default state is not the state of a run; Start() begins one.", nameof state))

        IndicatorRun<'State, 'In, 'Out>(indicator.Step, state)

    /// Continues a run from the state that was read of some JSON. Only a null may stand for the default state.
    member internal indicator.ContinueFrom(saved: JsonElement, state: 'State) =
        if saved.ValueKind <> JsonValueKind.Null && indicator.LacksWindows state then
            raise (JsonException "The saved state is empty: it lacks the windows that every run of this indicator has.")

        IndicatorRun<'State, 'In, 'Out>(indicator.Step, state)

    /// <summary>Continues a run from a saved state: its outputs have the same bits as without the interruption.</summary>
    /// <param name="saved">What <c>Save</c> of a run of this indicator gave.</param>
    /// <remarks>
    /// As with <c>StartFrom</c>, a state of another period is not noticed; <c>Restore</c> of a catalogue's entry notices it.
    /// </remarks>
    /// <exception cref="System.Text.Json.JsonException">The JSON is not a state of this type, or lacks a window.</exception>
    [<RequiresUnreferencedCode(Reflected.Needs); RequiresDynamicCode(Reflected.Needs)>]
    member indicator.Restore(saved: JsonElement) = indicator.ContinueFrom(saved, Reflected.read<'State> saved)

/// <summary>One run of an indicator: a step and its own copy of a state. For one thread at a time.</summary>
and [<Sealed>] IndicatorRun<'State, 'In, 'Out>(step: Step<'State, 'In, 'Out>, initial: 'State) =
    let mutable state = initial

    /// <summary>The current state. It is a value: a copy is enough to come back to this moment.</summary>
    member _.State = state

    /// <summary>The current state as JSON, to the last bit; <c>Restore</c> of the same indicator continues from it.</summary>
    /// <exception cref="System.NotSupportedException">System.Text.Json cannot write a state of this type.</exception>
    [<RequiresUnreferencedCode(Reflected.Needs); RequiresDynamicCode(Reflected.Needs)>]
    member _.Save() : JsonElement = Reflected.write state

    /// <summary>Takes one input.</summary>
    /// <returns>False while silent.</returns>
    member _.TryNext(input: 'In, [<Out>] output: byref<'Out>) : bool = step.Invoke(&state, &input, &output)

    /// <summary>A second run that continues from the current state; the two share nothing.</summary>
    member _.Fork() = IndicatorRun<'State, 'In, 'Out>(step, state)

/// <summary>Two states side by side, advanced in place.</summary>
[<Struct>]
type Pair<'First, 'Second> = { mutable First: 'First; mutable Second: 'Second }
