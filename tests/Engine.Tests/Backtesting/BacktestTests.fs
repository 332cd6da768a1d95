namespace BtcBandit.Engine.Tests.Backtesting

open System
open System.Collections.Generic
open System.Reactive.Linq
open System.Threading
open NUnit.Framework
open FsCheck.NUnit
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Backtesting
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions
open BtcBandit.Engine.Tests.Trading

/// Runs side by side, against each of them alone.
[<TestFixture>]
type BacktestTests() =

    let candles seed count = Trading.market SyntheticWorld.Drifts seed count

    let planOf (list: string) agent seed =
        RunPlan.Of(
            Make.source,
            RunParameters(Agent = agent, Seed = seed, Horizon = Nullable 5, History = 20),
            RunParts(FeatureSet = FeatureSet.Of list)
        )

    /// Other lists, agents and seeds, and one twice.
    let plans =
        [
            planOf "sma:14,ema:14,atr:14" "linear-ts" 1L
            planOf "sma:14,ema:14,atr:14" "linear-ts" 2L
            planOf "sma:14" "random" 1L
            planOf "sma:14,ema:14,atr:14" "softmax" 1L
            planOf "sma:14" "ma-cross" 1L
            planOf "sma:14" "random" 1L
        ]

    let alone (plan: RunPlan) (candles: Candle list) =
        let run = TradingRun plan
        let steps = candles |> List.choose (fun candle -> Option.ofObj (run.Next candle))
        steps, (if steps.IsEmpty then None else Some((run.Capture().Summarise()).ToJson()))

    let together threads (plans: RunPlan list) (candles: IObservable<Candle>) =
        let seen = [ for _ in plans -> List<Step>() ]

        let runs =
            List.zip plans seen
            |> List.map (fun (plan, steps) -> BacktestRun(plan, OnStep = fun step -> steps.Add step))

        let results = Backtest.RunAsync(candles, runs, Nullable threads).GetAwaiter().GetResult()

        [
            for result, steps in Seq.zip results seen ->
                List.ofSeq steps, Option.ofObj result.Summary |> Option.map _.ToJson(), Option.ofObj result.Error
        ]

    [<Property(MaxTest = 15)>]
    member _.``every run is what it would be alone, on any number of threads``(seed: int64, count: byte) =
        // More than a batch, and also fewer candles than the warm-up.
        let candles = candles seed (5 * int count)
        let expected = [ for plan in plans -> alone plan candles ]

        for threads in [ 1; 2; 5 ] do
            let actual = together threads plans (candles.ToObservable())
            equal expected [ for steps, summary, _ in actual -> steps, summary ]
            equal true (actual |> List.forall (fun (_, _, error) -> error.IsNone))

    [<Test>]
    member _.``two indicators of one name are not shared``() =
        let planWith (scale: float) =
            let own = Indicator.scan (fun _ (candle: Candle) -> struct (0.0, scale * candle.Close % 3.0)) 0.0
            let recipe = IndicatorRecipe.Of("own", own).WithFeatures(IndicatorFeature.Centred(0, scale = 1.0))

            RunPlan.Of(
                Make.source,
                RunParameters(Horizon = Nullable 5, History = 20),
                RunParts(FeatureSet = FeatureSet.Of("sma:14,own", Catalogue.BuiltIn.With recipe))
            )

        let plans = [ planWith 1.0; planWith -7.0 ]
        let candles = candles 1L 400
        let expected = [ for plan in plans -> alone plan candles ]
        Assert.That(expected[0], Is.Not.EqualTo expected[1])

        equal
            expected
            [
                for steps, summary, _ in together 2 plans (candles.ToObservable()) -> steps, summary
            ]

    [<Test>]
    member _.``candles are read once, whatever the number of runs``() =
        let mutable subscriptions = 0
        let source = (candles 1L 300).ToObservable()

        let counted =
            Observable.Defer(fun () ->
                subscriptions <- subscriptions + 1
                source)

        together 2 plans counted |> ignore
        equal 1 subscriptions

    [<Test>]
    member _.``a run that fails ends alone, and says why``() =
        let failing =
            AgentCatalogue.Default.With(
                AgentRecipe("failing", "fails", fun _ _ -> StubAgent(1, fun _ -> raise Battery.boom) :> IAgent)
            )

        let bad =
            RunPlan.Of(
                Make.source,
                RunParameters(Agent = "failing"),
                RunParts(FeatureSet = FeatureSet.Of "sma:14", Agents = failing)
            )

        let candles = candles 1L 200

        match together 2 [ plans[2]; bad; plans[4] ] (candles.ToObservable()) with
        | [ first; failed; last ] ->
            let steps, summary, _ = first
            equal (alone plans[2] candles) (steps, summary)
            let steps, summary, _ = last
            equal (alone plans[4] candles) (steps, summary)
            let steps, summary, error = failed
            equal ([], None) (steps, summary)
            Assert.That(error.Value, Is.SameAs Battery.boom)
        | other -> Assert.Fail $"{other.Length} results"

    [<Test>]
    member _.``a run that fails in the middle takes no further step and leaves no state``() =
        let candles = candles 1L 1_200
        let steps = List<Step>()

        let run =
            BacktestRun(
                plans[2],
                OnStep =
                    fun step ->
                        steps.Add step

                        if step.Number = 100L then
                            raise Battery.boom
            )

        let results = Backtest.RunAsync(candles.ToObservable(), [ run ]).GetAwaiter().GetResult()
        equal 100 steps.Count
        Assert.That(results[0].Error, Is.SameAs Battery.boom)
        Assert.That(results[0].State, Is.Null)

    [<Test>]
    member _.``an error of the candles is thrown``() =
        let broken = (candles 1L 60).ToObservable().Concat(Observable.Throw<Candle> Battery.boom)

        let thrown =
            Assert.Throws<InvalidOperationException>(Action(fun () -> together 1 plans broken |> ignore))

        Assert.That(thrown, Is.SameAs Battery.boom)

    [<Test>]
    member _.``a stop ends it``() =
        use stop = new CancellationTokenSource()
        let endless = SyntheticFeed.Candles(SyntheticOptions())
        let mutable steps = 0

        let run =
            BacktestRun(
                plans[0],
                OnStep =
                    fun _ ->
                        steps <- steps + 1

                        if steps = 1_000 then
                            stop.Cancel()
            )

        Assert.Throws<Tasks.TaskCanceledException>(
            Action(fun () ->
                Backtest
                    .RunAsync(
                        endless.ToObservable System.Reactive.Concurrency.NewThreadScheduler.Default,
                        [ run ],
                        Nullable 1,
                        stop.Token
                    )
                    .GetAwaiter()
                    .GetResult()
                |> ignore)
        )
        |> ignore

    [<Test>]
    member _.``what was learned before is where an agent starts``() =
        let candles = candles 3L 400
        let first = TradingRun plans[0]

        for candle in candles do
            first.Next candle |> ignore

        let learned = first.Capture().Agent
        let run = BacktestRun(plans[0], Learned = learned)
        let results = Backtest.RunAsync(candles.ToObservable(), [ run ]).GetAwaiter().GetResult()
        let read (state: AgentState) = (state.Read<PosteriorState> "linear-ts").Learned
        equal (2L * read learned) (read (nonNull results[0].State).Agent)

    [<Test>]
    member _.``a session over the same candles comes to the same summary``() =
        use folder = new Temporary()
        let candles = candles 1L 500
        let plan = plans[0]

        let session = SessionPlan(Run = plan, Candles = candles.ToObservable(), DataDir = folder.Path)
        let kept, _ = Runs.run session

        let _, summary, _ = (together 1 [ plan ] (candles.ToObservable())).Head
        equal summary (Some((nonNull kept.Run).Summarise().ToJson()))
