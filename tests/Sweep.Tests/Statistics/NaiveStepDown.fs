namespace BtcBandit.Sweep.Tests.Statistics

open System
open BtcBandit.Indicators.Numerics

/// The same tests from their definition, one resampled series after the other.
module NaiveStepDown =
    let meanLength blocks = Math.Cbrt(float blocks)

    /// Politis and Romano: with a probability of 1 / mean length a block ends, and the next one begins anywhere.
    let places seed resample blocks =
        let mutable place = 0

        [|
            for step in 0 .. blocks - 1 ->
                let draw = CounterRandom.Uniform(seed, 8, int64 (resample * blocks + step))

                place <-
                    if step = 0 then
                        int (draw * float blocks)
                    elif draw < 1.0 / meanLength blocks then
                        int (draw * meanLength blocks * float blocks)
                    else
                        (place + 1) % blocks

                place
        |]

    /// The covariance of the values at two times of a resample, summed over all pairs of times.
    let error (series: float[]) =
        let blocks = series.Length
        let mean = Array.average series

        let apart lag =
            Seq.init blocks (fun at -> (series[at] - mean) * (series[(at + lag) % blocks] - mean))
            |> Seq.average

        let covariances = Array.init blocks apart
        let stays = 1.0 - 1.0 / meanLength blocks

        let sum =
            Seq.allPairs [ 0 .. blocks - 1 ] [ 0 .. blocks - 1 ]
            |> Seq.sumBy (fun (one, other) ->
                let lag = abs (one - other) in Math.Pow(stays, float lag) * covariances[lag])

        sqrt sum / float blocks

    let statistic (series: float[]) = Array.average series / error series

    let resampled seed resamples (series: float[]) =
        let blocks = series.Length
        let share = meanLength blocks / float blocks
        let error = error series
        let mean = Array.average series

        Array.init resamples (fun resample ->
            let drawn = places seed resample blocks |> Array.averageBy (fun at -> series[at])
            let z = (drawn - mean) / error
            z * (1.0 + 3.0 * share + share / 4.0 * max 0.0 (z * z - 4.2179)))

    let adjusted (series: float32[][]) seed resamples =
        let series = series |> Array.map (Array.map float)
        let statistics = series |> Array.map statistic

        let draws = series |> Array.map (resampled seed resamples)

        // Of a series that stands somewhere, and of all that are not above it.
        let own at =
            let rest = [
                for other in 0 .. series.Length - 1 do
                    if statistics[other] <= statistics[at] then
                        other
            ]

            let reached =
                Seq.init resamples id
                |> Seq.filter (fun b -> rest |> Seq.exists (fun k -> draws[k][b] >= statistics[at]))

            (1.0 + float (Seq.length reached)) / (1.0 + float resamples)

        [|
            for at in 0 .. series.Length - 1 ->
                Seq.init series.Length id
                |> Seq.filter (fun other -> statistics[other] >= statistics[at])
                |> Seq.map own
                |> Seq.max
        |]
