module BtcBandit.Runner.Tests.ConsoleTests

open System.IO
open System.Xml.Linq
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared

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
            Expect.isOk (Settings.read [ "--filter"; "a"; "--progress"; "off"; "--server" ]) ""
            Expect.isError (Settings.read [ "--progress"; "off"; "--filter"; "a(" ]) ""
            Expect.isError (Settings.read [ "--replay=1" ]) ""
            let read = Settings.read [ "--progress"; "off"; "--sequenced"; "--failed=a"; "--junit-summary"; "b" ]
            Expect.equal read (Ok { Settings.none with Sequenced = true; Failed = Some "a"; Junit = Some "b" }) "")

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

        cases "the folder of a file that is asked for is made" [ "--failed"; "--junit-summary" ] (fun option ->
            use folder = new Temporary()
            let file = Path.Combine(folder.File "new", "deep", "file")
            let code, _, _ = Samples.run Samples.failing [ option; file ]
            Expect.equal code Console.failed ""
            Expect.isTrue (File.Exists file) "")

        cases
            "a file that cannot be written is told in one line before any test runs"
            [ "--failed"; "--junit-summary" ]
            (fun option ->
                use folder = new Temporary()
                File.WriteAllText(folder.File "file", "")
                let file = Path.Combine(folder.File "file", "below")
                let code, out, errors = Samples.run Samples.failing [ option; file ]
                Expect.equal (code, out) (Console.misused, "") ""
                Expect.equal (lines errors).Length 1 errors
                Expect.stringStarts errors $"{option}: '{file}' cannot be written: " "")

        testCase "names alone leave the files of an earlier run" (fun () ->
            use folder = new Temporary()
            let file = folder.File "failed"
            File.WriteAllText(file, "of an earlier run")
            Samples.run Samples.passing [ "--list-tests"; "--failed"; file ] |> ignore
            Expect.isTrue (File.Exists file) "")

        testCase "a list of tests that has faults says so and fails" (fun () ->
            let code, out, errors = Samples.run Samples.duplicates [ "--list-tests" ]
            Expect.equal code Console.failed ""
            Expect.equal (lines out) [ "TwiceTests/same"; "TwiceTests/same" ] ""
            Expect.stringContains errors "2 tests are called 'TwiceTests/same'" ""
            let unmade = { Runner.suite "sample" Samples.passing with Faults = [ Fault.Unmade "it broke" ] }
            let code, _, errors = Samples.runAt System.TimeProvider.System unmade [ "--list-tests" ]
            Expect.equal (code, errors) (Console.failed, "it broke\n") "")

        testCase "where no test ends for a minute, those that run are named" (fun () ->
            let clock = VirtualClock()
            let pass (seconds: int) = clock.Pass(System.TimeSpan.FromSeconds(float seconds))

            let tests =
                testSequenced (
                    testList "A" [
                        testCase "quick" (fun () -> pass 59)
                        testCase "hung" (fun () ->
                            pass 59
                            pass 1)
                        testCase "after it" (fun () -> pass 59)
                    ]
                )

            let code, _, errors = Samples.runAt clock (Runner.suite "sample" tests) []
            Expect.equal (code, errors) (0, "still running: A/hung\n") "")

        // It measures time.
        testSequenced (
            testCase "a thousand tests take no longer than they must" (fun () ->
                // With a limit on the tests at once, Expecto looks for a free place every 10 ms: 6 s on two cores.
                let many = testList "A" [ for i in 1..1_000 -> testCase $"{i}" ignore ]
                let watch = System.Diagnostics.Stopwatch.StartNew()
                Expect.equal (ended many [] |> fst) 0 ""
                Expect.isLessThan watch.Elapsed.TotalSeconds 3.0 "")
        )
    ]
