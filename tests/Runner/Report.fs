namespace BtcBandit.Tests.Runner

open System
open System.Globalization
open System.IO
open System.Text
open System.Text.RegularExpressions
open System.Xml
open System.Xml.Linq

[<RequireQualifiedAccess>]
type internal Verdict =
    | Passed
    | Skipped of why: string
    | Failed of message: string * stack: string

/// What came of a test.
type internal Outcome = {
    /// The lists and the test, joined by `/`.
    Name: string
    Verdict: Verdict
    Duration: TimeSpan
} with

    member outcome.IsFailed = outcome.Verdict.IsFailed

/// The texts and files that say what came of a run.
[<RequireQualifiedAccess>]
module internal Report =

    /// `Expect` colours what differs; files and terminals without colours would show the codes.
    let plain (text: string) = Regex.Replace(text.ReplaceLineEndings "\n", "\u001b\\[[0-9;]*m", "")

    /// The lines of a stack that point into a file; the way there through F#, Expecto, expectations and this runner says
    /// nothing.
    let telling (stack: string | null) =
        (string stack).Split '\n'
        |> Array.map _.TrimEnd()
        |> Array.filter (fun line ->
            Regex.IsMatch(
                line,
                @"^\s+at (?!Expecto\.|Microsoft\.|BtcBandit\.Tests\.(Runner|Shared)\.).* in .*:line \d+$"
            ))
        |> String.concat "\n"

    let private isStack (line: string) = line.StartsWith "   at " || line.StartsWith "--- End of stack trace"

    /// How to repeat the cases of a property that failed, in place of a line of code that would be focused.
    let private withReplay (message: string) =
        let line =
            Regex(@"Focus on error:\s*\w+ \((\d+)UL, (\d+)UL, (?:Some (\d+)|None)\) .*$", RegexOptions.Singleline)

        line.Replace(
            message,
            fun (found: Match) ->
                let size = if found.Groups[3].Success then $",{found.Groups[3].Value}" else ""
                $"Replay: --replay {found.Groups[1].Value},{found.Groups[2].Value}{size}"
        )

    /// A failed expectation: Expecto puts some of the stack below the message.
    let failed (text: string) : Verdict =
        let lines = (plain text).Split '\n'
        let message = lines |> Array.filter (isStack >> not) |> String.concat "\n" |> withReplay
        let stack = lines |> Array.filter isStack |> String.concat "\n"
        // An expectation without a message of its own leaves a full stop.
        Verdict.Failed(Regex.Replace(message.Trim(), @"^\.\n", ""), telling stack)

    /// An exception that no test expected.
    let errored (error: exn) : Verdict =
        let rec messages (error: exn) =
            let own = $"{error.GetType().FullName}: {error.Message}"

            match error.InnerException with
            | null -> own
            | inner -> $"{own}\n ---> {messages inner}"

        Verdict.Failed(plain (messages error), telling error.StackTrace)

    /// Makes the folder of a file and takes away what an earlier run left, which must not be taken for the result of this
    /// one. Where the file could not be written later, in one line why.
    let prepare (path: string) : Result<unit, string> =
        try
            Path.GetDirectoryName(Path.GetFullPath path)
            |> Option.ofObj
            |> Option.iter (Directory.CreateDirectory >> ignore)

            (File.OpenWrite path).Dispose()
            File.Delete path
            Ok()
        with
        | :? IOException
        | :? UnauthorizedAccessException
        | :? ArgumentException
        | :? NotSupportedException as error -> Error $"'{path}' cannot be written: {error.Message}"

    /// The names of the failed tests, one a line, as a script reads them.
    let writeFailed (path: string) (outcomes: Outcome seq) =
        let line (outcome: Outcome) = outcome.Name.ReplaceLineEndings " " + "\n"
        File.WriteAllText(path, outcomes |> Seq.filter _.IsFailed |> Seq.map line |> String.concat "")

    let private seconds (duration: TimeSpan) = duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)

    /// What XML does not allow in a text is replaced: Expecto's own writer leaves it, and writes names as lists in brackets.
    let private allowed (text: string) =
        let isAllowed (rune: Rune) = not rune.IsBmp || XmlConvert.IsXmlChar(char rune.Value)

        // Half of a pair of surrogates is no rune, and becomes U+FFFD by itself.
        text.EnumerateRunes()
        |> Seq.map (fun rune -> if isAllowed rune then string rune else "\uFFFD")
        |> String.concat ""

    /// JUnit's XML, as CI servers read it.
    let junit (suite: string) (outcomes: Outcome list) : XDocument =
        let attribute (name: string) (value: obj) = XAttribute(XName.Get name, value) :> obj
        let count choose = outcomes |> List.filter choose |> List.length

        let case (outcome: Outcome) =
            let parts = outcome.Name.Split('/', 2)

            let details =
                match outcome.Verdict with
                | Verdict.Passed -> []
                | Verdict.Skipped why -> [ XElement(XName.Get "skipped", attribute "message" (allowed why)) :> obj ]
                | Verdict.Failed(message, stack) ->
                    let text = XText(allowed $"{message}\n{stack}")

                    [
                        XElement(XName.Get "failure", attribute "message" (allowed message), text) :> obj
                    ]

            XElement(
                XName.Get "testcase",
                attribute "classname" (allowed parts[0])
                :: attribute "name" (allowed (Array.last parts))
                :: attribute "time" (seconds outcome.Duration)
                :: details
                |> List.toArray
            )
            :> obj

        let counts = [
            attribute "name" (allowed suite)
            attribute "tests" outcomes.Length
            attribute "failures" (count _.IsFailed)
            attribute "errors" 0
            attribute "skipped" (count _.Verdict.IsSkipped)
            attribute "time" (outcomes |> Seq.sumBy _.Duration.TotalSeconds |> TimeSpan.FromSeconds |> seconds)
        ]

        XDocument(
            XElement(
                XName.Get "testsuites",
                XElement(XName.Get "testsuite", counts @ List.map case outcomes |> List.toArray)
            )
        )

    let writeJunit (path: string) suite outcomes = (junit suite outcomes).Save path

    /// The slowest tests, slowest first.
    let slowest count (outcomes: Outcome list) : string list =
        outcomes
        |> List.filter (_.Verdict.IsSkipped >> not)
        |> List.sortByDescending _.Duration
        |> List.truncate count
        |> List.map (fun outcome -> $"{(seconds outcome.Duration).PadLeft 9} s  {outcome.Name}")

    /// The last line of a run, which scripts read.
    let counts (outcomes: Outcome list) =
        let count choose = outcomes |> List.filter choose |> List.length
        let skipped = count _.Verdict.IsSkipped
        let skipped = if skipped = 0 then "" else $", {skipped} skipped"
        $"{count _.Verdict.IsPassed} passed, {count _.IsFailed} failed{skipped}"
