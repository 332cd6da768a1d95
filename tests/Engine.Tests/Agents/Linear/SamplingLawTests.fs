namespace BtcBandit.Engine.Tests.Agents.Linear

open System
open MathNet.Numerics.Distributions
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

/// BTCBANDIT_DRAWS draws for every number of features up to 24; by default fewer of both.
module SamplingLawTests =

    let private count, private sizes =
        match Environment.GetEnvironmentVariable "BTCBANDIT_DRAWS" with
        | null -> 200_000, [ 1; 8; 24 ]
        | draws -> int draws, [ 1..24 ]

    let private Sizes = sizes

    [<Tests>]
    let tests =
        testList "SamplingLawTests" [
            cases "scores are drawn from the normal that the posterior says" Sizes
            <| fun (size: int) ->
                let parameters = RunParameters(Horizon = Nullable 5, PosteriorScale = 1.0)
                let agent = LinearAgent((Make.headerOf size parameters).AgentSetup, null)

                for index in 1L .. 200L do
                    let x, y = Worlds.observation size index
                    Thompson.learn agent x 1e-3 (1e-3 * y)

                let x, _ = Worlds.observation size 0L
                // The law from the snapshot alone: N(x.m, h x'SS'x b/a), in units of volatility times root h; no costs, all bought.
                let state = AgentStates.read<PosteriorState> "linear-ts" (agent.Snapshot())
                let mean = Array.fold2 (fun sum a b -> sum + a * b) 0.0 state.Means[0] x

                let spread =
                    Seq.sum (
                        seq {
                            for column in 0 .. size - 1 ->
                                Math.Pow(
                                    Seq.sum (seq { for row in 0 .. size - 1 -> state.Factor[row][column] * x[row] }),
                                    2.0
                                )
                        }
                    )

                let unit = 1e-3 * sqrt 5.0
                let deviation = sqrt (5.0 * spread * state.Rates[0] / state.Shapes[0])

                let seen = { Thompson.situation with Features = x; CostFraction = 0.0 }

                let draws =
                    Array.init count (fun i ->
                        let draw = (Thompson.choose agent { seen with OpenTime = int64 i * 60_000L }).Buy.Draw
                        (draw / unit - mean) / deviation)

                let n = float count
                let average = Array.average draws
                let variance = draws |> Array.averageBy (fun draw -> (draw - average) * (draw - average))
                let distance = Statistics.kolmogorovSmirnov (fun draw -> Normal.CDF(0.0, 1.0, draw)) draws

                // Four standard deviations of each, and the 0.01 % point of Kolmogorov and Smirnov.
                isNear (4.0 / sqrt n) 0.0 average
                isNear (4.0 * sqrt (2.0 / n)) 1.0 variance
                isBelow (2.23 / sqrt n) distance
        ]
