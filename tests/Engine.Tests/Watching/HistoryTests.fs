namespace BtcBandit.Engine.Tests.Watching

open System
open System.Collections.Generic
open System.Reactive.Concurrency
open System.Reactive.Linq
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds

/// A run as a history meets it: some of its candles announced before the steps that follow.
type Piece = {
    First: int
    Announced: int
    Count: int
    /// The number of steps after which the run is too fast to be followed, and after which it is slow again.
    Fast: int * int
}

module HistoryTests =

    /// Over four days, from the middle of one.
    let private steps = lazy ((Watched.take 5_000).ToArray())

    /// Those of the candles before and of the steps.
    let private observations =
        lazy
            (let count = int steps.Value[0].Candles - 1
             let set = FeatureSet.Of Catalogue.Default

             let before =
                 (SyntheticFeed.Candles(SyntheticOptions()) |> Seq.truncate count)
                     .ToObservable(CurrentThreadScheduler.Instance)
                     .Observe(set)
                     .ToEnumerable()

             [| yield! before; for step in steps.Value -> step.Observation |])

    let private dayOf (candle: Candle) = (DateTimeOffset.FromUnixTimeMilliseconds candle.OpenTime).UtcDateTime.Date

    let private times (candles: Observation seq) = [ for one in candles -> one.Candle.OpenTime ]

    let private announcedBy piece =
        let first = observations.Value.Length - steps.Value.Length + piece.First
        observations.Value[max 0 (first - piece.Announced) .. first - 1]

    let private made piece count = steps.Value[piece.First .. piece.First + count - 1]

    let private play (history: History) piece =
        for one in announcedBy piece do
            history.Announce one

        for i in 0 .. piece.Count - 1 do
            if i = fst piece.Fast then
                history.Follow true
            elif i = snd piece.Fast then
                history.Follow false

            history.OnNext steps.Value[piece.First + i]

        history.Follow false

    /// The number of the newest steps that are kept of a piece, and whether one has been dropped.
    let private kept capacity piece =
        let mutable kept, limit, dropped = 0, capacity, false

        let shrink () =
            if kept > limit then
                kept <- limit
                dropped <- true

        for i in 0 .. piece.Count - 1 do
            if i = fst piece.Fast then
                limit <- min 256 capacity
            elif i = snd piece.Fast then
                limit <- capacity

            shrink ()
            kept <- kept + 1
            shrink ()

        kept, dropped

    /// Every point of an even pace, as wide as 1,024 points ask for.
    let private curve (steps: Step array) =
        let stride =
            Seq.initInfinite (fun i -> 1 <<< i)
            |> Seq.find (fun stride -> (steps.Length - 1) / stride < 1_024)

        [ for i in 0..stride .. steps.Length - 1 -> steps[i].Number ]

    let private pieces =
        gen {
            let! first = Gen.frequency [ 1, Gen.constant 0; 3, Gen.choose (0, 2_000) ]
            let! announced = Gen.oneof [ Gen.constant 0; Gen.choose (1, 40); Gen.choose (1, 3_000) ]
            let! count = Gen.oneof [ Gen.choose (1, 40); Gen.choose (1, 3_000) ]
            let! fast = Gen.choose (0, 2 * count)
            let! slow = Gen.choose (fast + 1, fast + 1 + count)

            return { First = first; Announced = announced; Count = count; Fast = fast, slow }
        }

    let private simpler piece =
        let fast, slow = piece.Fast

        seq {
            for first in Shrinking.towards 0 piece.First do
                yield { piece with First = first }

            for announced in Shrinking.towards 0 piece.Announced do
                yield { piece with Announced = announced }

            for count in Shrinking.towards 1 piece.Count do
                yield { piece with Count = count }

            // Never fast, if that is a counterexample too.
            for fast in Shrinking.only (piece.Count, piece.Count + 1) piece.Fast do
                yield { piece with Fast = fast }

            if fast < piece.Count then
                for slow in Shrinking.towards (fast + 1) slow do
                    yield { piece with Fast = fast, slow }
        }

    /// Runs, the capacity of the history, and a moment with the number of steps asked for.
    let private scenes =
        let shrink (before, last, capacity, back, max) =
            seq {
                for before in Shrinking.list simpler before do
                    yield before, last, capacity, back, max

                for last in simpler last do
                    yield before, last, capacity, min back last.Count, max

                for capacity in Shrinking.only 8_192 capacity do
                    yield before, last, capacity, back, max

                for back, max in Shrinking.both (Shrinking.towards 0) (Shrinking.towards 0) (back, max) do
                    yield before, last, capacity, back, max
            }

        let whole =
            gen {
                let! earlier = Gen.choose (0, 2)
                let! before = Gen.listOfLength earlier pieces
                let! last = pieces
                let! capacity = Gen.oneof [ Gen.choose (1, 300); Gen.constant 8_192 ]
                let! back = Gen.choose (0, last.Count)
                let! max = Gen.oneof [ Gen.choose (0, 5); Gen.choose (1, 4_000) ]
                return before, last, capacity, back, max
            }

        Arb.fromGenShrink (whole, shrink)

    /// The moment that a scene asks for, with what is known of the run.
    let private recall (before, last, capacity, back, max') =
        let history = History capacity

        // The numbers begin again with each run.
        for piece in before do
            play history { piece with First = last.First }

        play history last
        let newest = steps.Value[last.First + last.Count - 1].Number
        let kept, dropped = kept capacity last
        let moment = min back (kept - 1)
        nonNull (history.Now(Nullable(newest - int64 back), max')), last.Count - moment, kept - moment, dropped

    let private historyOf capacity =
        let history = History capacity

        for step in Watched.steps.Value do
            history.OnNext step

        history

    let private numbers (recall: Recall | null) = [ for step in (nonNull recall).Steps -> step.Number ]

    [<Tests>]
    let tests =
        testList "HistoryTests" [
            testCase "a moment has the steps asked for up to it, oldest first"
            <| fun () ->
                let history = historyOf 1_000
                equal [ 598L; 599L; 600L ] (numbers (history.Now(Nullable(), 3)))
                equal [ 9L; 10L ] (numbers (history.Now(Nullable 10L, 2)))
                equal [ 1L; 2L ] (numbers (history.Now(Nullable 2L, 9)))
                equal [ 10L ] (numbers (history.Now(Nullable 10L, 0)))

            testCase "a step that is no longer kept gives the oldest one that is, and one to come the newest"
            <| fun () ->
                let history = historyOf 100
                equal (struct (501L, 600L)) history.Range.Value
                equal [ 501L ] (numbers (history.Now(Nullable 5L, 10)))
                equal 600L (nonNull (history.Now(Nullable 5_000L, 1))).Step.Number
                equal 501L (nonNull (history.Now(Nullable(), 1))).Oldest

            testCase "a step whose number does not go on begins another run"
            <| fun () ->
                let history = historyOf 1_000

                for step in List.truncate 5 Watched.steps.Value do
                    history.OnNext step

                equal (struct (1L, 5L)) history.Range.Value
                let recall = history.Now(Nullable(), 9)
                equal [ 1L .. 5L ] (numbers recall)
                equal (5L, 5) ((nonNull recall).Mix.All, (nonNull recall).Curve.Count)
                all (fun (row: TradeRow) -> row.Step <= 5L) ((nonNull recall).Trades)
                equal (605L, 5L) (history.Seen, history.Count)

                // Also where it is higher than that.
                for step in List.skip 100 Watched.steps.Value do
                    history.OnNext step

                equal (struct (101L, 600L)) history.Range.Value
                equal 500L (nonNull (history.Now(Nullable(), 9))).Mix.All

            testCase "choices and executions of all steps are counted, however few are kept"
            <| fun () ->
                let recall = nonNull ((historyOf 1).Now(Nullable(), 1))
                let steps = Watched.steps.Value
                equal 600L recall.Mix.All

                for action in Enum.GetValues() do
                    let chosen = steps |> List.filter (fun step -> step.Decision.Action = action)
                    equal (float chosen.Length / 600.0) recall.Mix[action]

                let fills = steps |> List.filter (fun step -> not (isNull step.Fill))
                equal [ for step in fills -> step.Number ] [ for row in recall.Trades -> row.Step ]
                equal 600 recall.Curve.Count

            // Here and below more than 100: a small capacity, runs before and a fast part are to meet.
            propertyOf 150 "a moment is preceded by candles without a hole, and by no more than asked for"
            <| fun () ->
                let law scene =
                    let _, last, _, _, asked = scene
                    let recall, count, kept, dropped = recall scene
                    let before = if dropped then [||] else announcedBy last

                    let known = [|
                        yield! before
                        for step in made last count |> Array.skip (count - kept) -> step.Observation
                    |]

                    let expected = known |> Array.skip (max 0 (known.Length - max asked 1))
                    let found = [| yield! recall.Before; for step in recall.Steps -> step.Observation |]
                    equal (times expected) (times found)
                    holds (Array.forall2 (fun one other -> obj.ReferenceEquals(one, other)) expected found)
                    equal (min kept (max asked 1)) recall.Steps.Count

                Prop.forAll scenes law

            propertyOf 150 "the day of a moment is that of all candles that were known of it"
            <| fun () ->
                let law scene =
                    let _, last, _, _, _ = scene
                    let recall, count, _, _ = recall scene
                    let known = [ yield! announcedBy last; for step in made last count -> step.Observation ]
                    let day = dayOf recall.Step.Candle

                    let today = [
                        for one in known do
                            if dayOf one.Candle = day then
                                one.Candle
                    ]

                    let high, low = today |> List.map _.High |> List.max, today |> List.map _.Low |> List.min
                    equal (DayRange(today.Head.OpenTime, today.Head.Open, high, low)) recall.Day

                Prop.forAll scenes law

            propertyOf 150 "choices, executions and the curve are those up to the moment"
            <| fun () ->
                let law scene =
                    let _, last, _, _, _ = scene
                    let recall, count, kept, _ = recall scene
                    let all, upTo = made last last.Count, made last count

                    let chosen action = upTo |> Array.filter (fun step -> step.Decision.Action = action) |> _.LongLength

                    equal
                        (ActionMix(chosen TradeAction.Sell, chosen TradeAction.Hold, chosen TradeAction.Buy))
                        recall.Mix

                    let fills = [
                        for step in all do
                            if not (isNull step.Fill) then
                                step.Number, nonNull step.Fill
                    ]

                    equal
                        (fills
                         |> List.skip (max 0 (fills.Length - 1_000))
                         |> List.filter (fun (step, _) -> step <= recall.Step.Number))
                        [ for row in recall.Trades -> row.Step, row.Fill ]

                    let points = curve all |> List.filter (fun step -> step < recall.Step.Number)
                    equal (points @ [ recall.Step.Number ]) [ for point in recall.Curve -> point.Step ]
                    isAtMost 1_025 recall.Curve.Count

                    for point in recall.Curve do
                        let step = steps.Value[int point.Step - 1]
                        equal (step.Candle.OpenTime, step.Statistics.Equity) (point.OpenTime, point.Equity)

                        if step.Statistics.BuyAndHoldEquity.HasValue then
                            equal step.Statistics.BuyAndHoldEquity.Value point.BuyAndHold
                        else
                            holds (Double.IsNaN point.BuyAndHold)

                    // Between the point before and an older moment, only the steps that are kept are known.
                    let isKnown number =
                        number > recall.Step.Number - int64 kept
                        || recall.Step.Number = recall.Newest.Number
                        || List.contains recall.Step.Number (curve all)

                    let worst (before: int64) (point: CurvePoint) =
                        seq { max (before + 1L) (int64 last.First + 1L) .. point.Step }
                        |> Seq.filter (fun number -> point.Step < recall.Step.Number || isKnown number)
                        |> Seq.map (fun number -> steps.Value[int number - 1].Statistics.Drawdown)
                        |> Seq.max

                    for before, point in Seq.zip (Seq.append [ 0L ] (recall.Curve |> Seq.map _.Step)) recall.Curve do
                        equal (worst before point) point.Drawdown

                Prop.forAll scenes law

            testCase "the worst drawdown of the points is that of the run, however many steps there are"
            <| fun () ->
                let history = History 10

                for step in steps.Value do
                    history.OnNext step
                    let recall = nonNull (history.Now(Nullable(), 1))
                    equal step.Statistics.MaxDrawdown (recall.Curve |> Seq.map _.Drawdown |> Seq.max)

                isAbove 0.0 (steps.Value[4_999].Statistics.MaxDrawdown)

            testCase "however many candles are announced, the newest 8,192 are known"
            <| fun () ->
                let history = History()
                let first = steps.Value[0]

                for i in 1L .. 9_000L do
                    history.Announce(Observation(i, first.Candle, first.Indicators, Nullable(), 0.0))

                history.OnNext first
                let before = (nonNull (history.Now(Nullable(), 10_000))).Before
                equal [ 809L .. 9_000L ] [ for one in before -> one.Index ]

            testCase "a log keeps its last 5,000 lines under the numbers they had"
            <| fun () ->
                let log = RunLog()

                for i in 1..5_050 do
                    log.Add(RunNote.Remark(string i))

                let lines = log.ToArray()
                equal 5_050L log.Seen
                equal [ 51L .. 5_050L ] [ for line in lines -> line.Number ]
                equal (RunNote.Remark "51" :> RunNote) lines[0].Note

            testCase
                "a log keeps the last 1,000 lines of a run that is too fast to be followed, and more again of a slower one"
            <| fun () ->
                let log = RunLog()

                let add last =
                    for i in log.Seen + 1L .. last do
                        log.Add(RunNote.Remark(string i))

                let numbers () = [ for line in log.ToArray() -> line.Number ]

                add 1_300L
                equal [ 1L .. 1_300L ] (numbers ())
                log.Follow true
                equal [ 301L .. 1_300L ] (numbers ())
                add 1_400L
                equal [ 401L .. 1_400L ] (numbers ())
                log.Follow false
                add 1_500L
                equal [ 401L .. 1_500L ] (numbers ())

            testCase "a log is copied once for each line, and a copy stays as it is"
            <| fun () ->
                let log = RunLog()
                equal 0 (log.ToArray().Length)
                log.Add(RunNote.Remark "one")
                let one = log.ToArray()
                holds (obj.ReferenceEquals(one, log.ToArray()))
                log.Add(RunNote.Remark "two")
                equal [ 1L ] [ for line in one -> line.Number ]
                equal [ 1L; 2L ] [ for line in log.ToArray() -> line.Number ]
        ]
