/// Values that tests need and do not care about.
module BtcBandit.Engine.Tests.Domain.Make

open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Domain

let source = RunSource("synthetic", "BTC/USDT", "1m", "martingale", 1L)

let parameters = RunParameters(Horizon = System.Nullable 15)

/// The same but for what is named: C# has `with` for this, F# has it for its own records only.
let private changed (p: RunParameters) seed scale history =
    RunParameters(
        Seed = seed,
        PosteriorScale = scale,
        History = history,
        Horizon = p.Horizon,
        FeeBps = p.FeeBps,
        SlippageBps = p.SlippageBps,
        InitialCash = p.InitialCash
    )

/// The program's parameters but for horizon and costs.
let parametersOf (horizon: int) (feeBps: float) (slippageBps: float) (cash: float) =
    RunParameters(Horizon = System.Nullable horizon, FeeBps = feeBps, SlippageBps = slippageBps, InitialCash = cash)

let withHistory (history: int) (p: RunParameters) = changed p p.Seed p.PosteriorScale history
let withSeed (seed: int64) (p: RunParameters) = changed p seed p.PosteriorScale p.History
let withScale (scale: float) (p: RunParameters) = changed p p.Seed scale p.History

/// A run on so many features that need no names.
let headerOf (features: int) (p: RunParameters) =
    RunHeader(source, p, [||], Array.init features (fun i -> $"feature_{i}"))

let candle openTime openPrice close =
    match Candle.tryCreate (openTime, openPrice, max openPrice close, min openPrice close, close, 1.0) with
    | Ok candle -> candle
    | Error error -> failwith error.Message
