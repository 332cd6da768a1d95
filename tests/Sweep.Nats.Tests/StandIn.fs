/// Stands in for the program in cluster.sh: the same commands, with work that only waits.
///
///     stand-in sweep SPEC --nats URL ...      SPEC holds UNITS MS LONG LONG_MS NAME
///     stand-in worker --nats URL ...          writes each key that it works on to the file EXECUTED.PROCESS
module BtcBandit.Sweep.Nats.Tests.StandIn

open System
open System.IO
open System.Text
open System.Threading
open System.Threading.Tasks
open BtcBandit.Sweep.Distribution
open BtcBandit.Sweep.Nats

let private code = "stand-in"

let private option name args =
    args
    |> List.pairwise
    |> List.tryPick (fun (key, value) -> if key = name then Some value else None)

let private options args =
    let url = option "--nats" args |> Option.defaultValue "nats://127.0.0.1:4222"

    let lease =
        match Environment.GetEnvironmentVariable "LEASE" with
        | null -> 5.0
        | seconds -> float seconds

    NatsOptions(
        url,
        Lease = TimeSpan.FromSeconds lease,
        CaFile = (option "--nats-ca" args |> Option.toObj),
        Credentials =
            match option "--nats-creds" args with
            | Some path -> NatsCredentials.FromFile path
            | None -> NatsCredentials.None
    )

let private units (spec: string) =
    match File.ReadAllText(spec).Split(' ', StringSplitOptions.TrimEntries) with
    | [| count; ms; long; longMs; name |] ->
        name,
        [|
            for i in 1 .. int count ->
                let wait = if i <= int long then longMs else ms
                WorkUnit(Cluster.hash $"{name} {i}", Encoding.UTF8.GetBytes $"{wait} {i}", [||])
        |]
    | _ -> failwith $"{spec} is no spec"

let private sweep spec args (stop: CancellationToken) =
    task {
        let name, units = units spec
        let log = Cluster.Log()
        let started = DateTimeOffset(TimeProvider.System.GetUtcNow().Ticks, TimeSpan.Zero)

        let tell (progress: ClusterProgress) =
            if not (isNull progress.Message) then
                eprintfn $"{progress.Message}"

        let! outcome = Cluster.coordinate (options args) name code units log tell stop

        let wrong =
            units
            |> Seq.filter (fun unit ->
                match log.Stored.TryGetValue unit.Key with
                | true, body -> not (body.AsSpan().SequenceEqual(Cluster.answer unit))
                | _ -> true)
            |> Seq.length

        let seconds = (TimeProvider.System.GetUtcNow() - started).TotalSeconds

        printfn
            $"done {outcome.Done} of {outcome.Total}, wrong or missing {wrong}, refused {outcome.Refused}, differing {outcome.Differing.Count}, lost {outcome.Lost.Count}, seconds {seconds:F1}"

        return if wrong = 0 then 0 else 1
    }

let private worker args (stop: CancellationToken) =
    let executed = Environment.GetEnvironmentVariable "EXECUTED"

    let gate = Lock()

    let work (unit: WorkUnit) (_: Func<string, string>) (stop: CancellationToken) =
        task {
            match executed with
            | null -> ()
            | path ->
                // A file of its own: appending to one file from several processes loses lines.
                lock gate (fun () -> File.AppendAllText($"{path}.{Environment.ProcessId}", unit.Key + "\n"))

            do! Task.Delay(int (Encoding.UTF8.GetString(unit.Body).Split(' ')[0]), stop)
            return Cluster.answer unit
        }

    let tell (progress: WorkerProgress) =
        if not (isNull progress.Message) then
            eprintfn $"{progress.Message}"

    task {
        let! _ =
            NatsWorker.RunAsync(
                options args,
                code,
                (option "--cores" args |> Option.map int |> Option.defaultValue 1),
                Path.Combine(Path.GetTempPath(), "stand-in"),
                work,
                tell,
                stop,
                (option "--until-idle" args
                 |> Option.map (fun seconds -> TimeSpan.FromSeconds(float seconds))
                 |> Option.toNullable)
            )

        return 0
    }

let run (args: string list) =
    use stop = new CancellationTokenSource()

    Console.CancelKeyPress.Add(fun pressed ->
        pressed.Cancel <- true
        stop.Cancel())

    try
        match args with
        | "sweep" :: spec :: rest -> (sweep spec rest stop.Token).GetAwaiter().GetResult()
        | "worker" :: rest -> (worker rest stop.Token).GetAwaiter().GetResult()
        | _ -> 2
    with :? NatsFaultException as fault ->
        eprintfn $"{fault.Message}"
        1
