namespace BtcBandit.Engine.Tests.Feeds.Synthetic

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Feeds.Synthetic.SyntheticMeasures

module SyntheticOptionsTests =

    let private refused =
        seq {
            let bad name (value: obj) (options: SyntheticOptions) = name, value, options

            let day = 86_400_000L
            bad "World" (enum<SyntheticWorld> 5) (SyntheticOptions(World = enum 5))
            bad "Timeframe" "(none)" (SyntheticOptions(Timeframe = Timeframe()))
            bad "StartTime" -60_000L (SyntheticOptions(StartTime = -60_000L))
            bad "StartTime" 1L (SyntheticOptions(StartTime = 1L))
            bad "StartTime" (day / 2L) (SyntheticOptions(StartTime = day / 2L, Timeframe = Timeframe.All[12]))
            bad "StartTime" Int64.MaxValue (SyntheticOptions(StartTime = Int64.MaxValue))
            bad "InitialPrice" 999.0 (SyntheticOptions(InitialPrice = 999.0))
            bad "InitialPrice" infinity (SyntheticOptions(InitialPrice = infinity))
            bad "NoiseBps" -0.1 (SyntheticOptions(NoiseBps = -0.1))
            bad "NoiseBps" nan (SyntheticOptions(NoiseBps = nan))
            bad "Clustering" 0.13 (SyntheticOptions(Clustering = 0.13))
            bad "JumpProbability" 1.1 (SyntheticOptions(JumpProbability = 1.1))
            bad "JumpBps" 501.0 (SyntheticOptions(JumpBps = 501.0))
            bad "DriftBps" 101.0 (SyntheticOptions(DriftBps = 101.0))
            bad "RegimeCandles" 0.5 (SyntheticOptions(RegimeCandles = 0.5))
            bad "ReversionHalfLife" 0.0 (SyntheticOptions(ReversionHalfLife = 0.0))
            bad "LevelBps" -1.0 (SyntheticOptions(LevelBps = -1.0))
            bad "Momentum" 1.0 (SyntheticOptions(Momentum = 1.0))
            bad "FlipEvery" 0 (SyntheticOptions(FlipEvery = 0))
        }

    [<Tests>]
    let tests =
        testList "SyntheticOptionsTests" [
            for name, value, options in refused do
                testCase $"a parameter out of range is refused at once, by name, value and range({name}, {value})"
                <| fun () ->
                    let error = thrown<ArgumentException>(fun () -> SyntheticFeed.Candles options |> ignore)
                    equalText name error.ParamName
                    startsWith $"{name} {value} is not accepted; accepted: " error.Message

            testCase "a range is named in the message"
            <| fun () ->
                let error =
                    thrown<ArgumentException>(fun () -> SyntheticOptions(RegimeCandles = 0.0).Validated() |> ignore)

                equal
                    "RegimeCandles 0 is not accepted; accepted: 1 to 1000000000. (Parameter 'RegimeCandles')"
                    error.Message

            testCase "every world finds itself by its name"
            <| fun () ->
                for world in worlds do
                    let found, parsed = SyntheticWorlds.TryParse(world.Name())
                    holds (found && parsed = world)

                equal "drifts mean-reverting flips martingale flat" SyntheticWorlds.Names

            cases "other names are refused" [ ("Drifts": string | null); ""; null ]
            <| fun (name: string | null) ->
                let found, _ = SyntheticWorlds.TryParse name
                fails found

            testCase "the defaults are the drifting world in minutes"
            <| fun () ->
                let options = SyntheticOptions()
                equal SyntheticWorld.Drifts options.World
                equal Timeframe.OneMinute options.Timeframe
                equal 4.0 options.EdgeBps

            testCase "an edge grows with the square root of the candle's length"
            <| fun () ->
                for world in worlds do
                    let edge (timeframe: Timeframe) = SyntheticOptions(World = world, Timeframe = timeframe).EdgeBps

                    let quarter = edge Timeframe.All[4]
                    because (string world) (fun () -> isNear (1e-12) (sqrt 15.0 * edge Timeframe.OneMinute) quarter)
        ]
