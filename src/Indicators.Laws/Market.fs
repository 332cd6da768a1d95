namespace BtcBandit.Indicators.Laws

open System
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

/// <summary>Candle series that try an indicator hard, decided entirely by a seed.</summary>
/// <remarks>
/// Every price is a whole number of units, a unit a power of two (1/128 for most, 2^-34 for prices about 1e-8), so that
/// sums of prices are exact and a difference between two computations is never the generator's.
/// </remarks>
[<RequireQualifiedAccess>]
module Market =

    [<Literal>]
    let private Minute = 60_000L

    let private firstOpenTime = 1_700_000_040_000L

    /// <summary>A candle that must be valid.</summary>
    /// <exception cref="System.ArgumentException">It is not.</exception>
    [<CompiledName("Candle")>]
    let candle openTime openPrice high low close volume =
        match Candle.tryCreate (openTime, openPrice, high, low, close, volume) with
        | Ok candle -> candle
        | Error error -> raise (ArgumentException error.Message)

    /// <summary>The same candle with every price multiplied; volume and time stay.</summary>
    /// <param name="factor">Above 0; a power of two multiplies exactly.</param>
    /// <param name="source">The candle.</param>
    [<CompiledName("Scaled")>]
    let scaled (factor: float) (source: Candle) =
        candle
            source.OpenTime
            (source.Open * factor)
            (source.High * factor)
            (source.Low * factor)
            (source.Close * factor)
            source.Volume

    /// <summary>The same candle with an amount added to every price; volume and time stay.</summary>
    /// <param name="amount">At least 0.</param>
    /// <param name="source">The candle.</param>
    [<CompiledName("Shifted")>]
    let shifted (amount: float) (source: Candle) =
        candle
            source.OpenTime
            (source.Open + amount)
            (source.High + amount)
            (source.Low + amount)
            (source.Close + amount)
            source.Volume

    /// What kind of market a series is: where prices start and how they move, in units.
    [<Struct>]
    type private Temper =
        {
            Unit: float
            Start: int64
            MinPrice: int64
            MaxPrice: int64
            /// How far a close usually moves.
            Move: int64
            /// One candle in so many stands still; 1 = all of them.
            FlatIn: int
            /// One candle in so many jumps.
            JumpIn: int
            /// How far high and low reach beyond open and close.
            Reach: int64
            /// One candle in so many has no volume; 1 = all of them.
            IdleIn: int
        }

    let private temper (dice: Dice) =
        let baseline =
            {
                Unit = 1.0 / 128.0
                Start = dice.Between(2_000L, 9_000_000L)
                MinPrice = 1_000L
                MaxPrice = 20_000_000L
                Move = 300L
                FlatIn = 5
                JumpIn = 12
                Reach = 300L
                IdleIn = 5
            }

        let moved =
            match dice.Between(0L, 9L) with
            | 0L -> { baseline with FlatIn = 1; JumpIn = 40 }
            | 1L
            | 2L -> { baseline with Move = 1L; Reach = 1L; JumpIn = 1_000_000; FlatIn = 4 }
            | 3L -> { baseline with IdleIn = 1 }
            | 4L -> { baseline with IdleIn = 1_000_000; FlatIn = 1_000_000; JumpIn = 1_000_000 }
            | _ -> baseline

        match dice.Between(0L, 5L) with
        // About 1e-8 and about 1e9.
        | 0L ->
            { moved with
                Unit = Math.ScaleB(1.0, -34)
                Start = dice.Between(150L, 2_000L)
                MinPrice = 100L
            }
        | 1L ->
            { moved with
                Start = 128_000_000_000L + dice.Between(0L, 1_000L)
                MinPrice = 100_000_000_000L
                MaxPrice = 200_000_000_000L
            }
        | _ -> moved

    let private nextClose (dice: Dice) temper (before: int64) =
        let change =
            if dice.OnceIn temper.FlatIn then 0L
            elif dice.OnceIn temper.JumpIn then dice.Between(-before / 2L, before)
            else dice.Between(-temper.Move, temper.Move)

        Math.Clamp(before + change, temper.MinPrice, temper.MaxPrice)

    let private nextTime (dice: Dice) before =
        if dice.OnceIn 25 then
            before + Minute * dice.Between(2L, 2_000L)
        else
            before + Minute

    let private nextCandle (dice: Dice) temper openTime before close =
        // A gap in price: the open is not the close before.
        let opened = if dice.OnceIn 10 then nextClose dice temper before else before
        let still = opened = close && dice.OnceIn 2
        let reach () = if still then 0L else dice.Between(0L, temper.Reach)
        let high = max opened close + reach ()
        let low = max (temper.MinPrice / 2L) (min opened close - reach ())
        let volume = if dice.OnceIn temper.IdleIn then 0L else dice.Between(1L, 10_000L)
        let price units = float units * temper.Unit
        candle openTime (price opened) (price high) (price low) (price close) (float volume / 16.0)

    /// <summary>A series of any temper: flat runs, jumps, gaps in price and time, idle minutes, tiny and huge prices.</summary>
    /// <param name="count">Candles, 0 or more; a minute or more apart.</param>
    /// <param name="seed">Decides the series.</param>
    [<CompiledName("Series")>]
    let series (count: int) (seed: uint64) =
        let dice = Dice seed
        let temper = temper dice
        let candles = Array.zeroCreate count
        let mutable time = firstOpenTime
        let mutable close = temper.Start

        for i in 0 .. count - 1 do
            let before = close
            time <- nextTime dice time
            close <- nextClose dice temper before
            candles[i] <- nextCandle dice temper time before close

        candles

    /// <summary>A lively market: price triples and falls back in legs of 40 candles, noisily, so that every stop is hit
    /// and every average moves. What forgets at all forgets here.</summary>
    /// <param name="from">Open time of the first candle, ms.</param>
    /// <param name="level">Lowest price, about.</param>
    /// <param name="count">Candles, a minute apart.</param>
    /// <param name="seed">Decides the series.</param>
    [<CompiledName("Swings")>]
    let swings (from: int64) (level: float) (count: int) (seed: uint64) =
        let dice = Dice seed

        Array.init count (fun i ->
            let leg = float (if i % 80 < 40 then i % 40 else 40 - i % 40) / 20.0
            let noise () = float (dice.Between(0L, 64L)) / 4096.0
            let middle = level * (1.0 + leg + noise ())
            let close = level * (1.0 + leg + noise ())
            let high = max middle close + level * noise ()
            let low = min middle close - level * noise ()
            candle (from + int64 i * Minute) middle high low close (float (dice.Between(1L, 100L))))

    /// <summary>An endless market for long runs: 500 candles about 1e9, then 500 about 1e-6, and so on. The hardest case
    /// for a running sum, which keeps the rounding of the large numbers among the small ones.</summary>
    let internal extremes (seed: uint64) =
        let dice = Dice seed

        fun (i: int64) ->
            let level = if i % 1000L < 500L then 1e9 else 1e-6
            let noise = dice.Next()
            let part shift = float ((noise >>> shift) &&& 0xFFUL) / 4096.0
            let close = level * (1.0 + part 0)
            let opened = level * (1.0 + part 8)
            let high = max opened close + level * part 16
            let low = min opened close - level * part 24 / 2.0
            candle (firstOpenTime + i * Minute) opened high low close (part 32 * 4096.0)
