namespace BtcBandit.Indicators

open System
open System.Runtime.InteropServices

/// <summary>State of three averages in a chain.</summary>
[<Struct>]
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

/// <summary>State of a relative strength.</summary>
[<Struct>]
type RsiState =
    {
        mutable HasPrevious: bool
        mutable Previous: float
        /// Wilder's average of the rises.
        mutable Up: SmoothedState
        /// Wilder's average of the falls, as positive numbers.
        mutable Down: SmoothedState
    }

/// <summary>State of a moving average convergence and divergence.</summary>
[<Struct>]
type MacdState =
    {
        /// Inputs seen, up to the slow period.
        mutable Seen: int
        mutable Fast: SmoothedState
        mutable Slow: SmoothedState
        mutable Signal: SmoothedState
    }

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

/// <summary>How fast a number moves.</summary>
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

    /// <summary>Rate of change of a triple exponential average: 100 x (e3 / e3 before - 1).</summary>
    /// <param name="period">Inputs, 1..10000; each of the three averages is seeded with the mean of its first inputs.</param>
    /// <returns>Percent per input. Silent for 3 x period - 2 inputs. The input must not be 0.</returns>
    /// <remarks>Source: Hutson (1983), Good TRIX; conventions of TA-Lib.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Trix")>]
    let trix period =
        Averages.requirePeriod period
        let gain = Averages.emaGain period

        Indicator.create
            (3 * period - 2)
            noTrix
            (Step<TrixState, float, float>(fun state input output ->
                if
                    Smoothing.step &state.First period gain input
                    && Smoothing.step &state.Second period gain state.First.Mean
                    && Smoothing.step &state.Third period gain state.Second.Mean
                then
                    let before = state.Previous
                    let speaks = state.HasPrevious
                    let average = state.Third.Mean
                    state.HasPrevious <- true
                    state.Previous <- average
                    // The same as 100 x (e3 / before - 1), without losing the digits that the quotient's 1 takes.
                    output <- if speaks then 100.0 * ((average - before) / before) else 0.0
                    speaks
                else
                    false))

    /// <summary>Relative strength index: 100 x rises / (rises + falls), both as Wilder's averages.</summary>
    /// <param name="period">Inputs, 1..10000; Wilder used 14.</param>
    /// <returns>Percent in 0..100; 50 where nothing rose or fell. Silent for <paramref name="period" /> inputs.</returns>
    /// <remarks>Source: Wilder (1978). A market that did not move has no strength either way: 50, not 0/0.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Rsi")>]
    let rsi period =
        Averages.requirePeriod period
        let gain = Averages.wilderGain period

        Indicator.create
            period
            {
                RsiState.HasPrevious = false
                Previous = 0.0
                Up = Smoothing.start
                Down = Smoothing.start
            }
            (Step<RsiState, float, float>(fun state input output ->
                let change = input - state.Previous
                let first = not state.HasPrevious
                state.HasPrevious <- true
                state.Previous <- input

                if first then
                    false
                else
                    let speaks = Smoothing.step &state.Up period gain (if change > 0.0 then change else 0.0)

                    Smoothing.step &state.Down period gain (if change < 0.0 then -change else 0.0)
                    |> ignore

                    let up, down = state.Up.Mean, state.Down.Mean
                    let both = up + down
                    output <- if both > 0.0 then 100.0 * (up / both) else 50.0
                    speaks))

    /// <summary>Rate of change: 100 x (input / input before - 1).</summary>
    /// <param name="length">How many inputs before, 1..10000.</param>
    /// <returns>Percent. Silent for <paramref name="length" /> inputs. The input must not be 0.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The length is not 1..10000.</exception>
    [<CompiledName("Roc")>]
    let roc length =
        Averages.requirePeriod length

        Indicator.create
            length
            (Window.Empty length)
            (Step<Window, float, float>(fun state input output ->
                let speaks = state.IsFull

                if speaks then
                    let before = state.Oldest
                    output <- 100.0 * ((input - before) / before)

                state <- state.Push input
                speaks))

    /// <summary>Moving average convergence and divergence: a fast average minus a slow one, and the average of that.</summary>
    /// <param name="fast">Inputs of the fast average, below those of the slow one; usually 12.</param>
    /// <param name="slow">Inputs of the slow average, up to 10000; usually 26.</param>
    /// <param name="signal">Values of the difference in the signal line, 1..10000; usually 9.</param>
    /// <returns>In the unit of the input. Silent for slow + signal - 2 inputs.</returns>
    /// <remarks>Source: Appel (1979). As in TA-Lib, both averages are seeded at the same input, the slow one's first.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">A period is not 1..10000, or fast is not below slow.</exception>
    [<CompiledName("Macd")>]
    let macd fast slow signal =
        Averages.requirePeriod fast
        Averages.requirePeriod slow
        Averages.requirePeriod signal

        if fast >= slow then
            raise (
                ArgumentOutOfRangeException(nameof fast, fast, $"the fast period must be below the slow one, {slow}")
            )

        let fastGain, slowGain, signalGain =
            Averages.emaGain fast, Averages.emaGain slow, Averages.emaGain signal

        Indicator.create
            (slow + signal - 2)
            { Seen = 0; Fast = Smoothing.start; Slow = Smoothing.start; Signal = Smoothing.start }
            (Step<MacdState, float, Macd>(fun state input output ->
                // The fast average begins late, so that both have their first value at the same input.
                if state.Seen >= slow - fast then
                    Smoothing.step &state.Fast fast fastGain input |> ignore
                else
                    state.Seen <- state.Seen + 1

                if Smoothing.step &state.Slow slow slowGain input then
                    let macd = state.Fast.Mean - state.Slow.Mean
                    let speaks = Smoothing.step &state.Signal signal signalGain macd
                    let line = state.Signal.Mean

                    output <- { Macd = macd; Signal = line; Histogram = macd - line }

                    speaks
                else
                    false))
