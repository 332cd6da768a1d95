namespace BtcBandit.Engine.Tests.Evaluation

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Indicators.Numerics

module StationaryBootstrapTests =

    let private normals seed count = [| for i in 1..count -> CounterRandom.Normal(seed, 2, int64 i) |]

    /// Each value remembers most of the one before.
    let private dependent seed count =
        let mutable last = 0.0

        [|
            for value in normals seed count ->
                last <- 0.8 * last + value
                last
        |]

    let private ends values seed =
        let interval = StationaryBootstrap.OfSum(values, seed)
        holds interval.HasValue
        interval.Value.Low, interval.Value.High

    let private width values = let low, high = ends values 1L in high - low

    [<Tests>]
    let tests =
        testList "StationaryBootstrapTests" [
            testCase "of independent values it is as wide as the normal one"
            <| fun () ->
                let expected = 2.0 * 1.96 * sqrt 400.0
                let widths = [ for seed in 1L .. 10L -> width (normals seed 400) ]
                isNear (0.08 * expected) expected (List.average widths)

            testCase "of dependent values it is wider than that of the same values shuffled"
            <| fun () ->
                for seed in 1L .. 5L do
                    let values = dependent seed 400

                    let shuffled =
                        values
                        |> Array.indexed
                        |> Array.sortBy (fun (i, _) -> CounterRandom.Bits(9L, 3, int64 i))
                        |> Array.map snd

                    isAbove (1.4 * width shuffled) (width values)

            testCase "the same seed gives the same interval, another seed another one"
            <| fun () ->
                let values = normals 1L 100
                equal (ends values 5L) (ends values 5L)
                holds (ends values 5L <> ends values 6L)

            testCase "a constant has no width, and a few values have no interval"
            <| fun () ->
                let low, high = ends (Array.create 50 0.25) 1L
                equal (12.5, 12.5) (low, high)
                equal (Nullable()) (StationaryBootstrap.OfSum(normals 1L 19, 1L))

            testCase "every place is drawn as often as another"
            <| fun () ->
                // All weight on one place: the quantiles are those of how often it is drawn, farther from the sum of 1.
                let widening = 1.0 + 3.0 * Math.Cbrt 50.0 / 50.0

                for place in [ 0; 17; 49 ] do
                    let values = Array.init 50 (fun i -> if i = place then 1.0 else 0.0)
                    let low, high = ends values 3L
                    isNear 1e-12 (1.0 - widening) low
                    isWithin 2.0 5.0 (1.0 + (high - 1.0) / widening)

            testCase "quantiles ascend, and those of 2.5 and 97.5 % are the interval"
            <| fun () ->
                let values = dependent 2L 150

                let quantiles =
                    StationaryBootstrap.QuantilesOfSum(values, 1L, [| 0.02; 0.025; 0.5; 0.975 |])
                    |> nonNull

                isAscending quantiles
                equal (ends values 1L) (quantiles[1], quantiles[3])
                isNull' (StationaryBootstrap.QuantilesOfSum(normals 1L 19, 1L, [| 0.5 |]))
        ]
