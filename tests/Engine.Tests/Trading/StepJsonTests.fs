namespace BtcBandit.Engine.Tests.Trading

open System
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
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
module StepJsonTests =

    let private stepsOf agent (costs: Costs) (world: SyntheticWorld) seed =
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

    let private worlds = Enum.GetValues<SyntheticWorld>()

    let private agents = Seq.toArray AgentCatalogue.Default.Names

    [<Tests>]
    let tests =
        testList "StepJsonTests" [
            // Few: each case is a run.
            propertyOf 60 "a step read back equals the one written, whoever traded"
            <| fun (seed: int64) (agent: byte) (world: byte) ->
                let agent, world = agents[int agent % agents.Length], worlds[int world % worlds.Length]

                for step in stepsOf agent (Costs.Of(0.5, 0.25)) world seed do
                    let json = step.ToJson()
                    let back = StepJson.Read json
                    equal step back
                    equal (step.GetHashCode()) (back.GetHashCode())
                    equal json (back.ToJson())
                    equal step.Decision.Propensities back.Decision.Propensities

            testCase "two runs of one plan give equal steps, another seed another first one"
            <| fun () ->
                let run seed = stepsOf "linear-ts" Costs.None SyntheticWorld.Drifts seed
                equal (run 1L) (run 1L)
                holds ((run 1L).Head <> (run 2L).Head)

            testCase "steps that differ in one number are not equal"
            <| fun () ->
                let step = List.last (stepsOf "linear-ts" Costs.None SyntheticWorld.Drifts 1L)
                let json = JsonDocument.Parse(step.ToJson())

                let rec numbers (path: string) (element: JsonElement) = [
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

                isAbove 30 decimals.Length

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
                        | Some changed when
                            Double.Parse number <> Double.Parse(number[.. number.Length - 2] + string other)
                            ->
                            compared <- compared + 1
                            Expect.isTrue (changed <> step) $"{number}"
                        | _ -> ()

                isAbove 20 compared

            cases "what is not a step is refused" [ "null"; "{}"; "{\"number\":1}"; "[]" ]
            <| fun (json: string) -> throwsA<JsonException>(fun () -> StepJson.Read json |> ignore)

            testCase "a number that is none is refused as any other fault"
            <| fun () ->
                let json = (List.last (stepsOf "linear-ts" Costs.None SyntheticWorld.Drifts 1L)).ToJson()
                let wrong = Text.RegularExpressions.Regex("\"mean\":[^,]+").Replace(json, "\"mean\":\"abc\"", 1)
                differs json wrong
                throwsA<JsonException>(fun () -> StepJson.Read wrong |> ignore)

            testCase "names are in snake case, but for those of a candle"
            <| fun () ->
                let json = (List.last (stepsOf "linear-ts" Costs.None SyntheticWorld.Drifts 1L)).ToJson()

                let rec names (element: JsonElement) = [
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

            testCase "no step holds a run, an agent or a fold"
            <| fun () ->
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
                        |> Seq.collect (fun field ->
                            field.FieldType :: List.ofArray (field.FieldType.GetGenericArguments()))
                        |> Seq.fold reachable (seen.Add name)

                let held = reachable Set.empty typeof<Step>
                has (typeof<Observation>.FullName) held

                for name in held do
                    matches @"^((?!Run).)*$|RunHeader|RunParameters|RunStatistics" name
                    matchesNot "Agent$" name
        ]
