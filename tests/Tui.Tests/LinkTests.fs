namespace BtcBandit.Tui.Tests

open System.IO
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Shared

/// Pages lead to pages that exist.
module LinkTests =

    let private pages = [
        yield! Directory.GetFiles(Repository.root, "*.md")
        yield! Directory.GetFiles(Repository.path "docs", "*.md", SearchOption.AllDirectories)
        yield! Directory.GetFiles(Repository.path "data", "*.md")
    ]

    /// What a heading is called in an address.
    let private anchor (heading: string) = Regex.Replace(heading.ToLowerInvariant().Replace(' ', '-'), @"[^\w-]", "")

    let private anchors (page: string) = [
        for line in File.ReadLines page do
            if line.StartsWith '#' then
                anchor (line.TrimStart('#').Trim())
    ]

    let private broken (page: string) = [
        for link in Regex.Matches(File.ReadAllText page, @"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]+))?\)") do
            let file, place = link.Groups[1].Value, link.Groups[2].Value

            let target =
                if file = "" then
                    page
                else
                    Path.Combine(nonNull (Path.GetDirectoryName page), file)

            if
                not (Path.Exists target)
                || place <> "" && not (List.contains place (anchors target))
            then
                $"{Path.GetRelativePath(Repository.root, page)}: {link.Value}"
    ]

    [<Tests>]
    let tests =
        testList "LinkTests" [
            testCase "every link inside the repository leads somewhere"
            <| fun () ->
                isAbove 8 (List.length pages)
                isEmpty (List.collect broken pages)

            testCase "every page of the documentation is in its index"
            <| fun () ->
                let index = Repository.read "docs/README.md"

                let missing = [
                    for page in pages do
                        let name = Path.GetRelativePath(Repository.path "docs", page).Replace('\\', '/')

                        if
                            name <> "README.md"
                            && not (name.StartsWith "..")
                            && not (index.Contains $"({name})")
                        then
                            name
                ]

                isEmpty missing
        ]
