namespace BtcBandit.Indicators

open System
open System.Threading

/// One subscriber's run over a stream. After its end or its release nothing passes, whatever the source still sends.
[<Sealed>]
type internal StreamRun<'State, 'In, 'Out>(fold: Fold<'State, 'In, 'Out>, observer: IObserver<'Out>) =
    let mutable isOver = 0
    let mutable source: IDisposable | null = null

    /// True for the one who ends it.
    let finish () = Interlocked.Exchange(&isOver, 1) = 0

    let release () =
        match Interlocked.Exchange(&source, null) with
        | null -> ()
        | subscription -> subscription.Dispose()

    /// The subscription may come late: a source may send before its Subscribe returns, and so end the run.
    member _.Follow(subscription: IDisposable) =
        Interlocked.Exchange(&source, subscription) |> ignore

        if Volatile.Read &isOver = 1 then
            release ()

    /// Outside the step's try: an error of the subscriber is its own, it goes to who sent; but the run is over.
    member private _.Give(output: 'Out) =
        let mutable isTaken = false

        try
            observer.OnNext output
            isTaken <- true
        finally
            if not isTaken && finish () then
                release ()

    interface IObserver<'In> with
        member run.OnNext(input) =
            if Volatile.Read &isOver = 0 then
                let mutable output = Unchecked.defaultof<'Out>

                let speaks =
                    try
                        fold.TryNext(input, &output)
                    with error ->
                        (run :> IObserver<'In>).OnError error
                        false

                if speaks then
                    run.Give output

        member _.OnError(error) =
            if finish () then
                try
                    observer.OnError error
                finally
                    release ()

        member _.OnCompleted() =
            if finish () then
                try
                    observer.OnCompleted()
                finally
                    release ()

    interface IDisposable with
        member _.Dispose() =
            finish () |> ignore
            release ()

/// A stream of outputs: each subscriber has a run of its own.
[<Sealed>]
type internal FoldedStream<'State, 'In, 'Out>(indicator: Indicator<'State, 'In, 'Out>, source: IObservable<'In>) =
    interface IObservable<'Out> with
        member _.Subscribe(observer) =
            ArgumentNullException.ThrowIfNull(observer, nameof observer)
            let run = new StreamRun<'State, 'In, 'Out>(indicator.Start(), observer)
            run.Follow(source.Subscribe run)
            run
