namespace BtcBandit.Sweep.Nats.Tests

open System
open System.Diagnostics
open System.IO
open System.Net
open System.Security.Cryptography
open System.Security.Cryptography.X509Certificates
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Sweep.Distribution
open BtcBandit.Sweep.Nats
open Cluster

/// An encrypted server whose users may do what they must and nothing else.
module RightsTests =
    let private list (subjects: string seq) =
        subjects |> Seq.map (fun subject -> $"\"{subject}\"") |> String.concat ", "

    let private user name (publish: string seq) (subscribe: string seq) =
        $"{{ user: {name}, password: {name}, permissions: {{ publish: [{list publish}], subscribe: [{list subscribe}] }} }}"

    let private users (workerPublish: string seq) =
        let worker = user "worker" workerPublish (NatsRights.WorkerSubscribe "worker")
        let boss = user "boss" NatsRights.CoordinatorPublish (NatsRights.CoordinatorSubscribe "boss")
        $"authorization {{ users: [ {boss}, {worker} ] }}"

    /// A certificate for 127.0.0.1 that signs itself; the files of it and its key.
    let private certificate (folder: Temporary) name =
        use key = ECDsa.Create ECCurve.NamedCurves.nistP256
        let request = CertificateRequest("CN=test", key, HashAlgorithmName.SHA256)
        let names = SubjectAlternativeNameBuilder()
        names.AddIpAddress IPAddress.Loopback
        request.CertificateExtensions.Add(names.Build())
        request.CertificateExtensions.Add(X509BasicConstraintsExtension(true, false, 0, true))
        let now = TimeProvider.System.GetUtcNow()
        use certificate = request.CreateSelfSigned(now.AddDays -1.0, now.AddDays 1.0)
        let pem, keyFile = folder.File $"{name}.pem", folder.File $"{name}.key"
        File.WriteAllText(pem, certificate.ExportCertificatePem())
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem())
        pem, keyFile

    let private login (folder: Temporary) name (options: NatsOptions) =
        let path = folder.File name
        File.WriteAllText(path, $"user: {name}\npassword: {name}\n")
        let credentials = NatsCredentials.FromFile path

        NatsOptions(
            options.Url,
            Credentials = credentials,
            CaFile = options.CaFile,
            Lease = options.Lease,
            AuditEvery = options.AuditEvery
        )

    [<Tests>]
    let tests =
        testList "RightsTests" [
            testCaseTask "the rights suffice over TLS, with a file and a server that is emptied"
            <| fun () ->
                task {
                    use folder = new Temporary()
                    let pem, key = certificate folder "server"
                    let tls = $"tls {{ cert_file: \"{pem}\", key_file: \"{key}\" }}"
                    use server = new NatsServer(users NatsRights.WorkerPublish + "\n" + tls)

                    let open' =
                        NatsOptions($"tls://127.0.0.1:{server.Port}", CaFile = pem, Lease = TimeSpan.FromSeconds 2.0)

                    let boss, worker' = login folder "boss" open', login folder "worker" open'
                    use stop = minute ()
                    use workerStop = CancellationTokenSource.CreateLinkedTokenSource stop.Token
                    let log, units = Log(), units "tls" 60
                    let data = folder.File "data.csv"
                    File.WriteAllBytes(data, Array.init 600_000 byte)
                    let fileHash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes data))
                    let units = units |> Array.map (fun unit -> WorkUnit(unit.Key, unit.Body, [| fileHash |]))

                    let working =
                        NatsWorker.RunAsync(
                            worker',
                            "code",
                            2,
                            folder.File "cache",
                            work log 50,
                            null,
                            workerStop.Token
                        )

                    let run =
                        NatsCoordinator.RunAsync(
                            boss,
                            "sweep",
                            "code",
                            units,
                            [| DataFile(fileHash, data) |],
                            (fun result -> Task.FromResult(log.Store result)),
                            null,
                            stop.Token
                        )

                    while log.Stored.Count < 20 do
                        do! Task.Delay(20, stop.Token)

                    server.Kill()
                    server.Empty()
                    server.Start()
                    let! outcome = run
                    equal 60 outcome.Done
                    workerStop.Cancel()
                    let! _ = working

                    // Another authority.
                    let other, _ = certificate folder "other"
                    let distrustful = login folder "worker" (NatsOptions(open'.Url, CaFile = other))
                    let! fault = fault (fun () -> worker distrustful "code" 1 (work log 0) stop.Token)
                    equal NatsFaultKind.Tls fault.Kind
                }

            testCaseTask "a worker's user may not be a coordinator, and hears so at once"
            <| fun () ->
                task {
                    use server = new NatsServer(users NatsRights.WorkerPublish)
                    use folder = new Temporary()
                    use stop = minute ()
                    let options = login folder "worker" (options server)
                    let patience = Stopwatch.StartNew()

                    let! fault =
                        fault (fun () -> coordinate options "sweep" "code" (units "rights" 1) (Log()) null stop.Token)

                    equal NatsFaultKind.Rights fault.Kind
                    contains "lacks a right" fault.Message
                    isBelow 5.0 patience.Elapsed.TotalSeconds
                }

            testCaseTask "a worker that may not put results ends at its first one"
            <| fun () ->
                task {
                    let rights = NatsRights.WorkerPublish |> Seq.filter ((<>) "bandit.result.>")
                    use server = new NatsServer(users rights)
                    use folder = new Temporary()
                    use stop = minute ()
                    use cut = CancellationTokenSource.CreateLinkedTokenSource stop.Token
                    let boss, worker' = login folder "boss" (options server), login folder "worker" (options server)
                    let log = Log()
                    let run = coordinate boss "sweep" "code" (units "rights" 1) log null cut.Token
                    let! fault = fault (fun () -> worker worker' "code" 1 (work log 0) stop.Token)
                    equal NatsFaultKind.Rights fault.Kind
                    contains "bandit.result" fault.Message
                    cut.Cancel()
                    let! _ = Task.WhenAny(run)
                    ()
                }

            testCaseTask "a worker may not listen to the answers to another user"
            <| fun () ->
                task {
                    use server = new NatsServer(users NatsRights.WorkerPublish)
                    use folder = new Temporary()
                    use stop = minute ()
                    let mine = login folder "worker" (options server)
                    let spy = NatsOptions(server.Url, Credentials = mine.Credentials, InboxPrefix = "_INBOX_boss")
                    let! fault = fault (fun () -> worker spy "code" 1 (work (Log()) 0) stop.Token)
                    equal NatsFaultKind.Rights fault.Kind
                    contains "_INBOX_boss" fault.Message
                }
        ]
