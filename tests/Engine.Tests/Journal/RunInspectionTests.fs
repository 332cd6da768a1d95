namespace BtcBandit.Engine.Tests.Journal

open System
open System.IO
open System.Text
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions
open BtcBandit.Engine.Tests.Trading

/// What the files of a run say, against the steps that made them.
module RunInspectionTests =

    let private parameters = RunParameters(History = 100, Costs = Costs.Of(0.5, 0.25))

    /// A run in a folder, and its steps.
    let private runIn (folder: Temporary) parameters steps =
        let seen = ResizeArray<Step>()
        let plan = Runs.planWith "sma:14,ema:14" parameters 3L folder.Path steps
        let result, _ = Runs.runWatched (fun watched -> watched.Add seen.Add) plan
        result, List.ofSeq seen

    let private inspect (folder: Temporary) trades = RunInspection.Of(folder.Path, trades)

    let private refusal (path: string) = thrown<JournalException>(fun () -> RunInspection.Of(path, 5) |> ignore)

    let private faultOf (folder: Temporary) : JournalFault = (refusal folder.Path).Fault

    /// Weights x features, against what each feature contributed to the newest decision.
    let private contributions (learned: LearnedFacts) (run: RunState) = [
        for weight, feature in Seq.zip learned.Weights (Seq.last run.Pending).Features ->
            weight.WeightBps * feature / 10_000.0
    ]

    let private near = isNear 1e-6

    [<Tests>]
    let tests =
        testList "RunInspectionTests" [
            testCase "months, actions and trades are those of the steps"
            <| fun () ->
                use folder = new Temporary()
                let _, steps = runIn folder parameters 3_000
                let inspection = inspect folder 1_000_000
                let path = PathRecorder()

                for step in steps do
                    path.Next step

                let path = path.ToPath()
                equal path.Actions inspection.Actions
                equal path.Months.Count inspection.Months.Count

                for expected, actual in Seq.zip path.Months inspection.Months do
                    equal
                        (expected.Year,
                         expected.Month,
                         expected.Steps,
                         expected.Trades,
                         expected.RoundTrips,
                         expected.Wins)
                        (actual.Year, actual.Month, actual.Steps, actual.Trades, actual.RoundTrips, actual.Wins)

                    near expected.Return actual.Return
                    near expected.MaxDrawdown actual.MaxDrawdown
                    near expected.Costs actual.Costs
                    near expected.Exposure actual.Exposure

                let fills = [
                    for before, step in List.pairwise steps do
                        if not (isNull step.Fill) then
                            before, step
                ]

                isAbove 10 fills.Length
                equal fills.Length inspection.Trades.Count

                for (before, step), trade in Seq.zip fills inspection.Trades do
                    let fill = nonNull step.Fill

                    equal
                        (fill.OpenTime, fill.Side = TradeAction.Buy, before.Reason)
                        (trade.OpenTime, trade.IsBuy, trade.Reason)

                    near fill.Price trade.Price
                    near (fill.Fee + fill.Slippage) trade.Costs
                    equal fill.Profit.HasValue trade.Profit.HasValue

                    if fill.Profit.HasValue then
                        near fill.Profit.Value trade.Profit.Value

                    near before.Decision.Buy.Mean trade.BuyValue
                    near before.Decision.Sell.Mean trade.SellValue

            testCase "an order that fills at the close is explained by its own row"
            <| fun () ->
                use folder = new Temporary()

                let atClose =
                    RunParameters(History = 100, Costs = Costs.Of(0.5, 0.25), Fill = FillMoment.Close, Agent = "random")

                let _, steps = runIn folder atClose 400
                let fills = steps |> List.filter (fun step -> not (isNull step.Fill))
                let trades = (inspect folder 1_000).Trades
                equal fills.Length trades.Count
                isAbove 10 fills.Length

                for step, trade in Seq.zip fills trades do
                    equal step.Reason trade.Reason
                    near step.Decision.Hold.Mean trade.HoldValue

            testCase "only as many trades as wanted are kept, the newest"
            <| fun () ->
                use folder = new Temporary()
                runIn folder parameters 3_000 |> ignore
                let all = List.ofSeq (inspect folder 1_000_000).Trades
                equal (all |> List.skip (all.Length - 3)) (List.ofSeq (inspect folder 3).Trades)
                equal 0 (inspect folder 0).Trades.Count

            testCase "the gate and the evidence are those of the newest decision"
            <| fun () ->
                use folder = new Temporary()
                let _, steps = runIn folder parameters 600
                let learned = (inspect folder 1).Learned
                let gate = (List.last steps).Decision.Gate.Value
                equal gate learned.Gate.Value
                equal (List.last steps).Decision.Horizon learned.Followed.Value
                equal [ 1; 2; 15; 30 ] [ for expert in learned.Experts -> expert.Horizon ]
                near gate.Evidence (learned.Experts |> Seq.map _.Evidence |> Seq.max)
                isAbove 600L learned.Outcomes.Value

            cases "weights x features are what features contribute to a decision to be in the market" [
                false, "linear-ts"
                true, "linear-ts"
                true, "greedy"
            ]
            <| fun (hasHorizon: bool, agent: string) ->
                let free =
                    RunParameters(
                        Agent = agent,
                        History = 100,
                        Costs = Costs.Of(0.0, 0.0),
                        Horizon = (if hasHorizon then Nullable 5 else Nullable())
                    )

                let isIn (step: Step) = step.Decision.Action = TradeAction.Buy
                use all = new Temporary()
                let _, steps = runIn all free 2_000
                let last = steps |> List.filter isIn |> List.last
                use folder = new Temporary()
                let _, steps = runIn folder free (int last.Statistics.Steps)
                let decision = (List.last steps).Decision
                equal true (isIn (List.last steps))
                let inspection = inspect folder 1

                equal (List.ofSeq inspection.Run.Header.Features) [
                    for weight in inspection.Learned.Weights -> weight.Feature
                ]

                let found = contributions inspection.Learned inspection.Run
                equal inspection.Run.Header.Features.Length found.Length
                equal found.Length decision.Contributions.Length

                for expected, actual in Seq.zip decision.Contributions found do
                    isNear 1e-12 expected actual

            testCase "time under water, losing runs and traded value are those of the steps"
            <| fun () ->
                use folder = new Temporary()
                let _, steps = runIn folder (RunParameters(Agent = "random", Horizon = Nullable 5, History = 100)) 3_000
                let path = PathRecorder()

                for step in steps do
                    path.Next step

                let path, inspection = path.ToPath(), inspect folder 0
                isAbove 1L path.LongestLosingRun

                equal
                    (path.LongestUnderWater, path.LongestLosingRun)
                    (inspection.LongestUnderWater, inspection.LongestLosingRun)

                let fills = steps |> List.choose (fun step -> Option.ofObj step.Fill)
                near (fills |> List.sumBy (fun fill -> fill.Price * fill.Quantity)) inspection.TradedValue
                let last = (List.last steps).Statistics
                let fees = fills |> List.sumBy _.Fee
                // At the break-even fee, fees take what was earned without them.
                near
                    (last.Equity - last.InitialEquity + fees)
                    (inspection.TradedValue * inspection.BreakEvenFeeBps.Value / 10_000.0)

                near last.MaxDrawdown (inspection.Stretches |> Seq.map _.Drawdown |> Seq.max)

            cases "agents with one horizon have no gate" [ "hold", 0; "softmax", 0; "linear-ucb", 1 ]
            <| fun (agent: string, says: int) ->
                use folder = new Temporary()

                runIn folder (RunParameters(Agent = agent, Horizon = Nullable 5, History = 100)) 300
                |> ignore

                let learned = (inspect folder 1).Learned
                equal (agent, 0, false) (learned.Agent, learned.Experts.Count, learned.Gate.HasValue)
                equal (says = 1) learned.Outcomes.HasValue

            testCase "rows after the last save are not read"
            <| fun () ->
                use folder = new Temporary()
                runIn folder parameters 300 |> ignore
                let before = inspect folder 5
                File.AppendAllText(folder.File "trades.csv", "half a row")
                let after = inspect folder 5
                equal (0L, 10L) (before.BytesAfterState, after.BytesAfterState)
                equal before.Actions after.Actions

            testCase "nothing is written, created or locked"
            <| fun () ->
                use folder = new Temporary()
                runIn folder parameters 300 |> ignore

                let content () = [
                    for file in Runs.files folder.Path -> file, File.ReadAllBytes(folder.File file)
                ]

                let before = content ()
                // As a session does.
                use held = RunFolder.Open folder.Path
                let entries () = Directory.GetFileSystemEntries folder.Path |> Array.sort
                let named = entries ()
                inspect folder 5 |> ignore
                equal before (content ())
                equal named (entries ())
                equal true (RunFolder.IsInUse(held.Location, ref null))

            testCase "an empty folder, or none, has no run"
            <| fun () ->
                use folder = new Temporary()

                match faultOf folder with
                | :? JournalFault.StateMissing as missing -> equal (folder.File "state.json") missing.File
                | other -> failtest $"{other}"

                startsWith "there is no run in " ((refusal (folder.File "none")).Message)

            testCase "a row that is damaged is named by its line"
            <| fun () ->
                use folder = new Temporary()
                runIn folder parameters 300 |> ignore
                let path = folder.File "trades.csv"
                let whole = File.ReadAllText path

                let damages: (string -> string) list = [
                    _.Replace(",hold,", ",help,")
                    _.Substring(1).Insert(0, "x")
                    _.Replace(',', ';')
                    _.Insert(20, "\n").Substring(0, 60)
                    _.Replace(",exploit", ",,xploit")
                ]

                for damage in damages do
                    let lines = whole.Split '\n'

                    let index =
                        lines
                        |> Array.findIndex (fun line -> line.Contains ",hold," && line.EndsWith "exploit")
                    // The length of the file stays what the state says.
                    lines[index] <- (damage lines[index]).PadRight(lines[index].Length, ',')
                    File.WriteAllText(path, String.Join('\n', lines))

                    match faultOf folder with
                    | :? JournalFault.RowDamaged as fault -> equal (path, int64 index + 1L) (fault.File, fault.Line)
                    | other -> failtest $"{other}"

            testCase "a file without line ends does not fill the memory"
            <| fun () ->
                use folder = new Temporary()
                runIn folder parameters 300 |> ignore
                let path = folder.File "trades.csv"
                let header = Encoding.ASCII.GetBytes(TradesFile.Header + "\n")
                let bytes = File.ReadAllBytes path
                File.WriteAllBytes(path, Array.append header (Array.create (bytes.Length - header.Length) (byte 'x')))

                match faultOf folder with
                | :? JournalFault.RowDamaged as fault -> equal 2L fault.Line
                | other -> failtest $"{other}"

            testCase "rows that are missing, fewer, or of another run are refused"
            <| fun () ->
                use folder = new Temporary()
                runIn folder parameters 300 |> ignore
                let path = folder.File "trades.csv"
                let bytes = File.ReadAllBytes path
                let last = Array.copy bytes
                last[bytes.Length - 20] <- (if last[bytes.Length - 20] = byte '1' then byte '2' else byte '1')
                File.Delete path
                isA<JournalFault.RowsMissing>(faultOf folder)
                File.WriteAllBytes(path, bytes[.. bytes.Length - 30])
                isA<JournalFault.RowsTooShort>(faultOf folder)
                File.WriteAllBytes(path, Array.append [| byte 'x' |] bytes)
                isA<JournalFault.RowsForeign>(faultOf folder)

            testCase "a state that is damaged is refused"
            <| fun () ->
                use folder = new Temporary()
                runIn folder parameters 300 |> ignore
                let path = folder.File "state.json"
                let text = File.ReadAllText path
                File.WriteAllText(path, text.Substring(0, text.Length / 2))
                isA<JournalFault.StateUnusable>(faultOf folder)
                File.WriteAllText(path, text.Replace("\"wallets\"", "\"purses\""))
                isA<JournalFault.StateUnusable>(faultOf folder)
        ]
