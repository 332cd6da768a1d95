namespace BtcBandit.Tui.Tests.Commands

open System
open System.Collections.Concurrent
open System.CommandLine
open System.IO
open System.Net
open System.Net.Http
open System.Net.Sockets
open System.Text
open System.Text.Json
open System.Text.RegularExpressions
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.FakeExchange
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Host
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// The main command with a web dashboard, without its process.
module Watched =

    /// A port that nobody listens on.
    let freePort () =
        use listener = new TcpListener(IPAddress.Loopback, 0)
        listener.Start()
        (listener.LocalEndpoint :?> IPEndPoint).Port

    /// A client that keeps cookies, as a browser does.
    let private client = lazy (new HttpClient(new HttpClientHandler(), Timeout = TimeSpan.FromSeconds 30.0))

    let get (address: string) = client.Value.GetStringAsync(address).GetAwaiter().GetResult()

    let json (address: string) = JsonDocument.Parse(get address).RootElement

    let status (address: string) =
        use one = new HttpClient(new HttpClientHandler(UseCookies = false))
        int (one.GetAsync(address).GetAwaiter().GetResult().StatusCode)

    let addressIn (line: string) =
        let found = Regex.Match(line, @"^Dashboard available at (http://localhost:\d+(?:/\?token=[\w.-]+)?)$")
        if found.Success then Some found.Groups[1].Value else None

    /// Runs the command, and calls a function with each of its lines on stderr.
    let hosted
        isTerminal
        (clock: TimeProvider)
        environment
        (arguments: string seq)
        (onLine: StopSignals -> string -> unit)
        =
        let flags = TrainFlags()
        let parsed = flags.AddTo(RootCommand()).Parse(Array.ofSeq arguments)
        equal [] [ for error in parsed.Errors -> error.Message ]
        let options = flags.Read(parsed, environment)
        use signals = new StopSignals(options.Duration, clock)
        use out = new StringWriter()
        use error = new Listener(onLine signals)
        use screen = new MemoryStream()
        let size () = if isTerminal then struct (80, 24) else struct (0, 0)

        let host =
            ConsoleHost(out, error, isTerminal, isTerminal, clock, environment, size, OpenOut = (fun () -> screen))

        let code = TrainCommand.RunAsync(options, host, signals).GetAwaiter().GetResult()
        { Code = code; Out = out.ToString(); Error = error.ToString() }

    let nowhere: string -> string | null = fun _ -> null

    /// On a terminal, until the run is over; then the page is asked, and Ctrl-C ends the program. Tells signals and address as soon
    /// as the page answers.
    let stayingFrom (begins: StopSignals -> string -> unit) clock (arguments: string seq) (ask: string -> unit) =
        let address = ref ""
        let asks = ref 0

        let answer =
            hosted
                true
                clock
                nowhere
                (Seq.append [ "--web-dashboard"; "--web-port"; "0"; "--delay"; "0" ] arguments)
                (fun signals line ->
                    match addressIn line with
                    | Some found ->
                        address.Value <- found
                        begins signals found
                    | None when line.StartsWith "The run has ended; " ->
                        equal $"The run has ended; {address.Value} stays until Ctrl-C." line
                        asks.Value <- asks.Value + 1
                        ask address.Value
                        Expect.isTrue (signals.Take 130) "the process goes on"
                    | None -> ())

        equal 1 asks.Value
        answer

    let staying clock arguments ask = stayingFrom (fun _ _ -> ()) clock arguments ask

    /// The same, and the user ends the run once it has made so many steps.
    let stayingUntil (steps: int64) clock arguments ask =
        let ends (signals: StopSignals) address =
            task {
                try
                    while (json $"{address}/api/health").GetProperty("steps").GetInt64() < steps do
                        // The page's server is asked over a socket, in real time.
                        do! Task.Delay 20
                finally
                    signals.Stop()
            }
            |> ignore

        stayingFrom ends clock arguments ask

open Watched

module WebViewTests =

    let private offline (folder: Temporary) = [ "--offline"; "--data-dir"; folder.Path ]

    let private paced = [ "--web-dashboard"; "--web-port"; "0" ]

    let private web = paced @ [ "--delay"; "0" ]

    let private trades (folder: Temporary) = File.ReadAllBytes(folder.File "trades.csv")

    let private numbers (name: string) (element: JsonElement) = [
        for value in element.GetProperty(name).EnumerateArray() -> value.GetDouble()
    ]

    let private whole (name: string) (element: JsonElement) = element.GetProperty(name).GetInt64()

    let private candlesOf address = json $"{address}/api/candles?span=1m&max=5000"

    [<Tests>]
    let tests =
        testList "WebViewTests" [
            testCase "the address is told first, and the page answers before anything is written"
            <| fun () ->
                use folder = new Temporary()
                let data = folder.File "run"
                let asked = ref 0

                let answer =
                    hosted
                        false
                        TimeProvider.System
                        nowhere
                        ([ "--offline"; "--steps"; "30"; "--data-dir"; data ] @ web)
                        (fun _ line ->
                            match addressIn line with
                            | Some address ->
                                asked.Value <- asked.Value + 1
                                fails (Directory.Exists data)
                                contains "<html" (get address)
                                equal "new" (string ((json $"{address}/api/run").GetProperty "id"))
                                equal 0L (whole "steps" (candlesOf address))
                            | None -> ())

                equal (0, 1) (answer.Code, asked.Value)
                holds ((addressIn (answer.Error.Split('\n')[0])).IsSome)
                contains "equity        1,000.00 -> " answer.Out
                lacks "Dashboard" answer.Out
                equal 31 (File.ReadAllLines(Path.Combine(data, "trades.csv")).Length)

            testCase "the port is the one that was asked for"
            <| fun () ->
                use folder = new Temporary()
                let port = freePort ()

                let answer =
                    run (
                        offline folder
                        @ [ "--steps"; "5"; "--delay"; "0"; "--web-dashboard"; "--web-port"; string port ]
                    )

                equal (0, $"Dashboard available at http://localhost:{port}") (answer.Code, answer.Error.TrimEnd())

            testCase "a port in use is one line, and 1, and nothing is written"
            <| fun () ->
                use folder = new Temporary()
                let data = folder.File "run"
                use taken = new TcpListener(IPAddress.Loopback, 0)
                taken.Start()
                let port = (taken.LocalEndpoint :?> IPEndPoint).Port

                let answer =
                    run [
                        "--offline"
                        "--data-dir"
                        data
                        "--web-dashboard"
                        "--web-port"
                        string port
                    ]

                equal (1, "") (answer.Code, answer.Out)
                let expected = $"--web-port {port}: another program uses the port; --web-port 0 takes a free one"
                equal $"btcbandit: {expected}" (answer.Error.TrimEnd())
                fails (Directory.Exists data)

            testCase "an address that this machine does not have is one line, and 1"
            <| fun () ->
                use folder = new Temporary()
                let data = folder.File "run"

                // TEST-NET-3: documentation only.
                let answer =
                    run [
                        "--offline"
                        "--data-dir"
                        data
                        "--web-dashboard"
                        "--web-port"
                        "0"
                        "--web-host"
                        "203.0.113.7"
                    ]

                equal (1, "") (answer.Code, answer.Out)
                contains "--web-host 203.0.113.7: this machine does not have that address" answer.Error
                isOneLine answer.Error
                fails (Directory.Exists data)

            testCase "an address of this machine is named as it is"
            <| fun () ->
                use folder = new Temporary()
                let asked = ref 0

                let answer =
                    hosted
                        false
                        TimeProvider.System
                        nowhere
                        (offline folder @ [ "--steps"; "5"; "--web-host"; "127.0.0.2" ] @ web)
                        (fun _ line ->
                            if line.StartsWith "Dashboard available at " then
                                asked.Value <- asked.Value + 1
                                let address = (words line)[3]
                                matches (@"^http://127\.0\.0\.2:\d+$") address
                                contains "<html" (get address))

                equal (0, 1) (answer.Code, asked.Value)

            testCase "on all networks a token is made, another one each time, and only its holder is answered"
            <| fun () ->
                use folder = new Temporary()
                let told = ref []

                let run () =
                    hosted
                        false
                        TimeProvider.System
                        nowhere
                        (offline folder @ [ "--steps"; "5"; "--web-host"; "0.0.0.0" ] @ web)
                        (fun _ line ->
                            match addressIn line with
                            | Some address ->
                                told.Value <- address :: told.Value
                                let root, token = address.Split("/?token=")[0], address.Split("/?token=")[1]
                                matches "^[0-9a-f]{32}$" token

                                equal [ 401; 401; 401 ] [
                                    for path in [ "/"; "/api/run"; "/metrics" ] -> status (root + path)
                                ]
                                // The cookie admits what follows.
                                contains "<html" (get address)
                                equal "new" (string ((json $"{root}/api/run").GetProperty "id"))
                            | None -> ())

                equal [ 0; 0 ] [ (run ()).Code; (run ()).Code ]
                equal 2 (List.distinct told.Value).Length

            cases "a token that is given is asked for, also on this machine alone" [
                "127.0.0.1"
                "localhost"
                "0.0.0.0"
            ]
            <| fun (host: string) ->
                use folder = new Temporary()
                let token = "A-token_that.is-16-or-longer"
                let asked = ref 0

                let arguments =
                    offline folder
                    @ [ "--steps"; "5"; "--web-host"; host; "--web-token"; token ]
                    @ web

                let answer =
                    hosted false TimeProvider.System nowhere arguments (fun _ line ->
                        match addressIn line with
                        | Some address ->
                            asked.Value <- asked.Value + 1
                            endsWith $"/?token={token}" address
                            equal 401 (status (address.Split("/?")[0] + "/api/run"))
                            contains "<html" (get address)
                        | None -> ())

                equal (0, 1) (answer.Code, asked.Value)

            testCase "the files are those of a run without it, interrupted or not"
            <| fun () ->
                use alone = new Temporary()
                use watched = new Temporary()
                use parts = new Temporary()
                run (offline alone @ [ "--steps"; "400" ]) |> ignore
                run (offline watched @ [ "--steps"; "400" ] @ web) |> ignore
                run (offline parts @ [ "--steps"; "150" ] @ web) |> ignore
                let answer = run (offline parts @ [ "--steps"; "250" ] @ web)
                contains "continuing " answer.Error
                equal (trades alone) (trades watched)
                equal (trades alone) (trades parts)
                equal (File.ReadAllBytes(alone.File "state.json")) (File.ReadAllBytes(watched.File "state.json"))

            testCase "the JSON object is alone on stdout"
            <| fun () ->
                use folder = new Temporary()
                let answer = run (offline folder @ [ "--steps"; "60"; "--json" ] @ web)
                equal (0, 60L) (answer.Code, whole "steps" (Programs.json answer))
                holds ((addressIn (answer.Error.Split('\n')[0])).IsSome)

            // Terminal.Gui keeps state that is static.
            testSequencedGroup "Terminal.Gui"
            << testCase
                "elsewhere than on a terminal the program ends with the run, and beside the dashboard with its duration"
            <| fun () ->
                // The driver of the library writes to no terminal then.
                Environment.SetEnvironmentVariable("DisableRealDriverIO", "1")
                use folder = new Temporary()
                let lasting = [ "--dashboard"; "--duration"; "3" ]

                for isTerminal, more in [ false, []; true, lasting; true, [ "--dashboard"; "--json" ] ] do
                    let answer =
                        hosted
                            isTerminal
                            TimeProvider.System
                            nowhere
                            (offline folder @ [ "--steps"; "20" ] @ more @ web)
                            (fun _ _ -> ())

                    equal 0 answer.Code
                    lacks "stays until" answer.Error
                    holds ((addressIn (answer.Error.Split('\n')[0])).IsSome)

            testCase "alone on a terminal the page stays, with all steps, and the exit code is that of the run"
            <| fun () ->
                use folder = new Temporary()

                let answer =
                    staying TimeProvider.System (offline folder @ [ "--steps"; "60" ]) (fun address ->
                        let candles = candlesOf address
                        let rows = File.ReadAllLines(folder.File "trades.csv")[1..] |> Array.map _.Split(',')
                        equal [ for row in rows -> float row[0] ] (numbers "time" candles)
                        equal [ for row in rows -> float row[1] ] (numbers "step" candles)

                        for row, equity in Seq.zip rows (numbers "equity" candles) do
                            isNear 1e-6 (float row[10]) equity

                        let hasEnded () = string ((json $"{address}/api/health").GetProperty "status") = "ended"
                        // The server looks at the run ten times a second.
                        holds (SpinWait.SpinUntil(hasEnded, TimeSpan.FromSeconds 30.0))
                        equal "synthetic" (string ((json $"{address}/api/run").GetProperty "mode"))
                        // The folder is free for another run.
                        let answer = Programs.run (offline folder @ [ "--steps"; "1" ])
                        equal 0 answer.Code)

                equal 0 answer.Code
                contains "equity        1,000.00 -> " answer.Out

            testCase "a run that ends by a signal does not stay, and has its exit code"
            <| fun () ->
                use folder = new Temporary()

                for code in [ 130; 143; 129 ] do
                    let answer =
                        hosted
                            true
                            TimeProvider.System
                            nowhere
                            (offline folder @ [ "--duration"; "600"; "--delay"; "0.01" ] @ paced)
                            (fun signals line ->
                                match addressIn line with
                                | Some address ->
                                    // Steps are being made, and a browser watches them.
                                    let watch =
                                        task {
                                            use client = new HttpClient()
                                            use! stream = client.GetStreamAsync(address + "/api/stream")
                                            use reader = new StreamReader(stream)
                                            let mutable isOver = false

                                            while not isOver do
                                                let! line = reader.ReadLineAsync()
                                                isOver <- line = "event: steps"

                                            signals.Take code |> ignore
                                        }

                                    watch.ContinueWith(fun (done': Task) ->
                                        if done'.IsFaulted then
                                            signals.Take 1 |> ignore)
                                    |> ignore
                                | None -> ())

                    equal code answer.Code
                    lacks "stays until" answer.Error

                holds (File.Exists(folder.File "state.json"))

            testCase "a run that fails does not stay"
            <| fun () ->
                use folder = new Temporary()
                let missing = folder.File "missing.csv"

                let answer =
                    hosted
                        true
                        TimeProvider.System
                        nowhere
                        ([ "--data"; missing; "--data-dir"; folder.Path ] @ web)
                        (fun _ _ -> ())

                equal 1 answer.Code
                lacks "stays until" answer.Error

            testCase "a run that goes on shows the steps of its earlier sessions"
            <| fun () ->
                use folder = new Temporary()
                run (offline folder @ [ "--steps"; "100" ]) |> ignore

                staying TimeProvider.System (offline folder @ [ "--steps"; "50" ]) (fun address ->
                    let candles = candlesOf address
                    equal [ 1.0 .. 150.0 ] (numbers "step" candles)
                    let rows = File.ReadAllLines(folder.File "trades.csv")[1..] |> Array.map _.Split(',')
                    equal [ for row in rows -> float row[0] ] (numbers "time" candles)
                    let trades = json $"{address}/api/trades?limit=10000"
                    let fills = rows |> Array.filter (fun row -> row[3] <> "")
                    equal (int64 fills.Length) (whole "count" trades))
                |> ignore

            testCase "an archive of real candles"
            <| fun () ->
                use folder = new Temporary()
                let file = Repository.path "data/BTCUSDT-1m-2024-03-04_10.csv.gz"

                staying
                    TimeProvider.System
                    [ "--data"; file; "--steps"; "500"; "--data-dir"; folder.Path ]
                    (fun address ->
                        let candles = candlesOf address
                        let known = dict [ for row in Row.Read file -> float row.OpenTime, float (row.Close: string) ]
                        equal 500 (numbers "time" candles).Length

                        for time, close in List.zip (numbers "time" candles) (numbers "close" candles) do
                            equal known[time] close

                        equal "archive" (string ((json $"{address}/api/run").GetProperty "mode")))
                |> ignore

            testCase "a warm-up is shown, and its verdict decides the exit code"
            <| fun () ->
                use folder = new Temporary()

                let asked profit =
                    words
                        $"--fee-bps 0 --slippage-bps 0 --horizon 5 --warmup-hours 0.0003 --warmup-profit-target {profit}"

                let answer =
                    staying
                        TimeProvider.System
                        (List.append (offline folder) (List.ofArray (asked -100)))
                        (fun address ->
                            let run = json $"{address}/api/run"
                            equal "warm-up" (string (run.GetProperty "mode"))
                            isAbove 1_000L (whole "steps" (candlesOf address)))

                equal 0 answer.Code
                contains "warm-up passed in pass 1" answer.Out

                let answer =
                    hosted
                        true
                        TimeProvider.System
                        nowhere
                        (List.concat [ offline folder; List.ofArray (asked 1_000); web ])
                        (fun _ _ -> ())

                equal 3 answer.Code
                lacks "stays until" answer.Error

            testCase "after a warm-up that was passed the run itself is shown"
            <| fun () ->
                use folder = new Temporary()

                let asked =
                    words
                        "--fee-bps 0 --slippage-bps 0 --horizon 5 --warmup-hours 1 --warmup-profit-target -100 --continuous --duration 0.5"

                let answer =
                    staying TimeProvider.System (List.append (offline folder) (List.ofArray asked)) (fun address ->
                        let run = json $"{address}/api/run"
                        equal "synthetic" (string (run.GetProperty "mode"))
                        let rows = File.ReadAllLines(folder.File "trades.csv")
                        equal (int64 (rows.Length - 1)) (whole "steps" (candlesOf address))
                        equal (int64 (rows[1].Split(',')[0])) (whole "first_time" run))

                equal 0 answer.Code
        ]

/// Live candles, from an exchange on this machine, on a clock that is 100 times as fast.
module WebLiveTests =

    let private rows =
        lazy (Row.Read(Repository.path "data/BTCUSDT-1m-2024-03-04_10.csv.gz") |> Array.ofSeq)

    let private exchangeAt minute =
        let rows = rows.Value
        let clock = ScaledTime(100.0, DateTimeOffset.FromUnixTimeMilliseconds rows[minute].OpenTime)

        let market =
            Market(rows, FaultPlan([], 0.05, 1), clock, TimeSpan.Zero, Int64.MaxValue, Status = "TRADING")

        clock, WebExchange.Start(market, clock, 0).GetAwaiter().GetResult()

    let private live (exchange: WebExchange) (folder: Temporary) = [
        "--binance-rest"
        exchange.Address.ToString()
        "--binance-stream"
        $"ws://127.0.0.1:{exchange.Address.Port}"
        "--data-dir"
        folder.Path
        "--continuous"
        "--history"
        "200"
    ]

    let private numbers (name: string) (element: JsonElement) = [
        for value in element.GetProperty(name).EnumerateArray() -> value.GetDouble()
    ]

    let private isOfExchange candles =
        let known = dict [ for row in rows.Value -> float row.OpenTime, row ]

        List.zip3
            (numbers "time" candles)
            (numbers "open" candles)
            (List.zip (numbers "close" candles) (numbers "volume" candles))
        |> List.iter (fun (time, first, (close, volume)) ->
            let row = known[time]
            equal (float row.Open, float row.Close, float row.Volume) (first, close, volume))

    [<Tests>]
    let tests =
        testList "WebLiveTests" [
            testCase "a session that goes on shows the steps of the one before, without those before a hole"
            <| fun () ->
                use folder = new Temporary()
                let clock, exchange = exchangeAt 2_000

                try
                    let stepsOf address = json $"{address}/api/candles?span=1m&max=5000"
                    let first, second = ref [], ref 0L

                    stayingUntil 3L clock (live exchange folder) (fun address ->
                        let candles = stepsOf address
                        isOfExchange candles
                        first.Value <- numbers "time" candles
                        isAtLeast 3 first.Value.Length
                        let run = json $"{address}/api/run"
                        equal "live" (string (run.GetProperty "mode"))
                        let feed = (json $"{address}/api/health").GetProperty "feed"
                        equal JsonValueKind.Object feed.ValueKind)
                    |> ignore

                    stayingUntil (int64 first.Value.Length + 2L) clock (live exchange folder) (fun address ->
                        let candles = stepsOf address
                        isOfExchange candles
                        equal first.Value (List.truncate first.Value.Length (numbers "time" candles))
                        let steps = numbers "step" candles
                        equal [ 1.0 .. float steps.Length ] steps
                        second.Value <- int64 steps.Length
                        isAtLeast (int64 first.Value.Length + 2L) second.Value)
                    |> ignore

                    // A candle of the second step is lost from the recorded file.
                    let file = Directory.GetFiles(Path.Combine(folder.Path, "candles", "BTCUSDT", "1m"), "*.csv")[0]
                    let lines = File.ReadAllLines file
                    let lost = string (int64 first.Value[1])
                    File.WriteAllLines(file, lines |> Array.filter (fun line -> line.Split(',')[0] <> lost))

                    stayingUntil (second.Value + 1L) clock (live exchange folder) (fun address ->
                        let candles = stepsOf address
                        isOfExchange candles
                        equal 3.0 (List.head (numbers "step" candles))
                        let steps = numbers "step" candles
                        equal [ 3.0 .. float steps.Length + 2.0 ] steps)
                    |> ignore
                finally
                    exchange.DisposeAsync().AsTask().GetAwaiter().GetResult()

            testCase "an exchange that is down at the start ends the program as without the page"
            <| fun () ->
                use folder = new Temporary()
                let data = folder.File "run"
                let clock = ScaledTime(100.0, DateTimeOffset.UnixEpoch)

                let arguments =
                    words
                        "--binance-rest http://127.0.0.1:9 --binance-stream ws://127.0.0.1:9 --web-dashboard --web-port 0"

                let answer = hosted true clock nowhere (Seq.append arguments [ "--data-dir"; data ]) (fun _ _ -> ())
                equal (1, "") (answer.Code, answer.Out)
                contains "127.0.0.1 cannot be reached" answer.Error
                lacks "stays until" answer.Error
                fails (Directory.Exists data)
        ]

/// Metrics that are sent by OTLP.
module WebMetricsTests =

    let private endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"

    /// Runs with variables set, which the exporter reads itself.
    let private withVariables (variables: (string * string) list) (arguments: string list) =
        for name, value in variables do
            Environment.SetEnvironmentVariable(name, value)

        try
            let environment (name: string) = Environment.GetEnvironmentVariable name
            hosted false TimeProvider.System environment arguments (fun _ _ -> ())
        finally
            for name, _ in variables do
                Environment.SetEnvironmentVariable(name, null)

    let private arguments (folder: Temporary) more =
        [
            "--offline"
            "--steps"
            "50"
            "--delay"
            "0"
            "--data-dir"
            folder.Path
            "--web-port"
            "0"
        ]
        @ more

    let private variables (address: string) = [
        endpoint, address
        "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"
        "OTEL_METRIC_EXPORT_INTERVAL", "100"
    ]

    /// What a collector on this machine receives: paths, kinds of content and texts.
    let private collected run =
        let port = freePort ()
        let address = $"http://127.0.0.1:{port}/"
        use listener = new HttpListener()
        listener.Prefixes.Add address
        listener.Start()
        let received = ConcurrentQueue()

        let collecting =
            task {
                let mutable isOpen = true

                while isOpen do
                    let! context = listener.GetContextAsync()
                    use body = new MemoryStream()
                    do! context.Request.InputStream.CopyToAsync body
                    let path = (nonNull context.Request.Url).AbsolutePath

                    if path = "/end" then
                        isOpen <- false
                    else
                        received.Enqueue(
                            path,
                            string context.Request.ContentType,
                            Encoding.Latin1.GetString(body.ToArray())
                        )

                    context.Response.Close()
            }

        let answer: Answer = run (address.TrimEnd '/')
        // A request ends the collecting: Stop does not wake who begins to wait for one at the same moment.
        use client = new HttpClient(Timeout = TimeSpan.FromSeconds 20.0)
        client.GetAsync(address + "end").GetAwaiter().GetResult().Dispose()
        collecting.GetAwaiter().GetResult()
        answer, List.ofSeq received

    [<Tests>]
    let tests =
        // The exporter reads variables of the process, and the meters of every run in it.
        testSequenced
        <| testList "WebMetricsTests" [
            testCase "they go where the environment says, at the latest when the run ends"
            <| fun () ->
                use folder = new Temporary()

                let answer, received =
                    collected (fun address ->
                        withVariables (variables address) (arguments folder [ "--web-dashboard" ]))

                equal 0 answer.Code
                isNotEmpty received

                for path, kind, _ in received do
                    equal ("/v1/metrics", "application/x-protobuf") (path, kind)

                let _, _, newest = List.last received

                for name in
                    [
                        "candles"
                        "steps"
                        "trades"
                        "equity"
                        "drawdown"
                        "web.watchers"
                        "web.dropped"
                    ] do
                    contains $"btcbandit.{name}" newest

                because "of a run that is not live nothing is known of a feed" (fun () ->
                    lacks "btcbandit.feed.latency" newest)

            testCase "without the variable, or without the page, nothing is sent"
            <| fun () ->
                use folder = new Temporary()

                let _, received =
                    collected (fun address ->
                        // The exporter would find it, but the program does not ask for it.
                        for name, value in variables address do
                            Environment.SetEnvironmentVariable(name, value)

                        try
                            hosted
                                false
                                TimeProvider.System
                                nowhere
                                (arguments folder [ "--web-dashboard" ])
                                (fun _ _ -> ())
                        finally
                            for name, _ in variables address do
                                Environment.SetEnvironmentVariable(name, null))

                equal [] received

                let answer, received =
                    collected (fun address ->
                        withVariables (variables address) [ "--offline"; "--steps"; "5"; "--data-dir"; folder.Path ])

                equal (0, []) (answer.Code, received)

            cases "an address that does not answer or is none does not fail the run" [
                "http://127.0.0.1:9"
                "nonsense"
                "http://"
            ]
            <| fun (address: string) ->
                use folder = new Temporary()
                let answer = withVariables (variables address) (arguments folder [ "--web-dashboard" ])
                equal 0 answer.Code
                contains "equity        1,000.00 -> " answer.Out
        ]
