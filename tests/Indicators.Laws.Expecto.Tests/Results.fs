/// What comes of test cases that are run inside a test.
module BtcBandit.Indicators.Laws.Expecto.Tests.Results

open Expecto
open Expecto.Impl

let private nameOf (test: FlatTest) = String.concat "/" test.name

/// The full name of each test case, with slashes, and its result, in the order of the tests.
let ofTests (tests: Test) =
    let config = {
        ExpectoConfig.defaultConfig with
            printer = TestPrinters.silent
            // All on this thread: tests that wait for threads of the pool would leave it none.
            runInParallel = false
    }

    let results =
        dict [
            for test, summary in Async.StartImmediateAsTask(evalTests config tests).GetAwaiter().GetResult() ->
                nameOf test, summary.result
        ]

    [ for test in Test.toTestCodeList tests -> nameOf test, results[nameOf test] ]

let failures results = [
    for name: string, result in results do
        match result with
        // Expecto begins a message on a line of its own.
        | Failed message when message.StartsWith '\n' -> name, message.Substring 1
        | Failed message -> name, message
        | Error error -> name, $"ERROR {error}"
        | Passed
        | Ignored _ -> ()
]

let skips results = [
    for name: string, result in results do
        match result with
        | Ignored reason -> name, reason
        | _ -> ()
]
