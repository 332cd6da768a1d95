namespace BtcBandit.Engine.Tests.Agents

open System
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

/// Closes as whole ticks, with the number of digits after the point.
type Ticks =
    | Ticks of digits: int * closes: int list

    static member Arbitrary() =
        let shrink (Ticks(digits, closes)) =
            Shrinking.both (Shrinking.towards 0) (Shrinking.listOver 1 (Shrinking.towards 1)) (digits, closes)
            |> Seq.map Ticks

        let ticks =
            gen {
                let! digits = Gen.choose (0, 8)
                let! low = Gen.choose (1, 99_999)
                // Few different prices: the averages are equal often.
                let! spread = Gen.choose (0, 3)
                let! count = Gen.choose (50, 120)
                let! closes = Gen.listOfLength count (Gen.choose (low, low + spread))
                return Ticks(digits, closes)
            }

        Arb.fromGenShrink (ticks, shrink)

// Many, being cheap: an average that a rounding would move is rare.
/// The crossover against decimal arithmetic, which has no rounding: in the agent and in the benchmark.
module AverageCrossTests =

    let private priceOf digits (ticks: int) = Double.Parse $"{ticks}e-{digits}"

    let private agent () =
        AgentCatalogue.Default.Create((Make.headerOf 4 (RunParameters(Agent = "ma-cross"))).AgentSetup, null)

    let private act (agent: IAgent) (close: float) =
        let situation =
            Situation(
                Features = ReadOnlySpan [| 0.0; 0.0; 0.0; 1.0 |],
                UnitFraction = 1e-3,
                OpenTime = 0L,
                Close = close,
                Move = Nullable(),
                Exposure = 0.5,
                FullExposure = 1.0,
                Costs = CostFractions(0.0, 0.0),
                MaySell = true,
                MayBuy = true
            )

        agent.Observe &situation
        (agent.Choose &situation).Action

    let private isWanted (benchmarks: Benchmarks) index close =
        let candle = Make.candle (int64 index * 60_000L) close close
        benchmarks.Next(&candle, true, Costs.None)
        benchmarks.Snapshot().CrossWantsIn

    /// What the agent does after each close, and where the benchmark wants to be.
    let private decisions (closes: float list) =
        let agent = agent ()
        let benchmarks = Benchmarks(FillMoment.NextOpen, null, 0.0)

        closes
        |> List.mapi (fun index close -> act agent close, isWanted benchmarks index close)

    /// 20 x the sum of 50 against 50 x the sum of 20, in whole ticks.
    let private expected (closes: int list) =
        let closes = Array.ofList closes

        let side count =
            let sum length = closes[count - length .. count - 1] |> Array.sumBy bigint
            if count < 50 then 0 else compare (50I * sum 20) (20I * sum 50)

        let next (_, wantsIn) count =
            match side count with
            | 0 -> TradeAction.Hold, wantsIn
            | side when side > 0 -> TradeAction.Buy, true
            | _ -> TradeAction.Sell, false

        [ 1 .. closes.Length ] |> List.scan next (TradeAction.Hold, false) |> List.tail

    [<Tests>]
    let tests =
        testList "AverageCrossTests" [
            propertyWith 1_000 [ typeof<Ticks> ] "each side is that of decimal arithmetic, ties included"
            <| fun (Ticks(digits, closes)) -> equal (expected closes) (decisions (List.map (priceOf digits) closes))

            propertyWith 1_000 [ typeof<Ticks> ] "a constant price is a tie"
            <| fun (Ticks(digits, closes)) ->
                for action, wantsIn in decisions (List.replicate 60 (priceOf digits closes.Head)) do
                    equal (TradeAction.Hold, false) (action, wantsIn)

            /// The smallest difference there is: a tick in one of the fifty closes, here at a price of ten digits.
            cases "one tick in fifty closes is a side" [ 1; -1 ]
            <| fun (tick: int) ->
                let closes length = List.replicate length 1_234_567_890
                let ticks = closes 30 @ [ 1_234_567_890 + tick ] @ closes 19
                equal (List.last (expected ticks)) (List.last (decisions (List.map (priceOf 5) ticks)))
        ]
