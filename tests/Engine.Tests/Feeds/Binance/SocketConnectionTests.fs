namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.IO
open System.Net
open System.Net.Sockets
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Tests.Feeds

/// One connection to a server that is written by hand.
module SocketConnectionTests =

    let private connect (address: Uri) (seconds: float) (stop: CancellationToken) =
        SocketConnection.Open(Uri(address, "/ws/x"), TimeSpan.FromSeconds seconds, TimeProvider.System, stop)

    let private addressOf (listener: TcpListener) =
        let port = (listener.LocalEndpoint :?> IPEndPoint).Port
        Uri $"ws://127.0.0.1:{port}"

    /// What something ends with, if not with a value.
    let private failure (work: Task) =
        task {
            try
                do! work
                return None
            with error ->
                return Some error
        }

    let private text (message: Nullable<ReadOnlyMemory<byte>>) =
        if message.HasValue then
            Some(Encoding.UTF8.GetString(message.Value.Span))
        else
            None

    [<Tests>]
    let tests =
        testList "SocketConnectionTests" [
            testCaseTask "messages of up to 64 KiB come whole"
            <| fun () ->
                OverSockets.test (fun () ->
                    task {
                        let messages = [ for length in [ 0; 125; 126; 4_096; 4_097; 65_535 ] -> String('a', length) ]
                        let writes = List.map WireFrame.message messages @ [ WireFrame.close ]
                        use server = new RecordedServer((fun _ -> ""), writes)
                        let! connection = connect server.Stream 10.0 CancellationToken.None

                        for expected in messages do
                            let! message = connection.Receive CancellationToken.None
                            equal (Some expected) (text message)

                        let! last = connection.Receive CancellationToken.None
                        equal None (text last)
                        do! connection.DisposeAsync()
                    })

            testCaseTask "a longer message is a lost connection, not memory without end"
            <| fun () ->
                OverSockets.test (fun () ->
                    task {
                        use server = new RecordedServer((fun _ -> ""), [ WireFrame.message (String('a', 200_000)) ])
                        let! connection = connect server.Stream 10.0 CancellationToken.None
                        let! error = failure (connection.Receive(CancellationToken.None).AsTask())

                        match error with
                        | Some(:? IOException as lost) -> contains "longer than 65536 bytes" lost.Message
                        | other -> failtest $"{other}"

                        do! connection.DisposeAsync()
                    })

            testCaseTask "a server that does not answer is not waited for"
            <| fun () ->
                OverSockets.test (fun () ->
                    task {
                        // It accepts connections, and says nothing.
                        use listener = new TcpListener(IPAddress.Loopback, 0)
                        listener.Start()
                        let address = addressOf listener
                        let opening = failure (connect address 0.3 CancellationToken.None)
                        let! error = opening.WaitAsync(TimeSpan.FromMinutes 1.0)

                        match error with
                        | Some(:? IOException as late) -> contains "did not open the stream" late.Message
                        | other -> failtest $"{other}"

                        // Who stops it is not told of a failure.
                        use stop = new CancellationTokenSource(TimeSpan.FromSeconds 0.2)
                        let! error = (failure (connect address 20.0 stop.Token)).WaitAsync(TimeSpan.FromMinutes 1.0)

                        match error with
                        | Some(:? OperationCanceledException) -> ()
                        | other -> failtest $"{other}"
                    })

            testCaseTask "a connection that is refused or ends early may come later"
            <| fun () ->
                OverSockets.test (fun () ->
                    task {
                        use listener = new TcpListener(IPAddress.Loopback, 0)
                        listener.Start()

                        let hangUp () =
                            task {
                                let! client = listener.AcceptTcpClientAsync()
                                client.Dispose()
                            }

                        let nobody = Uri "ws://127.0.0.1:1"
                        let hanging = hangUp ()

                        for address in [ nobody; addressOf listener ] do
                            let! error = failure (connect address 10.0 CancellationToken.None)

                            match error with
                            | Some(:? IOException) -> ()
                            | other -> failtest $"{other}"

                        do! hanging
                    })
        ]
