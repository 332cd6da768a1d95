namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.Collections.Concurrent
open System.IO
open System.Net
open System.Net.Sockets
open System.Security.Cryptography
open System.Text
open System.Text.RegularExpressions
open System.Threading
open System.Threading.Tasks

/// Frames of the web socket protocol (RFC 6455, section 5.2), from a server: they are not masked.
module WireFrame =
    let private text = 0x1uy
    let private continuation = 0x0uy

    let private frame (opcode: byte) (isLast: bool) (payload: byte array) =
        let length = payload.Length

        let size =
            if length < 126 then
                [| byte length |]
            elif length < 65_536 then
                [| 126uy; byte (length >>> 8); byte (length &&& 0xFF) |]
            else
                Array.append [| 127uy |] [| for shift in 56..-8..0 -> byte ((int64 length >>> shift) &&& 0xFFL) |]

        Array.concat [ [| (if isLast then 0x80uy else 0x00uy) ||| opcode |]; size; payload ]

    let message (payload: string) = frame text true (Encoding.UTF8.GetBytes payload)

    let close = frame 0x8uy true [||]

    let ping (payload: string) = frame 0x9uy true (Encoding.UTF8.GetBytes payload)

    /// A message in two parts with a ping between them.
    let inParts (payload: string) (pinged: string) =
        let bytes = Encoding.UTF8.GetBytes payload
        let half = bytes.Length / 2

        Array.concat [
            frame text false bytes[.. half - 1]
            ping pinged
            frame continuation true bytes[half..]
        ]

/// A server on plain sockets, written by hand: it shares nothing with the client, nor with the fake exchange. It
/// answers requests with texts, and a web socket with bytes, one write each.
type RecordedServer(answer: string -> string, writes: byte array list) =
    let listener = new TcpListener(IPAddress.Loopback, 0)
    let stop = new CancellationTokenSource()
    let heard = ConcurrentQueue<byte * string>()
    let sent = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)

    /// The head of a request, up to its empty line; nothing if the client has gone.
    let readHead (stream: NetworkStream) =
        task {
            let head = StringBuilder()
            let one = Array.zeroCreate<byte> 1
            // Bytes that the last read gave; none at the end.
            let count = ref 1

            while count.Value > 0
                  && not (head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) do
                let! read = stream.ReadAsync(one.AsMemory(), stop.Token)
                count.Value <- read

                if read > 0 then
                    head.Append(char one[0]) |> ignore

            return if count.Value > 0 then head.ToString() else ""
        }

    /// The masked frames of the client, short ones only: their opcode and what they say.
    let readFrames (stream: NetworkStream) =
        task {
            let head = Array.zeroCreate<byte> 6

            while true do
                do! stream.ReadExactlyAsync(head.AsMemory(), stop.Token)
                let payload = Array.zeroCreate<byte>(int (head[1] &&& 0x7Fuy))
                do! stream.ReadExactlyAsync(payload.AsMemory(), stop.Token)
                let plain = payload |> Array.mapi (fun index masked -> masked ^^^ head[2 + index % 4])
                heard.Enqueue((head[0] &&& 0x0Fuy, Encoding.UTF8.GetString plain))
        }

    let write (stream: NetworkStream) (bytes: byte array) = stream.WriteAsync(bytes.AsMemory(), stop.Token)

    let upgrade (stream: NetworkStream) (key: string) =
        task {
            // RFC 6455, section 4.2.2.
            let accept =
                Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                |> SHA1.HashData
                |> Convert.ToBase64String

            let head =
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + $"Sec-WebSocket-Accept: {accept}\r\n\r\n"

            do! write stream (Encoding.ASCII.GetBytes head)
            let reading = readFrames stream

            for bytes in writes do
                do! write stream bytes

            sent.TrySetResult() |> ignore
            do! reading
        }

    let respond (stream: NetworkStream) (path: string) =
        let body = answer path

        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n"

        write stream (Encoding.UTF8.GetBytes(head + body))

    let serve (client: TcpClient) =
        task {
            use client = client
            client.NoDelay <- true
            let stream = client.GetStream()
            let isOpen = ref true

            try
                while isOpen.Value do
                    let! head = readHead stream
                    let key = Regex.Match(head, @"Sec-WebSocket-Key: *(\S+)", RegexOptions.IgnoreCase)

                    if head = "" then
                        isOpen.Value <- false
                    elif key.Success then
                        let value = key.Groups[1].Value
                        do! upgrade stream value
                    else
                        let words = head.Split ' '
                        do! respond stream words[1]
            with
            | :? IOException
            | :? OperationCanceledException -> ()
        }

    let accept () =
        task {
            try
                while true do
                    let! client = listener.AcceptTcpClientAsync(stop.Token)
                    serve client |> ignore
            with
            | :? SocketException
            | :? ObjectDisposedException
            | :? OperationCanceledException -> ()
        }

    do
        listener.Start()
        accept () |> ignore

    let port = (listener.LocalEndpoint :?> IPEndPoint).Port

    member _.Rest = Uri $"http://127.0.0.1:{port}"
    member _.Stream = Uri $"ws://127.0.0.1:{port}"
    /// Ends when all bytes of a web socket have been written.
    member _.Sent: Task = sent.Task
    /// What the client has said on its web socket: opcodes and payloads.
    member _.Heard = List.ofSeq heard

    interface IDisposable with
        member _.Dispose() =
            stop.Cancel()
            listener.Stop()
