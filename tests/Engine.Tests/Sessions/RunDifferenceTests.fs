namespace BtcBandit.Engine.Tests.Sessions

open System
open System.Collections.Immutable
open System.Reflection
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

/// What is said about two runs that are not the same.
module RunDifferenceTests =

    let private headerOf seed parameters columns features =
        RunHeader(
            MarketSource.Synthetic(TradingPair("BTC", "USDT"), Timeframe.OneMinute, SyntheticWorld.Drifts, seed),
            parameters,
            ImmutableArray.CreateRange<string> columns,
            ImmutableArray.CreateRange<string> features
        )

    /// With the rules of BTC/USDT where a test states none, as a plan would.
    let private header seed (parameters: RunParameters) =
        if isNull parameters.Rules then
            let rules = Unchecked.nonNull (typeof<RunParameters>.GetProperty "Rules")
            rules.SetValue(parameters, ExchangeRules.Default)

        headerOf seed parameters

    let private plain = header 1L (RunParameters()) [ "close" ] [ "bias" ]

    let private between before now = List.ofSeq (RunDifference.Between(before, now))

    let private properties =
        typeof<RunParameters>.GetProperties(BindingFlags.Public ||| BindingFlags.Instance)
        |> Array.filter _.CanWrite

    /// A value unlike the one that a parameter has by default.
    let private other (property: PropertyInfo) : obj =
        match property.Name with
        | "Agent" -> "greedy"
        | "Indicators" -> "sma:3"
        | "CostModel" -> "of my own"
        | "Costs" -> Costs.Of(feeBps = 20.0, slippageBps = 1.0)
        | "Rules" -> ExchangeRules(MinimumNotional = 6.0)
        | _ ->
            match property.PropertyType with
            | kind when kind = typeof<int64> -> 7L
            | kind when kind = typeof<int> || kind = typeof<Nullable<int>> -> 7
            | kind when kind = typeof<double> -> 0.5
            | kind when kind.IsEnum -> Enum.GetValues(kind).GetValue 1 |> Unchecked.nonNull
            | kind -> failwith $"{property.Name}: no other value of {kind}"

    let private changed (property: PropertyInfo) =
        let parameters = RunParameters()
        property.SetValue(parameters, other property)
        parameters

    let private Names = [
        for property in typeof<RunParameters>.GetProperties() do
            if property.CanWrite then
                property.Name
    ]

    [<Tests>]
    let tests =
        testList "RunDifferenceTests" [
            testCase "equal runs have none" <| fun () -> equal [] (between plain plain)

            cases "every parameter is one" Names
            <| fun (name: string) ->
                let property = properties |> Array.find (fun property -> property.Name = name)

                match between plain (header 1L (changed property) [ "close" ] [ "bias" ]) with
                | [ difference ] ->
                    equal RunDifferenceKind.Parameter difference.Kind

                    // Costs and rules have parameters of their own.
                    let expected =
                        match name with
                        | "Costs" -> "TakerFeeBps"
                        | "Rules" -> "MinimumNotional"
                        | own -> own

                    equal expected difference.Name
                    differs difference.Now difference.Before
                | differences -> failtest $"{differences}"

            testCase "costs are told apart by what they charge, and by side where the sides differ"
            <| fun () ->
                let costs (taker: float) (slippage: float) (maker: float) = SideCosts(taker, maker, slippage)

                let differences (costs: Costs) =
                    between plain (header 1L (RunParameters(Costs = costs)) [ "close" ] [ "bias" ])
                    |> List.map (fun difference -> difference.Name, difference.Before, difference.Now)

                equal
                    [ "TakerFeeBps", "10", "10 to buy and 20 to sell" ]
                    (differences (Costs(costs 10.0 1.0 10.0, costs 20.0 1.0 20.0)))

                equal [ "SlippageBps", "1", "2" ] (differences (Costs(costs 10.0 2.0 10.0, costs 10.0 2.0 10.0)))
                equal [ "MakerFeeBps", "10", "5" ] (differences (Costs(costs 10.0 1.0 5.0, costs 10.0 1.0 5.0)))

            testCase "runs that differ in no value that is shown differ all the same"
            <| fun () ->
                // A model that calls itself what fixed costs are called.
                let named = header 1L (RunParameters(CostModel = "fixed")) [ "close" ] [ "bias" ]
                equal [ RunDifference(RunDifferenceKind.Other, "Other", "", "") ] (between plain named)

            testCase "each rule of the exchange is one"
            <| fun () ->
                let differences rules =
                    between plain (header 1L (RunParameters(Rules = rules)) [ "close" ] [ "bias" ])
                    |> List.map (fun difference -> difference.Name, difference.Before, difference.Now)

                equal [ "LotsPerUnit", "100000", "10" ] (differences (ExchangeRules(LotsPerUnit = 10.0)))
                equal [ "MaximumQuantity", "9000", "10" ] (differences (ExchangeRules(MaximumQuantity = 10.0)))
                equal [ "TicksPerUnit", "100", "10" ] (differences (ExchangeRules(TicksPerUnit = 10.0)))

            testCase "only the most important kind is told"
            <| fun () ->
                let kinds now = between plain now |> List.map _.Kind
                let parameters = RunParameters(Seed = 2L)
                equal [ RunDifferenceKind.Source ] (kinds (header 2L parameters [] []))
                equal [ RunDifferenceKind.Parameter ] (kinds (header 1L parameters [] []))
                equal [ RunDifferenceKind.Columns ] (kinds (header 1L (RunParameters()) [ "open" ] []))
                equal [ RunDifferenceKind.Features ] (kinds (header 1L (RunParameters()) [ "close" ] [ "x" ]))
        ]
