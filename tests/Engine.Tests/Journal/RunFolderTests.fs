namespace BtcBandit.Engine.Tests.Journal

open System
open System.IO
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions

[<TestFixture>]
type RunFolderTests() =

    [<Test>]
    member _.``it is held by one, who is named, until it is let go``() =
        use folder = new Temporary()
        let path = folder.File "new/data"

        do
            use _held = RunFolder.Open path
            equal $"{Environment.ProcessId}\n" (File.ReadAllText(Path.Combine(path, "lock.pid")))

            Assert.That(
                Action(fun () -> (RunFolder.Open path).Dispose()),
                Throws.TypeOf<JournalException>().And.Message.Contains $"is in use by process {Environment.ProcessId}"
            )

        equal false (File.Exists(Path.Combine(path, "lock.pid")))
        (RunFolder.Open path).Dispose()

    [<Test>]
    member _.``a lock that nobody holds is in nobody's way``() =
        use folder = new Temporary()
        File.WriteAllText(folder.File "lock", "")
        File.WriteAllText(folder.File "lock.pid", "1\n")
        (RunFolder.Open folder.Path).Dispose()

    [<Test>]
    member _.``the number of the process is a hint: without it the folder is held all the same``() =
        use folder = new Temporary()
        // A folder, which cannot be written as a file.
        Directory.CreateDirectory(folder.File "lock.pid") |> ignore
        let held = folder.File "lock"

        do
            use _held = RunFolder.Open folder.Path

            Assert.That(
                Action(fun () -> (RunFolder.Open folder.Path).Dispose()),
                Throws.TypeOf<JournalException>().And.Message.EqualTo
                    $"{folder.Path} is in use by another process (see {held}); wait for it or choose another folder"
            )

        (RunFolder.Open folder.Path).Dispose()

    [<Test>]
    member _.``a lock that cannot be opened is held by nobody``() =
        use folder = new Temporary()
        Directory.CreateDirectory(folder.File "lock") |> ignore
        File.WriteAllText(folder.File "lock.pid", "1\n")

        Assert.That(
            Action(fun () -> (RunFolder.Open folder.Path).Dispose()),
            Throws.TypeOf<JournalException>().And.Message.Contains "cannot be written"
        )

    [<Test>]
    member _.``what is there is set aside whole, each time under a new name``() =
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

    [<TestCase("state.json")>]
    [<TestCase("state.json.bak")>]
    [<TestCase("state.json.tmp")>]
    [<TestCase("trades.csv")>]
    member _.``a folder in the place of a file is refused``(name: string) =
        use folder = new Temporary()
        use held = RunFolder.Open folder.Path
        held.RequireFiles()
        Directory.CreateDirectory(folder.File name) |> ignore

        Assert.That(
            Action held.RequireFiles,
            Throws.TypeOf<JournalException>().And.Message.Contains $"{name} is a folder"
        )

    [<TestCase("state.json.bak")>]
    [<TestCase("state.json.tmp")>]
    member _.``so is one beside the file that a link leads to``(name: string) =
        use folder = new Temporary()
        use elsewhere = new Temporary()

        File.CreateSymbolicLink(folder.File "state.json", elsewhere.File "state.json")
        |> ignore

        use held = RunFolder.Open folder.Path
        held.RequireFiles()
        Directory.CreateDirectory(elsewhere.File name) |> ignore

        Assert.That(
            Action held.RequireFiles,
            Throws.TypeOf<JournalException>().And.Message.Contains $"{name} is a folder"
        )

    [<Test>]
    member _.``what is let go twice is not taken from the next``() =
        use folder = new Temporary()
        let first = RunFolder.Open folder.Path
        first.Dispose()
        use _next = RunFolder.Open folder.Path
        first.Dispose()
        equal $"{Environment.ProcessId}\n" (File.ReadAllText(folder.File "lock.pid"))
