namespace BtcBandit.Indicators.Tests.Numerics

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Numerics

module NormalTests =

    [<Tests>]
    let tests =
        testList "NormalTests" [
            testCase "it is the distribution function, to about 1e-15"
            <| fun () ->
                for i in -9_000 .. 9_000 do
                    let z = float i / 1_000.0
                    let expected = MathNet.Numerics.Distributions.Normal.CDF(0.0, 1.0, z)
                    isNear 2e-15 expected (Normal.Cumulative z)

            testCase "it ends at certainty, also for what is infinite"
            <| fun () ->
                let ends = [| for z in [ -infinity; -9.0; 0.0; 9.0; infinity ] -> Normal.Cumulative z |]
                equalSeq [| 0.0; 0.0; 0.5; 1.0; 1.0 |] ends

            testCase "it is the inverse of the quantile"
            <| fun () ->
                for i in 1..999 do
                    let p = float i / 1_000.0
                    isNear 1e-14 p (Normal.Cumulative(Normal.Quantile p))

            testCase "the quantile is the inverse of the distribution function"
            <| fun () ->
                let inverse p = MathNet.Numerics.Distributions.Normal.InvCDF(0.0, 1.0, p)

                for i in 1..9_999 do
                    let p = float i / 10_000.0
                    isNear 1e-9 (inverse p) (Normal.Quantile p)

                for exponent in 5..300 do
                    let p = Math.Pow(10.0, float -exponent)
                    isNearPercent 1e-8 (inverse p) (Normal.Quantile p)
        ]
