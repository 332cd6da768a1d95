namespace BtcBandit.Engine.Tests.Watching

open System
open System.Reactive.Linq
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Exchange
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Synthetic
open BtcBandit.Engine.Market
open BtcBandit.Engine.Sessions
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds

module SkillWatchTests =

    /// A run of a free market with its monitor, and what makes so many of its next steps.
    let private watched () =
        let clock, log, market = ManualClock(), RunLog(), SyntheticOptions()

        let run =
            TradingRun(RunPlan.Of(market.Source(TradingPair("BTC", "USDT")), RunParameters(Costs = Costs.None)))

        let mutable asked = 0

        let growth () =
            asked <- asked + 1
            run.Growth

        let controls = RunControls(PaceControl(TimeSpan.Zero, clock), log, ignore, ignore)

        let monitor =
            new RunMonitor(controls, log, FeedReport(), Nullable(), RunMode.Archive(), null, clock, Growth = growth)

        let candles = (SyntheticFeed.Candles market).GetEnumerator()

        let rec next count =
            if count > 0 then
                candles.MoveNext() |> ignore

                match run.Next candles.Current with
                | null -> next count
                | step ->
                    monitor.OnNext step
                    next (count - 1)

        monitor, clock, next, run, (fun () -> asked)

    let private skill (monitor: RunMonitor) = nonNull (monitor.Look()).Skill

    [<Tests>]
    let tests =
        testList "SkillWatchTests" [
            testCase "there is no verdict before the first step, nor where nobody tells"
            <| fun () ->
                let monitor, _, next, _, _ = watched ()
                holds (isNull (monitor.Look()).Skill)
                monitor.Growth <- null
                next 5
                holds (isNull (monitor.Look()).Skill)

            testCase "the first verdict is that of the first step"
            <| fun () ->
                let monitor, _, next, _, _ = watched ()
                next 1
                equal 1L (skill monitor).Steps

            testCase "verdicts are five seconds apart, however often somebody looks"
            <| fun () ->
                let monitor, clock, next, _, asked = watched ()
                // The first step told; those after it wait for somebody who looks.
                next 130
                equal 1L (skill monitor).Steps
                next 1
                equal 131L (skill monitor).Steps

                for _ in 1..20 do
                    next 10
                    equal 131L (skill monitor).Steps

                clock.Pass 5.0
                // This look asks, and the next step tells.
                equal 131L (skill monitor).Steps
                next 1
                equal 332L (skill monitor).Steps
                equal 3 (asked ())

            testCase "as long as there are too few steps, each look asks"
            <| fun () ->
                let monitor, _, next, _, _ = watched ()

                for steps in 1L .. 100L do
                    next 1
                    equal steps (skill monitor).Steps

            testCase "it is the verdict of the run itself"
            <| fun () ->
                let monitor, _, next, run, _ = watched ()
                next 1
                monitor.Look() |> ignore
                next 300
                // The first of them told.
                equal 2L (skill monitor).Steps
                monitor.OnCompleted()
                equal 301L (skill monitor).Steps
                equal ((nonNull run.Growth).Judge()) (skill monitor)
                equal ((run.Capture()).Judge()) (skill monitor)

            testCase "the end is told however fast it came"
            <| fun () ->
                let monitor, _, next, _, _ = watched ()
                next 1
                monitor.Look() |> ignore
                next 200
                monitor.OnError(Exception "the plug")
                equal 201L (skill monitor).Steps

            testCase "after an exception in the middle of a step the last verdict stays"
            <| fun () ->
                let monitor, _, next, _, _ = watched ()
                next 1
                equal 1L (skill monitor).Steps
                monitor.Growth <- fun () -> null
                monitor.OnError(Exception "a step")
                equal 1L (skill monitor).Steps
        ]
