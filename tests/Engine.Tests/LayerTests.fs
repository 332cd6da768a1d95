namespace BtcBandit.Engine.Tests

open System
open System.IO
open System.Reflection
open System.Text.RegularExpressions
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Market

/// The order of the engine's folders, checked on what was compiled: C# has no compile order of its own.
module LayerTests =

    let private engine = typeof<Timeframe>.Assembly

    let private indicators = typeof<Candle>.Assembly

    let private indicatorsName = string (indicators.GetName().Name)

    /// The folders, each of which may mention those before it. A folder that is missing here is reported.
    let private order = [
        "Market"
        "Storage"
        "Feeds"
        "Agents"
        "Exchange"
        "Evaluation"
        "Trading"
        "Backtesting"
        "Journal"
        "Sessions"
        "Watching"
    ]

    /// Who may mention whom.
    let private layers =
        order
        |> List.mapi (fun i folder -> folder, indicatorsName :: List.take i order)
        |> Map

    /// The engine's folder of a type, or the indicators as one; nothing for everybody else's types and for what
    /// the compiler made without a namespace.
    let private layer (kind: Type) =
        let kind = Mentions.outermost kind

        if kind.Assembly = indicators then
            Some indicatorsName
        elif kind.Assembly = engine then
            match (string kind.Namespace).Split '.' with
            | names when names[0] = "BtcBandit" -> Some(Array.tryItem 2 names |> Option.defaultValue "(no folder)")
            | _ -> None
        else
            None

    let private violations (allowed: Map<string, string list>) =
        Mentions.ofAssembly engine
        |> Seq.choose (fun mention ->
            match layer mention.By, Mentions.targetType mention.Of |> Option.bind layer with
            | Some from, Some into when from <> into ->
                match allowed.TryFind from with
                | Some others when List.contains into others -> None
                | _ ->
                    Some
                        $"{from} -> {into}: {mention.By.FullName}.{mention.Where} mentions {Mentions.targetType(mention.Of).Value}"
            | Some from, _ when not (allowed.ContainsKey from) ->
                Some $"{from} is not in the table of layers: {mention.By.FullName}"
            | _ -> None)
        |> Seq.distinct
        |> Seq.toArray

    let private referenced (assembly: Assembly) =
        assembly.GetReferencedAssemblies() |> Array.map (fun name -> string name.Name)

    [<Tests>]
    let tests =
        testList "LayerTests" [
            testCase "no folder of the engine reaches up"
            <| fun () -> isEmpty (violations layers)

            testCase "an arrow that the table forbids is reported, also from inside a method"
            <| fun () ->
                let found = violations (layers.Add("Agents", [ "Market" ]))

                holds (
                    Seq.exists
                        (fun (one: string) ->
                            one.StartsWith(
                                $"Agents -> {indicatorsName}: {typeof<SoftmaxPolicy>}.Chances mentions {typeof<Portable>}",
                                StringComparison.Ordinal
                            ))
                        found
                )

            testCase "a folder that the table does not know is reported"
            <| fun () ->
                holds (
                    Seq.exists
                        (fun (one: string) ->
                            one.StartsWith("Market is not in the table of layers", StringComparison.Ordinal))
                        (violations (layers.Remove "Market"))
                )

            testCase "the namespace of every engine file is its folder"
            <| fun () ->
                let root = Repository.path "src/Engine.CSharp"

                let wrong = [|
                    for file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories) do
                        let parts = Path.GetRelativePath(root, file).Split Path.DirectorySeparatorChar
                        let folders = Array.take (parts.Length - 1) parts

                        if folders.Length = 0 || folders[0] <> "bin" && folders[0] <> "obj" then
                            let expected =
                                if folders.Length = 0 then
                                    "a folder of the engine"
                                else
                                    String.Join('.', Array.append [| "BtcBandit.Engine" |] folders)

                            let found =
                                Regex.Match(File.ReadAllText file, @"^namespace ([\w.]+);", RegexOptions.Multiline)

                            if found.Groups[1].Value <> expected then
                                $"{Path.GetRelativePath(root, file)}: '{found.Groups[1].Value}', expected '{expected}'"
                |]

                isEmpty wrong

            testCase "the engine knows no screen, no browser and no command line"
            <| fun () ->
                let outside =
                    Regex
                        @"^(btcbandit|BtcBandit\.(Tui|Web)|Spectre\..*|System\.CommandLine|Microsoft\.AspNetCore\..*)$"

                isEmpty (referenced engine |> Array.filter outside.IsMatch)
                because "or the list is not the engine's" (fun () -> has indicatorsName (referenced engine))

            testCase "the indicators stand on FSharp.Core and the runtime alone"
            <| fun () ->
                let runtime = string (Path.GetDirectoryName typeof<obj>.Assembly.Location)

                let others =
                    referenced indicators
                    |> Array.filter (fun name ->
                        name <> "FSharp.Core" && not (File.Exists(Path.Combine(runtime, name + ".dll"))))

                isEmpty others

            testCase "the fake exchange knows nothing of the client that it tests"
            <| fun () ->
                let project = File.ReadAllText(Repository.path "tests/FakeExchange/BtcBandit.FakeExchange.csproj")
                lacks "ProjectReference" project
                lacks "Include=\"BtcBandit" project

                let ours =
                    referenced typeof<BtcBandit.FakeExchange.WebExchange>.Assembly
                    |> Array.filter (fun name -> name.StartsWith("BtcBandit", StringComparison.OrdinalIgnoreCase))

                isEmpty ours
        ]
