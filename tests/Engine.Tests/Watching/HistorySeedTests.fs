namespace BtcBandit.Engine.Tests.Watching

open System
open System.IO
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions

/// What a dashboard tells of a continued run, against what it tells of one that was never interrupted.
module HistorySeedTests =

    let private history = 100

    let private market = lazy (Runs.market 1L |> Seq.truncate 12_000 |> List.ofSeq)

    /// Trades at random, so that there are many executions, of which some sell a part.
    let private parametersOf fill =
        RunParameters(
            Agent = "random",
            Horizon = Nullable 1,
            History = history,
            Costs = Costs.Of(10.0, 5.0),
            Fill = fill,
            Rules = ExchangeRules(MaximumQuantity = 0.015)
        )

    let private planIn (folder: Temporary) fill (candles: Candle list) steps =
        SessionPlan(
            Run = Runs.planOf Catalogue.Default (parametersOf fill) 1L,
            Candles = Runs.feed candles,
            DataDir = folder.Path,
            Steps = Nullable steps
        )

    let private monitorOf () =
        let log = RunLog()
        let pace = PaceControl(TimeSpan.FromSeconds 1.0, TimeProvider.System)

        new RunMonitor(
            RunControls(pace, log, ignore, ignore),
            log,
            FeedReport(),
            Nullable(),
            RunMode.Archive(),
            null,
            TimeProvider.System
        )

    /// A session as a monitor sees it, which begins with what is done before it.
    let private watched plan (before: RunMonitor -> Session -> unit) =
        use session = new Session(plan, TimeProvider.System, ignore, CancellationToken.None)
        let monitor = monitorOf ()
        use _ = session.Steps.Watch(monitor, (fun error -> failwith error.Message))
        before monitor session
        isNull' (session.RunAsync().GetAwaiter().GetResult().Error)
        monitor

    let private alone plan = watched plan (fun _ _ -> ())

    let private continued plan =
        watched plan (fun monitor session ->
            monitor.Continue session
            session.WatchHistory((fun one -> monitor.Announce one), (fun error -> failwith error.Message)))

    let private recall (monitor: RunMonitor) (at: int64) = nonNull (monitor.Recall(Nullable at, 20_000))

    let private near (tolerance: float) (one: float) (other: float) =
        if Double.IsNaN one || Double.IsNaN other then
            equal (Double.IsNaN one) (Double.IsNaN other)
        else
            isNear (tolerance * max 1.0 (abs one)) one other

    let private sameTrades (expected: Recall) (found: Recall) =
        equal [ for row in expected.Trades -> row.Step ] [ for row in found.Trades -> row.Step ]

        for one, other in Seq.zip expected.Trades found.Trades do
            equal (one.Fill.Side, one.Fill.OpenTime) (other.Fill.Side, other.Fill.OpenTime)
            near 1e-7 one.Fill.Price other.Fill.Price
            near 1e-7 one.Fill.Quantity other.Fill.Quantity
            near 1e-7 one.Fill.Fee other.Fill.Fee
            near 1e-7 one.Fill.Slippage other.Fill.Slippage
            equal one.Fill.Profit.HasValue other.Fill.Profit.HasValue
            near 1e-5 (one.Fill.Profit.GetValueOrDefault nan) (other.Fill.Profit.GetValueOrDefault nan)
            near 1e-9 one.Equity other.Equity

    let private samePoints (expected: Recall) (found: Recall) =
        equal [ for point in expected.Curve -> point.Step, point.OpenTime ] [
            for point in found.Curve -> point.Step, point.OpenTime
        ]

        for one, other in Seq.zip expected.Curve found.Curve do
            near 1e-9 one.Equity other.Equity
            near 1e-6 one.Drawdown other.Drawdown

    [<Tests>]
    let tests =
        testList "HistorySeedTests" [
            cases "a continued run has the executions, the curve and the choices of one that was not interrupted" [
                1, 700, false
                2, 1, false
                700, 300, false
                2_500, 30, false
                1, 300, true
                700, 300, true
            ]
            <| fun (first: int, second: int, atClose: bool) ->
                use whole = new Temporary()
                use parts = new Temporary()
                let fill = if atClose then FillMoment.Close else FillMoment.NextOpen
                use expected = alone (planIn whole fill market.Value (first + second))
                alone(planIn parts fill market.Value first).Dispose()
                use found = continued (planIn parts fill market.Value second)
                equal (int64 second) found.Seen

                for at in [ first + 1; first + second ] |> List.map int64 do
                    let one, other = recall expected at, recall found at
                    sameTrades one other
                    samePoints one other
                    equal one.Mix other.Mix

                    for point, same in Seq.zip one.Curve other.Curve do
                        near 1e-9 point.BuyAndHold same.BuyAndHold

                if first > 2_000 then
                    equal 1_000 (recall found (int64 (first + second))).Trades.Count

            testCase "the candles of earlier sessions tell which of them had executions"
            <| fun () ->
                use folder = new Temporary()
                use whole = new Temporary()
                use expected = alone (planIn whole FillMoment.NextOpen market.Value 9_000)
                alone(planIn folder FillMoment.NextOpen market.Value 9_000).Dispose()
                use found = continued (planIn folder FillMoment.NextOpen market.Value 5)
                let recall = recall found 9_005L
                equal History.StepsKept recall.Before.Count

                let sides =
                    dict [
                        for step in expected.Steps(9_000L, 20_000) do
                            match step.Fill with
                            | null -> ()
                            | fill -> step.Candle.OpenTime, fill.Side
                    ]

                isAbove 1_000 sides.Count

                for one in recall.Before do
                    let side (known: Collections.Generic.IReadOnlyDictionary<int64, _>) =
                        match known.TryGetValue one.Candle.OpenTime with
                        | true, side -> Some side
                        | _ -> None

                    equal (side (Collections.Generic.Dictionary sides)) (side recall.TradedBefore)

                equal sides.Count recall.TradedBefore.Count

            /// As live, where the feed does not repeat what the run has seen.
            testCase
                "without the candles, buying and holding is known where the run has a position, and nothing is made up"
            <| fun () ->
                use whole = new Temporary()
                use parts = new Temporary()
                use expected = alone (planIn whole FillMoment.NextOpen market.Value 800)
                alone(planIn parts FillMoment.NextOpen market.Value 700).Dispose()
                use found = continued (planIn parts FillMoment.NextOpen market.Value[history + 700 ..] 100)
                let one, other = recall expected 800L, recall found 800L
                samePoints one other
                sameTrades one other
                let steps = expected.Steps(800L, 800)

                for step, point in Array.zip steps (Array.ofSeq other.Curve) do
                    if step.Number > 1L && (step.Number > 700L || step.Portfolio.Position > 0.0) then
                        near 1e-6 step.Statistics.BuyAndHoldEquity.Value point.BuyAndHold
                    else
                        holds (Double.IsNaN point.BuyAndHold)

                holds (
                    steps
                    |> Seq.exists (fun step -> step.Portfolio.Position = 0.0 && step.Number < 700L)
                )

            testCase "another run does not begin with the past of this one"
            <| fun () ->
                use folder = new Temporary()
                alone(planIn folder FillMoment.NextOpen market.Value 300).Dispose()

                use session =
                    new Session(
                        planIn folder FillMoment.NextOpen market.Value 10,
                        TimeProvider.System,
                        ignore,
                        CancellationToken.None
                    )

                let seed () = HistorySeed.Read(nonNull session.Past)
                let steps = Watched.steps.Value
                equal 300L (seed ()).Steps

                for first in [ 1; 300; 302 ] do
                    let history = History()
                    history.Continue(seed ())

                    for step in steps |> List.skip (first - 1) |> List.truncate 20 do
                        history.OnNext step

                    let other = nonNull (history.Now(Nullable(), 1))
                    equal (20L, 0) (other.Mix.All, other.TradedBefore.Count)

                    // The second is the run that the seed is of, and comes too late.
                    for step in List.skip 300 steps do
                        history.OnNext step

                    equal 300L (nonNull (history.Now(Nullable(), 1))).Mix.All

                let history = History()
                history.Continue(seed ())

                for step in List.skip 300 steps do
                    history.OnNext step

                equal 600L (nonNull (history.Now(Nullable(), 1))).Mix.All

                // And the next run begins with nothing.
                for step in List.truncate 7 steps do
                    history.OnNext step

                let recall = nonNull (history.Now(Nullable(), 1))
                equal (7L, 7) (recall.Mix.All, recall.Curve.Count)
                all (fun (row: TradeRow) -> row.Step <= 7L) recall.Trades
                equal 0 recall.TradedBefore.Count

            cases "rows that cannot be read are reported, and the run goes on without them" [
                "damaged"
                "short"
                "missing"
            ]
            <| fun (fault: string) ->
                use folder = new Temporary()
                alone(planIn folder FillMoment.NextOpen market.Value 300).Dispose()
                let file = folder.File "trades.csv"
                let mutable told = ""

                use found =
                    watched (planIn folder FillMoment.NextOpen market.Value 10) (fun monitor session ->
                        let text = File.ReadAllText file

                        match fault with
                        | "damaged" ->
                            let lines = text.Split '\n'
                            lines[150] <- String('x', lines[150].Length)
                            File.WriteAllText(file, String.Join('\n', lines))
                        | "short" -> File.WriteAllText(file, String.Join('\n', text.Split('\n')[..200]) + "\n")
                        | _ -> File.Move(file, file + ".away")

                        try
                            monitor.Continue session
                        with
                        | :? JournalException as error -> told <- $"{error.Fault}"
                        | :? IOException as error -> told <- error.Message)

                match fault with
                | "damaged" -> contains "line 151 " told
                | "short" -> contains "line 202 " told
                | _ -> contains "trades.csv" told

                let recall = recall found 310L
                equal (10L, 10) (recall.Mix.All, recall.Curve.Count)

            testCase "a new run begins with nothing"
            <| fun () ->
                use folder = new Temporary()
                use found = continued (planIn folder FillMoment.NextOpen market.Value 10)
                equal (10L, 10) ((recall found 10L).Mix.All, (recall found 10L).Curve.Count)
        ]
