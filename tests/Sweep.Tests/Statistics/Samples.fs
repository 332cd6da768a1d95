namespace BtcBandit.Sweep.Tests.Statistics

open BtcBandit.Indicators.Numerics

/// Returns of candidates on the same blocks.
module Samples =
    let normal seed stream at = CounterRandom.Normal(seed, stream, int64 at)

    /// Independent series without a mean.
    let worthless seed count blocks =
        Array.init count (fun k -> Array.init blocks (fun at -> float32 (normal seed k at)))

    /// One such series.
    let single seed blocks = (worthless seed 1 blocks).[0]

    let raised (by: float32) (series: float32[]) = Array.map ((+) by) series

    let shuffled seed (values: 'value[]) =
        values
        |> Array.indexed
        |> Array.sortBy (fun (at, _) -> CounterRandom.Bits(seed, 3, int64 at))
        |> Array.map snd
