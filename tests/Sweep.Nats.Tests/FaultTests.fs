namespace BtcBandit.Sweep.Nats.Tests

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Tests.Runner
open BtcBandit.Sweep.Nats
open Cluster

/// What waiting does not mend is said at once.
module FaultTests =
    let private credentials (folder: Temporary) (text: string) =
        let path = folder.File "creds"
        File.WriteAllText(path, text)
        NatsCredentials.FromFile path

    let private faultOf (options: NatsOptions) =
        task {
            let patience = Stopwatch.StartNew()
            let log = Log()
            use stop = minute ()
            let! ofWorker = fault (fun () -> worker options "code" 1 (work log 0) stop.Token)

            let! ofCoordinator =
                fault (fun () -> coordinate options "sweep" "code" (units "f" 1) log null stop.Token)

            equal ofWorker.Kind ofCoordinator.Kind
            isBelow 15.0 patience.Elapsed.TotalSeconds
            return ofWorker
        }

    let private users = "authorization { users: [ { user: boss, password: right } ] }"

    [<Tests>]
    let tests =
        testList "FaultTests" [
            testCaseTask "a wrong password"
            <| fun () ->
                task {
                    use server = new NatsServer(users)
                    use folder = new Temporary()
                    let wrong = credentials folder "user: boss\npassword: wrong\n"
                    let! fault = faultOf (NatsOptions(server.Url, Credentials = wrong))
                    equal NatsFaultKind.Refused fault.Kind
                    contains "boss" fault.Message
                    lacks "wrong:" fault.Message
                    let! nobody = faultOf (NatsOptions(server.Url))
                    equal NatsFaultKind.Refused nobody.Kind
                }

            testCaseTask "an nkey instead of a password"
            <| fun () ->
                task {
                    use pair = NATS.NKeys.KeyPair.CreatePair(NATS.NKeys.PrefixByte.User)
                    use server = new NatsServer($"authorization {{ users: [ {{ nkey: {pair.GetPublicKey()} }} ] }}")
                    use folder = new Temporary()
                    let holder = credentials folder (pair.GetSeed() + "\n")
                    use stop = minute ()

                    let! counted =
                        NatsWorker.RunAsync(
                            NatsOptions(server.Url, Credentials = holder),
                            "code",
                            1,
                            "/nowhere",
                            work (Log()) 0,
                            null,
                            stop.Token,
                            Nullable(TimeSpan.FromSeconds 1.0)
                        )

                    equal 0 counted.Done
                }

            testCaseTask "nobody at the address"
            <| fun () ->
                task {
                    let url = $"nats://127.0.0.1:{NatsProgram.freePort ()}"
                    let! fault = faultOf (NatsOptions(url))
                    equal NatsFaultKind.Unreachable fault.Kind
                    contains url fault.Message
                }

            testCaseTask "a server that keeps no streams"
            <| fun () ->
                task {
                    use server = new NatsServer("", withoutStreams = true)
                    let! fault = faultOf (NatsOptions(server.Url))
                    equal NatsFaultKind.NoJetStream fault.Kind
                }

            testCaseTask "a server that is too old"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    let! fault = faultOf (NatsOptions(server.Url, MinimumVersion = System.Version(99, 1)))
                    equal NatsFaultKind.Version fault.Kind
                    contains "99.1" fault.Message
                }

            testCaseTask "no encryption to another machine"
            <| fun () ->
                task {
                    let! fault = faultOf (NatsOptions("nats://192.0.2.1:4222"))
                    equal NatsFaultKind.TlsRequired fault.Kind
                    contains "tls://192.0.2.1:4222" fault.Message
                }

            testCaseTask "an address with a password"
            <| fun () ->
                task {
                    let! fault = faultOf (NatsOptions("tls://boss:secret@127.0.0.1:4222"))
                    equal NatsFaultKind.Credentials fault.Kind
                    lacks "secret" fault.Message
                }

            casesTask "no address" [ "http://127.0.0.1:4222"; "127.0.0.1"; "" ]
            <| fun (url: string) ->
                task {
                    let! fault = faultOf (NatsOptions(url))
                    equal NatsFaultKind.Address fault.Kind
                }

            cases "a file without credentials" [ ""; "user: boss"; "password: x"; "user:\npassword: x"; "SUxx" ]
            <| fun (text: string) ->
                use folder = new Temporary()

                let fault =
                    try
                        credentials folder text |> ignore
                        failtest "it was expected to fail"
                    with :? NatsFaultException as fault ->
                        fault

                equal NatsFaultKind.Credentials fault.Kind

            cases "a secret is taken as it is written" [
                "user: boss\npassword: =abc\n", "=abc"
                "user: boss\npassword: :=abc:\n", ":=abc:"
                "user=boss\npassword==abc", "=abc"
                "USER : boss\r\nPassword:  a b\r\n", " a b"
                "user: boss\npassword: a=b:c", "a=b:c"
            ]
            <| fun (text: string, secret: string) ->
                use folder = new Temporary()
                let read = credentials folder text
                equalText "boss" read.User
                equalText secret read.Auth.Password

            testCase "credentials from the environment"
            <| fun () ->
                let from (pairs: (string * string) list) =
                    let values = Dictionary(dict pairs)

                    NatsCredentials.FromEnvironment(fun name ->
                        match values.TryGetValue name with
                        | true, value -> value
                        | _ -> null)

                equalText
                    "boss"
                    (from [ NatsCredentials.UserVariable, "boss"; NatsCredentials.PasswordVariable, "x" ]).User

                isSame NatsCredentials.None (from [])

                try
                    from [ NatsCredentials.UserVariable, "boss" ] |> ignore
                    failtest "it was expected to fail"
                with :? NatsFaultException as fault ->
                    contains NatsCredentials.PasswordVariable fault.Message
        ]
