namespace BtcBandit.Indicators

open System
open System.Collections.Generic
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Text.Json

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
/// States are immutable values, preferably structs: kept, forked and compared by the caller, and saved as JSON.
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

    /// Zeros are a number's state; what holds windows has none without them.
    member private indicator.IsUnborn(state: 'State) =
        let isDefault value = EqualityComparer<'State>.Default.Equals(value, Unchecked.defaultof<'State>)

        RuntimeHelpers.IsReferenceOrContainsReferences<'State>()
        && isDefault state
        && not (isDefault indicator.Initial)

    /// <summary>Continues a run from a kept state.</summary>
    /// <remarks>
    /// A state does not say what it is a state of: one of another period, multiple or indicator may have the same type, is
    /// taken as well, and goes on with wrong numbers. Keep beside it what it is of; entries of the catalogue do and check it.
    /// </remarks>
    /// <exception cref="System.ArgumentException">The state is its type's default, which no run of this indicator has.</exception>
    member indicator.StartFrom(state: 'State) =
        if indicator.IsUnborn state then
            raise (ArgumentException("A default state is not the state of a run; Start() begins one.", nameof state))

        Fold<'State, 'In, 'Out>(indicator.Step, state)

    /// <summary>Continues a run from a saved state, to the last bit.</summary>
    /// <param name="saved">What <c>Save</c> of a run of this indicator gave.</param>
    /// <remarks>
    /// As with <c>StartFrom</c>, a state of another period is not noticed: keep beside it what it is of. <c>Restore</c> of an
    /// entry of the catalogue checks that.
    /// </remarks>
    /// <exception cref="System.Text.Json.JsonException">It is no state of this type, or lacks what every run of it has.</exception>
    member indicator.Restore(saved: JsonElement) =
        let state = SavedState.readOrNothing<'State> saved

        if saved.ValueKind <> JsonValueKind.Null && indicator.IsUnborn state then
            raise (JsonException "The saved state has nothing of what a run of this indicator has.")

        Fold<'State, 'In, 'Out>(indicator.Step, state)

/// <summary>One run of an indicator: a step and its own copy of a state. For one thread at a time.</summary>
and [<Sealed>] Fold<'State, 'In, 'Out>(step: Step<'State, 'In, 'Out>, initial: 'State) =
    let mutable state = initial

    /// <summary>The state so far; a value, so keeping it is enough to come back to this moment.</summary>
    member _.State = state

    /// <summary>The state so far as JSON, to the last bit; <c>Restore</c> of the same indicator goes on from it.</summary>
    /// <exception cref="System.NotSupportedException">System.Text.Json cannot write a state of this type.</exception>
    member _.Save() : JsonElement = SavedState.write state

    /// <summary>Takes one input.</summary>
    /// <returns>False while silent.</returns>
    member _.TryNext(input: 'In, [<Out>] output: byref<'Out>) : bool = step.Invoke(&state, &input, &output)

    /// <summary>A second run from here on; the two no longer share anything.</summary>
    member _.Fork() = Fold<'State, 'In, 'Out>(step, state)

/// <summary>Two states side by side, advanced in place.</summary>
[<Struct>]
type Pair<'First, 'Second> = { mutable First: 'First; mutable Second: 'Second }
