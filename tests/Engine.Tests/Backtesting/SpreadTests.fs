namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Collections.Generic
open System.Reflection
open System.Runtime.CompilerServices
open System.Text.Json
open FsCheck
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Trading

module SpreadTests =

    let private ofSome (values: float option seq) = Spread.Of [| for value in values -> Option.toNullable value |]

    let private spread (values: float seq) = nonNull (ofSome (Seq.map Some values))

    let private near = isNearPercent 1e-10

    [<Tests>]
    let tests =
        testList "SpreadTests" [
            testCase "by hand"
            <| fun () ->
                // Mean 5; squared distances 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32, over 7.
                let spread = spread [ 9.0; 2.0; 4.0; 5.0; 4.0; 7.0; 4.0; 5.0 ]
                equal (8, 5.0, 2.0, 4.5, 9.0) (spread.Runs, spread.Mean, spread.Least, spread.Median, spread.Most)
                near (sqrt (32.0 / 7.0)) spread.Deviation.Value

            /// NIST Statistical Reference Datasets, univariate, NumAcc1 and NumAcc2: certified values.
            testCase "certified values"
            <| fun () ->
                let first = spread [ 10_000_001.0; 10_000_003.0; 10_000_002.0 ]
                equal (10_000_002.0, Nullable 1.0) (first.Mean, first.Deviation)
                let second = spread (1.2 :: [ for i in 1..1_000 -> if i % 2 = 1 then 1.1 else 1.3 ])
                near 1.2 second.Mean
                near 0.1 second.Deviation.Value

            testCase "runs without the figure are left out, and none has no spread"
            <| fun () ->
                let spread = nonNull (ofSome [ Some 1.0; None; Some 4.0 ])
                equal (2, 2.5, 2.5) (spread.Runs, spread.Mean, spread.Median)
                isNull' (ofSome [ None; None ])
                isNull' (ofSome [])

            testCase "one run has no deviation"
            <| fun () -> equal (Spread(1, 3.0, Nullable(), 3.0, 3.0, 3.0)) (spread [ 3.0 ])

            testCase "equal values have themselves as mean, and no deviation"
            <| fun () ->
                for value in [ 0.1; 1e-300; -7.3; 1e308 ] do
                    for count in 2..9 do
                        equal
                            (Spread(count, value, Nullable 0.0, value, value, value))
                            (spread (List.replicate count value))

            testCase "values near the largest double have a finite mean, and a deviation or none"
            <| fun () ->
                let wide = spread [ -1.0; 1e200; 3e200 ]
                near (4e200 / 3.0) wide.Mean
                // Distances of 4/3, 1/3 and 5/3.
                near (1e200 * sqrt (42.0 / 9.0 / 2.0)) wide.Deviation.Value

                for values in [ [ 1.7e308; -1.0 ]; [ 1.7e308; 1.7e308; -1.0 ] ] do
                    let spread = spread values
                    holds (Double.IsFinite spread.Mean && Double.IsFinite spread.Median)

                    if spread.Deviation.HasValue then
                        holds (Double.IsFinite spread.Deviation.Value)

            // Many, being cheap.
            propertyOf 300 "it is that of the definitions"
            <| fun (values: NonEmptyArray<NormalFloat>) ->
                let values = [| for value in values.Get -> Math.Clamp(value.Get, -1e9, 1e9) |]
                let spread = spread values
                let sorted = Array.sort values
                let n = values.Length
                let mean = Array.average values
                let scale = 1.0 + Array.max (Array.map abs values)

                let median = if n % 2 = 1 then sorted[n / 2] else (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0

                let deviation =
                    sqrt (
                        (values |> Array.sumBy (fun value -> (value - mean) * (value - mean)))
                        / float (n - 1)
                    )

                abs (spread.Mean - mean) <= 1e-9 * scale
                && abs (spread.Median - median) <= 1e-9 * scale
                && (spread.Least, spread.Most, spread.Runs) = (sorted[0], sorted[n - 1], n)
                && spread.Deviation.HasValue = (n > 1)
                && (n = 1 || abs (spread.Deviation.Value - deviation) <= 1e-9 * scale)
        ]

/// What agents are compared by is all that a run comes to.
module FiguresTests =

    /// What a run is given, what is the same for all runs over the same candles, and the speed.
    let private noResults =
        set [
            "Candles"
            "Steps"
            "FirstOpenTime"
            "LastOpenTime"
            "InitialEquity"
            "BuyAndHoldReturn"
            "MaCrossReturn"
            "CandlesPerSecond"
            "Seed"
        ]

    let private numbers = [
        typeof<int64>
        typeof<float>
        typeof<Nullable<int64>>
        typeof<Nullable<float>>
    ]

    let private results = [
        for property in typeof<RunSummary>.GetProperties(BindingFlags.Public ||| BindingFlags.Instance) do
            if
                List.contains property.PropertyType numbers
                && not (noResults.Contains property.Name)
            then
                property
    ]

    let private nameOf (property: PropertyInfo) = JsonNamingPolicy.SnakeCaseLower.ConvertName property.Name

    [<Tests>]
    let tests =
        testList "FiguresTests" [
            testCase "every result of a run is a figure"
            <| fun () -> equal (results |> List.map nameOf |> List.sort) (Figures.All.Keys |> List.ofSeq |> List.sort)

            testCase "each is read from the property of its name"
            <| fun () ->
                let summary = RuntimeHelpers.GetUninitializedObject typeof<RunSummary> :?> RunSummary

                for index, property in List.indexed results do
                    let value: obj | null =
                        if List.contains property.PropertyType numbers[..0] then
                            box (int64 index + 1L)
                        else
                            box (float index + 1.0)

                    property.SetValue(summary, value)

                for index, property in List.indexed results do
                    equal (float index + 1.0) (Figures.All[nameOf property].Invoke summary).Value
        ]
