namespace BtcBandit.Indicators.Tests

open System
open System.Collections.Generic
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

/// A source as any library may make one: it does not guard the grammar of streams.
type private Source<'T>() =
    let observers = List<IObserver<'T>>()
    member val Released = 0 with get, set
    member _.Observers = observers.Count

    member _.Send(item: 'T) =
        for observer in List.ofSeq observers do
            observer.OnNext item

    member _.Fail(error: exn) =
        for observer in List.ofSeq observers do
            observer.OnError error

    member _.End() =
        for observer in List.ofSeq observers do
            observer.OnCompleted()

    interface IObservable<'T> with
        member source.Subscribe(observer) =
            observers.Add observer

            {
                new IDisposable with
                    member _.Dispose() = source.Released <- source.Released + 1
            }

/// Everything that a subscriber was told.
type private Log<'T>() =
    let told = List<string>()
    member val OnItem: 'T -> unit = ignore with get, set
    member _.Told = List.ofSeq told

    interface IObserver<'T> with
        member log.OnNext(item) =
            told.Add(string item)
            log.OnItem item

        member _.OnError(error) = told.Add $"error {error.Message}"
        member _.OnCompleted() = told.Add "end"

module StreamTests =

    /// Sums, silent for one; 13 is its bad luck.
    let private sums =
        ofFunction 1 struct (0, 0) (fun (struct (seen, sum)) input ->
            if input = 13 then
                raise (InvalidOperationException "boom")

            struct (struct (seen + 1, sum + input), (if seen = 0 then ValueNone else ValueSome(sum + input))))

    let private subscribed () =
        let source, log = Source<int>(), Log<int>()
        source, log, (source |> Indicator.observe sums).Subscribe log

    let private told (expected: string list) (log: Log<int>) = Expect.isTrue (log.Told = expected) $"%A{log.Told}"

    [<Tests>]
    let tests =
        testList "StreamTests" [
            testCase "outputs come in order and at once, nothing while silent"
            <| fun () ->
                let source, log, _ = subscribed ()
                source.Send 1
                told [] log
                source.Send 2
                told [ "3" ] log
                source.Send 3
                source.End()
                told [ "3"; "6"; "end" ] log

            testCase "the method for C# and F# is the same"
            <| fun () ->
                let source, log = Source<int>(), Log<int>()
                use _ = source.Scan(sums).Subscribe log
                source.Send 1
                source.Send 2
                told [ "3" ] log

            testCase "the end and an error of the source pass once, and nothing after them"
            <| fun () ->
                for finish, word in
                    [
                        (fun (source: Source<int>) -> source.End()), "end"
                        (fun source -> source.Fail(exn "lost")), "error lost"
                    ] do
                    let source, log, _ = subscribed ()
                    source.Send 1
                    source.Send 2
                    finish source
                    source.Send 3
                    source.End()
                    source.Fail(exn "again")
                    told [ "3"; word ] log
                    equal 1 source.Released

            testCase "an error of the step is told once, releases the source, and nothing follows"
            <| fun () ->
                let source, log, subscription = subscribed ()
                source.Send 1
                source.Send 2
                source.Send 13
                equal 1 source.Released
                source.Send 4
                source.Send 13
                source.End()
                subscription.Dispose()
                told [ "3"; "error boom" ] log
                equal 1 source.Released

            testCase "disposal releases the source once and silences it"
            <| fun () ->
                let source, log, subscription = subscribed ()
                source.Send 1
                source.Send 2
                subscription.Dispose()
                subscription.Dispose()
                source.Send 3
                source.Send 13
                source.End()
                told [ "3" ] log
                equal 1 source.Released

            testCase "disposal from within an output is the last that is heard"
            <| fun () ->
                let source, log, subscription = subscribed ()
                log.OnItem <- fun _ -> subscription.Dispose()
                List.iter source.Send [ 1; 2; 3; 4 ]
                source.End()
                told [ "3" ] log

            testCase "each subscriber has a state of its own"
            <| fun () ->
                let source, first, second = Source<int>(), Log<int>(), Log<int>()
                let stream = source |> Indicator.observe sums
                let subscription = stream.Subscribe first
                source.Send 1
                source.Send 2
                use _ = stream.Subscribe second
                source.Send 10
                source.Send 20
                subscription.Dispose()
                source.Send 30
                source.End()
                told [ "3"; "13"; "33" ] first
                told [ "30"; "60"; "end" ] second
                equal 2 source.Observers

            testCase "an error of the subscriber goes to who sent, and ends its run"
            <| fun () ->
                let source, log, _ = subscribed ()
                log.OnItem <- fun _ -> raise (TimeoutException())
                source.Send 1
                throws<TimeoutException>(fun () -> source.Send 2)
                equal 1 source.Released
                source.Send 3
                source.End()
                told [ "3" ] log

            testCase "a source that sends before its Subscribe returns is released when it does"
            <| fun () ->
                let mutable released = 0

                let eager items = {
                    new IObservable<int> with
                        member _.Subscribe(observer) =
                            List.iter observer.OnNext items
                            observer.OnCompleted()

                            {
                                new IDisposable with
                                    member _.Dispose() = released <- released + 1
                            }
                }

                let log = Log<int>()
                use _ = (eager [ 1; 2; 13; 4 ]).Scan(sums).Subscribe log
                told [ "3"; "error boom" ] log
                equal 1 released
                let other = Log<int>()
                use _ = (eager [ 1; 2; 3 ]).Scan(sums).Subscribe other
                told [ "3"; "6"; "end" ] other

            testCase "no source is refused at once"
            <| fun () ->
                let missing = Unchecked.defaultof<IObservable<int>>

                throwsFor<ArgumentNullException> "source" (fun () -> missing |> Indicator.observe sums |> ignore)
        ]
