namespace BtcBandit.Engine.Tests.Watching

open System
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Watching.Rows

/// Every answer about bars is that of adding up the steps.
module BarsReaderTests =

    let private query from until max (span: BarSpan | null) = BarsQuery(from, until, max, span, [| 0 |])

    [<Tests>]
    let tests =
        testList "BarsReaderTests" [
            // Here and below more than 100: borders of bars, of what is seen and of a window are to meet.
            propertyOf
                300
                "at every span, and however many steps are there already, bars are the sums of the steps that are seen"
            <| fun () ->
                Prop.forAll cases (fun (gaps, seen, first, _, _, _) ->
                    let steps = rowsOf gaps first
                    let view = RunView(columnsOf steps first, seen, null)

                    for span in spans do
                        let bars = BarsReader.Read(view, query Int64.MinValue Int64.MaxValue 1_000 span)
                        equal (Naive.bars span.Name (List.truncate seen steps)) (Naive.ofBars bars))

            propertyOf 300 "a window has the newest bars that overlap it"
            <| fun () ->
                Prop.forAll cases (fun (gaps, seen, first, from, until, max) ->
                    let steps = rowsOf gaps first
                    let view = RunView(columnsOf steps first, seen, null)
                    let times = [| for _, (row: StepRow), _ in steps -> row.Time |]
                    // Between candles, and within gaps, as well.
                    let timeOf i = times[min i (times.Length - 1)] + int64 (i % 3) * 1_700_000L
                    let one, other = timeOf from, timeOf until
                    let from, until = Operators.min one other, Operators.max one other

                    for span in spans do
                        let bars = BarsReader.Read(view, query from until max span)

                        let all =
                            Naive.bars span.Name (List.truncate seen steps)
                            |> List.filter (fun bar ->
                                from < until && bar.Time < until && bar.Time + span.Milliseconds > from)

                        equal (all |> List.skip (Operators.max 0 (all.Length - max))) (Naive.ofBars bars)
                        equal (all.Length > max) bars.HasMore)

            propertyOf 200 "without a span, the finest one that fits is taken"
            <| fun () ->
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

            propertyOf 200 "marks count every execution of the bars once"
            <| fun () ->
                Prop.forAll cases (fun (gaps, seen, first, _, until, max) ->
                    let steps = rowsOf gaps first
                    let view = RunView(columnsOf steps first, seen, null)
                    let _, newest, _ = steps[min until (steps.Length - 1)]

                    for span in spans do
                        // Executions after the window are none of it.
                        let bars = BarsReader.Read(view, query Int64.MinValue newest.Time max span)

                        let expected =
                            List.truncate seen steps
                            |> List.filter (fun (number, row, _) ->
                                number % 3L = 0L && Array.contains (Naive.startOf span.Name row.Time) bars.Time)
                            |> List.countBy (fun (number, row, _) ->
                                Naive.startOf span.Name row.Time, number % 2L = 0L)

                        equal
                            (List.sort expected)
                            (List.sort [ for mark in bars.Marks -> (mark.Time, mark.IsBuy), mark.Count ])

                        equal (bars.Marks |> Array.sortBy _.Time |> Array.map _.Time) (bars.Marks |> Array.map _.Time))

            propertyOf 200 "a mark has the mean price by quantity, the sum of the profits and the newest step"
            <| fun () ->
                let fills =
                    Gen.zip3 (Gen.choose (0, 30)) (Gen.choose (1, 9)) (Gen.choose (-9, 9))
                    |> Gen.listOf

                let simpler (minute, quantity, profit) =
                    Shrinking.both
                        (Shrinking.towards 0)
                        (Shrinking.both (Shrinking.towards 1) (Shrinking.towards 0))
                        (minute, (quantity, profit))
                    |> Seq.map (fun (minute, (quantity, profit)) -> minute, quantity, profit)

                Prop.forAll (Arb.fromGenShrink (fills, Shrinking.list simpler)) (fun fills ->
                    let fills =
                        List.sortBy (fun (minute, _, _) -> minute) fills
                        |> List.distinctBy (fun (minute, _, _) -> minute)

                    let steps = rowsOf (List.replicate 31 (1, 10)) 1L
                    let columns = RunColumns("run", header, 1L)

                    for number, (row: StepRow), _ in steps do
                        let fill =
                            match fills |> List.tryFind (fun (minute, _, _) -> int64 minute = number - 1L) with
                            | Some(_, quantity, profit) ->
                                let isBuy = profit < 0
                                let gain = if isBuy then nan else float profit
                                let price, quantity = float (10 + quantity), float quantity
                                Nullable(FillRow(number, row.Time, isBuy, price, quantity, 0.0, 0.0, gain, 1.0, null))
                            | None -> Nullable()

                        columns.AddPast(&row, ReadOnlySpan [| 0.0; 0.0 |], fill, "exploit")

                    let view = RunView(columns, 31, null)

                    for span in spans do
                        let expected = [
                            for (time, isBuy), inside in
                                fills
                                |> List.groupBy (fun (minute, _, profit) ->
                                    let _, row, _ = steps[minute]
                                    Naive.startOf span.Name row.Time, profit < 0) do
                                let quantity = inside |> List.sumBy (fun (_, quantity, _) -> float quantity)

                                let value =
                                    inside
                                    |> List.sumBy (fun (_, quantity, _) -> float quantity * float (10 + quantity))

                                let profit = inside |> List.sumBy (fun (_, _, profit) -> float profit)
                                let newest, _, _ = List.last inside

                                time,
                                isBuy,
                                value / quantity,
                                (if isBuy then "none" else string profit),
                                int64 newest + 1L
                        ]

                        let found = [
                            for mark in BarsReader.Read(view, query Int64.MinValue Int64.MaxValue 100 span).Marks ->
                                mark.Time,
                                mark.IsBuy,
                                mark.Price,
                                (if mark.IsBuy && Double.IsNaN mark.Profit then "none" else string mark.Profit),
                                mark.Step
                        ]

                        equal (List.sort expected) (List.sort found)
                        // In the order in which they ended.
                        equal (found |> List.map (fun (_, _, _, _, step) -> step) |> List.sort) [
                            for _, _, _, _, step in found -> step
                        ])

            propertyOf 200 "the steps after a step are bars of their own, with all columns"
            <| fun () ->
                Prop.forAll cases (fun (gaps, seen, first, from, _, _) ->
                    let steps = rowsOf gaps first
                    let view = RunView(columnsOf steps first, seen, null)
                    // Also numbers before the first step, and after the newest one.
                    let since = first - 3L + int64 from
                    let bars = BarsReader.ReadSteps(view, since)
                    let expected = List.truncate seen steps |> List.filter (fun (number, _, _) -> number > since)
                    equal (Naive.bars "1m" expected) (if bars.Time.Length = 0 then [] else Naive.ofBars bars)
                    equal header.Columns.Length bars.Columns.Length)

            testCase "a run without steps has no bars"
            <| fun () ->
                let view = RunView(RunColumns("run", header, 1L), 0, null)
                equal 0 (BarsReader.Read(view, query Int64.MinValue Int64.MaxValue 10 null)).Time.Length
                equal 0 (BarsReader.ReadSteps(view, 0L)).Time.Length
                equal (0L, 0) (view.Step, view.Fills)

            Cases.cases "without its older half a run is as if it had begun there, also when it goes on" [ 3; 4_320 ]
            <| fun (reach: int) ->
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
        ]
