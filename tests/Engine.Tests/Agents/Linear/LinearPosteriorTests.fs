namespace BtcBandit.Engine.Tests.Agents.Linear

open System
open System.IO
open MathNet.Numerics.LinearAlgebra
open FsCheck
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Tests.Feeds

/// The normal-inverse-gamma posterior of all observations at once, by solving the normal equations: the precision is
/// forgotten and renewed by the same schedule, the sums of squares by their definitions.
type Batch(size: int, lambda: float, shape: float, rate: float, overlap: float, forgetting: float) =
    let precision = Matrix<float>.Build.DenseDiagonal(size, lambda)
    let moment = Vector<float>.Build.Dense size
    let mutable shapes = shape
    let mutable rates = rate
    let mutable count = 0L

    new(size, lambda, shape, rate) = Batch(size, lambda, shape, rate, 1.0, 1.0)

    /// At most a fifth of a feature's prior is forgotten before its turn comes again.
    static member RenewalInterval(size: int, forgetting: float) =
        Seq.init 32 (fun i -> 32 - i)
        |> Seq.tryFind (fun interval -> float interval * float size * (1.0 - forgetting) <= 0.2)
        |> Option.defaultValue 1
        |> int64

    member _.Add(x: float[], y: float) =
        // Only with forgetting: without, one solution at the end is cheaper and says the same.
        if forgetting < 1.0 then
            let at = Vector<float>.Build.DenseOfArray x
            let error = y - precision.Solve(moment).DotProduct at
            let innovation = 1.0 + at.DotProduct(precision.Solve at)
            let fade value before = forgetting * value + (1.0 - forgetting) * before
            shapes <- fade (shapes + 0.5 / overlap) shape
            rates <- fade (rates + 0.5 * error * error / (overlap * innovation)) rate
        else
            shapes <- shapes + 0.5 / overlap
            rates <- rates + 0.5 * y * y / overlap

        for i in 0 .. size - 1 do
            moment[i] <- forgetting * (moment[i] + y * x[i])

            for j in 0..i do
                precision[i, j] <- forgetting * (precision[i, j] + x[i] * x[j])
                precision[j, i] <- precision[i, j]

        count <- count + 1L

        let interval = Batch.RenewalInterval(size, forgetting)

        if count % interval = 0L then
            let feature = int (count / interval % int64 size)

            precision[feature, feature] <-
                precision[feature, feature]
                + float interval * float size * (1.0 - forgetting) * lambda

    member _.Mean = precision.Solve moment
    /// Of outcomes that overlap: that much more uncertain.
    member _.Covariance = overlap * precision.Inverse()
    member _.Shape = shapes

    /// b = b0 + (y'y - m'A m) / 2 (Murphy 2012, section 7.6.3, with a prior mean of 0), where nothing is forgotten.
    member batch.Rate =
        if forgetting < 1.0 then
            rates
        else
            rates - batch.Mean.DotProduct moment / (2.0 * overlap)

module Worlds =
    let normal stream counter = CounterRandom.Normal(5L, stream, counter)

    /// A random observation: context of unit scale with a constant last, and outcome.
    let observation size (index: int64) =
        let x = Array.init size (fun i -> if i = size - 1 then 1.0 else normal i index + 0.5 * normal 99 index)

        let y =
            (x |> Array.mapi (fun i value -> value * 0.1 * float (i - 2)) |> Array.sum)
            + normal 100 index

        x, y

    let prior precision shape rate = Prior(precision, shape, rate)

    let learn (posterior: LinearPosterior) (x: float[], y: float) =
        posterior.Learn(ReadOnlySpan x, ReadOnlySpan [| y |]) |> ignore

    let predict (posterior: LinearPosterior) (x: float[]) =
        let struct (mean, deviation) = posterior.Predict(ReadOnlySpan x)
        mean, deviation

    /// In units of the noise variance, for outcomes without overlap.
    let covariance (state: PosteriorState) =
        let factor = Matrix<float>.Build.DenseOfRowArrays state.Factor
        factor * factor.Transpose()

    /// Every number of a state by its bits.
    let bits (state: PosteriorState) = [
        for value in
            Seq.concat (
                seq {
                    [| float state.Learned |]
                    state.Shapes
                    state.Rates
                    yield! state.Means
                    yield! state.Factor
                }
            ) do
            BitConverter.DoubleToInt64Bits value
    ]

module LinearPosteriorTests =

    let private size = 9

    let private relative (expected: Matrix<float>) (actual: Matrix<float>) =
        (expected - actual).FrobeniusNorm() / expected.FrobeniusNorm()

    let private prior () = LinearPosterior(size, ReadOnlySpan [| 1 |], Worlds.prior 2.0 1.5 0.7)

    let private equalsBatch count overlap forgetting =
        let posterior = LinearPosterior(size, ReadOnlySpan [| overlap |], Worlds.prior 2.0 1.5 0.7, forgetting)
        let batch = Batch(size, 2.0, 1.5, 0.7, float overlap, forgetting)

        for index in 1L .. int64 count do
            let x, y = Worlds.observation size index
            Worlds.learn posterior (x, y)
            batch.Add(x, y)

        let state = posterior.Snapshot()
        let mean = Vector<float>.Build.DenseOfArray state.Means[0]

        let meanError = (mean - batch.Mean).L2Norm() / batch.Mean.L2Norm()
        let covarianceError = relative batch.Covariance (float overlap * Worlds.covariance state)
        let noise = batch.Rate / batch.Shape
        Expect.isLessThan meanError (1e-8) "mean"
        Expect.isLessThan covarianceError (1e-8) "covariance"
        because "noise" (fun () -> isNear (1e-8 * noise) (noise) (posterior.NoiseVariance 0))
        because "shape" (fun () -> isNear (1e-8 * batch.Shape) (batch.Shape) state.Shapes[0])
        equal (int64 count) state.Learned

        let x, _ = Worlds.observation size 0L
        let at = Vector<float>.Build.DenseOfArray x
        let expected = sqrt (at.DotProduct(batch.Covariance * at) * noise)
        let predicted, deviation = Worlds.predict posterior x
        isNear (1e-8 * batch.Mean.L2Norm() * at.L2Norm()) (batch.Mean.DotProduct at) predicted
        isNear (1e-8 * expected) expected deviation

    [<Tests>]
    let tests =
        testList "LinearPosteriorTests" [
            cases "equals batch ridge regression" [ 1, 1; 10, 15; 1_000, 1; 100_000, 15; 1_000_000, 1 ]
            <| fun (count: int, overlap: int) -> equalsBatch count overlap 1.0

            cases "equals batch ridge regression that forgets" [
                1, 1, 0.9
                50, 1, 0.9
                2_000, 15, 0.99
                20_000, 1, 0.9987
                50_000, 30, 0.99999
            ]
            <| fun (count: int, overlap: int, forgetting: float) -> equalsBatch count overlap forgetting

            testCase "after 1,000,000 observations that fade it is what the last ones say"
            <| fun () ->
                // The sums of all observations, faded, without the recursion: only the newest 43,000 still count.
                let forgetting, last = 0.999, 1_000_000L
                let posterior = LinearPosterior(size, ReadOnlySpan [| 1 |], Worlds.prior 2.0 1.5 0.7, forgetting)

                for index in 1L .. last do
                    Worlds.learn posterior (Worlds.observation size index)

                let batch = Batch(size, 2.0, 1.5, 0.7, 1.0, forgetting)
                // A whole number of rounds of renewal, so that the schedule is the same.
                let round = Batch.RenewalInterval(size, forgetting) * int64 size
                let first = (last - 43_000L) / round * round + 1L

                for index in first..last do
                    batch.Add(Worlds.observation size index)

                let state = posterior.Snapshot()
                let mean = Vector<float>.Build.DenseOfArray state.Means[0]
                isBelow 1e-8 ((mean - batch.Mean).L2Norm() / batch.Mean.L2Norm())
                isBelow 1e-8 (relative batch.Covariance (Worlds.covariance state))
                isNear 1e-8 (batch.Rate / batch.Shape) (posterior.NoiseVariance 0)

            testCase "outcomes side by side are the same as each alone"
            <| fun () ->
                let overlaps = [| 1; 15; 30 |]
                let together = LinearPosterior(size, ReadOnlySpan overlaps, Worlds.prior 2.0 1.5 0.7, 0.999)

                let alone =
                    overlaps
                    |> Array.map (fun overlap ->
                        LinearPosterior(size, ReadOnlySpan [| overlap |], Worlds.prior 2.0 1.5 0.7, 0.999))

                for index in 1L .. 2_000L do
                    let x, y = Worlds.observation size index
                    let ys = [| y; 2.0 * y; -y + 1.0 |]
                    together.Learn(ReadOnlySpan x, ReadOnlySpan ys) |> ignore
                    Array.iter2 (fun one value -> Worlds.learn one (x, value)) alone ys

                for outcome in 0..2 do
                    let state = alone[outcome].Snapshot()
                    equal state.Means[0] (together.Snapshot()).Means[outcome]
                    equal state.Shapes[0] (together.Snapshot()).Shapes[outcome]
                    equal state.Rates[0] (together.Snapshot()).Rates[outcome]

            testCase "a feature that stays 0 keeps its prior variance, whatever is forgotten"
            <| fun () ->
                for forgetting in [ 0.9; 0.99; 0.9987; 0.99999 ] do
                    let posterior = LinearPosterior(5, ReadOnlySpan [| 1 |], Worlds.prior 2.0 1.0 1.0, forgetting)

                    for index in 1L .. 200_000L do
                        let z = Worlds.normal 0 index
                        Worlds.learn posterior ([| z; 0.0; 1.0; 0.0; z * 1e-3 |], z)

                    let covariance = Worlds.covariance (posterior.Snapshot())
                    holds (Array.forall Double.IsFinite (covariance.ToRowMajorArray()))
                    let eigenvalues = covariance.Evd(Symmetricity.Symmetric).EigenValues |> Seq.map _.Real
                    isAbove 0.0 (Seq.min eigenvalues)
                    // Renewed in turns, so between two turns a little is missing: a fifth, or what five observations forget.
                    let round = 5.0 * float (Batch.RenewalInterval(5, forgetting))
                    let most = 0.5 / forgetting ** round + 1e-9

                    for unseen in [ 1; 3 ] do
                        because $"{forgetting}" (fun () ->
                            isWithin (0.5 * forgetting ** round) most covariance[unseen, unseen])

            testCase "it says how likely an outcome was"
            <| fun () ->
                let posterior = prior ()

                for index in 1L .. 100L do
                    let x, y = Worlds.observation size index
                    let mean, deviation = Worlds.predict posterior x
                    let variance = deviation ** 2.0 + posterior.NoiseVariance 0
                    let told = posterior.Learn(ReadOnlySpan x, ReadOnlySpan [| y |])
                    let told = told.LogDensity(Portable.Log told.Variance)
                    isNear 1e-9 (-0.5 * (log variance + (y - mean) ** 2.0 / variance)) told

            testCase "before any observation it is the prior"
            <| fun () ->
                let posterior = prior ()
                let x, _ = Worlds.observation size 0L
                let mean, deviation = Worlds.predict posterior x
                equal 0.0 mean
                let expected = sqrt ((x |> Array.sumBy (fun v -> v * v)) / 2.0 * 0.7 / 1.5)
                isNear 1e-12 expected deviation

            testCase "collinear features stay finite and positive; what they never show keeps its prior variance"
            <| fun () ->
                let posterior = LinearPosterior(5, ReadOnlySpan [| 1 |], Worlds.prior 2.0 1.0 1.0)

                for index in 1L .. 100_000L do
                    let z = Worlds.normal 0 index
                    Worlds.learn posterior ([| z; z; 1.0; 1.0; 0.0 |], z + 0.1 * Worlds.normal 1 index)

                let state = posterior.Snapshot()

                holds (Seq.forall (Array.forall Double.IsFinite) (Seq.append state.Factor state.Means))

                isNear 0.001 0.01 (posterior.NoiseVariance 0)
                let covariance = Worlds.covariance state
                let eigenvalues = covariance.Evd(Symmetricity.Symmetric).EigenValues |> Seq.map _.Real
                isAbove 0.0 (Seq.min eigenvalues)
                // z - z, 1 - 1 and the last are never seen: three directions of the prior's 1 / 2.
                equal 3 (eigenvalues |> Seq.filter (fun value -> abs (value - 0.5) < 1e-9) |> Seq.length)
                let half = sqrt 0.5
                let _, deviation = Worlds.predict posterior [| half; -half; 0.0; 0.0; 0.0 |]
                isNear 1e-9 0.5 (deviation ** 2.0 / posterior.NoiseVariance 0)

            // More than 100: the seed is the only thing that a case draws.
            propertyOf 200 "more observations never make the model less sure of the same context"
            <| fun (seed: int64) ->
                let posterior = LinearPosterior(4, ReadOnlySpan [| 1 |], Worlds.prior 1.0 1.0 1.0)
                let probe, _ = Worlds.observation 4 (seed ^^^ 1L)
                let spread () = (snd (Worlds.predict posterior probe)) ** 2.0 / posterior.NoiseVariance 0
                let mutable before = spread ()

                for index in 1L .. 20L do
                    Worlds.learn posterior (Worlds.observation 4 (seed + index))
                    let after = spread ()
                    isAtMost (before * (1.0 + 1e-12)) after
                    before <- after

            testCase "learning and predicting leave their inputs alone, and predicting also the model"
            <| fun () ->
                let posterior = prior ()
                let x, y = Worlds.observation size 3L
                let kept = Array.copy x
                Worlds.learn posterior (x, y)
                let before = Worlds.bits (posterior.Snapshot())
                Worlds.predict posterior x |> ignore
                equal before (Worlds.bits (posterior.Snapshot()))
                equal kept x

            propertyOf 200 "from a snapshot it goes on bit for bit, and the snapshot stays what it was"
            <| fun (PositiveInt before) (PositiveInt after) ->
                let posterior = prior ()

                for index in 1L .. int64 before do
                    Worlds.learn posterior (Worlds.observation size index)

                let snapshot = posterior.Snapshot()
                let kept = Worlds.bits snapshot
                let restored = prior ()
                restored.Restore snapshot

                for index in int64 before + 1L .. int64 (before + after) do
                    Worlds.learn posterior (Worlds.observation size index)
                    Worlds.learn restored (Worlds.observation size index)

                equal (Worlds.bits (posterior.Snapshot())) (Worlds.bits (restored.Snapshot()))
                equal kept (Worlds.bits snapshot)

            testCase "also between two renewals of a prior that is forgotten"
            <| fun () ->
                let forgetful () = LinearPosterior(size, ReadOnlySpan [| 1; 5 |], Prior(1.0, 1.0, 0.5), 0.999)

                let interval = forgetful().RenewalInterval
                Expect.isGreaterThan interval 2 "or nothing is between two"

                let learn (posterior: LinearPosterior) indices =
                    for index in indices do
                        let x = [| for feature in 1..size -> CounterRandom.Normal(11L, feature, index) |]
                        let y = CounterRandom.Normal(11L, 0, index)
                        posterior.Learn(ReadOnlySpan x, ReadOnlySpan [| y; 2.0 * y |]) |> ignore

                for before in [ 1L; int64 interval - 1L; int64 interval; 5L * int64 interval + 2L ] do
                    let whole, restored = forgetful (), forgetful ()
                    learn whole (seq { 1L .. before })
                    restored.Restore(whole.Snapshot())

                    for posterior in [ whole; restored ] do
                        learn posterior (seq { before + 1L .. before + 3L * int64 interval })

                    equal (Worlds.bits (whole.Snapshot())) (Worlds.bits (restored.Snapshot()))

            testCase "a context of another length is refused and changes nothing"
            <| fun () ->
                let posterior = prior ()
                let before = Worlds.bits (posterior.Snapshot())

                for length in [ 0; size - 1; size + 1 ] do
                    let x = Array.create length 1.0

                    thrown<ArgumentException>(fun () -> Worlds.learn posterior (x, 1.0)) |> ignore

                    thrown<ArgumentException>(fun () -> Worlds.predict posterior x |> ignore)
                    |> ignore

                equal before (Worlds.bits (posterior.Snapshot()))

            testCase "as many outcomes as it was made for"
            <| fun () ->
                thrown<ArgumentException>(fun () ->
                    (prior ()).Learn(ReadOnlySpan(Array.create size 1.0), ReadOnlySpan [| 1.0; 2.0 |])
                    |> ignore)
                |> ignore

            testCase "a snapshot that does not fit is refused"
            <| fun () ->
                let good = (LinearPosterior(2, ReadOnlySpan [| 1 |], Worlds.prior 1.0 1.0 1.0)).Snapshot()
                let row = [| 1.0; 0.0 |]

                for bad in
                    [
                        PosteriorState(0L, [| row; row |], good.Factor, good.Shapes, good.Rates)
                        PosteriorState(0L, good.Means, [| row |], good.Shapes, good.Rates)
                        PosteriorState(0L, [| [| 1.0 |] |], good.Factor, good.Shapes, good.Rates)
                        PosteriorState(-1L, good.Means, good.Factor, good.Shapes, good.Rates)
                        PosteriorState(0L, good.Means, good.Factor, [| 0.0 |], good.Rates)
                        PosteriorState(0L, good.Means, good.Factor, good.Shapes, [| Double.NaN |])
                        PosteriorState(0L, good.Means, [| row; [| 1e300; 0.0 |] |], good.Shapes, good.Rates)
                    ] do
                    let posterior = LinearPosterior(2, ReadOnlySpan [| 1 |], Worlds.prior 1.0 1.0 1.0)

                    thrown<InvalidDataException>(fun () -> posterior.Restore bad) |> ignore

            cases "what is out of range is refused" [
                0, 1, 1.0, 1.0, 1.0, 1.0
                1, 0, 1.0, 1.0, 1.0, 1.0
                1, 1, 0.0, 1.0, 1.0, 1.0
                1, 1, 1.0, 0.0, 1.0, 1.0
                1, 1, 1.0, 1.0, -1.0, 1.0
                1, 1, 1.0, 1.0, 1.0, 0.0
                1, 1, 1.0, 1.0, 1.0, 1.1
            ]
            <| fun (size: int, overlap: int, precision: float, shape: float, rate: float, forgetting: float) ->
                thrown<ArgumentOutOfRangeException>(fun () ->
                    LinearPosterior(size, ReadOnlySpan [| overlap |], Worlds.prior precision shape rate, forgetting)
                    |> ignore)
                |> ignore
        ]
