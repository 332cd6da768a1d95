module BtcBandit.Runner.Tests.FilterTests

open System
open Expecto
open BtcBandit.Tests.Runner

[<Tests>]
let tests =
    testList
        "FilterTests"
        [
            testCase "one" (fun () -> ())
            ptestCase "pend" (fun () -> ())
            if not (isNull (Environment.GetEnvironmentVariable "BAD")) then
                testCase "two" (fun () -> Expect.equal 1 2 "numbers")
                testCase "thr" (fun () -> invalidOp "boo")
                property "prop" (fun (x: int) -> x < 10)

                cases "case" [ 1, 2.5, "te\"xt", true, (null: string | null) ] (fun (a, b, c, d, e) ->
                    Expect.equal a 2 "")
        ]
