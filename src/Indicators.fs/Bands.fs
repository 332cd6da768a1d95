namespace BtcBandit.Indicators

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Text.Json.Serialization
open BtcBandit.Indicators.FSharp

/// <summary>State of a moving mean and deviation.</summary>
[<Struct>]
type SpreadState =
    {
        /// The window; its front holds means in lane 0, sums of squared deviations from them in lane 1.
        mutable Slide: Slide
        /// Mean of the newer part.
        [<JsonConverter(typeof<ExactNumbers>)>]
        mutable Mean: float
        /// Sum of squared deviations of the newer part from its mean.
        [<JsonConverter(typeof<ExactNumbers>)>]
        mutable Squares: float
    }

/// <summary>A moving mean and the population standard deviation about it, in the unit of the input.</summary>
[<Struct; StructLayout(LayoutKind.Sequential)>]
type Spread = { Mean: float; Deviation: float }

/// <summary>Bollinger bands of a price.</summary>
/// <remarks>Source: Bollinger (2001), Bollinger on Bollinger Bands; the deviation is the population's, as in TA-Lib.</remarks>
[<Struct; StructLayout(LayoutKind.Sequential)>]
type BollingerBands =
    {
        /// The simple moving average, in the unit of the input.
        Middle: float
        /// Middle + multiple x deviation.
        Upper: float
        /// Middle - multiple x deviation.
        Lower: float
        /// (input - lower) / (upper - lower): 0 at the lower band, 1 at the upper; 0.5 where they meet.
        PercentB: float
        /// (upper - lower) / middle, a fraction.
        Bandwidth: float
    }

/// <summary>How far a number strays from its mean.</summary>
[<RequireQualifiedAccess>]
module Bands =

    /// What one of n values counts for, from n = 1 on, at n. A division waits for the one before it, and there is one at
    /// each value: multiplying takes a third of the time and is as exact to the last digit but one.
    let private sharesOfOne period = Array.init (period + 1) (fun n -> if n = 0 then 0.0 else 1.0 / float n)

    /// Means, and behind them sums of squared deviations from them, of the values from each one to the last; the values
    /// stand in the first half, where the means come to stand.
    let private suffixSpreads (shares: float[]) (lanes: float[]) =
        let length = lanes.Length / 2
        let mutable mean = 0.0
        let mutable squares = 0.0

        for i in length - 1 .. -1 .. 0 do
            let value = lanes[i]
            let away = value - mean
            mean <- mean + away * shares[length - i]
            squares <- squares + away * (value - mean)
            lanes[i] <- mean
            lanes[length + i] <- squares

        lanes

    /// Steps the state and gives mean and variance. Values are added as Welford (1962) does, the two parts joined as
    /// Chan, Golub and LeVeque (1983) do: squares of small differences only, and nothing at all in a flat market.
    let inline private stepSpread
        (state: byref<SpreadState>)
        period
        (shares: float[])
        (input: float)
        (mean: byref<float>)
        =
        if state.Slide.IsDue period then
            state.Slide.Turn(suffixSpreads shares (state.Slide.BackValues 2))
            state.Mean <- 0.0
            state.Squares <- 0.0

        state.Slide.Push(input, period)
        let back = state.Slide.Back
        let away = input - state.Mean
        let backMean = state.Mean + away * shares[back]
        let backSquares = state.Squares + away * (input - backMean)
        state.Mean <- backMean
        state.Squares <- backSquares

        if back = period then
            mean <- backMean
            backSquares / float period
        else
            let front = state.Slide.FrontSum
            let apart = backMean - front
            let share = float back / float period
            mean <- front + apart * share
            let between = apart * apart * (float (period - back) * share)
            (state.Slide.SecondFrontSum period + backSquares + between) / float period

    let private start = { SpreadState.Slide = Slide.Empty; Mean = 0.0; Squares = 0.0 }

    [<Struct>]
    type internal SpreadStep =
        val private period: int
        val private shares: float[]
        new(period) = { period = Averages.requirePeriod period; shares = sharesOfOne period }

        interface IStep<SpreadState, float, Spread> with
            member step.WarmUp = step.period - 1
            member _.Initial = start

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, input, output) =
                let mutable mean = 0.0
                let variance = stepSpread &state step.period step.shares input &mean
                output <- { Mean = mean; Deviation = sqrt variance }
                state.Slide.IsFull step.period

    [<Struct>]
    type internal StdevStep =
        val private period: int
        val private shares: float[]
        new(period) = { period = Averages.requirePeriod period; shares = sharesOfOne period }

        interface IStep<SpreadState, float, float> with
            member step.WarmUp = step.period - 1
            member _.Initial = start

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, input, output) =
                let mutable mean = 0.0
                let variance = stepSpread &state step.period step.shares input &mean
                output <- sqrt variance
                state.Slide.IsFull step.period

    [<Struct>]
    type internal ZscoreStep =
        val private period: int
        val private shares: float[]
        new(period) = { period = Averages.requirePeriod period; shares = sharesOfOne period }

        interface IStep<SpreadState, float, float> with
            member step.WarmUp = step.period - 1
            member _.Initial = start

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, input, output) =
                let mutable mean = 0.0
                let variance = stepSpread &state step.period step.shares input &mean
                output <- if variance > 0.0 then (input - mean) / sqrt variance else 0.0
                state.Slide.IsFull step.period

    [<Struct>]
    type internal BollingerStep =
        val private period: int
        val private shares: float[]
        val private multiple: float

        new(period, multiple) =
            {
                period = Averages.requirePeriod period
                shares = sharesOfOne period
                multiple = Averages.requireMultiple (nameof multiple) multiple
            }

        interface IStep<SpreadState, float, BollingerBands> with
            member step.WarmUp = step.period - 1
            member _.Initial = start

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, input, output) =
                let mutable middle = 0.0
                let band = step.multiple * sqrt (stepSpread &state step.period step.shares input &middle)
                let upper, lower = middle + band, middle - band
                let width = upper - lower

                output <-
                    {
                        Middle = middle
                        Upper = upper
                        Lower = lower
                        PercentB = (if width > 0.0 then (input - lower) / width else 0.5)
                        Bandwidth = width / middle
                    }

                state.Slide.IsFull step.period

    /// <summary>Moving mean and population standard deviation of the last <paramref name="period" /> inputs.</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>In the unit of the input; the deviation is at least 0. Silent for period - 1 inputs.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Spread")>]
    let spread period = Indicator.ofStep (SpreadStep period)

    /// <summary>Population standard deviation of the last <paramref name="period" /> inputs.</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>In the unit of the input, at least 0. Silent for period - 1 inputs.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Stdev")>]
    let stdev period = Indicator.ofStep (StdevStep period)

    /// <summary>How many standard deviations the input stands above the mean of the last <paramref name="period" /> inputs.</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>Dimensionless; 0 where the deviation is 0. Silent for period - 1 inputs.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Zscore")>]
    let zscore period = Indicator.ofStep (ZscoreStep period)

    /// <summary>Bollinger bands: the mean of the last <paramref name="period" /> inputs and a multiple of their deviation about it.</summary>
    /// <param name="period">Inputs, 1..10000; Bollinger used 20.</param>
    /// <param name="multiple">Deviations from middle to band, above 0 and at most 1000; Bollinger used 2.</param>
    /// <returns>Prices in the unit of the input, %B and bandwidth as fractions. Silent for period - 1 inputs.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000, or the multiple not above 0 and at most 1000.</exception>
    [<CompiledName("Bollinger")>]
    let bollinger period multiple = Indicator.ofStep (BollingerStep(period, multiple))
