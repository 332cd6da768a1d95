namespace BtcBandit.Indicators

open System.Runtime.CompilerServices
open BtcBandit.Indicators.FSharp

/// <summary>State of a volume-weighted average price since an anchor.</summary>
[<Struct>]
type VwapState =
    {
        /// The anchor's number: the UTC day; -1 before the first candle.
        mutable Anchor: int64
        /// Sum of typical price x volume.
        mutable Value: Sum
        /// Sum of volume.
        mutable Volume: Sum
    }

/// <summary>State of a volume-weighted average price of the last candles.</summary>
[<Struct>]
type RollingVwapState =
    {
        /// Typical price x volume.
        mutable Values: Slide
        /// Volume.
        mutable Volumes: Slide
        /// Sum of the newer part of the values.
        mutable Value: Sum
        /// Sum of the newer part of the volumes.
        mutable Volume: Sum
    }

/// <summary>Averages that weigh a price by what was traded at it.</summary>
[<RequireQualifiedAccess>]
module Volume =

    [<Literal>]
    let private MillisecondsPerDay = 86_400_000L

    [<Struct>]
    type internal VwapStep(daily: bool) =
        interface IStep<VwapState, Candle, float> with
            member _.WarmUp = 0
            member _.Initial = { Anchor = -1L; Value = Sum.Zero; Volume = Sum.Zero }

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member _.Invoke(state, candle, output) =
                let anchor = if daily then candle.OpenTime / MillisecondsPerDay else 0L

                if anchor <> state.Anchor then
                    state.Anchor <- anchor
                    state.Value <- Sum.Zero
                    state.Volume <- Sum.Zero

                let values = state.Value.Add(candle.Typical * candle.Volume)
                let volumes = state.Volume.Add candle.Volume
                state.Value <- values
                state.Volume <- volumes
                let volume = volumes.Value
                output <- if volume > 0.0 then values.Value / volume else candle.Typical
                true

    [<Struct>]
    type internal RollingVwapStep =
        val private period: int
        new(period) = { period = Averages.requirePeriod period }

        interface IStep<RollingVwapState, Candle, float> with
            member step.WarmUp = step.period - 1

            member _.Initial = { Values = Slide.Empty; Volumes = Slide.Empty; Value = Sum.Zero; Volume = Sum.Zero }

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, candle, output) =
                if state.Values.IsDue step.period then
                    state.Values.Turn(Averages.suffixSums (state.Values.BackValues 1))
                    state.Volumes.Turn(Averages.suffixSums (state.Volumes.BackValues 1))
                    state.Value <- Sum.Zero
                    state.Volume <- Sum.Zero

                let value = candle.Typical * candle.Volume
                state.Values.Push(value, step.period)
                state.Volumes.Push(candle.Volume, step.period)
                state.Value <- state.Value.Add value
                state.Volume <- state.Volume.Add candle.Volume
                let volume = state.Volumes.FrontSum + state.Volume.Value

                output <-
                    if volume > 0.0 then
                        (state.Values.FrontSum + state.Value.Value) / volume
                    else
                        candle.Typical

                state.Values.IsFull step.period

    /// <summary>Volume-weighted average price since 00:00 UTC: sum(typical price x volume) / sum(volume).</summary>
    /// <returns>In the quote currency; the newest typical price while nothing was traded. Never silent.</returns>
    [<CompiledName("VwapOfDay")>]
    let vwapOfDay = Indicator.ofStep (VwapStep true)

    /// <summary>Volume-weighted average price since the first candle.</summary>
    /// <returns>In the quote currency; the newest typical price while nothing was traded. Never silent.</returns>
    [<CompiledName("VwapCumulative")>]
    let vwapCumulative = Indicator.ofStep (VwapStep false)

    /// <summary>Volume-weighted average price of the last <paramref name="period" /> candles.</summary>
    /// <param name="period">Candles, 1..10000.</param>
    /// <returns>In the quote currency; the newest typical price where nothing was traded. Silent for period - 1 candles.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("VwapRolling")>]
    let vwapRolling period = Indicator.ofStep (RollingVwapStep period)
