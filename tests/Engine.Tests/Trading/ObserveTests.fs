namespace BtcBandit.Engine.Tests.Trading

open System
open System.Collections.Generic
open System.Reactive.Linq
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Market
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Tests.Agents
open BtcBandit.Engine.Tests.Evaluation
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Sessions
open BtcBandit.Engine.Tests.Feeds.VirtualTime

module ObserveTests =

    let private context = Trading.context

    let private candles = Trading.market SyntheticWorld.Drifts 4L 80

    let private observed (source: IObservable<Observation>) =
        let seen = List<Observation>()
        use _ = source.Subscribe seen.Add
        List.ofSeq seen

    let private comparable (one: Observation) =
        one.Index,
        one.Candle.OpenTime,
        List.ofSeq one.Indicators,
        Trading.option one.Features |> Option.map List.ofSeq,
        one.UnitFraction

    let private indices messages = shortenBy (fun (one: Observation) -> string one.Index) messages

    [<Tests>]
    let tests =
        testList "ObserveTests" [
            testCase "one observation for each candle, at its time, and the end"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ 1, next candles[0]; 4, next candles[1]; 6, completed ]
                let messages, _ = marbles.Record(source.Observe context)
                marbles.RunTo 9
                equal [ 1, "0"; 4, "1"; 6, "OnCompleted" ] (indices messages)
                equal [ 0, Some 6 ] (List.ofSeq marbles.Subscriptions)

            testCase "an error passes, disposal releases the source"
            <| fun () ->
                let marbles = Marbles()
                let failing = marbles.Cold [ 1, next candles[0]; 2, failed Battery.boom ]
                let messages, _ = marbles.Record(failing.Observe context)
                let steady = marbles.Cold [ 1, next candles[0]; 5, next candles[1] ]
                let others, subscription = marbles.Record(steady.Observe context)
                marbles.RunTo 3
                subscription.Dispose()
                marbles.RunTo 9
                equal [ 1, "0"; 2, "OnError" ] (indices messages)
                equal [ 1, "0" ] (indices others)
                equal [ 0, Some 2; 0, Some 3 ] (List.ofSeq marbles.Subscriptions)

            testCase "each subscriber folds for itself, whenever it comes"
            <| fun () ->
                let marbles = Marbles()
                let observations = (marbles.Cold [ for i in 0..79 -> i, next candles[i] ]).Observe context
                let first, _ = marbles.Record observations
                marbles.RunTo 40
                let second, _ = marbles.Record observations
                marbles.RunTo 200

                let values (messages: List<int * Reactive.Notification<Observation>>) = [
                    for _, event in messages -> comparable event.Value
                ]

                equal 80 first.Count
                equal (values first) (values second)

            testCase "rows and features are the fold's, and features come when everything is warm"
            <| fun () ->
                let fold = context.Start()

                for one, candle in List.zip (observed (candles.ToObservable().Observe context)) candles do
                    let row = Array.zeroCreate<float> context.Columns.Length
                    let features = Array.zeroCreate<float> context.Features.Length
                    let warm = fold.Push(&candle, Span row, Span features)
                    equal (one.Index >= int64 context.WarmUp) warm

                    equal
                        (one.Index,
                         candle.OpenTime,
                         List.ofArray row,
                         (if warm then Some(List.ofArray features) else None),
                         fold.UnitFraction)
                        (comparable one)

            testCase "no observation changes after it was given"
            <| fun () ->
                let source = candles.ToObservable().Observe context
                let seen = List<Observation * (int64 * int64 * float list * float list option * float)>()
                use _ = source.Subscribe(fun one -> seen.Add((one, comparable one)))

                equal (Seq.length candles) seen.Count

                for one, atOnce in seen do
                    equal atOnce (comparable one)

            testCase "from a saved state it goes on, with the index it is told"
            <| fun () ->
                let whole = observed (candles.ToObservable().Observe context)

                for split in [ 1; 13; 14; 30; 31; 79 ] do
                    let run = ObservationRun(context, Nullable(), 0L)

                    for candle in List.take split candles do
                        run.Next &candle |> ignore

                    let saved = run.Save()

                    let rest = observed ((List.skip split candles).ToObservable().Observe(context, saved, int64 split))
                    equal (whole |> List.skip split |> List.map comparable) (rest |> List.map comparable)

            testCase "a saved state of other indicators is an error of the stream"
            <| fun () ->
                let saved = context.Start().Save()

                let other =
                    match FeatureSet.parse "sma:14" with
                    | Ok context -> context
                    | Error message -> failwith message

                let marbles = Marbles()
                let messages, _ = marbles.Record((marbles.Cold [ 1, next candles[0] ]).Observe(other, saved, 0L))
                marbles.RunTo 3
                equal [ 0, "OnError" ] (indices messages)
        ]
