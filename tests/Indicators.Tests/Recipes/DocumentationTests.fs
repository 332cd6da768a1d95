namespace BtcBandit.Indicators.Tests

open System
open System.IO
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

/// Every kind of the catalogue stands in the pages that list them; what fails says where to add it.
[<TestFixture>]
type DocumentationTests() =

    static let read (page: string) = (File.ReadAllText(Repository.path page)).ReplaceLineEndings "\n"

    /// The first table after a line that begins so: its cells, without the two rows of its head.
    static let table (page: string) (after: string) =
        (read page).Split '\n'
        |> Array.skipWhile (fun line -> not (line.StartsWith after))
        |> Array.skipWhile (fun line -> not (line.StartsWith '|'))
        |> Array.takeWhile _.StartsWith('|')
        |> Array.skip 2
        |> Array.map (fun row -> row.Trim('|').Split('|') |> Array.map _.Trim())

    static let entry (kind: string) =
        match Catalogue.parse kind with
        | Ok entries -> entries[0]
        | Error message -> failwith message

    /// The words in code marks of a text.
    static let marked (text: string) =
        text.Split '`'
        |> Array.indexed
        |> Array.filter (fun (i, _) -> i % 2 = 1)
        |> Array.map snd

    static member Kinds = Catalogue.BuiltIn.Kinds

    [<TestCaseSource("Kinds")>]
    member _.``the reference has a row with defaults and columns of each kind``(kind: string) =
        let rows = table "docs/indicators.md" "## Grammar and columns"
        let entry = entry kind

        match rows |> Array.tryFindIndex (fun row -> row[0] = $"`{entry.Id}`") with
        | None -> Assert.Fail $"Add a row of `{entry.Id}` to the table of columns in docs/indicators.md."
        | Some first ->
            // Outputs of another unit have rows of their own, without the id.
            let others = rows[first + 1 ..] |> Array.takeWhile (fun row -> row[0] = "")

            let columns =
                Array.append [| rows[first] |] others
                |> Array.collect (fun row -> marked row[1])

            Assert.That(columns, Is.EqualTo<string[]> entry.Columns, $"columns of {kind} in docs/indicators.md")

    [<TestCaseSource("Kinds")>]
    member _.``the reference defines each kind and compares it with other libraries``(kind: string) =
        let headings =
            (read "docs/indicators.md").Split '\n'
            |> Array.filter _.StartsWith("## ")
            |> Array.collect marked

        Assert.That(
            headings |> Array.map (fun heading -> heading.Split(':')[0]),
            Has.Member kind,
            $"Add a section '## ...: `{kind}:...`' with the definition to docs/indicators.md."
        )

        Assert.That(
            table "docs/indicators.md" "## Other libraries" |> Array.map Array.head,
            Has.Member $"`{kind}`",
            $"Add a row of `{kind}` to the table 'Other libraries' in docs/indicators.md."
        )

    [<TestCase("README.md", "- `--indicators` takes ")>]
    [<TestCase("src/Indicators.fs/README.md", "Technical indicators for .NET")>]
    member _.``the lists of kinds are complete and in order``(page: string, first: string) =
        let text = read page
        let from = text.IndexOf(first, StringComparison.Ordinal)
        Assert.That(from, Is.GreaterThan -1, $"{page} has no line '{first}'")
        // Up to the end of the paragraph or of the item.
        let paragraph = text[from + 1 ..].Replace("\n- ", "\n\n").Split("\n\n")[0]

        let kinds =
            marked paragraph
            |> Array.filter (fun word -> Seq.contains word Catalogue.BuiltIn.Kinds)

        Assert.That(
            kinds,
            Is.EqualTo<string seq> Catalogue.BuiltIn.Kinds,
            $"The list after '{first}' in {page} does not name every kind of the catalogue in its order."
        )

    [<TestCaseSource("Kinds")>]
    member _.``the table of stability has a row of each kind``(kind: string) =
        let id = (entry kind).Id

        let isRow (line: string) = line.StartsWith(id + " ", StringComparison.Ordinal)

        Assert.That(
            (read "README.md").Split '\n' |> Array.exists isRow,
            $"Add the row of {id} to the table of --stability in README.md: btcbandit indicators --stability --indicators {kind}"
        )

    [<TestCaseSource("Kinds")>]
    member _.``the table of features has those of each kind``(kind: string) =
        let page = read "docs/how-it-works.md"

        for feature in FeatureSet.Of(kind).Features do
            Assert.That(
                page,
                Does.Contain $"`{feature}`",
                $"Add the feature {feature} to the table under '## Context' in docs/how-it-works.md."
            )
