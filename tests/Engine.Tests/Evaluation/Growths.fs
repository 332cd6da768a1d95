namespace BtcBandit.Engine.Tests.Evaluation

open System.Collections.Immutable
open BtcBandit.Engine.Evaluation
open BtcBandit.Indicators.Numerics

/// Growth of runs that nobody made.
module Growths =
    let state (stepsPerBlock: int64) (equity: float[]) (buyAndHold: float[]) =
        GrowthState(
            StepsPerBlock = stepsPerBlock,
            Equity = ImmutableArray.Create<float>(equity),
            BuyAndHold = ImmutableArray.Create<float>(buyAndHold)
        )

    /// Levels after each return, the first of which is of the initial level.
    let levels (initial: float) (returns: float[]) =
        returns
        |> Array.scan (fun level one -> level * (1.0 + one)) initial
        |> Array.tail

    /// Blocks of one step.
    let ofReturns initial own held = state 1L (levels initial own) (levels initial held)

    let blocks own held = BlockReturns.Of(ofReturns 1_000.0 own held, 1_000.0) |> nonNull

    let normals seed count = [| for i in 1..count -> CounterRandom.Normal(seed, 4, int64 i) |]

    /// Normal returns of a mean and a deviation.
    let returns seed count mean deviation = normals seed count |> Array.map (fun one -> mean + deviation * one)
