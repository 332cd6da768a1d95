namespace BtcBandit.Web.Tests

open System
open System.Net
open System.Net.Http
open System.Net.Sockets
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Market
open BtcBandit.Web

/// Requests that must not get in, over real sockets.
module SecurityTests =

    let private token = "0123456789abcdef0123456789abcdef"

    let private openly = lazy (Serving.steps 20)

    let private guarded = lazy (new Served(token, Runs.watched TimeProvider.System))

    let private statusOf (answer: string) = if answer.Length > 12 then int (answer.Substring(9, 3)) else 0

    let private raw (served: Served) target headers =
        served.Raw $"GET {target} HTTP/1.1\r\nHost: localhost:{served.Port}\r\nConnection: close\r\n{headers}\r\n"

    let private ask (headers: string) = statusOf (raw openly.Value "/api/health" headers)

    let private asked (path: string) (name: string) (value: string) =
        use request = new HttpRequestMessage(HttpMethod.Get, path)
        request.Headers.TryAddWithoutValidation(name, value) |> ignore
        guarded.Value.Send request

    let private stop () =
        for served in [ openly; guarded ] do
            if served.IsValueCreated then
                (served.Value :> IDisposable).Dispose()

    // No test is the last one where tests run beside each other or alone: the servers end with the process.
    AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> stop ())

    /// After each test the server still answers.
    let rec private stillAnswering (test: Test) : Test =
        match test with
        | TestCase(Sync check, state) ->
            let both () =
                check ()
                because "it still answers" (fun () -> equal 200 (ask ""))

            TestCase(Sync both, state)
        | TestCase _ -> invalidOp "only what testCase and cases make is followed by the question"
        | TestList(tests, state) -> TestList(List.map stillAnswering tests, state)
        | TestLabel(label, test, state) -> TestLabel(label, stillAnswering test, state)
        | Test.Sequenced(way, test) -> Test.Sequenced(way, stillAnswering test)

    [<Tests>]
    let tests =
        stillAnswering
        <| testList "SecurityTests" [
            cases "a host name that is not its own is not answered" [
                "evil.example"
                "localhost.evil.example"
                "localhost"
                "127.0.0.1:1"
                ""
            ]
            <| fun (host: string) ->
                let answer = openly.Value.Raw $"GET /api/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
                has (statusOf answer) [ 421; 400 ]

            cases "a request of another site's page is refused" [
                "http://evil.example"
                "null"
                "http://localhost:1"
                "https://localhost"
            ]
            <| fun (origin: string) -> equal 403 (ask $"Origin: {origin}\r\n")

            testCase "its own page is answered, and gets no leave for others"
            <| fun () ->
                let answer =
                    raw
                        openly.Value
                        "/api/health"
                        $"Origin: http://localhost:{openly.Value.Port}\r\nSec-Fetch-Site: same-origin\r\n"

                equal 200 (statusOf answer)
                lacks "Access-Control" answer

            testCase "what another site's page embeds is refused, and a link to the page is followed"
            <| fun () ->
                equal 403 (ask "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n")
                equal 403 (ask "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\n")
                let link = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"
                // A hidden frame of it would cost as much as the request.
                equal 403 (ask link)
                equal 200 (statusOf (raw openly.Value "/" link))

            testCase "every answer has the headers that protect the page"
            <| fun () ->
                for path in [ "/"; "/api/run"; "/none"; "/api/candles?max=0" ] do
                    let answer = openly.Value.Get path
                    let header name = String.Join(",", answer.Headers.GetValues name)
                    let policy = header "Content-Security-Policy"
                    startsWith "default-src 'none'; script-src 'self'; style-src 'self';" policy
                    lacks "unsafe" policy
                    equal "nosniff" (header "X-Content-Type-Options")
                    fails (answer.Headers.Contains "Server")

            cases "nothing but the files of the page is served" [
                "/../../etc/passwd"
                "/%2e%2e/%2e%2e/etc/passwd"
                "/..%2f..%2fetc/passwd"
                "/js/../../Program.cs"
                "/js\\..\\app.js"
                "/package.json"
            ]
            <| fun (path: string) -> has (statusOf (raw openly.Value path "")) [ 404; 400 ]

            cases "nothing can be changed" [ "POST"; "PUT"; "DELETE"; "OPTIONS"; "PATCH" ]
            <| fun (verb: string) ->
                use request = new HttpRequestMessage(HttpMethod verb, "/api/run")
                equal 405 (int (openly.Value.Send request).StatusCode)

            testCase "whoever is refused is disconnected"
            <| fun () ->
                let host = $"Host: localhost:{openly.Value.Port}\r\n"

                for served, verb, headers, expected in
                    [
                        openly.Value, "GET", "Host: evil.example\r\n", 421
                        openly.Value, "GET", $"{host}Origin: http://evil.example\r\n", 403
                        openly.Value, "POST", $"{host}Content-Length: 0\r\n", 405
                        guarded.Value, "GET", $"Host: localhost:{guarded.Value.Port}\r\n", 401
                    ] do
                    let answer = served.Raw $"{verb} /api/health HTTP/1.1\r\n{headers}\r\n"
                    equal expected (statusOf answer)
                    contains "Connection: close" answer

            testCase "10 MB are not read"
            <| fun () ->
                let body = String('x', 10_000_000)

                let head verb =
                    $"{verb} /api/health HTTP/1.1\r\nHost: localhost:{openly.Value.Port}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n"
                // Sent without the body: an answer that waits for it would not come.
                equal 405 (statusOf (openly.Value.Raw(head "POST")))
                has (statusOf (openly.Value.Raw(head "GET"))) [ 200; 413 ]

            testCase "long addresses and headers are refused"
            <| fun () ->
                equal 414 (statusOf (raw openly.Value ("/" + String('a', 20_000)) ""))
                equal 431 (ask ("X-Long: " + String('a', 20_000) + "\r\n"))

            testCase "a client that sends its headers slowly is disconnected"
            <| fun () ->
                let sockets = [
                    for _ in 1..20 -> new TcpClient("127.0.0.1", openly.Value.Port, ReceiveTimeout = 10_000)
                ]

                for socket in sockets do
                    socket.GetStream().Write("GET / HTTP/1.1\r\nHost: a"B, 0, 23)

                equal 200 (ask "")

                for socket in sockets do
                    let buffer = Array.zeroCreate 1_024
                    // The server says that it waited long enough, or says nothing and closes.
                    let mutable read = socket.GetStream().Read(buffer, 0, buffer.Length)

                    while read > 0 do
                        read <- socket.GetStream().Read(buffer, 0, buffer.Length)

                    socket.Dispose()

            testCase "no header can be put into an answer"
            <| fun () ->
                for answer in
                    [
                        raw openly.Value "/api/candles?columns=%0d%0aX-Injected:%201" ""
                        raw openly.Value "/%0d%0aX-Injected:%201" ""
                        raw openly.Value "/api/health" "Last-Event-ID: a\rX-Injected: 1\r\n"
                        raw openly.Value "/api/health" "Host: localhost\r\n"
                    ] do
                    startsWith "HTTP/1.1 " answer
                    lacks "X-Injected" answer

            cases "with a token, only those who show it are answered" [
                "", 401
                "Bearer wrong", 401
                "Bearer ", 401
                "Basic 0123456789abcdef0123456789abcdef", 401
                "Bearer 0123456789abcdef0123456789abcdee", 401
                "Bearer 0123456789abcdef0123456789abcdef", 200
            ]
            <| fun (header: string, expected: int) ->
                for path in [ "/api/health"; "/api/run"; "/"; "/metrics" ] do
                    equal expected (int (asked path "Authorization" header).StatusCode)

            testCase "the printed address becomes a cookie that scripts and other sites cannot use"
            <| fun () ->
                endsWith $"/?token={token}" guarded.Value.Address
                let answer = guarded.Value.Get $"/?token={token}"
                equal (303, "/") (int answer.StatusCode, string answer.Headers.Location)
                let cookie = answer.Headers.GetValues("Set-Cookie") |> Seq.exactlyOne
                contains "httponly" (cookie.ToLowerInvariant())
                contains "samesite=lax" (cookie.ToLowerInvariant())
                equal 200 (int (asked "/" "Cookie" (cookie.Split(';')[0])).StatusCode)
                equal 401 (int (asked "/" "Cookie" $"btcbandit-{guarded.Value.Port}=wrong").StatusCode)
                equal 401 (int (guarded.Value.Get "/?token=wrong").StatusCode)
                // Opened again, the token leaves the address again.
                equal 303 (int (asked $"/?token={token}" "Cookie" (cookie.Split(';')[0])).StatusCode)
                equal 401 (int (guarded.Value.Get $"/api/run?token={token}").StatusCode)

            testCase "HTML in a symbol is text"
            <| fun () ->
                let refused, _ = TradingPair.TryParse "<B>/USDT"
                fails refused

                let shown =
                    Text.Json.JsonSerializer.Serialize(
                        ProblemShape("<script>", "'", 1, "&"),
                        WebJson.Default.ProblemShape
                    )

                lacks "<" shown
                lacks "&" shown
                lacks "'" shown

            testCase "a port in use is a fault of one line"
            <| fun () ->
                let options = WebOptions(IPAddress.Loopback, openly.Value.Port, null)

                let error =
                    caught<WebException>(fun () ->
                        WebDashboard
                            .StartAsync(options, Runs.watched TimeProvider.System, TimeProvider.System, ignore)
                            .GetAwaiter()
                            .GetResult()
                        |> ignore)

                equal "another program uses the port" error.Message
        ]
