namespace BtcBandit.Engine.Tests.Pipeline

open System
open System.IO
open System.Reactive.Concurrency
open System.Reactive.Linq
open System.Threading
open BtcBandit.Indicators
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Domain
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Pipeline

/// A folder that is gone when the test is.
type Temporary() =
    let path = Directory.CreateTempSubdirectory("btcbandit-").FullName
    member _.Path = path
    member _.File name = Path.Combine(path, name)

    interface IDisposable with
        member _.Dispose() = Directory.Delete(path, true)

/// Sessions with few words.
module Runs =
    let parameters = RunParameters(Horizon = Nullable 5, History = 100, FeeBps = 1.0, SlippageBps = 0.5)

    let headerOf (context: Context) (parameters: RunParameters) seed =
        RunHeader.For(SyntheticOptions(Seed = seed).Source(TradingPair("BTC", "USDT")), context, parameters)

    let market seed = Synthetic.Candles(SyntheticOptions(Seed = seed))

    /// On the caller's thread, so that a test needs no waiting.
    let feed (candles: Candle seq) = candles.ToObservable(CurrentThreadScheduler.Instance)

    let planWith list parameters seed dataDir steps =
        let context = Context.Of list

        SessionPlan(
            Header = headerOf context parameters seed,
            Context = context,
            Candles = feed (market seed),
            DataDir = dataDir,
            Steps = Nullable steps
        )

    let plan dataDir steps = planWith Catalogue.Default parameters 1L dataDir steps

    let runWatched (watch: IObservable<Step> -> unit) (plan: SessionPlan) =
        let told = ResizeArray<string>()

        use session =
            new Session(plan, TimeProvider.System, (fun line -> told.Add line), CancellationToken.None)

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
