module BtcBandit.Runner.Tests.TemporaryTests

open System
open System.IO
open Expecto
open BtcBandit.Tests.Shared

[<Tests>]
let tests =
    testList "TemporaryTests" [
        testCase "a folder is gone with what is in it" (fun () ->
            let folder = new Temporary()
            File.WriteAllText(folder.File "a", "")
            (folder :> IDisposable).Dispose()
            Expect.isFalse (Directory.Exists folder.Path) "")

        testCase "a folder that cannot be taken away hides no failure" (fun () ->
            let folder = new Temporary()
            Directory.Delete folder.Path
            (folder :> IDisposable).Dispose())
    ]
