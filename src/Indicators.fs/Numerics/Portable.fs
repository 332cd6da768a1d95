namespace BtcBandit.Indicators.Numerics

open System
open System.Runtime.Intrinsics

/// <summary>Exponential and logarithm with the same bits on every machine.</summary>
/// <remarks>
/// The runtime asks the platform's C library for exp and log, and those differ in the last bit between systems and
/// processors. These use only IEEE basic operations, whose results are fixed, so a run can be repeated anywhere.
/// Relative error below 4e-16 for exp and 2e-16 absolute for log near 1. Replaces Math.Exp and Math.Log; delete it when the
/// runtime guarantees their bits.
/// </remarks>
[<AbstractClass; Sealed>]
type Portable =

    // ln 2 in two parts: the high one has trailing zeros, so k * high is exact.
    static member private Ln2High = 6.93147180369123816490e-01
    static member private Ln2Low = 1.90821492927058770002e-10

    static member private LeastNormal = 0x0010000000000000L
    static member private AboveRootOfHalf = 0x3FE6A09E667F3BCEL

    // A method of its own, so that the logarithm stays small enough to be inlined.
    static member private Refuse(value: float) =
        raise (ArgumentOutOfRangeException(nameof value, value, "A positive, finite, normal number is needed."))

    // value = 2^exponent * mantissa, mantissa in (sqrt 1/2, sqrt 2]. Without a branch, which would be unpredictable.
    static member inline private ExponentOf(value: float) =
        let bits = BitConverter.DoubleToInt64Bits value

        if
            bits - Portable.LeastNormal >= 0x7FE0000000000000L
            || bits < Portable.LeastNormal
        then
            Portable.Refuse value

        (bits - Portable.AboveRootOfHalf) >>> 52

    static member inline private MantissaOf(value: float, exponent: int64) =
        BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits value - (exponent <<< 52))

    // The logarithm of 2^k mantissa, of one number or of several: `both` makes a constant one of them.
    static member inline private LogOf
        (mantissa: 'number, k: 'number, [<InlineIfLambda>] both: float -> 'number)
        : 'number =
        // ln m = 2 atanh s = 2 s (1 + s^2/3 + s^4/5 + ...), |s| < 0.172: the odd series to s^21 is below half an ulp.
        // Summed in pairs (Estrin), so that the processor need not wait for one term to take the next.
        let f: 'number = mantissa - both 1.0
        let s: 'number = f / (both 2.0 + f: 'number)
        let z: 'number = s * s
        let z2: 'number = z * z
        let z4: 'number = z2 * z2
        let inline pair (a: float) (b: float) : 'number = both a + (z * both b: 'number)
        let low: 'number = pair (1.0 / 3.0) (1.0 / 5.0) + (z2 * pair (1.0 / 7.0) (1.0 / 9.0): 'number)
        let middle: 'number = pair (1.0 / 11.0) (1.0 / 13.0) + (z2 * pair (1.0 / 15.0) (1.0 / 17.0): 'number)
        let high: 'number = pair (1.0 / 19.0) (1.0 / 21.0)
        let inner: 'number = middle + (z4 * high: 'number)
        let sum: 'number = low + (z4 * inner: 'number)
        let series: 'number = z * sum
        let twice: 'number = both 2.0 * s
        let rest: 'number = (twice * series: 'number) + (k * both Portable.Ln2Low: 'number)
        (k * both Portable.Ln2High: 'number) + (twice + rest: 'number)

    /// <summary>Natural logarithm of a positive, finite, normal number.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">Not positive, not finite or subnormal.</exception>
    static member Log(value: float) : float =
        let exponent = Portable.ExponentOf value
        Portable.LogOf(Portable.MantissaOf(value, exponent), float exponent, (fun constant -> constant))

    /// <summary>Natural logarithms of two numbers in little more than the time of one, to the same bits.</summary>
    /// <param name="values">Both positive, finite and normal.</param>
    /// <exception cref="System.ArgumentOutOfRangeException">One is not.</exception>
    static member Log(values: Vector128<float>) : Vector128<float> =
        let first, second = values.ToScalar(), values.GetElement 1
        let exponent1, exponent2 = Portable.ExponentOf first, Portable.ExponentOf second
        let mantissa1, mantissa2 = Portable.MantissaOf(first, exponent1), Portable.MantissaOf(second, exponent2)

        Portable.LogOf(
            Vector128.Create(mantissa1, mantissa2),
            Vector128.Create(float exponent1, float exponent2),
            (fun constant -> Vector128.Create constant)
        )

    // e to the power of a number as power * 2^k; the rest for which 2^k is no normal number.
    static member private ExpAtTheEnds(value: float, power: float, k: float) =
        if Double.IsNaN value then nan
        elif value > 709.782712893384 then infinity
        elif value < -745.2 then 0.0
        else Math.ScaleB(power, int k)

    /// <summary>e to the power of a number; 0 below -745, infinite above 709.78.</summary>
    static member Exp(value: float) : float =
        // value = k ln 2 + r, |r| <= ln 2 / 2
        let k = Math.Round(value * 1.4426950408889634)
        let r = (value - k * Portable.Ln2High) - k * Portable.Ln2Low
        // Taylor to r^13 / 13!, below half an ulp for |r| < 0.35, the terms from r^2 on in pairs as in the logarithm.
        let r2 = r * r
        let r4 = r2 * r2
        let low = (1.0 / 2.0 + r * (1.0 / 6.0)) + r2 * (1.0 / 24.0 + r * (1.0 / 120.0))

        let middle =
            (1.0 / 720.0 + r * (1.0 / 5_040.0))
            + r2 * (1.0 / 40_320.0 + r * (1.0 / 362_880.0))

        let high =
            (1.0 / 3_628_800.0 + r * (1.0 / 39_916_800.0))
            + r2 * (1.0 / 479_001_600.0 + r * (1.0 / 6_227_020_800.0))

        let power = 1.0 + (r + r2 * (low + r4 * (middle + r4 * high)))

        if abs value <= 708.0 then
            power * BitConverter.Int64BitsToDouble((int64 k + 1023L) <<< 52)
        else
            Portable.ExpAtTheEnds(value, power, k)
