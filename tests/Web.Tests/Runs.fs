namespace BtcBandit.Web.Tests

open System
open System.Collections.Generic
open System.IO
open System.Reactive.Concurrency
open System.Reactive.Linq
open System.Threading
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Web

[<AutoOpen>]
module Assertions =
    let near (tolerance: float) (expected: float[]) (actual: float[]) =
        equal expected.Length actual.Length

        for one, other in Array.zip expected actual do
            if Double.IsNaN one then
                holds (Double.IsNaN other)
            else
                isNear (tolerance * max 1.0 (abs one)) one other

/// Runs with few words.
module Runs =
    let market = SyntheticOptions()

    /// At no costs, so that there are executions.
    let planAt (costs: Costs) =
        RunPlan.Of(market.Source(TradingPair("BTC", "USDT")), RunParameters(Costs = costs, History = 100))

    let candles: Candle list Lazy = lazy (SyntheticFeed.Candles market |> Seq.truncate 4_000 |> List.ofSeq)

    let private all =
        lazy
            (let found = List<Step>()

             use _ =
                 candles.Value.ToObservable(CurrentThreadScheduler.Instance).Trade(planAt Costs.None).Subscribe
                     found.Add

             List.ofSeq found)

    let steps count = List.truncate count all.Value

    let watched (clock: TimeProvider) =
        let log = RunLog()
        let controls = RunControls(PaceControl(TimeSpan.Zero, clock), log, ignore, ignore)
        let mode = RunMode.Synthetic(market.World, market.Seed)
        let monitor = new RunMonitor(controls, log, FeedReport(), Nullable(), mode, null, clock)
        new WatchedRun(monitor, (planAt Costs.None).Header, "1.2.3")

    /// One session of a plan in a folder, which a watched run follows, on the candles from a time on.
    let sessionOf (run: RunPlan) (from: int64) (folder: Temporary) count (watched: WatchedRun option) =
        let plan =
            SessionPlan(
                Run = run,
                Candles =
                    (candles.Value |> List.filter (fun candle -> candle.OpenTime >= from))
                        .ToObservable(CurrentThreadScheduler.Instance),
                DataDir = folder.Path,
                Steps = Nullable count
            )

        use session = new Session(plan, TimeProvider.System, ignore, CancellationToken.None)

        match watched with
        | Some run ->
            session.Steps.Watch(run, (fun error -> failwith error.Message)) |> ignore
            run.Follow(session, null, (fun error -> failwith error.Message))
        | None -> ()

        let result = session.RunAsync().GetAwaiter().GetResult()
        isNull' result.Error

    /// One session in a folder, on the candles from a time on.
    let sessionFrom from folder count run = sessionOf (planAt Costs.None) from folder count run

    /// One session in a folder, on all candles.
    let session folder count run = sessionFrom Int64.MinValue folder count run
