namespace BtcBandit.Engine.Tests.Watching

open System
open System.Collections.Generic
open System.Reactive.Concurrency
open System.Reactive.Linq
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading

/// Time that passes when it is told to.
type ManualClock() =
    inherit TimeProvider()
    let mutable ticks = 0L
    member _.Pass(seconds: float) = ticks <- ticks + int64 (seconds * 1e7)
    override _.TimestampFrequency = 10_000_000L
    override _.GetTimestamp() = ticks
    override _.GetUtcNow() = DateTimeOffset.UnixEpoch.AddTicks ticks

/// What watchers watch, and what they wrote down.
module Watched =
    /// A run on a synthetic market at no costs, so that there are executions.
    let run (count: int) : IObservable<Step> =
        let market = SyntheticOptions()
        let plan = RunPlan.Of(market.Source(TradingPair("BTC", "USDT")), RunParameters(Costs = Costs.None))

        SyntheticFeed.Candles(market).ToObservable(CurrentThreadScheduler.Instance).Trade(plan).Take count

    /// The first steps of that run.
    let take count =
        let all = List<Step>()
        use _ = (run count).Subscribe all.Add
        all

    let steps = lazy (List.ofSeq (take 600))

    /// Writes down what it is told, and throws where it is asked to.
    type Scribe<'value>(throwsAt: string -> bool) =
        let told = List<string>()

        let write line =
            told.Add line

            if throwsAt line then
                failwith $"cannot take {line}"

        member _.Told = List.ofSeq told

        interface IObserver<'value> with
            member _.OnNext value = write (string value)
            member _.OnError error = write $"error {error.Message}"
            member _.OnCompleted() = write "end"
