namespace BtcBandit.Engine.Tests.Journal

open System
open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions

module RunFolderTests =

    [<Tests>]
    let tests =
        testList "RunFolderTests" [
            testCase "it is held by one, who is named, until it is let go"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "new/data"

                do
                    use _held = RunFolder.Open path
                    equal $"{Environment.ProcessId}\n" (File.ReadAllText(Path.Combine(path, "lock.pid")))

                    contains
                        $"is in use by process {Environment.ProcessId}"
                        (thrown<JournalException>(fun () -> (RunFolder.Open path).Dispose())).Message

                equal false (File.Exists(Path.Combine(path, "lock.pid")))
                (RunFolder.Open path).Dispose()

            testCase "a lock that nobody holds is in nobody's way"
            <| fun () ->
                use folder = new Temporary()
                File.WriteAllText(folder.File "lock", "")
                File.WriteAllText(folder.File "lock.pid", "1\n")
                (RunFolder.Open folder.Path).Dispose()

            testCase "the number of the process is a hint: without it the folder is held all the same"
            <| fun () ->
                use folder = new Temporary()
                // A folder, which cannot be written as a file.
                Directory.CreateDirectory(folder.File "lock.pid") |> ignore
                let held = folder.File "lock"

                do
                    use _held = RunFolder.Open folder.Path

                    equal
                        $"{folder.Path} is in use by another process (see {held}); wait for it or choose another folder"
                        (thrown<JournalException>(fun () -> (RunFolder.Open folder.Path).Dispose())).Message

                (RunFolder.Open folder.Path).Dispose()

            testCase "a lock that cannot be opened is held by nobody"
            <| fun () ->
                use folder = new Temporary()
                Directory.CreateDirectory(folder.File "lock") |> ignore
                File.WriteAllText(folder.File "lock.pid", "1\n")

                contains
                    "cannot be written"
                    (thrown<JournalException>(fun () -> (RunFolder.Open folder.Path).Dispose())).Message

            testCase "what is there is set aside whole, each time under a new name"
            <| fun () ->
                use folder = new Temporary()
                use held = RunFolder.Open folder.Path
                equal null (held.ArchiveOldRun null)

                for name in [ "without-state"; "without-state-2"; "without-state-3" ] do
                    for file in [ "state.json"; "state.json.bak"; "trades.csv" ] do
                        File.WriteAllText(folder.File file, name + file)

                    equal (folder.File $"runs/{name}") (nonNull (held.ArchiveOldRun null))

                    for file in [ "state.json"; "state.json.bak"; "trades.csv" ] do
                        equal (name + file) (File.ReadAllText(folder.File $"runs/{name}/{file}"))
                        equal false (File.Exists(folder.File file))

            cases "a folder in the place of a file is refused" [
                "state.json"
                "state.json.bak"
                "state.json.tmp"
                "trades.csv"
            ]
            <| fun (name: string) ->
                use folder = new Temporary()
                use held = RunFolder.Open folder.Path
                held.RequireFiles()
                Directory.CreateDirectory(folder.File name) |> ignore

                contains $"{name} is a folder" (thrown<JournalException> held.RequireFiles).Message

            cases "so is one beside the file that a link leads to" [ "state.json.bak"; "state.json.tmp" ]
            <| fun (name: string) ->
                use folder = new Temporary()
                use elsewhere = new Temporary()

                File.CreateSymbolicLink(folder.File "state.json", elsewhere.File "state.json")
                |> ignore

                use held = RunFolder.Open folder.Path
                held.RequireFiles()
                Directory.CreateDirectory(elsewhere.File name) |> ignore

                contains $"{name} is a folder" (thrown<JournalException> held.RequireFiles).Message

            testCase "what is let go twice is not taken from the next"
            <| fun () ->
                use folder = new Temporary()
                let first = RunFolder.Open folder.Path
                first.Dispose()
                use _next = RunFolder.Open folder.Path
                first.Dispose()
                equal $"{Environment.ProcessId}\n" (File.ReadAllText(folder.File "lock.pid"))
        ]
