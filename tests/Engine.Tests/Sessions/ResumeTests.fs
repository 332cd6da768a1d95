namespace BtcBandit.Engine.Tests.Sessions

open System
open System.Collections.Generic
open System.IO
open System.Reactive.Linq
open System.Text.Json
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

/// A run and where it is interrupted.
type Interrupted = {
    World: SyntheticWorld
    Seed: int64
    Parameters: RunParameters
    Missing: Set<int>
    Count: int
    SplitAt: int
} with

    /// Whether anything is left after the candles before the first step.
    member it.HasSteps =
        let there = it.Count - Seq.length (it.Missing |> Seq.filter (fun index -> index < it.Count))
        there > (Trading.planOf it.Parameters).CandlesBeforeFirstStep

    static member Arbitrary() =
        let parametersOf horizon history fee seed =
            Make.parametersOf horizon fee (fee / 10.0) 1_000.0
            |> Make.withHistory history
            |> Make.withSeed seed

        let shrink (it: Interrupted) =
            let horizon, history = it.Parameters.Horizon.Value, it.Parameters.History
            let fee = it.Parameters.Costs.Buy.TakerFeeBps
            let parameters horizon history fee = { it with Parameters = parametersOf horizon history fee it.Seed }

            seq {
                for missing in Shrinking.shorter (Set.toList it.Missing) do
                    yield { it with Missing = set missing }

                for count in Shrinking.towards 1 it.Count do
                    yield { it with Count = count }

                for split in Shrinking.towards 0 it.SplitAt do
                    yield { it with SplitAt = split }

                for horizon in Shrinking.towards 1 horizon do
                    yield parameters horizon history fee

                for history in Shrinking.towards 0 history do
                    yield parameters horizon history fee

                for fee in Shrinking.before [ 0.0; 10.0; 0.5 ] fee do
                    yield parameters horizon history fee

                for seed in Shrinking.only 1L it.Seed do
                    yield { it with Seed = seed; Parameters = parametersOf horizon history fee seed }

                for world in Shrinking.before (List.ofArray (Enum.GetValues<SyntheticWorld>())) it.World do
                    yield { it with World = world }
            }
            |> Seq.filter _.HasSteps

        let interrupted =
            gen {
                let! world = Gen.elements (Enum.GetValues<SyntheticWorld>())
                let! seed = Gen.choose (1, 1_000_000)
                let! horizon = Gen.frequency [ 1, Gen.constant 1; 3, Gen.choose (1, 20) ]
                let! history = Gen.frequency [ 1, Gen.constant 0; 1, Gen.choose (1, 80) ]
                let! fee = Gen.elements [ 0.0; 0.5; 10.0 ]
                let! count = Gen.choose (120, 260)
                let! missing = Gen.choose (0, 259) |> Gen.listOfLength 4
                let! split = Gen.choose (0, 10_000)

                return {
                    World = world
                    Seed = int64 seed
                    Parameters = parametersOf horizon history fee (int64 seed)
                    Missing = set missing
                    Count = count
                    SplitAt = split
                }
            }

        Arb.fromGenShrink (interrupted, shrink)

// More than 100: a run can be interrupted at each of its steps.
module ResumeTests =

    [<Tests>]
    let tests =
        testList "ResumeTests" [
            propertyWith
                200
                [ typeof<Interrupted> ]
                "a run continued from its file at any step is the run that was never interrupted"
            <| fun (it: Interrupted) ->
                let candles =
                    Trading.market it.World it.Seed it.Count
                    |> List.indexed
                    |> List.filter (fun (index, _) -> not (it.Missing.Contains index))
                    |> List.map snd

                let plan = Trading.planOf it.Parameters
                use folder = new Temporary()
                let path = folder.File "state.json"
                let whole = List<Step>()
                let total = candles.Length - plan.CandlesBeforeFirstStep
                let split = int64 (it.SplitAt % total + 1)
                let first = TradingRun plan

                for candle in candles do
                    match first.Next candle with
                    | null -> ()
                    | step ->
                        if step.Number = split then
                            StateFile.Write(path, StateDocument(StateFile.Schema, 1L, first.Capture()))

                        whole.Add step

                let state =
                    match StateFile.Read path with
                    | null -> failwith "no state"
                    | document -> document.Run

                let rest = List<Step>()
                let second = TradingRun(plan, state)

                for candle in candles do
                    if candle.OpenTime > state.LastCandle.OpenTime then
                        rest.Add(nonNull (second.Next candle))

                equal total whole.Count

                for before, after in Seq.zip (whole |> Seq.skip (int split)) rest do
                    equal (Trading.show before) (Trading.show after)

                equal (total - int split) rest.Count

                // Through to everything that the next step would be made from.
                if rest.Count > 0 then
                    let json (run: TradingRun) =
                        use written = new MemoryStream()
                        StateFile.Write(written, StateDocument(StateFile.Schema, 1L, run.Capture()))
                        Text.Encoding.UTF8.GetString(written.ToArray())

                    equal (json first) (json second)

            /// Over four days, stopped at the first minutes of a day, at its last one, and in the middle.
            testCase "the daily ratios are those of the run that was never interrupted"
            <| fun () ->
                let candles = Trading.market SyntheticWorld.Drifts 3L 6_000
                let plan = Trading.planOf (Make.parametersOf 5 1.0 0.5 1_000.0 |> Make.withHistory 100)
                use folder = new Temporary()
                let path = folder.File "days.json"

                let summary (run: TradingRun) = run.Capture().Summarise(Nullable()).ToJson()

                let whole = TradingRun plan
                candles |> List.iter (whole.Next >> ignore)
                let expected = summary whole

                for stop in [ 1_000; 1_438; 1_439; 1_440; 1_441; 2_900; 4_320; 5_999 ] do
                    let first = TradingRun plan
                    candles |> List.take stop |> List.iter (first.Next >> ignore)
                    StateFile.Write(path, StateDocument(StateFile.Schema, 1L, first.Capture()))
                    let second = TradingRun(plan, (nonNull (StateFile.Read path)).Run)
                    candles |> List.skip stop |> List.iter (second.Next >> ignore)
                    equal expected (summary second)

                use json = JsonDocument.Parse expected
                equal JsonValueKind.Number (json.RootElement.GetProperty("sharpe_daily").ValueKind)
        ]
