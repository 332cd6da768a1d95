namespace BtcBandit.Web.Tests

open System
open System.Diagnostics
open System.IO
open System.Net
open System.Net.Sockets
open System.Text
open System.Threading
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Web

/// Clients that take their answers slowly, or not at all, over real sockets, and so in real time.
module ReaderTests =

    let private options = WebOptions(IPAddress.Loopback, 0, null, Patience = TimeSpan.FromSeconds 1.0)

    let private served = lazy (new Served(options, Serving.run 3_800))

    // Nearly a million bytes, which no buffer on the way takes at once.
    let private path =
        let names = String.Join(',', (Runs.steps 1).Head.Header.Columns)
        $"/api/candles?span=1m&max=5000&columns={names}"

    /// What comes of a request whose client waits before each read, and whether all of it came.
    let private read (pause: int) (first: int) =
        use client = new TcpClient(ReceiveBufferSize = 16_384)
        client.Connect(IPAddress.Loopback, served.Value.Port)
        let stream = client.GetStream()

        let request = $"GET {path} HTTP/1.1\r\nHost: localhost:{served.Value.Port}\r\nConnection: close\r\n\r\n"

        stream.Write(Encoding.ASCII.GetBytes request)
        Thread.Sleep first
        let buffer = Array.zeroCreate 32_768
        let mutable bytes = 0
        let mutable isOpen = true
        let watch = Stopwatch.StartNew()

        while isOpen do
            try
                match stream.Read(buffer, 0, buffer.Length) with
                | 0 -> isOpen <- false
                | count -> bytes <- bytes + count
            with :? IOException ->
                isOpen <- false

            if isOpen then
                Thread.Sleep pause

        bytes, watch.Elapsed

    let private stop () =
        if served.IsValueCreated then
            (served.Value :> IDisposable).Dispose()

    // No test is the last one where tests run alone: the server ends with the process.
    AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> stop ())

    [<Tests>]
    let tests =
        // They measure how long a client may wait.
        testSequenced
        <| testList "ReaderTests" [
            testCase "a slow client gets all of its answer, however long it takes"
            <| fun () ->
                let whole = served.Value.Text(path).Length
                isAbove 800_000 whole
                let bytes, took = read 50 0
                isAtLeast whole bytes
                Expect.isGreaterThan took options.Patience "the client was slow"

            testCase "a client that takes nothing is disconnected"
            <| fun () ->
                let whole = served.Value.Text(path).Length
                let bytes, _ = read 0 2_500
                isBelow whole bytes

            testCase "answers that wait for their clients take no more than is allowed"
            <| fun () ->
                use narrow = new Served(WebOptions(IPAddress.Loopback, 0, null, MaxHeld = 50_000L), Serving.run 1_000)
                equal 200 (int (narrow.Get "/api/run").StatusCode)
                let answer = narrow.Get "/api/candles?span=1m"
                equal (503, "1") (int answer.StatusCode, string answer.Headers.RetryAfter)
                contains "problem+json" (string answer.Content.Headers.ContentType)
                // What was refused is no longer counted.
                equal 200 (int (narrow.Get "/api/run").StatusCode)
        ]
