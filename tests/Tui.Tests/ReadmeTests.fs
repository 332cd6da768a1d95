namespace BtcBandit.Tui.Tests

open System
open System.IO
open System.Text.Json
open System.Text.RegularExpressions
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Journal
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Host

/// What the README says is what the program does.
[<TestFixture>]
type ReadmeTests() =

    static let readme = Repository.read "README.md"

    static let lines (text: string) = text.Split '\n'

    /// What stands under a heading, up to the next one.
    static let section title =
        lines readme
        |> Array.skipWhile ((<>) $"## {title}")
        |> Array.skip 1
        |> Array.takeWhile (fun line -> not (line.StartsWith "## "))

    /// The first table of a section, its cells without code marks.
    static let table title =
        section title
        |> Array.filter _.StartsWith('|')
        |> Array.skip 2
        |> Array.map (fun row -> row.Trim('|').Split('|') |> Array.map _.Trim().Trim('`'))

    static let firstCells title = table title |> Array.map Array.head |> List.ofArray

    static let matches (pattern: string) (text: string) = Regex.Matches(text, pattern, RegexOptions.Multiline)

    static let run (arguments: string list) =
        use out = new StringWriter()
        use error = new StringWriter()

        let host =
            ConsoleHost(out, error, false, false, TimeProvider.System, (fun _ -> null), (fun () -> struct (80, 24)))

        let code = (CommandLine.RunAsync(Array.ofList arguments, host)).GetAwaiter().GetResult()
        Assert.That(code, Is.Zero, error.ToString())
        out.ToString().ReplaceLineEndings "\n"

    /// Name, default and meaning of each flag, as --help prints them; a narrow console breaks its lines.
    static let flagsOf command =
        lazy
            (let help = Regex.Replace(run (command @ [ "--help" ]), @"\n {10,}", " ")

             [
                 for flag in matches @"^  (-\S.*?) {2,}(.*?)(?: \[default: (.*)\])? *$" help do
                     [| flag.Groups[1].Value; flag.Groups[3].Value; flag.Groups[2].Value |]
             ])

    static let flags = flagsOf []

    static let namesOf (flags: Lazy<string[] list>) =
        lazy
            (flags.Value
             |> List.collect (fun flag -> [ for name in matches @"-[-?\w]+" flag[0] -> name.Value ])
             |> Set.ofList)

    static let ofRoot = namesOf flags

    static let ofCommands =
        [
            for command in [ "indicators"; "backtest"; "inspect"; "download"; "doctor"; "retrain" ] ->
                command, namesOf (flagsOf [ command ])
        ]

    [<Test>]
    member _.``the table of flags is the help, word for word``() =
        Assert.That(List.length flags.Value, Is.GreaterThan 20)
        let shown = List.map (String.concat " | ")
        Assert.That(shown (List.ofArray (table "Flags")), Is.EqualTo<string>(shown flags.Value))

    [<Test>]
    member _.``no command uses a flag that does not exist``() =
        let used =
            [
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

        Assert.That(List.length used, Is.GreaterThan 20)
        Assert.That(used |> List.filter (snd >> not), Is.Empty)

    [<Test>]
    member _.``the fields of the JSON summary are the ones listed``() =
        use folder = new Temporary()
        use json = JsonDocument.Parse(run [ "--offline"; "--steps"; "20"; "--json"; "--data-dir"; folder.Path ])

        let fields = [ for field in json.RootElement.EnumerateObject() -> field.Name ]
        Assert.That(firstCells "JSON summary", Is.EqualTo<string> fields)

        // Twenty minutes are less than the day that some of them need.
        let undefined =
            [
                for row in table "JSON summary" do
                    if row[2].Contains "null below a day" then
                        json.RootElement.GetProperty(row[0]).ValueKind
            ]

        Assert.That(undefined, Is.Not.Empty.And.All.EqualTo JsonValueKind.Null)

    [<Test>]
    member _.``the columns of trades.csv are the ones listed``() =
        Assert.That(firstCells "trades.csv", Is.EqualTo<string>(List.ofArray (TradesFile.Header.Split ',')))

    [<Test>]
    member _.``every block of C# and F# stands in the sample it names``() =
        let blocksOf page =
            matches
                @"(?:<!-- (?<sample>samples/\S+) -->\n)?^```(?:csharp|fsharp)\n(?<code>(?:.*\n)*?)```$"
                (Repository.read page)

        let blocks = List.collect (blocksOf >> List.ofSeq) [ "README.md"; "docs/own-parts.md" ]
        Assert.That(blocks.Length, Is.GreaterThanOrEqualTo 12)

        for block in blocks do
            let sample, code = block.Groups["sample"], block.Groups["code"].Value
            Assert.That(sample.Success, $"a block names no sample:\n{code}")
            Assert.That("\n" + Repository.read sample.Value, Does.Contain("\n" + code), sample.Value)
