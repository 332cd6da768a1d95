namespace BtcBandit.Engine.Tests.Sessions

open System
open System.IO
open System.Reactive.Concurrency
open System.Reactive.Linq
open System.Threading
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Feeds

/// Sessions with few words.
module Runs =
    let parameters = RunParameters(Horizon = Nullable 5, History = 100, Costs = Costs.Of(1.0, 0.5))

    let source seed = SyntheticOptions(Seed = seed).Source(TradingPair("BTC", "USDT"))

    let planOf (list: string) parameters seed =
        RunPlan.Of(source seed, parameters, RunParts(FeatureSet = FeatureSet.Of list))

    let market seed = SyntheticFeed.Candles(SyntheticOptions(Seed = seed))

    /// On the caller's thread, so that a test needs no waiting.
    let feed (candles: Candle seq) = candles.ToObservable(CurrentThreadScheduler.Instance)

    let planWith list parameters seed dataDir steps =
        SessionPlan(
            Run = planOf list parameters seed,
            Candles = feed (market seed),
            DataDir = dataDir,
            Steps = Nullable steps
        )

    let plan dataDir steps = planWith Catalogue.Default parameters 1L dataDir steps

    let runWatched (watch: IObservable<Step> -> unit) (plan: SessionPlan) =
        let told = ResizeArray<SessionNote>()

        use session =
            new Session(plan, TimeProvider.System, (fun note -> told.Add note), CancellationToken.None)

        watch session.Steps
        let result = session.RunAsync().GetAwaiter().GetResult()
        result, List.ofSeq told

    let run plan = runWatched ignore plan

    let files folder =
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        |> Array.filter (fun file -> not (file.Contains "/lock"))
        |> Array.map (fun file -> Path.GetRelativePath(folder, file))
        |> Array.sort
        |> List.ofArray
