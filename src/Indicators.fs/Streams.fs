namespace BtcBandit.Indicators

open System
open System.Threading

/// One subscriber's run over a stream. After the end or after Dispose nothing passes, whatever the source still sends.
/// Replaces Select and Where of System.Reactive, on which this package would depend only for them; delete it when it depends
/// on that anyway.
[<Sealed>]
type internal StreamRun<'State, 'In, 'Out>(run: IndicatorRun<'State, 'In, 'Out>, observer: IObserver<'Out>) =
    let mutable isOver = 0
    let mutable source: IDisposable | null = null

    /// True for the first caller, who ends the run.
    let finish () = Interlocked.Exchange(&isOver, 1) = 0

    let release () =
        match Interlocked.Exchange(&source, null) with
        | null -> ()
        | subscription -> subscription.Dispose()

    /// Keeps the subscription. A source may send, and so end the run, before its Subscribe returns.
    member _.Follow(subscription: IDisposable) =
        Interlocked.Exchange(&source, subscription) |> ignore

        if Volatile.Read &isOver = 1 then
            release ()

    /// Outside the step's try: an exception of the subscriber goes to the sender, and ends the run.
    member private _.Give(output: 'Out) =
        let mutable isTaken = false

        try
            observer.OnNext output
            isTaken <- true
        finally
            if not isTaken && finish () then
                release ()

    interface IObserver<'In> with
        member this.OnNext(input) =
            if Volatile.Read &isOver = 0 then
                let mutable output = Unchecked.defaultof<'Out>

                let speaks =
                    try
                        run.TryNext(input, &output)
                    with error ->
                        (this :> IObserver<'In>).OnError error
                        false

                if speaks then
                    this.Give output

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
type internal ScannedStream<'State, 'In, 'Out>(indicator: Indicator<'State, 'In, 'Out>, source: IObservable<'In>) =
    interface IObservable<'Out> with
        member _.Subscribe(observer) =
            ArgumentNullException.ThrowIfNull(observer, nameof observer)
            let run = new StreamRun<'State, 'In, 'Out>(indicator.Start(), observer)
            run.Follow(source.Subscribe run)
            run
