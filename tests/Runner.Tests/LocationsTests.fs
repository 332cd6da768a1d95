module BtcBandit.Runner.Tests.LocationsTests

open System.IO
open System.Reflection
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared

// Not before the tests run: this file's own are among them.
let private suite = lazy Runner.suiteOf (Assembly.GetExecutingAssembly())

/// The file of the first test of this program whose name begins so, and the text of its line.
let private placeOf (name: string) =
    let test =
        Test.toTestCodeList suite.Value.Tests
        |> List.find (fun test -> (Selection.nameOf test).StartsWith name)

    suite.Value.Location test
    |> Option.map (fun found ->
        let line = (File.ReadAllLines found.sourcePath)[found.lineNumber - 1]
        Path.GetFileName found.sourcePath, line.Trim())

[<Tests>]
let tests =
    testList "LocationsTests" [
        testCase "a test is where its check begins" (fun () ->
            Expect.equal
                (placeOf "LocationsTests/a test is where its check begins")
                (Some("LocationsTests.fs", "Expect.equal"))
                "")

        testCase "tests of another program have no place in this one" (fun () ->
            let other = Runner.suiteOf typeof<Test>.Assembly
            let test = List.head (Test.toTestCodeList Samples.passing)
            Expect.isNone (other.Location test) "")
    ]
