namespace BtcBandit.Engine.Tests.Agents.Linear

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Tests.Feeds

module MoveUnitsTests =

    let private convert (returns: float[]) unit (horizons: int[]) =
        let units = Array.create returns.Length 77.0
        let roots = horizons |> Array.map (float >> sqrt)
        let isKnown = MoveUnits.TryConvert(ReadOnlySpan returns, unit, ReadOnlySpan roots, Span units)
        isKnown, units

    [<Tests>]
    let tests =
        testList "MoveUnitsTests" [
            testCase "a return is counted in volatility times the root of its candles, five at most"
            <| fun () ->
                let isKnown, units = convert [| 0.02; 0.02; -0.3; 0.3 |] 0.01 [| 1; 4; 1; 9 |]
                equal true isKnown
                areNear 1e-12 ([| 2.0; 1.0; -5.0; 5.0 |]) units

            testCase "however many horizons there are, each is counted as if it were alone"
            <| fun () ->
                for count in 1..9 do
                    let returns = Array.init count (fun k -> 0.013 * float (k - 4))
                    let horizons = Array.init count (fun k -> 1 + 3 * k)
                    let alone k = snd (convert [| returns[k] |] 0.01 [| horizons[k] |])
                    equal (Array.collect alone [| 0 .. count - 1 |]) (snd (convert returns 0.01 horizons))

            cases "a market that did not move has no unit" [ 0.0; -1.0 ]
            <| fun (unit: float) -> equal (false, [| 77.0 |]) (convert [| 0.02 |] unit [| 1 |])

            testCase "the prior foretells nothing"
            <| fun () ->
                let prior = MoveUnits.Prior
                all (fun one -> one > 0.0) [ prior.Precision; prior.Shape; prior.Rate ]
        ]
