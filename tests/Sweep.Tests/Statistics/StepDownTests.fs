namespace BtcBandit.Sweep.Tests.Statistics

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Evaluation
open BtcBandit.Sweep.Statistics
open BtcBandit.Sweep.Tests.Statistics.Samples

module StepDownTests =

    let private adjusted (series: float32[][]) = StepDown.Adjusted(series, 7L, 400)

    /// Some have a mean above 0.
    let private mixed seed count blocks =
        worthless seed count blocks
        |> Array.mapi (fun k -> raised (0.1f * float32 (k % 7)))

    let private moved (change: float32[] -> unit) =
        let series = worthless 1L 3 30
        change series[1]
        series

    /// Of so many families, how many have a p-value up to 2 %.
    let private mistakes count (family: int64 -> float32[][]) =
        Array.Parallel.init count (fun seed ->
            let lowest = StepDown.Adjusted(family (int64 seed), int64 seed, 1_000, 1) |> Array.min
            if lowest <= 0.02 then 1 else 0)
        |> Array.sum

    [<Tests>]
    let tests =
        testList "StepDownTests" [
            // One to nine series, so that the last four of them are complete or not.
            cases "they are what resampled series give" [ 1, 25; 2, 20; 3, 27; 4, 40; 5, 33; 9, 26 ]
            <| fun (count: int, blocks: int) ->
                let series = mixed (int64 count) count blocks
                areNear 1e-12 (NaiveStepDown.adjusted series 7L 150) (StepDown.Adjusted(series, 7L, 150))

            testCase "they are so of strong series, where the widening grows"
            <| fun () ->
                let series = worthless 1L 10 60 |> Array.mapi (fun k -> raised (0.36f + 0.02f * float32 k))
                let expected = NaiveStepDown.adjusted series 7L 2_000
                isBelow 0.01 (Array.min expected)
                areNear 1e-12 expected (StepDown.Adjusted(series, 7L, 2_000))

            testCase "a single series has the p-value of the plain bootstrap, up to the quantile of 98 %"
            <| fun () ->
                let resamples = 1_000

                // Each resampled sum is one of these quantiles.
                let every = [|
                    for place in 0 .. resamples - 1 ->
                        float (if place <= resamples / 2 then place else place + 1) / float resamples
                |]

                let pairs = [
                    for seed in 1L .. 30L ->
                        let one = raised (0.01f * float32 seed) (single seed 100)
                        let values = Array.map float one
                        let quantiles = StationaryBootstrap.QuantilesOfSum(values, seed, resamples, every) |> nonNull
                        let reached = quantiles |> Seq.filter (fun sum -> sum >= 2.0 * Array.sum values) |> Seq.length

                        (1.0 + float reached) / (1.0 + float resamples),
                        (StepDown.Adjusted([| one |], seed, resamples))[0]
                ]

                let usual, rare = pairs |> List.partition (fun (plain, _) -> plain > 0.03)
                isAtLeast 10 usual.Length
                equalSeq (List.map fst usual) (List.map snd usual)
                isAtLeast 5 rare.Length
                rare |> all (fun (plain, own) -> own >= plain && own <= plain + 0.01)

            testCase "the standard error is that of the means of many resamples"
            <| fun () ->
                for blocks in [ 20; 33; 128 ] do
                    let mutable last = 0.0

                    let values = [|
                        for at in 1..blocks ->
                            last <- 0.5 * last + normal 4L 1 at
                            last
                    |]

                    let deviations = values |> Array.map (fun value -> value - Array.average values)
                    let error = BootstrapError(blocks)
                    let actual = error.Of(ReadOnlySpan deviations, Span(Array.zeroCreate error.WorkLength))

                    let squares =
                        Seq.init 4_000 (fun at ->
                            NaiveStepDown.places 5L at blocks
                            |> Array.averageBy (fun place -> deviations[place]))
                        |> Seq.averageBy (fun mean -> mean * mean)

                    isNearPercent 4.0 (sqrt squares) actual
                    isNear 1e-13 (NaiveStepDown.error values) actual

            testCase "of worthless independent families no more than 2 % have a mistake"
            <| fun () ->
                let families = 400
                let most = 0.02 * float families + 3.0 * sqrt (0.02 * 0.98 * float families)
                let found = mistakes families (fun seed -> worthless (1_000L + seed) 50 128)
                isWithin 1.0 most (float found)

            testCase "of families of equal worthless series no more than 2 % have a mistake, and hardly fewer"
            <| fun () ->
                let families = 800
                let most = 0.02 * float families + 3.0 * sqrt (0.02 * 0.98 * float families)
                let equals seed = Array.create 50 (single (9_000L + seed) 128)
                isWithin 5.0 most (float (mistakes families equals))

            cases "blocks that depend on each other make more mistakes than 2 %" [ 0.1, 2.6; 0.3, 3.9 ]
            <| fun (dependence: float, expected: float) ->
                let families = 1_000

                let dependent (seed: int64) k =
                    let mutable last = 0.0

                    Array.init 128 (fun at ->
                        last <- dependence * last + normal seed k at
                        float32 last)

                let found = mistakes families (fun seed -> Array.init 20 (dependent (20_000L + seed)))
                isNear 0.05 expected (100.0 * float found / float families)

            testCase "large worthless families have no more mistakes than small ones"
            <| fun () ->
                let found = mistakes 60 (fun seed -> worthless (50_000L + seed) 1_000 128)
                isAtMost 4 found

            testCase "a strong series is found among the worthless"
            <| fun () ->
                let series = worthless 3L 500 128
                series[123] <- raised 0.7f series[123]
                let p = StepDown.Adjusted(series, 1L)
                isAtMost 0.001 p[123]
                p |> Array.removeAt 123 |> all (fun other -> other > 0.02)

            testCase "finding the best makes the next one easier to find"
            <| fun () ->
                let series = mixed 5L 30 60
                let p = adjusted series
                let best = p |> Array.indexed |> Array.sortBy snd

                for taken in 1..8 do
                    let gone = best[.. taken - 1] |> Array.map fst |> Set.ofArray

                    let rest = [|
                        for k in 0 .. series.Length - 1 do
                            if not (gone.Contains k) then
                                series[k]
                    |]

                    let alone = max (snd best[taken - 1]) (Array.min (adjusted rest))
                    equal (snd best[taken]) alone

            testCase "p-values ascend as the statistics descend"
            <| fun () ->
                let series = mixed 8L 41 50

                let byStatistic =
                    Array.zip series (adjusted series)
                    |> Array.sortByDescending (fst >> Array.map float >> NaiveStepDown.statistic)

                isAscending (Array.map snd byStatistic)

            testCase "neither the order of the series nor the number of threads matters"
            <| fun () ->
                let series = Array.append (mixed 2L 50 77) (mixed 2L 13 77)
                let p = adjusted series
                equalSeq p (StepDown.Adjusted(series, 7L, 400, 1))
                equalSeq p (StepDown.Adjusted(series, 7L, 400, 5))
                let order = shuffled 6L [| 0 .. series.Length - 1 |]
                equalSeq (order |> Array.map (fun k -> p[k])) (adjusted (order |> Array.map (fun k -> series[k])))
                equalSeq p[..12] p[50..]

            testCase "the unit of a series does not matter"
            <| fun () ->
                let series = mixed 4L 21 64
                let scaled = series |> Array.mapi (fun k -> Array.map ((*) (MathF.ScaleB(1f, k - 30))))
                equalSeq (adjusted series) (adjusted scaled)

            testCase "a series that never moves has a p-value of 1 and changes no other"
            <| fun () ->
                let series = mixed 6L 10 40
                let still = [| Array.create 40 0f; Array.create 40 0.1f; Array.create 40 -1f |]
                equalSeq (Array.append (adjusted series) [| 1.0; 1.0; 1.0 |]) (adjusted (Array.append series still))
                equalSeq [ 1.0; 1.0; 1.0 ] (adjusted still)
                isEmpty (adjusted [||])

            testCase "the same seed gives the same p-values, another one others, and none is below the smallest"
            <| fun () ->
                let series = mixed 9L 20 64
                equalSeq (adjusted series) (adjusted series)
                holds (adjusted series <> StepDown.Adjusted(series, 8L, 400))
                let sure = [| raised 20f (single 1L 64) |]
                equalSeq [ 1.0 / 401.0 ] (adjusted sure)

            testCase "what cannot be tested is refused"
            <| fun () ->
                throwsFor<ArgumentException> "series" (fun () -> adjusted (worthless 1L 2 19) |> ignore)
                throwsFor<ArgumentException> "series" (fun () -> adjusted (moved (fun one -> one[3] <- nanf)) |> ignore)

                throwsFor<ArgumentException> "series" (fun () ->
                    adjusted (moved (fun one -> one[29] <- infinityf)) |> ignore)

                let uneven = Array.append (worthless 1L 2 30) (worthless 1L 1 31)
                throwsFor<ArgumentException> "series" (fun () -> adjusted uneven |> ignore)
                let none () = StepDown.Adjusted(worthless 1L 2 30, 1L, 0) |> ignore
                throwsFor<ArgumentOutOfRangeException> "resamples" none
        ]
