namespace BtcBandit.Indicators

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Text.Json.Serialization
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Numerics

/// <summary>State of three averages in a chain.</summary>
[<Struct; JsonConverter(typeof<TrixFormat>)>]
type TrixState =
    {
        mutable First: SmoothedState
        mutable Second: SmoothedState
        mutable Third: SmoothedState
        /// Whether the third average was there before.
        mutable HasPrevious: bool
        /// The third average before.
        mutable Previous: float
    }

and [<Sealed>] internal TrixFormat() =
    inherit FieldsFormat<TrixState>()

    override _.Visit(fields, state) =
        fields.State("First", SmoothedFormat.Instance, &state.First)
        fields.State("Second", SmoothedFormat.Instance, &state.Second)
        fields.State("Third", SmoothedFormat.Instance, &state.Third)
        fields.Flag("HasPrevious", &state.HasPrevious)
        fields.Number("Previous", &state.Previous)

/// <summary>State of a relative strength.</summary>
[<Struct; JsonConverter(typeof<RsiFormat>)>]
type RsiState =
    {
        mutable HasPrevious: bool
        mutable Previous: float
        /// Wilder's average of the rises.
        mutable Up: SmoothedState
        /// Wilder's average of the falls, as positive numbers.
        mutable Down: SmoothedState
    }

and [<Sealed>] internal RsiFormat() =
    inherit FieldsFormat<RsiState>()

    override _.Visit(fields, state) =
        fields.Flag("HasPrevious", &state.HasPrevious)
        fields.Number("Previous", &state.Previous)
        fields.State("Up", SmoothedFormat.Instance, &state.Up)
        fields.State("Down", SmoothedFormat.Instance, &state.Down)

/// <summary>State of a moving average convergence and divergence.</summary>
[<Struct; JsonConverter(typeof<MacdFormat>)>]
type MacdState =
    {
        /// Inputs before the fast average, up to the difference of the two periods.
        mutable Seen: int
        mutable Fast: SmoothedState
        mutable Slow: SmoothedState
        mutable Signal: SmoothedState
    }

and [<Sealed>] internal MacdFormat() =
    inherit FieldsFormat<MacdState>()

    override _.Visit(fields, state) =
        fields.Int("Seen", &state.Seen)
        fields.State("Fast", SmoothedFormat.Instance, &state.Fast)
        fields.State("Slow", SmoothedFormat.Instance, &state.Slow)
        fields.State("Signal", SmoothedFormat.Instance, &state.Signal)

/// <summary>Moving average convergence and divergence, in the unit of the input.</summary>
[<Struct; StructLayout(LayoutKind.Sequential)>]
type Macd =
    {
        /// Fast average - slow average.
        Macd: float
        /// Its average.
        Signal: float
        /// Macd - signal.
        Histogram: float
    }

/// <summary>Momentum of a number: TRIX, relative strength, rate of change and MACD.</summary>
[<RequireQualifiedAccess>]
module Momentum =

    let private noTrix =
        {
            TrixState.First = Smoothing.start
            Second = Smoothing.start
            Third = Smoothing.start
            HasPrevious = false
            Previous = 0.0
        }

    let private noChange =
        {
            RsiState.HasPrevious = false
            Previous = 0.0
            Up = Smoothing.start
            Down = Smoothing.start
        }

    let private noMacd =
        { Seen = 0; Fast = Smoothing.start; Slow = Smoothing.start; Signal = Smoothing.start }

    [<Struct>]
    type internal TrixStep =
        val private period: int
        val private gain: float
        new(period) = { period = ParameterRange.Period period; gain = Averages.emaGain period }

        interface IStep<TrixState, float, float> with
            member step.WarmUp = 3 * step.period - 2
            member _.Initial = noTrix

            member step.Accepts state =
                let period = step.period

                Smoothing.accepts period state.First
                && Smoothing.accepts period state.Second
                && Smoothing.accepts period state.Third
                && Smoothing.follows period state.First state.Second
                && Smoothing.follows period state.Second state.Third
                && state.HasPrevious = (state.Third.Seen = period)

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, input, output) =
                let mutable first, second, third = 0.0, 0.0, 0.0

                if
                    Smoothing.step &state.First step.period step.gain input &first
                    && Smoothing.step &state.Second step.period step.gain first &second
                    && Smoothing.step &state.Third step.period step.gain second &third
                then
                    let before = state.Previous
                    let speaks = state.HasPrevious
                    state.HasPrevious <- true
                    state.Previous <- third
                    // Equals 100 x (e3 / before - 1), but keeps the digits that the quotient near 1 would lose.
                    output <- if speaks then 100.0 * ((third - before) / before) else 0.0
                    speaks
                else
                    false

    [<Struct>]
    type internal RsiStep =
        val private period: int
        val private gain: float
        new(period) = { period = ParameterRange.Period period; gain = Averages.wilderGain period }

        interface IStep<RsiState, float, float> with
            member step.WarmUp = step.period
            member _.Initial = noChange

            member step.Accepts state =
                Smoothing.accepts step.period state.Up
                && state.Down.Seen = state.Up.Seen
                && (state.HasPrevious || state.Up.Seen = 0)

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, input, output) =
                let change = input - state.Previous
                let first = not state.HasPrevious
                state.HasPrevious <- true
                state.Previous <- input

                if first then
                    false
                else
                    let rise = if change > 0.0 then change else 0.0
                    let fall = if change < 0.0 then -change else 0.0
                    let mutable up, down = 0.0, 0.0
                    let speaks = Smoothing.step &state.Up step.period step.gain rise &up
                    Smoothing.step &state.Down step.period step.gain fall &down |> ignore
                    let both = up + down
                    output <- if both > 0.0 then 100.0 * (up / both) else 50.0
                    speaks

    [<Struct>]
    type internal RocStep =
        val private length: int
        new(length) = { length = ParameterRange.Period length }

        interface IStep<Window, float, float> with
            member step.WarmUp = step.length
            member step.Initial = Window.Empty step.length
            member step.Accepts state = state.Capacity = step.length

            member _.Invoke(state, input, output) =
                let speaks = state.IsFull

                if speaks then
                    let before = state.Oldest
                    output <- 100.0 * ((input - before) / before)

                state <- state.Push input
                speaks

    [<Struct>]
    type internal MacdStep =
        val private fast: int
        val private slow: int
        val private signal: int
        val private fastGain: float
        val private slowGain: float
        val private signalGain: float

        new(fast, slow, signal) =
            if ParameterRange.Period fast >= ParameterRange.Period slow then
                raise (
                    ArgumentOutOfRangeException(
                        nameof fast,
                        fast,
                        $"the fast period must be below the slow one, {slow}"
                    )
                )

            {
                fast = fast
                slow = slow
                signal = ParameterRange.Period signal
                fastGain = Averages.emaGain fast
                slowGain = Averages.emaGain slow
                signalGain = Averages.emaGain signal
            }

        interface IStep<MacdState, float, Macd> with
            member step.WarmUp = step.slow + step.signal - 2
            member _.Initial = noMacd

            member step.Accepts state =
                let before = step.slow - step.fast

                state.Seen >= 0
                && state.Seen <= before
                && Smoothing.accepts step.fast state.Fast
                && (state.Fast.Seen = 0 || state.Seen = before)
                && state.Slow.Seen = state.Seen + state.Fast.Seen
                && Smoothing.accepts step.signal state.Signal
                && Smoothing.follows step.slow state.Slow state.Signal

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, input, output) =
                let mutable fast, slow, line = 0.0, 0.0, 0.0

                // The fast average begins late, so that both have their first value at the same input.
                if state.Seen >= step.slow - step.fast then
                    Smoothing.step &state.Fast step.fast step.fastGain input &fast |> ignore
                else
                    state.Seen <- state.Seen + 1

                if Smoothing.step &state.Slow step.slow step.slowGain input &slow then
                    let macd = fast - slow
                    let speaks = Smoothing.step &state.Signal step.signal step.signalGain macd &line
                    output <- { Macd = macd; Signal = line; Histogram = macd - line }

                    speaks
                else
                    false

    /// <summary>Rate of change of a triple exponential average: 100 x (e3 / e3 before - 1).</summary>
    /// <param name="period">Inputs, 1..10000; each of the three averages is seeded with the mean of its first inputs.</param>
    /// <returns>Percent per input. Silent for 3 x period - 2 inputs. The input must not be 0.</returns>
    /// <remarks>Source: Hutson (1983), Good TRIX; conventions of TA-Lib.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Trix")>]
    let trix period = Indicator.ofStep (TrixStep period)

    /// <summary>Relative strength index: 100 x rises / (rises + falls), both as Wilder's averages.</summary>
    /// <param name="period">Inputs, 1..10000; Wilder used 14.</param>
    /// <returns>Percent in 0..100; 50 where nothing rose or fell. Silent for <paramref name="period" /> inputs.</returns>
    /// <remarks>Source: Wilder (1978). While nothing moved the value is 50 instead of 0/0.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Rsi")>]
    let rsi period = Indicator.ofStep (RsiStep period)

    /// <summary>Rate of change: 100 x (input / input before - 1).</summary>
    /// <param name="length">How many inputs before, 1..10000.</param>
    /// <returns>Percent. Silent for <paramref name="length" /> inputs. The input must not be 0.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The length is not 1..10000.</exception>
    [<CompiledName("Roc")>]
    let roc length = Indicator.ofStep (RocStep length)

    /// <summary>Moving average convergence and divergence: a fast average minus a slow one, and the average of that.</summary>
    /// <param name="fast">Inputs of the fast average, below those of the slow one; usually 12.</param>
    /// <param name="slow">Inputs of the slow average, up to 10000; usually 26.</param>
    /// <param name="signal">Values of the difference in the signal line, 1..10000; usually 9.</param>
    /// <returns>In the unit of the input. Silent for slow + signal - 2 inputs.</returns>
    /// <remarks>Source: Appel (1979). As in TA-Lib, both averages are seeded at the same input, the slow one's first.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">A period is not 1..10000, or fast is not below slow.</exception>
    [<CompiledName("Macd")>]
    let macd fast slow signal = Indicator.ofStep (MacdStep(fast, slow, signal))

    let private standardised _ = [ IndicatorFeature.Standardised 0 ]

    // The close before and the newest one.
    let private rocMemory (p: IndicatorParameters) = IndicatorMemory.Of(p.Period 0 + 1)

    let private macdRecipe =
        let make (p: IndicatorParameters) =
            Recipe.madeOfCloses (MacdFormat()) (MacdStep(p.Period 0, p.Period 1, p.Period 2))

        { Recipe.ofPeriod "macd" 12 Recipe.fading make with
            Accepted =
                [
                    IndicatorParameter.Period("fast", 12)
                    IndicatorParameter.Period("slow", 26)
                    IndicatorParameter.Period("signal", 9)
                ]
            OutputNames = [ ""; "signal"; "hist" ]
            CalledElsewhere = "convergence convergencedivergence movingaverageconvergencedivergence"
            Rule =
                fun p ->
                    if p.Period 0 < p.Period 1 then
                        ValueNone
                    else
                        ValueSome "the fast period must be below the slow one"
            Gives = standardised
        }

    let internal recipes =
        [
            { Recipe.ofPeriod "trix" 18 Recipe.fading (fun p ->
                  Recipe.madeOfCloses (TrixFormat()) (TrixStep(p.Period 0))) with
                CalledElsewhere = "tripleexponential tripleexponentialaverage"
                Gives = standardised
            }
            { Recipe.ofPeriod "rsi" 14 Recipe.fading (fun p -> Recipe.madeOfCloses (RsiFormat()) (RsiStep(p.Period 0))) with
                CalledElsewhere = "relativestrength relativestrengthindex strength"
                // An average of more changes is nearer to the middle.
                Gives = fun p -> [ IndicatorFeature.Percentage(0, sqrt (float (p.Period 0))) ]
            }
            macdRecipe
            { Recipe.ofPeriod "roc" 10 rocMemory (fun p ->
                  Recipe.madeOfCloses WindowFormat.Instance (RocStep(p.Period 0))) with
                CalledElsewhere = "rateofchange change momentum"
                Gives = standardised
            }
        ]
