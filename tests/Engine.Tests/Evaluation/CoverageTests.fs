namespace BtcBandit.Engine.Tests.Evaluation

open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Indicators.Numerics

/// How often the bootstrap's interval covers the expected sum, which is 0 here. `bench verdict` measures more kinds of series.
module CoverageTests =

    let private series = 2_000

    // A fifth of those of the program: what the quantiles lose is less than what is allowed.
    let private resamples = 399

    let private normal (seed: int) (i: int) = CounterRandom.Normal(int64 seed, 5, int64 i)
    let private uniform (seed: int) (i: int) = CounterRandom.Uniform(int64 seed, 6, int64 i)

    let private independent seed count = Array.init count (normal seed)

    /// Volatility that clusters, with tails.
    let private garch seed count =
        let mutable variance = 1.0

        let values = [|
            for i in 0 .. count + 99 ->
                let value = sqrt variance * normal seed i
                variance <- 0.05 + 0.15 * value * value + 0.8 * variance
                value
        |]

        values[100..]

    /// Out of the market most of the time.
    let private sparse seed count = Array.init count (fun i -> if uniform seed i < 0.8 then 0.0 else normal seed i)

    let private dependent seed count =
        let mutable last = 0.0

        let values = [|
            for i in 0 .. count + 99 ->
                last <- 0.2 * last + normal seed i
                last
        |]

        values[100..]

    /// Shares of the series whose interval covers the sum, and whose bound of 2 % is above it.
    let private shares (draw: int -> int -> float[]) count =
        let covered, above = Array.zeroCreate series, Array.zeroCreate series

        let judge at =
            let ends =
                StationaryBootstrap.QuantilesOfSum(draw at count, int64 at, resamples, [| 0.025; 0.975; 0.02 |])
                |> nonNull

            covered[at] <- ends[0] <= 0.0 && ends[1] >= 0.0
            above[at] <- ends[2] > 0.0

        Parallel.For(0, series, judge) |> ignore
        let share = Array.filter id >> Array.length >> fun count -> float count / float series
        share covered, share above

    [<Tests>]
    let tests =
        testList "CoverageTests" [
            cases "the interval covers the expected sum in 93 to 97 % of the series" [
                "independent", independent, 128
                "independent", independent, 255
                "clustered", garch, 128
                "mostly 0", sparse, 128
                "dependent", dependent, 128
            ]
            <| fun (_: string, draw: int -> int -> float[], count: int) ->
                let covered, above = shares draw count
                isWithin 0.93 0.97 covered
                isAtMost 0.03 above
        ]
