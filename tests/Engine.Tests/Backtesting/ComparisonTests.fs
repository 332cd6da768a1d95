namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Collections.Concurrent
open System.Reactive.Linq
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions
open BtcBandit.Engine.Tests.Trading

module ComparisonTests =

    let private everyone = [| "linear-ts"; "epsilon-greedy"; "greedy"; "softmax"; "random"; "hold" |]

    let private seeds = [| 5L; 6L; 7L |]

    let private candles = lazy Compare.candles 3L 1_700

    let private compare threads =
        Compare.whole
            candles.Value
            (ComparisonPlan(Compare.plan, Agents = everyone, Seeds = seeds, MaxThreads = Nullable threads))

    let private figure (of': ComparedRun -> float) (agent: ComparedAgent) = agent.Runs |> Seq.averageBy of'

    [<Tests>]
    let tests =
        testList "ComparisonTests" [
            testCase "the number of threads does not show"
            <| fun () ->
                let one = compare 1

                for threads in [ 2; 3 ] do
                    let other = compare threads

                    equal
                        (Seq.map Compare.show one.Agents |> List.ofSeq)
                        (Seq.map Compare.show other.Agents |> List.ofSeq)

                    equal
                        (Seq.map Compare.show one.Baselines |> List.ofSeq)
                        (Seq.map Compare.show other.Baselines |> List.ofSeq)

                    let json (comparison: Comparison) = comparison.ToJson Compare.plan.Header
                    equal (json one) (json other)

            testCase "every run is what it would be alone"
            <| fun () ->
                let together = compare 2

                for agent in Seq.append together.Agents (Seq.take 3 together.Baselines) do
                    // One that cannot choose between several horizons looks ahead fifteen candles.
                    let horizon = if agent.Name = "softmax" then Nullable 15 else Nullable()

                    for run in agent.Runs do
                        let parameters =
                            RunParameters(
                                Agent = agent.Name,
                                Seed = run.Seed,
                                Horizon = horizon,
                                History = 20,
                                Costs = Costs.None
                            )

                        let summary, path = Compare.alone (Compare.planOf parameters) candles.Value
                        equal (run.Seed, summary, Compare.showPath path) (Compare.showRun run)

            testCase "agents that draw run once for each seed, the others once"
            <| fun () ->
                let together = compare 2
                equal (List.ofArray everyone) (Compare.names together.Agents)
                equal [ "hold"; "buy-and-hold"; "ma-cross"; "random-turnover" ] (Compare.names together.Baselines)
                holds together.IsWhole
                let seedsOf (agent: ComparedAgent) = [ for run in agent.Runs -> run.Seed ]

                for name in [ "linear-ts"; "epsilon-greedy"; "softmax"; "random" ] do
                    equal [ 5L; 6L; 7L ] (seedsOf (Compare.find name together.Agents))

                for name in [ "greedy"; "hold" ] do
                    equal [ 5L ] (seedsOf (Compare.find name together.Agents))

                for name in [ "hold"; "buy-and-hold"; "ma-cross" ] do
                    equal [ 5L ] (seedsOf (Compare.find name together.Baselines))

                equal [ 5L; 6L; 7L ] (seedsOf (Compare.find "random-turnover" together.Baselines))

            /// Otherwise one run for all seeds would hide a spread.
            testCase "the seed affects exactly the agents that say so"
            <| fun () ->
                for name in AgentCatalogue.Default.Names do
                    let recipe = nonNull (AgentCatalogue.Default.Find name)

                    let result seed =
                        let parameters =
                            RunParameters(
                                Agent = name,
                                Seed = seed,
                                Horizon = Nullable 15,
                                History = 20,
                                Costs = Costs.None
                            )

                        let summary, path = Compare.alone (Compare.planOf parameters) candles.Value
                        summary.FinalEquity, Compare.showPath path

                    equal (name, recipe.DrawsAtRandom) (name, result 1L <> result 2L)

            testCase "without a list, the run's own agent with its own seed"
            <| fun () ->
                let plan = Compare.planOf (RunParameters(Agent = "random", Seed = 9L, History = 20, Costs = Costs.None))

                let comparison = Compare.whole candles.Value (ComparisonPlan plan)
                equal [ "random" ] (Compare.names comparison.Agents)
                equal [ 9L ] [ for run in comparison.Agents[0].Runs -> run.Seed ]

            cases "the random baseline trades as much and is in the market as long as the first agent" [
                "linear-ts", 1.0
                "softmax", 1.0
                "linear-ts", 0.5
            ]
            <| fun (name: string, fraction: float) ->
                let plan =
                    Compare.planOf (
                        RunParameters(History = 20, Costs = Costs.None, PositionFraction = fraction, InitialCash = 1e6)
                    )

                let comparison =
                    Compare.whole
                        (Compare.candles 8L 20_000)
                        (ComparisonPlan(plan, Agents = [| name |], Seeds = [| 1L .. 6L |]))

                let agent, random = comparison.Agents[0], Compare.find "random-turnover" comparison.Baselines
                let trips = figure (fun run -> float run.Summary.RoundTrips)
                let exposure = figure _.Summary.Exposure.Value
                Expect.isGreaterThan (trips agent) 100.0 "otherwise there is nothing to compare"

                if fraction < 1.0 then
                    // With so much cash a small part of it is an order.
                    let buys = figure (fun run -> float (run.Summary.Trades - run.Summary.RoundTrips)) agent
                    Expect.isGreaterThan buys (1.15 * trips agent) "otherwise no position is filled up"

                isNear (0.06 * trips agent) (trips agent) (trips random)
                isNear 0.05 (exposure agent) (exposure random)
                // It knows nothing.
                isNotEmpty random.Runs
                all (fun (run: ComparedRun) -> run.Summary.Agent = "random-turnover") random.Runs

            testCase "where the first agent does nothing, so does the random baseline"
            <| fun () ->
                let comparison = Compare.whole candles.Value (ComparisonPlan(Compare.plan, Agents = [| "hold" |]))
                let random = Compare.find "random-turnover" comparison.Baselines
                equal [ 0L ] [ for run in random.Runs -> run.Summary.Trades ]

            testCase "candles are read exactly twice, and their number is told"
            <| fun () ->
                let mutable subscriptions = 0

                let counted =
                    Observable.Defer(fun () ->
                        subscriptions <- subscriptions + 1
                        candles.Value.ToObservable())

                let told = ResizeArray<struct (int * int64)>()
                let plan = ComparisonPlan(Compare.plan, Agents = everyone, Seeds = seeds)

                plan
                    .RunAsync(counted, (fun pass taken -> told.Add(struct (pass, taken))), CancellationToken.None)
                    .GetAwaiter()
                    .GetResult()
                |> ignore

                equal 2 subscriptions

                equal
                    [
                        for pass in [ 0; 1 ] do
                            for taken in [ 512L; 1_024L; 1_536L; 1_700L ] -> struct (pass, taken)
                    ]
                    (List.ofSeq told)

            testCase "without a step there is no run, and no error"
            <| fun () ->
                let comparison = Compare.whole (List.take 20 candles.Value) (ComparisonPlan Compare.plan)
                isEmpty (comparison.Agents[0].Runs)
                isNull' (comparison.Agents[0].Error)
                isNull' (comparison.Agents[0].Of _.Cagr)
                equal [ "hold"; "buy-and-hold"; "ma-cross" ] (Compare.names comparison.Baselines)

            testCase "what can not be compared is refused"
            <| fun () ->
                let comparing (plan: ComparisonPlan) () = Compare.whole candles.Value plan |> ignore
                let plan = Compare.plan

                thrown<InvalidOperationException>(comparing (ComparisonPlan(plan, Agents = [||])))
                |> ignore

                thrown<InvalidOperationException>(comparing (ComparisonPlan(plan, Seeds = [||])))
                |> ignore

                thrown<ArgumentException>(comparing (ComparisonPlan(plan, Agents = [| "nobody" |])))
                |> ignore

                thrown<ArgumentOutOfRangeException>(comparing (ComparisonPlan(plan, MaxThreads = Nullable 0)))
                |> ignore

            testCase "an error of the candles is thrown"
            <| fun () ->
                let broken = candles.Value.ToObservable().Concat(Observable.Throw<Candle> Battery.boom)

                let thrown =
                    thrown<InvalidOperationException>(fun () ->
                        (ComparisonPlan Compare.plan)
                            .RunAsync(broken, null, CancellationToken.None)
                            .GetAwaiter()
                            .GetResult()
                        |> ignore)

                isSame Battery.boom thrown

            testCase "each of the agents' runs can be watched, the baselines not"
            <| fun () ->
                let seen = ConcurrentDictionary<struct (string * int64), int64>()
                let outOfOrder = ConcurrentBag<struct (string * int64)>()

                let watch (plan: RunPlan) : Action<Step> | null =
                    let parameters = plan.Header.Parameters

                    if parameters.Agent = "greedy" then
                        null
                    else
                        Action<Step>(fun step ->
                            let key = struct (parameters.Agent, parameters.Seed)


                            if seen.AddOrUpdate(key, 1L, (fun _ count -> count + 1L)) <> step.Number then
                                outOfOrder.Add key)

                let plan =
                    ComparisonPlan(
                        Compare.plan,
                        Agents = [| "linear-ts"; "greedy"; "hold" |],
                        Seeds = seeds,
                        Watch = watch
                    )

                let comparison = Compare.whole candles.Value plan
                let steps = comparison.Agents[0].Runs[0].Summary.Steps

                equal [
                    for key in struct ("hold", 5L) :: [ for seed in seeds -> struct ("linear-ts", seed) ] -> key, steps
                ] [ for pair in seen |> Seq.sortBy _.Key -> pair.Key, pair.Value ]

                isEmpty outOfOrder

            testCase "the spread is over the runs in which the figure is defined"
            <| fun () ->
                let agent = (compare 1).Agents[0]
                let returns = [ for run in agent.Runs -> run.Summary.TotalReturn ]
                let spread = nonNull (agent.Of(fun summary -> Nullable summary.TotalReturn))
                equal (3, List.min returns, List.max returns) (spread.Runs, spread.Least, spread.Most)
                isNear 1e-12 (List.average returns) spread.Mean
                isNull' (agent.Of(fun _ -> Nullable()))
        ]
