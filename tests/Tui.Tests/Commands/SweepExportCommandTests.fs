namespace BtcBandit.Tui.Tests.Commands

open System
open System.IO
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Sweep.Store
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// btcbandit sweep export.
module SweepExportCommandTests =

    let private spec =
        """{"synthetic":{"worlds":["drifts"],"seeds":1,"candles":1500},"grid":{"agent":["linear-ts"],"fee-bps":[0,10]},"seeds":4}"""

    /// A folder with a sweep of eight runs.
    let private swept () =
        let folder = new Temporary()
        File.WriteAllText(folder.File "spec.json", spec)
        equal 0 (run [ "sweep"; folder.File "spec.json" ]).Code
        folder

    let private export (arguments: string list) = run ([ "sweep"; "export" ] @ arguments)

    let private isRefused code (words: string) (answer: Answer) =
        equal code answer.Code
        equal "" answer.Out
        isOneLine answer.Error
        contains "btcbandit sweep export: " answer.Error
        contains words answer.Error

    [<Tests>]
    let tests =
        testList "SweepExportCommandTests" [
            testCase "every run is in the table, in each format"
            <| fun () ->
                use folder = swept ()

                for name in [ "runs.csv"; "runs.csv.gz"; "runs.parquet" ] do
                    let answer = export [ folder.File "sweep.db"; folder.File name ]
                    equal 0 answer.Code
                    contains $"{folder.File name}: 8 rows of {SweepExport.Columns.Count} columns, " answer.Out
                    isAbove 1_000L (FileInfo(folder.File name).Length)

                let lines = File.ReadAllLines(folder.File "runs.csv")
                equal 9 lines.Length
                equal (String.Join(',', SweepExport.Columns)) lines[0]

            testCase "only one sweep of the file"
            <| fun () ->
                use folder = swept ()
                use store = SweepStore.OpenToRead(folder.File "sweep.db")
                let struct (id, _) = store.Sweeps()[0]
                equal 0 (export [ folder.File "sweep.db"; folder.File "a.csv"; "--sweep"; id ]).Code
                equal 9 (File.ReadAllLines(folder.File "a.csv").Length)

                export [ folder.File "sweep.db"; folder.File "b.csv"; "--sweep"; "other" ]
                |> isRefused 1 $"no sweep other: one of {id} is needed"

                fails (File.Exists(folder.File "b.csv"))

            testCase "what cannot be read or written is told in one line"
            <| fun () ->
                use folder = swept ()
                let file = folder.File "sweep.db"

                export [ folder.File "none.db"; folder.File "a.csv" ]
                |> isRefused 1 "there is no such file"

                export [ folder.File "spec.json"; folder.File "a.csv" ]
                |> isRefused 1 "not a file of a sweep"

                export [ file; folder.File "a.xlsx" ]
                |> isRefused 2 "its name must end with one of .csv, .csv.gz, .parquet"

                export [ file; folder.File "no/a.csv" ] |> isRefused 1 "there is no folder"
                Directory.CreateDirectory(folder.File "folder.csv") |> ignore
                export [ file; folder.File "folder.csv" ] |> isRefused 2 "a file is needed"

                export [ file ]
                |> isRefused 2 "TARGET is missing (The file to write, .csv, .csv.gz or .parquet)"

                equal [ "folder.csv" ] [
                    for path in Directory.GetFileSystemEntries(folder.Path, "*.csv") -> nonNull (Path.GetFileName path)
                ]

            testCase "a sweep is never replaced by its own table"
            <| fun () ->
                use folder = swept ()
                let file = folder.File "sweep.csv"
                File.Copy(folder.File "sweep.db", file)
                let before = File.ReadAllBytes file
                export [ file; file ] |> isRefused 2 "the sweep itself"

                export [ file; Path.Combine(folder.Path, ".", "sweep.csv") ]
                |> isRefused 2 "the sweep itself"

                equalSeq before (File.ReadAllBytes file)
        ]
