namespace BtcBandit.Web.Tests

open System
open NUnit.Framework
open FsCheck.FSharp
open FsCheck.NUnit
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching

/// Bars as anybody would add them up, with nothing of the code under test.
module Naive =
    type Bar =
        {
            Time: int64
            Prices: float * float * float * float
            Volume: float
            Equity: float
            Drawdown: float32
            Invested: float32
            Action: int
            Step: int64
            Value: float32
        }

    let private ofMs (time: DateTime) = DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeMilliseconds()

    let startOf (span: string) (time: int64) =
        let at = DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime
        let inDay (minutes: int) = ofMs (at.Date.AddMinutes(float (int at.TimeOfDay.TotalMinutes / minutes * minutes)))

        match span with
        | "1m" -> inDay 1
        | "5m" -> inDay 5
        | "15m" -> inDay 15
        | "1h" -> inDay 60
        | "4h" -> inDay 240
        | "1d" -> inDay 1_440
        | _ -> ofMs (at.Date.AddDays(float -((int at.DayOfWeek + 6) % 7)))

    let bars span (steps: (int64 * StepRow * float) list) =
        [
            for time, inside in List.groupBy (fun (_, (row: StepRow), _) -> startOf span row.Time) steps do
                let rows = inside |> List.map (fun (_, row, _) -> row)
                let number, last, value = List.last inside
                let invested = rows |> List.filter _.IsInvested |> List.length

                {
                    Time = time
                    Prices =
                        rows.Head.Open,
                        rows |> List.map _.High |> List.max,
                        rows |> List.map _.Low |> List.min,
                        last.Close
                    Volume = rows |> List.sumBy _.Volume
                    Equity = last.Equity
                    Drawdown = rows |> List.map _.Drawdown |> List.max
                    Invested = float32 invested / float32 rows.Length
                    Action = int last.Action
                    Step = number
                    Value = float32 value
                }
        ]

    let ofBars (bars: Bars) =
        [
            for i in 0 .. bars.Time.Length - 1 do
                {
                    Time = bars.Time[i]
                    Prices = bars.Open[i], bars.High[i], bars.Low[i], bars.Close[i]
                    Volume = bars.Volume[i]
                    Equity = bars.Equity[i]
                    Drawdown = bars.Drawdown[i]
                    Invested = bars.Invested[i]
                    Action = bars.Action[i]
                    Step = bars.Step[i]
                    Value = bars.Columns[0][i]
                }
        ]

/// Every answer about bars is that of adding up the steps.
[<TestFixture>]
module BarsTests =
    let private header = (Runs.planAt BtcBandit.Engine.Exchange.Costs.None).Header

    let private spans =
        [|
            yield! [ BarSpan.Of Timeframe.OneMinute ]
            yield! BarSpan.CoarserThan Timeframe.OneMinute
        |]

    /// Steps with whole numbers, so that sums are exact, and with gaps of up to three days. Times begin on any weekday.
    let private rowsOf (gaps: (int * int) list) first =
        let times =
            gaps
            |> List.scan (fun time (gap, _) -> time + 60_000L * int64 gap) 1_704_067_200_000L

        List.zip (List.tail times) gaps
        |> List.mapi (fun i (time, (gap, price)) ->
            let price = float price

            let candle =
                match
                    BtcBandit.Indicators.Candle.TryCreate(
                        time,
                        price,
                        price + 2.0,
                        price - 1.0,
                        price + 1.0,
                        float (gap % 7)
                    )
                with
                | true, candle, _ -> candle
                | _, _, error -> failwith $"{error}"

            let action = enum<TradeAction>(gap % 3)
            first + int64 i, StepRow(&candle, 1_000.0 + price, (price % 8.0) / 8.0, action, gap % 2 = 0), price)

    let private add (columns: RunColumns) steps =
        for number, (row: StepRow), value in steps do
            let fill =
                if number % 3L = 0L then
                    Nullable(
                        FillRow(
                            number,
                            row.Time,
                            number % 2L = 0L,
                            value,
                            2.0,
                            0.0,
                            0.0,
                            (if number % 2L = 0L then nan else 1.0),
                            1.0,
                            null
                        )
                    )
                else
                    Nullable()

            columns.AddPast(&row, ReadOnlySpan(Array.create header.Columns.Length value), fill, "exploit")

    let private columnsOf steps (first: int64) =
        let columns = RunColumns("run", header, first)
        add columns steps
        columns.PublishPast()
        columns

    let private cases =
        gen {
            let! size = Gen.choose (1, 400)
            let! reach = Gen.elements [ 1; 3; 60; 4_320 ]
            let! gaps = Gen.listOfLength size (Gen.zip (Gen.choose (1, reach)) (Gen.choose (10, 90)))
            let! seen = Gen.choose (1, size)
            let! first = Gen.elements [ 1L; 501L ]
            let! from, until = Gen.zip (Gen.choose (0, size)) (Gen.choose (0, size))
            let! max = Gen.choose (1, 40)
            return gaps, seen, first, from, until, max
        }
        |> Arb.fromGen

    let private query from until max (span: BarSpan | null) = BarsQuery(from, until, max, span, [| 0 |])

    [<Property(MaxTest = 100)>]
    let ``at every span, and however many steps are there already, bars are the sums of the steps that are seen`` () =
        Prop.forAll cases (fun (gaps, seen, first, _, _, _) ->
            let steps = rowsOf gaps first
            let view = RunView(columnsOf steps first, seen, null)

            for span in spans do
                let bars = BarsReader.Read(view, query Int64.MinValue Int64.MaxValue 1_000 span)
                equal (Naive.bars span.Name (List.truncate seen steps)) (Naive.ofBars bars))

    [<Property(MaxTest = 100)>]
    let ``a window has the newest bars that overlap it`` () =
        Prop.forAll cases (fun (gaps, seen, first, from, until, max) ->
            let steps = rowsOf gaps first
            let view = RunView(columnsOf steps first, seen, null)
            let times = [| for _, (row: StepRow), _ in steps -> row.Time |]
            let timeOf i = times[min i (times.Length - 1)]
            let from, until = timeOf (min from until), timeOf (Operators.max from until)

            for span in spans do
                let bars = BarsReader.Read(view, query from until max span)

                let all =
                    Naive.bars span.Name (List.truncate seen steps)
                    |> List.filter (fun bar ->
                        // A bar counts if one of its steps is in the window.
                        List.truncate seen steps
                        |> List.exists (fun (_, row, _) ->
                            row.Time >= from
                            && row.Time < until
                            && Naive.startOf span.Name row.Time = bar.Time))

                equal (all |> List.skip (Operators.max 0 (all.Length - max))) (Naive.ofBars bars)
                equal (all.Length > max) bars.HasMore)

    [<Property(MaxTest = 100)>]
    let ``without a span, the finest one that fits is taken`` () =
        Prop.forAll cases (fun (gaps, seen, first, _, _, max) ->
            let steps = rowsOf gaps first
            let view = RunView(columnsOf steps first, seen, null)
            let bars = BarsReader.Read(view, query Int64.MinValue Int64.MaxValue max null)
            let count (span: BarSpan) = (Naive.bars span.Name (List.truncate seen steps)).Length

            let expected =
                spans
                |> Array.tryFind (fun span -> count span <= max)
                |> Option.defaultValue (Array.last spans)

            equal expected.Name bars.Span.Name)

    [<Property(MaxTest = 100)>]
    let ``marks count every execution of the bars once`` () =
        Prop.forAll cases (fun (gaps, seen, first, _, _, max) ->
            let steps = rowsOf gaps first
            let view = RunView(columnsOf steps first, seen, null)

            for span in spans do
                let bars = BarsReader.Read(view, query Int64.MinValue Int64.MaxValue max span)

                let expected =
                    List.truncate seen steps
                    |> List.filter (fun (number, row, _) ->
                        number % 3L = 0L && Array.contains (Naive.startOf span.Name row.Time) bars.Time)
                    |> List.countBy (fun (number, row, _) -> Naive.startOf span.Name row.Time, number % 2L = 0L)

                equal
                    (List.sort expected)
                    (List.sort [ for mark in bars.Marks -> (mark.Time, mark.IsBuy), mark.Count ])

                equal (bars.Marks |> Array.sortBy _.Time |> Array.map _.Time) (bars.Marks |> Array.map _.Time))

    [<TestCase 3>]
    [<TestCase 4_320>]
    let ``without its older half a run is as if it had begun there, also when it goes on`` (reach: int) =
        let random = Random 7
        let steps = rowsOf [ for _ in 1..5_000 -> random.Next(1, reach), random.Next(10, 90) ] 501L
        let seen, later = List.splitAt 4_500 steps
        let newest = (columnsOf seen 501L).Newest()
        equal 2_549L newest.First
        let expected = columnsOf (List.skip 2_048 steps) 2_549L
        add newest later
        newest.PublishPast()
        let one, other = RunView(expected, 2_952, null), RunView(newest, 2_952, null)
        equal (one.FillsAfter(0L, 5_000) |> Array.map _.Step) (other.FillsAfter(0L, 5_000) |> Array.map _.Step)

        for span in spans do
            let query = query Int64.MinValue Int64.MaxValue 5_000 span
            let one, other = BarsReader.Read(one, query), BarsReader.Read(other, query)
            equal (Naive.ofBars one) (Naive.ofBars other)
            equal one.Columns other.Columns
            equal one.Marks other.Marks

    [<Test>]
    let ``a memory forgets the older half of a run that is too long, and a reader keeps what it has`` () =
        let memory = RunMemory 2_048
        let observer = memory :> IObserver<Step>
        let steps = Runs.steps 4_000
        steps |> List.truncate 2_048 |> List.iter observer.OnNext
        let before = nonNull memory.Now
        steps |> List.skip 2_048 |> List.iter observer.OnNext
        let now = nonNull memory.Now
        equal (1L, 2_048L) (before.Run.First, before.Step)
        // 1,024 go at step 2,049, and again at step 3,073.
        equal (2_049L, 3_900L, before.Run.Id) (now.Run.First, now.Step, now.Run.Id)

        let held (step: Step) =
            match step.Statistics.BuyAndHoldUnits with
            | held when held.HasValue -> held.Value * step.Candle.Close
            | _ -> nan

        for view in [ before; now ] do
            let bars = BarsReader.Read(view, query Int64.MinValue Int64.MaxValue 5_000 spans[0])

            let shown =
                steps
                |> List.filter (fun step -> step.Number >= view.Run.First && step.Number <= view.Step)

            equal [| for step in shown -> step.Candle.Close |] bars.Close
            equal [| for step in shown -> step.Number |] bars.Step
            near 1e-12 [| for step in shown -> held step |] bars.BuyAndHold

            equal
                [|
                    for step in shown do
                        if not (isNull step.Fill) then
                            step.Number
                |]
                (view.FillsAfter(0L, 5_000) |> Array.map _.Step)

    [<Test>]
    let ``a week begins on Monday`` () =
        let week = Array.last spans
        // Sunday, 7 January 2024, 23:59 and the minute after.
        equal 1_704_067_200_000L (week.StartOf 1_704_671_940_000L)
        equal 1_704_672_000_000L (week.StartOf 1_704_672_000_000L)
        // Before the first Monday of the epoch.
        equal -259_200_000L (week.StartOf 0L)

    [<Test>]
    let ``only spans of whole candles are offered`` () =
        let names timeframe =
            match Timeframe.TryParse timeframe with
            | true, found -> [ for span in BarSpan.CoarserThan found -> span.Name ]
            | _ -> failwith timeframe

        equal [ "5m"; "15m"; "1h"; "4h"; "1d"; "1w" ] (names "1m")
        equal [ "15m"; "1h"; "4h"; "1d"; "1w" ] (names "3m")
        equal [ "1d"; "1w" ] (names "6h")
        equal [ "1w" ] (names "1d")
