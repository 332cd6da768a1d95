namespace BtcBandit.Tui.Tests

open System
open System.IO
open System.Text.RegularExpressions
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Tests
open BtcBandit.Tui.Host

/// The order of the program's folders, checked on what was compiled: C# has no compile order of its own.
[<TestFixture>]
type LayerTests() =

    let program = typeof<ConsoleHost>.Assembly

    /// The folders, each of which may mention those before it. A folder that is missing here is reported.
    let order =
        [
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
    let layers = order |> List.mapi (fun i folder -> folder, List.take i order) |> Map

    /// The program's folder of a type; nothing for everybody else's types and for what the compiler made without a
    /// namespace.
    let layer (kind: Type) =
        let kind = Mentions.outermost kind

        match (string kind.Namespace).Split '.' with
        | names when kind.Assembly = program && names[0] = "BtcBandit" -> Some(String.Join('.', Array.skip 2 names))
        | _ -> None

    let violations (allowed: Map<string, string list>) =
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

    [<Test>]
    member _.``no folder of the program reaches up``() = Assert.That(violations layers, Is.Empty)

    [<Test>]
    member _.``the commands open the dashboard, which does not know them``() =
        let into folder = Array.exists (fun (found: string) -> found.StartsWith $"Commands -> {folder}: ")
        let found = violations (layers.Add("Commands", []))
        Assert.That(found |> into "Dashboard", "or the search finds nothing")
        Assert.That(List.contains "Commands" layers["Dashboard"], Is.False)

    [<Test>]
    member _.``an arrow that the table forbids is reported, also from inside a method``() =
        Assert.That(
            violations (layers.Add("Gui.Views", [])),
            Has.Some.StartsWith
                "Gui.Views -> Gui.Themes: BtcBandit.Tui.Gui.Views.PaneView.Row mentions BtcBandit.Tui.Gui.Themes.Looks"
        )

    [<Test>]
    member _.``a folder that the table does not know is reported``() =
        Assert.That(violations (layers.Remove "Wording"), Has.Some.StartsWith "Wording is not in the table of layers")

    [<Test>]
    member _.``the namespace of every file of the program is its folder``() =
        let root = Repository.path "src/Tui"

        let wrong =
            [|
                for file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories) do
                    let parts = Path.GetRelativePath(root, file).Split Path.DirectorySeparatorChar
                    let folders = Array.take (parts.Length - 1) parts

                    // Program.cs has no namespace.
                    if folders.Length > 0 && folders[0] <> "bin" && folders[0] <> "obj" then
                        let expected = String.Join('.', Array.append [| "BtcBandit.Tui" |] folders)
                        let found = Regex.Match(File.ReadAllText file, @"^namespace ([\w.]+);", RegexOptions.Multiline)

                        if found.Groups[1].Value <> expected then
                            $"{Path.GetRelativePath(root, file)}: '{found.Groups[1].Value}', expected '{expected}'"
            |]

        Assert.That(wrong, Is.Empty)
