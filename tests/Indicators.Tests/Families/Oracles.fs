namespace BtcBandit.Indicators.Tests

open System
open BtcBandit.Indicators

/// Batch definitions of every kind of the catalogue, written from the definitions in words: plain loops over whole
/// windows, no code of the library. One row of outputs for each candle, absent while silent.
module Oracles =

    let private silentUntil first length (row: int -> float[]) : float[] voption[] =
        Array.init length (fun i -> if i < first then ValueNone else ValueSome(row i))

    let private mean (values: float[]) =
        let mutable sum = 0.0

        for value in values do
            sum <- sum + value

        sum / float values.Length

    /// Population standard deviation: squares about the mean, divided by the count; 0 where nothing differs.
    let deviation (values: float[]) =
        if Array.forall (fun value -> value = values[0]) values then
            0.0
        else
            let middle = mean values
            let mutable squares = 0.0

            for value in values do
                squares <- squares + (value - middle) * (value - middle)

            sqrt (squares / float values.Length)

    let private closes (candles: Candle[]) = candles |> Array.map (fun candle -> candle.Close)

    let private windowed period (calculate: float[] -> float[]) candles =
        let closes = closes candles
        silentUntil (period - 1) closes.Length (fun i -> calculate closes[i - period + 1 .. i])

    let sma period = windowed period (fun window -> [| mean window |])

    let wma period =
        windowed period (fun window ->
            let mutable sum = 0.0
            let mutable weights = 0.0

            for i in 0 .. period - 1 do
                sum <- sum + float (i + 1) * window[i]
                weights <- weights + float (i + 1)

            [| sum / weights |])

    let stdev period = windowed period (fun window -> [| deviation window |])

    let zscore period =
        windowed period (fun window ->
            match deviation window with
            | 0.0 -> [| 0.0 |]
            | sd -> [| (window[period - 1] - mean window) / sd |])

    let bollinger period multiple =
        windowed period (fun window ->
            let middle = mean window
            let band = multiple * deviation window
            let upper, lower = middle + band, middle - band

            let percentB = if upper = lower then 0.5 else (window[period - 1] - lower) / (upper - lower)

            [| middle; upper; lower; percentB; (upper - lower) / middle |])

    let roc length (candles: Candle[]) =
        let closes = closes candles

        silentUntil length closes.Length (fun i -> [| 100.0 * (closes[i] / closes[i - length] - 1.0) |])

    /// An average that begins at `first` with the mean of `period` values and then moves by a share of the distance.
    let private follow first period share (values: float[]) =
        let averages = Array.create values.Length nan

        if values.Length >= first + period then
            averages[first + period - 1] <- mean values[first .. first + period - 1]

            for i in first + period .. values.Length - 1 do
                averages[i] <- averages[i - 1] + (values[i] - averages[i - 1]) * share

        averages

    let private exponential first period values = follow first period (2.0 / (float period + 1.0)) values

    let ema period candles =
        let averages = exponential 0 period (closes candles)
        silentUntil (period - 1) averages.Length (fun i -> [| averages[i] |])

    /// The average of an average of an average, not a number until it begins.
    let tripleEma period candles =
        let one = exponential 0 period (closes candles)
        let two = exponential (period - 1) period one
        exponential (2 * (period - 1)) period two

    let trix period candles =
        let three = tripleEma period candles
        silentUntil (3 * period - 2) three.Length (fun i -> [| 100.0 * (three[i] / three[i - 1] - 1.0) |])

    let macd fast slow signal candles =
        let closes = closes candles
        // The fast one is seeded with the mean of the closes that end where the slow one is seeded.
        let quick = exponential (slow - fast) fast closes
        let calm = exponential 0 slow closes
        let macd = Array.map2 (-) quick calm
        let line = exponential (slow - 1) signal macd
        silentUntil (slow + signal - 2) macd.Length (fun i -> [| macd[i]; line[i]; macd[i] - line[i] |])

    /// True ranges; the first candle has none, which index 0 stands for.
    let private trueRanges (candles: Candle[]) =
        Array.init candles.Length (fun i ->
            if i = 0 then
                nan
            else
                let now, before = candles[i], candles[i - 1].Close
                Math.Max(now.High - now.Low, Math.Max(abs (now.High - before), abs (now.Low - before))))

    let private averageRanges period candles = follow 1 period (1.0 / float period) (trueRanges candles)

    let atr period candles =
        let averages = averageRanges period candles
        silentUntil period averages.Length (fun i -> [| averages[i] |])

    let rsi period candles =
        let closes = closes candles
        let change i = if i = 0 then nan else closes[i] - closes[i - 1]
        let changes part = Array.init closes.Length (fun i -> if i = 0 then nan else part (change i))
        let up = follow 1 period (1.0 / float period) (changes (fun change -> Math.Max(change, 0.0)))
        let down = follow 1 period (1.0 / float period) (changes (fun change -> Math.Max(-change, 0.0)))

        silentUntil period closes.Length (fun i ->
            if up[i] = 0.0 && down[i] = 0.0 then
                [| 50.0 |]
            else
                [| 100.0 * up[i] / (up[i] + down[i]) |])

    let private weighted (candles: Candle[]) =
        let mutable value = 0.0
        let mutable volume = 0.0

        for candle in candles do
            value <- value + (candle.High + candle.Low + candle.Close) / 3.0 * candle.Volume
            volume <- volume + candle.Volume

        if volume = 0.0 then
            let last = candles[candles.Length - 1]
            (last.High + last.Low + last.Close) / 3.0
        else
            value / volume

    let vwapRolling period (candles: Candle[]) =
        silentUntil (period - 1) candles.Length (fun i -> [| weighted candles[i - period + 1 .. i] |])

    let vwapCumulative (candles: Candle[]) = silentUntil 0 candles.Length (fun i -> [| weighted candles[..i] |])

    let vwapOfDay (candles: Candle[]) =
        let day (candle: Candle) = DateTimeOffset.FromUnixTimeMilliseconds(candle.OpenTime).UtcDateTime.Date

        // Days are in order, so those of one day stand together.
        candles
        |> Array.groupBy day
        |> Array.collect (fun (_, today) -> vwapCumulative today)

    /// The position before a candle, for the parabolic stop.
    type private Position = { IsLong: bool; Stop: float; Extreme: float; Factor: float }

    /// Wilder's rules as TA-Lib has them; a short position is a long one in a market turned upside down. The second
    /// number of a row is the side after its candle: 1 long, -1 short.
    let sarWithSide (step: float) (most: float) (candles: Candle[]) =
        let first = Math.Min(step, most)
        let side long price = if long then price else -price
        let high long (candle: Candle) = if long then candle.High else -candle.Low
        let low long (candle: Candle) = if long then candle.Low else -candle.High

        let rec walk i position rows =
            if i = candles.Length then
                List.rev rows
            else
                let long = position.IsLong
                let now, before = candles[i], (if i = 1 then candles[1] else candles[i - 1])
                let stop, extreme = side long position.Stop, side long position.Extreme

                if low long now <= stop then
                    let output = Math.Max(extreme, Math.Max(high long now, high long before))
                    let extreme = low long now
                    let next = output + first * (extreme - output)
                    let next = Math.Max(next, Math.Max(high long now, high long before))

                    walk
                        (i + 1)
                        { IsLong = not long; Stop = side long next; Extreme = side long extreme; Factor = first }
                        (ValueSome [| side long output; (if long then -1.0 else 1.0) |] :: rows)
                else
                    let higher = high long now > extreme
                    let extreme = if higher then high long now else extreme
                    let factor = if higher then Math.Min(position.Factor + step, most) else position.Factor
                    let next = stop + factor * (extreme - stop)
                    let next = Math.Min(next, Math.Min(low long now, low long before))

                    walk
                        (i + 1)
                        { IsLong = long; Stop = side long next; Extreme = side long extreme; Factor = factor }
                        (ValueSome [| side long stop; (if long then 1.0 else -1.0) |] :: rows)

        if candles.Length < 2 then
            Array.create candles.Length ValueNone
        else
            let fall, rise = candles[0].Low - candles[1].Low, candles[1].High - candles[0].High
            let long = not (fall > Math.Max(rise, 0.0))

            let opened = {
                IsLong = long
                Stop = (if long then candles[0].Low else candles[0].High)
                Extreme = (if long then candles[1].High else candles[1].Low)
                Factor = first
            }

            walk 1 opened [ ValueNone ] |> Array.ofList

    let sar step most candles = sarWithSide step most candles |> Array.map (ValueOption.map (Array.truncate 1))

    let superTrend period multiple (candles: Candle[]) =
        let ranges = averageRanges period candles
        let middle i = (candles[i].High + candles[i].Low) / 2.0
        let upper = Array.create candles.Length nan
        let lower = Array.create candles.Length nan
        let isUp = Array.create candles.Length false

        for i in period .. candles.Length - 1 do
            let basicUpper, basicLower = middle i + multiple * ranges[i], middle i - multiple * ranges[i]
            let close = candles[i].Close

            if i = period then
                upper[i] <- basicUpper
                lower[i] <- basicLower
                isUp[i] <- close >= middle i
            else
                let before = candles[i - 1].Close

                upper[i] <-
                    if basicUpper < upper[i - 1] || before > upper[i - 1] then
                        basicUpper
                    else
                        upper[i - 1]

                lower[i] <-
                    if basicLower > lower[i - 1] || before < lower[i - 1] then
                        basicLower
                    else
                        lower[i - 1]

                isUp[i] <- isUp[i - 1]

            if isUp[i] && close <= lower[i] then
                isUp[i] <- false
            elif not isUp[i] && close > upper[i] then
                isUp[i] <- true

        silentUntil period candles.Length (fun i -> if isUp[i] then [| lower[i]; 1.0 |] else [| upper[i]; -1.0 |])
