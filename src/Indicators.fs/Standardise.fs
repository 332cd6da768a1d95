namespace BtcBandit.Indicators

open System
open System.Runtime.CompilerServices
open System.Runtime.Intrinsics
open System.Text.Json.Serialization
open BtcBandit.Indicators.FSharp

/// <summary>Slow mean and deviation of one number, to bring it to unit scale while it is read.</summary>
[<Struct>]
type StandardState =
    {
        /// Inputs seen, up to the length.
        mutable Seen: int
        [<JsonConverter(typeof<ExactNumbers>)>]
        mutable Mean: float
        [<JsonConverter(typeof<ExactNumbers>)>]
        mutable Variance: float
    }

/// <summary>Brings a stream of numbers to mean 0 and deviation 1, by what was seen so far.</summary>
[<RequireQualifiedAccess>]
module Standardise =

    /// <summary>Inputs the mean and deviation look back on, unless said otherwise: a day of minutes.</summary>
    [<Literal>]
    let Length = 1440

    let internal start = { Seen = 0; Mean = 0.0; Variance = 0.0 }

    let inline internal step (state: byref<StandardState>) length (input: float) =
        // Most inputs come when the length is reached; where it is a constant, so is its inverse.
        let gain =
            if state.Seen < length then
                state.Seen <- state.Seen + 1
                1.0 / float state.Seen
            else
                1.0 / float length

        let away = input - state.Mean
        state.Mean <- state.Mean + gain * away
        state.Variance <- (1.0 - gain) * (state.Variance + gain * away * away)
        if state.Variance > 0.0 then (input - state.Mean) / sqrt state.Variance else 0.0

    /// <summary>(input - mean) / deviation, both of the inputs so far and from <paramref name="length" /> on forgetting slowly.</summary>
    /// <param name="length">Inputs, 1..10000, after which older ones fade.</param>
    /// <returns>Dimensionless; 0 while every input was the same. Never silent.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">The length is not 1..10000.</exception>
    [<CompiledName("Online")>]
    let online length =
        Averages.requirePeriod length |> ignore

        Indicator.create
            0
            start
            (Step<StandardState, float, float>(fun state input output ->
                output <- step &state length input
                true))

/// Several numbers that are standardised at the same moments, each against its own past.
[<Sealed>]
type internal Standards(states: StandardState[]) =
    let length = Lanes.padded states.Length
    let means: float[] = Array.zeroCreate length
    let variances: float[] = Array.zeroCreate length
    let inputs: float[] = Array.zeroCreate length
    let outputs: float[] = Array.zeroCreate length
    let mutable seen = 0

    do
        for i in 0 .. states.Length - 1 do
            seen <- states[i].Seen
            means[i] <- states[i].Mean
            variances[i] <- states[i].Variance

    /// What is standardised next, one number for each state.
    member _.Inputs = inputs

    /// What came of the inputs.
    member _.Outputs = outputs

    /// Standardises the inputs: `Standardise.step` of each.
    member _.Step() =
        if seen < Standardise.Length then
            seen <- seen + 1

        let gain = 1.0 / float seen
        let gains, rests = Vector256.Create gain, Vector256.Create(1.0 - gain)

        for i in 0 .. Lanes.Width .. length - 1 do
            let input = Lanes.load inputs i
            let away = input - Lanes.load means i
            let mean = Lanes.load means i + gains * away
            let variance = rests * (Lanes.load variances i + gains * away * away)
            Lanes.store mean means i
            Lanes.store variance variances i

            let isSpread = Vector256.GreaterThan(variance, Vector256.Zero)
            Lanes.store (Vector256.BitwiseAnd(isSpread, (input - mean) / Vector256.Sqrt variance)) outputs i

    /// Each as a value.
    member _.States =
        Array.init states.Length (fun i -> { Seen = seen; Mean = means[i]; Variance = variances[i] })
