namespace BtcBandit.Engine.Tests.Agents.Linear

open System
open System.Runtime.Intrinsics
open FsCheck
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Tests.Feeds

/// How many moments each outcome spans, and what an observation still weighs after the next one.
type NoisePlan = NoisePlan of overlaps: int list * forgetting: float

type NoisePlans =
    static member Plans() =
        let rates = [ 1.0; 0.5; 0.9; 0.999 ]

        let shrink (NoisePlan(overlaps, forgetting)) =
            Shrinking.both (Shrinking.listOver 1 (Shrinking.towards 1)) (Shrinking.before rates) (overlaps, forgetting)
            |> Seq.map NoisePlan

        let plans =
            gen {
                let! count = Gen.choose (1, 9)
                let! overlaps = Gen.listOfLength count (Gen.choose (1, 60))
                let! forgetting = Gen.elements rates
                return NoisePlan(overlaps, forgetting)
            }

        Arb.fromGenShrink (plans, shrink)

module OutcomeNoiseTests =

    let private prior = Prior(1.0, 2.0, 3.0)

    let private start (NoisePlan(overlaps, forgetting)) =
        OutcomeNoise(ReadOnlySpan(Array.ofList overlaps), prior, forgetting)

    let private padded count = (count + 3) / 4 * 4

    /// Errors of one observation, and how much less than 1 it says.
    let private observation (NoisePlan(overlaps, _)) i =
        let errors = Array.init (padded overlaps.Length) (fun k -> CounterRandom.Normal(7L, 100 + k, int64 i))

        errors, 1.0 / (1.0 + abs (CounterRandom.Normal(7L, 99, int64 i)))

    let private learn plan (noise: OutcomeNoise) observations =
        for i in observations do
            noise.Learn(observation plan i)

    [<Tests>]
    let tests =
        testList "OutcomeNoiseTests" [
            propertyWith 100 [ typeof<NoisePlans> ] "each outcome learns as if it were alone"
            <| fun (plan: NoisePlan) ->
                let (NoisePlan(overlaps, forgetting)) = plan
                let noise = start plan
                learn plan noise [ 1..20 ]

                for k, overlap in List.indexed overlaps do
                    let faded towards value = forgetting * value + (1.0 - forgetting) * towards

                    let shape, rate =
                        ((prior.Shape, prior.Rate), [ 1..20 ])
                        ||> List.fold (fun (shape, rate) i ->
                            let errors, share = observation plan i
                            let count = 0.5 / float overlap

                            faded prior.Shape (shape + count),
                            faded prior.Rate (rate + errors[k] * errors[k] * count * share))

                    isNear (1e-12 * (1.0 + rate / shape)) (rate / shape) (noise.Variance k)
                    let wide = noise.Variance(k, 0.7)
                    isNear (1e-12 * (1.0 + wide)) (0.7 * float overlap * rate / shape) wide
                    equal wide ((noise.VariancesFrom(k / 4 * 4, 0.7)).GetElement(k % 4))

            propertyWith 100 [ typeof<NoisePlans> ] "what is restored goes on as if nothing had been"
            <| fun (plan: NoisePlan) ->
                let whole, saved, resumed = start plan, start plan, start plan
                learn plan whole [ 1..9 ]
                learn plan saved [ 1..5 ]
                resumed.Restore(saved.Shapes, saved.Rates)
                learn plan resumed [ 6..9 ]
                equal (whole.Shapes, whole.Rates) (resumed.Shapes, resumed.Rates)

            testCase "what it gives away is a copy"
            <| fun () ->
                let noise = start (NoisePlan([ 1; 5 ], 0.9))
                Array.Clear noise.Shapes
                Array.Clear noise.Rates
                equal ([| 2.0; 2.0 |], [| 3.0; 3.0 |]) (noise.Shapes, noise.Rates)

            cases "an outcome over less than a moment is refused" [ 0; -1 ]
            <| fun (overlap: int) ->
                thrown<ArgumentOutOfRangeException>(fun () -> start (NoisePlan([ 1; overlap ], 1.0)) |> ignore)
                |> ignore
        ]
