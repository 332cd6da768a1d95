namespace BtcBandit.Engine.Tests.Feeds.Synthetic

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds

module PlantedEdgeTests =

    let private named (text: string) =
        match Timeframe.TryParse text with
        | true, timeframe -> timeframe
        | _ -> failwith text

    let private edge world timeframe gross = PlantedEdge.Of(world, named timeframe, gross)

    /// What the oracle earns per trade, computed from the whole list of edges.
    let private gross (options: SyntheticOptions) count =
        let edges =
            SyntheticFeed.Truth options
            |> Seq.take count
            |> Seq.map _.NextEdgeBps
            |> Array.ofSeq

        let entries =
            Array.append [| -1.0 |] edges
            |> Array.pairwise
            |> Array.filter (fun (before, now) -> before <= 0.0 && now > 0.0)

        Array.sumBy (max 0.0) edges / float entries.Length

    let private seeded seed (options: SyntheticOptions) =
        SyntheticOptions(
            World = options.World,
            Timeframe = options.Timeframe,
            FlipEvery = options.FlipEvery,
            DriftBps = options.DriftBps,
            Momentum = options.Momentum,
            Seed = seed
        )

    [<Tests>]
    let tests =
        testList "PlantedEdgeTests" [
            cases "the oracle earns what was asked for, on every timeframe" [
                for world in [ SyntheticWorld.Drifts; SyntheticWorld.Flips ] do
                    world, "1m", 4.0
                    world, "1m", 16.0
                    world, "1h", 44.0
            ]
            <| fun (world: SyntheticWorld, timeframe: string, asked: float) ->
                let options = nonNull (edge world timeframe asked) |> seeded 7L
                isNearPercent 6.0 asked (gross options 200_000)

            testCase "an edge of nothing is a martingale"
            <| fun () ->
                for world in [ SyntheticWorld.Drifts; SyntheticWorld.Flips ] do
                    let options = nonNull (edge world "1m" 0.0)

                    for candle in Seq.take 1_000 (SyntheticFeed.Truth options) do
                        equal 0.0 (abs candle.NextEdgeBps)

            testCase "momentum never changes its sign"
            <| fun () ->
                let options = nonNull (edge SyntheticWorld.Flips "1m" 4.0)
                equal Int32.MaxValue options.FlipEvery

            testCase "an edge that the market cannot have is none"
            <| fun () ->
                isNull' (edge SyntheticWorld.Flips "1m" 176.0)
                notNull' (edge SyntheticWorld.Flips "1h" 176.0)
                isNull' (edge SyntheticWorld.Drifts "1m" 4_501.0)
                notNull' (edge SyntheticWorld.Drifts "1m" 4_499.0)

            cases "other worlds have no edge of any size" [
                SyntheticWorld.MeanReverting
                SyntheticWorld.Martingale
                SyntheticWorld.Flat
            ]
            <| fun (world: SyntheticWorld) ->
                throwsFor<ArgumentOutOfRangeException> "world" (fun () -> edge world "1m" 1.0 |> ignore)

            testCase "the oracle trades from the first expected rise to the next expected fall"
            <| fun () ->
                let oracle = OracleTrades()
                equal (0L, Nullable()) (oracle.Trades, oracle.GrossBpsPerTrade)

                for edge in [ -1.0; 2.0; 3.0; 0.0; -5.0; 7.0; 0.0; 0.5 ] do
                    oracle.Next edge

                equal (3L, Nullable 4.1666666666666670) (oracle.Trades, oracle.GrossBpsPerTrade)
        ]
