namespace BtcBandit.Engine.Tests.Journal

open System
open System.IO
open NUnit.Framework
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
