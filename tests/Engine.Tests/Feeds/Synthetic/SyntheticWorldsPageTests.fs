namespace BtcBandit.Engine.Tests.Feeds.Synthetic

open System
open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.Synthetic.SyntheticMeasures

/// The table of docs/worlds.md says what the program does.
module SyntheticWorldsPageTests =

    let rec private page (folder: DirectoryInfo) =
        let path = Path.Combine(folder.FullName, "docs", "worlds.md")

        if File.Exists path then
            path
        else
            match folder.Parent with
            | null -> failwith "docs/worlds.md is not above the tests"
            | parent -> page parent

    let private row (world: SyntheticWorld) =
        let lines = File.ReadAllLines(page (DirectoryInfo AppContext.BaseDirectory))
        let line = lines |> Array.find _.StartsWith($"| `{world.Name()}` |")
        line.Split '|' |> Array.map _.Trim()

    /// Expected value of all the moves that one decision can catch, from the options alone.
    let private grossBps (options: SyntheticOptions) =
        match options.World with
        | SyntheticWorld.Drifts -> options.DriftBps * options.RegimeCandles
        | SyntheticWorld.MeanReverting ->
            2.0 * options.EdgeBps / (1.0 - Math.Pow(2.0, -1.0 / options.ReversionHalfLife))
        | SyntheticWorld.Flips -> options.EdgeBps / (1.0 - options.Momentum)
        | _ -> 0.0

    let private netPerDay (options: SyntheticOptions) (truth: SyntheticCandle[]) =
        let threshold = 0.9 * options.EdgeBps
        let mutable inside, net = false, 0.0

        for before, after in Seq.pairwise truth do
            let edge = before.NextEdgeBps

            if threshold > 0.0 && (if inside then edge < -threshold else edge > threshold) then
                inside <- not inside
                net <- net - 11.0

            if inside then
                net <- net + 1e4 * Math.Log(after.Candle.Close / after.Candle.Open)

        1440.0 * net / float truth.Length

    let private Worlds = worlds

    [<Tests>]
    let tests =
        testList "SyntheticWorldsPageTests" [
            cases "the page states the edge, the regime and the oracle's net" Worlds
            <| fun (world: SyntheticWorld) ->
                let options = SyntheticOptions(World = world)
                let truth = take 1_000_000 options
                let measured = truth |> Array.averageBy (fun t -> abs t.NextEdgeBps)

                let actual = [
                    options.EdgeBps.ToString "0.000"
                    measured.ToString "0.000"
                    (grossBps options).ToString "0"
                    (netPerDay options truth).ToString "0"
                ]

                equal (String.Join(" | ", actual)) (String.Join(" | ", (row world)[4..7]))
        ]
