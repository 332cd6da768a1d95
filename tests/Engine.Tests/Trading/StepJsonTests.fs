namespace BtcBandit.Engine.Tests.Trading

open System
open System.Text.Json
open NUnit.Framework
open FsCheck.NUnit
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

/// Steps are values: compared, written and read back.
[<TestFixture>]
type StepJsonTests() =

    let stepsOf agent (costs: Costs) (world: SyntheticWorld) seed =
        let plan =
            RunPlan.Of(
                MarketSource.Synthetic(TradingPair("BTC", "USDT"), Timeframe.OneMinute, world, seed),
                RunParameters(
                    Agent = agent,
                    Costs = costs,
                    Horizon = (if agent = "softmax" then Nullable 3 else Nullable())
                ),
                RunParts(FeatureSet = FeatureSet.Of "sma:14,bb:20:2")
            )

        let run = TradingRun plan

        Trading.market world seed 150
        |> List.choose (fun candle -> Option.ofObj (run.Next candle))

    let worlds = Enum.GetValues<SyntheticWorld>()
    let agents = Seq.toArray AgentCatalogue.Default.Names

    // Few: each case is a run.
    [<Property(MaxTest = 60)>]
    member _.``a step read back equals the one written, whoever traded``(seed: int64, agent: byte, world: byte) =
        let agent, world = agents[int agent % agents.Length], worlds[int world % worlds.Length]

        for step in stepsOf agent (Costs.Of(0.5, 0.25)) world seed do
            let json = step.ToJson()
            let back = StepJson.Read json
            equal step back
            equal (step.GetHashCode()) (back.GetHashCode())
            equal json (back.ToJson())
            equal step.Decision.Propensities back.Decision.Propensities

    [<Test>]
    member _.``two runs of one plan give equal steps, another seed another first one``() =
        let run seed = stepsOf "linear-ts" Costs.None SyntheticWorld.Drifts seed
        equal (run 1L) (run 1L)
        Assert.That((run 1L).Head <> (run 2L).Head)

    [<Test>]
    member _.``steps that differ in one number are not equal``() =
        let step = List.last (stepsOf "linear-ts" Costs.None SyntheticWorld.Drifts 1L)
        let json = JsonDocument.Parse(step.ToJson())

        let rec numbers (path: string) (element: JsonElement) =
            [
                match element.ValueKind with
                // Written for readers, computed from the others.
                | JsonValueKind.Number when path.EndsWith ".drawdown" || path.EndsWith "_cross_return" -> ()
                | JsonValueKind.Number -> element.GetRawText()
                | JsonValueKind.Object ->
                    for property in element.EnumerateObject() do
                        yield! numbers $"{path}.{property.Name}" property.Value
                | JsonValueKind.Array ->
                    for item in element.EnumerateArray() do
                        yield! numbers path item
                | _ -> ()
            ]

        let text = step.ToJson()

        let decimals =
            numbers "" json.RootElement
            |> List.filter (fun number -> number.Contains '.' && number.Length > 8)

        Assert.That(decimals.Length, Is.GreaterThan 30)

        let mutable compared = 0

        for number in List.distinct decimals do
            let last = number[number.Length - 1]
            let other = if last = '5' then '6' else '5'

            if not (number.Contains 'E') then
                match
                    (try
                        Some(StepJson.Read(text.Replace(number, number[.. number.Length - 2] + string other)))
                     with :? JsonException ->
                         None)
                with
                | Some changed when Double.Parse number <> Double.Parse(number[.. number.Length - 2] + string other) ->
                    compared <- compared + 1
                    Assert.That((changed <> step), $"{number}")
                | _ -> ()

        Assert.That(compared, Is.GreaterThan 20)

    [<TestCase("null")>]
    [<TestCase("{}")>]
    [<TestCase("{\"number\":1}")>]
    [<TestCase("[]")>]
    member _.``what is not a step is refused``(json: string) =
        Assert.That(Action(fun () -> StepJson.Read json |> ignore), Throws.InstanceOf<JsonException>())

    [<Test>]
    member _.``a number that is none is refused as any other fault``() =
        let json = (List.last (stepsOf "linear-ts" Costs.None SyntheticWorld.Drifts 1L)).ToJson()
        let wrong = Text.RegularExpressions.Regex("\"mean\":[^,]+").Replace(json, "\"mean\":\"abc\"", 1)
        Assert.That(wrong, Is.Not.EqualTo json)
        Assert.That(Action(fun () -> StepJson.Read wrong |> ignore), Throws.InstanceOf<JsonException>())

    [<Test>]
    member _.``names are in snake case, but for those of a candle``() =
        let json = (List.last (stepsOf "linear-ts" Costs.None SyntheticWorld.Drifts 1L)).ToJson()

        let rec names (element: JsonElement) =
            [
                match element.ValueKind with
                | JsonValueKind.Object ->
                    for property in element.EnumerateObject() do
                        property.Name
                        yield! names property.Value
                | JsonValueKind.Array ->
                    for item in element.EnumerateArray() do
                        yield! names item
                | _ -> ()
            ]

        let upper =
            names (JsonDocument.Parse(json).RootElement)
            |> List.filter (Seq.exists Char.IsUpper)

        equal [ "OpenTime"; "Open"; "High"; "Low"; "Close"; "Volume" ] upper

    [<Test>]
    member _.``no step holds a run, an agent or a fold``() =
        let rec reachable (seen: Set<string>) (kind: Type) : Set<string> =
            let name = string kind.FullName

            if seen.Contains name || not (name.StartsWith "BtcBandit") then
                seen
            else
                kind.GetFields(
                    Reflection.BindingFlags.Instance
                    ||| Reflection.BindingFlags.NonPublic
                    ||| Reflection.BindingFlags.Public
                )
                |> Seq.collect (fun field -> field.FieldType :: List.ofArray (field.FieldType.GetGenericArguments()))
                |> Seq.fold reachable (seen.Add name)

        let held = reachable Set.empty typeof<Step>
        Assert.That(held, Has.Some.EqualTo typeof<Observation>.FullName)

        for name in held do
            Assert.That(name, Does.Not.Contain("Run").Or.Match "RunHeader|RunParameters|RunStatistics")
            Assert.That(name, Does.Not.EndWith "Agent")
