namespace BtcBandit.Indicators.Tests

open System
open System.Collections.Generic
open NUnit.Framework
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

            { new IDisposable with
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

[<TestFixture>]
type StreamTests() =

    /// Sums, silent for one; 13 is its bad luck.
    let sums =
        ofFunction 1 struct (0, 0) (fun (struct (seen, sum)) input ->
            if input = 13 then
                raise (InvalidOperationException "boom")

            struct (struct (seen + 1, sum + input), (if seen = 0 then ValueNone else ValueSome(sum + input))))

    let subscribed () =
        let source, log = Source<int>(), Log<int>()
        source, log, (source |> Indicator.observe sums).Subscribe log

    let told (expected: string list) (log: Log<int>) = Assert.That((log.Told = expected), $"%A{log.Told}")

    [<Test>]
    member _.``outputs come in order and at once, nothing while silent``() =
        let source, log, _ = subscribed ()
        source.Send 1
        told [] log
        source.Send 2
        told [ "3" ] log
        source.Send 3
        source.End()
        told [ "3"; "6"; "end" ] log

    [<Test>]
    member _.``the method for C# and F# is the same``() =
        let source, log = Source<int>(), Log<int>()
        use _ = source.Scan(sums).Subscribe log
        source.Send 1
        source.Send 2
        told [ "3" ] log

    [<Test>]
    member _.``the end and an error of the source pass once, and nothing after them``() =
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
            Assert.That(source.Released, Is.EqualTo 1)

    [<Test>]
    member _.``an error of the step is told once, releases the source, and nothing follows``() =
        let source, log, subscription = subscribed ()
        source.Send 1
        source.Send 2
        source.Send 13
        Assert.That(source.Released, Is.EqualTo 1)
        source.Send 4
        source.Send 13
        source.End()
        subscription.Dispose()
        told [ "3"; "error boom" ] log
        Assert.That(source.Released, Is.EqualTo 1)

    [<Test>]
    member _.``disposal releases the source once and silences it``() =
        let source, log, subscription = subscribed ()
        source.Send 1
        source.Send 2
        subscription.Dispose()
        subscription.Dispose()
        source.Send 3
        source.Send 13
        source.End()
        told [ "3" ] log
        Assert.That(source.Released, Is.EqualTo 1)

    [<Test>]
    member _.``disposal from within an output is the last that is heard``() =
        let source, log, subscription = subscribed ()
        log.OnItem <- fun _ -> subscription.Dispose()
        List.iter source.Send [ 1; 2; 3; 4 ]
        source.End()
        told [ "3" ] log

    [<Test>]
    member _.``each subscriber has a state of its own``() =
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
        Assert.That(source.Observers, Is.EqualTo 2)

    [<Test>]
    member _.``an error of the subscriber goes to who sent, and ends its run``() =
        let source, log, _ = subscribed ()
        log.OnItem <- fun _ -> raise (TimeoutException())
        source.Send 1
        Assert.That(Action(fun () -> source.Send 2), Throws.TypeOf<TimeoutException>())
        Assert.That(source.Released, Is.EqualTo 1)
        source.Send 3
        source.End()
        told [ "3" ] log

    [<Test>]
    member _.``a source that sends before its Subscribe returns is released when it does``() =
        let mutable released = 0

        let eager items =
            { new IObservable<int> with
                member _.Subscribe(observer) =
                    List.iter observer.OnNext items
                    observer.OnCompleted()

                    { new IDisposable with
                        member _.Dispose() = released <- released + 1
                    }
            }

        let log = Log<int>()
        use _ = (eager [ 1; 2; 13; 4 ]).Scan(sums).Subscribe log
        told [ "3"; "error boom" ] log
        Assert.That(released, Is.EqualTo 1)
        let other = Log<int>()
        use _ = (eager [ 1; 2; 3 ]).Scan(sums).Subscribe other
        told [ "3"; "6"; "end" ] other

    [<Test>]
    member _.``no source is refused at once``() =
        let missing = Unchecked.defaultof<IObservable<int>>

        Assert.That(
            Action(fun () -> missing |> Indicator.observe sums |> ignore),
            Throws.TypeOf<ArgumentNullException>().With.Property("ParamName").EqualTo "source"
        )
