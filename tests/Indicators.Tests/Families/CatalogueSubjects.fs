namespace BtcBandit.Indicators.Tests

open System
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Laws

/// What is claimed of every kind of the catalogue, with any parameters.
module CatalogueSubjects =

    let entry text =
        match Catalogue.parse text with
        | Ok [| entry |] -> entry
        | other -> failwith $"%A{other}"

    /// Two units in the last place.
    let private slack (value: float) = 2.0 * (Math.BitIncrement(abs value) - abs value)

    let private last count (candles: ArraySegment<Candle>) =
        let count = min count candles.Count
        candles.Slice(candles.Count - count, count).ToArray()

    let private closes (candles: Candle[]) = candles |> Array.map (fun candle -> candle.Close)

    /// Within what the last candles closed at, to the last bit.
    let private withinCloses count (candles: ArraySegment<Candle>) value =
        let closes = closes (last count candles)
        value >= Array.min closes && value <= Array.max closes

    let private nearCloses count (candles: ArraySegment<Candle>) value =
        let closes = closes (last count candles)
        let low, high = Array.min closes, Array.max closes
        value >= low - slack low && value <= high + slack high

    let private withinTypical candles value =
        let typical = candles |> Array.map (fun (candle: Candle) -> candle.Typical)
        // Typical prices are rounded themselves, twice: low + high + close, and the third of it.
        let low, high = Array.min typical, Array.max typical
        value >= low - 2.0 * slack low && value <= high + 2.0 * slack high

    let private ofToday (candles: ArraySegment<Candle>) =
        let day (candle: Candle) = candle.OpenTime / 86_400_000L
        let today = day candles[candles.Count - 1]
        candles.ToArray() |> Array.filter (fun candle -> day candle = today)

    let private bounds (check: ArraySegment<Candle> -> float[] -> bool) (subject: Subject) =
        subject.WithBounds(fun _ candles outputs -> check candles outputs)

    let oracle (definition: Candle[] -> float[] voption[]) (subject: Subject) =
        let row: float[] voption -> float[] | null =
            function
            | ValueSome row -> row
            | ValueNone -> null

        subject.WithOracleRows(definition >> Array.map row)

    /// Parts of a deviation are known as well as prices are: to 1e-12 of the largest price over the deviation.
    let private perDeviation period (candles: ArraySegment<Candle>) value =
        let window = last period candles
        let sd = Oracles.deviation (closes window)
        let highest = window |> Array.fold (fun most candle -> max most candle.High) 0.0
        if sd = 0.0 then 0.0 else 1e-12 * highest / sd * (1.0 + abs value)

    let private highest period candles = last period candles |> Array.fold (fun most candle -> max most candle.High) 0.0

    /// Candles after which what is left of a seed is 1e-12 of it, when each takes a share.
    let private decay share = if share >= 1.0 then 1 else 1 + int (ceil (log 1e-13 / log (1.0 - share)))

    let private emaDecay period = decay (2.0 / (float period + 1.0))
    let private wilderDecay period = decay (1.0 / float period)

    let private ratios: Scaling = Scaling.Ratio
    let private price: Scaling = Scaling.Price
    let private follows: Shifting = Shifting.Follows
    let private stays: Shifting = Shifting.Stays

    /// What a ratio of two prices becomes, when only the one below is known: it is what the ratio is about.
    let private onto (below: float) amount ratio = ratio * below / (below + amount)

    let private vwap (anchor: string) (subject: Subject) =
        let subject = subject.WithShifting follows

        match anchor with
        | "day" ->
            (subject.InPrices()
             |> oracle Oracles.vwapOfDay
             |> bounds (fun candles o -> withinTypical (ofToday candles) o[0]))
                .WithForgetting(1441, 1e-12)
        | "cumulative" ->
            subject.InPrices()
            |> oracle Oracles.vwapCumulative
            |> bounds (fun candles o -> withinTypical (candles.ToArray()) o[0])
        | period ->
            let period = int period

            (subject.InPrices()
             |> oracle (Oracles.vwapRolling period)
             |> bounds (fun candles o -> withinTypical (last period candles) o[0]))
                .WithWindow(period)
                .WithForgetting(period, 1e-12)

    let private window period definition check (subject: Subject) =
        (subject.InPrices() |> oracle definition |> bounds check).WithWindow(period).WithForgetting(period, 1e-12)

    let private bollinger period multiple (subject: Subject) =
        let tolerance candles (e: float[]) =
            let unit = 1e-12 * highest period candles
            let within = perDeviation period candles e[3] / multiple

            [|
                unit
                unit * (1.0 + multiple)
                unit * (1.0 + multiple)
                within
                1e-12 * (1.0 + multiple)
            |]

        let inOrder (o: float[]) = o[2] <= o[0] && o[0] <= o[1] && o[4] >= 0.0

        // With population deviations nothing is further than sqrt(p - 1) of them from the mean.
        let reach = 0.5 + sqrt (float period - 1.0) / (2.0 * multiple)

        let percentB candles (value: float) =
            abs (value - 0.5) <= reach + 1e-9 + perDeviation period candles reach / multiple

        let shifted _ (o: float[]) amount = [|
            o[0] + amount
            o[1] + amount
            o[2] + amount
            o[3]
            onto o[0] amount o[4]
        |]

        (subject.WithScaling(price, price, price, ratios, ratios).WithShifting(shifted)
         |> oracle (Oracles.bollinger period multiple)
         |> bounds (fun candles o -> inOrder o && withinCloses period candles o[0] && percentB candles o[3]))
            .WithTolerance(tolerance)
            .WithWindow(period)
            .WithForgetting(period, 1e-9)

    let private zscore period (subject: Subject) =
        let reach = sqrt (float period - 1.0)

        (subject.InRatios().WithShifting stays
         |> oracle (Oracles.zscore period)
         |> bounds (fun candles o -> abs o[0] <= reach + 1e-9 + perDeviation period candles reach))
            .WithTolerance(fun candles e -> [| perDeviation period candles e[0] |])
            .WithWindow(period)
            .WithForgetting(period, 1e-9)

    /// Below the candle of a long position, above that of a short one; on a reversal it is the new side that counts.
    let private onItsSide step most (candles: ArraySegment<Candle>) (o: float[]) =
        let now = candles[candles.Count - 1]
        let rows = Oracles.sarWithSide step most (candles.ToArray())

        match rows[rows.Length - 1] with
        | ValueSome [| _; 1.0 |] -> o[0] <= now.Low
        | _ -> o[0] >= now.High

    /// Upwards the band is below the close, downwards it is not, but on the candle that turns: there the other band decided.
    let private onItsBand period multiple (candles: ArraySegment<Candle>) (o: float[]) =
        let close = candles[candles.Count - 1].Close

        let turned () =
            let rows = Oracles.superTrend period multiple (candles.ToArray())

            match rows[rows.Length - 2], rows[rows.Length - 1] with
            | ValueSome [| _; before |], ValueSome [| _; now |] -> before <> now && now = o[1]
            | _ -> false

        match o[1] with
        | 1.0 -> o[0] < close || turned ()
        | -1.0 -> o[0] >= close || turned ()
        | _ -> false

    let superTrend period multiple (subject: Subject) =
        (subject.WithScaling(price, ratios).WithShifting(follows, stays)
         |> oracle (Oracles.superTrend period multiple)
         |> bounds (onItsBand period multiple))
            .WithForgetting(wilderDecay period + 400 + 4 * period, 1e-9)

    /// No entry of the catalogue, but what three of them are made of.
    let spread period =
        let indicator =
            Bands.spread period
            |> Indicator.contramap (fun (candle: Candle) -> candle.Close)

        let definition candles =
            Array.map2
                (ValueOption.map2 (fun mean deviation -> Array.append mean deviation))
                (Oracles.sma period candles)
                (Oracles.stdev period candles)

        Subject.Of("spread", indicator, [| "mean"; "deviation" |], fun spread -> [| spread.Mean; spread.Deviation |])
        |> _.WithShifting(follows, stays)
        |> window period definition (fun candles o -> nearCloses period candles o[0] && o[1] >= 0.0)

    /// Everything that is claimed of an entry such as "bb:20:2".
    let subject (text: string) =
        let entry = entry text
        let parameters = (entry.Id.Split ':')[1..]

        let period =
            match Int32.TryParse parameters[0] with
            | true, period -> period
            | false, _ -> 1

        let number i = Double.Parse parameters[i]
        let subject = Subject.Of entry
        let ofCloses candles (o: float[]) = withinCloses Int32.MaxValue candles o[0]

        match entry.Kind with
        | "sma" ->
            subject.WithShifting follows
            |> window period (Oracles.sma period) (fun candles o -> withinCloses period candles o[0])
        | "wma" ->
            subject.WithShifting follows
            |> window period (Oracles.wma period) (fun candles o -> withinCloses period candles o[0])
        | "stdev" ->
            subject.WithShifting stays
            |> window period (Oracles.stdev period) (fun candles o ->
                let closes = closes (last period candles)

                o[0] >= 0.0
                && o[0] <= (Array.max closes - Array.min closes) / 2.0 + 1e-15 * Array.max closes)
        | "ema" ->
            (subject.InPrices().WithShifting follows
             |> oracle (Oracles.ema period)
             |> bounds ofCloses)
                .WithForgetting(emaDecay period + period, 1e-9)
        | "bb" -> subject |> bollinger period (number 1)
        | "vwap" -> subject |> vwap parameters[0]
        | "atr" ->
            (subject.InPrices().WithShifting stays
             |> oracle (Oracles.atr period)
             |> bounds (fun _ o -> o[0] >= 0.0))
                .WithForgetting(wilderDecay period + period, 1e-9)
        | "trix" ->
            let shifted (candles: ArraySegment<Candle>) (o: float[]) amount =
                let averages = Oracles.tripleEma period (candles.ToArray())
                [| onto averages[averages.Length - 2] amount o[0] |]

            (subject.InRatios().WithShifting(shifted)
             |> oracle (Oracles.trix period)
             |> bounds (fun _ o -> o[0] > -100.0))
                .WithForgetting(3 * (emaDecay period + period), 1e-9)
        | "sar" ->
            (subject.InPrices().WithShifting follows
             |> oracle (Oracles.sar (number 0) (number 1))
             |> bounds (onItsSide (number 0) (number 1)))
                .WithForgetting(400, 1e-9)
        | "supertrend" -> subject |> superTrend period (number 1)
        | "rsi" ->
            (subject.InRatios().WithShifting stays
             |> oracle (Oracles.rsi period)
             |> bounds (fun _ o -> o[0] >= 0.0 && o[0] <= 100.0))
                .WithForgetting(wilderDecay period + period, 1e-9)
        | "macd" ->
            let fast, slow, signal = int parameters[0], int parameters[1], int parameters[2]

            (subject.InPrices().WithShifting(stays, stays, stays)
             |> oracle (Oracles.macd fast slow signal)
             |> bounds (fun _ o -> o[0] - o[1] = o[2]))
                .WithForgetting(emaDecay slow + emaDecay signal + slow + signal, 1e-9)
        | "roc" ->
            let shifted (candles: ArraySegment<Candle>) (o: float[]) amount = [|
                onto candles[candles.Count - 1 - period].Close amount o[0]
            |]

            (subject.InRatios().WithShifting(shifted)
             |> oracle (Oracles.roc period)
             |> bounds (fun _ o -> o[0] > -100.0))
                .WithWindow(period + 1)
                .WithForgetting(period, 1e-12)
        | "zscore" -> subject |> zscore period
        | kind -> failwith $"no claims are known of '{kind}'"
