namespace BtcBandit.Engine.Tests.Backtesting

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

/// Each run of a comparison judged among all that were tried, on 40 days of minutes.
module RunSkillTests =

    let private candles = lazy Compare.candles 4L (40 * 1_440)

    let private compared =
        lazy
            (Compare.whole
                candles.Value
                (ComparisonPlan(Compare.plan, Agents = [| "linear-ts"; "greedy" |], Seeds = [| 5L; 6L; 7L |])))

    let private skill (run: ComparedRun) = nonNull run.Skill

    /// Last equities of each day, by the naive way.
    let private days () =
        let run =
            TradingRun(
                (Compare.planOf (
                    RunParameters(Agent = "greedy", History = 20, Costs = BtcBandit.Engine.Exchange.Costs.None)
                ))
            )

        [
            for candle in candles.Value do
                match run.Next candle with
                | null -> ()
                | step -> step
        ]
        |> List.groupBy (fun step -> step.Candle.OpenTime / 86_400_000L)
        |> List.map (fun (_, steps) ->
            let last = (List.last steps).Statistics
            last.Equity, last.BuyAndHoldEquity.Value)

    [<Tests>]
    let tests =
        testList "RunSkillTests" [
            testCase "each run of an agent is a trial, and baselines are none"
            <| fun () ->
                equal 4 (compared.Value.Agents |> Seq.sumBy _.Runs.Count)
                isNotEmpty compared.Value.Baselines

                for agent in compared.Value.Agents do
                    for run in agent.Runs do
                        equal 4 (skill run).Trials

                for agent in compared.Value.Baselines do
                    isNotEmpty agent.Runs
                    holds (agent.Runs |> Seq.forall (fun run -> isNull run.Skill))

            testCase "the figures are those of the returns per day"
            <| fun () ->
                let equities = days ()
                let series = (1_000.0, 1_000.0) :: equities |> List.pairwise
                let returns = [| for (before, _), (after, _) in series -> after / before - 1.0 |]
                let run = (Compare.find "greedy" compared.Value.Agents).Runs[0]
                let skill = skill run
                equal (SharpeConfidence.Probabilistic returns) skill.ProbabilisticSharpe
                let final, holding = List.last equities
                isNearPercent 1e-12 (final / holding - 1.0) skill.ExcessReturn.Value
                let growth = [| for (a, b), (c, d) in series -> log (c / a / (d / b)) |]
                let interval = (StationaryBootstrap.OfSum(growth, run.Seed)).Value
                isNearPercent 1e-8 (exp interval.Low - 1.0) skill.ExcessInterval.Value.Low
                isNearPercent 1e-8 (exp interval.High - 1.0) skill.ExcessInterval.Value.High

            testCase "the deflated ratio asks for more than the best of as many worthless trials"
            <| fun () ->
                let runs = [
                    for agent in compared.Value.Agents do
                        yield! agent.Runs
                ]

                let ratios = [| for run in runs -> (SharpeConfidence.Ratio run.Path.DailyReturns).Value |]
                let variance = MathNet.Numerics.Statistics.Statistics.Variance ratios
                let best = SharpeConfidence.ExpectedMaximum(variance, 4)

                for run in runs do
                    let expected = SharpeConfidence.Probabilistic(run.Path.DailyReturns, best)
                    isNear 1e-9 expected.Value ((skill run).DeflatedSharpe.Value)
                    isAtMost ((skill run).ProbabilisticSharpe.Value) ((skill run).DeflatedSharpe.Value)

            testCase "one run alone is not deflated"
            <| fun () ->
                let alone = Compare.whole candles.Value (ComparisonPlan Compare.plan)
                let skill = skill alone.Agents[0].Runs[0]
                equal (1, skill.ProbabilisticSharpe) (skill.Trials, skill.DeflatedSharpe)

            testCase "a few days are not judged"
            <| fun () ->
                let short = Compare.whole (Compare.candles 4L 5_000) (ComparisonPlan Compare.plan)
                let skill = skill short.Agents[0].Runs[0]

                equal
                    (Nullable(), Nullable(), Nullable())
                    (skill.ProbabilisticSharpe, skill.DeflatedSharpe, skill.ExcessReturn)

                equal (Nullable()) skill.ExcessInterval
        ]
