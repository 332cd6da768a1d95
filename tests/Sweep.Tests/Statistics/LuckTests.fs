namespace BtcBandit.Sweep.Tests.Statistics

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Evaluation
open BtcBandit.Indicators.Numerics
open BtcBandit.Sweep.Statistics

module LuckTests =

    /// The integral of x times the density of the largest, by Simpson's rule.
    let private integrated trials =
        let steps = 4_000

        let at step =
            let x = -10.0 + 20.0 * float step / float steps
            let density = exp (-x * x / 2.0) / sqrt (2.0 * Math.PI)

            let weight =
                if step = 0 || step = steps then 1.0
                elif step % 2 = 1 then 4.0
                else 2.0

            weight * x * float trials * density * Normal.Cumulative x ** float (trials - 1)

        Seq.sumBy at (seq { 0..steps }) * 20.0 / float steps / 3.0

    [<Tests>]
    let tests =
        testList "LuckTests" [
            cases "the expectation of the largest, by its density" [ 1; 2; 3; 7; 50; 365; 10_000; 200_000; 5_000_000 ]
            <| fun (trials: int) -> isNear 1e-7 (integrated trials) (Luck.ExpectedBest trials)

            // Harter (1961), Expected Values of Normal Order Statistics; the first two are known exactly.
            cases "published expectations" [
                2, 1.0 / sqrt Math.PI
                3, 1.5 / sqrt Math.PI
                10, 1.53875
                20, 1.86748
                50, 2.24907
                100, 2.50759
                1_000, 3.24144
            ]
            <| fun (trials: int, expected: float) -> isNear 6e-6 expected (Luck.ExpectedBest trials)

            testCase "it ascends, and the approximation is near only for many trials"
            <| fun () ->
                isAscending [ for power in 0..30 -> Luck.ExpectedBest(1 <<< power) ]
                let off trials = SharpeConfidence.ExpectedMaximum(1.0, trials) - Luck.ExpectedBest trials
                areNear 1e-3 [ -0.045; 0.036; 0.028 ] [ off 2; off 10; off 50 ]
                [ 1_000; 10_000; 200_000 ] |> all (fun trials -> abs (off trials) < 0.02)

            testCase "no trial has no best"
            <| fun () -> throwsFor<ArgumentOutOfRangeException> "trials" (fun () -> Luck.ExpectedBest 0 |> ignore)
        ]
