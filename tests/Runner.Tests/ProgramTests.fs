module BtcBandit.Runner.Tests.ProgramTests

open System
open System.Diagnostics
open System.IO
open System.Reflection
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared

/// The exit code and the output of this program with a sample instead of its own tests.
let private start (sample: string) (arguments: string list) : int * string =
    let program = Assembly.GetExecutingAssembly().Location

    let info =
        ProcessStartInfo("dotnet", program :: arguments, RedirectStandardOutput = true, RedirectStandardError = true)

    info.Environment["BTCBANDIT_SAMPLE"] <- sample
    // A run that is watched by `dotnet test` must not make the sample believe that it is watched too.
    for key in List.ofSeq info.Environment.Keys do
        if key.StartsWith "TESTINGPLATFORM_" || key.StartsWith "DOTNET_CLI_TEST" then
            info.Environment.Remove key |> ignore

    use running =
        match Process.Start info with
        | null -> failtest "the program does not start"
        | running -> running

    let errors = running.StandardError.ReadToEndAsync()
    let out = running.StandardOutput.ReadToEndAsync()
    let hasEnded = running.WaitForExit(TimeSpan.FromMinutes 2.0)

    if not hasEnded then
        running.Kill true

    let said = (out.Result + errors.Result).ReplaceLineEndings "\n"

    if not hasEnded then
        failtest $"it did not end within two minutes: {said}"

    running.ExitCode, said

let private platform = "--platform"

[<Tests>]
let tests =
    testList "ProgramTests" [
        cases
            "the program ends with the code of its way of running"
            [
                "passing", [], 0
                "failing", [], 1
                "passing", [ "--wrong" ], 2
                "passing", [ "--filter"; "no such test" ], 8
                "passing", [ platform ], 0
                "failing", [ platform ], 2
                "failing", [ platform; "--filter"; "right" ], 0
                "passing", [ platform; "--wrong" ], 5
                "passing", [ platform; "--filter"; "a(" ], 2
                "passing", [ platform; "--filter"; "no such test" ], 8
                "skipped", [ platform ], 0
                "focused", [ platform ], 2
                "duplicates", [ platform ], 2
                "passing", [ "--failed"; "." ], 2
                "passing", [ platform; "--failed"; "." ], 2
                "passing", [ platform; "--junit-summary=." ], 2
                "duplicates", [ "--list-tests" ], 1
                "duplicates", [ platform; "--list-tests" ], 2
            ]
            (fun (sample, arguments, expected) ->
                let code, out = start sample arguments
                Expect.equal code expected out)

        cases "both ways tell the same about a test" [ []; [ platform ] ] (fun way ->
            let _, out = start "failing" way
            Expect.stringContains out "FailingTests/wrong" ""
            Expect.stringContains out "the colour" ""
            Expect.stringContains out "System.InvalidOperationException: it broke" ""
            Expect.stringContains out "Samples.fs:" "")

        cases "both ways show the line of a failed expectation" [ []; [ platform ] ] (fun way ->
            let _, out = start "unequal" way
            Expect.isMatch out @"Samples\.fs:(line )?\d+" ""
            Expect.isFalse (out.Contains "Expectations.fs") out)

        cases "both ways name a fault where they list tests" [ []; [ platform ] ] (fun way ->
            let _, out = start "duplicates" (way @ [ "--list-tests" ])
            Expect.stringContains out "2 tests are called 'TwiceTests/same'" "")

        cases "both ways name what is focused or there twice" [ []; [ platform ] ] (fun way ->
            Expect.stringContains (start "focused" way |> snd) "'FocusedTests/in focus' is focused" ""
            Expect.stringContains (start "duplicates" way |> snd) "2 tests are called 'TwiceTests/same'" "")

        cases "both ways write the same files" [ []; [ platform ] ] (fun way ->
            use folder = new Temporary()
            let failed, junit = folder.File "failed", folder.File "junit.xml"

            start "failing" (way @ [ "--failed"; failed; "--junit-summary"; junit; "--sequenced" ])
            |> ignore

            Expect.equal (File.ReadAllLines failed |> List.ofArray) [ "FailingTests/wrong"; "FailingTests/broken" ] ""

            Expect.stringContains (File.ReadAllText junit) "tests=\"4\" failures=\"2\" errors=\"0\" skipped=\"1\"" "")

        cases "both ways list tests" [ []; [ platform ] ] (fun way ->
            let code, out = start "failing" (way @ [ "--list-tests" ])
            Expect.equal code 0 ""
            Expect.stringContains out "FailingTests/broken" "")

        testCase "both ways replay a property" (fun () ->
            let first = start "falsified" [] |> snd
            let seed = Regex.Match(first, @"--replay \S+").Value

            for way in [ []; [ platform ] ] do
                let out = start "falsified" (way @ List.ofArray (seed.Split ' ')) |> snd
                Expect.stringContains out "Failed after 1 test." ""
                Expect.stringContains out seed "")

        testCase "the platform counts failed and skipped tests as the check script reads them" (fun () ->
            let _, out = start "failing" [ platform ]
            let counts = [ "total: 4"; "failed: 2"; "succeeded: 1"; "skipped: 1" ]

            for count in counts do
                Expect.stringContains out count "")
    ]
