namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Threading
open NUnit.Framework
open FsCheck.NUnit
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions

/// Cycles of a retraining, on candles of an hour: a day has 24.
[<TestFixture>]
type RetrainingTests() =

    let timeframe (name: string) =
        match Timeframe.TryParse name with
        | true, found -> found
        | _ -> failwith name

    let hour = timeframe "1h"
    let options = SyntheticOptions(Seed = 3L, Timeframe = hour)
    let market = SyntheticFeed.Candles options |> Seq.truncate 2_000 |> Array.ofSeq

    let planWith agent seed history =
        RunPlan.Of(
            options.Source(TradingPair("BTC", "USDT")),
            RunParameters(
                Agent = agent,
                Seed = seed,
                Horizon = Nullable 5,
                History = history,
                Costs = Costs.Of(0.0, 0.0)
            ),
            RunParts(FeatureSet = FeatureSet.Of "sma:14,ema:14,atr:14")
        )

    // A retraining has no history of its own, whatever that of the run.
    let planOf agent seed = planWith agent seed 77
    let plan = planOf "linear-ts" 1L
    let warmUp = plan.FeatureSet.WarmUp

    let split train validate = RetrainSplit(TrainSteps = Nullable train, ValidateSteps = Nullable validate)

    let windowOf (split: RetrainSplit) (candles: Candle array) =
        match RetrainWindow.TrySplit(candles, plan, split) with
        | true, window, _ -> nonNull window
        | false, _, needed -> failwith $"{needed} candles are needed"

    let train, validate = 600, 200
    let length = warmUp + train + validate + 24
    let candles = Array.truncate length market
    let window = windowOf (split train validate) candles

    /// Terms that no cycle meets.
    let unmet cycles = RetrainTerms(MaxCycles = cycles, MinimumExcessReturn = 1e6)

    /// Terms that any cycle with a round trip meets.
    let any = RetrainTerms(MinimumSuccessRate = 0.0, MinimumExcessReturn = -1.0)

    let start terms plan window = Retraining(plan, window, Terms = terms).Make()

    let text (state: AgentState | null) = (nonNull state).State.GetRawText()

    /// Other candles in some places, as dear as those there.
    let changed first last (candles: Candle array) =
        candles
        |> Array.mapi (fun index candle ->
            if index < first || index > last then
                candle
            else
                let factor = 1.0 + 0.01 * sin (float index)

                Candle.Of(
                    candle.OpenTime,
                    candle.Open * factor,
                    candle.High * factor,
                    candle.Low * factor,
                    candle.Close * factor,
                    candle.Volume
                ))

    let slice roundTrips wins earned (holding: float) drawdown =
        RetrainSlice(100L, roundTrips, wins, earned, Nullable holding, drawdown)

    // Few: each case trains and validates.
    [<Property(MaxTest = 60)>]
    member _.``an agent that closes no round trip never passes, whatever is asked``
        (rate: byte)
        (excess: byte)
        (drawdown: byte)
        (holds: bool)
        =
        let terms =
            RetrainTerms(
                MaxCycles = 2,
                MinimumSuccessRate = float rate / 255.0,
                MinimumExcessReturn = float excess / 10.0 - 20.0,
                MaximumDrawdown = float drawdown / 255.0
            )

        let idle = planOf (if holds then "hold" else "buy-and-hold") 1L
        let result = start terms idle window
        equal 1 result.Cycles.Count
        Assert.That(result.Learned, Is.Null)

        for cycle in result.Cycles do
            equal (Nullable RetrainShortfall.NoRoundTrip) cycle.Shortfall

    [<TestCase(0L, 0L, 9.0, 0.0, 0.0, "NoRoundTrip")>]
    [<TestCase(4L, 1L, 0.1, 0.0, 0.1, "SuccessRate")>]
    [<TestCase(4L, 2L, 0.01, -0.5, 0.1, "ExcessReturn")>]
    [<TestCase(4L, 2L, 0.11, 0.1, 0.1, "ExcessReturn")>]
    [<TestCase(4L, 2L, 0.13, 0.1, 0.21, "Drawdown")>]
    [<TestCase(4L, 2L, 0.13, 0.1, 0.2, "")>]
    member _.``the first term that is not met is named``(trips, wins, earned, holding, drawdown, expected: string) =
        let terms = RetrainTerms(MinimumSuccessRate = 0.5, MinimumExcessReturn = 0.02, MaximumDrawdown = 0.2)

        let shortfall = terms.FirstShortfall(slice trips wins earned holding drawdown)
        equal expected (if shortfall.HasValue then string shortfall.Value else "")

    [<TestCase(0.05, 0.02, 0.03)>]
    [<TestCase(0.05, -0.2, 0.05)>]
    [<TestCase(-0.01, -0.2, -0.01)>]
    member _.``the excess is over the better of flat and buy-and-hold``(earned: float, holding, expected: float) =
        Assert.That((slice 1L 1L earned holding 0.0).ExcessReturn, Is.EqualTo(expected).Within 1e-12)
        equal earned (RetrainSlice(1L, 0L, 0L, earned, Nullable(), 0.0)).ExcessReturn

    [<Test>]
    member _.``each slice has the candles that were asked for, and the window ends with the newest``() =
        equal (warmUp, train, validate, 24) (window.WarmUp, window.Train, window.Validate, window.Recent)
        let longer = windowOf (split train validate) market
        equal market[market.Length - 24 - validate - train].OpenTime longer.FirstOpenTime
        equal market[market.Length - 1].OpenTime longer.LastOpenTime

        let cycles = (start (unmet 2) plan longer).Cycles
        equal 2 cycles.Count

        for cycle in cycles do
            equal (int64 train, int64 validate, 24L) (cycle.Train.Steps, cycle.Validation.Steps, cycle.Recent.Steps)

    [<Test>]
    member _.``without numbers all candles are split by the fraction``() =
        let steps = market.Length - warmUp - 24

        for fraction in [ 0.01; 0.2; 0.5; 0.99 ] do
            let window = windowOf (RetrainSplit(ValidationFraction = fraction)) market
            equal steps (window.Train + window.Validate)
            Assert.That(float window.Validate, Is.EqualTo(fraction * float steps).Within 0.5)
            equal market[warmUp].OpenTime window.FirstOpenTime

    [<Test>]
    member _.``a number that is stated wins, and the other one follows from the fraction``() =
        let lengths (split: RetrainSplit) =
            let struct (train, validate) = split.Of 5
            train, validate

        equal (800, 200) (lengths (RetrainSplit(TrainSteps = Nullable 800)))
        equal (800, 200) (lengths (RetrainSplit(ValidateSteps = Nullable 200)))
        equal (800, 7) (lengths (RetrainSplit(TrainSteps = Nullable 800, ValidateSteps = Nullable 7)))
        equal (30, 70) (lengths (RetrainSplit(TrainSteps = Nullable 30, ValidationFraction = 0.7)))
        equal (4, 1) (lengths (RetrainSplit()))
        equal (1, 4) (lengths (RetrainSplit(ValidationFraction = 0.99)))
        equal (Nullable 1_000) (RetrainSplit(TrainSteps = Nullable 800)).StatedSteps
        equal (Nullable()) (RetrainSplit()).StatedSteps

    [<Test>]
    member _.``too few candles are said with the number that is needed``() =
        match RetrainWindow.TrySplit(Array.tail candles, plan, split train validate) with
        | true, _, _ -> Assert.Fail "there is a window"
        | false, window, needed ->
            equal length needed
            Assert.That(window, Is.Null)

        match RetrainWindow.TrySplit([||], plan, RetrainSplit()) with
        | isSplit, _, needed -> equal (false, warmUp + 2 + 24) (isSplit, needed)

        // The number is right however few there are.
        match RetrainWindow.TrySplit(Array.truncate 10 candles, plan, split train validate) with
        | isSplit, _, needed -> equal (false, length) (isSplit, needed)

        let least = windowOf (RetrainSplit()) (Array.truncate (warmUp + 26) market)
        equal (1, 1, 24) (least.Train, least.Validate, least.Recent)

    [<Test>]
    member _.``the last 24 hours are hours, not a number of candles``() =
        let kept =
            market
            |> Array.filter (fun candle -> candle.OpenTime / hour.Milliseconds % 3L <> 0L)

        equal 16 (windowOf (split 100 10) kept).Recent
        let days = timeframe "1d"

        equal
            (1, 24, 1_440)
            (RetrainSplit.CandlesInDay days,
             RetrainSplit.CandlesInDay hour,
             RetrainSplit.CandlesInDay Timeframe.OneMinute)

    [<Test>]
    member _.``the same seed gives the same result, another seed another one``() =
        let first, again = start (unmet 3) plan window, start (unmet 3) plan window
        equal (List.ofSeq first.Cycles) (List.ofSeq again.Cycles)
        let other = start (unmet 3) (planOf "linear-ts" 2L) window
        Assert.That((first.Cycles[0].Train <> other.Cycles[0].Train))
        let passed, once = start any plan window, start any plan window
        equal (text passed.Learned) (text once.Learned)

    [<Test>]
    member _.``each cycle has a seed of its own``() =
        let seeds =
            [
                for seed in -3L .. 3L do
                    for cycle in 1..100 -> Retraining.SeedOf(seed, cycle)
            ]

        equal seeds.Length (List.distinct seeds).Length
        Assert.That(seeds |> List.forall (fun seed -> seed >= 0L && seed < (1L <<< 31)))
        let cycles = (start (unmet 3) plan window).Cycles

        equal
            [ for number in 1..3 -> number, Retraining.SeedOf(1L, number) ]
            [ for cycle in cycles -> cycle.Number, cycle.Seed ]

    [<Test>]
    member _.``every cycle begins with the prior and a fresh portfolio``() =
        let cycles = (start (unmet 3) plan window).Cycles
        let taught = Array.truncate (warmUp + train) candles

        // The same by backtests, which know nothing of cycles.
        for cycle in cycles do
            let run = BacktestRun(planWith "linear-ts" cycle.Seed 0)
            let results = Backtest.RunAsync(Runs.feed taught, [ run ]).GetAwaiter().GetResult()
            let summary = (nonNull results[0].State).Summarise()
            equal (summary.TotalReturn, summary.Steps) (cycle.Train.Return, cycle.Train.Steps)
            equal (summary.RoundTrips, summary.MaxDrawdown) (cycle.Train.RoundTrips, cycle.Train.MaxDrawdown)

    [<Test>]
    member _.``what is saved has seen each candle once``() =
        let result = start any plan window
        let learned = AgentStates.read<PosteriorState> "linear-ts" (nonNull result.Learned)
        // Outcomes that are pending where a slice ends are left out: five of the horizon and one until the order fills.
        equal (int64 (train + validate + 24 - 3 * 6)) learned.Learned

    [<TestCase("linear-ucb")>]
    [<TestCase("greedy")>]
    member _.``an agent that draws nothing makes one cycle, as all would be the same``(agent: string) =
        let retraining = Retraining(planOf agent 1L, window, Terms = unmet 5)
        equal (1, 1) (retraining.MaxCycles, retraining.Make().Cycles.Count)

    [<Test>]
    member _.``training sees neither the validation slice nor what follows it``() =
        let trained candles =
            [
                for cycle in (start (unmet 3) plan (windowOf (split train validate) candles)).Cycles -> cycle.Train
            ]

        let held = warmUp + train
        equal (trained candles) (trained (changed held (length - 1) candles))
        Assert.That((trained candles <> trained (changed (held - 20) (held - 1) candles)))

    [<Test>]
    member _.``the validation slice alone decides, and the last day is learned from``() =
        let result = start any plan window
        equal 1 result.Cycles.Count
        Assert.That(result.Cycles[0].Validation.RoundTrips, Is.GreaterThan 0L)

        let other =
            start any plan (windowOf (split train validate) (changed (length - 24) (length - 1) candles))

        equal result.Cycles[0].Validation other.Cycles[0].Validation
        equal result.Cycles[0].Shortfall other.Cycles[0].Shortfall
        Assert.That((result.Cycles[0].Recent <> other.Cycles[0].Recent))
        Assert.That((text result.Learned <> text other.Learned))

    [<Test>]
    member _.``what is saved continues where it was learned``() =
        let result = start any plan window
        let agent = plan.CreateAgent result.Learned
        equal (text result.Learned) (text (agent.Snapshot()))

    [<Test>]
    member _.``it ends with the first cycle that passes, or with the last one``() =
        let never = RetrainTerms(MinimumSuccessRate = 0.0, MinimumExcessReturn = 1e6)
        let all = start never plan window
        equal (5, false) (all.Cycles.Count, all.IsStopped)
        Assert.That(all.Learned, Is.Null)
        // The best of the five is not the first one, or this test shows nothing.
        let best = all.Cycles |> Seq.maxBy _.Validation.ExcessReturn

        let terms =
            RetrainTerms(MinimumSuccessRate = 0.0, MinimumExcessReturn = best.Validation.ExcessReturn - 1e-12)

        let until = start terms plan window
        equal best.Number until.Cycles.Count
        Assert.That(best.Number, Is.GreaterThan 1)

        equal
            (List.ofSeq (Seq.truncate (best.Number - 1) all.Cycles))
            (List.ofSeq (Seq.truncate (best.Number - 1) until.Cycles))

        equal best.Validation until.Cycles[best.Number - 1].Validation
        Assert.That(until.Learned, Is.Not.Null)

    [<TestCase(1, 0)>]
    [<TestCase(3, 2)>]
    member _.``a stop leaves out the cycle that it interrupts``(cycle: int, finished: int) =
        use stop = new CancellationTokenSource()

        let note (made: RetrainProgress) =
            if made.Cycle = cycle then
                stop.Cancel()

        let result = Retraining(plan, window, Terms = unmet 5, OnProgress = note).Make stop.Token
        equal (finished, true) (result.Cycles.Count, result.IsStopped)
        Assert.That(result.Learned, Is.Null)
        equal (List.ofSeq (Seq.truncate finished (start (unmet 5) plan window).Cycles)) (List.ofSeq result.Cycles)

    [<Test>]
    member _.``progress goes from nothing to all``() =
        let seen = ResizeArray<RetrainProgress>()

        Retraining(plan, window, Terms = unmet 2, OnProgress = fun made -> seen.Add made).Make()
        |> ignore

        let candles = [ for made in seen -> made.Candles ]
        equal (List.sort candles |> List.distinct) candles

        equal
            [ 1; 2 ]
            [
                for made in Seq.distinctBy (fun (made: RetrainProgress) -> made.Cycle) seen -> made.Cycle
            ]

        equal (2L * int64 length, 1.0) (seen[seen.Count - 1].Candles, seen[seen.Count - 1].Fraction)

    [<Test>]
    member _.``terms have at least one cycle``() =
        let none () = RetrainTerms(MaxCycles = 0) |> ignore
        Assert.Throws<ArgumentOutOfRangeException>(Action none) |> ignore

    [<Test>]
    member _.``what is out of range is refused where it is stated``() =
        let refused (make: unit -> 'a) = throws<ArgumentOutOfRangeException>(make >> ignore)

        for rate in [ -0.01; 1.01; nan ] do
            refused (fun () -> RetrainTerms(MinimumSuccessRate = rate))
            refused (fun () -> RetrainTerms(MaximumDrawdown = rate))

        for excess in [ nan; infinity; -infinity ] do
            refused (fun () -> RetrainTerms(MinimumExcessReturn = excess))

        for fraction in [ 0.0; 1.0; -1.0; nan ] do
            refused (fun () -> RetrainSplit(ValidationFraction = fraction))

        for steps in [ 0; -1; 1_000_000_001 ] do
            refused (fun () -> RetrainSplit(TrainSteps = Nullable steps))
            refused (fun () -> RetrainSplit(ValidateSteps = Nullable steps))

    [<Test>]
    member _.``the hash is that of the window's candles alone``() =
        let longer = windowOf (split train validate) market
        let same = windowOf (split train validate) (Array.skip 10 market)
        equal longer.DataHash same.DataHash
        let other = windowOf (split train validate) (changed 1_999 1_999 market)
        Assert.That((other.DataHash <> longer.DataHash))
        equal 16 longer.DataHash.Length
