namespace BtcBandit.Engine.Tests.Watching

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds

/// What is remembered of each step, against the steps themselves.
module RunColumnsTests =

    let private steps = Watched.steps

    let private columnsOf count =
        let columns = RunColumns("run", steps.Value.Head.Header, 1L)

        for step in List.truncate count steps.Value do
            columns.Add step

        columns

    let private numbers (values: float seq) = [ for value in values -> string value ]

    [<Tests>]
    let tests =
        testList "RunColumnsTests" [
            testCase "a row has the candle, the account and the action of its step, and the indicators"
            <| fun () ->
                let columns = columnsOf 600

                steps.Value
                |> List.iteri (fun i step ->
                    let row, candle = columns.Rows[i], step.Candle
                    equal (candle.OpenTime, candle.Open, candle.High) (row.Time, row.Open, row.High)
                    equal (candle.Low, candle.Close, candle.Volume) (row.Low, row.Close, row.Volume)
                    equal (step.Statistics.Equity, float32 step.Statistics.Drawdown) (row.Equity, row.Drawdown)
                    equal (step.Decision.Action, step.Portfolio.Position > 0.0) (enum (int row.Action), row.IsInvested)
                    let expected = [ for value in step.Indicators -> float (float32 value) ]
                    equal (numbers expected) (numbers (columns.Indicators[i].ToArray() |> Seq.map float)))

            testCase "each execution is there once, with the reason of the order before it"
            <| fun () ->
                let columns = columnsOf 600
                let fills = steps.Value |> List.filter (fun step -> not (isNull step.Fill))
                isAbove 10 fills.Length
                equal fills.Length columns.Fills.Count

                fills
                |> List.iteri (fun i step ->
                    let row, fill = columns.Fills[i], nonNull step.Fill

                    equal
                        (step.Number, step.Candle.OpenTime, fill.Side = TradeAction.Buy)
                        (row.Step, row.Time, row.IsBuy)

                    equal (fill.Price, fill.Quantity, fill.Fee) (row.Price, row.Quantity, row.Fee)
                    equal (fill.Slippage, step.Statistics.Equity) (row.Slippage, row.Equity)
                    equal (Option.ofNullable fill.Profit) (if Double.IsNaN row.Profit then None else Some row.Profit)
                    let before = steps.Value[int step.Number - 2]
                    equal (before.Reason.Split(';')[0]) (nonNull row.Reason))

            testCase "buy and hold is what the statistics count, and nothing before it has bought"
            <| fun () ->
                let columns = columnsOf 600

                steps.Value
                |> List.iteri (fun i step ->
                    match Option.ofNullable step.Statistics.BuyAndHoldUnits with
                    | Some units -> equal (units * step.Candle.Close) (columns.BuyAndHold i)
                    | None -> holds (Double.IsNaN(columns.BuyAndHold i)))

                Expect.isTrue (Double.IsNaN(columns.BuyAndHold 0)) "it buys with the second candle's open"

            testCase "a moment has the steps up to its newest one, and their executions"
            <| fun () ->
                for count in [ 1; 2; 299; 600 ] do
                    let view = (columnsOf count).Now
                    equal (count, int64 count) (view.Count, view.Step)
                    equal steps.Value[count - 1] (nonNull view.Latest)

                    let fills =
                        List.truncate count steps.Value
                        |> List.filter (fun step -> not (isNull step.Fill))

                    equal fills.Length view.Fills

                    for since in [ 0; 1; count / 2; count; 700 ] do
                        let after =
                            fills
                            |> List.filter (fun step -> step.Number > int64 since)
                            |> List.map _.Number

                        let rows = view.FillsAfter(int64 since, Int32.MaxValue)
                        equal after [ for row in rows -> row.Step ]
                        let newest = view.FillsAfter(int64 since, 3)
                        equal (after |> List.skip (max 0 (after.Length - 3))) [ for row in newest -> row.Step ]

            testCase "a moment stays what it was while steps are added"
            <| fun () ->
                let columns = columnsOf 299
                let view = columns.Now
                let told () = [ for row in view.FillsAfter(0L, Int32.MaxValue) -> row.Step ]
                let count, fills, rows = view.Count, view.Fills, told ()

                for step in List.skip 299 steps.Value do
                    columns.Add step

                isAbove fills columns.Fills.Count
                equal (count, fills, rows) (view.Count, view.Fills, told ())

            testCase "a step has an index while it is here"
            <| fun () ->
                let columns = RunColumns("run", steps.Value.Head.Header, 101L)

                for step in steps.Value[100..199] do
                    columns.Add step

                let view = columns.Now
                equal (100, 200L) (view.Count, view.Step)

                for number, expected in [ 100L, None; 101L, Some 0; 200L, Some 99; 201L, None; 0L, None ] do
                    equal expected (Option.ofNullable (view.IndexOf number))

            testCase "of the newest steps all that the journal writes is kept"
            <| fun () ->
                let columns = RunColumns("run", steps.Value.Head.Header, 1L)
                let all = List.ofSeq (Watched.take 3_000)

                for step in all do
                    columns.Add step

                for number in 1L .. 3_000L do
                    let row = columns.Recent number

                    // Those that the writer is about to replace are not given away.
                    if number <= 3_000L - int64 RunColumns.RecentKept + 64L then
                        fails row.HasValue
                    else
                        let step = all[int number - 1]
                        let row = row.Value
                        equal (number, step.Reward, step.Reason) (row.Number, row.Reward, row.Reason)
                        equal (step.Portfolio.Cash, step.Portfolio.Position) (row.Cash, row.Position)
                        let values = step.Decision.Sell.Mean, step.Decision.Hold.Mean, step.Decision.Buy.Mean
                        equal values (row.Sell, row.Hold, row.Buy)

                fails ((columns.Recent 3_001L).HasValue)

            testCase "whoever reads while a run goes on sees one moment of it"
            <| fun () ->
                let all = Array.ofSeq (Watched.take 3_000)

                let fills =
                    all
                    |> Array.scan (fun count step -> if isNull step.Fill then count else count + 1) 0

                let volumes = all |> Array.scan (fun sum step -> sum + step.Candle.Volume) 0.0

                let spans = [|
                    yield BarSpan.Of Timeframe.OneMinute
                    yield! BarSpan.CoarserThan Timeframe.OneMinute
                |]

                let memory = RunMemory()
                let reads = ref 0
                let isOver = ref false
                let failure: (exn | null) ref = ref null

                let look (view: RunView) =
                    let count = view.Count
                    equal (int64 count, int64 count) ((nonNull view.Latest).Number, view.Step)
                    equal fills[count] view.Fills

                    for span in spans do
                        let query = BarsQuery(Int64.MinValue, Int64.MaxValue, 5_000, span, [| 0 |])
                        let bars = BarsReader.Read(view, query)
                        let last = bars.Time.Length - 1
                        let newest = all[count - 1]
                        equal (int64 count, newest.Candle.Close) (bars.Step[last], bars.Close[last])
                        equal newest.Statistics.Equity bars.Equity[last]
                        isNear 1e-6 volumes[count] (Array.sum bars.Volume)
                        equal fills[count] (bars.Marks |> Array.sumBy _.Count)
                        let high = all[.. count - 1] |> Array.map _.Candle.High |> Array.max
                        equal high (Array.max bars.High)

                let reader () =
                    try
                        while not (Volatile.Read &isOver.contents) do
                            match memory.Now with
                            | null -> ()
                            | view -> look view

                            Interlocked.Increment &reads.contents |> ignore
                    with error ->
                        Volatile.Write(&failure.contents, error)

                let reading = Task.Run reader

                // Each round is a run of its own, as the passes of a warm-up are.
                for _ in 1..4 do
                    for step in all do
                        memory.OnNext step

                        // The reader has its turn, and goes on reading meanwhile.
                        if step.Number % 100L = 0L then
                            let before = Volatile.Read &reads.contents

                            SpinWait.SpinUntil(fun () ->
                                Volatile.Read &reads.contents > before
                                || not (isNull (Volatile.Read &failure.contents)))

                Volatile.Write(&isOver.contents, true)
                reading.Wait()
                isNull' failure.Value
        ]
