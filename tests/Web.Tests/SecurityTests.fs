namespace BtcBandit.Web.Tests

open System
open System.Net
open System.Net.Http
open System.Net.Sockets
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Market
open BtcBandit.Web

/// Requests that must not get in, over real sockets.
[<TestFixture>]
type SecurityTests() =
    let token = "0123456789abcdef0123456789abcdef"
    let openly = lazy (Serving.steps 20)
    let guarded = lazy (new Served(token, Runs.watched TimeProvider.System))

    let statusOf (answer: string) = if answer.Length > 12 then int (answer.Substring(9, 3)) else 0

    let raw (served: Served) target headers =
        served.Raw $"GET {target} HTTP/1.1\r\nHost: localhost:{served.Port}\r\nConnection: close\r\n{headers}\r\n"

    let ask (headers: string) = statusOf (raw openly.Value "/api/health" headers)

    let asked (path: string) (name: string) (value: string) =
        use request = new HttpRequestMessage(HttpMethod.Get, path)
        request.Headers.TryAddWithoutValidation(name, value) |> ignore
        guarded.Value.Send request

    [<OneTimeTearDown>]
    member _.Stop() =
        for served in [ openly; guarded ] do
            if served.IsValueCreated then
                (served.Value :> IDisposable).Dispose()

    [<TearDown>]
    member _.``it still answers``() = equal 200 (ask "")

    [<TestCase "evil.example">]
    [<TestCase "localhost.evil.example">]
    [<TestCase "localhost">]
    [<TestCase "127.0.0.1:1">]
    [<TestCase "">]
    member _.``a host name that is not its own is not answered``(host: string) =
        let answer = openly.Value.Raw $"GET /api/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        Assert.That(statusOf answer, Is.EqualTo(421).Or.EqualTo 400)

    [<TestCase "http://evil.example">]
    [<TestCase "null">]
    [<TestCase "http://localhost:1">]
    [<TestCase "https://localhost">]
    member _.``a request of another site's page is refused``(origin: string) = equal 403 (ask $"Origin: {origin}\r\n")

    [<Test>]
    member _.``its own page is answered, and gets no leave for others``() =
        let answer =
            raw
                openly.Value
                "/api/health"
                $"Origin: http://localhost:{openly.Value.Port}\r\nSec-Fetch-Site: same-origin\r\n"

        equal 200 (statusOf answer)
        Assert.That(answer, Does.Not.Contain "Access-Control")

    [<Test>]
    member _.``what another site's page embeds is refused, and a link to the page is followed``() =
        equal 403 (ask "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n")
        equal 403 (ask "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\n")
        let link = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"
        // A hidden frame of it would cost as much as the request.
        equal 403 (ask link)
        equal 200 (statusOf (raw openly.Value "/" link))

    [<Test>]
    member _.``every answer has the headers that protect the page``() =
        for path in [ "/"; "/api/run"; "/none"; "/api/candles?max=0" ] do
            let answer = openly.Value.Get path
            let header name = String.Join(",", answer.Headers.GetValues name)
            let policy = header "Content-Security-Policy"
            Assert.That(policy, Does.StartWith "default-src 'none'; script-src 'self'; style-src 'self';")
            Assert.That(policy, Does.Not.Contain "unsafe")
            equal "nosniff" (header "X-Content-Type-Options")
            Assert.That(answer.Headers.Contains "Server", Is.False)

    [<TestCase "/../../etc/passwd">]
    [<TestCase "/%2e%2e/%2e%2e/etc/passwd">]
    [<TestCase "/..%2f..%2fetc/passwd">]
    [<TestCase "/js/../../Program.cs">]
    [<TestCase "/js\\..\\app.js">]
    [<TestCase "/package.json">]
    member _.``nothing but the files of the page is served``(path: string) =
        Assert.That(statusOf (raw openly.Value path ""), Is.EqualTo(404).Or.EqualTo 400)

    [<TestCase "POST">]
    [<TestCase "PUT">]
    [<TestCase "DELETE">]
    [<TestCase "OPTIONS">]
    [<TestCase "PATCH">]
    member _.``nothing can be changed``(verb: string) =
        use request = new HttpRequestMessage(HttpMethod verb, "/api/run")
        equal 405 (int (openly.Value.Send request).StatusCode)

    [<Test>]
    member _.``whoever is refused is disconnected``() =
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
            Assert.That(answer, Does.Contain "Connection: close")

    [<Test>]
    member _.``10 MB are not read``() =
        let body = String('x', 10_000_000)

        let head verb =
            $"{verb} /api/health HTTP/1.1\r\nHost: localhost:{openly.Value.Port}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n"
        // Sent without the body: an answer that waits for it would not come.
        equal 405 (statusOf (openly.Value.Raw(head "POST")))
        Assert.That(statusOf (openly.Value.Raw(head "GET")), Is.EqualTo(200).Or.EqualTo 413)

    [<Test>]
    member _.``long addresses and headers are refused``() =
        equal 414 (statusOf (raw openly.Value ("/" + String('a', 20_000)) ""))
        equal 431 (ask ("X-Long: " + String('a', 20_000) + "\r\n"))

    [<Test>]
    member _.``a client that sends its headers slowly is disconnected``() =
        let sockets =
            [
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

    [<Test>]
    member _.``no header can be put into an answer``() =
        for answer in
            [
                raw openly.Value "/api/candles?columns=%0d%0aX-Injected:%201" ""
                raw openly.Value "/%0d%0aX-Injected:%201" ""
                raw openly.Value "/api/health" "Last-Event-ID: a\rX-Injected: 1\r\n"
                raw openly.Value "/api/health" "Host: localhost\r\n"
            ] do
            startsWith "HTTP/1.1 " answer
            lacks "X-Injected" answer

    [<TestCase("", 401)>]
    [<TestCase("Bearer wrong", 401)>]
    [<TestCase("Bearer ", 401)>]
    [<TestCase("Basic 0123456789abcdef0123456789abcdef", 401)>]
    [<TestCase("Bearer 0123456789abcdef0123456789abcdee", 401)>]
    [<TestCase("Bearer 0123456789abcdef0123456789abcdef", 200)>]
    member _.``with a token, only those who show it are answered``(header: string, expected: int) =
        for path in [ "/api/health"; "/api/run"; "/"; "/metrics" ] do
            equal expected (int (asked path "Authorization" header).StatusCode)

    [<Test>]
    member _.``the printed address becomes a cookie that scripts and other sites cannot use``() =
        Assert.That(guarded.Value.Address, Does.EndWith $"/?token={token}")
        let answer = guarded.Value.Get $"/?token={token}"
        equal (303, "/") (int answer.StatusCode, string answer.Headers.Location)
        let cookie = answer.Headers.GetValues("Set-Cookie") |> Seq.exactlyOne
        Assert.That(cookie.ToLowerInvariant(), Does.Contain("httponly").And.Contain "samesite=lax")
        equal 200 (int (asked "/" "Cookie" (cookie.Split(';')[0])).StatusCode)
        equal 401 (int (asked "/" "Cookie" $"btcbandit-{guarded.Value.Port}=wrong").StatusCode)
        equal 401 (int (guarded.Value.Get "/?token=wrong").StatusCode)
        // Opened again, the token leaves the address again.
        equal 303 (int (asked $"/?token={token}" "Cookie" (cookie.Split(';')[0])).StatusCode)
        equal 401 (int (guarded.Value.Get $"/api/run?token={token}").StatusCode)

    [<Test>]
    member _.``HTML in a symbol is text``() =
        let refused, _ = TradingPair.TryParse "<B>/USDT"
        Assert.That(refused, Is.False)

        let shown =
            Text.Json.JsonSerializer.Serialize(ProblemShape("<script>", "'", 1, "&"), WebJson.Default.ProblemShape)

        Assert.That(shown, Does.Not.Contain("<").And.Not.Contain("&").And.Not.Contain "'")

    [<Test>]
    member _.``a port in use is a fault of one line``() =
        let options = WebOptions(IPAddress.Loopback, openly.Value.Port, null)

        let error =
            caught<WebException>(fun () ->
                WebDashboard
                    .StartAsync(options, Runs.watched TimeProvider.System, TimeProvider.System, ignore)
                    .GetAwaiter()
                    .GetResult()
                |> ignore)

        equal "another program uses the port" error.Message
