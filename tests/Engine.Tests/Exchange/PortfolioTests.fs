namespace BtcBandit.Engine.Tests.Exchange

open FsCheck
open NUnit.Framework
open FsCheck.NUnit
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Tests.Feeds

[<TestFixture>]
type PortfolioTests() =

    [<Test>]
    member _.``starts with cash and nothing else``() =
        equal (Portfolio(1_000.0, 0.0, 0.0, 0.0, 0.0, 0.0)) (Portfolio.WithCash 1_000.0)

    [<Test>]
    member _.``equity and exposure by hand``() =
        let portfolio = Portfolio(250.0, 0.5, 400.0, 7.0, 3.0, 2.0)
        equal 1_000.0 (portfolio.EquityAt 1_500.0)
        equal 0.75 (portfolio.ExposureAt 1_500.0)

    [<Test>]
    member _.``no position is no exposure, also without any money``() =
        equal 0.0 ((Portfolio.WithCash 1_000.0).ExposureAt 5.0)
        equal 0.0 ((Portfolio.WithCash 0.0).ExposureAt 5.0)

    // Many: a rounding that goes the wrong way is rare.
    [<Property(MaxTest = 1_000)>]
    member _.``exposure is within 0..1``(NonNegativeInt cash, NonNegativeInt lots, PositiveInt cents) =
        let portfolio = Portfolio(float cash / 1e8, float lots / 1e5, 0.0, 0.0, 0.0, 0.0)
        let exposure = portfolio.ExposureAt(float cents / 100.0)
        exposure >= 0.0 && exposure <= 1.0 && (lots > 0 || exposure = 0.0)
