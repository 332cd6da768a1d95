namespace BtcBandit.Engine.Tests.Feeds

open System
open System.Reactive.Linq
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Evaluation
open Candles
open VirtualTime

module AggregateTests =

    let private five = timeframe "5m"

    let private aggregate (report: FeedReport) (source: IObservable<Candle>) =
        source.Aggregate(Timeframe.OneMinute, five, report)

    let private aggregated (candles: Candle list) =
        let report = FeedReport()
        let groups, error, completed = collect (aggregate report (candles.ToObservable()))
        groups, error, completed, report

    /// Every definition in one place, and none of the operator's state.
    let private naive (candles: Candle list) =
        candles
        |> List.groupBy (fun candle -> candle.OpenTime / five.Milliseconds)
        |> List.filter (fun (_, parts) -> parts.Length = 5)
        |> List.map (fun (group, parts) ->
            Candle.tryCreate (
                group * five.Milliseconds,
                parts.Head.Open,
                parts |> List.map _.High |> List.max,
                parts |> List.map _.Low |> List.min,
                (List.last parts).Close,
                parts |> List.map _.Volume |> List.sum
            )
            |> Result.toOption
            |> Option.get)

    [<Tests>]
    let tests =
        testList "AggregateTests" [
            testCase "a group comes out with its last part"
            <| fun () ->
                let marbles = Marbles()

                let source = marbles.Cold [ for index in 0..6 -> index + 1, next (candle index) ]

                let messages, _ = marbles.Record(aggregate (FeedReport()) source)
                marbles.RunTo 20
                equal [ 5, "0" ] (shorten messages)

            testCase "an unfinished group is dropped at the end and not before an error"
            <| fun () ->
                for last, count in [ completed, 1L; failed (InvalidOperationException()), 0L ] do
                    let marbles = Marbles()
                    let report = FeedReport()
                    let source = marbles.Cold [ 1, next (candle 0); 2, last ]
                    let messages, _ = marbles.Record(aggregate report source)
                    marbles.RunTo 20
                    equal [ 2, string last.Kind ] (shorten messages)
                    equal count report.IncompleteGroups

            testCase "disposal stops the source"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ for index in 0..9 -> index + 1, next (candle index) ]
                let messages, subscription = marbles.Record(aggregate (FeedReport()) source)
                marbles.RunTo 6
                subscription.Dispose()
                marbles.RunTo 20
                equal [ 5, "0" ] (shorten messages)
                equal [ 0, Some 6 ] (List.ofSeq marbles.Subscriptions)

            testCase "two subscribers do not share a group"
            <| fun () ->
                let marbles = Marbles()
                let source = marbles.Cold [ for index in 0..4 -> index + 1, next (candle index) ]
                let groups = aggregate (FeedReport()) source
                let first, _ = marbles.Record groups
                marbles.RunTo 3
                let second, _ = marbles.Record groups
                marbles.RunTo 20
                equal [ 5, "0" ] (shorten first)
                equal [ 8, "0" ] (shorten second)

            testCase "volumes beyond every number end the stream"
            <| fun () ->
                let huge index = at (newYear + int64 index * minute) 100.0 1e308
                let groups, error, completed, _ = aggregated (List.init 10 huge)
                equal (true, false) (groups.IsEmpty, completed)
                isA<FeedException> error.Value
                contains "2024-01-01 00:00 UTC" error.Value.Message
                contains "volume" error.Value.Message

            testCase "the same timeframe changes nothing"
            <| fun () ->
                let source = [ candle 0; candle 1 ].ToObservable()
                isSame source (source.Aggregate(five, five, FeedReport()))

            testCase "a timeframe that does not fit is the caller's mistake"
            <| fun () ->
                let source = Observable.Empty<Candle>()

                let aggregate () = source.Aggregate(timeframe "8h", timeframe "12h", FeedReport()) |> ignore

                thrown<ArgumentException> aggregate |> ignore

            property "streaming equals the batch definition"
            <| fun (steps: byte list) ->
                // Mostly consecutive minutes, so that complete groups are common.
                let jump (step: byte) = if step < 16uy then 2 + int step else 1

                let candles =
                    steps
                    |> List.collect (fun step -> [ jump step; 1; 1; 1 ])
                    |> List.scan (+) 0
                    |> List.map candle

                let groups, error, completed, report = aggregated candles
                let begun = candles |> List.distinctBy (fun candle -> candle.OpenTime / five.Milliseconds)

                groups = naive candles
                && error.IsNone
                && completed
                && report.Groups = int64 groups.Length
                && report.Groups + report.IncompleteGroups = int64 begun.Length
        ]
