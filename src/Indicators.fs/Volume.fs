namespace BtcBandit.Indicators

open System

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

    let private anchored (anchorOf: int64 -> int64) =
        Indicator.create
            0
            { Anchor = -1L; Value = Sum.Zero; Volume = Sum.Zero }
            (Step<VwapState, Candle, float>(fun state candle output ->
                let anchor = anchorOf candle.OpenTime

                if anchor <> state.Anchor then
                    state.Anchor <- anchor
                    state.Value <- Sum.Zero
                    state.Volume <- Sum.Zero

                state.Value <- state.Value.Add(candle.Typical * candle.Volume)
                state.Volume <- state.Volume.Add candle.Volume
                let volume = state.Volume.Value
                output <- if volume > 0.0 then state.Value.Value / volume else candle.Typical
                true))

    /// <summary>Volume-weighted average price since 00:00 UTC: sum(typical price x volume) / sum(volume).</summary>
    /// <returns>In the quote currency; the newest typical price while nothing was traded. Never silent.</returns>
    [<CompiledName("VwapOfDay")>]
    let vwapOfDay = anchored (fun openTime -> openTime / MillisecondsPerDay)

    /// <summary>Volume-weighted average price since the first candle.</summary>
    /// <returns>In the quote currency; the newest typical price while nothing was traded. Never silent.</returns>
    [<CompiledName("VwapCumulative")>]
    let vwapCumulative = anchored (fun _ -> 0L)

    /// <summary>Volume-weighted average price of the last <paramref name="period" /> candles.</summary>
    /// <param name="period">Candles, 1..10000.</param>
    /// <returns>In the quote currency; the newest typical price where nothing was traded. Silent for period - 1 candles.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The period is not 1..10000.</exception>
    [<CompiledName("VwapRolling")>]
    let vwapRolling period =
        Averages.requirePeriod period

        Indicator.create
            (period - 1)
            {
                Values = Slide.Empty
                Volumes = Slide.Empty
                RollingVwapState.Value = Sum.Zero
                Volume = Sum.Zero
            }
            (Step<RollingVwapState, Candle, float>(fun state candle output ->
                if state.Values.IsDue period then
                    state.Values.Turn(Averages.suffixSums (state.Values.BackValues 1))
                    state.Volumes.Turn(Averages.suffixSums (state.Volumes.BackValues 1))
                    state.Value <- Sum.Zero
                    state.Volume <- Sum.Zero

                let value = candle.Typical * candle.Volume
                state.Values.Push(value, period)
                state.Volumes.Push(candle.Volume, period)
                state.Value <- state.Value.Add value
                state.Volume <- state.Volume.Add candle.Volume
                let volume = state.Volumes.FrontSum period + state.Volume.Value

                output <-
                    if volume > 0.0 then
                        (state.Values.FrontSum period + state.Value.Value) / volume
                    else
                        candle.Typical

                state.Values.IsFull period))
