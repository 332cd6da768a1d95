namespace BtcBandit.Web.Tests

open System
open System.Collections.Concurrent
open System.Net
open System.Net.Sockets
open System.Threading
open System.Threading.Tasks

/// A line to a server that can be cut, or can go silent.
type Relay(target: int) =
    let listener = new TcpListener(IPAddress.Loopback, 0)
    let pairs = ConcurrentBag<TcpClient>()
    let silent = new ManualResetEventSlim(true)
    let mutable isCut = false
    let mutable isOver = false

    let copy (from: TcpClient) (into: TcpClient) =
        let buffer = Array.zeroCreate 65_536

        try
            let from, into = from.GetStream(), into.GetStream()
            let mutable read = from.Read(buffer, 0, buffer.Length)

            while read > 0 do
                silent.Wait()
                into.Write(buffer, 0, read)
                read <- from.Read(buffer, 0, buffer.Length)
        with _ ->
            ()

        from.Close()
        into.Close()

    let start (work: unit -> unit) = Task.Factory.StartNew(work, TaskCreationOptions.LongRunning) |> ignore

    let serve () =
        while not isOver do
            try
                let client = listener.AcceptTcpClient()

                if isCut then
                    client.Close()
                else
                    let server = new TcpClient("127.0.0.1", target)
                    pairs.Add client
                    pairs.Add server
                    start (fun () -> copy client server)
                    start (fun () -> copy server client)
            with _ ->
                ()

    do
        listener.Start()
        start serve

    member _.Port = (listener.LocalEndpoint :?> IPEndPoint).Port

    /// Ends every connection and refuses new ones.
    member _.Cut() =
        isCut <- true

        for client in pairs do
            client.Close()

    member _.Mend() = isCut <- false

    /// Nothing arrives any more, and nobody is told.
    member _.Silence() = silent.Reset()

    member _.Speak() = silent.Set()

    interface IDisposable with
        member this.Dispose() =
            isOver <- true
            silent.Set()
            this.Cut()
            listener.Stop()
