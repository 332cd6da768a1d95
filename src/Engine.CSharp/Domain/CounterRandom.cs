using System.Runtime.CompilerServices;
using BtcBandit.Indicators;

namespace BtcBandit.Engine.Domain;

/// <summary>Counter-based randomness: a draw is a pure function of (seed, stream, counter).</summary>
/// <remarks>
/// Nothing is advanced, so a resumed, replayed or parallel run draws the same numbers. The mixing is two rounds of
/// the SplitMix64 finaliser (Steele, Lea, Flood 2014); the normal is the inverse distribution function AS 241
/// (Wichura 1988), built from portable operations only: the same bits on every machine.
/// </remarks>
public static class CounterRandom
{
    /// <summary>64 random bits.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">What is being drawn; two streams are independent.</param>
    /// <param name="counter">Which draw of that stream, for instance the candle's open time.</param>
    public static ulong Bits(long seed, int stream, long counter)
    {
        var key = Mix((ulong)seed + 0x9E3779B97F4A7C15UL * (ulong)(uint)(stream + 1));
        return Mix(key ^ Mix((ulong)counter + 0xD1B54A32D192ED03UL));
    }

    /// <summary>A uniform draw, strictly inside 0..1.</summary>
    public static double Uniform(long seed, int stream, long counter) =>
        ((Bits(seed, stream, counter) >> 12) + 0.5) * (1.0 / (1L << 52));

    /// <summary>A standard normal draw; within 8.3 standard deviations.</summary>
    public static double Normal(long seed, int stream, long counter) => Quantile(Uniform(seed, stream, counter));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }

    /// <summary>The standard normal quantile of a probability strictly inside 0..1, to about 1e-16 (Wichura 1988, PPND16).</summary>
    public static double Quantile(double probability)
    {
        var q = probability - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            var central = 0.180625 - q * q;
            return q
                * (
                    (
                        (
                            (
                                (
                                    (
                                        (2509.0809287301226727 * central + 33430.575583588128105) * central
                                        + 67265.770927008700853
                                    ) * central
                                    + 45921.953931549871457
                                ) * central
                                + 13731.693765509461125
                            ) * central
                            + 1971.5909503065514427
                        ) * central
                        + 133.14166789178437745
                    ) * central
                    + 3.387132872796366608
                )
                / (
                    (
                        (
                            (
                                (
                                    (
                                        (5226.495278852545925 * central + 28729.085735721942674) * central
                                        + 39307.89580009271061
                                    ) * central
                                    + 21213.794301586595867
                                ) * central
                                + 5394.1960214247511077
                            ) * central
                            + 687.1870074920579083
                        ) * central
                        + 42.313330701600911252
                    ) * central
                    + 1.0
                );
        }

        var tail = Math.Sqrt(-Portable.Log(q < 0 ? probability : 1.0 - probability));
        var magnitude = tail <= 5.0 ? NearTail(tail - 1.6) : FarTail(tail - 5.0);
        return q < 0 ? -magnitude : magnitude;
    }

    private static double NearTail(double r) =>
        (
            (
                (
                    (
                        (
                            ((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                            + 1.27045825245236838258
                        ) * r
                        + 3.64784832476320460504
                    ) * r
                    + 5.7694972214606914055
                ) * r
                + 4.6303378461565452959
            ) * r
            + 1.42343711074968357734
        )
        / (
            (
                (
                    (
                        (
                            ((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966)
                                * r
                            + 0.14810397642748007459
                        ) * r
                        + 0.68976733498510000455
                    ) * r
                    + 1.6763848301838038494
                ) * r
                + 2.05319162663775882187
            ) * r
            + 1.0
        );

    private static double FarTail(double r) =>
        (
            (
                (
                    (
                        (
                            ((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386)
                                * r
                            + 0.026532189526576123093
                        ) * r
                        + 0.29656057182850489123
                    ) * r
                    + 1.7848265399172913358
                ) * r
                + 5.4637849111641143699
            ) * r
            + 6.6579046435011037772
        )
        / (
            (
                (
                    (
                        (
                            ((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5)
                                * r
                            + 7.868691311456132591e-4
                        ) * r
                        + 0.0148753612908506148525
                    ) * r
                    + 0.13692988092273580531
                ) * r
                + 0.59983220653058205149
            ) * r
            + 1.0
        );
}
