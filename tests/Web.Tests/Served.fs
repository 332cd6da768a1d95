namespace BtcBandit.Web.Tests

open System
open System.Net
open System.Net.Http
open System.Net.Sockets
open System.Text
open System.Text.Json
open BtcBandit.Web

/// A server on a port, by default a free one, and a client.
type Served(options: WebOptions, run: WatchedRun) =
    let dashboard =
        WebDashboard.StartAsync(options, run, TimeProvider.System, ignore).GetAwaiter().GetResult()

    let client =
        new HttpClient(
            new HttpClientHandler(AllowAutoRedirect = false, UseCookies = false),
            BaseAddress = Uri $"http://localhost:{dashboard.Port}"
        )

    let mutable isOver = false

    new(token, run, port) =
        new Served(WebOptions(IPAddress.Loopback, port, token, HeaderTime = TimeSpan.FromSeconds 1.0), run)

    new(token: string | null, run) = new Served(token, run, 0)

    member _.Port = dashboard.Port
    member _.Address = dashboard.Address
    member _.Client = client

    member _.Get(path: string) = client.GetAsync(path).GetAwaiter().GetResult()

    member this.Text path = this.Get(path).Content.ReadAsStringAsync().GetAwaiter().GetResult()

    member this.Json path = JsonDocument.Parse(this.Text path).RootElement

    member _.Send(request: HttpRequestMessage) = client.SendAsync(request).GetAwaiter().GetResult()

    /// What the server answers to bytes, up to its end or some seconds.
    member _.Raw(request: string) =
        use socket = new TcpClient("127.0.0.1", dashboard.Port, ReceiveTimeout = 8_000)
        let stream = socket.GetStream()
        let bytes = Encoding.Latin1.GetBytes request

        try
            stream.Write(bytes, 0, bytes.Length)
        with :? IO.IOException ->
            ()

        let answer = StringBuilder()
        let buffer = Array.zeroCreate 65_536
        let mutable isOpen = true

        while isOpen do
            try
                match stream.Read(buffer, 0, buffer.Length) with
                | 0 -> isOpen <- false
                | read -> answer.Append(Encoding.Latin1.GetString(buffer, 0, read)) |> ignore
            with :? IO.IOException ->
                isOpen <- false

        answer.ToString()

    interface IDisposable with
        member _.Dispose() =
            // A test may end the server early.
            if not isOver then
                isOver <- true
                client.Dispose()
                dashboard.DisposeAsync().AsTask().GetAwaiter().GetResult()

module Serving =
    /// A run that has made some steps.
    let run count =
        let run = Runs.watched TimeProvider.System

        for step in Runs.steps count do
            run.OnNext step

        run

    /// A server of a run that has made some steps.
    let steps count = new Served(null, run count)
