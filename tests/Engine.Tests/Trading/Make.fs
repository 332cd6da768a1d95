/// Values that tests need and do not care about.
module BtcBandit.Engine.Tests.Trading.Make

open System.Collections.Immutable
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

let source =
    MarketSource.Synthetic(TradingPair("BTC", "USDT"), Timeframe.OneMinute, SyntheticWorld.Martingale, 1L)

let parameters = RunParameters(Horizon = System.Nullable 15)

/// The same but for what is named: C# has `with` for this, F# has it for its own records only.
let private changed (p: RunParameters) seed scale history =
    RunParameters(
        Seed = seed,
        PosteriorScale = scale,
        History = history,
        Horizon = p.Horizon,
        Costs = p.Costs,
        InitialCash = p.InitialCash
    )

/// The program's parameters but for horizon and costs.
let parametersOf (horizon: int) (feeBps: float) (slippageBps: float) (cash: float) =
    RunParameters(Horizon = System.Nullable horizon, Costs = Costs.Of(feeBps, slippageBps), InitialCash = cash)

let withHistory (history: int) (p: RunParameters) = changed p p.Seed p.PosteriorScale history
let withSeed (seed: int64) (p: RunParameters) = changed p seed p.PosteriorScale p.History
let withScale (scale: float) (p: RunParameters) = changed p p.Seed scale p.History

/// Names of so many features that need none.
let features count = Array.init count (fun i -> $"feature_{i}")

/// A run on so many features that need no names.
let headerOf (count: int) (p: RunParameters) =
    RunHeader(source, p, ImmutableArray.Empty, ImmutableArray.Create<string>(features count))

let candle openTime openPrice close =
    match Candle.tryCreate (openTime, openPrice, max openPrice close, min openPrice close, close, 1.0) with
    | Ok candle -> candle
    | Error error -> failwith error.Message

/// The step as its run has it before anybody asks for the value.
let made (step: Step) : MadeStep =
    let refusal = step.Reason.Split("; ", 2)

    MadeStep(
        step.Portfolio,
        step.Statistics,
        Candle = step.Candle,
        Index = step.Observation.Index,
        Decision = step.Decision,
        Fill = step.Fill,
        Reward = step.Reward,
        Refusal = (if refusal.Length = 2 then refusal[1] else null)
    )
