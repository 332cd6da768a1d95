namespace BtcBandit.Indicators

open System
open System.Runtime.CompilerServices
open System.Text.Json.Serialization
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Numerics

/// <summary>State of a volume-weighted average price since an anchor.</summary>
[<Struct; JsonConverter(typeof<VwapFormat>)>]
type VwapState =
    {
        /// The anchor's number: the UTC day; -1 before the first candle.
        mutable Anchor: int64
        /// Sum of typical price x volume.
        mutable Value: Sum
        /// Sum of volume.
        mutable Volume: Sum
    }

and [<Sealed>] internal VwapFormat() =
    inherit FieldsFormat<VwapState>()

    override _.Visit(fields, state) =
        fields.Whole("Anchor", &state.Anchor)
        fields.Sum("Value", &state.Value)
        fields.Sum("Volume", &state.Volume)

/// <summary>State of a volume-weighted average price of the last candles.</summary>
[<Struct; JsonConverter(typeof<RollingVwapFormat>)>]
type RollingVwapState =
    {
        /// Typical price x volume.
        mutable Values: TwoStackWindow
        /// Volume.
        mutable Volumes: TwoStackWindow
        /// Sum of the newer part of the values.
        mutable Value: Sum
        /// Sum of the newer part of the volumes.
        mutable Volume: Sum
    }

and [<Sealed>] internal RollingVwapFormat() =
    inherit FieldsFormat<RollingVwapState>()

    override _.Visit(fields, state) =
        fields.State("Values", TwoStackWindowFormat.Instance, &state.Values)
        fields.State("Volumes", TwoStackWindowFormat.Instance, &state.Volumes)
        fields.Sum("Value", &state.Value)
        fields.Sum("Volume", &state.Volume)

/// <summary>Averages that weigh each price by the volume traded at it.</summary>
[<RequireQualifiedAccess>]
module Volume =

    [<Literal>]
    let private MillisecondsPerDay = 86_400_000L

    // The largest that the open time of a candle has.
    let private lastDay = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() / MillisecondsPerDay

    [<Struct>]
    type internal VwapStep(daily: bool) =
        interface IStep<VwapState, Candle, float> with
            member _.WarmUp = 0
            member _.Initial = { Anchor = -1L; Value = Sum.Zero; Volume = Sum.Zero }

            member step.Accepts state =
                if state.Anchor < 0L then
                    state = (step :> IStep<VwapState, Candle, float>).Initial
                else
                    state.Anchor <= (if daily then lastDay else 0L)

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
        new(period) = { period = ParameterRange.Period period }

        interface IStep<RollingVwapState, Candle, float> with
            member step.WarmUp = step.period - 1

            member _.Initial =
                {
                    Values = TwoStackWindow.Empty
                    Volumes = TwoStackWindow.Empty
                    Value = Sum.Zero
                    Volume = Sum.Zero
                }

            member step.Accepts state =
                state.Values.Fits(step.period, 1)
                && state.Volumes.Fits(step.period, 1)
                && state.Values.Back = state.Volumes.Back
                && state.Values.Front.Length = state.Volumes.Front.Length

            [<MethodImpl(MethodImplOptions.AggressiveInlining)>]
            member step.Invoke(state, candle, output) =
                if state.Values.IsDue step.period then
                    state.Values.Flip(Averages.suffixSums (state.Values.BackValues 1))
                    state.Volumes.Flip(Averages.suffixSums (state.Volumes.BackValues 1))
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

    let private make (p: IndicatorParameters) =
        match p.Text 0 with
        | "day" -> Recipe.made (VwapFormat()) (VwapStep true)
        | "cumulative" -> Recipe.made (VwapFormat()) (VwapStep false)
        | _ -> Recipe.made (RollingVwapFormat()) (RollingVwapStep(p.Period 0))

    // The anchor is half a day old on average since midnight, and ever older since the first candle.
    let private distance (p: IndicatorParameters) =
        match p.Text 0 with
        | "day" -> [ IndicatorFeature.Distance(0, 720.0) ]
        | "cumulative" -> [ IndicatorFeature.OwnDistance 0 ]
        | _ -> [ IndicatorFeature.Distance(0, float (p.Period 0)) ]

    let private memory (p: IndicatorParameters) =
        match p.Text 0 with
        | "day" -> IndicatorMemory.Fading
        | "cumulative" -> IndicatorMemory.Endless
        | _ -> Recipe.window p

    let internal recipes =
        [
            { Recipe.ofPeriod "vwap" 1 memory make with
                Accepted = [ IndicatorParameter.PeriodOr("anchor", "day", "day", "cumulative") ]
                CalledElsewhere = "volumeweighted volumeweightedaverageprice"
                Gives = distance
                Drawn = ValueSome(IndicatorOverlay.Of('v', "VWAP", '═', OverlayTone.Second))
            }
        ]
