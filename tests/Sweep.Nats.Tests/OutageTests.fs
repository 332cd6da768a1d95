namespace BtcBandit.Sweep.Nats.Tests

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.IO
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Sweep.Distribution
open BtcBandit.Sweep.Nats
open Cluster

/// Servers and workers that die.
module OutageTests =

    /// This program once more, as a worker that can be killed.
    let private startWorker (server: NatsServer) (executed: string) =
        let own = typeof<Log>.Assembly.Location

        let info =
            ProcessStartInfo("dotnet", [ own; "stand-in"; "worker"; "--nats"; server.Url; "--cores"; "1" ])

        info.Environment["EXECUTED"] <- executed
        nonNull (Process.Start info)

    /// Waits until something holds.
    let private until (stop: CancellationToken) holds =
        task {
            while not (holds ()) do
                do! Task.Delay(20, stop)
        }

    let private finishes (options: NatsOptions) (server: NatsServer) count ms harm =
        task {
            use stop = minute ()
            use workersStop = CancellationTokenSource.CreateLinkedTokenSource stop.Token
            let log = Log()
            let units = units "outage" count
            let workers = [| for _ in 1..3 -> worker options "code" 2 (work log ms) workersStop.Token |]
            let news = ConcurrentQueue<string>()

            let tell =
                Action<ClusterProgress>(fun now ->
                    match now.Message with
                    | null -> ()
                    | message -> news.Enqueue message)

            let run = coordinate options "sweep" "code" units log tell stop.Token
            do! harm (fun part -> until stop.Token (fun () -> log.Stored.Count >= count * part / 10))
            let! outcome = run
            equal count outcome.Done
            equal 0 outcome.Lost.Count
            equal 0 outcome.Differing.Count
            workersStop.Cancel()
            let! _ = Task.WhenAll workers

            for unit in units do
                equalSeq (answer unit) log.Stored[unit.Key]

            return log, String.Join('\n', news)
        }

    [<Tests>]
    let tests =
        testList "OutageTests" [
            testCaseTask "a server that is killed twice loses nothing"
            <| fun () ->
                task {
                    use server = new NatsServer("")

                    let! log, news =
                        finishes (options server) server 300 10 (fun reach ->
                            task {
                                for part in [ 2; 5 ] do
                                    do! reach part
                                    server.Kill()
                                    do! Task.Delay 300
                                    server.Start()
                            })

                    // Units whose confirmation was lost with the server may be done again.
                    isAtMost 330 log.Executions
                    contains "is away" news
                    contains "is back" news
                }

            testCaseTask "a server that comes back empty is filled again"
            <| fun () ->
                task {
                    use server = new NatsServer("")

                    let! _, news =
                        finishes (options server) server 200 10 (fun reach ->
                            task {
                                do! reach 4
                                server.Kill()
                                server.Empty()
                                server.Start()
                            })

                    contains "lost its streams" news
                }

            testCaseTask "a worker that is killed in the middle of a unit is replaced"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    use folder = new Temporary()
                    let executed = folder.File "executed"
                    let options = NatsOptions(server.Url, Lease = TimeSpan.FromSeconds 1.0)
                    use stop = minute ()
                    let log = Log()

                    let unit = WorkUnit(hash "killed", Encoding.UTF8.GetBytes "60000 1", [||])
                    let code = "stand-in"
                    let run = coordinate options "sweep" code [| unit |] log null stop.Token
                    use victim = startWorker server executed
                    do! until stop.Token (fun () -> File.Exists $"{executed}.{victim.Id}")
                    use workersStop = CancellationTokenSource.CreateLinkedTokenSource stop.Token
                    let heir = worker options code 1 (work log 0) workersStop.Token
                    // Its heartbeats keep the unit from the other for longer than the lease.
                    do! Task.Delay(1500, stop.Token)
                    equal 0 log.Executions
                    victim.Kill()
                    let! outcome = run
                    equal 1 outcome.Done
                    equal 1 log.Executions
                    workersStop.Cancel()
                    let! _ = heir
                    ()
                }

            testCaseTask "stopping does not wait for a server that is away"
            <| fun () ->
                task {
                    let server = new NatsServer("")

                    try
                        let options = options server
                        use stop = minute ()
                        use cut = CancellationTokenSource.CreateLinkedTokenSource stop.Token
                        let log = Log()
                        let run = coordinate options "sweep" "code" (units "away" 5) log null cut.Token
                        let working = worker options "code" 2 (work log 30_000) cut.Token
                        do! until stop.Token (fun () -> log.Executions = 2)
                        server.Kill()
                        do! Task.Delay(500, stop.Token)
                        let patience = Stopwatch.StartNew()
                        cut.Cancel()
                        let! counted = working
                        equal 2 counted.HandedBack
                        let! ended = Task.WhenAny(run)
                        equal true ended.IsCanceled
                        isBelow 10.0 patience.Elapsed.TotalSeconds
                    finally
                        (server :> IDisposable).Dispose()
                }
        ]
