module BtcBandit.Runner.Tests.ReportTests

open System
open System.IO
open System.Xml.Linq
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared

let private outcome name verdict milliseconds = {
    Name = name
    Verdict = verdict
    Duration = TimeSpan.FromMilliseconds(float<int> milliseconds)
}

let private some = [
    outcome "A/slow" Verdict.Passed 1_500
    outcome "A/B/bad" (Verdict.Failed("1 <> 2", "   at A.bad in A.fs:line 3")) 20
    outcome "C/x \u0001 <&>" (Verdict.Failed("\u001b is no text", "")) 0
    outcome "C/later" (Verdict.Skipped "not here") 0
]

let private message verdict =
    match verdict with
    | Verdict.Failed(message, _) -> message
    | other -> failtest $"it is {other}"

let private stack verdict =
    match verdict with
    | Verdict.Failed(_, stack) -> stack
    | other -> failtest $"it is {other}"

/// What Expecto says of a check that throws.
let private said check =
    try
        check ()
        failtest "it did not throw"
    with error ->
        $"\n{error.Message}\n{error.StackTrace}"

let private name = XName.Get

[<Tests>]
let tests =
    testList "ReportTests" [
        testCase "colours are taken out of a message" (fun () ->
            Expect.equal
                (Report.plain "\u001b[31mred\u001b[0m and \u001b[1;32mgreen\u001b[0m [1]")
                "red and green [1]"
                "")

        testCase "a failed expectation shows both values without colours" (fun () ->
            let message =
                Report.failed (said (fun () -> Expect.equal "red" "green" "the colour"))
                |> message

            Expect.stringStarts message "the colour" ""
            Expect.stringContains message "green" ""
            Expect.isFalse (message.Contains '\u001b') "")

        testCase "an expectation without a message of its own leaves no line for it" (fun () ->
            Expect.equal (Report.failed "\n.\nexpected: 1\n  actual: 2\n" |> message) "expected: 1\n  actual: 2" "")

        testCase "a stack names the file of the test and nothing between" (fun () ->
            let lines =
                String.concat "\n" [
                    "\nwrong"
                    "   at Expecto.Expect.equal[a](a x) in /src/Expecto/Expect.fs:line 9"
                    "   at Mine.tests@3.Invoke(Unit x) in /home/Mine.fs:line 3"
                    "   at BtcBandit.Tests.Runner.Cases.cases@96(Unit x) in /home/Cases.fs:line 96"
                    "   at BtcBandit.Tests.Shared.Expectations.equal[a](a x) in /home/Expectations.fs:line 9"
                    "   at Microsoft.FSharp.Control.Trampoline.Execute() in D:\\async.fs:line 112"
                    "   at System.Threading.Thread.Start()"
                    "--- End of stack trace from previous location ---"
                ]

            let verdict = Report.failed lines
            Expect.equal (message verdict) "wrong" ""
            Expect.equal (stack verdict) "   at Mine.tests@3.Invoke(Unit x) in /home/Mine.fs:line 3" "")

        testCase "an exception is told with its kind, and with those inside it" (fun () ->
            let error = InvalidOperationException("outer", ArgumentException "inner")

            Expect.equal
                (Report.errored error |> message)
                "System.InvalidOperationException: outer\n ---> System.ArgumentException: inner"
                "")

        testCase "an exception that was never thrown has no stack" (fun () ->
            Expect.equal (Report.errored (Exception "x") |> stack) "" "")

        cases
            "a property that failed says how it is replayed"
            [
                "(12UL, 34UL, Some 5)", "Replay: --replay 12,34,5"
                "(12UL, 34UL, None)", "Replay: --replay 12,34"
            ]
            (fun (seed, expected) ->
                let text = $"\nFailed after 3 tests.\nFocus on error:\n\tetestPropertyWithConfig {seed} \"a name\""
                Expect.equal (Report.failed text |> message) $"Failed after 3 tests.\n{expected}" "")

        testCase "the names of failed tests are one a line" (fun () ->
            use folder = new Temporary()
            let file = folder.File "failed"
            Report.writeFailed file (outcome "D/two\nlines" (Verdict.Failed("", "")) 0 :: some)
            Expect.equal (File.ReadAllText file) "D/two lines\nA/B/bad\nC/x \u0001 <&>\n" "")

        testCase "where nothing failed the file of names is empty" (fun () ->
            use folder = new Temporary()
            Report.writeFailed (folder.File "failed") [ some[0]; some[3] ]
            Expect.equal (File.ReadAllText(folder.File "failed")) "" "")

        testCase "the summary for CI has counts, names, durations and reasons" (fun () ->
            use folder = new Temporary()
            let file = folder.File "junit.xml"
            Report.writeJunit file "sample" some

            let suite = (XDocument.Load file).Descendants(name "testsuite") |> Seq.exactlyOne

            let attribute (element: XElement) key = element.Attribute(name key) |> Option.ofObj |> Option.map _.Value

            let values = [
                for key in [ "name"; "tests"; "failures"; "errors"; "skipped"; "time" ] -> attribute suite key
            ]

            Expect.equal values (List.map Some [ "sample"; "4"; "2"; "0"; "1"; "1.520" ]) ""

            let of_ key = [ for case in suite.Elements(name "testcase") -> attribute case key ]
            Expect.equal (of_ "classname") (List.map Some [ "A"; "A"; "C"; "C" ]) ""
            Expect.equal (of_ "name") (List.map Some [ "slow"; "B/bad"; "x \uFFFD <&>"; "later" ]) ""
            Expect.equal (of_ "time") (List.map Some [ "1.500"; "0.020"; "0.000"; "0.000" ]) ""

            let failures = [
                for failure in suite.Descendants(name "failure") -> attribute failure "message"
            ]

            Expect.equal failures [ Some "1 <> 2"; Some "\uFFFD is no text" ] ""

            let failure = suite.Descendants(name "failure") |> Seq.head
            Expect.stringContains failure.Value "A.fs:line 3" ""

            let skipped = suite.Descendants(name "skipped") |> Seq.exactlyOne
            Expect.equal (attribute skipped "message") (Some "not here") "")

        testCase "characters of more than 16 bits stay what they are, also in the suite's name" (fun () ->
            let wide = outcome "A/\U0001F600" (Verdict.Failed("\U0001F600 \uD83D", "")) 0
            let xml = string (Report.junit "\U0001F600\u0001" [ wide ])
            Expect.stringContains xml "name=\"\U0001F600\"" ""
            Expect.stringContains xml "name=\"\U0001F600\uFFFD\"" ""
            Expect.stringContains xml "message=\"\U0001F600 \uFFFD\"" "")

        testCase "the folder of a file is made, and what an earlier run left is gone" (fun () ->
            use folder = new Temporary()
            let file = Path.Combine(folder.File "new", "deep", "junit.xml")
            Expect.equal (Report.prepare file) (Ok()) ""
            Expect.isTrue (Directory.Exists(Path.GetDirectoryName file)) ""
            File.WriteAllText(file, "of an earlier run")
            Expect.equal (Report.prepare file) (Ok()) ""
            Expect.isFalse (File.Exists file) "")

        testCase "a file that cannot be written is told in one line" (fun () ->
            use folder = new Temporary()
            let file = folder.File "file"
            File.WriteAllText(file, "")

            for path in [ folder.Path; Path.Combine(file, "junit.xml"); "" ] do
                match Report.prepare path with
                | Ok() -> failtest $"'{path}' was prepared"
                | Error message ->
                    Expect.stringStarts message $"'{path}' cannot be written: " ""
                    Expect.isFalse (message.Contains '\n') "more than one line")

        testCase "the slowest tests come first, and skipped ones not at all" (fun () ->
            Expect.equal (Report.slowest 2 some) [ "    1.500 s  A/slow"; "    0.020 s  A/B/bad" ] ""
            Expect.equal (Report.slowest 9 some |> List.length) 3 "")

        testCase "the last line counts every test once" (fun () ->
            Expect.equal (Report.counts some) "1 passed, 2 failed, 1 skipped" ""
            Expect.equal (Report.counts [ some[0] ]) "1 passed, 0 failed" ""
            Expect.equal (Report.counts []) "0 passed, 0 failed" "")
    ]
