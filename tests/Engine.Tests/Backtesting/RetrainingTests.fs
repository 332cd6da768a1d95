namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
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
module RetrainingTests =

    let private timeframe (name: string) =
        match Timeframe.TryParse name with
        | true, found -> found
        | _ -> failwith name

    let private hour = timeframe "1h"

    let private options = SyntheticOptions(Seed = 3L, Timeframe = hour)

    let private market = SyntheticFeed.Candles options |> Seq.truncate 2_000 |> Array.ofSeq

    let private planWith agent seed history =
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
    let private planOf agent seed = planWith agent seed 77

    let private plan = planOf "linear-ts" 1L

    let private warmUp = plan.FeatureSet.WarmUp

    let private split train validate = RetrainSplit(TrainSteps = Nullable train, ValidateSteps = Nullable validate)

    let private windowOf (split: RetrainSplit) (candles: Candle array) =
        match RetrainWindow.TrySplit(candles, plan, split) with
        | true, window, _ -> nonNull window
        | false, _, needed -> failwith $"{needed} candles are needed"

    let private train, private validate = 600, 200

    let private length = warmUp + train + validate + 24

    let private candles = Array.truncate length market

    let private window = windowOf (split train validate) candles

    /// Terms that no cycle meets.
    let private unmet cycles = RetrainTerms(MaxCycles = cycles, MinimumExcessReturn = 1e6)

    /// Terms that any cycle with a round trip meets.
    let private any = RetrainTerms(MinimumSuccessRate = 0.0, MinimumExcessReturn = -1.0)

    let private start terms plan window = Retraining(plan, window, Terms = terms).Make()

    let private text (state: AgentState | null) = (nonNull state).State.GetRawText()

    /// Other candles in some places, as dear as those there.
    let private changed first last (candles: Candle array) =
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

    let private slice roundTrips wins earned (holding: float) drawdown =
        RetrainSlice(100L, roundTrips, wins, earned, Nullable holding, drawdown)

    [<Tests>]
    let tests =
        testList "RetrainingTests" [
            // Few: each case trains and validates.
            propertyOf 60 "an agent that closes no round trip never passes, whatever is asked"
            <| fun (rate: byte) (excess: byte) (drawdown: byte) (holds: bool) ->
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
                isNull' result.Learned

                for cycle in result.Cycles do
                    equal (Nullable RetrainShortfall.NoRoundTrip) cycle.Shortfall

            cases "the first term that is not met is named" [
                0L, 0L, 9.0, 0.0, 0.0, "NoRoundTrip"
                4L, 1L, 0.1, 0.0, 0.1, "SuccessRate"
                4L, 2L, 0.01, -0.5, 0.1, "ExcessReturn"
                // It has to be exceeded.
                4L, 2L, 0.02, -0.5, 0.1, "ExcessReturn"
                4L, 2L, 0.11, 0.1, 0.1, "ExcessReturn"
                4L, 2L, 0.13, 0.1, 0.21, "Drawdown"
                4L, 2L, 0.13, 0.1, 0.2, ""
            ]
            <| fun (trips, wins, earned, holding, drawdown, expected: string) ->
                let terms = RetrainTerms(MinimumSuccessRate = 0.5, MinimumExcessReturn = 0.02, MaximumDrawdown = 0.2)

                let shortfall = terms.FirstShortfall(slice trips wins earned holding drawdown)
                equal expected (if shortfall.HasValue then string shortfall.Value else "")

            cases "the excess is over the better of flat and buy-and-hold" [
                0.05, 0.02, 0.03
                0.05, -0.2, 0.05
                -0.01, -0.2, -0.01
            ]
            <| fun (earned: float, holding, expected: float) ->
                isNear 1e-12 expected ((slice 1L 1L earned holding 0.0).ExcessReturn)
                equal earned (RetrainSlice(1L, 0L, 0L, earned, Nullable(), 0.0)).ExcessReturn

            testCase "each slice has the candles that were asked for, and the window ends with the newest"
            <| fun () ->
                equal (warmUp, train, validate, 24) (window.WarmUp, window.Train, window.Validate, window.Recent)
                let longer = windowOf (split train validate) market
                equal market[market.Length - 24 - validate - train].OpenTime longer.FirstOpenTime
                equal market[market.Length - 1].OpenTime longer.LastOpenTime

                let cycles = (start (unmet 2) plan longer).Cycles
                equal 2 cycles.Count

                for cycle in cycles do
                    equal
                        (int64 train, int64 validate, 24L)
                        (cycle.Train.Steps, cycle.Validation.Steps, cycle.Recent.Steps)

            testCase "without numbers all candles are split by the fraction"
            <| fun () ->
                let steps = market.Length - warmUp - 24

                for fraction in [ 0.01; 0.2; 0.5; 0.99 ] do
                    let window = windowOf (RetrainSplit(ValidationFraction = fraction)) market
                    equal steps (window.Train + window.Validate)
                    isNear 0.5 (fraction * float steps) (float window.Validate)
                    equal market[warmUp].OpenTime window.FirstOpenTime

            testCase "a number that is stated wins, and the other one follows from the fraction"
            <| fun () ->
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

            testCase "too few candles are said with the number that is needed"
            <| fun () ->
                match RetrainWindow.TrySplit(Array.tail candles, plan, split train validate) with
                | true, _, _ -> failtest "there is a window"
                | false, window, needed ->
                    equal length needed
                    isNull' window

                match RetrainWindow.TrySplit([||], plan, RetrainSplit()) with
                | isSplit, _, needed -> equal (false, warmUp + 2 + 24) (isSplit, needed)

                // The number is right however few there are.
                match RetrainWindow.TrySplit(Array.truncate 10 candles, plan, split train validate) with
                | isSplit, _, needed -> equal (false, length) (isSplit, needed)

                let least = windowOf (RetrainSplit()) (Array.truncate (warmUp + 26) market)
                equal (1, 1, 24) (least.Train, least.Validate, least.Recent)

            testCase "the last 24 hours are hours, not a number of candles"
            <| fun () ->
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

            testCase "the same seed gives the same result, another seed another one"
            <| fun () ->
                let first, again = start (unmet 3) plan window, start (unmet 3) plan window
                equal (List.ofSeq first.Cycles) (List.ofSeq again.Cycles)
                let other = start (unmet 3) (planOf "linear-ts" 2L) window
                holds (first.Cycles[0].Train <> other.Cycles[0].Train)
                let passed, once = start any plan window, start any plan window
                equal (text passed.Learned) (text once.Learned)

            testCase "each cycle has a seed of its own"
            <| fun () ->
                let seeds = [
                    for seed in -3L .. 3L do
                        for cycle in 1..100 -> Retraining.SeedOf(seed, cycle)
                ]

                equal seeds.Length (List.distinct seeds).Length
                holds (seeds |> List.forall (fun seed -> seed >= 0L && seed < (1L <<< 31)))
                let cycles = (start (unmet 3) plan window).Cycles

                equal [ for number in 1..3 -> number, Retraining.SeedOf(1L, number) ] [
                    for cycle in cycles -> cycle.Number, cycle.Seed
                ]

            testCase "every cycle begins with the prior and a fresh portfolio"
            <| fun () ->
                let cycles = (start (unmet 3) plan window).Cycles
                let taught = Array.truncate (warmUp + train) candles

                // The same by backtests, which know nothing of cycles.
                for cycle in cycles do
                    let run = BacktestRun(planWith "linear-ts" cycle.Seed 0)
                    let results = Backtest.RunAsync(Runs.feed taught, [ run ]).GetAwaiter().GetResult()
                    let summary = (nonNull results[0].State).Summarise()
                    equal (summary.TotalReturn, summary.Steps) (cycle.Train.Return, cycle.Train.Steps)
                    equal (summary.RoundTrips, summary.MaxDrawdown) (cycle.Train.RoundTrips, cycle.Train.MaxDrawdown)

            testCase "what is saved has seen each candle once"
            <| fun () ->
                let result = start any plan window
                let learned = AgentStates.read<PosteriorState> "linear-ts" (nonNull result.Learned)
                // Outcomes that are pending where a slice ends are left out: five of the horizon and one until the order fills.
                equal (int64 (train + validate + 24 - 3 * 6)) learned.Learned

            cases "an agent that draws nothing makes one cycle, as all would be the same" [ "linear-ucb"; "greedy" ]
            <| fun (agent: string) ->
                let retraining = Retraining(planOf agent 1L, window, Terms = unmet 5)
                equal (1, 1) (retraining.MaxCycles, retraining.Make().Cycles.Count)

            testCase "training sees neither the validation slice nor what follows it"
            <| fun () ->
                let trained candles = [
                    for cycle in (start (unmet 3) plan (windowOf (split train validate) candles)).Cycles -> cycle.Train
                ]

                let held = warmUp + train
                equal (trained candles) (trained (changed held (length - 1) candles))
                holds (trained candles <> trained (changed (held - 20) (held - 1) candles))

            testCase "the validation slice alone decides, and the last day is learned from"
            <| fun () ->
                let result = start any plan window
                equal 1 result.Cycles.Count
                isAbove 0L (result.Cycles[0].Validation.RoundTrips)

                let other =
                    start any plan (windowOf (split train validate) (changed (length - 24) (length - 1) candles))

                equal result.Cycles[0].Validation other.Cycles[0].Validation
                equal result.Cycles[0].Shortfall other.Cycles[0].Shortfall
                holds (result.Cycles[0].Recent <> other.Cycles[0].Recent)
                holds (text result.Learned <> text other.Learned)

            testCase "what is saved continues where it was learned"
            <| fun () ->
                let result = start any plan window
                let agent = plan.CreateAgent result.Learned
                equal (text result.Learned) (text (agent.Snapshot()))

            testCase "it ends with the first cycle that passes, or with the last one"
            <| fun () ->
                let never = RetrainTerms(MinimumSuccessRate = 0.0, MinimumExcessReturn = 1e6)
                let all = start never plan window
                equal (5, false) (all.Cycles.Count, all.IsStopped)
                isNull' all.Learned
                // The best of the five is not the first one, or this test shows nothing.
                let best = all.Cycles |> Seq.maxBy _.Validation.ExcessReturn

                let terms =
                    RetrainTerms(MinimumSuccessRate = 0.0, MinimumExcessReturn = best.Validation.ExcessReturn - 1e-12)

                let until = start terms plan window
                equal best.Number until.Cycles.Count
                isAbove 1 best.Number

                equal
                    (List.ofSeq (Seq.truncate (best.Number - 1) all.Cycles))
                    (List.ofSeq (Seq.truncate (best.Number - 1) until.Cycles))

                equal best.Validation until.Cycles[best.Number - 1].Validation
                notNull' until.Learned

            cases "a stop leaves out the cycle that it interrupts" [ 1, 0; 3, 2 ]
            <| fun (cycle: int, finished: int) ->
                use stop = new CancellationTokenSource()

                let note (made: RetrainProgress) =
                    if made.Cycle = cycle then
                        stop.Cancel()

                let result = Retraining(plan, window, Terms = unmet 5, OnProgress = note).Make stop.Token
                equal (finished, true) (result.Cycles.Count, result.IsStopped)
                isNull' result.Learned

                equal
                    (List.ofSeq (Seq.truncate finished (start (unmet 5) plan window).Cycles))
                    (List.ofSeq result.Cycles)

            testCase "progress goes from nothing to all"
            <| fun () ->
                let seen = ResizeArray<RetrainProgress>()

                Retraining(plan, window, Terms = unmet 2, OnProgress = fun made -> seen.Add made).Make()
                |> ignore

                let candles = [ for made in seen -> made.Candles ]
                equal (List.sort candles |> List.distinct) candles

                equal [ 1; 2 ] [
                    for made in Seq.distinctBy (fun (made: RetrainProgress) -> made.Cycle) seen -> made.Cycle
                ]

                equal (2L * int64 length, 1.0) (seen[seen.Count - 1].Candles, seen[seen.Count - 1].Fraction)

            testCase "terms have at least one cycle"
            <| fun () ->
                let none () = RetrainTerms(MaxCycles = 0) |> ignore
                thrown<ArgumentOutOfRangeException> none |> ignore

            testCase "what is out of range is refused where it is stated"
            <| fun () ->
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

            testCase "the hash is that of the window's candles alone"
            <| fun () ->
                let longer = windowOf (split train validate) market
                let same = windowOf (split train validate) (Array.skip 10 market)
                equal longer.DataHash same.DataHash
                let other = windowOf (split train validate) (changed 1_999 1_999 market)
                holds (other.DataHash <> longer.DataHash)
                equal 16 longer.DataHash.Length
        ]
