namespace BtcBandit.Indicators

open System
open System.Runtime.CompilerServices
open System.Text.Json.Serialization
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Numerics

/// <summary>State of the true range: the close before, once there is one.</summary>
[<Struct; JsonConverter(typeof<TrueRangeFormat>)>]
type TrueRangeState =
    {
        /// Whether a candle was seen.
        mutable HasPrevious: bool
        /// The close of the candle before.
        mutable PreviousClose: float
    }

and [<Sealed>] internal TrueRangeFormat() =
    inherit FieldsFormat<TrueRangeState>()

    static member val Instance = TrueRangeFormat()

    override _.Visit(fields, state) =
        fields.Flag("HasPrevious", &state.HasPrevious)
        fields.Number("PreviousClose", &state.PreviousClose)

/// <summary>State of an average true range.</summary>
[<Struct; JsonConverter(typeof<AtrFormat>)>]
type AtrState =
    {
        /// The close before.
        mutable Range: TrueRangeState
        /// Wilder's average.
        mutable Average: SmoothedState
    }

and [<Sealed>] internal AtrFormat() =
    inherit FieldsFormat<AtrState>()

    static member val Instance = AtrFormat()

    override _.Visit(fields, state) =
        fields.State("Range", TrueRangeFormat.Instance, &state.Range)
        fields.State("Average", SmoothedFormat.Instance, &state.Average)

/// Steps that several indicators are made of, in place and without a call.
module internal Ranges =
    let start = { Range = { HasPrevious = false; PreviousClose = 0.0 }; Average = Smoothing.start }

    let accepts period (state: AtrState) =
        Smoothing.accepts period state.Average
        && (state.Range.HasPrevious || state.Average.Seen = 0)

    let inline stepRange (state: byref<TrueRangeState>) (candle: inref<Candle>) (range: byref<float>) =
        let before = state.PreviousClose
        let speaks = state.HasPrevious
        // One instruction each; prices are neither NaN nor 0, so every processor agrees.
        let high = Double.MaxNative(candle.High, before)
        let low = Double.MinNative(candle.Low, before)
        range <- high - low
        state.HasPrevious <- true
        state.PreviousClose <- candle.Close
        speaks

    let inline stepAtr (state: byref<AtrState>) period gain (candle: inref<Candle>) (average: byref<float>) =
        let mutable range = 0.0

        stepRange &state.Range &candle &range
        && Smoothing.step &state.Average period gain range &average

/// <summary>Volatility of prices: true range and its average.</summary>
[<RequireQualifiedAccess>]
module Volatility =

    [<Struct>]
    type internal TrueRangeStep =
        interface IStep<TrueRangeState, Candle, float> with
            member _.WarmUp = 1
            member _.Initial = Ranges.start.Range
            member _.Accepts _ = true
            member _.Invoke(state, candle, output) = Ranges.stepRange &state &candle &output

    [<Struct>]
    type internal AtrStep =
        val private period: int
        val private gain: float

        new(period) = { period = ParameterRange.Period period; gain = Averages.wilderGain period }

        interface IStep<AtrState, Candle, float> with
            member step.WarmUp = step.period
            member _.Initial = Ranges.start
            member step.Accepts state = Ranges.accepts step.period state

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, candle, output) = Ranges.stepAtr &state step.period step.gain &candle &output

    /// <summary>True range: the largest of high - low, |high - previous close|, |low - previous close|.</summary>
    /// <returns>In the quote currency, at least 0. Silent for the first candle, which has no close before it.</returns>
    /// <remarks>Source: Wilder (1978).</remarks>
    [<CompiledName("TrueRange")>]
    let trueRange = Indicator.ofStep (TrueRangeStep())

    /// <summary>Average true range: Wilder's average of the true range.</summary>
    /// <param name="period">Candles, 1..10000; Wilder used 14.</param>
    /// <returns>In the quote currency, at least 0. Silent for <paramref name="period" /> candles.</returns>
    /// <remarks>Source: Wilder (1978); the first candle has no true range, as in TA-Lib.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("Atr")>]
    let atr period = Indicator.ofStep (AtrStep period)

    let internal recipes =
        [
            { Recipe.ofPeriod "atr" 14 Recipe.fading (fun p -> Recipe.made AtrFormat.Instance (AtrStep(p.Period 0))) with
                CalledElsewhere = "truerange averagetruerange volatility"
            }
        ]
