namespace BtcBandit.Engine.Tests.Agents.Linear

open System
open System.IO
open System.Runtime.Intrinsics
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Tests.Feeds

module ForgettingMixTests =

    let private mix () = ForgettingMix(3, ReadOnlySpan [| 1; 5 |], 1.0)

    let private learn (mix: ForgettingMix) (theta: int64 -> float) (indices: int64 seq) =
        for i in indices do
            let x = [| Worlds.normal 1 i; Worlds.normal 2 i; 1.0 |]
            let y = theta i * x[0] + 0.3 * Worlds.normal 3 i
            mix.Learn(ReadOnlySpan x, ReadOnlySpan [| y; 2.0 * y |])

    let private at = [| 1.0; 0.5; 1.0 |]

    let private predict (mix: ForgettingMix) outcome =
        mix.See(ReadOnlySpan at)
        let struct (means, deviations) = mix.PredictFrom 0
        means.GetElement outcome, deviations.GetElement outcome

    let private posterior (state: PosteriorState) =
        let posterior = LinearPosterior(3, ReadOnlySpan [| 1; 5 |], MoveUnits.Prior, 1.0)
        posterior.Restore state
        posterior

    [<Tests>]
    let tests =
        testList "ForgettingMixTests" [
            testCase "what it says lies between what the two say, and their deviations too"
            <| fun () ->
                let mix = mix ()
                learn mix (fun i -> if i <= 800L then 1.0 else -1.0) (seq { 1L .. 900L })
                let parts = mix.Snapshot().Posteriors |> Array.map posterior

                for outcome in 0..1 do
                    let mean, deviation = predict mix outcome

                    let plain = [
                        for part in parts do
                            part.Coefficients(outcome).ToArray()
                            |> Array.fold2 (fun sum x c -> sum + x * c) 0.0 at
                    ]

                    let deviations = [ for part in parts -> part.Deviation(outcome, part.Leverage(ReadOnlySpan at)) ]
                    let within (low: float) high value = value >= low - 1e-12 && value <= high + 1e-12
                    Expect.isTrue (within (List.min plain) (List.max plain) mean) $"{mean} of {plain}"
                    holds (within (List.min deviations) (List.max deviations) deviation)
                    Expect.isGreaterThan (List.max plain - List.min plain) 0.1 "or both say the same"

            testCase "variances are mixed by what the likelihoods say"
            <| fun () ->
                let mix = mix ()
                learn mix (fun _ -> 1.0) (seq { 1L .. 600L })
                let state = mix.Snapshot()
                let slowShare = 1.0 / (1.0 + exp (state.LogLikelihoods[1] - state.LogLikelihoods[0]))
                because "or one decides alone" (fun () -> isWithin 0.01 0.99 slowShare)

                let variance outcome (state: PosteriorState) =
                    let part = posterior state
                    part.Deviation(outcome, part.Leverage(ReadOnlySpan at)) ** 2.0

                for outcome in 0..1 do
                    let slow, quick = variance outcome state.Posteriors[0], variance outcome state.Posteriors[1]

                    let expected = slowShare * slow + (1.0 - slowShare) * quick
                    isNearPercent 1e-9 expected ((snd (predict mix outcome)) ** 2.0)
                    Expect.isGreaterThan (abs (sqrt slow / sqrt quick - 1.0)) (1e-3) "or both are as sure"

            testCase "a likelihood fades by one in 500 before the next outcome's is added"
            <| fun () ->
                let mix = mix ()
                learn mix (fun _ -> 1.0) (seq { 1L .. 300L })
                let state = mix.Snapshot()
                let x, outcomes = [| 0.5; -1.0; 1.0 |], [| 0.7; -0.2 |]

                let expected =
                    (state.Posteriors, state.LogLikelihoods)
                    ||> Array.map2 (fun before logLikelihood ->
                        let foretold = (posterior before).Learn(ReadOnlySpan x, ReadOnlySpan outcomes)
                        0.998 * logLikelihood + foretold.LogDensity(Portable.Log foretold.Variance))

                mix.Learn(ReadOnlySpan x, ReadOnlySpan outcomes)
                let actual = mix.Snapshot().LogLikelihoods
                Array.iter2 (fun (e: float) (a: float) -> isNear (1e-9) (e) a) expected actual

            testCase "its coefficients give its mean"
            <| fun () ->
                let mix = mix ()
                learn mix (fun _ -> 1.0) (seq { 1L .. 300L })

                for outcome in 0..1 do
                    let mean, _ = predict mix outcome
                    let sum = Array.fold2 (fun sum x c -> sum + x * c) 0.0 at (mix.Coefficients(outcome).ToArray())
                    isNear 1e-12 mean sum

            testCase "when the market turns, the one that forgets is believed"
            <| fun () ->
                let mix = mix ()
                learn mix (fun _ -> 1.0) (seq { 1L .. 20_000L })
                isNear 0.1 1.0 (mix.Coefficients(0).ToArray()[0])
                learn mix (fun _ -> -1.0) (seq { 20_001L .. 23_000L })
                let slow = (posterior (mix.Snapshot().Posteriors[0])).Coefficients(0).ToArray()[0]
                Expect.isGreaterThan slow 0.0 "or the slow one would do alone"
                isBelow (-0.5) (mix.Coefficients(0).ToArray()[0])

            testCase "restored it says the same and learns the same; what does not fit is refused"
            <| fun () ->
                let mix = mix ()
                learn mix (fun _ -> 1.0) (seq { 1L .. 500L })
                let state = mix.Snapshot()
                let restored = ForgettingMix(3, ReadOnlySpan [| 1; 5 |], 1.0)
                restored.Restore state
                equal (predict mix 1) (predict restored 1)
                learn mix (fun _ -> -1.0) (seq { 501L .. 600L })
                learn restored (fun _ -> -1.0) (seq { 501L .. 600L })
                equal (predict mix 1) (predict restored 1)

                for wrong in
                    [
                        ForgettingMixState(state.Posteriors[..0], state.LogLikelihoods)
                        ForgettingMixState(state.Posteriors, state.LogLikelihoods[..0])
                    ] do
                    throws<InvalidDataException>(fun () -> restored.Restore wrong)
        ]
