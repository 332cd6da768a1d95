namespace BtcBandit.Indicators

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Text.Json.Serialization
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Numerics

/// <summary>State of a parabolic stop and reverse.</summary>
[<Struct; JsonConverter(typeof<SarFormat>)>]
type SarState =
    {
        /// Candles seen, up to 2.
        mutable Seen: int
        /// Whether the stop is below the price.
        mutable Long: bool
        /// The stop for the next candle.
        mutable Stop: float
        /// The highest high of a long position, the lowest low of a short one.
        mutable Extreme: float
        /// The acceleration factor.
        mutable Acceleration: float
        mutable PreviousHigh: float
        mutable PreviousLow: float
    }

and [<Sealed>] internal SarFormat() =
    inherit FieldsFormat<SarState>()

    override _.Visit(fields, state) =
        fields.Int("Seen", &state.Seen)
        fields.Flag("Long", &state.Long)
        fields.Number("Stop", &state.Stop)
        fields.Number("Extreme", &state.Extreme)
        fields.Number("Acceleration", &state.Acceleration)
        fields.Number("PreviousHigh", &state.PreviousHigh)
        fields.Number("PreviousLow", &state.PreviousLow)

/// <summary>State of a SuperTrend.</summary>
[<Struct; JsonConverter(typeof<SuperTrendFormat>)>]
type SuperTrendState =
    {
        mutable Range: AtrState
        /// Whether there are bands yet.
        mutable HasBands: bool
        mutable Upper: float
        mutable Lower: float
        mutable PreviousClose: float
        mutable Up: bool
    }

and [<Sealed>] internal SuperTrendFormat() =
    inherit FieldsFormat<SuperTrendState>()

    override _.Visit(fields, state) =
        fields.State("Range", AtrFormat.Instance, &state.Range)
        fields.Flag("HasBands", &state.HasBands)
        fields.Number("Upper", &state.Upper)
        fields.Number("Lower", &state.Lower)
        fields.Number("PreviousClose", &state.PreviousClose)
        fields.Flag("Up", &state.Up)

/// <summary>Output of a SuperTrend: the band and the direction of the trend.</summary>
[<Struct; StructLayout(LayoutKind.Sequential)>]
type SuperTrend =
    {
        /// The lower band in an upward trend, the upper one in a downward trend; in the quote currency.
        Value: float
        /// +1 upwards, -1 downwards.
        Direction: float
    }

/// <summary>Indicators that follow a trend with a stop: parabolic SAR and SuperTrend.</summary>
[<RequireQualifiedAccess>]
module Trend =

    let private noPosition =
        {
            SarState.Seen = 0
            Long = true
            Stop = 0.0
            Extreme = 0.0
            Acceleration = 0.0
            PreviousHigh = 0.0
            PreviousLow = 0.0
        }

    // One instruction without a branch; prices are neither NaN nor 0, so every processor gives the same.
    let inline private larger (a: float) (b: float) = Double.MaxNative(a, b)
    let inline private smaller (a: float) (b: float) = Double.MinNative(a, b)

    /// Candle 1 opens the position; its own high and low are then the "previous" ones, never candle 0's.
    let inline private openPosition (state: byref<SarState>) first (candle: inref<Candle>) =
        let fall = state.PreviousLow - candle.Low
        let rise = candle.High - state.PreviousHigh
        let long = not (fall > larger rise 0.0)
        state.Long <- long
        state.Stop <- if long then state.PreviousLow else state.PreviousHigh
        state.Extreme <- if long then candle.High else candle.Low
        state.Acceleration <- first
        state.PreviousHigh <- candle.High
        state.PreviousLow <- candle.Low

    /// Adds a step at each new extreme. A branch on that would be unpredictable, so a factor of 0 or 1 decides.
    let inline private accelerate (state: byref<SarState>) (isExtreme: bool) step maximum =
        let steps = float (if isExtreme then 1 else 0)
        let acceleration = smaller maximum (state.Acceleration + steps * step)
        state.Acceleration <- acceleration
        acceleration

    let inline private stepLong (state: byref<SarState>) first step maximum (candle: inref<Candle>) =
        if candle.Low <= state.Stop then
            let stop = larger state.Extreme (larger candle.High state.PreviousHigh)
            state.Long <- false
            state.Acceleration <- first
            state.Extreme <- candle.Low
            let next = stop + first * (candle.Low - stop)
            state.Stop <- larger next (larger candle.High state.PreviousHigh)
            stop
        else
            let stop = state.Stop
            let extreme = larger candle.High state.Extreme

            let next =
                stop
                + accelerate &state (candle.High > state.Extreme) step maximum * (extreme - stop)

            state.Extreme <- extreme
            state.Stop <- smaller next (smaller candle.Low state.PreviousLow)
            stop

    let inline private stepShort (state: byref<SarState>) first step maximum (candle: inref<Candle>) =
        if candle.High >= state.Stop then
            let stop = smaller state.Extreme (smaller candle.Low state.PreviousLow)
            state.Long <- true
            state.Acceleration <- first
            state.Extreme <- candle.High
            let next = stop + first * (candle.High - stop)
            state.Stop <- smaller next (smaller candle.Low state.PreviousLow)
            stop
        else
            let stop = state.Stop
            let extreme = smaller candle.Low state.Extreme

            let next =
                stop
                + accelerate &state (candle.Low < state.Extreme) step maximum * (extreme - stop)

            state.Extreme <- extreme
            state.Stop <- larger next (larger candle.High state.PreviousHigh)
            stop

    [<Struct>]
    type internal SarStep =
        val private first: float
        val private step: float
        val private maximum: float

        new(step, maximum) =
            let step = ParameterRange.Multiple(nameof step, step)
            let maximum = ParameterRange.Multiple(nameof maximum, maximum)
            { first = smaller step maximum; step = step; maximum = maximum }

        interface IStep<SarState, Candle, float> with
            member _.WarmUp = 1
            member _.Initial = noPosition
            member _.Accepts state = state.Seen >= 0 && state.Seen <= 2

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member rule.Invoke(state, candle, output) =
                if state.Seen = 0 then
                    state.Seen <- 1
                    state.PreviousHigh <- candle.High
                    state.PreviousLow <- candle.Low
                    false
                else
                    if state.Seen = 1 then
                        state.Seen <- 2
                        openPosition &state rule.first &candle

                    output <-
                        if state.Long then
                            stepLong &state rule.first rule.step rule.maximum &candle
                        else
                            stepShort &state rule.first rule.step rule.maximum &candle

                    state.PreviousHigh <- candle.High
                    state.PreviousLow <- candle.Low
                    true

    let private noTrend =
        {
            Range = Ranges.start
            HasBands = false
            Upper = 0.0
            Lower = 0.0
            SuperTrendState.PreviousClose = 0.0
            Up = true
        }

    // The nearer band is unpredictable: use min and max. A close beyond a band is rare: a branch.
    let inline private nextUpper (state: byref<SuperTrendState>) upper =
        let isFree = not state.HasBands || state.PreviousClose > state.Upper
        if isFree then upper else smaller upper state.Upper

    let inline private nextLower (state: byref<SuperTrendState>) lower =
        let isFree = not state.HasBands || state.PreviousClose < state.Lower
        if isFree then lower else larger lower state.Lower

    [<Struct>]
    type internal SuperTrendStep =
        val private period: int
        val private gain: float
        val private multiple: float

        new(period, multiple) =
            {
                period = ParameterRange.Period period
                gain = Averages.wilderGain period
                multiple = ParameterRange.Multiple(nameof multiple, multiple)
            }

        interface IStep<SuperTrendState, Candle, SuperTrend> with
            member step.WarmUp = step.period
            member _.Initial = noTrend

            member step.Accepts state =
                Ranges.accepts step.period state.Range
                && state.HasBands = (state.Range.Average.Seen = step.period)

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, candle, output) =
                let mutable range = 0.0
                let speaks = Ranges.stepAtr &state.Range step.period step.gain &candle &range

                if speaks then
                    let middle = (candle.High + candle.Low) / 2.0
                    let distance = step.multiple * range
                    let upper = nextUpper &state (middle + distance)
                    let lower = nextLower &state (middle - distance)
                    let wasUp = if state.HasBands then state.Up else candle.Close >= middle
                    let up = if wasUp then not (candle.Close <= lower) else candle.Close > upper
                    state.HasBands <- true
                    state.Upper <- upper
                    state.Lower <- lower
                    state.Up <- up
                    state.PreviousClose <- candle.Close

                    output <-
                        if up then
                            { Value = lower; Direction = 1.0 }
                        else
                            { Value = upper; Direction = -1.0 }

                speaks

    /// <summary>Parabolic stop and reverse.</summary>
    /// <param name="step">Acceleration factor at first and added at each new extreme, above 0 and at most 1000;
    /// Wilder used 0.02.</param>
    /// <param name="maximum">Largest acceleration factor, above 0 and at most 1000; Wilder used 0.2.</param>
    /// <returns>The stop in the quote currency: below the price while long, above it while short, except on the candle that
    /// reverses. Silent for 1 candle.</returns>
    /// <remarks>Source: Wilder (1978) by the rules of TA-Lib: short at first only if the second candle's fall of the low
    /// exceeds its rise of the high and 0.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">Step or maximum is not above 0 and at most 1000.</exception>
    [<CompiledName("Sar")>]
    let sar step maximum = Indicator.ofStep (SarStep(step, maximum))

    /// <summary>SuperTrend: a band some average true ranges from the middle of the candle, which only moves with the trend.</summary>
    /// <param name="period">Candles of the average true range, 1..10000; usually 10.</param>
    /// <param name="multiple">Average true ranges from middle to band, above 0 and at most 1000; usually 3.</param>
    /// <returns>The band in the quote currency and the direction. Silent for <paramref name="period" /> candles.</returns>
    /// <remarks>Source: Seban (2009). Upwards at first if the close is not below the candle's middle; a touch of the band
    /// by the close turns an upward trend, so a flat market is downwards.</remarks>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000, or the multiple not above 0 and at most 1000.</exception>
    [<CompiledName("SuperTrend")>]
    let superTrend period multiple = Indicator.ofStep (SuperTrendStep(period, multiple))

    // A stop that follows a price slowly is as far behind it as a long average. The length was fitted to the stop's distance
    // for steps of 0.001 to 10: 30 candles for 0.02 and 0.2; the power 3/4 in operations that are exact.
    let private sarDistance step maximum =
        let slower = 0.02 / min step maximum
        let candles = 22.5 * sqrt (slower * sqrt slower) + 7.5 * (0.2 / maximum)

        if candles <= float FeatureScale.Day then
            IndicatorFeature.Distance(0, candles)
        else
            IndicatorFeature.OwnDistance 0

    // The band is some average ranges from the price; 3 are as far as the mean of an hour.
    let private superTrendDistance multiple =
        let ratio = multiple / 3.0
        IndicatorFeature.Distance(0, 60.0 * (ratio * ratio))

    let private sarRecipe =
        { Recipe.ofPeriod "sar" 1 Recipe.fading (fun p -> Recipe.made (SarFormat()) (SarStep(p.Number 0, p.Number 1))) with
            Accepted =
                [
                    IndicatorParameter.Number("step", 0.02)
                    IndicatorParameter.Number("max", 0.2)
                ]
            CalledElsewhere = "psar parabolic parabolicsar stopandreverse"
            Gives = fun p -> [ sarDistance (p.Number 0) (p.Number 1); IndicatorFeature.Side 0 ]
            Drawn = ValueSome(IndicatorOverlay.Of('s', "SAR", '°', OverlayTone.Warning))
        }

    let private superTrendRecipe =
        let make (p: IndicatorParameters) = Recipe.made (SuperTrendFormat()) (SuperTrendStep(p.Period 0, p.Number 1))

        { Recipe.ofPeriod "supertrend" 10 Recipe.fading make with
            Accepted =
                [
                    IndicatorParameter.Period("period", 10)
                    IndicatorParameter.Number("multiple", 3.0)
                ]
            OutputNames = [ ""; "direction" ]
            CalledElsewhere = "trend"
            Gives = fun p -> [ superTrendDistance (p.Number 1); IndicatorFeature.Plain 1 ]
            Drawn = ValueSome(IndicatorOverlay.Of('t', "SuperTrend", '━', OverlayTone.Third))
        }

    let internal recipes = [ sarRecipe; superTrendRecipe ]
