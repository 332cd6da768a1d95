namespace BtcBandit.Web.Tests

open System
open System.IO
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Web

/// What is shown of a run that goes on from earlier sessions.
module HistoryTests =

    let private bars (run: WatchedRun) span =
        let columns = [| 0 .. run.Header.Columns.Length - 1 |]

        let spans = [|
            BarSpan.Of run.Header.Source.Timeframe
            yield! BarSpan.CoarserThan run.Header.Source.Timeframe
        |]

        BarsReader.Read(nonNull run.Memory.Now, BarsQuery(Int64.MinValue, Int64.MaxValue, 5_000, spans[span], columns))

    let private fills (run: WatchedRun) = (nonNull run.Memory.Now).FillsAfter(0L, Int32.MaxValue)

    [<Tests>]
    let tests =
        testList "HistoryTests" [
            cases "after a resume the history is that of the uninterrupted run" [ 1, 700; 350, 1; 400, 800 ]
            <| fun (first: int, second: int) ->
                use whole = new Temporary()
                use parts = new Temporary()
                let expected, resumed = Runs.watched TimeProvider.System, Runs.watched TimeProvider.System
                Runs.session whole (first + second) (Some expected)
                Runs.session parts first None
                Runs.session parts second (Some resumed)
                let one, other = nonNull expected.Memory.Now, nonNull resumed.Memory.Now
                equal (one.Run.Id, one.Run.First, one.Count) (other.Run.Id, other.Run.First, other.Count)

                for span in 0..4 do
                    let one, other = bars expected span, bars resumed span
                    equal (one.Time, one.Close, one.Volume) (other.Time, other.Close, other.Volume)
                    equal (one.Action, one.Invested, one.Step) (other.Action, other.Invested, other.Step)
                    equal one.Columns other.Columns
                    near 1e-9 one.Equity other.Equity
                    near 1e-9 one.BuyAndHold other.BuyAndHold
                    near 1e-6 (Array.map float one.Drawdown) (Array.map float other.Drawdown)

                let facts = Array.map (fun (fill: FillRow) -> fill.Step, fill.Time, fill.IsBuy, string fill.Reason)
                isNotEmpty (fills expected)
                equal (facts (fills expected)) (facts (fills resumed))
                let profits = Array.map (fun (fill: FillRow) -> fill.Profit)
                near 1e-6 (profits (fills expected)) (profits (fills resumed))

            testCase "rows without their candles are left out, and the rest keep their numbers"
            <| fun () ->
                use folder = new Temporary()
                Runs.session folder 300 None
                let run = Runs.watched TimeProvider.System
                let rows = File.ReadAllLines(folder.File "trades.csv")
                // The session skips no candle of the first half.
                let from = (rows[150].Split ',')[0] |> int64
                Runs.sessionFrom from folder 50 (Some run)
                let view = nonNull run.Memory.Now
                equal (150L, 350L) (view.Run.First, view.Step)
                equal from view.Run.Rows[0].Time

            testCase "a part of a position that is sold is a sale, also where only the journal knows of it"
            <| fun () ->
                use folder = new Temporary()
                let rules = ExchangeRules(MaximumQuantity = 0.004)
                let parameters = RunParameters(Costs = Costs.None, History = 100, Rules = rules)
                let plan = RunPlan.Of(Runs.market.Source(TradingPair("BTC", "USDT")), parameters)
                Runs.sessionOf plan Int64.MinValue folder 600 None
                let run = Runs.watched TimeProvider.System
                let rows = File.ReadAllLines(folder.File "trades.csv")[1..] |> Array.map _.Split(',')
                Runs.sessionOf plan (int64 (rows[400][0])) folder 10 (Some run)
                use served = new Served(null, run)
                let steps = (served.Json "/api/steps?since=100&limit=300").GetProperty "steps"
                let position = [ for row in rows -> float row[9] ]

                let shown = [
                    for step in steps.EnumerateArray() do
                        let fill = step.GetProperty "fill"

                        if fill.ValueKind <> JsonValueKind.Null then
                            int (step.GetProperty("step").GetInt64()), string (fill.GetProperty "side")
                ]

                let expected = [
                    for number in 101..400 do
                        if rows[number - 1][4] <> "" then
                            number, (if position[number - 1] > position[number - 2] then "buy" else "sell")
                ]

                equal expected shown
                let isPart (number, side) = side = "sell" && position[number - 1] > 0.0
                isNotEmpty (List.filter isPart shown)

            testCase "the journal of another run that has taken the folder is not this run's"
            <| fun () ->
                use folder = new Temporary()
                let run = Runs.watched TimeProvider.System
                Runs.session folder 3_000 (Some run)
                use served = new Served(null, run)
                let path = folder.File "trades.csv"
                let rows = File.ReadAllLines path
                let sizeOf (answer: Text.Json.JsonElement) = (answer.GetProperty "steps").GetArrayLength()
                equal 3 (served.Json "/api/steps?since=100&limit=3" |> sizeOf)
                let fields = rows[102].Split ','

                // Another equity, another action, another candle.
                for place, value in
                    [
                        10, "1" + fields[10]
                        2, (if fields[2] = "buy" then "hold" else "buy")
                        0, "60000"
                    ] do
                    let other = Array.copy fields
                    other[place] <- value
                    rows[102] <- String.Join(',', other)
                    File.WriteAllLines(path, rows)
                    equal 1 (served.Json "/api/steps?since=100&limit=3" |> sizeOf)

            testCase "old steps are those of the journal, and the newest are whole"
            <| fun () ->
                use folder = new Temporary()
                let run = Runs.watched TimeProvider.System
                Runs.session folder 3_000 (Some run)
                use served = new Served(null, run)
                let rows = File.ReadAllLines(folder.File "trades.csv")

                for first in [ 1; 1_000; 1_024; 1_025; 2_040; 2_700; 2_995 ] do
                    let answer = served.Json $"/api/steps?since={first - 1}&limit=10"
                    let steps = [ for step in answer.GetProperty("steps").EnumerateArray() -> step ]
                    equal (min 10 (3_001 - first)) steps.Length

                    steps
                    |> List.iteri (fun i step ->
                        let fields = rows[first + i].Split ','

                        equal
                            (int64 fields[1], int64 fields[0])
                            (step.GetProperty("step").GetInt64(), step.GetProperty("open_time").GetInt64())

                        equal
                            (fields[2], fields[14])
                            (string (step.GetProperty "action"), string (step.GetProperty "reason"))

                        isNear 1e-7 (float fields[10]) (step.GetProperty("equity").GetDouble())
                        let mean = step.GetProperty("values").GetProperty("buy").GetProperty("mean").GetDouble()
                        isNear 1e-7 (float fields[13]) mean)

                    equal (first + steps.Length - 1 < 3_000) (answer.GetProperty("more").GetBoolean())
        ]
