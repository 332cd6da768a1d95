namespace BtcBandit.Indicators.Laws

/// <summary>Random numbers that a seed decides entirely, on every platform.</summary>
/// <remarks>Source: Steele, Lea and Flood (2014), SplitMix64. A series costs one seed of FsCheck's, not one draw a number.</remarks>
[<Sealed>]
type internal Dice(seed: uint64) =
    let mutable state = seed

    member _.Next() =
        state <- state + 0x9E3779B97F4A7C15UL
        let mixed = (state ^^^ (state >>> 30)) * 0xBF58476D1CE4E5B9UL
        let mixed = (mixed ^^^ (mixed >>> 27)) * 0x94D049BB133111EBUL
        mixed ^^^ (mixed >>> 31)

    /// A whole number from `low` to `high`, both included.
    member dice.Between(low: int64, high: int64) = low + int64 (dice.Next() % uint64 (high - low + 1L))

    /// True once in `times`.
    member dice.OnceIn(times: int) = dice.Next() % uint64 times = 0UL
