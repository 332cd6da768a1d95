namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Text.Json
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions
open BtcBandit.Engine.Tests.Trading

/// A comparison as JSON.
module ComparisonJsonTests =

    let private comparison =
        lazy
            Compare.whole
                (Compare.candles 3L 3_000)
                (ComparisonPlan(Compare.plan, Agents = [| "linear-ts"; "hold" |], Seeds = [| 1L; 2L |]))

    let private root = lazy (JsonDocument.Parse(comparison.Value.ToJson Compare.plan.Header)).RootElement

    let private names (json: JsonElement) = [ for field in json.EnumerateObject() -> field.Name ]

    [<Tests>]
    let tests =
        testList "ComparisonJsonTests" [
            testCase "its fields"
            <| fun () ->
                equal
                    [
                        "is_whole"
                        "header"
                        "candles"
                        "data_hash"
                        "in_sample_through"
                        "in_sample_steps"
                        "agents"
                        "baselines"
                    ]
                    (names root.Value)

                let agent = root.Value.GetProperty("agents")[0]

                equal
                    [
                        "agent"
                        "is_frozen"
                        "seeds"
                        "error"
                        "failures"
                        "skill"
                        "spread"
                        "runs"
                    ]
                    (names agent)

                equal (List.ofSeq Figures.All.Keys) (names (agent.GetProperty "spread"))

                equal
                    [ "runs"; "mean"; "deviation"; "least"; "median"; "most" ]
                    (names (agent.GetProperty("spread").GetProperty "total_return"))

                let run = agent.GetProperty("runs")[0]
                equal [ "seed"; "summary"; "skill"; "path" ] (names run)

                equal
                    [ "longest_under_water"; "longest_losing_run"; "actions"; "months" ]
                    (names (run.GetProperty "path"))

                equal
                    [
                        "year"
                        "month"
                        "steps"
                        "return"
                        "buy_and_hold_return"
                        "max_drawdown"
                        "trades"
                        "round_trips"
                        "wins"
                        "costs"
                        "exposure"
                    ]
                    (names ((run.GetProperty("path").GetProperty "months")[0]))

            testCase "the numbers are those of the comparison"
            <| fun () ->
                let agent = comparison.Value.Agents[0]
                let json = root.Value.GetProperty("agents")[0]

                for index, run in Seq.indexed agent.Runs do
                    let written = json.GetProperty("runs")[index]
                    equal run.Seed (written.GetProperty("seed").GetInt64())

                    equal
                        run.Summary.FinalEquity
                        (written.GetProperty("summary").GetProperty("final_equity").GetDouble())

                    let path = written.GetProperty "path"
                    equal run.Path.LongestUnderWater (path.GetProperty("longest_under_water").GetInt64())
                    equal run.Path.Months[0].Return ((path.GetProperty("months")[0]).GetProperty("return").GetDouble())

                for pair in Figures.All do
                    let written = json.GetProperty("spread").GetProperty pair.Key

                    match agent.Of pair.Value with
                    | null -> equal JsonValueKind.Null written.ValueKind
                    | spread ->
                        equal spread.Mean (written.GetProperty("mean").GetDouble())
                        equal spread.Most (written.GetProperty("most").GetDouble())

            /// Growth that is extrapolated from a few days can be close to the largest double.
            testCase "any growth can be written"
            <| fun () ->
                let run = comparison.Value.Agents[0].Runs[0]

                let grown (rate: float) =
                    // The compiler's copy of the record.
                    let copy = nonNull (typeof<RunSummary>.GetMethod "<Clone>$")
                    let summary = nonNull (copy.Invoke(run.Summary, [||])) :?> RunSummary
                    (nonNull (typeof<RunSummary>.GetProperty "Cagr")).SetValue(summary, rate)
                    ComparedRun(1L, summary, run.Path)

                let agent = ComparedAgent("linear-ts", [| grown 1e300; grown 1.7e308; grown -1.0 |], [||])
                let text = Comparison([| agent |], [||], true).ToJson Compare.plan.Header
                use parsed = JsonDocument.Parse text
                let spread = (parsed.RootElement.GetProperty("agents")[0]).GetProperty("spread").GetProperty "cagr"
                holds (Double.IsFinite(spread.GetProperty("mean").GetDouble()))

            testCase "an error is its message, beside the seed that it ended"
            <| fun () ->
                let agent = ComparedAgent("linear-ts", [||], [| FailedRun(7L, Battery.boom) |])
                let text = Comparison([| agent |], [||], true).ToJson Compare.plan.Header
                use parsed = JsonDocument.Parse text
                equal Battery.boom.Message (string ((parsed.RootElement.GetProperty("agents")[0]).GetProperty "error"))
                let json = parsed.RootElement.GetProperty("agents")[0]
                equal 1 (json.GetProperty("seeds").GetInt32())
                let failure = json.GetProperty("failures")[0]
                equal 7L (failure.GetProperty("seed").GetInt64())
                equal Battery.boom.Message (string (failure.GetProperty "error"))

            testCase "its candles are counted and hashed"
            <| fun () ->
                let hash = CandleHash()

                for candle in Compare.candles 3L 3_000 do
                    hash.Append &candle

                equal 3_000L (root.Value.GetProperty("candles").GetInt64())
                equal (string hash) (string (root.Value.GetProperty "data_hash"))

            testCase "steps in sample are counted, and absent where there are none"
            <| fun () ->
                let shown (inSample: InSampleSteps | null) =
                    let text = Comparison([||], [||], true, InSample = inSample).ToJson Compare.plan.Header
                    use parsed = JsonDocument.Parse text

                    string (parsed.RootElement.GetProperty "in_sample_through"),
                    string (parsed.RootElement.GetProperty "in_sample_steps")

                equal ("", "0") (shown null)
                equal ("1700000000000", "12") (shown (InSampleSteps(12L, 1_700_000_000_000L)))
        ]
