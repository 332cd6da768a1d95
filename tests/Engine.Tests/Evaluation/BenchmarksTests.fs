namespace BtcBandit.Engine.Tests.Evaluation

open System
open NUnit.Framework
open FsCheck.NUnit
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
[<TestFixture>]
type BenchmarksTests() =

    let parametersOf feeBps slippageBps fill = RunParameters(Costs = Costs.Of(feeBps, slippageBps), Fill = fill)

    let candles (prices: (float * float) list) =
        prices
        |> List.mapi (fun index (openPrice, close) -> Make.candle (int64 index * 60_000L) openPrice close)

    let startOf (parameters: RunParameters) = Benchmarks(parameters.Fill, null, 0.0)

    let next (benchmarks: Benchmarks) (parameters: RunParameters) (candle: Candle) isStep =
        benchmarks.Next(&candle, isStep, parameters.Costs)

    let run (parameters: RunParameters) steps =
        let benchmarks = startOf parameters

        for candle in steps do
            next benchmarks parameters candle true

        benchmarks

    /// Growth of being in (true) or out after each fill, cost by cost, without the recursion.
    let growth feeBps slippageBps (prices: (float * float) list) (path: bool list) =
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

    let rec paths length =
        if length = 0 then
            [ [] ]
        else
            [
                for rest in paths (length - 1) do
                    yield true :: rest
                    yield false :: rest
            ]

    let near = isNearPercent 1e-10

    [<Property>]
    member _.``hindsight is the best of all paths, at any cost``(seed: int64) =
        let uniform stream index = CounterRandom.Uniform(seed, stream, index)
        let price stream index = 100.0 * (0.99 + 0.02 * uniform stream index)
        let prices = [ for index in 0L .. 8L -> price 1 index, price 2 index ]
        let fee, slip = 30.0 * uniform 3 0L, 10.0 * uniform 3 1L
        let best = paths 8 |> List.map (growth fee slip prices) |> List.max
        let results = (run (parametersOf fee slip FillMoment.NextOpen) (candles prices)).Results
        near best (max results.BestFlat results.BestLong)
        let regret = results.RegretOf 0.9
        Assert.That(regret.Value, Is.EqualTo(log best - log 0.9).Within 1e-12)

    [<Test>]
    member _.``before the first step there are none``() =
        let benchmarks = startOf (RunParameters())
        next benchmarks (RunParameters()) (Make.candle 0L 100.0 101.0) false
        equal false (benchmarks.Results.RegretOf 1.0).HasValue
        equal false benchmarks.Results.MovingAverageCrossReturn.HasValue

    [<Test>]
    member _.``where nothing could fill yet there is no regret``() =
        let results = (run (parametersOf 0.0 0.0 FillMoment.NextOpen) (candles [ 100.0, 150.0 ])).Results
        equal 0.0 (results.RegretOf 1.0).Value

    [<Test>]
    member _.``at the close the decision's own price is the fill's``() =
        let prices = [ 100.0, 100.0; 90.0, 110.0 ]
        let atClose = (run (parametersOf 0.0 0.0 FillMoment.Close) (candles prices)).Results
        near 1.1 atClose.BestLong
        let atOpen = (run (parametersOf 0.0 0.0 FillMoment.NextOpen) (candles prices)).Results
        near (110.0 / 90.0) atOpen.BestLong

    [<Test>]
    member _.``a run of any length stays within the range of numbers``() =
        let parameters = parametersOf 0.0 0.0 FillMoment.NextOpen
        let benchmarks = startOf parameters

        for index in 0L .. 20_000L do
            let low, high = (if index % 2L = 0L then 100.0, 110.0 else 110.0, 100.0)
            let candle = Make.candle (index * 60_000L) low high
            next benchmarks parameters candle true

        // The first step fills nothing; then every second candle rises by a tenth.
        let regret = benchmarks.Results.RegretOf 1.0
        Assert.That(regret.Value, Is.EqualTo(10_000.0 * log 1.1).Within 1e-6)

    [<TestCase(400, 100.0, 0.0)>]
    [<TestCase(120, 1.01, 5_000.0)>]
    member _.``the crossover of a run of any length stays within the range of numbers``
        (period: int, top: float, fee: float)
        =
        let parameters = parametersOf fee 0.0 FillMoment.NextOpen
        let benchmarks = startOf parameters
        // A triangle on a scale of ratios.
        let price index = top ** (float (abs (index % period - period / 2)) / float (period / 2))

        let values =
            [
                for index in 0..80_000 do
                    next benchmarks parameters (Make.candle (int64 index * 60_000L) (price index) (price index)) true
                    benchmarks.Results.MovingAverageCross
            ]

        Assert.That(values, Does.Contain(2.0 ** (if fee > 0.0 then -512.0 else 512.0)))
        Assert.That(List.min values, Is.GreaterThanOrEqualTo(2.0 ** -512.0))
        Assert.That(List.max values, Is.LessThanOrEqualTo(2.0 ** 512.0))

    [<Test>]
    member _.``the crossover is in while the short mean is above the long one``() =
        let closes =
            [
                for index in 0..59 -> if index < 50 then 100.0 else 100.0 + float (index - 49)
            ]

        let prices = closes |> List.map (fun close -> close, close)
        let benchmarks = run (parametersOf 10.0 1.0 FillMoment.NextOpen) (candles prices)
        // The means differ for the first time at the close of candle 50 (101), so it fills at the open of 51 (102).
        near (110.0 / 102.0 / (1.0001 * 1.001) - 1.0) benchmarks.Results.MovingAverageCrossReturn.Value

    [<Test>]
    member _.``history moves the averages and nothing else``() =
        let prices = [ for index in 0..59 -> float (100 + index), float (100 + index) ]
        let parameters = parametersOf 0.0 0.0 FillMoment.NextOpen
        let benchmarks = startOf parameters

        for index, candle in List.indexed (candles prices) do
            next benchmarks parameters candle (index >= 57)

        // Warm long before, it buys at the first open that a step's decision fills at: that of candle 58.
        near (159.0 / 158.0 - 1.0) benchmarks.Results.MovingAverageCrossReturn.Value
        near (159.0 / 158.0) benchmarks.Results.BestLong

    // Few: each case goes over 360 candles, and no seed is special.
    [<Property(MaxTest = 30)>]
    member _.``from its state it goes on bit for bit``(seed: int64) =
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
