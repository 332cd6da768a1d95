namespace BtcBandit.Engine.Tests.Evaluation

open System
open NUnit.Framework
open FsCheck.NUnit
open MathNet.Numerics.Distributions
open MathNet.Numerics.Statistics
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Indicators.Numerics

[<TestFixture>]
type SharpeConfidenceTests() =

    let close (expected: float) (actual: Nullable<float>) =
        Assert.That(actual.HasValue)
        Assert.That(actual.Value, Is.EqualTo(expected).Within 5e-4)

    /// Returns with some skewness.
    let returns seed count =
        [|
            for i in 1..count ->
                let normal = CounterRandom.Normal(seed, 1, int64 i)
                0.001 + 0.02 * normal + 0.005 * normal * normal
        |]

    // Bailey and Lopez de Prado (2012): 24 months with a Sharpe ratio of 0.458 a month.
    [<TestCase(-2.448, 10.164, 0.913)>]
    [<TestCase(0.0, 3.0, 0.982)>]
    member _.``the example of the probabilistic ratio``(skewness: float, kurtosis: float, expected: float) =
        close expected (SharpeConfidence.Probability(0.458, 0.0, skewness, kurtosis, 24))

    // Bailey and Lopez de Prado (2014): 100 trials over five years of 250 days, an annual ratio of 2.5 and a variance of 1/2.
    [<Test>]
    member _.``the example of the deflated ratio``() =
        let best = SharpeConfidence.ExpectedMaximum(0.5 / 250.0, 100)
        Assert.That(best, Is.EqualTo(0.1132).Within 5e-5)
        close 0.9004 (SharpeConfidence.Probability(2.5 / sqrt 250.0, best, -3.0, 10.0, 1_250))

    [<Property>]
    member _.``it is what MathNet's moments and distribution give`` (seed: int64) (more: byte) (above: byte) =
        let values = returns seed (20 + int more)
        let benchmark = float above / 2_000.0
        let sharpe = Statistics.Mean values / Statistics.StandardDeviation values
        let skewness = Statistics.PopulationSkewness values
        let kurtosis = Statistics.PopulationKurtosis values + 3.0

        let variance = 1.0 - skewness * sharpe + (kurtosis - 1.0) / 4.0 * sharpe * sharpe

        let expected =
            Normal.CDF(0.0, 1.0, (sharpe - benchmark) * sqrt (float values.Length - 1.0) / sqrt variance)

        let actual = SharpeConfidence.Probabilistic(values, benchmark)
        Assert.That(actual.Value, Is.EqualTo(expected).Within 1e-12)
        Assert.That((SharpeConfidence.Ratio values).Value, Is.EqualTo(sharpe).Within 1e-12)

    [<TestCase(-9.0)>]
    [<TestCase(-8.2)>]
    [<TestCase(-3.0)>]
    [<TestCase(0.0)>]
    [<TestCase(0.5)>]
    [<TestCase(6.0)>]
    [<TestCase(9.0)>]
    member _.``the tails of the distribution are right``(deviations: float) =
        // With a Sharpe ratio of 0 its own variance is 1.
        let actual = SharpeConfidence.Probability(0.0, -deviations / 10.0, 0.0, 3.0, 101)
        Assert.That(actual.Value, Is.EqualTo(Normal.CDF(0.0, 1.0, deviations)).Within 1e-14)

    [<Test>]
    member _.``it is null where it would be made up``() =
        equal (Nullable()) (SharpeConfidence.Probabilistic(returns 1L 19))
        equal (Nullable()) (SharpeConfidence.Probabilistic(Array.create 30 0.01))
        equal (Nullable()) (SharpeConfidence.Ratio(returns 1L 19))
        // Strongly skewed returns, for which the variance of the estimate is below 0.
        equal (Nullable()) (SharpeConfidence.Probability(1.0, 0.0, 3.0, 3.0, 30))

    [<Test>]
    member _.``more trials raise the bar, and one raises none``() =
        let bars =
            [
                for trials in [ 1; 2; 10; 100; 1_000 ] -> SharpeConfidence.ExpectedMaximum(0.01, trials)
            ]

        equal 0.0 bars[0]
        equal (List.sort bars |> List.distinct) bars
        equal 0.0 (SharpeConfidence.ExpectedMaximum(0.0, 50))
        let none () = SharpeConfidence.ExpectedMaximum(1.0, 0) |> ignore
        Assert.Throws<ArgumentOutOfRangeException>(Action none) |> ignore
