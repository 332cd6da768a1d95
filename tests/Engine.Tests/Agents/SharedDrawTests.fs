namespace BtcBandit.Engine.Tests.Agents

open System
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Numerics
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Tests.Feeds

/// Three action values that one number moves, with ties and slopes of 0 among them.
type Lines =
    | Lines of ActionValue * ActionValue * ActionValue * float

    static member Arbitrary() =
        let simpler (score: ActionValue) =
            seq {
                for mean in Shrinking.only 0.0 score.Mean do
                    yield ActionValue(mean, score.StandardDeviation, 0.0, score.Offered)

                for slope in Shrinking.before [ 0.0; 0.5; 1.0; 1.5 ] score.StandardDeviation do
                    yield ActionValue(score.Mean, slope, 0.0, score.Offered)

                for offered in Shrinking.only true score.Offered do
                    yield ActionValue(score.Mean, score.StandardDeviation, 0.0, offered)
            }

        let scales = [ 0.0; 1.0; 3.0; 0.35 ]

        let shrink (Lines(sell, hold, buy, scale)) =
            (Shrinking.both simpler simpler, Shrinking.both simpler (Shrinking.before scales))
            ||> Shrinking.both
            <| ((sell, hold), (buy, scale))
            |> Seq.map (fun ((sell, hold), (buy, scale)) -> Lines(sell, hold, buy, scale))

        let lines =
            gen {
                let! means = Gen.choose (-4, 4) |> Gen.arrayOfLength 3
                let! slopes = Gen.choose (0, 3) |> Gen.arrayOfLength 3
                let! offered = Gen.elements [ true; true; false ] |> Gen.arrayOfLength 3
                let! scale = Gen.elements scales
                let score i = ActionValue(float means[i] / 2.0, float slopes[i] / 2.0, 0.0, offered[i])
                return Lines(score 0, score 1, score 2, scale)
            }

        Arb.fromGenShrink (lines, shrink)

// More than 100: ties and slopes of 0 are to meet.
module SharedDrawTests =

    [<Tests>]
    let tests =
        testList "SharedDrawTests" [
            propertyWith 300 [ typeof<Lines> ] "the chance of an action is the share of the draws by which it is best"
            <| fun (Lines(sell, hold, buy, scale)) ->
                let choice = Decision(TradeAction.Hold, sell, hold, buy, SharedDrawScale = Nullable scale)

                let stated = choice.Propensities.Value
                let count = 2_000
                let counts = Array.zeroCreate<float> 3

                for i in 1..count do
                    let z = Normal.Quantile((float i - 0.5) / float count)

                    let drawn (score: ActionValue) =
                        let draw = score.Mean + scale * score.StandardDeviation * z
                        ActionValue(score.Mean, score.StandardDeviation, draw, score.Offered)

                    let best = Actions.best _.Draw (drawn sell, drawn hold, drawn buy)
                    counts[int best] <- counts[int best] + 1.0 / float count

                isNear 1e-14 1.0 (stated.Sell + stated.Hold + stated.Buy)

                for action in Enum.GetValues<TradeAction>() do
                    because $"{action}" (fun () -> isNear (2.0 / float count) (counts[int action]) stated[action])

            cases "what no draw changes is certain, however little a draw changes" [ 1e-3; 1e-17; 1e-300 ]
            <| fun (unit: float) ->
                let score mean slope offered = ActionValue(mean, slope * unit, 0.0, offered)

                for cost in 1..100 do
                    let choice =
                        Decision(
                            TradeAction.Hold,
                            score -1.0 0.0 false,
                            score 0.0 0.572 true,
                            score (-0.01 * float cost) 0.288 true,
                            SharedDrawScale = Nullable 1.0
                        )

                    equal (Propensities(0.0, 1.0, 0.0)) choice.Propensities.Value

            testCase "without a draw there are none but those that an agent states"
            <| fun () ->
                let score = ActionValue(0.0, 0.0, 0.0, true)
                let choice = Decision(TradeAction.Sell, score, score, score)
                equal false choice.Propensities.HasValue

                let stated =
                    Decision(
                        TradeAction.Sell,
                        score,
                        score,
                        score,
                        Propensities = Nullable(Propensities.Certain TradeAction.Sell)
                    )

                equal (Propensities(1.0, 0.0, 0.0)) stated.Propensities.Value
        ]
