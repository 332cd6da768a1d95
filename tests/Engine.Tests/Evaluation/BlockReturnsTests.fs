namespace BtcBandit.Engine.Tests.Evaluation

open System
open Expecto
open MathNet.Numerics.Statistics
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Tests.Feeds

/// Returns of blocks, what they are above, and the spread of trials.
module BlockReturnsTests =

    let private own seed = Growths.returns seed 200 0.002 0.01
    let private held = Growths.returns 9L 200 0.001 0.02

    let private spread known unknown = TrialSpread.Of(Array.ofList known, unknown)

    [<Tests>]
    let tests =
        testList "BlockReturnsTests" [
            testCase
                "returns are simple ones, the first of the initial equity, and over buying and holding a difference"
            <| fun () ->
                let growth = Growths.state 8L [| 110.0; 99.0; 99.0 |] [| 100.0; 150.0; 75.0 |]
                let returns = nonNull (BlockReturns.Of(growth, 100.0))
                areNear 1e-15 [ 0.1; -0.1; 0.0 ] returns.OverFlat
                areNear 1e-15 [ 0.1; -0.6; 0.5 ] returns.OverBuyAndHold
                equal (8L, 3, 2) (returns.StepsPerBlock, returns.Count, returns.Active)

            testCase "there are none of a growth that was not recorded, and no mean of no runs"
            <| fun () ->
                isNull' (BlockReturns.Of(null, 100.0))
                isNull' (BlockReturns.Mean [||])

            testCase "the mean of runs is one block by block, and that of equal runs is one of them"
            <| fun () ->
                let one, other = Growths.blocks (own 1L) held, Growths.blocks (own 2L) held
                let mean = nonNull (BlockReturns.Mean [| one; other |])

                let half (part: BlockReturns -> float seq) = Seq.map2 (fun a b -> (a + b) / 2.0) (part one) (part other)

                areNear 1e-15 (half _.OverFlat) mean.OverFlat
                areNear 1e-15 (half _.OverBuyAndHold) mean.OverBuyAndHold

                for runs in [ 1; 2; 3; 5 ] do
                    let mean = nonNull (BlockReturns.Mean(Array.create runs one))
                    equalSeq one.OverFlat mean.OverFlat
                    equalSeq one.OverBuyAndHold mean.OverBuyAndHold

            testCase "trials count, those without returns too, and there is always one"
            <| fun () ->
                let runs = [ for seed in 1L .. 3L -> Growths.blocks (own seed) held ]
                equal 3 (spread runs 0).Count
                equal 10 (spread runs 7).Count
                equal 1 (spread [] 0).Count
                equal 4 (spread [] 4).Count

            testCase "the spread is the variance of the trials' Sharpe ratios"
            <| fun () ->
                let runs = [ for seed in 1L .. 5L -> Growths.blocks (own seed) held ]

                let variance (part: BlockReturns -> float seq) =
                    runs
                    |> List.map (fun run -> Statistics.Mean(part run) / Statistics.StandardDeviation(part run))
                    |> Statistics.Variance

                let known = spread runs 0
                isNear 1e-12 (variance _.OverFlat) known.OverFlat.Value
                isNear 1e-12 (variance _.OverBuyAndHold) known.OverBuyAndHold.Value
                // Those that are known do not tell how far the others are apart.
                let more = spread runs 1
                equal (6, Nullable(), Nullable()) (more.Count, more.OverFlat, more.OverBuyAndHold)

            testCase "the spread of fewer than two ratios is not known"
            <| fun () ->
                let idle = Growths.blocks (Array.zeroCreate 200) held
                let one = Growths.blocks (own 1L) held
                equal (Nullable()) (spread [ one ] 5).OverFlat
                equal (Nullable()) (spread [ one; idle ] 0).OverFlat
                holds (spread [ one; idle ] 0).OverBuyAndHold.HasValue

            cases "an excess return has the figures of the bootstrap and of the Sharpe ratio" [ 1; 2; 50 ]
            <| fun (trials: int) ->
                let returns = own 4L

                let ends =
                    StationaryBootstrap.QuantilesOfSum(returns, 6L, [| 0.025; 0.975; 0.02 |])
                    |> nonNull

                for spread, variance in [ Nullable(), 1.0 / 199.0; Nullable 0.003, 0.003 ] do
                    let excess = ExcessReturn.Of(returns, 6L, trials, spread)
                    isNear 1e-12 (Array.sum returns) excess.Sum
                    equal (Interval(ends[0], ends[1]), ends[2]) (excess.Interval, excess.Least)
                    equal (SharpeConfidence.Probabilistic returns) excess.ProbabilisticSharpe
                    let best = SharpeConfidence.ExpectedMaximum(variance, trials)
                    equal (SharpeConfidence.Probabilistic(returns, best)) excess.DeflatedSharpe

            testCase "an excess return is above luck if both methods say so"
            <| fun () ->
                let excess least probabilistic deflated =
                    ExcessReturn(1.0, Interval(0.0, 2.0), least, Nullable probabilistic, Nullable deflated)

                let said (one: ExcessReturn) = one.IsAboveLuck, one.IsAboveLuckOfTrials
                equal (true, true) (said (excess 0.01 0.98 0.98))
                equal (true, false) (said (excess 0.01 0.98 0.979))
                equal (false, false) (said (excess 0.0 0.99 0.99))
                equal (false, false) (said (excess 0.01 0.979 0.99))
                let constant = ExcessReturn(1.0, Interval(1.0, 1.0), 1.0, Nullable(), Nullable())
                equal (false, false) (said constant)
        ]
