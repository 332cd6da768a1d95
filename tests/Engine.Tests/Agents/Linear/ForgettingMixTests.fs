namespace BtcBandit.Engine.Tests.Agents.Linear

open System
open System.IO
open System.Runtime.Intrinsics
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Tests.Feeds

[<TestFixture>]
type ForgettingMixTests() =

    let mix () = ForgettingMix(3, ReadOnlySpan [| 1; 5 |], 1.0)

    let learn (mix: ForgettingMix) (theta: int64 -> float) (indices: int64 seq) =
        for i in indices do
            let x = [| Worlds.normal 1 i; Worlds.normal 2 i; 1.0 |]
            let y = theta i * x[0] + 0.3 * Worlds.normal 3 i
            mix.Learn(ReadOnlySpan x, ReadOnlySpan [| y; 2.0 * y |])

    let at = [| 1.0; 0.5; 1.0 |]

    let predict (mix: ForgettingMix) outcome =
        mix.See(ReadOnlySpan at)
        let struct (means, deviations) = mix.PredictFrom 0
        means.GetElement outcome, deviations.GetElement outcome

    let posterior (state: PosteriorState) =
        let posterior = LinearPosterior(3, ReadOnlySpan [| 1; 5 |], MoveUnits.Prior, 1.0)
        posterior.Restore state
        posterior

    [<Test>]
    member _.``what it says lies between what the two say, and their deviations too``() =
        let mix = mix ()
        learn mix (fun i -> if i <= 800L then 1.0 else -1.0) (seq { 1L .. 900L })
        let parts = mix.Snapshot().Posteriors |> Array.map posterior

        for outcome in 0..1 do
            let mean, deviation = predict mix outcome

            let plain =
                [
                    for part in parts do
                        part.Coefficients(outcome).ToArray()
                        |> Array.fold2 (fun sum x c -> sum + x * c) 0.0 at
                ]

            let deviations = [ for part in parts -> part.Deviation(outcome, part.Leverage(ReadOnlySpan at)) ]
            let within (low: float) high value = value >= low - 1e-12 && value <= high + 1e-12
            Assert.That(within (List.min plain) (List.max plain) mean, $"{mean} of {plain}")
            Assert.That(within (List.min deviations) (List.max deviations) deviation)
            Assert.That(List.max plain - List.min plain, Is.GreaterThan 0.1, "or both say the same")

    [<Test>]
    member _.``variances are mixed by what the likelihoods say``() =
        let mix = mix ()
        learn mix (fun _ -> 1.0) (seq { 1L .. 600L })
        let state = mix.Snapshot()
        let slowShare = 1.0 / (1.0 + exp (state.LogLikelihoods[1] - state.LogLikelihoods[0]))
        Assert.That(slowShare, Is.InRange(0.01, 0.99), "or one decides alone")

        let variance outcome (state: PosteriorState) =
            let part = posterior state
            part.Deviation(outcome, part.Leverage(ReadOnlySpan at)) ** 2.0

        for outcome in 0..1 do
            let slow, quick = variance outcome state.Posteriors[0], variance outcome state.Posteriors[1]

            let expected = slowShare * slow + (1.0 - slowShare) * quick
            Assert.That((snd (predict mix outcome)) ** 2.0, Is.EqualTo(expected).Within(1e-9).Percent)
            Assert.That(abs (sqrt slow / sqrt quick - 1.0), Is.GreaterThan 1e-3, "or both are as sure")

    [<Test>]
    member _.``a likelihood fades by one in 500 before the next outcome's is added``() =
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
        Array.iter2 (fun (e: float) (a: float) -> Assert.That(a, Is.EqualTo(e).Within 1e-9)) expected actual

    [<Test>]
    member _.``its coefficients give its mean``() =
        let mix = mix ()
        learn mix (fun _ -> 1.0) (seq { 1L .. 300L })

        for outcome in 0..1 do
            let mean, _ = predict mix outcome
            let sum = Array.fold2 (fun sum x c -> sum + x * c) 0.0 at (mix.Coefficients(outcome).ToArray())
            Assert.That(sum, Is.EqualTo(mean).Within 1e-12)

    [<Test>]
    member _.``when the market turns, the one that forgets is believed``() =
        let mix = mix ()
        learn mix (fun _ -> 1.0) (seq { 1L .. 20_000L })
        Assert.That(mix.Coefficients(0).ToArray()[0], Is.EqualTo(1.0).Within 0.1)
        learn mix (fun _ -> -1.0) (seq { 20_001L .. 23_000L })
        let slow = (posterior (mix.Snapshot().Posteriors[0])).Coefficients(0).ToArray()[0]
        Assert.That(slow, Is.GreaterThan 0.0, "or the slow one would do alone")
        Assert.That(mix.Coefficients(0).ToArray()[0], Is.LessThan -0.5)

    [<Test>]
    member _.``restored it says the same and learns the same; what does not fit is refused``() =
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
            Assert.That(Action(fun () -> restored.Restore wrong), Throws.TypeOf<InvalidDataException>())
