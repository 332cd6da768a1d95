namespace BtcBandit.Indicators.Laws

open BtcBandit.Indicators.Numerics

/// Random numbers that a seed decides entirely, on every platform: the sequence SplitMix64. A market is drawn from one seed
/// of FsCheck's instead of one of its draws for each number.
[<Sealed>]
type internal Dice(seed: uint64) =
    let mutable state = seed

    member _.Next() =
        state <- state + SplitMix64.Gamma
        SplitMix64.mix state

    /// A whole number from `low` to `high`, both included.
    member dice.Between(low: int64, high: int64) = low + int64 (dice.Next() % uint64 (high - low + 1L))

    /// True once in `times`, on average.
    member dice.OnceIn(times: int) = dice.Next() % uint64 times = 0UL
