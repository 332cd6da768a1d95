namespace BtcBandit.Indicators

open System

/// <summary>State of a simple moving average.</summary>
[<Struct>]
type SmaState =
    {
        /// The last inputs.
        mutable Window: Window
        /// Their sum.
        mutable Sum: float
        /// Pushes until the sum is taken afresh.
        mutable UntilFresh: int
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

/// <summary>Moving averages of a number.</summary>
[<RequireQualifiedAccess>]
module Averages =

    /// The largest period that is accepted everywhere.
    [<Literal>]
    let MaxPeriod = 10_000

    let internal requirePeriod period =
        if period < 1 || period > MaxPeriod then
            raise (ArgumentOutOfRangeException(nameof period, period, $"period must be 1..{MaxPeriod}"))

    let private sum (values: ReadOnlySpan<float>) =
        let mutable total = 0.0

        for value in values do
            total <- total + value

        total

    /// <summary>Simple moving average: the mean of the last <paramref name="period" /> inputs.</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>In the unit of the input, within the window's lowest..highest. Silent for period - 1 inputs.</returns>
    /// <remarks>The running sum is taken afresh once per period, so rounding never accumulates; O(1) amortised.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    let sma period =
        requirePeriod period

        Indicator.create
            (period - 1)
            { Window = Window.Empty period; Sum = 0.0; UntilFresh = period }
            (Step<SmaState, float, float>(fun state input output ->
                let dropped = if state.Window.IsFull then state.Window.Oldest else 0.0
                let window = state.Window.Push input
                let fresh = state.UntilFresh = 1
                let total = if fresh then sum window.Values else state.Sum - dropped + input

                state <-
                    {
                        Window = window
                        Sum = total
                        UntilFresh = (if fresh then period else state.UntilFresh - 1)
                    }

                output <- total / float period
                window.IsFull))

    /// One formula, two gains: the mean of the first inputs seeds what a fixed gain continues.
    let private smoothed period steadyGain =
        requirePeriod period

        Indicator.create
            (period - 1)
            { Seen = 0; Mean = 0.0 }
            (Step<SmoothedState, float, float>(fun state input output ->
                let seen = min (state.Seen + 1) period
                let gain = if state.Seen < period then 1.0 / float seen else steadyGain
                let mean = state.Mean + gain * (input - state.Mean)
                state <- { Seen = seen; Mean = mean }
                output <- mean
                seen = period))

    /// <summary>Exponential moving average, seeded with the mean of the first period inputs; then k = 2/(period+1).</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>In the unit of the input. Silent for period - 1 inputs.</returns>
    /// <remarks>The seed is TA-Lib's; libraries that seed with the first input agree after about 10 periods.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    let ema period = smoothed period (2.0 / float (period + 1))

    /// <summary>Wilder's average, seeded with the mean of the first period inputs; then k = 1/period.</summary>
    /// <param name="period">Inputs, 1..10000.</param>
    /// <returns>In the unit of the input. Silent for period - 1 inputs.</returns>
    /// <remarks>Source: Wilder (1978), New Concepts in Technical Trading Systems.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    let wilder period = smoothed period (1.0 / float period)
