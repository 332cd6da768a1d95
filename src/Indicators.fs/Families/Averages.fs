namespace BtcBandit.Indicators

open System
open System.Runtime.CompilerServices
open System.Text.Json.Serialization
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Numerics

/// <summary>State of a simple moving average.</summary>
[<Struct; JsonConverter(typeof<SmaFormat>)>]
type SmaState =
    {
        /// The window.
        mutable Window: TwoStackWindow
        /// The sum of its newer part.
        mutable Back: Sum
    }

and [<Sealed>] internal SmaFormat() =
    inherit FieldsFormat<SmaState>()

    override _.Visit(fields, state) =
        fields.State("Slide", TwoStackWindowFormat.Instance, &state.Window)
        fields.Sum("Back", &state.Back)

/// <summary>State of a linearly weighted moving average.</summary>
[<Struct; JsonConverter(typeof<WmaFormat>)>]
type WmaState =
    {
        /// The window.
        mutable Window: TwoStackWindow
        /// The sum of its newer part.
        mutable Back: Sum
        /// The same with the weights 1, 2, ... from its oldest value on.
        mutable Weighted: Sum
    }

and [<Sealed>] internal WmaFormat() =
    inherit FieldsFormat<WmaState>()

    override _.Visit(fields, state) =
        fields.State("Slide", TwoStackWindowFormat.Instance, &state.Window)
        fields.Sum("Back", &state.Back)
        fields.Sum("Weighted", &state.Weighted)

/// <summary>State of an average that is a running mean first and then follows with a fixed gain.</summary>
[<Struct; JsonConverter(typeof<SmoothedFormat>)>]
type SmoothedState =
    {
        /// Inputs seen, up to the period.
        mutable Seen: int
        /// The average so far.
        mutable Mean: float
    }

and [<Sealed>] internal SmoothedFormat() =
    inherit FieldsFormat<SmoothedState>()

    static member val Instance = SmoothedFormat()

    override _.Visit(fields, state) =
        fields.Int("Seen", &state.Seen)
        fields.Number("Mean", &state.Mean)

/// Steps that several indicators are made of, in place and without a call.
module internal Smoothing =
    let start = { Seen = 0; Mean = 0.0 }

    let accepts period (state: SmoothedState) = state.Seen >= 0 && state.Seen <= period

    /// Whether an average has seen inputs exactly if the average that it follows has given values.
    let follows period (source: SmoothedState) (state: SmoothedState) = (state.Seen > 0) = (source.Seen = period)

    /// The mean of the first inputs seeds what a fixed gain continues: one formula, two gains.
    let inline step (state: byref<SmoothedState>) period steadyGain (input: float) (mean: byref<float>) =
        let seen = if state.Seen < period then state.Seen + 1 else period
        let gain = if state.Seen < period then 1.0 / float seen else steadyGain
        // Read and written once: a number that comes back from memory is late.
        let before = state.Mean
        // A period of 1 has the gain 1: the difference would be rounded, and could miss the input.
        let after = if gain = 1.0 then input else before + gain * (input - before)
        mean <- after
        state.Mean <- after
        state.Seen <- seen
        seen = period

/// <summary>Moving averages of a number.</summary>
[<RequireQualifiedAccess>]
module Averages =

    /// Sums from each value to the last one, in the values' place.
    let internal suffixSums (values: float[]) =
        let mutable sum = Sum.Zero

        for i in values.Length - 1 .. -1 .. 0 do
            sum <- sum.Add values[i]
            values[i] <- sum.Value

        values

    /// Fraction of an input within which rounding can have moved a mean of so many inputs.
    let internal slackOf period = float (period + 1) * Math.ScaleB(1.0, -50)

    /// A sum over weights, or the newest input where the two are equal but for rounding: so a mean stays within its window.
    ///
    /// The rounding error of the sums here is at most 5 units of 2^-53 of the largest input. The newest input has at least
    /// the mean weight, 1/period, so a mean that rounding takes above the highest input (or below the lowest) is within
    /// 5 + 5 period of these units of the newest one, and that is less than the slack.
    let inline internal meanOf (sum: float) (weights: float) (slack: float) (input: float) =
        let mean = sum / weights
        if abs (mean - input) <= slack * abs input then input else mean

    /// The same with weights 1, 2, ... from each value on: a value earlier, every weight is one more.
    let private weightedSuffixSums (values: float[]) =
        let mutable sum = Sum.Zero
        let mutable weighted = Sum.Zero

        for i in values.Length - 1 .. -1 .. 0 do
            sum <- sum.Add values[i]
            weighted <- weighted.Add sum.Value
            values[i] <- weighted.Value

        values

    [<Struct>]
    type internal SmaStep =
        val private period: int
        val private length: float
        val private slack: float

        new(period) = { period = ParameterRange.Period period; length = float period; slack = slackOf period }

        interface IStep<SmaState, float, float> with
            member step.WarmUp = step.period - 1
            member _.Initial = { Window = TwoStackWindow.Empty; Back = Sum.Zero }
            member step.Accepts state = state.Window.Fits(step.period, 1)

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, input, output) =
                if state.Window.IsDue step.period then
                    state.Window.Flip(suffixSums (state.Window.BackValues 1))
                    state.Back <- Sum.Zero

                state.Window.Push(input, step.period)
                let back = state.Back.Add input
                state.Back <- back
                output <- meanOf (state.Window.FrontSum + back.Value) step.length step.slack input
                state.Window.IsFull step.period

    [<Struct>]
    type internal WmaStep =
        val private period: int
        val private weights: float
        val private slack: float

        new(period) =
            {
                period = ParameterRange.Period period
                weights = float period * float (period + 1) / 2.0
                slack = slackOf period
            }

        interface IStep<WmaState, float, float> with
            member step.WarmUp = step.period - 1
            member _.Initial = { Window = TwoStackWindow.Empty; Back = Sum.Zero; Weighted = Sum.Zero }
            member step.Accepts state = state.Window.Fits(step.period, 1)

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, input, output) =
                if state.Window.IsDue step.period then
                    state.Window.Flip(weightedSuffixSums (state.Window.BackValues 1))
                    state.Back <- Sum.Zero
                    state.Weighted <- Sum.Zero

                state.Window.Push(input, step.period)
                let length = state.Window.Back
                let back = state.Back.Add input
                let weighted = state.Weighted.Add(float length * input)
                state.Back <- back
                state.Weighted <- weighted
                // Behind the front's values, each weight of the back is that many more.
                let ahead = float (step.period - length)
                let sum = state.Window.FrontSum + ahead * back.Value + weighted.Value
                output <- meanOf sum step.weights step.slack input
                state.Window.IsFull step.period

    [<Struct>]
    type internal SmoothedStep =
        val private period: int
        val private steadyGain: float
        new(period, steadyGain) = { period = ParameterRange.Period period; steadyGain = steadyGain }

        interface IStep<SmoothedState, float, float> with
            member step.WarmUp = step.period - 1
            member _.Initial = Smoothing.start
            member step.Accepts state = Smoothing.accepts step.period state

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, input, output) = Smoothing.step &state step.period step.steadyGain input &output

    let internal emaGain period = 2.0 / float (period + 1)
    let internal wilderGain period = 1.0 / float period

    let internal emaStep period = SmoothedStep(period, emaGain period)

    /// <summary>Simple moving average: the mean of the last <paramref name="period" /> inputs.</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>In the unit of the input, within the window's lowest..highest. Silent for period - 1 inputs.</returns>
    /// <remarks>
    /// A sum in two parts that never subtracts: exact to the last bits for ever, O(1) amortised. A mean that equals the newest
    /// input but for rounding, to (period + 1) x 2^-50 of it, is the newest input.
    /// </remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Sma")>]
    let sma period = Indicator.ofStep (SmaStep period)

    /// <summary>Linearly weighted moving average: weights 1..period, the newest input has weight period.</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>In the unit of the input, within the window's lowest..highest. Silent for period - 1 inputs.</returns>
    /// <remarks>An average that equals the newest input but for rounding, to (period + 1) x 2^-50 of it, is the newest input.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Wma")>]
    let wma period = Indicator.ofStep (WmaStep period)

    /// <summary>Exponential moving average, seeded with the mean of the first period inputs; then k = 2/(period+1).</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>In the unit of the input, within the lowest..highest of all inputs. Silent for period - 1 inputs.</returns>
    /// <remarks>The seed is TA-Lib's; libraries that seed with the first input agree after about 10 periods.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Ema")>]
    let ema period = Indicator.ofStep (emaStep period)

    /// <summary>Wilder's average, seeded with the mean of the first period inputs; then k = 1/period.</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>In the unit of the input, within the lowest..highest of all inputs. Silent for period - 1 inputs.</returns>
    /// <remarks>Source: Wilder (1978), New Concepts in Technical Trading Systems.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Wilder")>]
    let wilder period = Indicator.ofStep (SmoothedStep(period, wilderGain period))

    let private drawn glyph tone = ValueSome { IndicatorOverlay.Of('m', "averages", glyph, tone) with StaysNear = true }

    // An average of so many candles is as far behind the price as its length says.
    let private distance (parameters: IndicatorParameters) =
        [ IndicatorFeature.Distance(0, float (parameters.Period 0)) ]

    let internal recipes =
        [
            { Recipe.ofPeriod "sma" 14 Recipe.window (fun p -> Recipe.madeOfCloses (SmaFormat()) (SmaStep(p.Period 0))) with
                CalledElsewhere = "ma average movingaverage simple simplemovingaverage mean"
                Gives = distance
                Drawn = drawn '·' OverlayTone.Accent
            }
            { Recipe.ofPeriod "ema" 14 Recipe.fading (fun p ->
                  Recipe.madeOfCloses SmoothedFormat.Instance (emaStep (p.Period 0))) with
                CalledElsewhere = "exponential exponentialaverage exponentialmovingaverage"
                Gives = distance
                Drawn = drawn '•' OverlayTone.Second
            }
            { Recipe.ofPeriod "wma" 14 Recipe.window (fun p -> Recipe.madeOfCloses (WmaFormat()) (WmaStep(p.Period 0))) with
                CalledElsewhere = "weighted weightedaverage weightedmovingaverage"
                Gives = distance
                Drawn = drawn '×' OverlayTone.Third
            }
        ]
