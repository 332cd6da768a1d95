namespace BtcBandit.Indicators.Laws

open System
open BtcBandit.Indicators

/// How far apart two correct computations may be, where a subject does not state it.
module internal DefaultTolerance =

    /// For each expected output of the last candle, by how it scales and the window that decides it.
    let make (scalings: Scaling[]) (window: int voption) (candles: ArraySegment<Candle>) (expected: float[]) =
        let first, relative =
            match window with
            | ValueSome window -> max 0 (candles.Count - window), 1e-12
            | ValueNone -> 0, 1e-9

        let mutable highest = 0.0

        for i in first .. candles.Count - 1 do
            highest <- max highest candles[i].High

        expected
        |> Array.mapi (fun i value ->
            match scalings[i], window with
            | Scaling.Price, ValueSome _ -> relative * highest
            | Scaling.Price, ValueNone -> relative * max highest (abs value)
            | _ -> 1e-9 * max 1.0 (abs value))
