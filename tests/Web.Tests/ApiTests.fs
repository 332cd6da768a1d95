namespace BtcBandit.Web.Tests

open System
open System.IO
open System.Net
open System.Net.Http
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Trading
open BtcBandit.Web

module ApiTests =

    let private served = lazy (Serving.steps 1_500)

    let private get (path: string) = served.Value.Json path

    let private at (name: string) (json: JsonElement) = json.GetProperty name

    let private text name json = string (at name json)

    let private whole name json = (at name json).GetInt64()

    let private items name json = [ for item in (at name json).EnumerateArray() -> item ]

    let private numbers name json = [| for item in items name json -> item.GetDouble() |]

    let private status (path: string) = int (served.Value.Get path).StatusCode

    let private steps = Runs.steps 1_500

    let private stop () =
        if served.IsValueCreated then
            (served.Value :> IDisposable).Dispose()

    // No test is the last one where tests run beside each other or alone: the server ends with the process.
    AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> stop ())

    [<Tests>]
    let tests =
        testList "ApiTests" [
            testCase "the run says what it is"
            <| fun () ->
                let run = get "/api/run"
                equal ("synthetic", "BTC/USDT", "USDT") (text "mode" run, text "pair" run, text "quote" run)
                equal (60_000L, steps.Head.Candle.OpenTime) (whole "span" run, whole "first_time" run)
                equal steps.Head.Header.Columns.Length (items "columns" run).Length
                equal 16 (text "data_hash" run).Length
                equal JsonValueKind.Object ((at "header" run).GetProperty("parameters").ValueKind)

            testCase "the candles are those of the steps"
            <| fun () ->
                let bars = get "/api/candles?span=1m&max=5000"
                equal [| for step in steps -> step.Candle.Close |] (numbers "close" bars)
                equal [| for step in steps -> float step.Candle.OpenTime |] (numbers "time" bars)
                equal [| for step in steps -> Math.Round(step.Statistics.Equity, 8) |] (numbers "equity" bars)
                equal [| for step in steps -> float (int step.Decision.Action) |] (numbers "action" bars)
                equal JsonValueKind.Null (items "buy_and_hold" bars).Head.ValueKind
                equal (1_500L, false) (whole "steps" bars, (at "more" bars).GetBoolean())

            testCase "a range, a span and columns can be asked for"
            <| fun () ->
                let from, until = steps[100].Candle.OpenTime, steps[200].Candle.OpenTime
                let bars = get $"/api/candles?from={from}&to={until}&span=60000&columns=atr"

                let expected = [|
                    for step in steps[100..199] -> float (float32 step.Indicators[step.Header.Columns.IndexOf "atr"])
                |]

                let shown = [|
                    for value in (at "columns" bars |> items "atr") -> float (value.GetSingle())
                |]

                equal (100, expected) (shown.Length, shown)
                equal 300_000L (whole "span" (get "/api/candles?max=400"))

            testCase "the newest step is whole, with its reasons"
            <| fun () ->
                let step = steps |> List.last

                let shown =
                    get $"/api/steps?since={step.Number - 1L}&limit=1"
                    |> items "steps"
                    |> List.exactlyOne

                equal step.Number (whole "step" shown)
                let value = shown |> at "values" |> at "buy"

                equal
                    (step.Decision.Buy.Mean, step.Decision.Buy.Draw)
                    ((at "mean" value).GetDouble(), (at "draw" value).GetDouble())

                equal step.Header.Features.Length (items "contributions" shown).Length
                isAbove 0.0 ((shown |> at "columns" |> at "atr").GetDouble())

            testCase
                "a step that is no longer whole, and has not reached the journal, is known as the journal will have it"
            <| fun () ->
                let shown = get "/api/steps?since=1000&limit=3" |> items "steps"
                equal [ 1_001L; 1_002L; 1_003L ] [ for step in shown -> whole "step" step ]
                equal [ for step in steps[1_000..1_002] -> step.Reason ] [ for step in shown -> text "reason" step ]
                equal JsonValueKind.Null (at "contributions" shown.Head).ValueKind
                let unknown = get "/api/steps?since=0&limit=3"
                equal ([], false) (unknown |> items "steps", (unknown.GetProperty "more").GetBoolean())

            testCase "the trades are the executions of the steps, as JSON and as CSV"
            <| fun () ->
                let fills = steps |> List.filter (fun step -> not (isNull step.Fill))
                isAbove 20 fills.Length
                let trades = get "/api/trades"
                equal [ for step in fills -> step.Number ] [ for trade in items "trades" trades -> whole "step" trade ]

                equal [| for step in fills -> (nonNull step.Fill).Price |] [|
                    for trade in items "trades" trades -> (at "price" trade).GetDouble()
                |]

                let few = get $"/api/trades?since={fills[3].Number}&limit=2"

                let shown answer =
                    [ for trade in items "trades" answer -> whole "step" trade ], (at "more" answer).GetBoolean()

                equal ([ fills[4].Number; fills[5].Number ], true) (shown few)
                let last = fills.Length - 1

                equal
                    ([ fills[last].Number ], false)
                    (shown (get $"/api/trades?since={fills[last - 1].Number}&limit=2"))

                equal ([ fills[last - 1].Number; fills[last].Number ], true) (shown (get "/api/trades?limit=2"))
                equal (int64 fills.Length) (whole "count" few)

                let csv = (served.Value.Text "/api/trades.csv").Split '\n'
                equal "step,open_time,side,price,quantity,fee,slippage,profit,equity,reason" csv[0]
                equal (fills.Length + 2) csv.Length

            testCase "the summary is that of --json, and the health tells of the server"
            <| fun () ->
                let summary = get "/api/metrics"

                equal
                    (1_500L, (List.last steps).Statistics.Equity)
                    (whole "steps" summary, (at "final_equity" summary).GetDouble())

                let health = get "/api/health"

                equal
                    ("ok", 1_500L, JsonValueKind.Null)
                    (text "status" health, whole "steps" health, (at "feed" health).ValueKind)

            testCase "Prometheus reads the meters"
            <| fun () ->
                let text = served.Value.Text "/metrics"
                contains "\nbtcbandit_steps_total 1500\n" text
                contains "# TYPE btcbandit_equity gauge\n" text
                because "a synthetic market has none" (fun () -> lacks "latency" text)

            cases "a parameter that is not accepted is a problem, which repeats nothing" [
                "/api/candles?max=0"
                "/api/candles?max=5001"
                "/api/candles?max=abc"
                "/api/candles?max=1&max=2"
                "/api/candles?from=1e3"
                "/api/candles?span=7m"
                "/api/candles?columns=none"
                "/api/candles?columns=sma,ema,sma"
                "/api/steps?limit=1001"
                "/api/steps?since=-1"
                "/api/trades?limit=10001"
            ]
            <| fun (path: string) ->
                let answer = served.Value.Get path

                equal
                    (400, "application/problem+json")
                    (int answer.StatusCode, string answer.Content.Headers.ContentType)

                let problem = JsonDocument.Parse(answer.Content.ReadAsStringAsync().Result).RootElement
                equal 400L (whole "status" problem)
                lacks "abc" (text "detail" problem)

            testCase "the page is served with a tag, and only once"
            <| fun () ->
                let page = served.Value.Get "/"
                equal "text/html; charset=utf-8" (string page.Content.Headers.ContentType)
                use request = new HttpRequestMessage(HttpMethod.Get, "/index.html")
                request.Headers.IfNoneMatch.Add(nonNull page.Headers.ETag)
                equal HttpStatusCode.NotModified (served.Value.Send request).StatusCode
                equal 404 (status "/none.js")

            testCase "HEAD answers with headers alone, also for the stream"
            <| fun () ->
                for path in [ "/"; "/api/run"; "/api/stream"; "/api/trades.csv" ] do
                    use request = new HttpRequestMessage(HttpMethod.Head, path)
                    let answer = served.Value.Send request
                    equal (200, 0) (int answer.StatusCode, answer.Content.ReadAsByteArrayAsync().Result.Length)

            testCase "the stream begins with a snapshot"
            <| fun () ->
                use answer =
                    served.Value.Client.GetAsync("/api/stream", HttpCompletionOption.ResponseHeadersRead).Result

                equal "text/event-stream" (string answer.Content.Headers.ContentType)
                use reader = new StreamReader(answer.Content.ReadAsStream())
                equal "event: snapshot" (string (reader.ReadLine()))

            testCase "before the first step there is a run without bars"
            <| fun () ->
                use empty = new Served(null, Runs.watched TimeProvider.System)
                equal JsonValueKind.Null (at "first_time" (empty.Json "/api/run")).ValueKind
                equal 0L (whole "steps" (empty.Json "/api/candles"))
                equal [] (items "steps" (empty.Json "/api/steps"))
                equal [] (items "trades" (empty.Json "/api/trades"))
                equal HttpStatusCode.NotFound (empty.Get "/api/metrics").StatusCode
        ]
