namespace BtcBandit.Tui.Tests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Tests
open BtcBandit.Tui.Host

/// The order of the program's folders, checked on what was compiled: C# has no compile order of its own.
module LayerTests =

    let private program = typeof<ConsoleHost>.Assembly

    /// The folders, each of which may mention those before it. A folder that is missing here is reported.
    let private order = [
        "Host"
        "Wording"
        "Report"
        "Dashboard.Drawing"
        "Dashboard.Model"
        "Dashboard.Charts"
        "Dashboard.Screens"
        "Dashboard"
        "Gui.Themes"
        "Gui.Output"
        "Gui.Input"
        "Gui.Views"
        "Gui.Dialogs"
        "Gui"
        "Commands"
    ]

    /// Who may mention whom.
    let private layers = order |> List.mapi (fun i folder -> folder, List.take i order) |> Map

    /// The program's folder of a type; nothing for everybody else's types and for what the compiler made without a
    /// namespace.
    let private layer (kind: Type) =
        let kind = Mentions.outermost kind

        match (string kind.Namespace).Split '.' with
        | names when kind.Assembly = program && names[0] = "BtcBandit" -> Some(String.Join('.', Array.skip 2 names))
        | _ -> None

    let private violations (allowed: Map<string, string list>) =
        Mentions.ofAssembly program
        |> Seq.choose (fun mention ->
            match layer mention.By, Mentions.targetType mention.Of |> Option.bind layer with
            | Some from, Some into when
                from <> into
                && not (List.contains into (allowed.TryFind from |> Option.defaultValue []))
                ->
                Some
                    $"{from} -> {into}: {mention.By.FullName}.{mention.Where} mentions {Mentions.targetType(mention.Of).Value}"
            | Some from, _ when not (allowed.ContainsKey from) ->
                Some $"{from} is not in the table of layers: {mention.By.FullName}"
            | _ -> None)
        |> Seq.distinct
        |> Seq.toArray

    [<Tests>]
    let tests =
        testList "LayerTests" [
            testCase "no folder of the program reaches up"
            <| fun () -> isEmpty (violations layers)

            testCase "the commands open the dashboard, which does not know them"
            <| fun () ->
                let into folder = Array.exists (fun (found: string) -> found.StartsWith $"Commands -> {folder}: ")
                let found = violations (layers.Add("Commands", []))
                Expect.isTrue (found |> into "Dashboard") "or the search finds nothing"
                fails (List.contains "Commands" layers["Dashboard"])

            testCase "an arrow that the table forbids is reported, also from inside a method"
            <| fun () ->
                holds (
                    Seq.exists
                        (fun (one: string) ->
                            one.StartsWith(
                                "Gui.Views -> Gui.Themes: BtcBandit.Tui.Gui.Views.PaneView.Row mentions BtcBandit.Tui.Gui.Themes.Looks",
                                StringComparison.Ordinal
                            ))
                        (violations (layers.Add("Gui.Views", [])))
                )

            testCase "a folder that the table does not know is reported"
            <| fun () ->
                holds (
                    Seq.exists
                        (fun (one: string) ->
                            one.StartsWith("Wording is not in the table of layers", StringComparison.Ordinal))
                        (violations (layers.Remove "Wording"))
                )

            testCase "the namespace of every file of the program is its folder"
            <| fun () ->
                let root = Repository.path "src/Tui"

                let wrong = [|
                    for file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories) do
                        let parts = Path.GetRelativePath(root, file).Split Path.DirectorySeparatorChar
                        let folders = Array.take (parts.Length - 1) parts

                        // Program.cs has no namespace.
                        if folders.Length > 0 && folders[0] <> "bin" && folders[0] <> "obj" then
                            let expected = String.Join('.', Array.append [| "BtcBandit.Tui" |] folders)

                            let found =
                                Regex.Match(File.ReadAllText file, @"^namespace ([\w.]+);", RegexOptions.Multiline)

                            if found.Groups[1].Value <> expected then
                                $"{Path.GetRelativePath(root, file)}: '{found.Groups[1].Value}', expected '{expected}'"
                |]

                isEmpty wrong
        ]
