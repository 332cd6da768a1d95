namespace BtcBandit.Sweep.Tests

open System
open System.IO
open System.Reflection
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Tests
open BtcBandit.Sweep.Spec

/// The order of the folders of sweeps, checked on what was compiled: C# has no compile order of its own.
module LayerTests =

    let private sweep = typeof<SweepSpec>.Assembly

    /// Each folder, and those that it may mention. A folder that is missing here is reported.
    let private layers =
        Map [
            "Statistics", []
            "Spec", []
            "Markets", [ "Spec" ]
            "Runs", [ "Spec"; "Markets" ]
            "Store", [ "Spec"; "Markets"; "Runs" ]
            "Execution", [ "Spec"; "Markets"; "Runs"; "Store" ]
            "Distribution", [ "Spec"; "Markets"; "Runs"; "Store"; "Execution" ]
            "Reporting", [ "Spec"; "Statistics"; "Store" ]
        ]

    /// The folder of a type; nothing for everybody else's types and for what the compiler made without a namespace.
    let private layer (kind: Type) =
        let kind = Mentions.outermost kind

        match (string kind.Namespace).Split '.' with
        | names when kind.Assembly = sweep && names[0] = "BtcBandit" ->
            Some(Array.tryItem 2 names |> Option.defaultValue "(no folder)")
        | _ -> None

    let private violations (allowed: Map<string, string list>) =
        Mentions.ofAssembly sweep
        |> Seq.choose (fun mention ->
            match layer mention.By, Mentions.targetType mention.Of |> Option.bind layer with
            | Some from, _ when not (allowed.ContainsKey from) ->
                Some $"{from} is not in the table of layers: {mention.By.FullName}"
            | Some from, Some into when from <> into && not (List.contains into allowed[from]) ->
                Some
                    $"{from} -> {into}: {mention.By.FullName}.{mention.Where} mentions {Mentions.targetType(mention.Of).Value}"
            | _ -> None)
        |> Seq.distinct
        |> Seq.toArray

    let private referenced (assembly: Assembly) =
        assembly.GetReferencedAssemblies() |> Array.map (fun name -> string name.Name)

    let private reports (beginning: string) found =
        Expect.exists found (fun (one: string) -> one.StartsWith(beginning, StringComparison.Ordinal)) beginning

    [<Tests>]
    let tests =
        testList "LayerTests" [
            testCase "no folder mentions one that it may not know"
            <| fun () -> isEmpty (violations layers)

            testCase "an arrow that the table forbids is reported"
            <| fun () ->
                violations (layers.Add("Reporting", [ "Spec"; "Store" ]))
                |> reports "Reporting -> Statistics: "

            testCase "a folder that the table does not know is reported"
            <| fun () ->
                violations (layers.Remove "Markets")
                |> reports "Markets is not in the table of layers"

            testCase "the namespace of every file is its folder"
            <| fun () ->
                let wrong = [|
                    for project in [ "Sweep"; "Sweep.Nats" ] do
                        let root = Repository.path ("src/" + project)

                        for file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories) do
                            let parts = Path.GetRelativePath(root, file).Split Path.DirectorySeparatorChar
                            let folders = Array.take (parts.Length - 1) parts

                            if folders.Length = 0 || folders[0] <> "bin" && folders[0] <> "obj" then
                                let expected = String.Join('.', Array.append [| "BtcBandit." + project |] folders)

                                let found =
                                    Regex.Match(File.ReadAllText file, @"^namespace ([\w.]+);", RegexOptions.Multiline)

                                if found.Groups[1].Value <> expected then
                                    $"{project}/{Path.GetRelativePath(root, file)}: '{found.Groups[1].Value}', expected '{expected}'"
                |]

                isEmpty wrong

            testCase "sweeps know no screen, no browser, no command line and no network"
            <| fun () ->
                let outside =
                    Regex
                        @"^(btcbandit|BtcBandit\.(Tui|Web|Sweep\.Nats)|NATS\..*|Spectre\..*|System\.CommandLine|Terminal\.Gui|Microsoft\.AspNetCore\..*|System\.Net\..*)$"

                isEmpty (referenced sweep |> Array.filter outside.IsMatch)
                because "or the list is not that of sweeps" (fun () -> has "BtcBandit.Engine" (referenced sweep))
        ]
