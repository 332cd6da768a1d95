namespace BtcBandit.Engine.Tests.Evaluation

open System
open MathNet.Numerics.Distributions
open MathNet.Numerics.Statistics
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Indicators.Numerics

module SharpeConfidenceTests =

    let private close (expected: float) (actual: Nullable<float>) =
        holds actual.HasValue
        isNear 5e-4 expected actual.Value

    /// Returns with some skewness.
    let private returns seed count = [|
        for i in 1..count ->
            let normal = CounterRandom.Normal(seed, 1, int64 i)
            0.001 + 0.02 * normal + 0.005 * normal * normal
    |]

    [<Tests>]
    let tests =
        testList "SharpeConfidenceTests" [
            // Bailey and Lopez de Prado (2012): 24 months with a Sharpe ratio of 0.458 a month.
            cases "the example of the probabilistic ratio" [ -2.448, 10.164, 0.913; 0.0, 3.0, 0.982 ]
            <| fun (skewness: float, kurtosis: float, expected: float) ->
                close expected (SharpeConfidence.Probability(0.458, 0.0, skewness, kurtosis, 24))

            // Bailey and Lopez de Prado (2014): 100 trials over five years of 250 days, an annual ratio of 2.5 and a variance of 1/2.
            testCase "the example of the deflated ratio"
            <| fun () ->
                let best = SharpeConfidence.ExpectedMaximum(0.5 / 250.0, 100)
                isNear 5e-5 0.1132 best
                close 0.9004 (SharpeConfidence.Probability(2.5 / sqrt 250.0, best, -3.0, 10.0, 1_250))

            property "it is what MathNet's moments and distribution give"
            <| fun (seed: int64) (more: byte) (above: byte) ->
                let values = returns seed (20 + int more)
                let benchmark = float above / 2_000.0
                let sharpe = Statistics.Mean values / Statistics.StandardDeviation values
                let skewness = Statistics.PopulationSkewness values
                let kurtosis = Statistics.PopulationKurtosis values + 3.0

                let variance = 1.0 - skewness * sharpe + (kurtosis - 1.0) / 4.0 * sharpe * sharpe

                let expected =
                    Normal.CDF(0.0, 1.0, (sharpe - benchmark) * sqrt (float values.Length - 1.0) / sqrt variance)

                let actual = SharpeConfidence.Probabilistic(values, benchmark)
                isNear 1e-12 expected actual.Value
                isNear 1e-12 sharpe ((SharpeConfidence.Ratio values).Value)

            cases "the tails of the distribution are right" [ -9.0; -8.2; -3.0; 0.0; 0.5; 6.0; 9.0 ]
            <| fun (deviations: float) ->
                // With a Sharpe ratio of 0 its own variance is 1.
                let actual = SharpeConfidence.Probability(0.0, -deviations / 10.0, 0.0, 3.0, 101)
                isNear 1e-14 (Normal.CDF(0.0, 1.0, deviations)) actual.Value

            testCase "it is null where it would be made up"
            <| fun () ->
                equal (Nullable()) (SharpeConfidence.Probabilistic(returns 1L 19))
                equal (Nullable()) (SharpeConfidence.Probabilistic(Array.create 30 0.01))
                equal (Nullable()) (SharpeConfidence.Ratio(returns 1L 19))
                // Strongly skewed returns, for which the variance of the estimate is below 0.
                equal (Nullable()) (SharpeConfidence.Probability(1.0, 0.0, 3.0, 3.0, 30))

            testCase "more trials raise the bar, and one raises none"
            <| fun () ->
                let bars = [
                    for trials in [ 1; 2; 10; 100; 1_000 ] -> SharpeConfidence.ExpectedMaximum(0.01, trials)
                ]

                equal 0.0 bars[0]
                equal (List.sort bars |> List.distinct) bars
                equal 0.0 (SharpeConfidence.ExpectedMaximum(0.0, 50))
                let none () = SharpeConfidence.ExpectedMaximum(1.0, 0) |> ignore
                thrown<ArgumentOutOfRangeException> none |> ignore
        ]
