namespace BtcBandit.Sweep.Nats.Tests

open System
open System.IO
open System.Text
open System.Threading
open System.Threading.Tasks
open NATS.Client.Core
open NATS.Client.JetStream
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Sweep.Distribution
open BtcBandit.Sweep.Nats
open Cluster

/// What a worker does with a unit that it cannot finish.
module WorkerTests =
    let private bytes (text: string) = Encoding.UTF8.GetBytes text

    let private doing (run: WorkUnit -> CancellationToken -> Task<byte array>) =
        Func<WorkUnit, Func<string, string>, CancellationToken, Task<byte array>>(fun unit _ stop -> run unit stop)

    /// One worker of one slot beside a coordinator of one unit.
    let private single (options: NatsOptions) (run: WorkUnit -> CancellationToken -> Task<byte array>) =
        task {
            use stop = minute ()
            use workerStop = CancellationTokenSource.CreateLinkedTokenSource stop.Token
            let log = Log()
            let messages = ResizeArray<string>()

            let tell =
                Action<WorkerProgress>(fun now ->
                    match now.Message with
                    | null -> ()
                    | message -> lock messages (fun () -> messages.Add message))

            let working = NatsWorker.RunAsync(options, "code", 1, "/nowhere", doing run, tell, workerStop.Token)

            let! outcome = coordinate options "sweep" "code" (units "single" 1) log null stop.Token
            workerStop.Cancel()
            let! counted = working
            return outcome, counted, log, List.ofSeq messages
        }

    [<Tests>]
    let tests =
        testList "WorkerTests" [
            testCaseTask "a unit is handed back at a stop and taken by another at once"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    let options = NatsOptions(server.Url)
                    use stop = minute ()
                    use first = CancellationTokenSource.CreateLinkedTokenSource stop.Token
                    use second = CancellationTokenSource.CreateLinkedTokenSource stop.Token
                    let log = Log()
                    let run = coordinate options "sweep" "code" (units "back" 1) log null stop.Token
                    let stopped = worker options "code" 1 (work log 60_000) first.Token

                    while log.Executions = 0 do
                        do! Task.Delay(20, stop.Token)

                    let heir = worker options "code" 1 (work log 0) second.Token
                    first.Cancel()
                    let! counted = stopped
                    equal 1 counted.HandedBack
                    let! outcome = run
                    equal 1 outcome.Done
                    equal 2 log.Executions
                    second.Cancel()
                    let! _ = heir
                    ()
                }

            testCaseTask "a disk that is missing for now is told, and is no death"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    let mutable turn = 0
                    let options = NatsOptions(server.Url, Lease = TimeSpan.FromSeconds 1.0, MaxDeaths = 1)

                    let! outcome, counted, _, messages =
                        single options (fun unit _ ->
                            task {
                                turn <- turn + 1

                                if turn < 4 then
                                    raise (IOException "no space left")

                                return answer unit
                            })

                    equal 1 outcome.Done
                    equal 3 counted.HandedBack
                    contains "no space left" (String.Join('\n', messages))
                }

            testCaseTask "work that throws gives its unit up, and the next run tries it again"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    let options = options server
                    let! outcome, _, _, _ = single options (fun _ _ -> raise (InvalidOperationException "bad luck"))
                    equal 0 outcome.Done
                    equal 1 outcome.Lost.Count
                    contains "bad luck" outcome.Lost[0].Reason
                    let! outcome, _, _, _ = single options (fun unit _ -> Task.FromResult(answer unit))
                    equal 1 outcome.Done
                    equal 0 outcome.Lost.Count
                }

            testCaseTask "a result that is too large for the server gives its unit up"
            <| fun () ->
                task {
                    use server = new NatsServer("max_payload: 65536")

                    let! outcome, _, _, _ =
                        single (options server) (fun _ _ -> Task.FromResult(Array.zeroCreate 70_000))

                    contains "70000 bytes" outcome.Lost[0].Reason
                }

            testCaseTask "another worker's different result is kept, and the difference is told"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    use rival = new NatsConnection(NatsOpts(Url = server.Url))

                    let! outcome, counted, log, messages =
                        single (options server) (fun unit _ ->
                            task {
                                let subject = Subjects.Result("code", "sweep", ResultKind.Done, unit.Key)
                                let! _ = NatsJSContext(rival).PublishAsync(subject, bytes "theirs")
                                return bytes "ours"
                            })

                    equal (1, 1) (outcome.Done, outcome.Differing.Count)
                    equal (0, 1, 1) (counted.Done, counted.Refused, counted.Differing)
                    equalSeq (bytes "theirs") (Seq.exactlyOne log.Stored.Values)
                    contains "differs" (String.Join('\n', messages))
                }

            casesTask "a refused result is purged and its unit done again, five times at most" [ 1; 4; 5; 100 ]
            <| fun (junk: int) ->
                task {
                    use server = new NatsServer("")
                    use stop = minute ()
                    use workerStop = CancellationTokenSource.CreateLinkedTokenSource stop.Token
                    let log, news = Log(), ResizeArray<string>()
                    let units = units "junk" 2
                    let mutable sent = 0

                    let hostile (unit: WorkUnit) _ =
                        task {
                            if unit.Key = units[0].Key && sent < junk then
                                sent <- sent + 1
                                return bytes "junk"
                            else
                                return answer unit
                        }

                    let store (result: UnitResult) =
                        if result.Body.AsSpan().SequenceEqual(bytes "junk") then
                            raise (RefusedResultException "it holds no rows")

                        Task.FromResult(log.Store result)

                    let tell =
                        Action<ClusterProgress>(fun now ->
                            match now.Message with
                            | null -> ()
                            | message -> news.Add message)

                    let coordinate () =
                        NatsCoordinator.RunAsync(options server, "sweep", "code", units, [||], store, tell, stop.Token)

                    let working =
                        NatsWorker.RunAsync(
                            options server,
                            "code",
                            1,
                            "/nowhere",
                            doing hostile,
                            null,
                            workerStop.Token
                        )

                    let! outcome = coordinate ()
                    let text = String.Join('\n', news)
                    contains $"a result of unit {units[0].Key} is refused: it holds no rows" text

                    if junk < 5 then
                        equal (2, 0, 0) (outcome.Done, outcome.Lost.Count, outcome.Differing.Count)
                        equalSeq (answer units[0]) log.Stored[units[0].Key]
                    else
                        equal (1, 1) (outcome.Done, outcome.Lost.Count)
                        equalText "5 of its results were refused: it holds no rows" outcome.Lost[0].Reason
                        equal 5 sent

                    // Nothing refused is left for the next run.
                    if junk = 5 then
                        let! again = coordinate ()
                        equal (2, 0) (again.Done, again.Lost.Count)

                    workerStop.Cancel()
                    let! _ = working
                    ()
                }

            testCaseTask "a right result that came second to a refused one is no difference, now or later"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    use stop = minute ()
                    use workerStop = CancellationTokenSource.CreateLinkedTokenSource stop.Token
                    use rival = new NatsConnection(NatsOpts(Url = server.Url))
                    let log = Log()
                    let mutable isHeld = true

                    let store (result: UnitResult) =
                        task {
                            // Until the second result is there.
                            while isHeld do
                                do! Task.Delay(20, stop.Token)

                            if result.Body.AsSpan().SequenceEqual(bytes "junk") then
                                raise (RefusedResultException "it holds no rows")

                            return log.Store result
                        }

                    let coordinate units =
                        NatsCoordinator.RunAsync(options server, "sweep", "code", units, [||], store, null, stop.Token)

                    let late (unit: WorkUnit) _ =
                        task {
                            if isHeld then
                                let subject = Subjects.Result("code", "sweep", ResultKind.Done, unit.Key)
                                let! _ = NatsJSContext(rival).PublishAsync(subject, bytes "junk")
                                ()

                            return answer unit
                        }

                    let tell =
                        Action<WorkerProgress>(fun now ->
                            if now.Differing > 0 && now.Busy = 0 then
                                isHeld <- false)

                    let working =
                        NatsWorker.RunAsync(options server, "code", 1, "/nowhere", doing late, tell, workerStop.Token)

                    let! outcome = coordinate (units "late" 1)
                    equal (1, 0, 0) (outcome.Done, outcome.Lost.Count, outcome.Differing.Count)
                    let! again = coordinate [||]
                    equal 0 again.Differing.Count
                    workerStop.Cancel()
                    let! _ = working
                    ()
                }

            testCaseTask "a lease that another coordinator shortens takes no unit from a worker"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    use stop = minute ()
                    use workerStop = CancellationTokenSource.CreateLinkedTokenSource stop.Token
                    let log = Log()
                    let patient = NatsOptions(server.Url, Lease = TimeSpan.FromSeconds 60.0)
                    let run = coordinate patient "sweep" "code" (units "long" 1) log null stop.Token
                    let first = worker patient "code" 1 (work log 6_000) workerStop.Token

                    while log.Executions = 0 do
                        do! Task.Delay(20, stop.Token)

                    let other = Log()
                    let hasty = coordinate (options server) "other" "code" (units "short" 1) other null stop.Token
                    let second = worker patient "code" 1 (work log 0) workerStop.Token
                    let! _ = hasty
                    let! outcome = run
                    equal 1 outcome.Done
                    equal 2 log.Executions
                    equal 0 log.DoneTwice
                    workerStop.Cancel()
                    let! _ = Task.WhenAll [| first; second |]
                    ()
                }

            testCaseTask "a difference of a unit that had its result before is told"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    use stop = minute ()
                    use rival = new NatsConnection(NatsOpts(Url = server.Url))
                    let before = hash "before"
                    let messages = ResizeArray<string>()

                    let tell =
                        Action<ClusterProgress>(fun now ->
                            match now.Message with
                            | null -> ()
                            | message -> messages.Add message)

                    // It makes the streams.
                    let! _ = coordinate (options server) "sweep" "code" [||] (Log()) null stop.Token
                    let subject = Subjects.Result("code", "sweep", ResultKind.Differs, before)
                    let! _ = NatsJSContext(rival).PublishAsync(subject, bytes "ours")
                    let! outcome = coordinate (options server) "sweep" "code" [||] (Log()) tell stop.Token
                    equalSeq [ before ] outcome.Differing
                    contains $"a second result of unit {before} differs" (String.Join('\n', messages))
                }

            testCaseTask "duplicates are counted from the first word of a worker"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    use stop = minute ()
                    use cut = CancellationTokenSource.CreateLinkedTokenSource stop.Token
                    use rival = new NatsConnection(NatsOpts(Url = server.Url))
                    let mutable last = ClusterProgress(0, 1, 0L, 0L, 0, 0, 0L, 0, 0, null)
                    let tell = Action<ClusterProgress>(fun now -> last <- now)
                    let run = coordinate (options server) "sweep" "code" (units "counted" 1) (Log()) tell cut.Token

                    let say refused holds =
                        task {
                            while not (holds last) do
                                let text = $"{{\"id\":\"w\",\"slots\":3,\"busy\":0,\"done\":0,\"refused\":{refused}}}"
                                do! rival.PublishAsync(Subjects.Hello "code", bytes text)
                                do! Task.Delay(100, stop.Token)
                        }

                    do! say 7 (fun now -> now.Slots = 3)
                    equal 0L last.Refused
                    do! say 9 (fun now -> now.Refused > 0L)
                    equal 2L last.Refused
                    cut.Cancel()
                    let! _ = Task.WhenAny run
                    ()
                }

            testCaseTask "a result says who made it and how long it took, beside its bytes"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    use stop = minute ()
                    use workerStop = CancellationTokenSource.CreateLinkedTokenSource stop.Token
                    let mutable kept = Unchecked.defaultof<UnitResult>

                    let store (result: UnitResult) =
                        kept <- result
                        Task.FromResult StoreOutcome.Stored

                    let run =
                        NatsCoordinator.RunAsync(
                            options server,
                            "sweep",
                            "code",
                            units "named" 1,
                            [||],
                            store,
                            null,
                            stop.Token
                        )

                    let working = worker (options server) "code" 1 (work (Log()) 300) workerStop.Token
                    let! _ = run
                    equalText $"{Environment.MachineName}:{Environment.ProcessId}" kept.Worker
                    isAtLeast 0.25 kept.Seconds
                    isBelow 20.0 kept.Seconds
                    equalSeq (answer (Array.head (units "named" 1))) kept.Body
                    workerStop.Cancel()
                    let! _ = working
                    ()
                }

            cases "what a worker says of itself is not trusted" [
                "host:1", "1.5", "host:1", 1.5
                "a\u001b[31mb\tc", "NaN", "a[31mbc", 0.0
                String('x', 500), "-1", String('x', 100), 0.0
                "", "1e999", "", 0.0
                " \u0007 ", "soon", "", 0.0
            ]
            <| fun (name: string, time: string, worker: string, seconds: float) ->
                let headers = NatsHeaders()
                headers[ResultHeaders.Worker] <- name
                headers[ResultHeaders.Seconds] <- time
                let struct (readName, readSeconds) = ResultHeaders.Read headers
                equalText worker (string readName)
                equal seconds readSeconds

            testCaseTask "a unit whose workers died is given up"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    let options = NatsOptions(server.Url, Lease = TimeSpan.FromSeconds 1.0, MaxDeaths = 2)
                    use stop = minute ()
                    let log = Log()
                    let run = coordinate options "sweep" "code" (units "deadly" 1) log null stop.Token
                    use dying = new NatsConnection(NatsOpts(Url = server.Url))
                    let streams = NatsJSContext(dying)
                    let mutable deaths = 0

                    while deaths < 2 do
                        try
                            let! consumer = streams.GetConsumerAsync(Subjects.Jobs, "code", stop.Token)

                            let! taken =
                                consumer.NextAsync<byte array>(
                                    opts = NatsJSNextOpts(Expires = TimeSpan.FromSeconds 5.0),
                                    cancellationToken = stop.Token
                                )

                            if not (isNull taken) then
                                deaths <- deaths + 1
                        with :? NatsJSApiException ->
                            do! Task.Delay(50, stop.Token)

                    use workerStop = CancellationTokenSource.CreateLinkedTokenSource stop.Token
                    let working = worker options "code" 1 (work log 0) workerStop.Token
                    let! outcome = run
                    contains "died or was cut off 2 times" outcome.Lost[0].Reason
                    equal 0 log.Executions
                    workerStop.Cancel()
                    let! _ = working
                    ()
                }
        ]
