namespace BtcBandit.Runner.Tests

open System
open System.IO
open System.Threading
open Expecto
open BtcBandit.Tests.Runner

/// Trees of tests that are run by tests.
[<RequireQualifiedAccess>]
module internal Samples =

    let private nothing () = ()

    let passing = testList "PassingTests" [ testCase "one" nothing; testCase "two" nothing ]

    let failing =
        testList "FailingTests" [
            testCase "right" nothing
            testCase "wrong" (fun () -> Expect.equal "red" "green" "the colour")
            testCase "broken" (fun () -> invalidOp "it broke")
            ptestCase "later" nothing
        ]

    let skipped = testList "SkippedTests" [ testCase "elsewhere" (fun () -> skiptest "not here") ]

    let focused =
        testList "FocusedTests" [
            ftestCase "in focus" nothing
            testCase "out of focus" (fun () -> failtest "it was run")
        ]

    let duplicates = testList "TwiceTests" [ testCase "same" nothing; testCase "same" nothing ]

    /// No number is small for long.
    let small = propertyOf 500 "small" (fun (number: int) -> number < 20)

    /// A failed expectation of tests/Shared.
    let unequal =
        testList "UnequalTests" [ testCase "unequal" (fun () -> BtcBandit.Tests.Shared.Expectations.equal 1 2) ]

    let falsified = testList "PropertyTests" [ small ]

    let called (name: string) : Test =
        Map.ofList [
            "passing", passing
            "failing", failing
            "skipped", skipped
            "focused", focused
            "duplicates", duplicates
            "falsified", falsified
            "unequal", unequal
        ]
        |> Map.find name

    /// The exit code, the output and the errors of a run in this process, by some clock.
    let runAt (time: TimeProvider) (suite: Suite) (arguments: string list) : int * string * string =
        use out = new StringWriter(NewLine = "\n")
        use errors = new StringWriter(NewLine = "\n")
        let code = Console.mainAt time suite out errors (Array.ofList arguments)
        code, out.ToString(), errors.ToString()

    /// The exit code, the output and the errors of a run in this process.
    let run (tests: Test) (arguments: string list) : int * string * string =
        runAt TimeProvider.System (Runner.suite "sample" tests) arguments

    /// The names of the tests that ran, in the order in which they ended.
    let ran settings (tests: Test) : string list =
        let ended = Collections.Concurrent.ConcurrentQueue<string>()
        let suite = Runner.suite "sample" tests

        let listener = {
            Started = fun _ -> async.Zero()
            Ended =
                fun _ outcome ->
                    async {
                        if not outcome.Verdict.IsSkipped then
                            ended.Enqueue outcome.Name
                    }
            Wrong = fun _ -> async.Zero()
        }

        Execution.run settings suite (Execution.chosen settings suite) listener CancellationToken.None
        |> Async.RunSynchronously
        |> ignore

        List.ofSeq ended
