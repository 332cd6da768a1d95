namespace BtcBandit.Engine.Tests.Feeds.Synthetic

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds.Synthetic.SyntheticMeasures

/// Texts taken from the program once: a change here is another market for everybody who wrote down a seed.
module SyntheticGoldenTests =

    let private text (truth: SyntheticCandle) = $"{truth.Candle} {truth.NextEdgeBps:R}"

    let private fold (hash: uint64) (value: int64) = (hash ^^^ uint64 value) * 0x100000001B3UL

    let private fingerprint (truth: SyntheticCandle seq) =
        let bits (value: float) = BitConverter.DoubleToInt64Bits value

        let add hash (t: SyntheticCandle) =
            let c = t.Candle

            [
                c.OpenTime
                bits c.Open
                bits c.High
                bits c.Low
                bits c.Close
                bits c.Volume
                bits t.NextEdgeBps
            ]
            |> List.fold fold hash

        (Seq.fold add 0xCBF29CE484222325UL truth).ToString "x16"

    [<Tests>]
    let tests =
        testList "SyntheticGoldenTests" [
            cases "the first candles are these, on any machine" [
                "drifts"
                "mean-reverting"
                "flips"
                "martingale"
                "flat"
            ]
            <| fun (name: string) ->
                let expected =
                    Map.find
                        name
                        (Map [
                            "drifts",
                            [
                                "2024-01-01 00:00:00Z O 50000 H 50022.69 L 49997.37 C 50016.32 V 5.14238 -4"
                                "2024-01-01 00:01:00Z O 50016.32 H 50019.35 L 49981.31 C 49990.13 V 9.52306 -4"
                                "2024-01-01 00:02:00Z O 49990.13 H 49995.12 L 49943.8 C 49954.76 V 14.59275 -4"
                                "2024-02-04 17:19:00Z O 32425.08 H 32432.17 L 32393.7 C 32401.21 V 10.79841 -4"
                                "27c0697bba517be3"
                            ]
                            "mean-reverting",
                            [
                                "2024-01-01 00:00:00Z O 50000 H 50010.34 L 49990.89 C 49996.36 V 4.41142 0.0064262107614199565"
                                "2024-01-01 00:01:00Z O 49996.36 H 50003.18 L 49975.45 C 49990.21 V 7.70686 0.021472130895407955"
                                "2024-01-01 00:02:00Z O 49990.21 H 49998.68 L 49958.77 C 49974.93 V 12.11745 0.0608931774160209"
                                "2024-02-04 17:19:00Z O 49898.44 H 49914.75 L 49865.76 C 49882.86 V 9.32788 0.2507711989108004"
                                "4d54348d4d9b2164"
                            ]
                            "flips",
                            [
                                "2024-01-01 00:00:00Z O 50000 H 50010.32 L 49990.86 C 49996.32 V 4.41251 -0.22102993257205644"
                                "2024-01-01 00:01:00Z O 49996.32 H 50002.76 L 49974.73 C 49989.03 V 7.75943 -0.43750076671475085"
                                "2024-01-01 00:02:00Z O 49989.03 H 49996.93 L 49956.05 C 49971.46 V 12.3271 -1.0543919315006947"
                                "2024-02-04 17:19:00Z O 56418.68 H 56433.96 L 56374.34 C 56390.46 V 9.86572 -1.5013656082960496"
                                "559c8264c06e5647"
                            ]
                            "martingale",
                            [
                                "2024-01-01 00:00:00Z O 50000 H 50010.32 L 49990.86 C 49996.32 V 4.41251 0"
                                "2024-01-01 00:01:00Z O 49996.32 H 50003.13 L 49975.39 C 49990.13 V 7.70824 0"
                                "2024-01-01 00:02:00Z O 49990.13 H 49998.58 L 49958.62 C 49974.75 V 12.12673 0"
                                "2024-02-04 17:19:00Z O 51220.12 H 51236.44 L 51185.74 C 51202.88 V 9.38499 0"
                                "3b46d9a126c2575f"
                            ]
                            "flat",
                            [
                                "2024-01-01 00:00:00Z O 50000 H 50000 L 50000 C 50000 V 7.95267 0"
                                "2024-01-01 00:01:00Z O 50000 H 50000 L 50000 C 50000 V 11.25758 0"
                                "2024-01-01 00:02:00Z O 50000 H 50000 L 50000 C 50000 V 13.8392 0"
                                "2024-02-04 17:19:00Z O 50000 H 50000 L 50000 C 50000 V 9.15174 0"
                                "fcf0056baf30a296"
                            ]
                        ])

                let _, world = SyntheticWorlds.TryParse name
                let truth = take 50_000 (SyntheticOptions(World = world))

                let actual = [
                    text truth[0]
                    text truth[1]
                    text truth[2]
                    text truth[49_999]
                    fingerprint truth
                ]

                equal (String.Join('\n', (expected: string list))) (String.Join('\n', actual))
        ]
