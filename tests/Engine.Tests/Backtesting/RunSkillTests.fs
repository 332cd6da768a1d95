namespace BtcBandit.Engine.Tests.Backtesting

open System
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

/// Each run of a comparison judged among all that were tried, on 40 days of minutes.
[<TestFixture>]
type RunSkillTests() =

    let candles = lazy Compare.candles 4L (40 * 1_440)

    let compared =
        lazy
            (Compare.whole
                candles.Value
                (ComparisonPlan(Compare.plan, Agents = [| "linear-ts"; "greedy" |], Seeds = [| 5L; 6L; 7L |])))

    let skill (run: ComparedRun) = nonNull run.Skill

    /// Last equities of each day, by the naive way.
    let days () =
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

    [<Test>]
    member _.``each run of an agent is a trial, and baselines are none``() =
        equal 4 (compared.Value.Agents |> Seq.sumBy _.Runs.Count)
        Assert.That(compared.Value.Baselines, Is.Not.Empty)

        for agent in compared.Value.Agents do
            for run in agent.Runs do
                equal 4 (skill run).Trials

        for agent in compared.Value.Baselines do
            Assert.That(agent.Runs, Is.Not.Empty)
            Assert.That(agent.Runs |> Seq.forall (fun run -> isNull run.Skill))

    [<Test>]
    member _.``the figures are those of the returns per day``() =
        let equities = days ()
        let series = (1_000.0, 1_000.0) :: equities |> List.pairwise
        let returns = [| for (before, _), (after, _) in series -> after / before - 1.0 |]
        let run = (Compare.find "greedy" compared.Value.Agents).Runs[0]
        let skill = skill run
        equal (SharpeConfidence.Probabilistic returns) skill.ProbabilisticSharpe
        let final, holding = List.last equities
        Assert.That(skill.ExcessReturn.Value, Is.EqualTo(final / holding - 1.0).Within(1e-12).Percent)
        let growth = [| for (a, b), (c, d) in series -> log (c / a / (d / b)) |]
        let interval = (StationaryBootstrap.OfSum(growth, run.Seed)).Value
        Assert.That(skill.ExcessInterval.Value.Low, Is.EqualTo(exp interval.Low - 1.0).Within(1e-8).Percent)
        Assert.That(skill.ExcessInterval.Value.High, Is.EqualTo(exp interval.High - 1.0).Within(1e-8).Percent)

    [<Test>]
    member _.``the deflated ratio asks for more than the best of as many worthless trials``() =
        let runs =
            [
                for agent in compared.Value.Agents do
                    yield! agent.Runs
            ]

        let ratios = [| for run in runs -> (SharpeConfidence.Ratio run.Path.DailyReturns).Value |]
        let variance = MathNet.Numerics.Statistics.Statistics.Variance ratios
        let best = SharpeConfidence.ExpectedMaximum(variance, 4)

        for run in runs do
            let expected = SharpeConfidence.Probabilistic(run.Path.DailyReturns, best)
            Assert.That((skill run).DeflatedSharpe.Value, Is.EqualTo(expected.Value).Within 1e-9)
            Assert.That((skill run).DeflatedSharpe.Value, Is.LessThanOrEqualTo (skill run).ProbabilisticSharpe.Value)

    [<Test>]
    member _.``one run alone is not deflated``() =
        let alone = Compare.whole candles.Value (ComparisonPlan Compare.plan)
        let skill = skill alone.Agents[0].Runs[0]
        equal (1, skill.ProbabilisticSharpe) (skill.Trials, skill.DeflatedSharpe)

    [<Test>]
    member _.``a few days are not judged``() =
        let short = Compare.whole (Compare.candles 4L 5_000) (ComparisonPlan Compare.plan)
        let skill = skill short.Agents[0].Runs[0]
        equal (Nullable(), Nullable(), Nullable()) (skill.ProbabilisticSharpe, skill.DeflatedSharpe, skill.ExcessReturn)
        equal (Nullable()) skill.ExcessInterval
