namespace BtcBandit.Engine.Tests.Agents

open System
open System.IO
open MathNet.Numerics.LinearAlgebra
open FsCheck
open NUnit.Framework
open FsCheck.NUnit
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Domain
open BtcBandit.Engine.Tests.Feeds

/// The normal-inverse-gamma posterior of all observations at once, by solving the normal equations.
type Batch(size: int, lambda: float, shape: float, rate: float) =
    let precision = Matrix<float>.Build.DenseDiagonal(size, lambda)
    let moment = Vector<float>.Build.Dense size
    let mutable squares = 0.0
    let mutable weights = 0.0

    member _.Add(x: float[], y: float, weight: float) =
        for i in 0 .. size - 1 do
            moment[i] <- moment[i] + weight * y * x[i]

            for j in 0..i do
                precision[i, j] <- precision[i, j] + weight * x[i] * x[j]
                precision[j, i] <- precision[i, j]

        squares <- squares + weight * y * y
        weights <- weights + weight

    member _.Mean = precision.Solve moment
    member _.Covariance = precision.Inverse()
    member _.Shape = shape + weights / 2.0
    /// b = b0 + (y'Wy - m'A m) / 2 (Murphy 2012, section 7.6.3, with a prior mean of 0).
    member batch.Rate = rate + (squares - batch.Mean.DotProduct moment) / 2.0

module Worlds =
    let normal stream counter = CounterRandom.Normal(5L, stream, counter)

    /// A random observation: context of unit scale with a constant last, outcome and weight.
    let observation size (index: int64) =
        let x = Array.init size (fun i -> if i = size - 1 then 1.0 else normal i index + 0.5 * normal 99 index)

        let y =
            (x |> Array.mapi (fun i value -> value * 0.1 * float (i - 2)) |> Array.sum)
            + normal 100 index

        x, y, CounterRandom.Uniform(5L, 101, index) + 0.05

    let learn (posterior: LinearPosterior) (x: float[], y: float, weight: float) =
        posterior.Learn(ReadOnlySpan x, y, weight)

    let predict (posterior: LinearPosterior) (x: float[]) =
        let struct (mean, deviation) = posterior.Predict(ReadOnlySpan x)
        mean, deviation

    let covariance (state: AgentState) =
        let size = state.Mean.Length
        let factor = Matrix<float>.Build.Dense(size, size, (fun i j -> state.Factor[i * size + j]))
        factor * factor.Transpose()

    /// Every number of a state by its bits.
    let bits (state: AgentState) =
        [
            for value in Seq.concat [ [| state.Learned; state.Shape; state.Rate |]; state.Mean; state.Factor ] do
                BitConverter.DoubleToInt64Bits value
        ]

[<TestFixture>]
type LinearPosteriorTests() =

    let size = 9

    let relative (expected: Matrix<float>) (actual: Matrix<float>) =
        (expected - actual).FrobeniusNorm() / expected.FrobeniusNorm()

    let prior () = LinearPosterior(size, 2.0, 1.5, 0.7)

    let equalsBatch count =
        let posterior = prior ()
        let batch = Batch(size, 2.0, 1.5, 0.7)

        for index in 1L .. int64 count do
            let x, y, weight = Worlds.observation size index
            Worlds.learn posterior (x, y, weight)
            batch.Add(x, y, weight)

        let state = posterior.Snapshot "test"
        let mean = Vector<float>.Build.DenseOfArray state.Mean

        let meanError = (mean - batch.Mean).L2Norm() / batch.Mean.L2Norm()
        let covarianceError = relative batch.Covariance (Worlds.covariance state)
        let noise = batch.Rate / batch.Shape
        Assert.That(meanError, Is.LessThan 1e-8, "mean")
        Assert.That(covarianceError, Is.LessThan 1e-8, "covariance")
        Assert.That(posterior.NoiseVariance, Is.EqualTo(noise).Within(1e-8 * noise), "noise")
        Assert.That(state.Shape, Is.EqualTo(batch.Shape).Within(1e-8 * batch.Shape), "shape")

        let x, _, _ = Worlds.observation size 0L
        let at = Vector<float>.Build.DenseOfArray x
        let expected = sqrt (at.DotProduct(batch.Covariance * at) * noise)
        let predicted, deviation = Worlds.predict posterior x
        Assert.That(predicted, Is.EqualTo(batch.Mean.DotProduct at).Within(1e-8 * batch.Mean.L2Norm() * at.L2Norm()))
        Assert.That(deviation, Is.EqualTo(expected).Within(1e-8 * expected))

    [<TestCase(1)>]
    [<TestCase(10)>]
    [<TestCase(1_000)>]
    [<TestCase(100_000)>]
    [<TestCase(1_000_000)>]
    member _.``equals batch ridge regression with weights``(count: int) = equalsBatch count

    [<Test>]
    member _.``before any observation it is the prior``() =
        let posterior = prior ()
        let x, _, _ = Worlds.observation size 0L
        let mean, deviation = Worlds.predict posterior x
        equal 0.0 mean
        let expected = sqrt ((x |> Array.sumBy (fun v -> v * v)) / 2.0 * 0.7 / 1.5)
        Assert.That(deviation, Is.EqualTo(expected).Within 1e-12)

    [<Test>]
    member _.``a weight of a whole number is that many observations``() =
        let once, often = prior (), prior ()

        for index in 1L .. 50L do
            let x, y, _ = Worlds.observation size index
            Worlds.learn once (x, y, 3.0)

            for _ in 1..3 do
                Worlds.learn often (x, y, 1.0)

        let a, b = once.Snapshot "a", often.Snapshot "b"
        Assert.That(relative (Worlds.covariance a) (Worlds.covariance b), Is.LessThan 1e-12)
        Assert.That(a.Mean, Is.EqualTo<float seq>(b.Mean).Within 1e-12)
        Assert.That(a.Shape, Is.EqualTo(b.Shape).Within 1e-12)
        Assert.That(a.Rate, Is.EqualTo(b.Rate).Within 1e-10)

    [<Test>]
    member _.``collinear features stay finite and positive; what they never show keeps its prior variance``() =
        let posterior = LinearPosterior(5, 2.0, 1.0, 1.0)

        for index in 1L .. 100_000L do
            let z = Worlds.normal 0 index
            Worlds.learn posterior ([| z; z; 1.0; 1.0; 0.0 |], z + 0.1 * Worlds.normal 1 index, 1.0)

        let state = posterior.Snapshot "test"

        Assert.That(
            Array.forall Double.IsFinite state.Factor
            && Array.forall Double.IsFinite state.Mean
        )

        Assert.That(posterior.NoiseVariance, Is.EqualTo(0.01).Within 0.001)
        let covariance = Worlds.covariance state
        let eigenvalues = covariance.Evd(Symmetricity.Symmetric).EigenValues |> Seq.map _.Real
        Assert.That(Seq.min eigenvalues, Is.GreaterThan 0.0)
        // z - z, 1 - 1 and the last are never seen: three directions of the prior's 1 / 2.
        equal 3 (eigenvalues |> Seq.filter (fun value -> abs (value - 0.5) < 1e-9) |> Seq.length)
        let half = sqrt 0.5
        let _, deviation = Worlds.predict posterior [| half; -half; 0.0; 0.0; 0.0 |]
        Assert.That(deviation ** 2.0 / posterior.NoiseVariance, Is.EqualTo(0.5).Within 1e-9)

    [<Property(MaxTest = 200)>]
    member _.``more observations never make the model less sure of the same context``(seed: int64) =
        let posterior = LinearPosterior(4, 1.0, 1.0, 1.0)
        let probe, _, _ = Worlds.observation 4 (seed ^^^ 1L)
        let spread () = (snd (Worlds.predict posterior probe)) ** 2.0 / posterior.NoiseVariance
        let mutable before = spread ()

        for index in 1L .. 20L do
            Worlds.learn posterior (Worlds.observation 4 (seed + index))
            let after = spread ()
            Assert.That(after, Is.LessThanOrEqualTo(before * (1.0 + 1e-12)))
            before <- after

    [<Test>]
    member _.``learning and predicting leave their inputs alone, and predicting also the model``() =
        let posterior = prior ()
        let x, y, weight = Worlds.observation size 3L
        let kept = Array.copy x
        Worlds.learn posterior (x, y, weight)
        let before = Worlds.bits (posterior.Snapshot "test")
        Worlds.predict posterior x |> ignore
        equal before (Worlds.bits (posterior.Snapshot "test"))
        equal kept x

    [<Property(MaxTest = 200)>]
    member _.``from a snapshot it goes on bit for bit, and the snapshot stays what it was``
        (PositiveInt before)
        (PositiveInt after)
        =
        let posterior = prior ()

        for index in 1L .. int64 before do
            Worlds.learn posterior (Worlds.observation size index)

        let snapshot = posterior.Snapshot "test"
        let kept = Worlds.bits snapshot
        let restored = LinearPosterior.From snapshot

        for index in int64 before + 1L .. int64 (before + after) do
            Worlds.learn posterior (Worlds.observation size index)
            Worlds.learn restored (Worlds.observation size index)

        equal (Worlds.bits (posterior.Snapshot "test")) (Worlds.bits (restored.Snapshot "test"))
        equal kept (Worlds.bits snapshot)

    [<Test>]
    member _.``a context of another length is refused and changes nothing``() =
        let posterior = prior ()
        let before = Worlds.bits (posterior.Snapshot "test")

        for length in [ 0; size - 1; size + 1 ] do
            let x = Array.create length 1.0

            Assert.Throws<ArgumentException>(Action(fun () -> Worlds.learn posterior (x, 1.0, 1.0)))
            |> ignore

            Assert.Throws<ArgumentException>(Action(fun () -> Worlds.predict posterior x |> ignore))
            |> ignore

        equal before (Worlds.bits (posterior.Snapshot "test"))

    [<TestCase(0.0)>]
    [<TestCase(-1.0)>]
    [<TestCase(Double.NaN)>]
    member _.``a weight that is not above 0 is refused and changes nothing``(weight: float) =
        let posterior = prior ()
        let before = Worlds.bits (posterior.Snapshot "test")

        Assert.Throws<ArgumentOutOfRangeException>(
            Action(fun () -> Worlds.learn posterior (Array.create size 1.0, 1.0, weight))
        )
        |> ignore

        equal before (Worlds.bits (posterior.Snapshot "test"))

    [<Test>]
    member _.``a snapshot whose shapes do not fit is refused``() =
        Assert.Throws<InvalidDataException>(
            Action(fun () ->
                LinearPosterior.From(AgentState("test", 0.0, [| 0.0; 0.0 |], [| 1.0; 0.0; 0.0 |], 1.0, 1.0))
                |> ignore)
        )
        |> ignore

    [<TestCase(0, 1.0, 1.0, 1.0)>]
    [<TestCase(1, 0.0, 1.0, 1.0)>]
    [<TestCase(1, 1.0, 0.0, 1.0)>]
    [<TestCase(1, 1.0, 1.0, -1.0)>]
    member _.``a prior out of range is refused``(size: int, precision: float, shape: float, rate: float) =
        Assert.Throws<ArgumentOutOfRangeException>(
            Action(fun () -> LinearPosterior(size, precision, shape, rate) |> ignore)
        )
        |> ignore
