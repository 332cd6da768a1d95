module BtcBandit.Runner.Tests.ConsoleTests

open System.IO
open System.Xml.Linq
open Expecto
open BtcBandit.Tests.Runner

let private lines (text: string) = text.TrimEnd().Split '\n' |> List.ofArray

/// The exit code and the last line of the output.
let private ended tests arguments =
    let code, out, _ = Samples.run tests arguments
    code, List.last (lines out)

[<Tests>]
let tests =
    testList "ConsoleTests" [
        cases
            "the exit code and the last line say what came of a run"
            [
                "passing", [], 0, "2 passed, 0 failed"
                "failing", [], 1, "1 passed, 2 failed, 1 skipped"
                "failing", [ "--filter"; "right" ], 0, "1 passed, 0 failed"
                "failing", [ "--filter=Name=right" ], 0, "1 passed, 0 failed"
                "failing", [ "--filter"; "later" ], 0, "0 passed, 0 failed, 1 skipped"
                "skipped", [], 0, "0 passed, 0 failed, 1 skipped"
                "passing", [ "--filter"; "no such test" ], 8, "0 passed, 0 failed"
                "passing", [ "--sequenced" ], 0, "2 passed, 0 failed"
                "focused", [], 1, "1 passed, 1 failed, 1 skipped"
                "duplicates", [], 1, "0 passed, 1 failed"
            ]
            (fun (sample, arguments, code, last) ->
                Expect.equal (ended (Samples.called sample) arguments) (code, last) "")

        cases
            "a command line that is wrong is refused in one line"
            [
                [ "--wrong" ], "'--wrong' is no option; --help names them"
                [ "FilterTests" ], "'FilterTests' is no option; --help names them"
                [ "--filter" ], "--filter: its EXPRESSION is missing"
                [ "--filter"; "a(" ],
                @"--filter 'a(': '(' at position 2 is not expected; write '\(' if it belongs to a name"
                [ "--replay"; "12" ], "--replay '12': what a failed property prints is expected, as in 123,457,10"
                [ "--replay"; "1,2,x" ], "--replay '1,2,x': what a failed property prints is expected, as in 123,457,10"
                [ "--replay"; "1,2,3,4" ],
                "--replay '1,2,3,4': what a failed property prints is expected, as in 123,457,10"
                [ "--output"; "loud" ], "--output: Normal or Detailed is expected"
                [ "--show-slowest-tests"; "x" ], "--show-slowest-tests: a number of tests is expected"
            ]
            (fun (arguments, expected) ->
                let code, out, errors = Samples.run Samples.passing arguments
                Expect.equal (code, out, lines errors) (Console.misused, "", [ expected ]) "")

        testCase "the platform is told the same about the values of these options" (fun () ->
            Expect.isNone (Settings.fault [ "--filter"; "a"; "--progress"; "off"; "--server" ]) ""
            Expect.isSome (Settings.fault [ "--progress"; "off"; "--filter"; "a(" ]) ""
            Expect.isSome (Settings.fault [ "--replay=1" ]) "")

        testCase "what fails is shown with its name, message and place" (fun () ->
            let _, out, _ = Samples.run Samples.failing []
            Expect.stringContains out "failed FailingTests/wrong (" ""
            Expect.stringContains out "the colour" ""
            Expect.stringContains out "System.InvalidOperationException: it broke" ""
            Expect.stringContains out "Samples.fs:line " ""
            Expect.isFalse (out.Contains "FailingTests/right") "what passed is not shown")

        testCase "in detail, each test is shown with its duration or its reason" (fun () ->
            let _, out, _ = Samples.run Samples.failing [ "--output"; "detailed" ]
            Expect.stringContains out "passed FailingTests/right (" ""
            Expect.stringContains out "skipped FailingTests/later: " "")

        testCase "the slowest tests are shown when they are asked for" (fun () ->
            let slow =
                testList "A" [
                    testCase "fast" ignore
                    testCase "slow" (fun () -> System.Threading.Thread.Sleep 60)
                ]

            let _, out, _ = Samples.run slow [ "--show-slowest-tests"; "1" ]
            let shown = lines out |> List.filter _.Contains(" s  ")
            Expect.equal (shown |> List.map (fun line -> line.Split("  ") |> Array.last)) [ "A/slow" ] "")

        testCase "tests are named without being run" (fun () ->
            let code, out, _ = Samples.run Samples.failing [ "--list-tests"; "--filter"; "Name!~b" ]
            Expect.equal code 0 ""
            Expect.equal (lines out) [ "FailingTests/right"; "FailingTests/wrong"; "FailingTests/later" ] "")

        testCase "a list of no tests has the exit code of a run of none" (fun () ->
            let code, _, _ = Samples.run Samples.failing [ "--list-tests"; "--filter"; "x y z" ]
            Expect.equal code Console.nothingRan "")

        testCase "the help names every option and runs nothing" (fun () ->
            let code, out, _ = Samples.run Samples.failing [ "--help" ]
            Expect.equal code 0 ""

            for option in Settings.options do
                Expect.stringContains out $"--{option.Name}" ""

            Expect.isFalse (out.Contains "FailingTests") "")

        testCase "a focused test fails the run with its name, and what it hides is skipped" (fun () ->
            let _, out, _ = Samples.run Samples.focused []
            Expect.stringContains out "'FocusedTests/in focus' is focused" ""
            Expect.isFalse (out.Contains "it was run") "")

        testCase "failed tests are written in the order of the suite" (fun () ->
            use folder = new Temporary()
            let file = folder.File "failed"
            Samples.run Samples.failing [ "--failed"; file ] |> ignore

            Expect.equal (File.ReadAllLines file |> List.ofArray) [ "FailingTests/wrong"; "FailingTests/broken" ] "")

        testCase "where all passed, the file of failed tests is there and empty" (fun () ->
            use folder = new Temporary()
            let file = folder.File "failed"
            File.WriteAllText(file, "of an earlier run")
            Samples.run Samples.passing [ "--failed"; file ] |> ignore
            Expect.equal (File.ReadAllText file) "" "")

        cases
            "a run that did not get that far leaves no file of failed tests"
            [ "passing", [ "--filter"; "no such test" ]; "duplicates", []; "focused", [] ]
            (fun (sample, arguments) ->
                use folder = new Temporary()
                let file = folder.File "failed"
                File.WriteAllText(file, "of an earlier run")
                Samples.run (Samples.called sample) ("--failed" :: file :: arguments) |> ignore
                Expect.isFalse (File.Exists file) "")

        testCase "the summary for CI is written, faults of the suite included" (fun () ->
            use folder = new Temporary()
            let file = folder.File "junit.xml"
            Samples.run Samples.focused [ "--junit-summary"; file ] |> ignore
            let cases = (XDocument.Load file).Descendants(XName.Get "testcase") |> List.ofSeq
            Expect.equal cases.Length 3 ""
            let failures = (XDocument.Load file).Descendants(XName.Get "failure") |> Seq.length
            Expect.equal failures 1 "")

        testCase "a thousand tests take no longer than they must" (fun () ->
            // With a limit on the tests at once, Expecto looks for a free place every 10 ms: 6 s on two cores.
            let many = testList "A" [ for i in 1..1_000 -> testCase $"{i}" ignore ]
            let watch = System.Diagnostics.Stopwatch.StartNew()
            Expect.equal (ended many [] |> fst) 0 ""
            Expect.isLessThan watch.Elapsed.TotalSeconds 3.0 "")
    ]
