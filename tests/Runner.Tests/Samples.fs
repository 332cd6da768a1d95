namespace BtcBandit.Runner.Tests

open System
open System.IO
open System.Threading
open Expecto
open BtcBandit.Tests.Runner

/// A folder that is gone at the end of a test.
type internal Temporary() =
    let folder = Directory.CreateTempSubdirectory("btcbandit-runner-").FullName
    member _.File name = Path.Combine(folder, name)

    interface IDisposable with
        member _.Dispose() = Directory.Delete(folder, true)

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

    let falsified = testList "PropertyTests" [ small ]

    let called (name: string) : Test =
        Map.ofList [
            "passing", passing
            "failing", failing
            "skipped", skipped
            "focused", focused
            "duplicates", duplicates
            "falsified", falsified
        ]
        |> Map.find name

    /// The exit code, the output and the errors of a run in this process.
    let run (tests: Test) (arguments: string list) : int * string * string =
        use out = new StringWriter()
        use errors = new StringWriter()
        let code = Console.main (Runner.suite "sample" tests) out errors (Array.ofList arguments)
        code, out.ToString(), errors.ToString()

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
