namespace BtcBandit.Sweep.Tests.Store

open System
open System.Collections.Generic
open System.IO
open System.Threading.Tasks
open Expecto
open FsCheck
open FsCheck.FSharp
open Microsoft.Data.Sqlite
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Sweep.Runs
open BtcBandit.Sweep.Spec
open BtcBandit.Sweep.Store

/// Rows of any kind that a run may give, failed ones among them.
type AnyRow = AnyRow of RunRow

type AnyRows =
    static member AnyRow() : Arbitrary<AnyRow> =
        let number =
            Gen.frequency [
                6, Gen.map (fun (NormalFloat value) -> value) (ArbMap.defaults |> ArbMap.generate<NormalFloat>)
                3,
                Gen.elements [
                    0.0
                    -0.0
                    1.0
                    -1.0
                    Double.MaxValue
                    Double.MinValue
                    Double.Epsilon
                    Double.PositiveInfinity
                    Double.NegativeInfinity
                    0.1 + 0.2
                    9007199254740993.0
                    1e15
                ]
            ]

        let maybe = Gen.frequency [ 3, Gen.map Nullable number; 1, Gen.constant (Nullable()) ]

        let count =
            Gen.frequency [
                3, Gen.map int64 (Gen.choose (0, 1_000_000))
                1, Gen.elements [ Int64.MaxValue; Int64.MinValue; 0L ]
            ]

        let part =
            gen {
                let! numbers = Gen.listOfLength 6 number
                let! maybes = Gen.listOfLength 6 maybe
                let! counts = Gen.listOfLength 3 count

                return
                    PartResult(
                        counts[0],
                        numbers[0],
                        maybes[0],
                        numbers[1],
                        maybes[1],
                        maybes[2],
                        counts[1],
                        counts[2],
                        maybes[3],
                        maybes[4],
                        numbers[2],
                        numbers[3],
                        maybes[5],
                        numbers[4],
                        numbers[5]
                    )
            }

        let growth =
            gen {
                let! blocks = Gen.frequency [ 1, Gen.constant 0; 1, Gen.constant 1; 3, Gen.choose (2, 127) ]

                let series =
                    Gen.frequency [
                        1, Gen.constant (Array.zeroCreate<float32> blocks)
                        3,
                        Gen.arrayOfLength blocks (Gen.map float32 number)
                        |> Gen.map (Array.map (fun value -> if Single.IsNaN value then 0.0f else value))
                    ]

                let! steps = Gen.elements [ 1L; 2L; 4096L; Int64.MaxValue ]
                let! own = series
                let! hold = series
                return GrowthSeries(steps, own, hold)
            }

        let text = Gen.elements [ ""; "a"; "ü \"'; drop table run; --"; "two\nlines"; String('x', 5000); "日本" ]

        let row =
            gen {
                let! key = Gen.map (sprintf "key %d") (Gen.choose (0, 1_000_000))
                let! texts = Gen.listOfLength 5 text
                let! longs = Gen.listOfLength 4 count
                let! fee = number
                let! slippage = number
                let! train = Gen.optionOf part
                let! test = part
                let! growth = growth
                let! hasFailed = Gen.frequency [ 1, Gen.constant true; 4, Gen.constant false ]

                return
                    AnyRow(
                        RunRow(
                            Key = key,
                            Code = texts[0],
                            Data = texts[1],
                            Symbol = texts[2],
                            Timeframe = texts[3],
                            Window = Window(longs[0], longs[1], longs[2]),
                            Setting = texts[4],
                            FeeBps = fee,
                            SlippageBps = slippage,
                            Seed = longs[3],
                            Error = (if hasFailed then texts[0] else null),
                            Train =
                                (match train with
                                 | Some part when not hasFailed -> part
                                 | _ -> null),
                            Test = (if hasFailed then null else test),
                            Growth = (if hasFailed then null else growth)
                        )
                    )
            }

        Arb.fromGen row

/// The file of a sweep.
module SweepStoreTests =

    let private messageOf call = (thrown<SweepException> call).Message

    /// What the file holds, read with nothing of ours.
    let private ask (path: string) (text: string) =
        use connection = new SqliteConnection($"Data Source={path};Pooling=False")
        connection.Open()
        use command = connection.CreateCommand()
        command.CommandText <- text
        command.ExecuteScalar() |> string

    let private order (path: string) (text: string) = ask path text |> ignore

    let private member' key =
        SweepMember(key, SweepCandidate("market", "BTC/USDT", "1m", 1.0, 0.0, "setting", "values"), 0, (fun () -> "{}"))

    let private added (store: SweepStore) (rows: RunRow list) =
        let outcome = store.Add rows
        outcome.Stored, outcome.Again, List.ofSeq outcome.Differing

    let private attempt = Attempt("unit", "worker", DateTimeOffset.UnixEpoch, 1.5)

    let private otherResult key = Rows.rowOf { Rows.usual with Key = key; Test = Rows.part 0.1000001 1.0 20L }

    [<Tests>]
    let tests =
        testList "SweepStoreTests" [

            testCase "a new file has the mark and the version of a sweep, and a journal beside it" (fun () ->
                use folder = new Temporary()
                let path = folder.File "sweep.db"
                use store = SweepStore.Open path
                equal path store.Path
                equal (string SweepSchema.ApplicationId) (ask path "pragma application_id")
                equal (string SweepSchema.Version) (ask path "pragma user_version")
                equal "wal" (ask path "pragma journal_mode")
                isEmpty (store.Finished())
                isEmpty (store.Sweeps())
                isNull' (store.Find "none"))

            propertyWith 40 [ typeof<AnyRows> ] "a row is read as it was written" (fun (rows: AnyRow list) ->
                let rows = rows |> List.map (fun (AnyRow row) -> row) |> List.distinctBy _.Key
                use folder = new Temporary()

                using (SweepStore.Open(folder.File "sweep.db")) (fun store ->
                    equal (rows.Length, 0, []) (added store rows)
                    // What it takes for the same must be the same.
                    equal (0, rows.Length, []) (added store rows))

                use store = SweepStore.OpenToRead(folder.File "sweep.db")
                equalSeq (Seq.sort [ for row in rows -> row.Key ]) (Seq.sort (store.Finished()))

                for row in rows do
                    let found = nonNull (store.Find row.Key)
                    equal row found

                    if not (isNull row.Growth) then
                        // The signs of zeros are of no account.
                        equal ((nonNull row.Growth).Own.Length) ((nonNull found.Growth).Own.Length))

            testCase "the first result of a run stays, the same one is counted, another is reported" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")
                let one, two = Rows.row "1", Rows.row "2"
                equal (1, 0, []) (added store [ one ])
                equal (1, 1, []) (added store [ one; two ])
                equal (1, 1, [ "1" ]) (added store [ otherResult "1"; two; Rows.row "3" ])
                equal (0, 0, [ "2" ]) (added store [ Rows.failed "it failed" two ])
                equal one (nonNull (store.Find "1"))
                equal two (nonNull (store.Find "2")))

            testCase "every figure counts for a difference" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")
                let usual = { Rows.usual with Train = Rows.part 0.2 2.0 4L }
                store.Add [| Rows.rowOf usual |] |> ignore

                for other in
                    [
                        { usual with Setting = "other" }
                        { usual with Seed = 2L }
                        { usual with Fee = 11.0 }
                        { usual with Window = Window(0L, 0L, 5L) }
                        { usual with Train = null }
                        { usual with Train = Rows.part 0.2 2.5 4L }
                        { usual with Growth = GrowthSeries(11L, Rows.growth.Own, Rows.growth.Hold) }
                        { usual with Growth = GrowthSeries(10L, [| 0.01f; -0.02f; 1e-9f |], Rows.growth.Hold) }
                        { usual with Growth = GrowthSeries(10L, Rows.growth.Own, [| 0.5f; 0.25f; 0.0f |]) }
                    ] do
                    equal (0, 0, [ "key" ]) (added store [ Rows.rowOf other ])

                equal (0, 1, []) (added store [ Rows.rowOf usual ]))

            testCase "a transaction that fails leaves nothing" (fun () ->
                use folder = new Temporary()
                let path = folder.File "sweep.db"
                use store = SweepStore.Open path
                store.Add([| Rows.row "1" |], attempt) |> ignore

                order
                    path
                    "create trigger full before insert on attempt begin select raise(abort, 'the disk is full'); end"

                let message = messageOf (fun () -> store.Add([| Rows.row "2"; Rows.row "3" |], attempt) |> ignore)
                startsWith $"{path}: " message
                contains "the disk is full" message
                lacks "\n" message
                equal [ "1" ] (List.ofSeq (store.Finished()))
                equal "1" (ask path "select count(*) from hold")
                order path "drop trigger full"
                equal 2 (store.Add([| Rows.row "2"; Rows.row "3" |], attempt)).Stored

                equal
                    "1,1,2"
                    (ask path "select group_concat(runs) from (select 1 as runs union all select runs from attempt)"))

            testCase "a sweep that cannot be recorded leaves nothing, and says why" (fun () ->
                use folder = new Temporary()
                let path = folder.File "sweep.db"
                use store = SweepStore.Open path

                order
                    path
                    "create trigger full before insert on sweep_run begin select raise(abort, 'the disk is full'); end"

                let message =
                    messageOf (fun () -> store.AddSweep("id", "{}", DateTimeOffset.UnixEpoch, [| member' "1" |]))

                startsWith $"{path}: " message
                isEmpty (store.Sweeps()))

            testCase "attempts are recorded with the time in UTC" (fun () ->
                use folder = new Temporary()
                let path = folder.File "sweep.db"
                use store = SweepStore.Open path
                let finished = DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero)

                store.Add([| Rows.row "1"; Rows.row "2" |], Attempt("unit", "worker", finished, 1.5))
                |> ignore

                equal
                    "unit worker 2024-05-06T07:08:09Z 1.5 2"
                    (ask
                        path
                        "select unit || ' ' || worker || ' ' || finished || ' ' || seconds || ' ' || runs from attempt"))

            testCase "after an abrupt end everything that was added is there" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")
                store.AddSweep("id", "{}", DateTimeOffset.UnixEpoch, [| member' "1"; member' "2" |])

                for key in [ "1"; "2"; "3" ] do
                    store.Add [| Rows.row key |] |> ignore

                // What the disk holds while the process is alive is what it holds after a kill.
                let copy (name: string) = File.Copy(folder.File $"sweep.db{name}", folder.File $"copy.db{name}")
                holds (File.Exists(folder.File "sweep.db-wal"))
                List.iter copy [ ""; "-wal" ]
                use again = SweepStore.Open(folder.File "copy.db")
                equal [ "1"; "2"; "3" ] (List.sort (List.ofSeq (again.Finished())))
                equal (Rows.row "3") (nonNull (again.Find "3"))
                equal "ok" (ask (folder.File "copy.db") "pragma integrity_check")
                equal (1, 0, []) (added again [ Rows.row "4" ]))

            testCase "after an abrupt end within a transaction nothing of it is there" (fun () ->
                use folder = new Temporary()
                let path = folder.File "sweep.db"
                use store = SweepStore.Open path
                store.Add [| Rows.row "1" |] |> ignore
                use connection = new SqliteConnection($"Data Source={path};Pooling=False")
                connection.Open()
                use transaction = connection.BeginTransaction()
                use command = connection.CreateCommand()
                command.CommandText <- "delete from run"
                command.ExecuteNonQuery() |> ignore

                for name in [ ""; "-wal" ] do
                    File.Copy($"{path}{name}", folder.File $"copy.db{name}")

                transaction.Rollback()
                use again = SweepStore.Open(folder.File "copy.db")
                equal [ "1" ] (List.ofSeq (again.Finished())))

            testCase
                "a file on a shared disk has no write-ahead log, and a file that exists keeps what it has"
                (fun () ->
                    use folder = new Temporary()
                    let modeOf name = ask (folder.File name) "pragma journal_mode"

                    let made (name: string) isShared =
                        use store = SweepStore.Open(folder.File name, isShared)
                        store.Add [| Rows.row $"{isShared}" |] |> ignore
                        fails (isShared && File.Exists(folder.File $"{name}-wal"))

                    made "shared" true
                    made "own" false
                    equal ("delete", "wal") (modeOf "shared", modeOf "own")
                    made "shared" false
                    equal "delete" (modeOf "shared")
                    (SweepStore.Open(folder.File "own", true)).Dispose()
                    equal "wal" (modeOf "own")

                    use both = SweepStore.OpenToRead(folder.File "shared")
                    equal [ "False"; "True" ] (List.sort (List.ofSeq (both.Finished()))))

            testCase "after an abrupt end a file on a shared disk has what was added, and nothing half" (fun () ->
                use folder = new Temporary()
                let path = folder.File "part.db"
                use store = SweepStore.Open(path, isShared = true)
                store.AddSweep("id", "{}", DateTimeOffset.UnixEpoch, [| member' "1"; member' "2" |])

                for run in 1..100 do
                    store.Add [| Rows.row $"{run}" |] |> ignore

                use connection = new SqliteConnection($"Data Source={path};Pooling=False")
                connection.Open()

                let execute (text: string) =
                    use command = connection.CreateCommand()
                    command.CommandText <- text
                    command.ExecuteNonQuery() |> ignore

                // With so little memory, a transaction writes into the file before it is committed.
                execute "pragma cache_size = 1"
                execute "begin"
                execute "update run set code = code || hex(zeroblob(2000))"

                for name in [ ""; "-journal" ] do
                    File.Copy($"{path}{name}", folder.File $"copy.db{name}")

                execute "rollback"
                isAbove (FileInfo(path).Length) (FileInfo(folder.File "copy.db").Length)
                use again = SweepStore.Open(folder.File "copy.db", isShared = true)
                equal 100 (again.Finished()).Count
                equal (Rows.row "7") (nonNull (again.Find "7"))
                equal "ok" (ask (folder.File "copy.db") "pragma integrity_check")
                equal (1, 1, []) (added again [ Rows.row "100"; Rows.row "101" ]))

            testCase "what is not a file of a sweep is refused with one line" (fun () ->
                use folder = new Temporary()
                let path = folder.File "other"

                let refused expected =
                    for opened in [ SweepStore.Open; SweepStore.OpenToRead ] do
                        equal $"{path}: {expected}" (messageOf (fun () -> (opened path).Dispose()))

                File.WriteAllText(path, String.replicate 1_000 "This is a text. ")
                let before = File.ReadAllBytes path
                refused "not a file of a sweep"
                equal before (File.ReadAllBytes path)
                File.Delete path
                order path "create table other (name text)"
                refused "not a file of a sweep"
                equal "1" (ask path "select count(*) from sqlite_master"))

            testCase "an empty file is filled by who writes, and refused by who reads" (fun () ->
                use folder = new Temporary()
                let path = folder.File "sweep.db"
                File.WriteAllText(path, "")

                equal $"{path}: not a file of a sweep" (messageOf (fun () -> (SweepStore.OpenToRead path).Dispose()))

                use store = SweepStore.Open path
                equal (1, 0, []) (added store [ Rows.row "1" ]))

            testCase "several that create a file at once all use it" (fun () ->
                for _ in 1..20 do
                    use folder = new Temporary()
                    let path = folder.File "sweep.db"
                    use start = new System.Threading.Barrier 4

                    Task.WaitAll [|
                        for _ in 1..4 ->
                            Task.Factory.StartNew(
                                (fun () ->
                                    start.SignalAndWait()
                                    use store = SweepStore.Open path
                                    isEmpty (store.Finished())),
                                TaskCreationOptions.LongRunning
                            )
                    |])

            testCase "a file of a newer version is refused with both versions" (fun () ->
                use folder = new Temporary()
                let path = folder.File "sweep.db"
                (SweepStore.Open path).Dispose()
                order path "pragma user_version = 7"

                for opened in [ SweepStore.Open; SweepStore.OpenToRead ] do
                    equal
                        $"{path}: version 7 of a sweep's file; this program knows {SweepSchema.Version}"
                        (messageOf (fun () -> (opened path).Dispose())))

            testCase "a file that is missing is not created by who reads" (fun () ->
                use folder = new Temporary()
                let path = folder.File "none.db"
                equal $"{path}: there is no such file" (messageOf (fun () -> (SweepStore.OpenToRead path).Dispose()))
                fails (File.Exists path))

            testCase "a folder that is missing, and a folder in the place of the file, are refused" (fun () ->
                use folder = new Temporary()

                for path in [ folder.File "none/sweep.db"; folder.Path ] do
                    equal
                        $"{path}: the file cannot be opened: does its folder exist, and may you write there?"
                        (messageOf (fun () -> (SweepStore.Open path).Dispose())))

            testCase "a folder in which nobody may write is refused" (fun () ->
                onlyOnLinux "there every user, the first one too, is refused in /proc"
                let path = "/proc/sweep.db"

                equal
                    $"{path}: the file cannot be opened: does its folder exist, and may you write there?"
                    (messageOf (fun () -> (SweepStore.Open path).Dispose())))

            testCase "who reads sees what was there before a transaction, and all of it after" (fun () ->
                use folder = new Temporary()
                let path = folder.File "sweep.db"
                use store = SweepStore.Open path
                store.Add [| Rows.row "1" |] |> ignore
                use reader = SweepStore.OpenToRead path
                use connection = new SqliteConnection($"Data Source={path};Pooling=False")
                connection.Open()
                use transaction = connection.BeginTransaction()
                use command = connection.CreateCommand()
                command.CommandText <- "delete from run"
                command.ExecuteNonQuery() |> ignore
                equal [ "1" ] (List.ofSeq (reader.Finished()))
                equal (Rows.row "1") (nonNull (reader.Find "1"))
                transaction.Commit()
                isEmpty (reader.Finished()))

            testCase "in a snapshot all reads see one state, and another may write" (fun () ->
                use folder = new Temporary()
                let path = folder.File "sweep.db"
                use writer = SweepStore.Open path
                writer.AddSweep("id", "{}", DateTimeOffset.UnixEpoch, [| member' "1"; member' "2" |])
                writer.Add [| Rows.row "1" |] |> ignore
                use reader = SweepStore.OpenToRead path

                // Growth of its own, to which the new row refers.
                let second =
                    Rows.rowOf { Rows.usual with Key = "2"; Growth = GrowthSeries(10L, [| 0.5f |], [| 0.75f |]) }

                let holdsOfResults () =
                    let keys = List<int64>()

                    reader.ReadResults(
                        "id",
                        RankBy.Sharpe,
                        fun row ->
                            match row.Result with
                            | null -> ()
                            | figures -> keys.Add figures.Hold
                    )

                    List.ofSeq keys

                using (reader.Snapshot()) (fun _ ->
                    let before = reader.ReadHolds()
                    equal 1 before.Count
                    // It would wait for a minute if it had to.
                    equal (1, 0, []) (added writer [ second ])
                    equal 2 (writer.ReadHolds().Count)
                    equal (List.ofSeq before.Keys) (holdsOfResults ())
                    equal [ "1" ] (List.ofSeq (reader.Finished()))
                    isNull' (reader.Find "2")
                    equal (struct (2, 1, 0)) (reader.CountOf "id")
                    equal 1 (reader.ReadHolds().Count))

                equal 2 (reader.ReadHolds().Count)
                equal 2 (holdsOfResults ()).Length
                equal second (nonNull (reader.Find "2"))
                // Who reads may write again, too.
                equal (1, 0, []) (added reader [ Rows.row "3" ]))

            testCase "one writes while another reads" (fun () ->
                use folder = new Temporary()
                let path = folder.File "sweep.db"
                use writer = SweepStore.Open path

                let writing =
                    Task.Run(fun () ->
                        for unit in 0..39 do
                            writer.Add [| for run in 0..4 -> Rows.row $"{unit} {run}" |] |> ignore)

                use reader = SweepStore.OpenToRead path
                let seen = List<int>()

                while not writing.IsCompleted do
                    seen.Add((reader.Finished()).Count)

                writing.GetAwaiter().GetResult()
                seen.Add((reader.Finished()).Count)
                seen.Add((reader.Finished()).Count)
                // Whole units only.
                all (fun count -> count % 5 = 0) seen
                isAscending seen
                equal 200 seen[seen.Count - 1])

            testCase "a sweep and its runs are recorded once, the oldest first" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")
                let at (days: float) = DateTimeOffset.UnixEpoch.AddDays days
                store.AddSweep("new", "{2}", at 2.0, [| member' "1" |])
                store.AddSweep("old", "{1}", at 1.0, [| member' "1"; member' "2" |])
                store.AddSweep("new", "{3}", at 0.0, [| member' "1"; member' "3" |])
                equalSeq [ struct ("old", "{1}"); struct ("new", "{2}") ] (store.Sweeps())

                let keysOf sweep =
                    let count = ref 0
                    store.ReadResults(sweep, RankBy.Sharpe, fun _ -> count.Value <- count.Value + 1)
                    count.Value

                equal (2, 2, 0) (keysOf "old", keysOf "new", keysOf "none"))

            testCase "a run in two markets of a sweep is a run of both" (fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")

                let of' market =
                    SweepMember(
                        "1",
                        SweepCandidate(market, "BTC/USDT", "1m", 1.0, 0.0, "setting", "values"),
                        0,
                        (fun () -> "{}")
                    )

                store.AddSweep("id", "{}", DateTimeOffset.UnixEpoch, [| of' "one"; of' "two" |])
                let markets = List<string>()
                let names = store.ReadCandidates()
                store.ReadResults("id", RankBy.Sharpe, fun row -> markets.Add names[row.Candidate].Market)
                equal [ "one"; "two" ] (List.sort (List.ofSeq markets)))

            testCase "another file that cannot be added is let go" (fun () ->
                use folder = new Temporary()
                let path, part = folder.File "sweep.db", folder.File "part.db"
                use store = SweepStore.Open path

                using (SweepStore.Open part) (fun other ->
                    other.AddSweep("id", "{}", DateTimeOffset.UnixEpoch, [| member' "1" |])
                    // As many blocks as its steps fill.
                    let growth = GrowthSeries(256L, Rows.growth.Own, Rows.growth.Hold)

                    other.Add [| Rows.rowOf { Rows.usual with Key = "1"; Growth = growth } |]
                    |> ignore)

                order
                    path
                    "create trigger full before insert on sweep_run begin select raise(abort, 'the disk is full'); end"

                for _ in 1..2 do
                    contains "the disk is full" (messageOf (fun () -> store.Merge part |> ignore))

                isEmpty (store.Sweeps())
                order path "drop trigger full"
                let outcome = store.Merge part
                equal (0, 1, 0) (outcome.Stored, outcome.Again, outcome.Differing.Count)
                equal 1 (store.Sweeps().Count))

            testCase "what cannot be read of a damaged file is told with its name" (fun () ->
                use folder = new Temporary()
                let path, whole = folder.File "bad.db", folder.File "sweep.db"

                using (SweepStore.Open whole) (fun store ->
                    store.AddSweep("id", "{}", DateTimeOffset.UnixEpoch, [| for run in 1..300 -> member' $"{run}" |])
                    store.Add [| for run in 1..300 -> Rows.row $"{run}" |] |> ignore)

                let bytes = File.ReadAllBytes whole

                let reads: (string * (SweepStore -> unit)) list = [
                    "Finished", fun store -> store.Finished() |> ignore
                    "Find",
                    (fun store ->
                        for run in 1..300 do
                            store.Find $"{run}" |> ignore)
                    "Rows", fun store -> store.Rows() |> Seq.iter ignore
                    "Sweeps", fun store -> store.Sweeps() |> ignore
                    "CountOf", fun store -> store.CountOf "id" |> ignore
                    "ReadResults", fun store -> store.ReadResults("id", RankBy.Sharpe, ignore)
                    "ReadCandidates", fun store -> store.ReadCandidates() |> ignore
                    "ReadHolds", fun store -> store.ReadHolds() |> ignore
                    "Trials", fun store -> store.Trials("BTC/USDT", 0L, 1L) |> ignore
                ]

                let failures = HashSet<string>()

                for page in 1 .. bytes.Length / 4096 - 1 do
                    let damaged = Array.copy bytes
                    Array.Clear(damaged, 4096 * page, 4096)
                    File.WriteAllBytes(path, damaged)
                    use store = SweepStore.OpenToRead path

                    for name, read in reads do
                        try
                            read store
                        with :? SweepException as error ->
                            startsWith $"{path}: " error.Message
                            lacks "\n" error.Message
                            failures.Add name |> ignore

                equal (List.sort [ for name, _ in reads -> name ]) (List.sort (List.ofSeq failures)))

            testCase "growth of buying and holding is stored once for all runs that share it" (fun () ->
                use folder = new Temporary()
                let path = folder.File "sweep.db"
                use store = SweepStore.Open path
                let flat = GrowthSeries(10L, Array.zeroCreate 3, Array.zeroCreate 3)

                let rows = [
                    Rows.row "1"
                    Rows.row "2"
                    Rows.rowOf { Rows.usual with Key = "3"; Growth = flat }
                    Rows.rowOf {
                        Rows.usual with
                            Key = "4"
                            Growth = GrowthSeries(10L, Array.zeroCreate 4, Array.zeroCreate 4)
                    }
                ]

                equal (4, 0, []) (added store rows)
                equal "3" (ask path "select count(*) from hold")
                equal 3 (nonNull (nonNull (store.Find "3")).Growth).Hold.Length

                equal [ 3; 3; 4 ] [
                    for length in store.ReadHolds().Values |> Seq.map _.Length |> Seq.sort -> length
                ])
        ]
