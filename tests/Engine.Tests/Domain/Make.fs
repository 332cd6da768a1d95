/// Values that tests need and do not care about.
module BtcBandit.Engine.Tests.Domain.Make

open BtcBandit.Indicators
open BtcBandit.Engine.Domain

let source = RunSource("synthetic", "BTC/USDT", "1m", "martingale", 1L)

let parameters = RunParameters("linear-ts", "sma:14,ema:14,atr:14", 1L, 15, 0.35, 0, 10.0, 1.0, 1_000.0)

/// The program's parameters but for horizon and costs.
let parametersOf (horizon: int) (feeBps: float) (slippageBps: float) (cash: float) =
    RunParameters("linear-ts", "sma:14,ema:14,atr:14", 1L, horizon, 0.35, 0, feeBps, slippageBps, cash)

let withHistory (history: int) (p: RunParameters) =
    RunParameters(
        p.Agent,
        p.Indicators,
        p.Seed,
        p.Horizon,
        p.PosteriorScale,
        history,
        p.FeeBps,
        p.SlippageBps,
        p.InitialCash
    )

let withSeed (seed: int64) (p: RunParameters) =
    RunParameters(
        p.Agent,
        p.Indicators,
        seed,
        p.Horizon,
        p.PosteriorScale,
        p.History,
        p.FeeBps,
        p.SlippageBps,
        p.InitialCash
    )

let withScale (scale: float) (p: RunParameters) =
    RunParameters(p.Agent, p.Indicators, p.Seed, p.Horizon, scale, p.History, p.FeeBps, p.SlippageBps, p.InitialCash)

let candle openTime openPrice close =
    match Candle.TryCreate(openTime, openPrice, max openPrice close, min openPrice close, close, 1.0) with
    | Ok candle -> candle
    | Error error -> failwith error.Message
