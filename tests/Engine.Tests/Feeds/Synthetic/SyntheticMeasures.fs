module BtcBandit.Engine.Tests.Feeds.Synthetic.SyntheticMeasures

open System
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds

let worlds = Enum.GetValues<SyntheticWorld>()

/// The first candles of a market with their truths.
let take count options = SyntheticFeed.Truth options |> Seq.truncate count |> Seq.toArray

/// Returns close to close in bps, paired with what the oracle expected: (expected, happened).
let foretold (truth: SyntheticCandle[]) =
    truth
    |> Array.pairwise
    |> Array.map (fun (before, after) ->
        struct (before.NextEdgeBps, 1e4 * (after.Candle.Close / before.Candle.Close - 1.0)))

let happened truth = foretold truth |> Array.map (fun (struct (_, r)) -> r)

/// Mean in units of its own standard error.
let tValue (values: float[]) =
    let mean = Array.average values
    let variance = values |> Array.averageBy (fun v -> (v - mean) * (v - mean))
    mean / sqrt (variance / float values.Length)

let correlation (left: float[]) (right: float[]) =
    let meanLeft, meanRight = Array.average left, Array.average right

    let covariance a meanA b meanB = Array.map2 (fun x y -> (x - meanA) * (y - meanB)) a b |> Array.average

    covariance left meanLeft right meanRight
    / sqrt (
        covariance left meanLeft left meanLeft
        * covariance right meanRight right meanRight
    )

let autocorrelation lag (values: float[]) = correlation values[lag..] values[.. values.Length - 1 - lag]
