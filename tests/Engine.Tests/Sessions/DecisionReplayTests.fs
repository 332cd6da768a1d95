namespace BtcBandit.Engine.Tests.Sessions

open System
open System.Diagnostics
open System.Globalization
open System.IO
open System.Threading
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

/// Decisions that are derived again, against the journal and against formulas that share no code with the run.
module DecisionReplayTests =

    let private auto = RunParameters(History = 100, Costs = Costs.Of(1.0, 0.5))

    let private market = lazy (Runs.market 1L |> Seq.truncate 4_000 |> Array.ofSeq)

    let private week =
        lazy
            (Archive.Read(
                ArchiveOptions([| Repository.sampleWeek |], TradingPair("BTC", "USDT"), Timeframe.OneMinute),
                FeedReport()
             )
             |> Array.ofSeq)

    let private session (folder: Temporary) (plan: RunPlan) (candles: Candle array) steps keepsLearning =
        let plan =
            SessionPlan(
                Run = plan,
                Candles = Runs.feed candles,
                DataDir = folder.Path,
                Steps = Option.toNullable steps,
                KeepLearning = keepsLearning
            )

        use session = new Session(plan, TimeProvider.System, ignore, CancellationToken.None)
        let result = session.RunAsync().GetAwaiter().GetResult()
        isNull' result.Error

    let private planOf parameters = Runs.planOf Catalogue.Default parameters 1L

    let private planOfFiles parameters =
        RunPlan.Of(MarketSource.Files(TradingPair("BTC", "USDT"), Timeframe.OneMinute), parameters)

    /// Replays a folder's run over candles; the first agent with which the rows agree is taken.
    let private explain (folder: string) (candles: Candle seq) (steps: int64 seq) =
        let saved = SavedRun.Open folder
        let starts = saved.Starts()
        let found = ResizeArray<DecisionExplanation>()

        let replay (learned: LearnedAgent | null) =
            use replay = new DecisionReplay(saved, learned, steps, (fun one -> found.Add one))
            let mutable used = 0

            use enumerator = candles.GetEnumerator()

            while not replay.IsDone && enumerator.MoveNext() do
                replay.Take enumerator.Current
                used <- used + 1

            replay.End()

        let rec first place =
            try
                replay starts[place]
            with :? ExplainException as error when (error.Fault :? ExplainFault.OtherRow) && place < starts.Count - 1 ->
                first (place + 1)

        first 0
        saved, List.ofSeq found

    let private faultOf (folder: string) candles steps =
        (thrown<ExplainException>(fun () -> explain folder candles steps |> ignore)).Fault

    let private random count (steps: int64) =
        seq { for i in 1L .. int64 count -> 1L + int64 (CounterRandom.Uniform(7L, 1, i) * float steps) }

    let private number (field: string) = Double.Parse(field, CultureInfo.InvariantCulture)

    let private actions = [ TradeAction.Sell; TradeAction.Hold; TradeAction.Buy ]

    /// Each figure of an explanation, from the rows of the journal and the candles alone.
    let private check
        (parameters: RunParameters)
        (candles: Candle array)
        (rows: string array)
        (one: DecisionExplanation)
        =
        let step = int one.Step.Number
        let cells = rows[step].Split ','

        let at =
            candles
            |> Array.findIndex (fun candle -> candle.OpenTime = one.Step.Candle.OpenTime)

        let decision = one.Step.Decision
        equal rows[step] one.Row
        equal (Int64.Parse cells[0]) candles[at].OpenTime
        equal cells[2] (one.Action.ToString().ToLowerInvariant())

        // Exposure, targets and costs.
        let fillsAtClose = parameters.Fill = FillMoment.Close
        let equity, position = number cells[10], number cells[9]

        if not fillsAtClose then
            isNear 1e-6 (if equity > 0.0 then position * candles[at].Close / equity else 0.0) one.Facts.Exposure

        let exposure = one.Facts.Exposure

        let side (costs: SideCosts) = (costs.TakerFeeBps + costs.SlippageBps) / 1e4

        let cost target =
            if target > exposure then
                (target - exposure) * side parameters.Costs.Buy
            else
                (exposure - target) * side parameters.Costs.Sell

        let targetOf action =
            match action with
            | TradeAction.Sell -> 0.0
            | TradeAction.Buy -> parameters.PositionFraction
            | _ -> exposure

        for action in actions do
            let terms = one.Facts[action]
            equal (targetOf action) terms.Target
            isNear 1e-15 (cost terms.Target) terms.Cost

            match one.Prediction action with
            | null -> ()
            | prediction ->
                // The model of an action has learned its costs.
                let target, cost = if prediction.Action.HasValue then 1.0, 0.0 else terms.Target, terms.Cost

                isNear 1e-15 (target * prediction.Draw - cost) decision[action].Draw
                isNear 1e-15 (target * prediction.Mean - cost) decision[action].Mean
                isNear 1e-15 (target * prediction.StandardDeviation) decision[action].StandardDeviation

                isNear
                    1e-15
                    (prediction.Mean + prediction.DrawDeviations * prediction.StandardDeviation)
                    prediction.Draw

                equal one.Step.Candle.OpenTime candles[at].OpenTime

        // Contributions.
        match one.Features |> Option.ofNullable with
        | None -> isEmpty one.Facts.Parts.Predictions
        | Some features ->
            for target, predicted, sum, parts in
                [
                    targetOf one.Action,
                    nonNull (one.Prediction one.Action),
                    one.ExpectedReturn(one.Action).Value,
                    [ for part in features -> part.Value, part.WeightBps, part.ToChosen ]
                    targetOf TradeAction.Buy,
                    nonNull (one.Prediction TradeAction.Buy),
                    one.ExpectedReturn(TradeAction.Buy).Value,
                    [ for part in features -> part.Value, part.BuyWeightBps, part.ToBuy ]
                ] do
                let target = if predicted.Action.HasValue then 1.0 else target
                isNear 1e-15 (target * predicted.Mean) sum
                isNear (1e-13 + 1e-13 * abs sum) sum (parts |> List.sumBy (fun (_, _, part) -> part))

                for value, weight, part in parts do
                    isNear (1e-15 + 1e-13 * abs part) (target * value * weight / 1e4) part

            let known = [ for part in features -> part.ToChosen ]
            equal known (List.ofSeq decision.Contributions)

        // Evidence.
        match one.Facts.Parts.Rule |> Option.ofNullable with
        | None -> holds (not decision.Gate.HasValue)
        | Some rule ->
            for expert in one.Facts.Parts.Evidence do
                if expert.Deviation > 0.0 then
                    isNear 1e-12 (expert.Standing.Gain / expert.Deviation) expert.Standing.Evidence

            let gate = decision.Gate.Value

            let expected =
                match gate.IsOpen, gate.Evidence >= gate.Required, gate.Evidence < 0.0 with
                | _ when gate.Required = 0.0 && parameters.Evidence = 0.0 -> GateRule.NoneAsked
                | _ when gate.Required = 0.0 -> GateRule.Free
                | true, true, _ -> GateRule.Reached
                | true, false, _ -> GateRule.Kept
                | false, _, true -> GateRule.BelowZero
                | false, _, false -> GateRule.NotReached

            equal expected rule

        // The order.
        let filled = if fillsAtClose then step else step + 1

        if filled < rows.Length then
            let order = nonNull one.Order
            let fill = rows[filled].Split ','
            let candle = candles[at + filled - step]
            equal (int64 filled, candle.OpenTime) (order.Step, order.OpenTime)
            equal (if fillsAtClose then candle.Close else candle.Open) order.MarketPrice

            match order.Fill with
            | null -> equal "" fill[3]
            | known ->
                isNear 5e-9 (number fill[3]) known.Price
                isNear 5e-9 (number fill[4]) known.Quantity
                isNear 5e-9 (known.Quantity * abs (known.Price - order.MarketPrice)) known.Slippage
        else
            isNull' one.Order

        // Rewards.
        let horizons =
            if parameters.Horizon.HasValue then
                [ parameters.Horizon.Value ]
            else
                [ 1; 2; 15; 30 ]

        let horizons = if one.Facts.Parts.Predictions.Count = 0 then [ decision.Horizon ] else horizons
        let lag = if fillsAtClose then 0 else 1
        let known = step + List.max horizons + lag
        equal (int64 known) one.RewardsKnownAt

        if known < rows.Length then
            let rewards = nonNull one.Rewards
            let price (i: int) = if fillsAtClose then candles[i].Close else candles[i].Open
            let moved = price (at + lag + decision.Horizon) / price (at + lag) - 1.0
            isNear 1e-15 moved rewards.Return

            let expected =
                actions
                |> List.map (fun action -> targetOf action * moved - cost (targetOf action))

            areNear 1e-14 expected [ rewards.Sell; rewards.Hold; rewards.Buy ]
            isNear 1e-14 (List.max expected) rewards[rewards.Best]
            isNear 6e-9 (number (rows[known].Split(',')[7])) rewards[one.Action]
        else
            isNull' one.Rewards

    let private agents = [
        "experts", auto
        "free", RunParameters(History = 100, Costs = Costs.None)
        "evidence off", RunParameters(History = 100, Costs = Costs.Of(1.0, 0.5), Evidence = 0.0)
        "half a position", RunParameters(History = 100, Costs = Costs.Of(1.0, 0.5), PositionFraction = 0.5)
        "fill at the close", RunParameters(History = 100, Costs = Costs.Of(1.0, 0.5), Fill = FillMoment.Close)
        "fixed horizon", RunParameters(History = 100, Horizon = Nullable 5, Costs = Costs.Of(1.0, 0.5))
        "per action", RunParameters(History = 100, Horizon = Nullable 5, Model = AgentModel.PerAction)
        "bandit feedback", RunParameters(History = 0, Horizon = Nullable 3, Feedback = Feedback.Bandit)
        "ucb", RunParameters(History = 100, Agent = "linear-ucb")
        "epsilon-greedy", RunParameters(History = 100, Agent = "epsilon-greedy", Costs = Costs.Of(1.0, 0.5))
        "greedy", RunParameters(History = 100, Agent = "greedy", Costs = Costs.Of(1.0, 0.5))
        "softmax", RunParameters(History = 100, Agent = "softmax", Horizon = Nullable 15)
        "random", RunParameters(History = 100, Agent = "random")
        "hold", RunParameters(History = 100, Agent = "hold")
        "buy-and-hold", RunParameters(History = 100, Agent = "buy-and-hold")
        "ma-cross", RunParameters(History = 100, Agent = "ma-cross")
    ]

    /// Runs, explains steps and checks each; gives them back.
    let private checkedRun plan parameters candles steps (wanted: int64 -> int64 seq) =
        use folder = new Temporary()
        session folder plan candles steps false
        let rows = File.ReadAllLines(folder.File "trades.csv")
        let wanted = wanted (int64 (rows.Length - 1)) |> Seq.distinct |> Seq.sort |> Array.ofSeq
        let saved, found = explain folder.Path candles wanted
        equal (int64 (rows.Length - 1)) saved.Steps
        equalSeq wanted (found |> List.map _.Step.Number)
        List.iter (check parameters candles rows) found
        found

    let private single (folder: Temporary) candles step = explain folder.Path candles [ step ] |> snd |> List.exactlyOne

    [<Tests>]
    let tests =
        testList "DecisionReplayTests" [
            testCase "1,000 random steps of a synthetic run agree with its journal, in one replay"
            <| fun () ->
                let found = checkedRun (planOf auto) auto market.Value (Some 3_800) (random 1_400)
                isAtLeast 1_000 found.Length
                // A run that does nothing would agree in little.
                isAbove 20 (found |> List.filter (fun one -> one.Action = TradeAction.Buy) |> List.length)
                isAbove 20 (found |> List.filter (fun one -> one.Action = TradeAction.Sell) |> List.length)
                let rules = found |> List.map _.Facts.Parts.Rule.Value |> List.distinct
                has GateRule.Reached rules
                has GateRule.NotReached rules

            testCase "1,000 random steps of the sample week agree with the journal"
            <| fun () ->
                let parameters = RunParameters(Costs = Costs.None)

                let found = checkedRun (planOfFiles parameters) parameters week.Value None (random 1_060)

                isAtLeast 1_000 found.Length
                isAbove 100 (found |> List.filter (fun one -> one.Action <> TradeAction.Hold) |> List.length)

            cases "every agent's decisions can be derived again" agents
            <| fun (_: string, parameters: RunParameters) ->
                let wanted (steps: int64) = Seq.append [ 1L; 2L; steps - 40L; steps - 1L; steps ] (random 60 steps)
                let found = checkedRun (planOf parameters) parameters market.Value (Some 1_500) wanted
                isAtLeast 60 found.Length
                let last = List.last found
                // Only the ends of the run tell of the state.
                equal (Nullable true) last.IsSameState
                holds (not found.Head.IsSameState.HasValue)

            testCase "the state of a run that an earlier version began has no growth, and agrees all the same"
            <| fun () ->
                use folder = new Temporary()
                session folder (planOf auto) market.Value (Some 200) false
                let path = folder.File "state.json"
                let json = nonNull (System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText path))
                json["schema"] <- System.Text.Json.Nodes.JsonValue.Create 5
                (nonNull json["run"]).AsObject().Remove "growth" |> ignore
                File.WriteAllText(path, json.ToJsonString())
                let _, found = explain folder.Path market.Value [ 200L ]
                equal (Nullable true) (List.last found).IsSameState

            testCase "what an agent does not have is not there"
            <| fun () ->
                let first name =
                    let parameters = agents |> List.find (fst >> (=) name) |> snd
                    (checkedRun (planOf parameters) parameters market.Value (Some 50) (fun _ -> Seq.singleton 20L)).Head

                let softmax = first "softmax"
                holds softmax.Facts.Parts.ArePreferences
                isEmpty softmax.Facts.Parts.Predictions
                equal [ DrawUse.Action, 5 ] [ for draw in softmax.Facts.Parts.Draws -> draw.Use, draw.Stream ]
                holds (not softmax.Features.HasValue)
                isEmpty (first "hold").Facts.Parts.Draws
                equal 4 (first "random").Facts.Parts.Draws[0].Stream
                isEmpty (first "greedy").Facts.Parts.Draws

                equal [ DrawUse.Exploring; DrawUse.Explored ] [
                    for draw in (first "epsilon-greedy").Facts.Parts.Draws -> draw.Use
                ]

                let actions = first "per action"

                equal [
                    Nullable TradeAction.Sell
                    Nullable TradeAction.Hold
                    Nullable TradeAction.Buy
                ] [ for one in actions.Facts.Parts.Predictions -> one.Action ]

                isEmpty actions.Facts.Parts.Evidence

            testCase "the draw follows from seed, stream and counter"
            <| fun () ->
                for name, streams in [ "experts", [ 1 ]; "fixed horizon", [ 1 ]; "per action", [ 1; 101; 201 ] ] do
                    let parameters = agents |> List.find (fst >> (=) name) |> snd

                    let one =
                        (checkedRun (planOf parameters) parameters market.Value (Some 80) (fun _ -> Seq.singleton 70L))
                            .Head

                    let time = one.Step.Candle.OpenTime

                    equal [
                        for stream in streams -> 1L, stream, time, CounterRandom.Normal(1L, stream, time)
                    ] [
                        for draw in one.Facts.Parts.Draws -> draw.Seed, draw.Stream, draw.Counter, draw.Value
                    ]

                    for i, prediction in Seq.indexed one.Facts.Parts.Predictions do
                        let stream = if prediction.Action.HasValue then streams[i] else 1
                        equal (0.35 * CounterRandom.Normal(1L, stream, time)) prediction.DrawDeviations

            testCase "a run that was interrupted and continued is explained as if it had not been"
            <| fun () ->
                use whole = new Temporary()
                use parts = new Temporary()
                session whole (planOf auto) market.Value (Some 1_200) false

                for steps in [ 300; 1; 500; 399 ] do
                    session parts (planOf auto) market.Value (Some steps) false

                let wanted = [ 1L; 300L; 301L; 302L; 777L; 1_190L; 1_200L ]

                let texts (folder: Temporary) =
                    explain folder.Path market.Value wanted
                    |> snd
                    |> List.map (fun one ->
                        one.Row,
                        one.Step.ToJson(),
                        one.Order,
                        one.Rewards,
                        List.ofSeq one.Facts.Parts.Draws,
                        one.IsSameState)

                let expected = texts whole
                equal expected (texts parts)
                let _, _, _, _, _, isSame = List.last expected
                equal (Nullable true) isSame

            testCase "a run that began with what the run before had learned takes it from there"
            <| fun () ->
                use folder = new Temporary()
                session folder (planOf auto) market.Value (Some 700) false
                let other = RunParameters(History = 100, Costs = Costs.Of(1.0, 0.5), Seed = 2L)
                session folder (planOf other) market.Value (Some 400) true
                let rows = File.ReadAllLines(folder.File "trades.csv")
                let saved, found = explain folder.Path market.Value [ 1L; 250L; 400L ]
                notNull' saved.Run.Header.Known
                List.iter (check other market.Value rows) found
                equal (Nullable true) (List.last found).IsSameState

                // With two earlier runs the rows tell which one it was; without, nothing does.
                session folder (planOf auto) market.Value (Some 50) true
                let name = Directory.GetDirectories(folder.File "runs") |> Array.length
                equal 2 name
                equal 50L (single folder market.Value 50L).Step.Number
                Directory.Delete(folder.File "runs", true)
                isA<ExplainFault.NoLearnedAgent>(faultOf folder.Path market.Value [ 50L ])

            testCase "a run that began with what a retraining saved takes it from learned.json"
            <| fun () ->
                use before = new Temporary()
                use folder = new Temporary()
                session before (planOf auto) market.Value (Some 700) false
                let state = (nonNull (StateFile.Read(before.File "state.json"))).Run
                LearnedFile.Write(folder.File "learned.json", LearnedAgent.OfRun("state.json", state))
                session folder (planOf auto) market.Value (Some 60) true
                let rows = File.ReadAllLines(folder.File "trades.csv")
                let found = explain folder.Path market.Value [ 1L; 60L ] |> snd
                List.iter (check auto market.Value rows) found
                File.Delete(folder.File "learned.json")
                isA<ExplainFault.NoLearnedAgent>(faultOf folder.Path market.Value [ 1L ])

            testCase "a row that was changed ends it with step, column and both values"
            <| fun () ->
                use folder = new Temporary()
                session folder (planOf auto) market.Value (Some 200) false
                let path = folder.File "trades.csv"
                let lines = File.ReadAllLines path
                let cells = lines[120].Split ','
                let true' = cells[13]
                // As long as before, or the state would not find its rows.
                let changed = true'[.. true'.Length - 2] + (if true'.EndsWith '1' then "2" else "1")
                cells[13] <- changed
                lines[120] <- String.Join(',', cells)
                File.WriteAllText(path, String.Join('\n', lines) + "\n")

                match faultOf folder.Path market.Value [ 150L ] with
                | :? ExplainFault.OtherRow as other ->
                    equal (120L, "q_buy", changed, true') (other.Step, other.Column, other.Saved, other.Derived)
                    equal (Int64.Parse cells[0]) other.OpenTime
                    contains "step 120" (string other)
                    contains $"q_buy is {changed} in trades.csv" (string other)
                | other -> failtest $"%A{other}"

                // What comes before it can still be explained, if its rewards are known before.
                equal 80L (single folder market.Value 80L).Step.Number

            testCase "other candles are found at their first row"
            <| fun () ->
                use folder = new Temporary()
                session folder (planOf auto) market.Value (Some 300) false
                let other = Runs.market 2L |> Seq.truncate 600

                match faultOf folder.Path other [ 250L ] with
                | :? ExplainFault.OtherRow as other -> equal 1L other.Step
                | other -> failtest $"%A{other}"

                let holed = Array.append market.Value[..249] market.Value[251..]

                match faultOf folder.Path holed [ 250L ] with
                | :? ExplainFault.OtherRow as other -> equal (151L, "open_time") (other.Step, other.Column)
                | other -> failtest $"%A{other}"

            testCase "candles before the run's first one are left out, and missing ones are told"
            <| fun () ->
                use folder = new Temporary()
                session folder (planOf auto) market.Value[500..] (Some 300) false
                let row = (File.ReadAllLines(folder.File "trades.csv"))[200]
                equal row (single folder market.Value 200L).Row

                match faultOf folder.Path market.Value[550..] [ 200L ] with
                | :? ExplainFault.NoStart as start ->
                    equal (market.Value[600].OpenTime, 100L, Nullable 50L) (start.OpenTime, start.Needed, start.Found)
                | other -> failtest $"%A{other}"

                for candles in [ market.Value[700..]; market.Value[..550]; [||] ] do
                    match faultOf folder.Path candles [ 200L ] with
                    | :? ExplainFault.NoStart as start -> holds (not start.Found.HasValue)
                    | other -> failtest $"%A{other}"

                match faultOf folder.Path market.Value[..799] [ 190L ] with
                | :? ExplainFault.CandlesEnd as early -> equal (200L, 221L) (early.Step, early.Needed)
                | other -> failtest $"%A{other}"

            testCase "a gap is told where the outcome spans it"
            <| fun () ->
                use folder = new Temporary()
                let holed = Array.append market.Value[..299] market.Value[310..]
                session folder (planOf auto) holed (Some 400) false
                let found = explain folder.Path holed [ 169L; 170L; 180L; 199L; 200L; 201L ] |> snd

                equal
                    [ false; true; true; true; true; false ]
                    (found |> List.map (fun one -> (nonNull one.Rewards).SpansGap))

            testCase "the weights at the newest step are those of the saved agent"
            <| fun () ->
                use folder = new Temporary()
                session folder (planOf auto) market.Value (Some 500) false
                let facts = RunInspection.Of(folder.Path, 0).Learned
                let one = single folder market.Value -1L
                equal (Nullable one.Step.Decision.Horizon) facts.Followed

                equal [ for weight in facts.Weights -> weight.Feature, weight.WeightBps ] [
                    for part in one.Features.Value -> part.Name, part.WeightBps
                ]

            cases "steps are counted from both ends" [ 1L, 1L; 40L, 40L; -1L, 40L; -40L, 1L ]
            <| fun (asked: int64, expected: int64) ->
                use folder = new Temporary()
                session folder (planOf auto) market.Value (Some 40) false
                equal expected ((SavedRun.Open folder.Path).StepOf asked)

                for none in [ 0L; 41L; -41L; Int64.MaxValue; Int64.MinValue ] do
                    let saved = SavedRun.Open folder.Path

                    match (thrown<ExplainException>(fun () -> saved.StepOf none |> ignore)).Fault with
                    | :? ExplainFault.NoSuchStep as fault -> equal (none, 40L) (fault.Step, fault.Steps)
                    | other -> failtest $"%A{other}"

            cases "a run of another arithmetic cannot be made again" [
                "run-schema-3", 2
                "run-schema-4", 3
                "run-schema-4-experts", 3
            ]
            <| fun (run: string, arithmetic: int) ->
                match faultOf (Repository.path $"tests/Golden/{run}") [] [ 1L ] with
                | :? ExplainFault.OtherArithmetic as other ->
                    equal (arithmetic, StateFile.Arithmetic) (other.Saved, other.Now)
                | other -> failtest $"%A{other}"

            testCase "a run with a cost model of its own needs that model"
            <| fun () ->
                let model = {
                    new ICostModel with
                        member _.Id = "own"
                        member _.At(_, _) = Costs.Default
                }

                let parts = RunParts(CostModel = model)
                use folder = new Temporary()
                session folder (RunPlan.Of(Runs.source 1L, auto, parts)) market.Value (Some 30) false

                match faultOf folder.Path market.Value [ 1L ] with
                | :? ExplainFault.OtherPlan as other ->
                    equal
                        ("CostModel", "own", "fixed")
                        (other.Difference.Name, other.Difference.Before, other.Difference.Now)
                | other -> failtest $"%A{other}"

                let saved = SavedRun.Open(folder.Path, parts)
                let found = ResizeArray<DecisionExplanation>()
                use replay = new DecisionReplay(saved, null, [ 30L ], (fun one -> found.Add one))
                Array.iter replay.Take market.Value
                replay.End()
                equal 1 found.Count

            testCase "rows that are missing, short or foreign are told as elsewhere"
            <| fun () ->
                use folder = new Temporary()
                session folder (planOf auto) market.Value (Some 30) false
                let path = folder.File "trades.csv"
                let text = File.ReadAllText path

                let fault change =
                    change ()
                    (thrown<JournalException>(fun () -> explain folder.Path market.Value [ 30L ] |> ignore)).Fault

                isA<JournalFault.RowsTooShort>(fault (fun () -> File.WriteAllText(path, text[.. text.Length - 20])))
                isA<JournalFault.RowsForeign>(fault (fun () -> File.WriteAllText(path, "x" + text)))
                isA<JournalFault.RowsMissing>(fault (fun () -> File.Delete path))
                isA<JournalFault.StateMissing>(fault (fun () -> File.Delete(folder.File "state.json")))
        ]

    /// The candles of 2024 are beside the repository, or where BTCBANDIT_CANDLES says.
    let private year () =
        let folders = [
            match Environment.GetEnvironmentVariable "BTCBANDIT_CANDLES" with
            | null -> ()
            | folder -> folder
            Path.Combine(Repository.root, "..", "shared", "data", "spot-1m", "BTCUSDT")
        ]

        folders
        |> List.map (fun folder ->
            if Directory.Exists folder then
                Directory.GetFiles(folder, "BTCUSDT-1m-2024-*.csv.gz") |> Array.sort
            else
                [||])
        |> List.tryFind (fun files -> files.Length = 12)

    [<Tests>]
    let ofYear =
        testList "DecisionReplayYearTests" [
            testCase "1,000 random steps of a year agree with its journal, in one replay"
            <| fun () ->
                match year () with
                | None -> skiptest "skipped: the candles of 2024 are not there; see BTCBANDIT_CANDLES"
                | Some files ->
                    let options = ArchiveOptions(files, TradingPair("BTC", "USDT"), Timeframe.OneMinute)
                    let candles = Archive.Read(options, FeedReport()) |> Array.ofSeq
                    use folder = new Temporary()
                    let parameters = RunParameters(Costs = Costs.None)
                    session folder (planOfFiles parameters) candles None false
                    let rows = File.ReadAllLines(folder.File "trades.csv")
                    let wanted = random 1_001 (int64 (rows.Length - 1)) |> Seq.distinct |> Seq.sort |> List.ofSeq
                    let watch = Stopwatch.StartNew()
                    let _, found = explain folder.Path candles wanted
                    watch.Stop()
                    let index = candles |> Array.map _.OpenTime

                    for one in found do
                        // The candles around the step, so that each is found without looking through the year.
                        let at = Array.BinarySearch(index, one.Step.Candle.OpenTime)
                        check parameters candles[at .. min (at + 40) (candles.Length - 1)] rows one

                    isAtLeast 999 found.Length

                    Console.Error.WriteLine
                        $"{found.Length} steps of {rows.Length - 1} in {watch.Elapsed.TotalSeconds:F1} s, of which %A{found |> List.countBy _.Action}"
        ]
