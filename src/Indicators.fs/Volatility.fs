namespace BtcBandit.Indicators

/// <summary>State of the true range: the close before, once there is one.</summary>
[<Struct>]
type TrueRangeState =
    {
        /// Whether a candle was seen.
        mutable HasPrevious: bool
        /// The close of the candle before.
        mutable PreviousClose: float
    }

/// <summary>How far prices range.</summary>
[<RequireQualifiedAccess>]
module Volatility =

    /// <summary>True range: the largest of high - low, |high - previous close|, |low - previous close|.</summary>
    /// <returns>In the quote currency, at least 0. Silent for the first candle, which has no close before it.</returns>
    /// <remarks>Source: Wilder (1978).</remarks>
    let trueRange =
        Indicator.create
            1
            { HasPrevious = false; PreviousClose = 0.0 }
            (Step<TrueRangeState, Candle, float>(fun state candle output ->
                let before = state

                state <- { HasPrevious = true; PreviousClose = candle.Close }

                output <- max candle.High before.PreviousClose - min candle.Low before.PreviousClose
                before.HasPrevious))

    /// <summary>Average true range: Wilder's average of the true range.</summary>
    /// <param name="period">Candles, 1..10000; Wilder used 14.</param>
    /// <returns>In the quote currency, at least 0. Silent for <paramref name="period" /> candles.</returns>
    /// <remarks>Source: Wilder (1978); the first candle has no true range, as in TA-Lib.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    let atr period = trueRange |> Indicator.andThen (Averages.wilder period)
