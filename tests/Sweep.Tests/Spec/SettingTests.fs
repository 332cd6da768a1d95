namespace BtcBandit.Sweep.Tests.Spec

open System
open System.Globalization
open Expecto
open FsCheck
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Sweep.Spec

/// Settings of a spec: those of the grid, and random draws.
module SettingTests =

    let private setting values =
        Setting(
            [|
                for name, value in values -> Collections.Generic.KeyValuePair<string, string>(name, value)
            |]
        )

    let private texts (spec: SweepSpec) = [ for one in spec.Settings() -> string one ]

    let private specOf members = Specs.synthetic 300 members

    /// Values of one axis of the first draws.
    let private drawn count (seed: int64) (axis: RandomAxis) = [
        for draw in 0 .. count - 1 -> axis.ValueOf(seed, draw)
    ]

    let private valueIn name (setting: Setting) = setting.Values |> Seq.find (fun value -> value.Key = name) |> _.Value

    let private isFlag (text: string) =
        // As flags take numbers: no exponent, no thousands.
        Double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint ||| NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture
        )
        |> fst

    let private parsed (text: string) = Double.Parse(text, CultureInfo.InvariantCulture)

    /// Two numbers of any size, the smaller one first; some are so close that six digits do not tell them apart.
    let private range (NormalFloat low) (NonNegativeInt closeness) =
        let low = (if low < 0.0 then -1.0 else 1.0) * Math.Clamp(abs low, 1e-6, 1e6)
        low, low + abs low * 10.0 ** -float(closeness % 12)

    [<Tests>]
    let tests =
        testList "SettingTests" [

            testCase "a spec without axes has one setting of defaults" (fun () ->
                equal [ "defaults" ] (texts (specOf "\"seeds\": 2")))

            testCase "the first axis turns slowest and the draws fastest" (fun () ->
                let spec =
                    specOf
                        """"grid": {"agent": ["hold", "random"], "horizon": [1, "auto"]},
                           "random": {"draws": 2, "cash": [7]}"""

                // The draws are alike, and each setting is there once.
                equal
                    [
                        "agent hold horizon 1 cash 7"
                        "agent hold horizon auto cash 7"
                        "agent random horizon 1 cash 7"
                        "agent random horizon auto cash 7"
                    ]
                    (texts spec)

                let spec =
                    specOf """"grid": {"horizon": [1, 2]}, "random": {"draws": 3, "cash": {"whole": [1, 1000000]}}"""

                let draws = [ for one in spec.Settings() -> valueIn "horizon" one, valueIn "cash" one ]
                equal [ "1"; "1"; "1"; "2"; "2"; "2" ] (List.map fst draws)
                unique (List.take 3 draws)
                equal (List.map snd draws[..2]) (List.map snd draws[3..]))

            testCase "values that are the same text are one setting" (fun () ->
                equal [ "cash 5" ] (texts (specOf """"grid": {"cash": [5, "5"]}""")))

            testCase "settings are equal where names and values are, in their order" (fun () ->
                let one = setting [ "agent", "hold"; "cash", "5" ]
                equal one (setting [ "agent", "hold"; "cash", "5" ])
                equal (one.GetHashCode()) ((setting [ "agent", "hold"; "cash", "5" ]).GetHashCode())
                differs one (setting [ "agent", "hold"; "cash", "6" ])
                differs one (setting [ "agent", "hold"; "position", "5" ])
                differs one (setting [ "agent", "hold" ]))

            testCase "a setting without some names keeps the others" (fun () ->
                let one = setting [ "fee-bps", "1"; "agent", "hold"; "slippage-bps", "2" ]
                equal "agent hold" (string (one.Without [| "fee-bps"; "slippage-bps" |])))

            property "a draw does not change when draws are added" (fun (seed: int64) (PositiveInt few) ->
                let few = 1 + few % 20
                let axis = RandomAxis.Log("posterior-scale", 0.05, 1.0)
                equal (drawn few seed axis) (drawn (few + 7) seed axis |> List.take few))

            property "a draw does not change when another axis comes or goes" (fun (seed: int64) ->
                let draws axes =
                    specOf $""""seed": {seed}, "random": {{"draws": 8, {axes}}}"""
                    |> _.Settings()
                    |> Seq.map (valueIn "posterior-scale")
                    |> List.ofSeq

                let one = """"posterior-scale": {"log": [0.05, 1]}"""
                let other = """"forgetting": {"one-minus-log": [1e-6, 1e-3]}"""
                let third = """"cash": {"whole": [100, 100000]}"""
                let alone = draws one
                equal alone (draws $"{one}, {other}")
                equal alone (draws $"{other}, {third}, {one}"))

            testCase "axes with the same distribution draw different numbers" (fun () ->
                let values name = drawn 20 1L (RandomAxis.Uniform(name, 0.0, 1.0))

                isBelow
                    2
                    (Seq.zip (values "cash") (values "position")
                     |> Seq.filter (fun (a, b) -> a = b)
                     |> Seq.length))

            testCase "another seed draws other numbers" (fun () ->
                let values seed = drawn 20 seed (RandomAxis.Uniform("cash", 0.0, 1.0))

                isBelow
                    2
                    (Seq.zip (values 1L) (values 2L)
                     |> Seq.filter (fun (a, b) -> a = b)
                     |> Seq.length))

            property "uniform draws are flags within their range" (fun low closeness (seed: int64) ->
                let low, high = range low closeness

                for text in drawn 20 seed (RandomAxis.Uniform("cash", low, high)) do
                    holds (isFlag text)
                    isWithin low high (parsed text))

            property "draws uniform in the logarithm are flags within their range" (fun low closeness (seed: int64) ->
                let low, high = range low closeness
                let low, high = abs low, abs low + (high - low)

                for text in drawn 20 seed (RandomAxis.Log("cash", low, high)) do
                    holds (isFlag text)
                    isWithin low high (parsed text))

            property
                "draws close to 1 are flags within their range"
                (fun (seed: int64) (PositiveInt low) (PositiveInt width) ->
                    let low = 10.0 ** -float(1 + low % 9)
                    let high = low * (1.0 + float (width % 100))

                    for text in drawn 20 seed (RandomAxis.OneMinusLog("forgetting", low, high)) do
                        holds (isFlag text)
                        isWithin (1.0 - high - 1e-12) (1.0 - low + 1e-12) (parsed text))

            property
                "whole draws are within their range, both ends included"
                (fun (seed: int64) (low: int) (PositiveInt width) ->
                    let low, high = int64 low, int64 low + int64 width

                    for text in drawn 20 seed (RandomAxis.Whole("cash", low, high)) do
                        isWithin low high (Int64.Parse(text, CultureInfo.InvariantCulture)))

            testCase "whole draws reach both ends" (fun () ->
                let values = drawn 200 1L (RandomAxis.Whole("horizon", 3L, 5L)) |> List.distinct |> List.sort
                equal [ "3"; "4"; "5" ] values)

            testCase "draws from a list reach all of it" (fun () ->
                let values = drawn 200 1L (RandomAxis.OneOf("agent", [| "a"; "b"; "c" |]))
                equal [ "a"; "b"; "c" ] (values |> List.distinct |> List.sort))

            testCase "half of the draws are below the middle, on the distribution's own scale" (fun () ->
                let below middle axis =
                    drawn 1_000 1L axis
                    |> List.filter (fun text -> parsed text < middle)
                    |> List.length

                isWithin 430 570 (below 5.0 (RandomAxis.Uniform("cash", 0.0, 10.0)))
                isWithin 430 570 (below 1.0 (RandomAxis.Log("cash", 0.01, 100.0)))
                isWithin 430 570 (below (1.0 - 1e-4) (RandomAxis.OneMinusLog("cash", 1e-6, 1e-2)))
                isWithin 430 570 (below 50.0 (RandomAxis.Whole("cash", 0L, 99L))))
        ]
