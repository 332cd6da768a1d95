namespace BtcBandit.Indicators.Numerics

open System

/// <summary>The standard normal distribution, with the same bits on every machine.</summary>
[<AbstractClass; Sealed>]
type Normal =

    // A polynomial of degree 7 by Horner's rule; `a` belongs to the highest power.
    static member inline private Polynomial
        (r: float, a: float, b: float, c: float, d: float, e: float, f: float, g: float, h: float)
        =
        ((((((a * r + b) * r + c) * r + d) * r + e) * r + f) * r + g) * r + h

    static member private Central(q: float) =
        let r = 0.180625 - q * q

        q
        * Normal.Polynomial(
            r,
            2509.0809287301226727,
            33430.575583588128105,
            67265.770927008700853,
            45921.953931549871457,
            13731.693765509461125,
            1971.5909503065514427,
            133.14166789178437745,
            3.387132872796366608
        )
        / Normal.Polynomial(
            r,
            5226.495278852545925,
            28729.085735721942674,
            39307.89580009271061,
            21213.794301586595867,
            5394.1960214247511077,
            687.1870074920579083,
            42.313330701600911252,
            1.0
        )

    static member private NearTail(r: float) =
        Normal.Polynomial(
            r,
            7.7454501427834140764e-4,
            0.0227238449892691845833,
            0.24178072517745061177,
            1.27045825245236838258,
            3.64784832476320460504,
            5.7694972214606914055,
            4.6303378461565452959,
            1.42343711074968357734
        )
        / Normal.Polynomial(
            r,
            1.05075007164441684324e-9,
            5.475938084995344946e-4,
            0.0151986665636164571966,
            0.14810397642748007459,
            0.68976733498510000455,
            1.6763848301838038494,
            2.05319162663775882187,
            1.0
        )

    static member private FarTail(r: float) =
        Normal.Polynomial(
            r,
            2.01033439929228813265e-7,
            2.71155556874348757815e-5,
            0.0012426609473880784386,
            0.026532189526576123093,
            0.29656057182850489123,
            1.7848265399172913358,
            5.4637849111641143699,
            6.6579046435011037772
        )
        / Normal.Polynomial(
            r,
            2.04426310338993978564e-15,
            1.4215117583164458887e-7,
            1.8463183175100546818e-5,
            7.868691311456132591e-4,
            0.0148753612908506148525,
            0.13692988092273580531,
            0.59983220653058205149,
            1.0
        )

    /// <summary>The number below which a standard normal variable falls with a given probability.</summary>
    /// <param name="probability">Strictly between 0 and 1.</param>
    /// <returns>Accurate to about 1e-16.</returns>
    /// <remarks>Source: Wichura (1988), Algorithm AS 241, PPND16.</remarks>
    static member Quantile(probability: float) : float =
        let q = probability - 0.5

        if abs q <= 0.425 then
            Normal.Central q
        else
            let tail = sqrt -(Portable.Log(if q < 0.0 then probability else 1.0 - probability))
            let magnitude = if tail <= 5.0 then Normal.NearTail(tail - 1.6) else Normal.FarTail(tail - 5.0)
            if q < 0.0 then -magnitude else magnitude

    /// <summary>The probability that a standard normal variable is below a number.</summary>
    /// <returns>0..1, accurate to about 1e-15 absolute.</returns>
    /// <remarks>Source: Marsaglia (2004), Evaluating the normal distribution, J. Stat. Software 11(4).</remarks>
    static member Cumulative(number: float) : float =
        if number < -8.5 then
            0.0
        elif number > 8.5 then
            1.0
        else
            let square = number * number
            let mutable sum = number
            let mutable before = 0.0
            let mutable term = number
            let mutable i = 3

            while sum <> before do
                before <- sum
                term <- term * (square / float i)
                sum <- sum + term
                i <- i + 2

            // Half of ln(2 pi).
            let logRoot = 0.91893853320467274178
            Math.Clamp(0.5 + sum * Portable.Exp(-0.5 * square - logRoot), 0.0, 1.0)
