namespace BtcBandit.Tui.Tests.Commands

open System
open BtcBandit.Indicators

/// The nine by their formulas over whole arrays, from the first candle on: no code in common with the folds.
module BatchIndicators =

    let private closes (candles: Candle[]) = candles |> Array.map _.Close

    let private last count i (values: float[]) = values[i - count + 1 .. i]

    /// A seeded average, without its silent prefix: the first value stands for the period-th input.
    let private follow period gain (values: float[]) =
        let seed = Array.average values[.. period - 1]
        Array.scan (fun mean value -> mean * (1.0 - gain) + value * gain) seed values[period..]

    let private ema period = follow period (2.0 / float (period + 1))

    /// Mean true ranges; the first value stands for candle `period`.
    let private atr period (candles: Candle[]) =
        candles
        |> Array.pairwise
        |> Array.map (fun (before, now) ->
            List.max [
                now.High - now.Low
                abs (now.High - before.Close)
                abs (now.Low - before.Close)
            ])
        |> follow period (1.0 / float period)

    let private wma period (values: float[]) =
        let weighted = values |> Array.mapi (fun i value -> float (i + 1) * value)
        Array.sum weighted / float (period * (period + 1) / 2)

    let private bollinger multiple (values: float[]) =
        let middle = Array.average values
        let variance = values |> Array.averageBy (fun value -> (value - middle) * (value - middle))
        let band = multiple * sqrt variance
        let upper, lower = middle + band, middle - band
        let inside = if upper = lower then 0.5 else (Array.last values - lower) / (upper - lower)
        [ middle; upper; lower; inside; (upper - lower) / middle ]

    let private vwapOfDay (candles: Candle[]) i =
        let day (candle: Candle) = candle.OpenTime / 86_400_000L
        let mutable first = i

        while first > 0 && day candles[first - 1] = day candles[i] do
            first <- first - 1

        let since = candles[first..i]
        let typical (candle: Candle) = (candle.High + candle.Low + candle.Close) / 3.0
        let volume = since |> Array.sumBy _.Volume

        if volume > 0.0 then
            (since |> Array.sumBy (fun candle -> typical candle * candle.Volume)) / volume
        else
            typical candles[i]

    /// Stops from candle 1 on, by the rules of TA-Lib.
    let private sar step most (candles: Candle[]) =
        let first, second = candles[0], candles[1]
        let mutable long = not (first.Low - second.Low > max (second.High - first.High) 0.0)
        let mutable stop = if long then first.Low else first.High
        let mutable extreme = if long then second.High else second.Low
        let mutable factor = min step most

        [|
            for i in 1 .. candles.Length - 1 do
                let now = candles[i]
                let before = if i = 1 then now else candles[i - 1]
                let high, low = max now.High before.High, min now.Low before.Low

                let reverses = if long then now.Low <= stop else now.High >= stop

                if reverses then
                    let output = if long then max extreme high else min extreme low
                    long <- not long
                    factor <- min step most
                    extreme <- if long then now.High else now.Low
                    yield output
                    stop <- output + factor * (extreme - output)
                else
                    yield stop

                    if (if long then now.High > extreme else now.Low < extreme) then
                        extreme <- if long then now.High else now.Low
                        factor <- min most (factor + step)

                    stop <- stop + factor * (extreme - stop)

                stop <- if long then min stop low else max stop high
        |]

    /// Band and direction from candle `period` on.
    let private superTrend period multiple (candles: Candle[]) =
        let mutable upper, lower, up = infinity, -infinity, true

        [|
            for i, range in Array.indexed (atr period candles) do
                let now, before = candles[i + period], candles[i + period - 1].Close
                let middle = (now.High + now.Low) / 2.0
                let basicUpper, basicLower = middle + multiple * range, middle - multiple * range

                if i = 0 then
                    up <- now.Close >= middle

                if i = 0 || basicUpper < upper || before > upper then
                    upper <- basicUpper

                if i = 0 || basicLower > lower || before < lower then
                    lower <- basicLower

                up <- if up then now.Close > lower else now.Close > upper
                yield if up then [ lower; 1.0 ] else [ upper; -1.0 ]
        |]

    /// What the nine with their defaults say at a candle that all of them have warmed up for.
    let row (candles: Candle[]) : int -> float list =
        let close = closes candles
        let ema14, range, stops = ema 14 close, atr 14 candles, sar 0.02 0.2 candles
        let thrice = close |> ema 18 |> ema 18 |> ema 18
        let trend = superTrend 10 3.0 candles

        fun i -> [
            Array.average (last 14 i close)
            ema14[i - 13]
            wma 14 (last 14 i close)
            yield! bollinger 2.0 (last 20 i close)
            vwapOfDay candles i
            range[i - 14]
            100.0 * (thrice[i - 51] / thrice[i - 52] - 1.0)
            stops[i - 1]
            yield! trend[i - 10]
        ]
