namespace BtcBandit.Engine.Tests.Journal

open System
open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions

/// What a data folder is like, without a trace left in it.
module FolderFindingsTests =

    let private entries (folder: Temporary) = List.ofArray (Directory.GetFileSystemEntries folder.Path)

    [<Tests>]
    let tests =
        testList "FolderFindingsTests" [
            testCase "a folder that can be written"
            <| fun () ->
                use folder = new Temporary()
                let found = FolderFindings.Of folder.Path
                isNull' found.Problem
                equal (folder.Path, folder.Path) (found.Folder, found.Existing)
                holds found.FreeBytes.HasValue
                equal (false, true) (found.IsInUse, isNull found.Owner)
                equal [] (entries folder)

            testCase "one that does not exist is not made"
            <| fun () ->
                use folder = new Temporary()
                let found = FolderFindings.Of(folder.File "a/b")
                isNull' found.Problem
                equal (folder.File "a/b", folder.Path) (found.Folder, found.Existing)
                equal [] (entries folder)

            testCase "a file is in its place"
            <| fun () ->
                use folder = new Temporary()
                File.WriteAllText(folder.File "a", "")

                for path in [ "a"; "a/b" ] do
                    let found = FolderFindings.Of(folder.File path)
                    endsWith "a is no folder" found.Problem

            testCase "a folder that cannot be written"
            <| fun () ->
                onlyOnLinux "nobody can write there, not even root"
                notNull' ((FolderFindings.Of "/proc").Problem)
                notNull' ((FolderFindings.Of "/proc/none").Problem)

            testCase "who has locked it is named, and stays the one"
            <| fun () ->
                use folder = new Temporary()

                do
                    use _held = RunFolder.Open folder.Path
                    let before = entries folder

                    for _ in 1..2 do
                        let found = FolderFindings.Of folder.Path
                        equal true found.IsInUse
                        equal (string Environment.ProcessId) (string found.Owner)
                        isNull' found.Problem

                    equal before (entries folder)

                equal false (FolderFindings.Of folder.Path).IsInUse
        ]
