namespace BtcBandit.Sweep.Tests.Store

open System
open System.Globalization
open System.IO
open System.IO.Compression
open System.Text.Json
open System.Threading
open Expecto
open Parquet
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Trading
open BtcBandit.Sweep.Runs
open BtcBandit.Sweep.Store

/// What other programs read of a sweep.
module SweepExportTests =

    let private parameters = RunParameters(Agent = "greedy", Evidence = 0.0, Horizon = Nullable 15)

    let private part =
        PartResult(
            10L,
            0.1 + 0.2,
            Nullable -1e-300,
            0.5,
            Nullable(),
            Nullable 5e-324,
            3L,
            1L,
            Nullable 1.0,
            Nullable(),
            1.5,
            0.0,
            Nullable 0.25,
            1e17,
            -0.1
        )

    let private row key seed error =
        RunRow(
            Key = key,
            Code = "c0de",
            Data = "da7a",
            Symbol = "BTC/USDT",
            Timeframe = "1m",
            Window = Window(1_709_510_400_000L, 1_709_683_200_000L, 1_709_769_600_500L),
            Setting = RunKey.OfSetting parameters,
            FeeBps = 0.5,
            SlippageBps = 0.0,
            Seed = seed,
            Error = error,
            Test = (if isNull error then part else null),
            Growth =
                (if isNull error then
                     GrowthSeries(5L, [| 0.1f; 0.2f |], [| 0.0f; 0.0f |])
                 else
                     null)
        )

    /// A file with two sweeps that share a run, a run of no sweep, and a run that failed.
    let private filled (path: string) =
        let store = SweepStore.Open path
        let text () = RunKey.SettingText parameters

        let members market keys =
            let candidate =
                SweepCandidate(market, "BTC/USDT", "1m", 0.5, 0.0, RunKey.OfSetting parameters, "agent greedy")

            keys
            |> List.map (fun key -> SweepMember(key, candidate, 2, (fun () -> text ())))

        let at = DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)
        store.AddSweep("first", "{}", at, members "a \"market\",\nnew" [ "k1"; "k2"; "k-missing" ])
        store.AddSweep("second", "{}", at, members "BTC/USDT" [ "k1" ])

        store.Add [|
            row "k1" 1L null
            row "k2" 2L "it \"broke\", twice\nand again"
            row "k3" 3L null
        |]
        |> ignore

        store

    /// Names in a folder, but for those of the log that SQLite keeps beside an open file.
    let private leftIn (folder: string) =
        Directory.GetFiles folder
        |> Seq.map (fun path -> nonNull (Path.GetFileName path))
        |> Seq.filter (fun name -> not (name.Contains "-"))
        |> Seq.sort

    let private written name sweep =
        use folder = new Temporary()
        use store = filled (folder.File "sweep.db")
        let target = folder.File name
        let rows = SweepExport.WriteAsync(store, target, sweep, CancellationToken.None).GetAwaiter().GetResult()
        equalSeq [ name; "sweep.db" ] (leftIn folder.Path)
        rows, File.ReadAllBytes target

    /// Rows of fields as RFC 4180 has them, by a reader of our own.
    let private parsed (text: string) =
        let rows, row, field = ResizeArray(), ResizeArray(), Text.StringBuilder()
        let mutable quoted, at = false, 0

        let endField () =
            row.Add(field.ToString())
            field.Clear() |> ignore

        while at < text.Length do
            match text[at] with
            | '"' when quoted && at + 1 < text.Length && text[at + 1] = '"' ->
                field.Append '"' |> ignore
                at <- at + 1
            | '"' -> quoted <- not quoted
            | ',' when not quoted -> endField ()
            | '\n' when not quoted ->
                endField ()
                rows.Add(row.ToArray())
                row.Clear()
            | letter -> field.Append letter |> ignore

            at <- at + 1

        equal 0 row.Count
        List.ofSeq rows

    let private table (bytes: byte[]) =
        match parsed (Text.Encoding.UTF8.GetString bytes) with
        | header :: rows -> rows |> List.map (fun row -> Seq.zip header row |> Map)
        | [] -> failtest "no header"

    let private number (text: string) = Double.Parse(text, CultureInfo.InvariantCulture)

    let private unpacked (bytes: byte[]) =
        use packed = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress)
        use whole = new MemoryStream()
        packed.CopyTo whole
        whole.ToArray()

    [<Tests>]
    let tests =
        testList "SweepExportTests" [
            testCase "a row for each run in each sweep, and for each run in none"
            <| fun () ->
                let rows, bytes = written "a.csv" null
                equal 4L rows
                let table = table bytes

                equal [ "first", "k1"; "first", "k2"; "second", "k1"; "", "k3" ] [
                    for row in table -> row["sweep"], row["key"]
                ]

                equal "a \"market\",\nnew" table[0].["market"]
                equal "" table[3].["market"]

            testCase "one sweep"
            <| fun () ->
                let rows, bytes = written "a.csv" "second"
                equal 1L rows
                equal [ "k1" ] [ for row in table bytes -> row["key"] ]

            testCase "numbers read back to the last bit, times are ISO, what is absent is empty"
            <| fun () ->
                let row = (written "a.csv" null |> snd |> table)[0]
                equal (0.1 + 0.2) (number row["total_return"])
                equal -1e-300 (number row["buy_and_hold_return"])
                equal 5e-324 (number row["sortino"])
                equal 1e17 (number row["turnover"])
                equal "" row["sharpe"]
                equal "" row["train_steps"]
                equal "10" row["steps"]
                equal "2024-03-04T00:00:00Z" row["first"]
                equal "2024-03-07T00:00:00.5Z" row["last"]
                equal "" row["message"]

            testCase "a run that failed says why"
            <| fun () ->
                let row = (written "a.csv" null |> snd |> table)[1]
                equal "failed" row["status"]
                equal "it \"broke\", twice\nand again" row["message"]
                equal "" row["total_return"]

            testCase "every parameter of a setting is a column, in its own words"
            <| fun () ->
                let row = (written "a.csv" null |> snd |> table)[0]
                // Seed and costs are columns of the run; the others are the same for all runs of a sweep.
                let elsewhere = set [ "seed"; "costs"; "history"; "cost_model"; "rules" ]
                use json = JsonDocument.Parse(RunKey.SettingText parameters)

                for entry in json.RootElement.EnumerateObject() do
                    if not (elsewhere.Contains entry.Name) then
                        let value = entry.Value

                        let text =
                            if value.ValueKind = JsonValueKind.String then
                                value.GetString()
                            else
                                value.GetRawText()

                        equalText text row[entry.Name]

                equal "0" row["evidence"]
                equal "15" row["horizon"]

            testCase "packed, it is the same text"
            <| fun () -> equalSeq (written "a.csv" null |> snd) (written "a.CSV.GZ" null |> snd |> unpacked)

            testCase "Parquet has the same columns and values"
            <| fun () ->
                let rows, bytes = written "a.parquet" null
                equal 4L rows
                let reader = ParquetReader.CreateAsync(new MemoryStream(bytes)).GetAwaiter().GetResult()
                equalSeq SweepExport.Columns (reader.Schema.DataFields |> Seq.map _.Name)
                equal 1 reader.RowGroupCount
                use group = reader.OpenRowGroupReader 0
                equal 4L group.RowCount
                let field name = reader.Schema.DataFields |> Array.find (fun field -> field.Name = name)

                let texts name =
                    let values = Array.zeroCreate<string> 4
                    group.ReadAsync(field name, values.AsMemory()).GetAwaiter().GetResult()
                    List.ofArray values

                let values name =
                    let values = Array.zeroCreate<Nullable<'value>> 4
                    group.ReadAsync<'value>(field name, values.AsMemory()).GetAwaiter().GetResult()
                    values |> Array.map Option.ofNullable |> List.ofArray

                equal [ "k1"; "k2"; "k1"; "k3" ] (texts "key")
                isNull' (List.item 3 (texts "sweep"))
                equal [ Some(0.1 + 0.2); None; Some(0.1 + 0.2); Some(0.1 + 0.2) ] (values "total_return")
                equal [ Some 1L; Some 2L; Some 1L; Some 3L ] (values "seed")

                let first: DateTime option list = values "first"
                equal (Some(DateTime(2024, 3, 4))) (List.head first)

            testCase "a sweep without a result is a header, and a Parquet file without rows"
            <| fun () ->
                use folder = new Temporary()
                use store = SweepStore.Open(folder.File "sweep.db")

                for name in [ "a.csv"; "a.parquet" ] do
                    let file = folder.File name

                    let rows =
                        SweepExport.WriteAsync(store, file, null, CancellationToken.None).GetAwaiter().GetResult()

                    equal 0L rows

                equal 1 (File.ReadAllLines(folder.File "a.csv").Length)

                let reader =
                    ParquetReader
                        .CreateAsync(new MemoryStream(File.ReadAllBytes(folder.File "a.parquet")))
                        .GetAwaiter()
                        .GetResult()

                equal 0 reader.RowGroupCount

            testCase "what is stopped leaves the old file"
            <| fun () ->
                use folder = new Temporary()
                use store = filled (folder.File "sweep.db")
                let target = folder.File "a.csv"
                File.WriteAllText(target, "old")

                Expect.throwsT<OperationCanceledException>
                    (fun () ->
                        SweepExport.WriteAsync(store, target, null, CancellationToken true).GetAwaiter().GetResult()
                        |> ignore)
                    "stopped"

                equal "old" (File.ReadAllText target)
                equalSeq [ "a.csv"; "sweep.db" ] (leftIn folder.Path)
        ]
