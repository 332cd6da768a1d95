namespace BtcBandit.Engine.Tests.Agents.Linear

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds

// Many, being cheap: no exposure, no cost and no unit are to meet.
module RatingsTests =

    let private rate seen (mean: float) deviation draw isOpen =
        let situation = Thompson.situationOf seen ValueNone
        Valuation.Of(&situation, mean, deviation, draw, isOpen)

    let private numbers (score: ActionValue) = score.Mean, score.StandardDeviation, score.Draw

    [<Tests>]
    let tests =
        testList "RatingsTests" [
            testCase "by hand: the target's share of the move, less the cost of going there"
            <| fun () ->
                let choice = rate { Thompson.situation with CostFraction = 0.5 } 0.25 0.125 -0.5 true
                equal (-0.2, 0.0, -0.2) (numbers choice.Sell)
                equal (0.1, 0.05, -0.2) (numbers choice.Hold)
                equal (0.25 - 0.5 * 0.6, 0.125, -0.5 - 0.5 * 0.6) (numbers choice.Buy)

            propertyWith
                300
                [ typeof<Seen> ]
                "what is offered is what is allowed; a closed gate leaves only the way out"
            <| fun (seen: Seen) ->
                let offered isOpen =
                    let choice = rate seen 1e-3 1e-4 1e-3 isOpen
                    choice.Sell.Offered, choice.Hold.Offered, choice.Buy.Offered

                equal (seen.MaySell, true, seen.MayBuy) (offered true)
                equal (seen.MaySell, not seen.MaySell, false) (offered false)

            propertyWith 300 [ typeof<Seen> ] "what each feature adds is its share of the target"
            <| fun (seen: Seen) ->
                let coefficients = [| 0.5; -1.0; 0.25; 2.0 |]

                for action in Enum.GetValues<TradeAction>() do
                    let target = Actions.targetOf action seen.Exposure seen.FullExposure

                    let parts =
                        Valuation.Contributions(ReadOnlySpan seen.Features, target * 0.125, ReadOnlySpan coefficients)

                    let expected =
                        Array.map2 (fun coefficient x -> target * 0.125 * coefficient * x) coefficients seen.Features

                    areNear 1e-14 expected parts
                    holds (parts |> Seq.forall (fun part -> part <> 0.0 || not (Double.IsNegative part)))
        ]
