namespace BtcBandit.Engine.Tests.Agents.Linear

open System
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Tests.Feeds

[<TestFixture>]
type MoveUnitsTests() =

    let convert (returns: float[]) unit (horizons: int[]) =
        let units = Array.create returns.Length 77.0
        let roots = horizons |> Array.map (float >> sqrt)
        let isKnown = MoveUnits.TryConvert(ReadOnlySpan returns, unit, ReadOnlySpan roots, Span units)
        isKnown, units

    [<Test>]
    member _.``a return is counted in volatility times the root of its candles, five at most``() =
        let isKnown, units = convert [| 0.02; 0.02; -0.3; 0.3 |] 0.01 [| 1; 4; 1; 9 |]
        equal true isKnown
        Assert.That(units, Is.EqualTo<float seq>([| 2.0; 1.0; -5.0; 5.0 |]).Within 1e-12)

    [<Test>]
    member _.``however many horizons there are, each is counted as if it were alone``() =
        for count in 1..9 do
            let returns = Array.init count (fun k -> 0.013 * float (k - 4))
            let horizons = Array.init count (fun k -> 1 + 3 * k)
            let alone k = snd (convert [| returns[k] |] 0.01 [| horizons[k] |])
            equal (Array.collect alone [| 0 .. count - 1 |]) (snd (convert returns 0.01 horizons))

    [<TestCase(0.0)>]
    [<TestCase(-1.0)>]
    member _.``a market that did not move has no unit``(unit: float) =
        equal (false, [| 77.0 |]) (convert [| 0.02 |] unit [| 1 |])

    [<Test>]
    member _.``the prior foretells nothing``() =
        let prior = MoveUnits.Prior
        Assert.That([ prior.Precision; prior.Shape; prior.Rate ], Is.All.GreaterThan 0.0)
