namespace BtcBandit.Sweep.Nats.Tests

open System
open System.IO
open System.Security.Cryptography
open System.Threading
open System.Threading.Tasks
open NATS.Client.Core
open NATS.Client.JetStream
open NATS.Client.JetStream.Models
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Sweep.Distribution
open BtcBandit.Sweep.Nats
open Cluster

/// Candle files on their way to workers.
module FileTests =

    /// Larger than two chunks, and the same in each test.
    let private content = Array.init 1_300_000 (fun i -> byte (i * i / 7))
    let private contentHash = Convert.ToHexStringLower(SHA256.HashData content)

    let private sweep (server: NatsServer) name (path: string) (cache: string) =
        task {
            use stop = minute ()
            use workerStop = CancellationTokenSource.CreateLinkedTokenSource stop.Token
            let mutable read = ""

            let work =
                Func<WorkUnit, Func<string, string>, CancellationToken, Task<byte array>>(fun unit pathOf _ ->
                    task {
                        read <- pathOf.Invoke contentHash
                        equalSeq content (File.ReadAllBytes read)
                        return answer unit
                    })

            let unit = WorkUnit(hash name, [| 1uy |], [| contentHash |])

            let run =
                NatsCoordinator.RunAsync(
                    options server,
                    name,
                    "code",
                    [| unit |],
                    [| DataFile(contentHash, path) |],
                    (fun _ -> Task.FromResult StoreOutcome.Stored),
                    null,
                    stop.Token
                )

            let working = NatsWorker.RunAsync(options server, "code", 2, cache, work, null, workerStop.Token)

            let! outcome = run
            equal 0 outcome.Lost.Count
            workerStop.Cancel()
            let! _ = working
            return read
        }

    /// As when its time on the server is over.
    let private expire (server: NatsServer) (part: string) (stop: CancellationToken) =
        task {
            use connection = new NatsConnection(NatsOpts(Url = server.Url))
            let streams = NatsJSContext(connection)
            let mutable gone = false

            while not gone do
                try
                    let filter = Subjects.FilePart(contentHash, part)
                    let request = StreamPurgeRequest(Filter = filter)
                    let! purged = streams.PurgeStreamAsync(Subjects.Files, request, stop)
                    gone <- purged.Purged > 0L
                with :? NatsJSApiException ->
                    ()

                do! Task.Delay(50, stop)
        }

    [<Tests>]
    let tests =
        testList "FileTests" [
            testCaseTask "a file is fetched, kept, and fetched again when it is spoiled"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    use folder = new Temporary()
                    let path = folder.File "BTCUSDT-1m-2024-01.zip"
                    File.WriteAllBytes(path, content)
                    let cache = folder.File "cache"
                    let! kept = sweep server "first" path cache
                    equal (Path.Combine(cache, contentHash, "BTCUSDT-1m-2024-01.zip")) kept
                    equal 1 (Directory.GetFiles(Path.Combine(cache, contentHash)).Length)
                    let written = File.GetLastWriteTimeUtc kept

                    let! _ = sweep server "second" path cache
                    equal written (File.GetLastWriteTimeUtc kept)

                    let spoiled = Array.copy content
                    spoiled[700_000] <- spoiled[700_000] ^^^ 1uy
                    File.WriteAllBytes(kept, spoiled)
                    let! _ = sweep server "third" path cache
                    equalSeq content (File.ReadAllBytes kept)
                }

            testCaseTask "a file that is not the one of its hash is refused before anything is queued"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    use folder = new Temporary()
                    let path = folder.File "changed.zip"
                    File.WriteAllBytes(path, [| 1uy; 2uy |])
                    let mutable message = ""

                    try
                        let! _ = sweep server "changed" path (folder.File "cache")
                        ()
                    with :? InvalidDataException as error ->
                        message <- error.Message

                    contains "has changed" message
                }

            testCaseTask "a part of a file that has expired is uploaded again, at the start and while a sweep runs"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    use folder = new Temporary()
                    use stop = minute ()
                    let path = folder.File "BTCUSDT-1m-2024-01.zip"
                    File.WriteAllBytes(path, content)
                    let! _ = sweep server "first" path (folder.File "one")
                    do! expire server "0" stop.Token
                    let! _ = sweep server "second" path (folder.File "two")

                    let unit = WorkUnit(hash "third", [| 1uy |], [| contentHash |])
                    use workerStop = CancellationTokenSource.CreateLinkedTokenSource stop.Token

                    let run =
                        NatsCoordinator.RunAsync(
                            options server,
                            "third",
                            "code",
                            [| unit |],
                            [| DataFile(contentHash, path) |],
                            (fun _ -> Task.FromResult StoreOutcome.Stored),
                            null,
                            stop.Token
                        )

                    do! Task.Delay(1_000, stop.Token)
                    do! expire server "2" stop.Token
                    let cache = folder.File "three"

                    let working =
                        NatsWorker.RunAsync(options server, "code", 1, cache, work (Log()) 0, null, workerStop.Token)

                    let! outcome = run
                    equal 1 outcome.Done
                    workerStop.Cancel()
                    let! _ = working
                    ()
                }

            casesTask "a name keeps what it says to the reader" [
                "BINANCE_BTCUSDT, 1m.csv", "BINANCE_BTCUSDT, 1m.csv"
                "a b;.zip", "a b_.zip"
                ".hidden.csv", "_hidden.csv"
                "BTC_USDT:USDT-1m.json", "BTC_USDT_USDT-1m.json"
                "BTCUSDT-1m-" + String('x', 200) + ".csv.gz", "BTCUSDT-1m-" + String('x', 110) + ".csv.gz"
            ]
            <| fun (name: string, expected: string) ->
                task {
                    use server = new NatsServer("")
                    use folder = new Temporary()
                    let path = folder.File name
                    File.WriteAllBytes(path, content)
                    let cache = folder.File "cache"
                    let! kept = sweep server "name" path cache
                    equal (Path.Combine(cache, contentHash, expected)) kept
                }
        ]
