module BtcBandit.Runner.Tests.CasesTests

open System
open System.Text.RegularExpressions
open System.Threading.Tasks
open Expecto
open FsCheck
open FsCheck.FSharp
open BtcBandit.Tests.Runner

let private namesOf tests = Test.toTestCodeList tests |> List.map Selection.nameOf
let private nameOf (row: 'row) = namesOf (cases "it" [ row ] ignore) |> List.exactlyOne

/// A single value and the name of a test of it.
let private written: (objnull * string) list = [
    1, "1"
    -1, "-1"
    Int32.MaxValue, "int.MaxValue"
    Int32.MinValue, "int.MinValue"
    2.5, "2.5d"
    1.0, "1.0d"
    0.1, "0.1d"
    1e300, "1E+300.0d"
    7.8e-5, "7.8E-05d"
    nan, "double.NaN"
    infinity, "double.PositiveInfinity"
    -infinity, "double.NegativeInfinity"
    Double.MaxValue, "double.MaxValue"
    Double.MinValue, "double.MinValue"
    1.5f, "1.5f"
    1.0f, "1.0f"
    nanf, "float.NaN"
    1.5m, "1.5m"
    1.50m, "1.50m"
    5L, "5L"
    Int64.MaxValue, "long.MaxValue"
    5UL, "5UL"
    true, "True"
    false, "False"
    'x', "'x'"
    '\'', @"'\''"
    "text", "\"text\""
    "", "\"\""
    "a \"b\" 'c' \\ \n \t \r", "\"a \\\"b\\\" 'c' \\\\ \\n \\t \\r\""
    "\u001b[1m", @"""\x001B[1m"""
    DayOfWeek.Friday, "Friday"
    [| "a"; "b" |], "[\"a\", \"b\"]"
    [| 1.0; 2.5 |], "[1.0d, 2.5d]"
    Array.empty<int>, "[]"
    null, "null"
    [ 1; 2 ], "[1; 2]"
    Some 3, "Some(3)"
    System.Version(1, 2), "1.2"
    {| A = 1; B = "two words" |}, "{| A = 1 B = \"two words\" |}"
]

/// Numbers that FsCheck would not make.
type internal Large =
    static member Int() : Arbitrary<int> = Arb.fromGen (Gen.choose (1_000, 2_000))

/// The message of a test that fails, and whether it fails as an expectation does.
let private failure test =
    let code, out, _ = Samples.run test []
    Expect.equal code Console.failed out
    out

/// The line that says why a test with this check is skipped, if it is.
let private skipOf check =
    let _, out, _ = Samples.run (testCase "it" check) [ "--output"; "Detailed" ]
    Regex.Match(out, "skipped it: .*").Value

let private replayOf (text: string) =
    let found = Regex.Match(text, @"--replay (\S+)")
    Expect.isTrue found.Success text
    found.Groups[1].Value

[<Tests>]
let tests =
    testList "CasesTests" [
        testCase "values are written in the notation of C#" (fun () ->
            for value, expected in written do
                Expect.equal (Shown.value value) expected "")

        testCase "a row of one value has it in its name" (fun () ->
            Expect.equal (nameOf 1) "it(1)" ""
            Expect.equal (nameOf "a") "it(\"a\")" "")

        testCase "a tuple is a row of several values" (fun () ->
            Expect.equal (nameOf (1, 2.5, "text", true, (null: string | null))) "it(1,2.5d,\"text\",True,null)" "")

        testCase "a tuple of structs is one as well" (fun () -> Expect.equal (nameOf (struct (1, 'a'))) "it(1,'a')" "")

        testCase "a long tuple has all of its values" (fun () ->
            Expect.equal (nameOf (1, 2, 3, 4, 5, 6, 7, 8, 9)) "it(1,2,3,4,5,6,7,8,9)" "")

        testCase "rows are beside each other in their list" (fun () ->
            let tests = testList "A" [ testCase "x" ignore; cases "it" [ 1; 2 ] ignore ]
            Expect.equal (namesOf tests) [ "A/x"; "A/it(1)"; "A/it(2)" ] "")

        testCase "each row is checked, and fails alone" (fun () ->
            let checkRow row = Expect.notEqual row 2 ""
            let code, out, _ = Samples.run (cases "it" [ 1; 2; 3 ] checkRow) []
            Expect.equal code Console.failed ""
            Expect.stringContains out "failed it(2)" ""
            Expect.stringContains out "2 passed, 1 failed" "")

        testCase "two rows of one text fail the run" (fun () ->
            Expect.stringContains (failure (cases "it" [ 1; 1 ] ignore)) "2 tests are called 'it(1)'" "")

        testCase "no rows are a test that fails" (fun () ->
            Expect.stringContains (failure (cases "it" Seq.empty<int> ignore)) "there are no rows" "")

        testCase "rows that cannot be made are a test that fails" (fun () ->
            let rows = seq { if DateTime.MinValue.Year = 1 then failwith "no such file" else 1 }
            Expect.stringContains (failure (cases "it" rows ignore)) "no such file" "")

        testCase "a row that is waited for passes, and fails with what it threw" (fun () ->
            let wait row : Task =
                task {
                    do! Task.Yield()
                    Expect.equal row 1 "the row"
                }

            let out = failure (casesTask "it" [ 1; 2 ] wait)
            Expect.stringContains out "failed it(2)" ""
            Expect.stringContains out "the row" ""
            Expect.isFalse (out.Contains "AssertException") "an expectation is no exception"
            Expect.stringContains out "1 passed, 1 failed" "")

        testCase "a row that is waited for can be skipped" (fun () ->
            let skips _ : Task =
                task {
                    do! Task.Yield()
                    skiptest "not here"
                }

            let _, out, _ = Samples.run (casesTask "it" [ 1 ] skips) [ "--output"; "Detailed" ]
            Expect.stringContains out "skipped it(1): not here" "")

        testCase "a property has 100 cases, or as many as are said" (fun () ->
            let counted make =
                let mutable count = 0
                let test: Test = make (fun (_: int) -> count <- count + 1)
                Samples.run test [] |> ignore
                count

            Expect.equal (counted (property "it")) 100 ""
            Expect.equal (counted (propertyOf 17 "it")) 17 ""
            Expect.equal (counted (propertyWith 3 [] "it")) 3 "")

        testCase "a property takes its arguments from the types that are given to it" (fun () ->
            let isLarge number = number >= 1_000
            let code, out, _ = Samples.run (propertyWith 50 [ typeof<Large> ] "it" isLarge) []
            Expect.equal code 0 out
            let code, _, _ = Samples.run (propertyOf 50 "it" isLarge) []
            Expect.equal code Console.failed "a property beside it has others")

        testCase "sizes of a property grow to 100" (fun () ->
            let mutable longest = 0
            let longer (items: int list) = longest <- max longest items.Length
            Samples.run (propertyOf 1_000 "it" longer) [] |> ignore
            Expect.isGreaterThan longest 50 ""
            Expect.isLessThanOrEqual longest 100 "")

        testCase "a property that failed is replayed at its failing size with its first case" (fun () ->
            let first = failure Samples.falsified
            let code, again, _ = Samples.run Samples.falsified [ "--replay"; replayOf first ]
            Expect.equal code Console.failed again
            let parameters (text: string) = Regex.Match(text, @"Parameters:\s+(-?\d+)").Groups[1].Value
            Expect.stringContains again "Failed after 1 test." ""
            Expect.equal (parameters again) (parameters first) ""
            Expect.equal (replayOf again) (replayOf first) "")

        testCase "a property of Expecto's own is replayed as well" (fun () ->
            let test = testProperty "it" (fun (number: int) -> number < 20)
            let first = failure test
            let code, again, _ = Samples.run test [ "--replay"; replayOf first ]
            Expect.equal code Console.failed again
            Expect.stringContains again "Failed after 1 test." ""
            Expect.equal (replayOf again) (replayOf first) "")

        testCase "a test whose condition does not hold is skipped with the reason" (fun () ->
            Expect.equal (skipOf (fun () -> skipUnless false "no pipes")) "skipped it: no pipes" ""
            Expect.equal (skipOf (fun () -> skipUnless true "no pipes")) "" "")

        testCase "a test that is not for this system is skipped with the reason" (fun () ->
            let onWindows = if OperatingSystem.IsWindows() then "skipped it: not on Windows: pipes" else ""
            let offLinux = if OperatingSystem.IsLinux() then "" else "skipped it: only on Linux: pipes"
            Expect.equal (skipOf (fun () -> notOnWindows "pipes")) onWindows ""
            Expect.equal (skipOf (fun () -> onlyOnLinux "pipes")) offLinux "")
    ]
