namespace BtcBandit.Tui.Tests

open System
open System.IO
open System.Text.Json
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Journal
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Host

/// What the README says is what the program does.
module ReadmeTests =

    let private readme = Repository.read "README.md"

    let private lines (text: string) = text.Split '\n'

    /// What stands under a heading, up to the next one.
    let private section title =
        lines readme
        |> Array.skipWhile ((<>) $"## {title}")
        |> Array.skip 1
        |> Array.takeWhile (fun line -> not (line.StartsWith "## "))

    /// The first table of a section, its cells without code marks.
    let private table title =
        section title
        |> Array.filter _.StartsWith('|')
        |> Array.skip 2
        |> Array.map (fun row -> row.Trim('|').Split('|') |> Array.map _.Trim().Trim('`'))

    let private firstCells title = table title |> Array.map Array.head |> List.ofArray

    let private matches (pattern: string) (text: string) = Regex.Matches(text, pattern, RegexOptions.Multiline)

    let private run (arguments: string list) =
        use out = new StringWriter()
        use error = new StringWriter()

        let host =
            ConsoleHost(out, error, false, false, TimeProvider.System, (fun _ -> null), (fun () -> struct (80, 24)))

        let code = (CommandLine.RunAsync(Array.ofList arguments, host)).GetAwaiter().GetResult()
        Expect.equal code 0 (error.ToString())
        out.ToString().ReplaceLineEndings "\n"

    /// Name, default and meaning of each flag, as --help prints them; a narrow console breaks its lines.
    let private flagsOf command =
        lazy
            (let help = Regex.Replace(run (command @ [ "--help" ]), @"\n {10,}", " ")

             [
                 for flag in matches @"^  (-\S.*?) {2,}(.*?)(?: \[default: (.*)\])? *$" help do
                     [| flag.Groups[1].Value; flag.Groups[3].Value; flag.Groups[2].Value |]
             ])

    let private flags = flagsOf []

    let private namesOf (flags: Lazy<string[] list>) =
        lazy
            (flags.Value
             |> List.collect (fun flag -> [ for name in matches @"-[-?\w]+" flag[0] -> name.Value ])
             |> Set.ofList)

    let private ofRoot = namesOf flags

    let private ofCommands = [
        for command in
            [
                "indicators"
                "backtest"
                "causality"
                "power"
                "sweep report"
                "sweep merge"
                "sweep export"
                "sweep"
                "worker"
                "inspect"
                "explain"
                "download"
                "doctor"
                "retrain"
            ] -> command, namesOf (flagsOf (List.ofArray (command.Split ' ')))
    ]

    [<Tests>]
    let tests =
        testList "ReadmeTests" [
            testCase "the table of flags is the help, word for word"
            <| fun () ->
                isAbove 20 (List.length flags.Value)
                let shown = List.map (String.concat " | ")
                equal (shown flags.Value) (shown (List.ofArray (table "Flags")))

            testCase "no command uses a flag that does not exist"
            <| fun () ->
                let used = [
                    for command in matches @"dotnet run --project src/Tui -- ([^`#\n]*)" readme do
                        let arguments = command.Groups[1].Value

                        let known =
                            ofCommands
                            |> List.tryFind (fun (command, _) -> (arguments + " ").StartsWith(command + " "))
                            |> Option.map snd
                            |> Option.defaultValue ofRoot

                        for flag in matches @"(?<=^| )--?[a-z][\w-]*" arguments do
                            flag.Value, known.Value.Contains flag.Value
                ]

                isAbove 20 (List.length used)
                isEmpty (used |> List.filter (snd >> not))

            testCase "the fields of the JSON summary are the ones listed"
            <| fun () ->
                use folder = new Temporary()
                use json = JsonDocument.Parse(run [ "--offline"; "--steps"; "20"; "--json"; "--data-dir"; folder.Path ])

                let fields = [ for field in json.RootElement.EnumerateObject() -> field.Name ]
                equal fields (firstCells "JSON summary")

                // Twenty minutes are less than the day that some of them need.
                let undefined = [
                    for row in table "JSON summary" do
                        if row[2].Contains "null below a day" then
                            json.RootElement.GetProperty(row[0]).ValueKind
                ]

                all ((=) JsonValueKind.Null) undefined

            testCase "the columns of trades.csv are the ones listed"
            <| fun () -> equal (List.ofArray (TradesFile.Header.Split ',')) (firstCells "trades.csv")

            testCase "every block of C# and F# stands in the sample it names"
            <| fun () ->
                let blocksOf page =
                    matches
                        @"(?:<!-- (?<sample>samples/\S+) -->\n)?^```(?:csharp|fsharp)\n(?<code>(?:.*\n)*?)```$"
                        (Repository.read page)

                let blocks =
                    List.collect (blocksOf >> List.ofSeq) [ "README.md"; "docs/own-parts.md"; "docs/causality.md" ]

                isAtLeast 12 blocks.Length

                for block in blocks do
                    let sample, code = block.Groups["sample"], block.Groups["code"].Value
                    Expect.isTrue sample.Success ($"a block names no sample:\n{code}")
                    Expect.stringContains ("\n" + Repository.read sample.Value) ("\n" + code) sample.Value
        ]
