namespace BtcBandit.Indicators.Numerics

/// <summary>Counter-based randomness: a draw is a pure function of seed, stream and counter.</summary>
/// <remarks>
/// There is no generator to advance, so a resumed, replayed or parallel run draws the same numbers, with the same bits on
/// every machine. Replaces <c>System.Random</c>, whose numbers depend on how many were drawn before; delete it when the
/// runtime has a counter-based generator with guaranteed output.
/// </remarks>
[<AbstractClass; Sealed>]
type CounterRandom =

    /// <summary>64 random bits.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">The number of the sequence; two streams are independent.</param>
    /// <param name="counter">The number of the draw within its stream, for instance a candle's open time.</param>
    static member Bits(seed: int64, stream: int, counter: int64) : uint64 =
        let key = SplitMix64.mix (uint64 seed + SplitMix64.Gamma * uint64 (uint32 (stream + 1)))
        SplitMix64.mix (key ^^^ SplitMix64.mix (uint64 counter + 0xD1B54A32D192ED03UL))

    /// <summary>A uniform random number strictly between 0 and 1.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">The number of the sequence; two streams are independent.</param>
    /// <param name="counter">The number of the draw within its stream.</param>
    static member Uniform(seed: int64, stream: int, counter: int64) : float =
        (float (CounterRandom.Bits(seed, stream, counter) >>> 12) + 0.5)
        * (1.0 / float (1L <<< 52))

    /// <summary>A standard normal random number, within 8.3 standard deviations.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">The number of the sequence; two streams are independent.</param>
    /// <param name="counter">The number of the draw within its stream.</param>
    static member Normal(seed: int64, stream: int, counter: int64) : float =
        Normal.Quantile(CounterRandom.Uniform(seed, stream, counter))
