namespace BtcBandit.Sweep.Nats.Tests

open System
open System.Diagnostics
open System.IO
open System.Net
open System.Net.Sockets
open System.Text.RegularExpressions
open System.Threading
open Expecto
open BtcBandit.Tests.Shared

/// Where the real server is: NATS_SERVER, or a folder of PATH.
module NatsProgram =
    let private path =
        lazy
            (match Environment.GetEnvironmentVariable "NATS_SERVER" with
             | null
             | "" ->
                 let folders =
                     match Environment.GetEnvironmentVariable "PATH" with
                     | null -> [||]
                     | path -> path.Split Path.PathSeparator

                 let names = [ "nats-server"; "nats-server.exe" ]

                 Seq.append folders [ "/usr/local/bin"; "/usr/sbin" ]
                 |> Seq.collect (fun folder -> names |> Seq.map (fun name -> Path.Combine(folder, name)))
                 |> Seq.tryFind File.Exists
             | path -> Some path)

    let freePort () =
        use listener = new TcpListener(IPAddress.Loopback, 0)
        listener.Start()
        (listener.LocalEndpoint :?> IPEndPoint).Port

    /// The version that a program says it has.
    let private version (program: string) =
        let info = ProcessStartInfo(program, "--version", RedirectStandardOutput = true)
        use asked = nonNull (Process.Start info)
        let said = asked.StandardOutput.ReadToEnd()
        asked.WaitForExit()
        let found = Regex.Match(said, @"v(\d+)\.(\d+)")

        if found.Success then
            System.Version(int found.Groups[1].Value, int found.Groups[2].Value)
        else
            System.Version(0, 0)

    /// The server, or why these tests are skipped.
    let usable =
        lazy
            (match path.Value with
             | None -> Error "there is no nats-server here; NATS_SERVER=path names one"
             | Some program when version program < System.Version(2, 10) -> Error $"{program} is older than 2.10"
             | Some program -> Ok program)

/// A real server in a folder of its own. Without one on this machine the test is skipped.
type NatsServer(blocks: string, ?withoutStreams: bool) =
    let program =
        match NatsProgram.usable.Value with
        | Ok path -> path
        | Error reason ->
            skiptest $"skipped: {reason}"
            ""

    let folder = new Temporary()
    let port = NatsProgram.freePort ()
    let store = folder.File "store"

    let streams =
        if withoutStreams = Some true then
            ""
        else
            $"jetstream {{ store_dir: \"{store}\", sync_interval: \"always\" }}"

    do File.WriteAllText(folder.File "nats.conf", $"listen: 127.0.0.1:{port}\n{streams}\n{blocks}\n")

    let isAnswering () =
        try
            use client = new TcpClient()
            client.Connect(IPAddress.Loopback, port)
            client.GetStream().ReadByte() > 0
        with :? SocketException ->
            false

    let start () =
        let info = ProcessStartInfo(program, [ "-c"; folder.File "nats.conf"; "-l"; folder.File "nats.log" ])
        let running = nonNull (Process.Start info)
        let patience = Stopwatch.StartNew()

        while not (isAnswering ()) do
            if running.HasExited || patience.Elapsed > TimeSpan.FromSeconds 20.0 then
                let log = File.ReadAllText(folder.File "nats.log")
                failtest $"nats-server did not start: {log}"

            Thread.Sleep 20

        running

    let mutable running = start ()

    member _.Port = port
    member _.Url = $"nats://127.0.0.1:{port}"

    /// As a power cut would.
    member _.Kill() =
        running.Kill()
        running.WaitForExit()
        running.Dispose()

    member _.Start() = running <- start ()

    /// Everything it kept is gone.
    member _.Empty() = Directory.Delete(store, true)

    interface IDisposable with
        member this.Dispose() =
            try
                if not running.HasExited then
                    this.Kill()
            with :? InvalidOperationException ->
                ()

            (folder :> IDisposable).Dispose()
