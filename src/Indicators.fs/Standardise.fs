namespace BtcBandit.Indicators

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
