namespace BtcBandit.Tests.Shared

/// Measures of samples that tests need and MathNet.Numerics 5.0 does not have.
module Statistics =
    /// The distance of Kolmogorov and Smirnov: how far a sample's distribution is from another, between 0 and 1.
    let kolmogorovSmirnov (distribution: float -> float) (sample: float seq) =
        let sorted = sample |> Seq.sort |> Array.ofSeq
        let count = float sorted.Length

        sorted
        |> Seq.mapi (fun i value ->
            let at = distribution value
            max (abs (at - float i / count)) (abs (at - float (i + 1) / count)))
        |> Seq.max
