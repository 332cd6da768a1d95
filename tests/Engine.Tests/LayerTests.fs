namespace BtcBandit.Engine.Tests

open System
open System.IO
open System.Reflection
open System.Text.RegularExpressions
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Market

/// The order of the engine's folders, checked on what was compiled: C# has no compile order of its own.
[<TestFixture>]
type LayerTests() =

    let engine = typeof<Timeframe>.Assembly
    let indicators = typeof<Candle>.Assembly
    let indicatorsName = string (indicators.GetName().Name)

    /// The folders, each of which may mention those before it. A folder that is missing here is reported.
    let order =
        [
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
    let layers =
        order
        |> List.mapi (fun i folder -> folder, indicatorsName :: List.take i order)
        |> Map

    /// The engine's folder of a type, or the indicators as one; nothing for everybody else's types and for what
    /// the compiler made without a namespace.
    let layer (kind: Type) =
        let kind = Mentions.outermost kind

        if kind.Assembly = indicators then
            Some indicatorsName
        elif kind.Assembly = engine then
            match (string kind.Namespace).Split '.' with
            | names when names[0] = "BtcBandit" -> Some(Array.tryItem 2 names |> Option.defaultValue "(no folder)")
            | _ -> None
        else
            None

    let violations (allowed: Map<string, string list>) =
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

    let referenced (assembly: Assembly) = assembly.GetReferencedAssemblies() |> Array.map (fun name -> string name.Name)

    [<Test>]
    member _.``no folder of the engine reaches up``() = Assert.That(violations layers, Is.Empty)

    [<Test>]
    member _.``an arrow that the table forbids is reported, also from inside a method``() =
        let found = violations (layers.Add("Agents", [ "Market" ]))

        Assert.That(
            found,
            Has.Some.StartsWith
                $"Agents -> {indicatorsName}: {typeof<SoftmaxPolicy>}.Chances mentions {typeof<Portable>}"
        )

    [<Test>]
    member _.``a folder that the table does not know is reported``() =
        Assert.That(violations (layers.Remove "Market"), Has.Some.StartsWith "Market is not in the table of layers")

    [<Test>]
    member _.``the namespace of every engine file is its folder``() =
        let root = Repository.path "src/Engine.CSharp"

        let wrong =
            [|
                for file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories) do
                    let parts = Path.GetRelativePath(root, file).Split Path.DirectorySeparatorChar
                    let folders = Array.take (parts.Length - 1) parts

                    if folders.Length = 0 || folders[0] <> "bin" && folders[0] <> "obj" then
                        let expected =
                            if folders.Length = 0 then
                                "a folder of the engine"
                            else
                                String.Join('.', Array.append [| "BtcBandit.Engine" |] folders)

                        let found = Regex.Match(File.ReadAllText file, @"^namespace ([\w.]+);", RegexOptions.Multiline)

                        if found.Groups[1].Value <> expected then
                            $"{Path.GetRelativePath(root, file)}: '{found.Groups[1].Value}', expected '{expected}'"
            |]

        Assert.That(wrong, Is.Empty)

    [<Test>]
    member _.``the engine knows no screen, no browser and no command line``() =
        let outside =
            Regex @"^(btcbandit|BtcBandit\.(Tui|Web)|Spectre\..*|System\.CommandLine|Microsoft\.AspNetCore\..*)$"

        Assert.That(referenced engine |> Array.filter outside.IsMatch, Is.Empty)
        Assert.That(referenced engine, Has.Some.EqualTo indicatorsName, "or the list is not the engine's")

    [<Test>]
    member _.``the indicators stand on FSharp.Core and the runtime alone``() =
        let runtime = string (Path.GetDirectoryName typeof<obj>.Assembly.Location)

        let others =
            referenced indicators
            |> Array.filter (fun name ->
                name <> "FSharp.Core" && not (File.Exists(Path.Combine(runtime, name + ".dll"))))

        Assert.That(others, Is.Empty)

    [<Test>]
    member _.``the fake exchange knows nothing of the client that it tests``() =
        let project = File.ReadAllText(Repository.path "tests/FakeExchange/BtcBandit.FakeExchange.csproj")
        Assert.That(project, Does.Not.Contain "ProjectReference")
        Assert.That(project, Does.Not.Contain "Include=\"BtcBandit")

        let ours =
            referenced typeof<BtcBandit.FakeExchange.WebExchange>.Assembly
            |> Array.filter (fun name -> name.StartsWith("BtcBandit", StringComparison.OrdinalIgnoreCase))

        Assert.That(ours, Is.Empty)
