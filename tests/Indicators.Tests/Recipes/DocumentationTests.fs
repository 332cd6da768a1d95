namespace BtcBandit.Indicators.Tests

open System
open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

/// Every kind of the catalogue stands in the pages that list them; what fails says where to add it.
module DocumentationTests =

    let private read (page: string) = (File.ReadAllText(Repository.path page)).ReplaceLineEndings "\n"

    /// The first table after a line that begins so: its cells, without the two rows of its head.
    let private table (page: string) (after: string) =
        (read page).Split '\n'
        |> Array.skipWhile (fun line -> not (line.StartsWith after))
        |> Array.skipWhile (fun line -> not (line.StartsWith '|'))
        |> Array.takeWhile _.StartsWith('|')
        |> Array.skip 2
        |> Array.map (fun row -> row.Trim('|').Split('|') |> Array.map _.Trim())

    let private entry (kind: string) =
        match Catalogue.parse kind with
        | Ok entries -> entries[0]
        | Error message -> failwith message

    /// The words in code marks of a text.
    let private marked (text: string) =
        text.Split '`'
        |> Array.indexed
        |> Array.filter (fun (i, _) -> i % 2 = 1)
        |> Array.map snd

    let private Kinds = Catalogue.BuiltIn.Kinds

    [<Tests>]
    let tests =
        testList "DocumentationTests" [
            cases "the reference has a row with defaults and columns of each kind" Kinds
            <| fun (kind: string) ->
                let rows = table "docs/indicators.md" "## Grammar and columns"
                let entry = entry kind

                match rows |> Array.tryFindIndex (fun row -> row[0] = $"`{entry.Id}`") with
                | None -> failtest $"Add a row of `{entry.Id}` to the table of columns in docs/indicators.md."
                | Some first ->
                    // Outputs of another unit have rows of their own, without the id.
                    let others = rows[first + 1 ..] |> Array.takeWhile (fun row -> row[0] = "")

                    let columns =
                        Array.append [| rows[first] |] others
                        |> Array.collect (fun row -> marked row[1])

                    because $"columns of {kind} in docs/indicators.md" (fun () -> equalSeq entry.Columns columns)

            cases "the reference defines each kind and compares it with other libraries" Kinds
            <| fun (kind: string) ->
                let headings =
                    (read "docs/indicators.md").Split '\n'
                    |> Array.filter _.StartsWith("## ")
                    |> Array.collect marked

                because $"Add a section '## ...: `{kind}:...`' with the definition to docs/indicators.md." (fun () ->
                    has kind (headings |> Array.map (fun heading -> heading.Split(':')[0])))

                because $"Add a row of `{kind}` to the table 'Other libraries' in docs/indicators.md." (fun () ->
                    has $"`{kind}`" (table "docs/indicators.md" "## Other libraries" |> Array.map Array.head))

            cases "the lists of kinds are complete and in order" [
                "README.md", "- `--indicators` takes "
                "src/Indicators.fs/README.md", "Technical indicators for .NET"
            ]
            <| fun (page: string, first: string) ->
                let text = read page
                let from = text.IndexOf(first, StringComparison.Ordinal)
                Expect.isGreaterThan from (-1) $"{page} has no line '{first}'"
                // Up to the end of the paragraph or of the item.
                let paragraph = text[from + 1 ..].Replace("\n- ", "\n\n").Split("\n\n")[0]

                let kinds =
                    marked paragraph
                    |> Array.filter (fun word -> Seq.contains word Catalogue.BuiltIn.Kinds)

                because
                    $"The list after '{first}' in {page} does not name every kind of the catalogue in its order."
                    (fun () -> equalSeq Catalogue.BuiltIn.Kinds kinds)

            cases "the table of stability has a row of each kind" Kinds
            <| fun (kind: string) ->
                let id = (entry kind).Id

                let isRow (line: string) = line.StartsWith(id + " ", StringComparison.Ordinal)

                Expect.isTrue
                    ((read "README.md").Split '\n' |> Array.exists isRow)
                    $"Add the row of {id} to the table of --stability in README.md: btcbandit indicators --stability --indicators {kind}"

            cases "the table of features has those of each kind" Kinds
            <| fun (kind: string) ->
                let page = read "docs/how-it-works.md"

                for feature in FeatureSet.Of(kind).Features do
                    Expect.stringContains
                        page
                        $"`{feature}`"
                        $"Add the feature {feature} to the table under '## Context' in docs/how-it-works.md."
        ]
