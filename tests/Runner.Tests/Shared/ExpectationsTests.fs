module BtcBandit.Runner.Tests.ExpectationsTests

open System
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Runner.Tests
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared

/// What a run says of a test with this check.
let private said (check: unit -> unit) =
    let _, out, _ = Samples.run (testCase "it" check) [ "--output"; "Detailed" ]
    out

/// The lines of the stack that are shown.
let private places (check: unit -> unit) =
    (said check).Split '\n'
    |> Array.filter (fun line -> Regex.IsMatch(line, @"^\s+at "))

let private fails (check: unit -> unit) =
    try
        check ()
        failtest "it did not fail"
    with :? AssertException as error ->
        error.Message

[<Tests>]
let tests =
    testList "ExpectationsTests" [
        testCase "the reason stands before what was expected" (fun () ->
            Expect.stringStarts (fails (fun () -> because "the sum" (fun () -> equal 1 2))) "the sum: " ""
            Expect.stringContains (fails (fun () -> because "the sum" (fun () -> equal 1 2))) "expected: 1" ""

            Expect.equal
                (fails (fun () -> because "the sum" (fun () -> failtestNoStack "it is odd")))
                "the sum: it is odd"
                "one of Expecto's own without a stack"

            Expect.equal
                (fails (fun () -> because "outer" (fun () -> because "inner" (fun () -> failtest "odd"))))
                "outer: inner: odd"
                "")

        testCase "a test that is skipped is skipped, whatever the reason" (fun () ->
            let out = said (fun () -> because "the sum" (fun () -> skiptest "not here"))
            Expect.stringContains out "skipped it: not here" "")

        testCase "what is no expectation goes on as it is" (fun () ->
            let broken () = because "the sum" (fun () -> invalidOp "broken")
            Expect.throwsT<InvalidOperationException> broken "")

        cases
            "the place of a failed expectation is the line of the test"
            [
                "equal"
                "isNear"
                "isNearPercent"
                "areNear"
                "isAbove"
                "because"
                "contains"
                "throwsFor"
                "all"
            ]
            (fun name ->
                let check () =
                    match name with
                    | "equal" -> equal 1 2
                    | "isNear" -> isNear 0.1 1.0 2.0
                    | "isNearPercent" -> isNearPercent 1.0 1.0 2.0
                    | "areNear" -> areNear 0.1 [ 1.0 ] [ 2.0 ]
                    | "isAbove" -> isAbove 2 1
                    | "because" -> because "why" (fun () -> equal 1 2)
                    | "contains" -> contains "a" "b"
                    | "throwsFor" ->
                        throwsFor<ArgumentException> "it" (fun () -> raise (ArgumentException("", "other")))
                    | _ -> all (fun i -> i = 1) [ 2 ]

                match places check with
                | [||] -> failtest (said check)
                | lines ->
                    Expect.stringContains lines[0] "ExpectationsTests.fs:line " ""
                    Expect.isFalse (String.Join('\n', lines).Contains "Expectations.fs:") "")

        testCase "the place is shown when something else was thrown" (fun () ->
            let lines = places (fun () -> throws<ArgumentException>(fun () -> invalidOp "broken"))
            Expect.stringContains lines[Array.length lines - 1] "ExpectationsTests.fs:line " ""
            let out = said (fun () -> throws<ArgumentException>(fun () -> invalidOp "broken"))
            Expect.stringContains out "System.InvalidOperationException: broken" "")

        testCase "fewer than two elements are not in order" (fun () ->
            Expect.stringContains (fails (fun () -> isAscending [ 1 ])) "fewer than two" ""
            Expect.stringContains (fails (fun () -> isAscending List.empty<int>)) "fewer than two" ""
            Expect.stringContains (fails (fun () -> isAscending [ 1; 3; 2 ])) "element 2 is below" ""
            isAscending [ 1; 1; 2 ])

        testCase "times are shown in full" (fun () ->
            let time = DateTime(2024, 3, 4, 5, 6, 7, 89, DateTimeKind.Utc)
            Expect.equal (Shown.show time) "2024-03-04T05:06:07.0890000Z" ""
            Expect.equal (Shown.show (DateTimeOffset time)) "2024-03-04T05:06:07.0890000+00:00" ""
            Expect.equal (Shown.show (TimeOnly.FromDateTime time)) "05:06:07.0890000" ""
            Expect.equal (Shown.show (DateOnly.FromDateTime time)) "2024-03-04" ""
            Expect.equal (Shown.show (time.AddTicks 1L - time)) "00:00:00.0000001" "")
    ]
