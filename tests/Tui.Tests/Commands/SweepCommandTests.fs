namespace BtcBandit.Tui.Tests.Commands

open System.IO
open Expecto
open Microsoft.Data.Sqlite
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Sweep.Distribution
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs
open BtcBandit.Tui.Wording

/// What sweep, its report, its merging and workers refuse, print and answer.
module SweepCommandTests =

    let private spec =
        """{"synthetic":{"worlds":["drifts","martingale"],"candles":1500},"grid":{"agent":["linear-ts","hold"],"evidence":["off"],"fee-bps":[0,10]},"seeds":3}"""

    let private withSpec (text: string) act =
        use folder = new Temporary()
        File.WriteAllText(folder.File "spec.json", text)
        act folder

    let private sweep (folder: Temporary) more = run ([ "sweep"; folder.File "spec.json" ] @ more)

    /// Changes a file of a sweep with nothing of ours.
    let private order (path: string) (text: string) =
        use connection = new SqliteConnection($"Data Source={path};Pooling=False")
        connection.Open()
        use command = connection.CreateCommand()
        command.CommandText <- text
        command.ExecuteScalar() |> string

    /// Writes zeros over one page of a file.
    let private damage (path: string) page =
        use file = File.OpenWrite path
        file.Position <- 4096L * int64 page
        file.Write(Array.zeroCreate<byte> 4096)

    /// One line: some of these say at which address nobody answers.
    let private isALine (text: string) =
        equal 1 (text.TrimEnd().Split('\n').Length)
        lacks "   at BtcBandit" text

    let private lastLine (text: string) = Array.last (text.TrimEnd().Split '\n')

    [<Tests>]
    let tests =
        testList "SweepCommandTests" [
            cases "wrong usage is one line, and 2" [
                "", "SPEC is missing (The spec, a JSON file)"
                "report", "FILE is missing (The file with the results)"
                "merge", "FILE is missing (The file that takes the results; made if there is none)"
                "merge a.db", "PARTS is missing (The files with the parts)"
                "spec.json --shard 0/3", "--shard 0/3: a part and their number are needed, such as 3/100"
                "spec.json --shard 4/3", "--shard 4/3: a part and their number are needed, such as 3/100"
                "spec.json --threads 0", "--threads 0: a whole number from 1 to 1024 is needed"
                "spec.json --verify 1%", "--verify goes with --nats"
                "spec.json --nats-creds x", "--nats-creds goes with --nats"
                "spec.json --nats nats://localhost:4222 --nats-inbox _INBOX.boss",
                "--nats-inbox _INBOX.boss: 1 to 64 letters, digits, - and _ are needed"
                "spec.json --nats nats://localhost:4222 --lease 4", "--lease 4: a whole number from 5 to 3600 is needed"
                "spec.json --nats nats://localhost:4222 --shard 1/2",
                "--shard does not go with --nats: workers make the runs"
                "spec.json --nats nats://localhost:4222 --verify 101%",
                "--verify 101%: a share from 0% to 100% is needed"
            ]
            <| fun (line: string, expected: string) ->
                let answer = run ("sweep" :: List.ofArray (words line))
                equal (2, "") (answer.Code, answer.Out)
                isOneLine answer.Error
                contains expected answer.Error

            cases "the help of a command below lists nothing of the spec" [ "report"; "merge"; "export" ]
            <| fun command ->
                let answer = run [ "sweep"; command; "--help" ]
                equal (0, "") (answer.Code, answer.Error)
                lacks "SPEC" answer.Out
                contains $" sweep {command} <FILE>" answer.Out

            cases "what is not a valid spec is one line with its place, and 2" [
                "{", "no JSON"
                """{"synthetic":{"worlds":["drifts"],"candles":500},"grid":{"agnt":["hold"]}}""",
                "grid.agnt: no such name"
                """{"synthetic":{"worlds":["drifts"],"candles":500},"grid":{"agent":["holt"]}}""", "agent holt: one of "
                """{"synthetic":{"worlds":["drifts"],"candles":500},"grid":{"seed":[1]}}""", "grid.seed: no such name"
                """{"synthetic":{"worlds":["drifts"],"candles":500},"seed":9223372036854775807,"seeds":2}""", "seed: "
                """{"data":{"a\u001b[31m":["x"]}}""", "names without control characters are needed"
            ]
            <| fun (text: string, expected: string) ->
                withSpec text (fun folder ->
                    let answer = sweep folder []
                    equal (2, "") (answer.Code, answer.Out)
                    isALine answer.Error
                    contains expected answer.Error
                    contains (folder.File "spec.json") answer.Error
                    equal false (File.Exists(folder.File "sweep.db")))

            testCase "a spec that is not there is one line, and 1"
            <| fun () ->
                withSpec spec (fun folder ->
                    let answer = run [ "sweep"; folder.File "other.json" ]
                    equal (1, "") (answer.Code, answer.Out)
                    isALine answer.Error
                    contains "other.json cannot be read" answer.Error)

            testCase "the plan says what would be done, and writes nothing"
            <| fun () ->
                withSpec spec (fun folder ->
                    let answer = sweep folder [ "--plan" ]
                    equal 0 answer.Code
                    contains "drifts 1 1m" answer.Out
                    contains "4 settings x 3 seeds: 16 runs" answer.Out
                    contains " units at " answer.Out
                    equal false (File.Exists(folder.File "sweep.db"))
                    equal 0 (sweep folder []).Code
                    contains "nothing is left to do" (sweep folder [ "--plan" ]).Out)

            testCase "the plan is one JSON object, too"
            <| fun () ->
                withSpec spec (fun folder ->
                    let plan = json (sweep folder [ "--plan"; "--json"; "--threads"; "3" ])
                    let number (name: string) = plan.GetProperty(name).GetInt32()
                    equal (16, 0, 3) (number "runs", number "finished", number "threads")
                    isAbove 0.0 (plan.GetProperty("seconds_per_candle").GetDouble())
                    let market = plan.GetProperty("markets")[0]

                    equal
                        (1500, 1)
                        (market.GetProperty("candles").GetInt32(), market.GetProperty("windows").GetInt32())

                    equal [ "spec.json" ] [
                        for file in Directory.GetFiles folder.Path -> string (Path.GetFileName file)
                    ])

            testCase "a sweep is made once, and reported"
            <| fun () ->
                withSpec spec (fun folder ->
                    let made = json (sweep folder [ "--json" ])

                    equal
                        (16, 16, 0)
                        (made.GetProperty("runs").GetInt32(),
                         made.GetProperty("made").GetInt32(),
                         made.GetProperty("failed").GetInt32())

                    contains "16 runs: 0 made, 16 were there" (sweep folder []).Out
                    equal "wal" (order (folder.File "sweep.db") "pragma journal_mode")

                    let answer = run [ "sweep"; "report"; folder.File "sweep.db" ]
                    equal 0 answer.Code

                    startsWith
                        "By luck alone the best of 4 worthless settings shows about 1.0 standard errors above zero"
                        answer.Out

                    contains "evidence of skill after costs" (answer.Out.ToLowerInvariant())

                    let report = json (run [ "sweep"; "report"; folder.File "sweep.db"; "--json" ])
                    equal 4 (report.GetProperty("markets").GetArrayLength())
                    equal (0, 16) (report.GetProperty("missing").GetInt32(), report.GetProperty("runs").GetInt32())

                    let page = run [ "sweep"; "report"; folder.File "sweep.db"; "--html"; folder.File "page.html" ]
                    equal 0 page.Code
                    contains "martingale 1" (File.ReadAllText(folder.File "page.html")))

            testCase "parts are merged, and what differs is an error"
            <| fun () ->
                withSpec spec (fun folder ->
                    for part in 1..2 do
                        let target = folder.File $"{part}.db"
                        equal 0 (sweep folder [ "--shard"; $"{part}/2"; "--out"; target ]).Code
                        // Parts usually lie on a shared disk.
                        equal "delete" (order target "pragma journal_mode")

                    let merged =
                        run [
                            "sweep"
                            "merge"
                            folder.File "all.db"
                            folder.File "1.db"
                            folder.File "2.db"
                        ]

                    equal 0 merged.Code
                    equal "wal" (order (folder.File "all.db") "pragma journal_mode")
                    contains "all.db: 16 results" merged.Out
                    contains "0 made, 16 were there" (sweep folder [ "--out"; folder.File "all.db" ]).Out
                    let itself = run [ "sweep"; "merge"; folder.File "all.db"; folder.File "all.db" ]
                    equal 1 itself.Code
                    contains "cannot be merged into itself" itself.Error

                    // One figure of one run. Which part has it depends on the hash of the code.
                    let changed = folder.File "changed.db"
                    File.Copy(folder.File "all.db", changed)
                    let key = order changed "select min(key) from run where fees_paid > 0"
                    isNotEmpty key
                    let figure = "select total_return from run where key = '" + key + "'"
                    let first = order (folder.File "all.db") figure

                    order changed $"update run set total_return = total_return + 0.25 where key = '{key}'"
                    |> ignore

                    let other = run [ "sweep"; "merge"; folder.File "all.db"; changed; folder.File "2.db" ]
                    equal 1 other.Code
                    isALine other.Error

                    contains $"{changed}: run {key[..15]} has another result than in " other.Error

                    contains "that one was kept" other.Error
                    // The parts behind it are added all the same.
                    contains $"""{folder.File "2.db"}: 0 new, """ other.Out
                    equal first (order (folder.File "all.db") figure))

            testCase "what a command did not write is not replaced by it"
            <| fun () ->
                withSpec spec (fun folder ->
                    sweep folder [] |> ignore
                    let db = folder.File "sweep.db"

                    let refused (path: string) arguments =
                        let before = File.ReadAllBytes path
                        let answer = run ([ "sweep" ] @ arguments)
                        equal (2, "") (answer.Code, answer.Out)
                        isALine answer.Error
                        contains $"{path} is there and is no " answer.Error
                        equalSeq before (File.ReadAllBytes path)

                    refused (folder.File "spec.json") [ "report"; db; "--html"; folder.File "spec.json" ]

                    for name in [ "candles.csv"; "candles.csv.gz"; "candles.parquet" ] do
                        let path = folder.File name
                        File.WriteAllText(path, "open_time,open,high,low,close,volume\n")
                        refused path [ "export"; db; path ]

                    for name in [ "a.csv"; "a.csv.gz"; "a.parquet" ] do
                        for _ in 1..2 do
                            equal 0 (run [ "sweep"; "export"; db; folder.File name ]).Code

                    for _ in 1..2 do
                        equal 0 (run [ "sweep"; "report"; db; "--html"; folder.File "page.html" ]).Code)

            cases "names that SQLite reads in its own way are files" [ ":memory:"; "file:x.db?mode=memory" ]
            <| fun name ->
                withSpec spec (fun folder ->
                    equal 0 (sweep folder [ "--out"; folder.File name ]).Code
                    holds (File.Exists(folder.File name))
                    equal 0 (run [ "sweep"; "report"; folder.File name ]).Code)

            cases "what is damaged where SQLite cannot see it is one line, and 1" [
                "update run set growth = null"
                "update run set growth = x'00'"
                "update run set growth = x'0000807f'"
                "update run set hold = 99"
                "delete from candidate"
            ]
            <| fun text ->
                withSpec spec (fun folder ->
                    sweep folder [] |> ignore
                    let db = folder.File "sweep.db"
                    order db text |> ignore

                    for arguments in [ [ "report"; db ]; [ "report"; db; "--json" ] ] do
                        let answer = run ("sweep" :: arguments)
                        equal (1, "") (answer.Code, answer.Out)
                        isALine answer.Error)

            testCase "what no run can have made is not merged"
            <| fun () ->
                withSpec spec (fun folder ->
                    sweep folder [] |> ignore
                    let db = folder.File "sweep.db"
                    order db "update run set growth = x'00' where growth <> ''" |> ignore
                    let answer = run [ "sweep"; "merge"; folder.File "all.db"; db ]
                    equal 1 answer.Code
                    isALine answer.Error
                    contains "figures that no run has: the file is damaged" answer.Error)

            testCase "halving cannot be made in parts, and leaves no file"
            <| fun () ->
                withSpec
                    """{"synthetic":{"worlds":["drifts"],"candles":480},"timeframes":["1h"],"halving":{"days":[5,20],"keep":0.5}}"""
                    (fun folder ->
                        let answer = sweep folder [ "--shard"; "1/2"; "--out"; folder.File "part.db" ]
                        equal (2, "") (answer.Code, answer.Out)
                        contains "halving cannot be made in parts" answer.Error
                        fails (File.Exists(folder.File "part.db")))

            testCase "a sweep is never replaced by its own report"
            <| fun () ->
                withSpec spec (fun folder ->
                    let file = folder.File "sweep.db"
                    equal 0 (sweep folder []).Code
                    let before = File.ReadAllBytes file
                    File.CreateSymbolicLink(folder.File "link.html", file) |> ignore

                    for page in [ "sweep.db"; "./sweep.db"; "link.html"; "sweep.db-wal"; "sweep.db-journal" ] do
                        let answer = run [ "sweep"; "report"; file; "--html"; folder.File page ]
                        equal (2, "") (answer.Code, answer.Out)
                        isALine answer.Error
                        contains $"--html {folder.File page}: the sweep itself, which is only read" answer.Error

                    equalSeq before (File.ReadAllBytes file)
                    equal false (File.Exists $"{file}-journal"))

            testCase "results never go into the spec"
            <| fun () ->
                withSpec spec (fun folder ->
                    File.CreateSymbolicLink(folder.File "link.db", folder.File "spec.json")
                    |> ignore

                    for more in [ []; [ "--plan" ] ] do
                        for target in [ "spec.json"; "link.db" ] do
                            let answer = sweep folder ([ "--out"; folder.File target ] @ more)
                            equal (2, "") (answer.Code, answer.Out)
                            isALine answer.Error
                            contains $"{folder.File target}: the spec itself, which is only read" answer.Error

                    // As its journal, SQLite would take it for its own.
                    File.Move(folder.File "spec.json", folder.File "a.db-journal")
                    let answer = run [ "sweep"; folder.File "a.db-journal"; "--out"; folder.File "a.db" ]
                    equal 2 answer.Code
                    equal spec (File.ReadAllText(folder.File "a.db-journal")))

            testCase "results never go into candles"
            <| fun () ->
                withSpec """{"data":["BTCUSDT-*.csv"]}""" (fun folder ->
                    let candles = folder.File "BTCUSDT-1m-2024.csv"
                    // An empty file is one that SQLite would fill.
                    File.WriteAllText(candles, "")

                    for target in [ candles; folder.File "./BTCUSDT-1m-2024.csv" ] do
                        let answer = sweep folder [ "--out"; target ]
                        equal (2, "") (answer.Code, answer.Out)
                        isALine answer.Error
                        contains $"{target}: a candle file of the spec, which is only read" answer.Error

                    equal 0L (FileInfo(candles).Length))

            testCase "a damaged file is one line with its name, and 1"
            <| fun () ->
                withSpec spec (fun folder ->
                    equal 0 (sweep folder []).Code
                    let file, whole = folder.File "bad.db", File.ReadAllBytes(folder.File "sweep.db")
                    let mutable failures = Map.empty

                    let commands = [
                        "report", [ "sweep"; "report"; file ]
                        "export", [ "sweep"; "export"; file; folder.File "bad.csv" ]
                        "merge", [ "sweep"; "merge"; folder.File "all.db"; file ]
                        "merge into it", [ "sweep"; "merge"; file; folder.File "sweep.db" ]
                        "sweep", [ "sweep"; folder.File "spec.json"; "--out"; file ]
                        "plan", [ "sweep"; folder.File "spec.json"; "--out"; file; "--plan" ]
                    ]

                    for page in 1 .. whole.Length / 4096 - 1 do
                        for name, arguments in commands do
                            File.WriteAllBytes(file, whole)
                            damage file page
                            let answer = run arguments

                            // Not every command needs every page.
                            if answer.Code <> 0 then
                                let line = lastLine answer.Error
                                equal (1, line) (answer.Code, line)
                                contains $"{file}: " line
                                failures <- failures |> Map.add name line

                    for name, _ in commands do
                        contains "malformed" (Map.tryFind name failures |> Option.defaultValue $"{name} never failed"))

            cases "a spec that is refused with its markets is one line with its file, and 2" [
                """{"synthetic":{"worlds":["martingale"],"candles":500,"edge_bps":4}}""",
                "synthetic.edge_bps: 4: the world martingale has no such edge"
                """{"synthetic":{"worlds":["drifts"],"candles":500},"folds":{"train_days":2,"test_days":1}}""",
                "the candles are too few for one fold"
                """{"synthetic":{"worlds":["drifts"],"candles":500},"grid":{"agent":["softmax"],"model":["per-action"]}}""",
                "agent softmax has no model for each action"
            ]
            <| fun (text: string, expected: string) ->
                withSpec text (fun folder ->
                    for more in [ []; [ "--plan" ] ] do
                        let answer = sweep folder more
                        equal (2, "") (answer.Code, answer.Out)
                        isALine answer.Error
                        startsWith $"""btcbandit sweep: {folder.File "spec.json"}: """ answer.Error
                        contains expected answer.Error)

            testCase "candles that are missing are one line, and 1"
            <| fun () ->
                withSpec """{"data":["none-*.csv"]}""" (fun folder ->
                    let answer = sweep folder []
                    equal (1, "") (answer.Code, answer.Out)
                    isALine answer.Error)

            testCase "a sweep whose runs all fail says why, and 1"
            <| fun () ->
                withSpec
                    """{"synthetic":{"worlds":["drifts"],"candles":300},"grid":{"indicators":["sma:500"]},"seeds":3}"""
                    (fun folder ->
                        for made in [ "3 made, 3 failed"; "0 made, 3 were there" ] do
                            let answer = sweep folder []
                            equal 1 answer.Code
                            contains made answer.Out

                            equal
                                "btcbandit sweep: 3 runs failed: no step was made: history and warm-up take all candles"
                                (lastLine answer.Error)

                        let report = run [ "sweep"; "report"; folder.File "sweep.db" ]
                        equal (1, "") (report.Code, report.Out)
                        isALine report.Error
                        contains $"""{folder.File "sweep.db"}: all 3 runs failed: """ report.Error)

            testCase "a sweep of which some runs fail says why, and 0"
            <| fun () ->
                withSpec
                    """{"synthetic":{"worlds":["drifts"],"candles":300},"grid":{"indicators":["sma:500", "sma:400", "sma:350", "sma:5"]},"seeds":2}"""
                    (fun folder ->
                        let answer = sweep folder [ "--json" ]
                        equal (0, 6) (answer.Code, (json answer).GetProperty("failed").GetInt32())
                        startsWith "btcbandit sweep: 6 runs failed: " (lastLine answer.Error)
                        let report = run [ "sweep"; "report"; folder.File "sweep.db" ]
                        equal 0 report.Code
                        isALine report.Error
                        startsWith "btcbandit sweep report: 6 of 8 runs failed, most often: " report.Error)

            cases "a report of what is no sweep is one line, and 1" [
                "none.db", "there is no such file"
                "spec.json", "not a file of a sweep"
            ]
            <| fun (file: string, expected: string) ->
                withSpec spec (fun folder ->
                    let answer = run [ "sweep"; "report"; folder.File file ]
                    equal (1, "") (answer.Code, answer.Out)
                    isALine answer.Error
                    contains expected answer.Error)

            cases "a worker whose result differed from the first has failed" [
                0, None, 0
                0, Some 130, 130
                2, None, 1
                2, Some 130, 1
            ]
            <| fun (differing: int, stopped: int option, expected: int) ->
                let progress = WorkerProgress(5, 0, differing, differing, 0, null)
                equal expected (WorkerCommand.ExitOf(progress, Option.toNullable stopped))
                contains $"{differing} results of this machine differed" (SweepText.WorkerDiffers progress)

            cases "a worker without a server that it may use says so" [
                "worker", 2, "--nats is needed"
                "worker --nats nats://192.0.2.1:4222", 1, "is not this machine, so the connection must be encrypted"
                "worker --nats nats://127.0.0.1:1 --nats-inbox _INBOX.boss",
                2,
                "--nats-inbox _INBOX.boss: 1 to 64 letters, digits, - and _ are needed"
                "worker --nats nats://127.0.0.1:1", 1, "No NATS server answers at nats://127.0.0.1:1"
                "worker --nats nats://127.0.0.1:1 --nats-creds /none", 1, "/none cannot be read"
            ]
            <| fun (line: string, code: int, expected: string) ->
                let answer = run (words line)
                equal (code, "") (answer.Code, answer.Out)
                isALine answer.Error
                contains expected answer.Error
        ]
