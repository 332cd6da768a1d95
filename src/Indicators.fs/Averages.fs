namespace BtcBandit.Indicators

open System

/// <summary>State of a simple moving average.</summary>
[<Struct>]
type SmaState =
    {
        /// The window.
        mutable Slide: Slide
        /// The sum of its newer part.
        mutable Back: Sum
    }

/// <summary>State of a linearly weighted moving average.</summary>
[<Struct>]
type WmaState =
    {
        /// The window.
        mutable Slide: Slide
        /// The sum of its newer part.
        mutable Back: Sum
        /// The same with the weights 1, 2, ... from its oldest value on.
        mutable Weighted: Sum
    }

/// <summary>State of an average that is a running mean first and then follows with a fixed gain.</summary>
[<Struct>]
type SmoothedState =
    {
        /// Inputs seen, up to the period.
        mutable Seen: int
        /// The average so far.
        mutable Mean: float
    }

/// Steps that several indicators are made of, in place and without a call.
module internal Smoothing =
    let start = { Seen = 0; Mean = 0.0 }

    /// The mean of the first inputs seeds what a fixed gain continues: one formula, two gains.
    let inline step (state: byref<SmoothedState>) period steadyGain (input: float) =
        let seen = if state.Seen < period then state.Seen + 1 else period
        let gain = if state.Seen < period then 1.0 / float seen else steadyGain
        state.Mean <- state.Mean + gain * (input - state.Mean)
        state.Seen <- seen
        seen = period

/// <summary>Moving averages of a number.</summary>
[<RequireQualifiedAccess>]
module Averages =

    /// The largest period that is accepted everywhere.
    [<Literal>]
    let MaxPeriod = 10_000

    let internal requirePeriod period =
        if period < 1 || period > MaxPeriod then
            raise (ArgumentOutOfRangeException(nameof period, period, $"period must be 1..{MaxPeriod}"))

    /// Sums from each value to the last one, in the values' place.
    let internal suffixSums (values: float[]) =
        let mutable sum = Sum.Zero

        for i in values.Length - 1 .. -1 .. 0 do
            sum <- sum.Add values[i]
            values[i] <- sum.Value

        values

    /// The same with weights 1, 2, ... from each value on: a value earlier, every weight is one more.
    let private weightedSuffixSums (values: float[]) =
        let mutable sum = Sum.Zero
        let mutable weighted = Sum.Zero

        for i in values.Length - 1 .. -1 .. 0 do
            sum <- sum.Add values[i]
            weighted <- weighted.Add sum.Value
            values[i] <- weighted.Value

        values

    /// <summary>Simple moving average: the mean of the last <paramref name="period" /> inputs.</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>In the unit of the input, within the window's lowest..highest. Silent for period - 1 inputs.</returns>
    /// <remarks>A sum in two parts that never subtracts: exact to the last bits for ever, O(1) amortised.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Sma")>]
    let sma period =
        requirePeriod period
        let length = float period

        Indicator.create
            (period - 1)
            { SmaState.Slide = Slide.Empty; Back = Sum.Zero }
            (Step<SmaState, float, float>(fun state input output ->
                if state.Slide.IsDue period then
                    state.Slide.Turn(suffixSums (state.Slide.BackValues 1))
                    state.Back <- Sum.Zero

                state.Slide.Push(input, period)
                state.Back <- state.Back.Add input
                output <- (state.Slide.FrontSum period + state.Back.Value) / length
                state.Slide.IsFull period))

    /// <summary>Linearly weighted moving average: weights 1..period, the newest input has weight period.</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>In the unit of the input, within the window's lowest..highest. Silent for period - 1 inputs.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Wma")>]
    let wma period =
        requirePeriod period
        let weights = float period * float (period + 1) / 2.0

        Indicator.create
            (period - 1)
            { WmaState.Slide = Slide.Empty; Back = Sum.Zero; Weighted = Sum.Zero }
            (Step<WmaState, float, float>(fun state input output ->
                if state.Slide.IsDue period then
                    state.Slide.Turn(weightedSuffixSums (state.Slide.BackValues 1))
                    state.Back <- Sum.Zero
                    state.Weighted <- Sum.Zero

                state.Slide.Push(input, period)
                let back = state.Slide.Back
                state.Back <- state.Back.Add input
                state.Weighted <- state.Weighted.Add(float back * input)
                // Behind the front's values, each weight of the back is that many more.
                let ahead = float (period - back)

                output <-
                    (state.Slide.FrontSum period + ahead * state.Back.Value + state.Weighted.Value)
                    / weights

                state.Slide.IsFull period))

    let private smoothed period steadyGain =
        requirePeriod period

        Indicator.create
            (period - 1)
            Smoothing.start
            (Step<SmoothedState, float, float>(fun state input output ->
                let speaks = Smoothing.step &state period steadyGain input
                output <- state.Mean
                speaks))

    let internal emaGain period = 2.0 / float (period + 1)
    let internal wilderGain period = 1.0 / float period

    /// <summary>Exponential moving average, seeded with the mean of the first period inputs; then k = 2/(period+1).</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>In the unit of the input. Silent for period - 1 inputs.</returns>
    /// <remarks>The seed is TA-Lib's; libraries that seed with the first input agree after about 10 periods.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Ema")>]
    let ema period = smoothed period (emaGain period)

    /// <summary>Wilder's average, seeded with the mean of the first period inputs; then k = 1/period.</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>In the unit of the input. Silent for period - 1 inputs.</returns>
    /// <remarks>Source: Wilder (1978), New Concepts in Technical Trading Systems.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Wilder")>]
    let wilder period = smoothed period (wilderGain period)
