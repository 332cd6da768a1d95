namespace BtcBandit.Engine.Tests.Watching

open System
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions

/// Steps of earlier sessions, against those of a run that was never interrupted.
module ResumedHistoryTests =

    let private market = lazy (Runs.market 1L |> Seq.truncate 3_000 |> List.ofSeq)

    /// Trades at random, so that there are many executions, of which some sell a part.
    let private random fill =
        RunParameters(
            Agent = "random",
            Horizon = Nullable 1,
            History = 100,
            Costs = Costs.Of(10.0, 5.0),
            Fill = fill,
            Rules = ExchangeRules(MaximumQuantity = 0.015)
        )

    let private planOf parameters (candles: Candle list) (folder: Temporary) steps =
        SessionPlan(
            Run = Runs.planOf Catalogue.Default parameters 1L,
            Candles = Runs.feed candles,
            DataDir = folder.Path,
            Steps = Nullable steps
        )

    /// A session, the memory of its steps, and the history that the session begins with.
    let private sessionIn (memory: RunMemory) plan (before: RunMemory -> Session -> unit) =
        use session = new Session(plan, TimeProvider.System, ignore, CancellationToken.None)
        use _ = session.Steps.Watch(memory, (fun error -> failwith error.Message))
        before memory session
        isNull' (session.RunAsync().GetAwaiter().GetResult().Error)
        nonNull memory.Now

    let private session plan before = sessionIn (RunMemory()) plan before

    let private alone plan = session plan (fun _ _ -> ())

    let private skipping plan =
        session plan (fun memory session ->
            let history = new ResumedHistory(memory, nonNull session.Past)
            session.WatchSkipped((fun candle -> history.Take candle), ignore))

    let private recorded (candles: Candle seq) plan =
        session plan (fun memory session ->
            use history = new ResumedHistory(memory, nonNull session.Past)
            history.Take candles)

    let private rows (view: RunView) = [ for i in 0 .. view.Count - 1 -> view.Run.Rows[i] ]

    let private near (tolerance: float) (one: float, other: float) =
        if Double.IsNaN one || Double.IsNaN other then
            equal (Double.IsNaN one) (Double.IsNaN other)
        else
            isNear (tolerance * max 1.0 (abs one)) one other

    /// Every candle is the market's of its time, and the numbers follow one another.
    let private isOfMarket (view: RunView) =
        let known = dict [ for candle in market.Value -> candle.OpenTime, candle ]

        for row in rows view do
            let candle = known[row.Time]
            equal (candle.Open, candle.High, candle.Low) (row.Open, row.High, row.Low)
            equal (candle.Close, candle.Volume) (row.Close, row.Volume)

        let first = market.Value[100 + int view.Run.First - 1]

        equal [
            first.OpenTime .. 60_000L .. first.OpenTime + 60_000L * int64 (view.Count - 1)
        ] [ for row in rows view -> row.Time ]

    let private isThat (expected: RunView) (found: RunView) =
        equal (expected.Run.Id, expected.Run.First, expected.Count) (found.Run.Id, found.Run.First, found.Count)

        for i in 0 .. expected.Count - 1 do
            let one, other = expected.Run.Rows[i], found.Run.Rows[i]
            equal (one.Time, one.Open, one.High, one.Low) (other.Time, other.Open, other.High, other.Low)
            equal (one.Close, one.Volume) (other.Close, other.Volume)
            equal (one.Action, one.IsInvested) (other.Action, other.IsInvested)
            near 1e-9 (one.Equity, other.Equity)
            near 1e-6 (float one.Drawdown, float other.Drawdown)
            near 1e-9 (expected.Run.BuyAndHold i, found.Run.BuyAndHold i)
            let values (view: RunView) = [ for value in view.Run.Indicators[i].ToArray() -> string value ]
            equal (values expected) (values found)

        let one, other = expected.FillsAfter(0L, Int32.MaxValue), found.FillsAfter(0L, Int32.MaxValue)

        equal one.Length other.Length

        for one, other in Array.zip one other do
            equal (one.Step, one.Time, one.IsBuy) (other.Step, other.Time, other.IsBuy)
            equal (string one.Reason) (string other.Reason)
            near 1e-7 (one.Price, other.Price)
            near 1e-7 (one.Quantity, other.Quantity)
            near 1e-7 (one.Fee, other.Fee)
            near 1e-7 (one.Slippage, other.Slippage)
            near 1e-5 (one.Profit, other.Profit)
            near 1e-9 (one.Equity, other.Equity)

    [<Tests>]
    let tests =
        testList "ResumedHistoryTests" [
            cases "after a resume the history is that of the uninterrupted run" [
                1, 700, false
                2, 1, false
                700, 300, false
                1, 300, true
                700, 300, true
            ]
            <| fun (first: int, second: int, atClose: bool) ->
                use whole = new Temporary()
                use parts = new Temporary()

                let plan = planOf (random (if atClose then FillMoment.Close else FillMoment.NextOpen)) market.Value

                let expected = alone (plan whole (first + second))
                alone (plan parts first) |> ignore
                let found = skipping (plan parts second)
                isThat expected found
                isOfMarket found

                if first > 2 then
                    let sells = expected.FillsAfter(0L, 10_000) |> Array.filter (fun fill -> not fill.IsBuy)
                    Expect.isGreaterThan sells.Length 100 "or profits are not compared"

            testCase "three sessions are one history as well"
            <| fun () ->
                use whole = new Temporary()
                use parts = new Temporary()
                let plan = planOf (random FillMoment.NextOpen) market.Value
                let expected = alone (plan whole 600)
                alone (plan parts 200) |> ignore
                alone (plan parts 200) |> ignore
                isThat expected (skipping (plan parts 200))

            testCase "recorded candles serve as well as those that a feed repeats, also if they go further"
            <| fun () ->
                use whole = new Temporary()
                use parts = new Temporary()
                let plan = planOf (random FillMoment.NextOpen) market.Value
                let expected = alone (plan whole 600)
                alone (plan parts 300) |> ignore
                isThat expected (recorded market.Value (plan parts 300))

            cases "a candle that was not recorded leaves out the steps up to it, and no candle is of another time" [
                100, 0
                150, 50
                398, 298
                399, 299
            ]
            <| fun (missing: int, step: int) ->
                use folder = new Temporary()
                let plan = planOf (random FillMoment.NextOpen) market.Value
                alone (plan folder 300) |> ignore
                let found = recorded (List.removeAt missing market.Value) (plan folder 50)
                // The candle at index 100 is that of step 1.
                equal (int64 step + 2L, 350L) (found.Run.First, found.Step)
                isOfMarket found

            testCase "fills after a hole have the profits that they would have without it"
            <| fun () ->
                use whole = new Temporary()
                use parts = new Temporary()
                let plan = planOf (random FillMoment.NextOpen) market.Value
                let expected = alone (plan whole 400)
                alone (plan parts 300) |> ignore
                let found = recorded (List.removeAt 250 market.Value) (plan parts 100)
                equal 152L found.Run.First

                let profits (view: RunView) =
                    view.FillsAfter(151L, 10_000) |> Array.map (fun fill -> fill.Step, fill.Profit)

                let one, other = profits expected, profits found
                equal (Array.map fst one) (Array.map fst other)
                Array.iter (near 1e-5) (Array.zip (Array.map snd one) (Array.map snd other))

            testCase "without the newest candles there is no history, and the run goes on from its number"
            <| fun () ->
                use folder = new Temporary()
                let plan = planOf (random FillMoment.NextOpen) market.Value
                alone (plan folder 300) |> ignore

                for candles, first in [ [], 301L; market.Value[..250], 311L ] do
                    let found = recorded candles (plan folder 10)
                    equal (first, 10) (found.Run.First, found.Count)
                    isOfMarket found
                    // What was there was not shown, so this is no other run.
                    matches "^[0-9a-f]{16}$" found.Run.Id

            testCase "without the candles before the first step, indicators are missing until they are warm"
            <| fun () ->
                use folder = new Temporary()
                let plan = planOf (random FillMoment.NextOpen) market.Value
                let expected = alone (plan folder 300)
                let found = recorded market.Value[100..] (plan folder 10)
                equal (1L, 310) (found.Run.First, found.Count)
                let values (view: RunView) i = view.Run.Indicators[i].ToArray()
                holds (values found 0 |> Array.forall Single.IsNaN)

                equal (values expected 299 |> Array.exists Single.IsNaN) (values found 299 |> Array.exists Single.IsNaN)

            testCase "a watcher of skipped candles that throws does not end the run"
            <| fun () ->
                use folder = new Temporary()
                let plan = planOf (random FillMoment.NextOpen) market.Value
                alone (plan folder 300) |> ignore
                let calls, told = ref 0, ref ""

                let found =
                    session (plan folder 10) (fun _ session ->
                        session.WatchSkipped(
                            (fun _ ->
                                calls.Value <- calls.Value + 1
                                failwith "cannot take it"),
                            fun error -> told.Value <- error.Message
                        ))

                equal (1, 10, 301L) (calls.Value, found.Count, found.Run.First)
                equal "cannot take it" told.Value

            testCase "a history that is longer than the memory keeps loses its older half while it is read"
            <| fun () ->
                use folder = new Temporary()
                let plan = planOf (random FillMoment.NextOpen) market.Value
                let whole = alone (plan folder 2_500)

                let found =
                    sessionIn (RunMemory 2_048) (plan folder 5) (fun memory session ->
                        let history = new ResumedHistory(memory, nonNull session.Past)
                        session.WatchSkipped((fun candle -> history.Take candle), ignore))

                equal (1_025L, 2_505L, whole.Run.Id) (found.Run.First, found.Step, found.Run.Id)
                isOfMarket found

                let facts (view: RunView) = [
                    for fill in view.FillsAfter(1_024L, 10_000) -> fill.Step, fill.IsBuy, fill.Reason
                ]

                equal (facts whole) (List.truncate (facts whole).Length (facts found))
                equal whole.AllFills (found.Run.Resumed |> nonNull |> _.Statistics.Trades |> int64)

            testCase "a new run has no past"
            <| fun () ->
                use folder = new Temporary()

                session (planOf (random FillMoment.NextOpen) market.Value folder 10) (fun _ session ->
                    isNull' session.Past)
                |> ignore
        ]
