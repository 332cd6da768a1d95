namespace BtcBandit.Engine.Tests.Evaluation

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

/// Benchmarks beside a run, against every path there is and against sums by hand.
module BenchmarksTests =

    let private parametersOf feeBps slippageBps fill = RunParameters(Costs = Costs.Of(feeBps, slippageBps), Fill = fill)

    let private candles (prices: (float * float) list) =
        prices
        |> List.mapi (fun index (openPrice, close) -> Make.candle (int64 index * 60_000L) openPrice close)

    let private startOf (parameters: RunParameters) = Benchmarks(parameters.Fill, null, 0.0)

    let private next (benchmarks: Benchmarks) (parameters: RunParameters) (candle: Candle) isStep =
        benchmarks.Next(&candle, isStep, parameters.Costs)

    let private run (parameters: RunParameters) steps =
        let benchmarks = startOf parameters

        for candle in steps do
            next benchmarks parameters candle true

        benchmarks

    /// Growth of being in (true) or out after each fill, cost by cost, without the recursion.
    let private growth feeBps slippageBps (prices: (float * float) list) (path: bool list) =
        let fee, slip = feeBps / 1e4, slippageBps / 1e4
        let mutable equity, isIn, last = 1.0, false, snd prices.Head

        for (openPrice, close), wants in List.zip prices.Tail path do
            if isIn then
                equity <- equity * (openPrice / last)

            if wants <> isIn then
                equity <-
                    if wants then
                        equity / ((1.0 + slip) * (1.0 + fee))
                    else
                        equity * (1.0 - slip) * (1.0 - fee)

                isIn <- wants

            if isIn then
                equity <- equity * (close / openPrice)

            last <- close

        equity

    let rec private paths length =
        if length = 0 then
            [ [] ]
        else
            [
                for rest in paths (length - 1) do
                    yield true :: rest
                    yield false :: rest
            ]

    let private near = isNearPercent 1e-10

    [<Tests>]
    let tests =
        testList "BenchmarksTests" [
            property "hindsight is the best of all paths, at any cost"
            <| fun (seed: int64) ->
                let uniform stream index = CounterRandom.Uniform(seed, stream, index)
                let price stream index = 100.0 * (0.99 + 0.02 * uniform stream index)
                let prices = [ for index in 0L .. 8L -> price 1 index, price 2 index ]
                let fee, slip = 30.0 * uniform 3 0L, 10.0 * uniform 3 1L
                let best = paths 8 |> List.map (growth fee slip prices) |> List.max
                let results = (run (parametersOf fee slip FillMoment.NextOpen) (candles prices)).Results
                near best (max results.BestFlat results.BestLong)
                let regret = results.RegretOf 0.9
                isNear 1e-12 (log best - log 0.9) regret.Value

            testCase "before the first step there are none"
            <| fun () ->
                let benchmarks = startOf (RunParameters())
                next benchmarks (RunParameters()) (Make.candle 0L 100.0 101.0) false
                equal false (benchmarks.Results.RegretOf 1.0).HasValue
                equal false benchmarks.Results.MovingAverageCrossReturn.HasValue

            testCase "where nothing could fill yet there is no regret"
            <| fun () ->
                let results = (run (parametersOf 0.0 0.0 FillMoment.NextOpen) (candles [ 100.0, 150.0 ])).Results
                equal 0.0 (results.RegretOf 1.0).Value

            testCase "at the close the decision's own price is the fill's"
            <| fun () ->
                let prices = [ 100.0, 100.0; 90.0, 110.0 ]
                let atClose = (run (parametersOf 0.0 0.0 FillMoment.Close) (candles prices)).Results
                near 1.1 atClose.BestLong
                let atOpen = (run (parametersOf 0.0 0.0 FillMoment.NextOpen) (candles prices)).Results
                near (110.0 / 90.0) atOpen.BestLong

            testCase "a run of any length stays within the range of numbers"
            <| fun () ->
                let parameters = parametersOf 0.0 0.0 FillMoment.NextOpen
                let benchmarks = startOf parameters

                for index in 0L .. 20_000L do
                    let low, high = (if index % 2L = 0L then 100.0, 110.0 else 110.0, 100.0)
                    let candle = Make.candle (index * 60_000L) low high
                    next benchmarks parameters candle true

                // The first step fills nothing; then every second candle rises by a tenth.
                let regret = benchmarks.Results.RegretOf 1.0
                isNear 1e-6 (10_000.0 * log 1.1) regret.Value

            cases "the crossover of a run of any length stays within the range of numbers" [
                400, 100.0, 0.0
                120, 1.01, 5_000.0
            ]
            <| fun (period: int, top: float, fee: float) ->
                let parameters = parametersOf fee 0.0 FillMoment.NextOpen
                let benchmarks = startOf parameters
                // A triangle on a scale of ratios.
                let price index = top ** (float (abs (index % period - period / 2)) / float (period / 2))

                let values = [
                    for index in 0..80_000 do
                        next
                            benchmarks
                            parameters
                            (Make.candle (int64 index * 60_000L) (price index) (price index))
                            true

                        benchmarks.Results.MovingAverageCross
                ]

                has (2.0 ** (if fee > 0.0 then -512.0 else 512.0)) values
                isAtLeast (2.0 ** -512.0) (List.min values)
                isAtMost (2.0 ** 512.0) (List.max values)

            testCase "the crossover is in while the short mean is above the long one"
            <| fun () ->
                let closes = [
                    for index in 0..59 -> if index < 50 then 100.0 else 100.0 + float (index - 49)
                ]

                let prices = closes |> List.map (fun close -> close, close)
                let benchmarks = run (parametersOf 10.0 1.0 FillMoment.NextOpen) (candles prices)
                // The means differ for the first time at the close of candle 50 (101), so it fills at the open of 51 (102).
                near (110.0 / 102.0 / (1.0001 * 1.001) - 1.0) benchmarks.Results.MovingAverageCrossReturn.Value

            testCase "history moves the averages and nothing else"
            <| fun () ->
                let prices = [ for index in 0..59 -> float (100 + index), float (100 + index) ]
                let parameters = parametersOf 0.0 0.0 FillMoment.NextOpen
                let benchmarks = startOf parameters

                for index, candle in List.indexed (candles prices) do
                    next benchmarks parameters candle (index >= 57)

                // Warm long before, it buys at the first open that a step's decision fills at: that of candle 58.
                near (159.0 / 158.0 - 1.0) benchmarks.Results.MovingAverageCrossReturn.Value
                near (159.0 / 158.0) benchmarks.Results.BestLong

            // Few: each case goes over 360 candles, and no seed is special.
            propertyOf 30 "from its state it goes on bit for bit"
            <| fun (seed: int64) ->
                let price stream index = Math.Round(100.0 * (0.9 + 0.2 * CounterRandom.Uniform(seed, stream, index)), 2)
                let all = candles [ for index in 0L .. 119L -> price 1 index, price 2 index ]
                let parameters = parametersOf 10.0 1.0 FillMoment.NextOpen
                let whole = run parameters all
                let half = run parameters (List.take 70 all)
                let last = all[69]

                // Through JSON, as in a state file.
                let saved = AgentStates.read<BenchmarksState> "none" (AgentStates.write "none" (half.Snapshot()))
                let resumed = Benchmarks(parameters.Fill, saved, last.Close)

                for candle in List.skip 70 all do
                    next resumed parameters candle true

                equal whole.Results resumed.Results
        ]
