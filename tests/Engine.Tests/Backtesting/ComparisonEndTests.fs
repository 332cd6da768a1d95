namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Reactive.Linq
open System.Threading
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions
open BtcBandit.Engine.Tests.Trading

/// Comparisons that are stopped, and those of which a run fails.
module ComparisonEndTests =

    let private everyone = [| "linear-ts"; "epsilon-greedy"; "greedy"; "softmax"; "random"; "hold" |]

    let private seeds = [| 5L; 6L; 7L |]

    let private candles = lazy Compare.candles 3L 1_700

    let private compare threads =
        Compare.whole
            candles.Value
            (ComparisonPlan(Compare.plan, Agents = everyone, Seeds = seeds, MaxThreads = Nullable threads))

    let private failing =
        AgentCatalogue.Default.With(
            AgentRecipe("failing", "fails", fun _ _ -> StubAgent(1, fun _ -> raise Battery.boom) :> IAgent)
        )

    /// An agent that trades at random; with one seed it throws at its first candle.
    let private unlucky (seed: int64) =
        let create (setup: AgentSetup) (learned: AgentState | null) =
            if setup.Options.Seed = seed then
                StubAgent(1, (fun _ -> raise Battery.boom)) :> IAgent
            else
                (nonNull (AgentCatalogue.Default.Find "random")).Create.Invoke(setup, learned)

        AgentCatalogue.Default.With(AgentRecipe("unlucky", "fails with one seed", create))

    [<Tests>]
    let tests =
        testList "ComparisonEndTests" [
            testCase "stopped in the middle, it is the comparison over the candles so far, without the random baseline"
            <| fun () ->
                use stop = new CancellationTokenSource()
                let plan = ComparisonPlan(Compare.plan, Agents = everyone, Seeds = seeds)

                let stopping pass taken =
                    if pass = 0 && taken = 1_024L then
                        stop.Cancel()

                let stopped =
                    plan
                        .RunAsync(candles.Value.ToObservable(), (fun pass taken -> stopping pass taken), stop.Token)
                        .GetAwaiter()
                        .GetResult()

                let short = Compare.whole (List.take 1_024 candles.Value) plan
                fails stopped.IsWhole
                holds short.IsWhole

                equal
                    (Seq.map Compare.show short.Agents |> List.ofSeq)
                    (Seq.map Compare.show stopped.Agents |> List.ofSeq)

                equal [ "hold"; "buy-and-hold"; "ma-cross" ] (Compare.names stopped.Baselines)

                equal
                    (Seq.map Compare.show (Seq.take 3 short.Baselines) |> List.ofSeq)
                    (Seq.map Compare.show stopped.Baselines |> List.ofSeq)

            testCase "stopped in the second pass, the agents are whole and the random baseline is missing"
            <| fun () ->
                use stop = new CancellationTokenSource()
                let plan = ComparisonPlan(Compare.plan, Agents = everyone, Seeds = seeds)

                let stopping pass =
                    if pass = 1 then
                        stop.Cancel()

                let stopped =
                    plan
                        .RunAsync(candles.Value.ToObservable(), (fun pass _ -> stopping pass), stop.Token)
                        .GetAwaiter()
                        .GetResult()

                holds stopped.IsWhole
                equal [ "hold"; "buy-and-hold"; "ma-cross" ] (Compare.names stopped.Baselines)

                equal
                    (Seq.map Compare.show (compare 2).Agents |> List.ofSeq)
                    (Seq.map Compare.show stopped.Agents |> List.ofSeq)

            testCase "an agent that fails is reported, and the others are right"
            <| fun () ->
                let plan = Compare.planWith failing (RunParameters(History = 20, Costs = Costs.None))

                let comparison =
                    Compare.whole
                        candles.Value
                        (ComparisonPlan(plan, Agents = [| "linear-ts"; "failing"; "greedy" |], Seeds = seeds))

                let failed = comparison.Agents[1]
                isSame Battery.boom failed.Error
                isEmpty failed.Runs
                equal [ 5L; 6L; 7L ] [ for failure in failed.Failures -> failure.Seed ]
                equal 3 failed.Asked
                let right = compare 2

                for name in [ "linear-ts"; "greedy" ] do
                    let agent = Compare.find name comparison.Agents
                    isNull' agent.Error
                    equal (Compare.show (Compare.find name right.Agents)) (Compare.show agent)

            testCase "where the first agent fails there is no random baseline"
            <| fun () ->
                let plan = Compare.planWith failing (RunParameters(History = 20, Costs = Costs.None))

                let comparison = Compare.whole candles.Value (ComparisonPlan(plan, Agents = [| "failing" |]))
                equal [ "hold"; "buy-and-hold"; "ma-cross" ] (Compare.names comparison.Baselines)
                holds comparison.IsWhole

            testCase "a seed that fails leaves the others as they are"
            <| fun () ->
                let comparing seed =
                    let plan =
                        Compare.planWith
                            (unlucky seed)
                            (RunParameters(History = 20, Horizon = Nullable 5, Costs = Costs.None))

                    Compare.whole candles.Value (ComparisonPlan(plan, Agents = [| "unlucky" |], Seeds = seeds))

                let comparison = comparing 6L
                let unlucky, right = comparison.Agents[0], (comparing 99L).Agents[0]
                equal ([ 6L ], 3) ([ for failure in unlucky.Failures -> failure.Seed ], unlucky.Asked)
                isSame Battery.boom (unlucky.Failures[0].Error)
                equal [ 5L; 7L ] [ for run in unlucky.Runs -> run.Seed ]
                equal [ 5L; 6L; 7L ] [ for run in right.Runs -> run.Seed ]

                for run in unlucky.Runs do
                    let same = right.Runs |> Seq.find (fun one -> one.Seed = run.Seed)
                    equal (Compare.showRun same) (Compare.showRun run)

                equal 2 (nonNull (unlucky.Of(fun summary -> Nullable summary.TotalReturn))).Runs
                equal [ "hold"; "buy-and-hold"; "ma-cross"; "random-turnover" ] (Compare.names comparison.Baselines)

            testCase "a report is not drawn of a run that failed"
            <| fun () ->
                let plan =
                    Compare.planWith
                        (unlucky 5L)
                        (RunParameters(History = 20, Horizon = Nullable 5, Costs = Costs.None))

                let report =
                    ReportPlan(ComparisonPlan(plan, Agents = [| "unlucky" |], Seeds = seeds))
                        .RunAsync(candles.Value.ToObservable())
                        .GetAwaiter()
                        .GetResult()

                equal (false, Nullable CostsAbsence.RunFailed) (report.IsDrawn, report.WhyNoCosts)
        ]
