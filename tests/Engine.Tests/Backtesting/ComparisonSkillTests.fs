namespace BtcBandit.Engine.Tests.Backtesting

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

/// Each run of a comparison, and the mean of an agent's runs, judged among all that were tried, on 40 days of minutes.
module ComparisonSkillTests =

    let private candles = lazy Compare.candles 4L (40 * 1_440)

    let private compared =
        lazy
            (Compare.whole
                candles.Value
                (ComparisonPlan(Compare.plan, Agents = [| "linear-ts"; "greedy" |], Seeds = [| 5L; 6L; 7L |])))

    let private skill (run: ComparedRun) = nonNull run.Skill
    let private flat (verdict: SkillVerdict) = nonNull verdict.OverFlat
    let private held (verdict: SkillVerdict) = nonNull verdict.OverBuyAndHold

    /// Equity, and that of buying and holding, after each step of an agent that takes no draws.
    let private equities =
        lazy
            (let run =
                TradingRun((Compare.planOf (RunParameters(Agent = "greedy", History = 20, Costs = Costs.None))))

             [|
                 for candle in candles.Value do
                     match run.Next candle with
                     | null -> ()
                     | step ->
                         let statistics = step.Statistics
                         statistics.Equity, statistics.BuyAndHoldEquity.GetValueOrDefault 1_000.0
             |])

    /// Returns of whole blocks, by the naive way: over flat, and over buying and holding.
    let private returns () =
        let ends =
            equities.Value
            |> Array.chunkBySize 256
            |> Array.filter (fun block -> block.Length = 256)
            |> Array.map Array.last

        Array.append [| 1_000.0, 1_000.0 |] ends
        |> Array.pairwise
        |> Array.map (fun ((a, b), (c, d)) -> c / a - 1.0, (c / a - 1.0) - (d / b - 1.0))
        |> Array.unzip

    [<Tests>]
    let tests =
        testList "ComparisonSkillTests" [
            testCase "each run of an agent is a trial, and baselines are none"
            <| fun () ->
                equal 4 (compared.Value.Agents |> Seq.sumBy _.Runs.Count)
                isNotEmpty compared.Value.Baselines

                for agent in compared.Value.Agents do
                    equal 4 (nonNull agent.Skill).Trials

                    for run in agent.Runs do
                        equal 4 (skill run).Trials

                for agent in compared.Value.Baselines do
                    isNotEmpty agent.Runs
                    holds (isNull agent.Skill)
                    holds (agent.Runs |> Seq.forall (fun run -> isNull run.Skill))

            cases "verdicts say whether trading was free" [
                Costs.None, true
                Costs.Of(0.0, 0.5), false
                Costs.Of(0.5, 0.0), false
            ]
            <| fun (costs, isFree) ->
                let plan = Compare.planOf (RunParameters(Agent = "greedy", History = 20, Costs = costs))
                let made = Compare.whole (Compare.candles 4L 300) (ComparisonPlan(plan, Seeds = [| 5L; 6L |]))

                for agent in made.Agents do
                    equal isFree (nonNull agent.Skill).IsFree

                    for run in agent.Runs do
                        equal isFree (skill run).IsFree

                let run = TradingRun plan

                for candle in Compare.candles 4L 300 do
                    run.Next candle |> ignore

                equal isFree ((nonNull run.Growth).Judge()).IsFree
                equal isFree (run.Capture().Judge()).IsFree

            testCase "the figures are those of the returns per block"
            <| fun () ->
                let overFlat, overHolding = returns ()
                let run = (Compare.find "greedy" compared.Value.Agents).Runs[0]
                let verdict = skill run
                equal (overFlat.Length, 256L) (verdict.Blocks, verdict.StepsPerBlock)
                equal (int64 equities.Value.Length) verdict.Steps
                equal (overFlat |> Seq.filter (fun one -> one <> 0.0) |> Seq.length) verdict.ActiveBlocks

                for expected, actual in [ overFlat, flat verdict; overHolding, held verdict ] do
                    isNear 1e-12 (Array.sum expected) actual.Sum
                    let interval = (StationaryBootstrap.OfSum(expected, run.Seed)).Value
                    isNear 1e-9 interval.Low actual.Interval.Low
                    isNear 1e-9 interval.High actual.Interval.High
                    isNear 1e-9 (SharpeConfidence.Probabilistic expected).Value actual.ProbabilisticSharpe.Value
                    isAtMost actual.Interval.Low actual.Least

            testCase "the deflated ratio asks for more than the best of as many trials without skill"
            <| fun () ->
                let verdicts = [
                    for agent in compared.Value.Agents do
                        for run in agent.Runs do
                            skill run
                ]

                for part in [ flat; held ] do
                    for verdict in verdicts do
                        isAtMost (part verdict).ProbabilisticSharpe.Value (part verdict).DeflatedSharpe.Value

            testCase "one run alone is not deflated"
            <| fun () ->
                let alone = Compare.whole candles.Value (ComparisonPlan Compare.plan)
                let verdict = skill alone.Agents[0].Runs[0]
                equal 1 verdict.Trials
                equal (flat verdict).ProbabilisticSharpe (flat verdict).DeflatedSharpe
                equal $"{verdict}" $"{alone.Agents[0].Skill}"

            /// Seeds of one agent may hardly differ; what was tried before may have differed by any amount.
            testCase "with trials that are not known, ratios are taken to spread as the estimate does"
            <| fun () ->
                let plan = ComparisonPlan(Compare.plan, Seeds = [| 5L; 6L; 7L |], TrialsBefore = 5)
                let runs = (Compare.whole candles.Value plan).Agents[0].Runs
                equal 3 runs.Count

                for run in runs do
                    let verdict = skill run
                    equal 8 verdict.Trials
                    let best = SharpeConfidence.ExpectedMaximum(1.0 / float (verdict.Blocks - 1), 8)
                    let returns = (nonNull run.Returns).OverFlat
                    equal (SharpeConfidence.Probabilistic(returns, best)) (flat verdict).DeflatedSharpe

            testCase "trials before the backtest count"
            <| fun () ->
                let plan = ComparisonPlan(Compare.plan, TrialsBefore = 5)
                let verdict = skill (Compare.whole candles.Value plan).Agents[0].Runs[0]
                equal 6 verdict.Trials
                isAtMost (flat verdict).ProbabilisticSharpe.Value (flat verdict).DeflatedSharpe.Value

            testCase "a short run is not judged"
            <| fun () ->
                let short = Compare.whole (Compare.candles 4L 150) (ComparisonPlan Compare.plan)
                let verdict = skill short.Agents[0].Runs[0]
                isBelow (int64 SkillVerdict.FewestBlocks) verdict.Steps
                equal SkillFinding.TooShort verdict.Finding
                holds (isNull verdict.OverFlat && isNull verdict.OverBuyAndHold)

            testCase "the mean of an agent's runs is judged block by block"
            <| fun () ->
                let agent = Compare.find "linear-ts" compared.Value.Agents
                isAbove 1 agent.Runs.Count
                let sums = [ for run in agent.Runs -> (flat (skill run)).Sum ]
                isNear 1e-12 (List.average sums) (flat (nonNull agent.Skill)).Sum
        ]
