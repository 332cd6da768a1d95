namespace BtcBandit.Engine.Tests.Exchange

open FsCheck
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Tests.Feeds

module PortfolioTests =

    [<Tests>]
    let tests =
        testList "PortfolioTests" [
            testCase "starts with cash and nothing else"
            <| fun () -> equal (Portfolio(1_000.0, 0.0, 0.0, 0.0, 0.0, 0.0)) (Portfolio.WithCash 1_000.0)

            testCase "equity and exposure by hand"
            <| fun () ->
                let portfolio = Portfolio(250.0, 0.5, 400.0, 7.0, 3.0, 2.0)
                equal 1_000.0 (portfolio.EquityAt 1_500.0)
                equal 0.75 (portfolio.ExposureAt 1_500.0)

            testCase "no position is no exposure, also without any money"
            <| fun () ->
                equal 0.0 ((Portfolio.WithCash 1_000.0).ExposureAt 5.0)
                equal 0.0 ((Portfolio.WithCash 0.0).ExposureAt 5.0)

            // Many: a rounding that goes the wrong way is rare.
            propertyOf 1_000 "exposure is within 0..1"
            <| fun (NonNegativeInt cash) (NonNegativeInt lots) (PositiveInt cents) ->
                let portfolio = Portfolio(float cash / 1e8, float lots / 1e5, 0.0, 0.0, 0.0, 0.0)
                let exposure = portfolio.ExposureAt(float cents / 100.0)
                exposure >= 0.0 && exposure <= 1.0 && (lots > 0 || exposure = 0.0)
        ]
