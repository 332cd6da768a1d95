namespace BtcBandit.Indicators

open System

/// <summary>Elementary functions with the same bits on every x64 machine.</summary>
/// <remarks>
/// The runtime asks the platform's C library for exp and log, and those differ in the last bit between systems and
/// processors. These use only IEEE basic operations, whose results are fixed, so a run can be repeated anywhere.
/// Relative error below 4e-16 for exp and 2e-16 absolute for log near 1.
/// </remarks>
[<AbstractClass; Sealed>]
type Portable =

    // ln 2 in two parts: the high one has trailing zeros, so k * high is exact.
    static member private Ln2High = 6.93147180369123816490e-01
    static member private Ln2Low = 1.90821492927058770002e-10

    /// <summary>Natural logarithm of a positive, finite, normal number.</summary>
    /// <exception cref="System.ArgumentOutOfRangeException">Not positive, not finite or subnormal.</exception>
    static member Log(value: float) : float =
        let bits = BitConverter.DoubleToInt64Bits value
        let biased = int (bits >>> 52)

        if biased <= 0 || biased >= 0x7FF then
            raise (ArgumentOutOfRangeException(nameof value, value, "A positive, finite, normal number is needed."))

        // value = 2^exponent * mantissa, mantissa in [sqrt 1/2, sqrt 2)
        let mutable exponent = biased - 1023

        let mutable mantissa =
            BitConverter.Int64BitsToDouble((bits &&& 0x000FFFFFFFFFFFFFL) ||| 0x3FF0000000000000L)

        if mantissa > 1.4142135623730951 then
            mantissa <- mantissa * 0.5
            exponent <- exponent + 1

        // ln m = 2 atanh s = 2 s (1 + s^2/3 + s^4/5 + ...), |s| < 0.172: the odd series to s^21 is below half an ulp.
        let f = mantissa - 1.0
        let s = f / (2.0 + f)
        let z = s * s

        let series =
            z
            * (1.0 / 3.0
               + z
                 * (1.0 / 5.0
                    + z
                      * (1.0 / 7.0
                         + z
                           * (1.0 / 9.0
                              + z
                                * (1.0 / 11.0
                                   + z
                                     * (1.0 / 13.0
                                        + z * (1.0 / 15.0 + z * (1.0 / 17.0 + z * (1.0 / 19.0 + z * (1.0 / 21.0))))))))))

        let k = float exponent
        k * Portable.Ln2High + (2.0 * s + (2.0 * s * series + k * Portable.Ln2Low))

    /// <summary>e to the power of a number; 0 below -745, infinite above 709.78.</summary>
    static member Exp(value: float) : float =
        if Double.IsNaN value then
            nan
        elif value > 709.782712893384 then
            infinity
        elif value < -745.2 then
            0.0
        else
            // value = k ln 2 + r, |r| <= ln 2 / 2
            let k = Math.Round(value * 1.4426950408889634)
            let r = (value - k * Portable.Ln2High) - k * Portable.Ln2Low
            // Taylor to r^13 / 13!, below half an ulp for |r| < 0.35.
            let mutable sum = 1.0

            for i in 13..-1..1 do
                sum <- 1.0 + r * sum / float i

            Math.ScaleB(sum, int k)
