namespace BtcBandit.Sweep.Nats.Tests

open System
open System.Collections.Concurrent
open System.Security.Cryptography
open System.Text
open System.Threading
open System.Threading.Tasks
open BtcBandit.Sweep.Distribution
open BtcBandit.Sweep.Nats

/// Units, workers and coordinators of tests.
module Cluster =
    let hash (text: string) = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes text))

    let units name count = [|
        for i in 1..count -> WorkUnit(hash $"{name} {i}", Encoding.UTF8.GetBytes $"{{\"i\":{i}}}", [||])
    |]

    /// What the work of tests comes to: a function of the unit alone.
    let answer (unit: WorkUnit) = SHA256.HashData unit.Body

    let options (server: NatsServer) =
        NatsOptions(server.Url, Lease = TimeSpan.FromSeconds 2.0, AuditEvery = TimeSpan.FromSeconds 2.0)

    /// What was stored, and how often each unit was done.
    type Log() =
        let stored = ConcurrentDictionary<string, byte array>()
        let executed = ConcurrentDictionary<string, int>()

        member _.Stored = stored
        member _.Executions = Seq.sum executed.Values
        member _.DoneTwice = executed |> Seq.filter (fun pair -> pair.Value > 1) |> Seq.length
        member _.Execute(key: string) = executed.AddOrUpdate(key, 1, (fun _ count -> count + 1)) |> ignore

        member _.Store(result: UnitResult) =
            if stored.TryAdd(result.Key, result.Body) then
                StoreOutcome.Stored
            elif stored[result.Key].AsSpan().SequenceEqual result.Body then
                StoreOutcome.SameAgain
            else
                StoreOutcome.Differs

    let work (log: Log) (ms: int) =
        Func<WorkUnit, Func<string, string>, CancellationToken, Task<byte array>>(fun unit _ stop ->
            task {
                log.Execute unit.Key

                if ms > 0 then
                    do! Task.Delay(ms, stop)

                return answer unit
            })

    let worker options code slots work (stop: CancellationToken) =
        NatsWorker.RunAsync(options, code, slots, "/nowhere", work, null, stop)

    let coordinate options sweep code units (log: Log) onProgress stop =
        NatsCoordinator.RunAsync(
            options,
            sweep,
            code,
            units,
            [||],
            (fun result -> Task.FromResult(log.Store result)),
            onProgress,
            stop
        )

    /// Two thirds of a minute, so that a test that waits for ever says so.
    let minute () = new CancellationTokenSource(TimeSpan.FromSeconds 40.0)

    /// The fault that a task ends with.
    let fault (run: unit -> Task) =
        task {
            try
                do! run ()
                return failwith "it was expected to fail"
            with :? NatsFaultException as fault ->
                return fault
        }
