namespace BtcBandit.Tui.Tests.Dashboard

open System
open System.Collections.Generic
open System.Collections.Immutable
open System.Reactive.Concurrency
open System.Reactive.Linq
open FsCheck.FSharp
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Market
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Watching
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Tui.Dashboard.Model
open BtcBandit.Tui.Dashboard.Screens
open BtcBandit.Tui.Tests

/// Steps of real runs, and what screens are made from.
module Recorded =
    let private pair = TradingPair("BTC", "USDT")

    let private standings = Dictionary<Step, ImmutableArray<ExpertStanding>>(HashIdentity.Reference)

    let private steps (plan: RunPlan) (most: int) (candles: IObservable<Candle>) =
        let all, run = List<Step>(), TradingRun plan

        let take (step: Step | null) =
            match step with
            | null -> ()
            | made ->
                all.Add made
                lock standings (fun () -> standings[made] <- run.Experts)

        use _ = candles.Select(run.Next).Where(fun step -> not (isNull step)).Take(most).Subscribe take

        all

    /// How the experts stood after a recorded step; none for other steps.
    let expertsOf (step: Step | null) =
        match step with
        | null -> ImmutableArray.Empty
        | known ->
            lock standings (fun () ->
                match standings.TryGetValue known with
                | true, found -> found
                | _ -> ImmutableArray.Empty)

    let private plan source fee = RunPlan.Of(source, RunParameters(Costs = Costs.Of(fee, fee / 10.0)))

    /// The first two days of the real week, without costs so that there is much to see.
    let week =
        lazy
            let options =
                ArchiveOptions(
                    [| Repository.path "data/BTCUSDT-1m-2024-03-04_10.csv.gz" |],
                    pair,
                    Timeframe.OneMinute,
                    false,
                    false
                )

            Archive.Candles(options, FeedReport(), CurrentThreadScheduler.Instance)
            |> steps (plan (MarketSource.Files(pair, Timeframe.OneMinute)) 0.0) 3_000

    /// A synthetic market, for everything that needs many steps quickly.
    let synthetic =
        lazy
            let market = SyntheticOptions()

            SyntheticFeed.Candles(market).ToObservable(CurrentThreadScheduler.Instance)
            |> steps (plan (market.Source pair) 1.0) 400

    /// A run that begins with 300 candles of history: those, and its steps.
    let begun =
        lazy
            let market = SyntheticOptions()

            let before, steps = List<Observation>(), List<Step>()

            let run =
                TradingRun(
                    RunPlan.Of(market.Source pair, RunParameters(History = 300)),
                    Unstepped = Action<Observation> before.Add
                )

            for candle in SyntheticFeed.Candles(market) |> Seq.truncate 700 do
                match run.Next candle with
                | null -> ()
                | step -> steps.Add step

            before, steps

    /// The same of an agent that looks one horizon ahead.
    let oneHorizon =
        lazy
            let market = SyntheticOptions()

            SyntheticFeed.Candles(market).ToObservable(CurrentThreadScheduler.Instance)
            |> steps (RunPlan.Of(market.Source pair, RunParameters(Horizon = Nullable 5))) 20

    /// The verdict on a run whose newest step this is, of blocks of one step; the blocks alternate.
    let private skill =
        let equity = [|
            for block in 1..200 -> 1_000.0 + float block * 0.2 + (if block % 2 = 0 then 1.5 else 0.0)
        |]

        let growth =
            GrowthState(
                StepsPerBlock = 1L,
                Equity = ImmutableArray.ToImmutableArray equity,
                BuyAndHold = ImmutableArray.CreateRange(Array.create 200 1_000.0)
            )

        SkillVerdict.Of(growth, RunStatistics(InitialEquity = 1_000.0, Steps = 200L), 1L, 1)

    let archive =
        RunInfo(
            Mode = RunMode.Archive(),
            Progress = Nullable 0.3,
            TimeLeft = Nullable(TimeSpan.FromSeconds 95.0),
            StepsPerSecond = Nullable 1234.0,
            Delay = TimeSpan.FromMilliseconds 1.0,
            Skill = skill
        )

    let ended = RunInfo(Mode = RunMode.Archive(), IsOver = true)

    let historyOf capacity (steps: Step seq) =
        let history = History capacity

        for step in steps do
            history.OnNext step

        history

    /// What is remembered of a run that begins with candles before its first step.
    let historyAfter (before: Observation seq) (steps: Step seq) =
        let history = History 8_192

        for observation in before do
            history.Announce observation

        for step in steps do
            history.OnNext step

        history

    let logOf (steps: Step seq) =
        let log = RunLog()
        let clock = TimeProvider.System
        let controls = RunControls(PaceControl(TimeSpan.Zero, clock), log, ignore, ignore)
        use monitor = new RunMonitor(controls, log, FeedReport(), Nullable(), RunMode.Archive(), null, clock)

        for step in steps do
            monitor.OnNext step

        log

    let modelOf (history: History) (log: RunLog) (run: RunInfo) (ui: UiState) width =
        let recall = history.Now(ui.At, (width + 1) * ui.Zoom)
        ViewModel(nonNull recall, run, log.ToArray(), ui)

    let ofWeek =
        lazy
            (let history, log = historyOf 8_192 week.Value, logOf week.Value
             fun run ui width -> modelOf history log run ui width)

    /// Names of all pages, as golden files spell them.
    let pages = [ for page in Pages.All -> page.Name.ToLowerInvariant() ]

    let place (page: string) = List.findIndex ((=) page) pages

    let ui page = UiState(Page = place page)

    /// Steps with numbers as ugly as their types allow.
    let ugly =
        gen {
            let number =
                Gen.frequency [
                    6, Gen.choose (-1_000_000, 1_000_000) |> Gen.map (fun n -> float n / 1_000.0)
                    1, Gen.elements [ 0.0; 1e-12; 1e100; -1e100; 1e150; nan; infinity; -infinity ]
                ]

            let! count = Gen.choose (1, 80)
            let! width = Gen.choose (0, 4)
            let columns = Array.truncate width [| "sma"; "bb_upper"; "sar"; "vwap" |]
            let features = Array.truncate width [| "one"; "a_very_long_name_of_a_feature_indeed"; "три"; "" |]

            let runHeader =
                RunHeader(
                    MarketSource.Files(pair, Timeframe.OneMinute),
                    RunParameters(),
                    ImmutableArray.Create<string> columns,
                    ImmutableArray.Create<string> features
                )

            let score =
                Gen.map4 (fun a b c d -> ActionValue(a, b, c, d)) number number number (Gen.elements [ true; false ])

            let action = Gen.elements [ TradeAction.Sell; TradeAction.Hold; TradeAction.Buy ]

            let step (index: int) =
                gen {
                    let! (prices: int list) = Gen.listOfLength 4 (Gen.choose (1, 1_000))
                    let! scale = Gen.elements [ 1.0; 1e-6; 1e6; 1e140 ]
                    let prices = prices |> List.map (fun cents -> float cents * scale)

                    let candle =
                        Candle.tryCreate (
                            int64 index * 60_000L,
                            prices[0],
                            List.max prices,
                            List.min prices,
                            prices[3],
                            prices[1]
                        )

                    let! chosen = action
                    let! sell = score
                    let! hold = score
                    let! buy = score
                    let! contributions = Gen.arrayOfLength width number
                    let! indicators = Gen.arrayOfLength width number
                    let! gated = Gen.elements [ true; false ]
                    let! traded = Gen.frequency [ 4, Gen.constant false; 1, Gen.constant true ]
                    let! (amounts: float[]) = Gen.arrayOfLength 8 number

                    let choice =
                        Decision(
                            chosen,
                            sell,
                            hold,
                            buy,
                            Contributions = ImmutableArray.Create<float> contributions,
                            Gate = (if gated then Nullable(Gate(amounts[0], amounts[1], gated)) else Nullable())
                        )

                    let observation =
                        Observation(
                            int64 index + 49L,
                            (match candle with
                             | Ok good -> good
                             | Error _ -> Unchecked.defaultof<Candle>),
                            ImmutableArray.Create<float> indicators,
                            Nullable ImmutableArray<float>.Empty,
                            0.0
                        )

                    return
                        Step(
                            Observation = observation,
                            Number = int64 index + 1L,
                            Header = runHeader,
                            Decision = choice,
                            Fill =
                                (if traded then
                                     Fill(
                                         TradeAction.Sell,
                                         int64 index * 60_000L,
                                         amounts[2],
                                         amounts[3],
                                         amounts[4],
                                         amounts[5],
                                         Nullable amounts[6]
                                     )
                                 else
                                     null),
                            Portfolio =
                                Portfolio(amounts[0], amounts[1], amounts[2], amounts[3], amounts[4], amounts[5]),
                            Reward = (if gated then Nullable amounts[7] else Nullable()),
                            Benchmarks = BenchmarkResults(amounts[0], amounts[1], 3L, amounts[2]),
                            Reason = (if traded then "exploit; too small" else "explore\u001b[31m"),
                            Statistics =
                                RunStatistics(
                                    Equity = amounts[6],
                                    InitialEquity = amounts[7],
                                    PeakEquity = amounts[5],
                                    MaxDrawdown = amounts[4],
                                    Steps = int64 index
                                )
                        )
                }

            return! Gen.sequenceToList [ for index in 0 .. count - 1 -> step index ]
        }
