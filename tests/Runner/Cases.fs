namespace BtcBandit.Tests.Runner

open System
open System.Runtime.ExceptionServices
open System.Threading.Tasks
open Expecto
open FSharp.Reflection

/// Values in the names of tests, in the notation of C#: `name(1,2.5d,"text",null)`.
[<RequireQualifiedAccess>]
module internal Shown =

    let private character quote (c: char) =
        match c with
        | c when c = quote -> $"\\{c}"
        | '\\' -> @"\\"
        | '\000' -> @"\0"
        | '\a' -> @"\a"
        | '\b' -> @"\b"
        | '\f' -> @"\f"
        | '\n' -> @"\n"
        | '\r' -> @"\r"
        | '\t' -> @"\t"
        | '\v' -> @"\v"
        // In a name they would break lines, terminals and XML.
        | c when Char.IsControl c || c = '\u2028' || c = '\u2029' -> $@"\x{int c:X4}"
        | c -> string c

    let private number suffix (text: string) = (if text.Contains '.' then text else text + ".0") + suffix

    /// The ends of a type's range have names.
    let private bounded name (least: 'a) (most: 'a) suffix (value: 'a) =
        if value = most then $"{name}.MaxValue"
        elif value = least then $"{name}.MinValue"
        else $"{value}{suffix}"

    let rec value (it: objnull) : string =
        match it with
        | null -> "null"
        | :? string as text -> "\"" + String.collect (character '"') text + "\""
        | :? char as c -> $"'{character ''' c}'"
        | :? float as x when Double.IsNaN x -> "double.NaN"
        | :? float as x when Double.IsPositiveInfinity x -> "double.PositiveInfinity"
        | :? float as x when Double.IsNegativeInfinity x -> "double.NegativeInfinity"
        | :? float as x when abs x = Double.MaxValue -> if x > 0.0 then "double.MaxValue" else "double.MinValue"
        | :? float as x -> number "d" (x.ToString())
        | :? float32 as x when Single.IsNaN x -> "float.NaN"
        | :? float32 as x when Single.IsPositiveInfinity x -> "float.PositiveInfinity"
        | :? float32 as x when Single.IsNegativeInfinity x -> "float.NegativeInfinity"
        | :? float32 as x when abs x = Single.MaxValue -> if x > 0.0f then "float.MaxValue" else "float.MinValue"
        | :? float32 as x -> number "f" (x.ToString())
        | :? decimal as x -> bounded "decimal" Decimal.MinValue Decimal.MaxValue "m" x
        | :? int64 as x -> bounded "long" Int64.MinValue Int64.MaxValue "L" x
        | :? uint64 as x -> bounded "ulong" UInt64.MinValue UInt64.MaxValue "UL" x
        | :? int as x -> bounded "int" Int32.MinValue Int32.MaxValue "" x
        | :? exn as error -> $"{error.GetType().Name}: {error.Message}"
        | :? Array as items when items.Rank = 1 ->
            let items = items |> Seq.cast<obj> |> Seq.map value |> String.concat ", "
            $"[{items}]"
        | other ->
            // A record is printed on several lines, and a name has one.
            $"{other}".Split([| '\n'; '\r' |], StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)
            |> String.concat " "

    /// The name of a test with the values of its row: one, or those of a tuple.
    let name (test: string) (row: 'row) : string =
        let values =
            match box row with
            | NonNull row when FSharpType.IsTuple(row.GetType()) -> FSharpValue.GetTupleFields row
            | row -> [| row |]

        let values = values |> Array.map value |> String.concat ","
        $"{test}({values})"

/// Ways to write tests that Expecto does not have.
[<AutoOpen>]
module Cases =

    /// One test for each row. Rows that cannot be made, and no rows at all, are one test that fails.
    let private rowsOf name (rows: 'row seq) (test: 'row -> TestCode) : Test =
        let cases =
            try
                [
                    for row in rows -> TestLabel(Shown.name name row, TestCase(test row, Normal), Normal)
                ]
            with error -> [
                testCase name (fun () -> failtestNoStack $"its rows cannot be made: {error}")
            ]

        match cases with
        | [] -> testCase name (fun () -> failtestNoStack "there are no rows")
        | cases -> TestList(cases, Normal)

    /// <summary>One test for each row, named <c>name(1,2.5d,"text",True,null)</c>, beside each other in their list.</summary>
    /// <param name="name">What is true of every row.</param>
    /// <param name="rows">Single values, or tuples.</param>
    /// <param name="check">Throws where it is not true.</param>
    let cases (name: string) (rows: seq<'row>) (check: 'row -> unit) : Test =
        rowsOf name rows (fun row -> Sync(fun () -> check row))

    /// <summary>As <c>cases</c>, for a check that is waited for.</summary>
    let casesTask (name: string) (rows: seq<'row>) (check: 'row -> Task) : Test =
        rowsOf name rows (fun row ->
            Async(
                async {
                    try
                        do! Async.AwaitTask(check row)
                    with :? AggregateException as error when error.InnerExceptions.Count = 1 ->
                        // What the check threw, not what the task wrapped around it.
                        ExceptionDispatchInfo.Throw error.InnerExceptions[0]
                }
            ))

    /// <summary>A property of so many cases, whose arguments these types make.</summary>
    /// <param name="cases">How many cases are tried, at least 1.</param>
    /// <param name="arbitraries">Types with static members that are <c>Arbitrary</c>; FsCheck's own for what they lack.</param>
    /// <param name="name">What is true of every argument.</param>
    /// <param name="check">A function of the arguments that gives a truth value, or throws where it is not true.</param>
    let propertyWith (cases: int) (arbitraries: Type list) (name: string) (check: 'check) : Test =
        // FsCheck's own numbers; Expecto.FsCheck tries 200 cases where nothing is said.
        let config = {
            FsCheckConfig.defaultConfig with
                maxTest = cases
                startSize = 1
                endSize = 100
                arbitrary = arbitraries
        }

        testPropertyWithConfig config name check

    /// A property of so many cases.
    let propertyOf (cases: int) (name: string) (check: 'check) : Test = propertyWith cases [] name check

    /// A property of 100 cases.
    let property (name: string) (check: 'check) : Test = propertyWith 100 [] name check

    /// Skips the test with this message unless the condition holds.
    let internal skipUnless (condition: bool) (message: string) : unit =
        if not condition then
            skiptest message

    /// Skips the test on Windows, with the reason.
    let notOnWindows (why: string) : unit = skipUnless (not (OperatingSystem.IsWindows())) $"not on Windows: {why}"

    /// Skips the test everywhere but on Linux, with the reason.
    let onlyOnLinux (why: string) : unit = skipUnless (OperatingSystem.IsLinux()) $"only on Linux: {why}"
