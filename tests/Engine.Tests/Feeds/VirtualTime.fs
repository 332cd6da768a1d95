namespace BtcBandit.Engine.Tests.Feeds

open System
open System.Collections.Generic
open System.Reactive
open System.Reactive.Concurrency
open System.Reactive.Disposables
open System.Reactive.Linq
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Market

[<AutoOpen>]
module Expectations =
    /// The fault a call ends with.
    let fault (call: unit -> 'result) =
        try
            call () |> ignore
            failwith "nothing was refused"
        with :? FeedException as error ->
            error.Fault

    /// The one line of the fault a call ends with.
    let refusal (call: unit -> 'result) = (fault call).Sentence

/// Candles with few words: what matters in a test is when they open and whether they differ.
module Candles =
    let minute = 60_000L
    /// 2024-01-01 00:00 UTC.
    let newYear = 1_704_067_200_000L

    let at openTime price volume =
        match Candle.tryCreate (openTime, price, price + 2.0, price - 2.0, price + 1.0, volume) with
        | Ok candle -> candle
        | Error error -> failwith error.Message

    /// The candle that opens so many minutes into 2024.
    let candle index = at (newYear + int64 index * minute) (100.0 + float (index % 50)) 1.5

    let restated index price = at (newYear + int64 index * minute) price 9.0

    let timeframe name =
        match Timeframe.TryParse name with
        | true, found -> found
        | _ -> failwith $"no timeframe {name}"

    let minutes (candles: Candle seq) = [ for candle in candles -> int ((candle.OpenTime - newYear) / minute) ]

    /// What an observable that needs no time says at once: values, error, completed.
    let collect (source: IObservable<Candle>) =
        let values = List<Candle>()
        let mutable error: exn option = None
        let mutable completed = false

        use _ = source.Subscribe(values.Add, (fun found -> error <- Some found), (fun () -> completed <- true))

        List.ofSeq values, error, completed

/// Marble diagrams: seconds and what happens then.
module VirtualTime =
    let next value = Notification.CreateOnNext value
    let failed<'value> (error: exn) = Notification.CreateOnError<'value> error
    let completed<'value> = Notification.CreateOnCompleted<'value>()

    let private start = DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)

    type Marbles() =
        member val Scheduler = HistoricalScheduler start
        /// When somebody subscribed and when the subscription was disposed, in seconds.
        member val Subscriptions = List<int * int option>()

        member this.Now = int (this.Scheduler.Now - start).TotalSeconds

        /// Plays its events from the moment of each subscription on; does not care about the grammar of streams.
        member this.Cold<'value>(events: (int * Notification<'value>) list) =
            Observable.Create<'value>(fun (observer: IObserver<'value>) ->
                let index = this.Subscriptions.Count
                this.Subscriptions.Add((this.Now, None))

                let scheduled = [
                    for second, event in events ->
                        this.Scheduler.Schedule(
                            TimeSpan.FromSeconds(float second),
                            Action(fun () -> event.Accept observer)
                        )
                ]

                Disposable.Create(fun () ->
                    this.Subscriptions[index] <- (fst this.Subscriptions[index], Some this.Now)
                    scheduled |> List.iter _.Dispose()))

        /// Messages with their times, from now on.
        member this.Record<'value>(source: IObservable<'value>) =
            let messages = List<int * Notification<'value>>()
            let subscription = source.Materialize().Subscribe(fun event -> messages.Add((this.Now, event)))
            messages, subscription

        member this.RunTo(second: int) = this.Scheduler.AdvanceTo(start.AddSeconds(float second))

    /// Short notation for comparisons: second and minute of the candle, or the message's kind.
    let shortenBy (show: 'value -> string) (messages: (int * Notification<'value>) seq) = [
        for second, event in messages ->
            match event.Kind with
            | NotificationKind.OnNext -> second, show event.Value
            | kind -> second, string kind
    ]

    let shorten (messages: (int * Notification<Candle>) seq) = [
        for second, event in messages ->
            match event.Kind with
            | NotificationKind.OnNext -> second, string (Candles.minutes [ event.Value ]).Head
            | kind -> second, string kind
    ]
