module BtcBandit.Indicators.Laws.Expecto.Tests.ReadmeTests

open System
open System.Diagnostics
open System.IO
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Shared

/// Without colours, times and the blanks that nobody sees.
let private plain (text: string) =
    let text = Regex.Replace(text.ReplaceLineEndings "\n", "\u001b\\[[0-9;]*m", "")

    let text =
        // When a line was logged and how long a test took; not the times of candles.
        Regex.Replace(
            text.Replace("\t", "    "),
            @"(?<=^\[| in )\d\d:\d\d:\d\d(\.\d+)?",
            "TIME",
            RegexOptions.Multiline
        )

    Regex.Replace(text, " +\n", "\n").Trim()

/// What the sample prints, and its exit code.
let private run (arguments: string list) =
    let program = Path.Combine(AppContext.BaseDirectory, "OwnIndicatorSuite.dll")
    let start = ProcessStartInfo("dotnet", program :: arguments, RedirectStandardOutput = true)
    use sample = nonNull (Process.Start start)
    let printed = sample.StandardOutput.ReadToEnd()
    sample.WaitForExit()
    plain printed, sample.ExitCode

[<Tests>]
let tests =
    testList "ReadmeTests" [
        for arguments, code in [ [ "--filter-test-list"; "claims" ], 0; [ "careless" ], 1 ] do
            let line = String.concat " " arguments

            testCase $"the README shows what `{line}` prints" (fun () ->
                let readme = Repository.read "README.md"
                let after = readme.Substring(readme.IndexOf($"-- {line}`", StringComparison.Ordinal))
                let printed, ended = run arguments
                Expect.equal ended code ""
                Expect.equal printed (plain (after.Split("```\n")[1])) "")

        testCase "the suite of the sample passes" (fun () ->
            let printed, ended = run []
            Expect.equal ended 0 printed
            Expect.stringContains printed "15 passed, 5 ignored, 0 failed, 0 errored" "")
    ]
