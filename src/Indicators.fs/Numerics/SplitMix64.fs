namespace BtcBandit.Indicators.Numerics

/// The mixing function of SplitMix64, which turns a counter into random bits. Source: Steele, Lea and Flood (2014).
module internal SplitMix64 =

    /// The step between two states of the sequence: 2^64 divided by the golden ratio.
    [<Literal>]
    let Gamma = 0x9E3779B97F4A7C15UL

    let mix (value: uint64) =
        let mixed = (value ^^^ (value >>> 30)) * 0xBF58476D1CE4E5B9UL
        let mixed = (mixed ^^^ (mixed >>> 27)) * 0x94D049BB133111EBUL
        mixed ^^^ (mixed >>> 31)
