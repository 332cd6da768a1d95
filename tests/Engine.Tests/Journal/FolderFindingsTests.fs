namespace BtcBandit.Engine.Tests.Journal

open System
open System.IO
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions

/// What a data folder is like, without a trace left in it.
[<TestFixture>]
type FolderFindingsTests() =

    let entries (folder: Temporary) = List.ofArray (Directory.GetFileSystemEntries folder.Path)

    [<Test>]
    member _.``a folder that can be written``() =
        use folder = new Temporary()
        let found = FolderFindings.Of folder.Path
        Assert.That(found.Problem, Is.Null)
        equal (folder.Path, folder.Path) (found.Folder, found.Existing)
        Assert.That(found.FreeBytes.HasValue)
        equal (false, true) (found.IsInUse, isNull found.Owner)
        equal [] (entries folder)

    [<Test>]
    member _.``one that does not exist is not made``() =
        use folder = new Temporary()
        let found = FolderFindings.Of(folder.File "a/b")
        Assert.That(found.Problem, Is.Null)
        equal (folder.File "a/b", folder.Path) (found.Folder, found.Existing)
        equal [] (entries folder)

    [<Test>]
    member _.``a file is in its place``() =
        use folder = new Temporary()
        File.WriteAllText(folder.File "a", "")

        for path in [ "a"; "a/b" ] do
            let found = FolderFindings.Of(folder.File path)
            Assert.That(found.Problem, Does.EndWith "a is no folder")

    [<Test>]
    [<Platform(Include = "Linux", Reason = "nobody can write there, not even root")>]
    member _.``a folder that cannot be written``() =
        Assert.That((FolderFindings.Of "/proc").Problem, Is.Not.Null)
        Assert.That((FolderFindings.Of "/proc/none").Problem, Is.Not.Null)

    [<Test>]
    member _.``who has locked it is named, and stays the one``() =
        use folder = new Temporary()

        do
            use _held = RunFolder.Open folder.Path
            let before = entries folder

            for _ in 1..2 do
                let found = FolderFindings.Of folder.Path
                equal true found.IsInUse
                equal (string Environment.ProcessId) (string found.Owner)
                Assert.That(found.Problem, Is.Null)

            equal before (entries folder)

        equal false (FolderFindings.Of folder.Path).IsInUse
