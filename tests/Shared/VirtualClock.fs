namespace BtcBandit.Tests.Shared

open System
open System.Collections.Generic
open System.Threading

/// Time that passes when it is told to, with timers.
type VirtualClock() =
    inherit TimeProvider()
    let gate = obj ()
    let timers = List<VirtualTimer>()
    let mutable now = TimeSpan.Zero

    /// What is held while time or timers change.
    member internal _.Gate = gate

    member _.Now = lock gate (fun () -> now)

    /// What is thrown when somebody asks for the time; null for the time.
    member val Fault: string | null = null with get, set

    /// What happens each time somebody asks for the time.
    member val Asked: unit -> unit = ignore with get, set

    member _.Forget timer = lock gate (fun () -> timers.Remove timer |> ignore)

    /// Lets time pass, and rings the timers that are due.
    member _.Pass(time: TimeSpan) =
        let now, due =
            lock gate (fun () ->
                now <- now + time
                now, timers.ToArray())

        for timer in due do
            timer.Ring now

    override _.TimestampFrequency = TimeSpan.TicksPerSecond

    override this.GetTimestamp() =
        this.Asked()

        match this.Fault with
        | null -> this.Now.Ticks
        | fault -> failwith fault

    override this.GetUtcNow() = DateTimeOffset.UnixEpoch + this.Now

    override this.CreateTimer(callback, state, dueTime, period) =
        let timer = new VirtualTimer(this, fun () -> callback.Invoke state)
        (timer :> ITimer).Change(dueTime, period) |> ignore
        lock gate (fun () -> timers.Add timer)
        timer

/// A timer of a virtual clock, which rings once.
and VirtualTimer(clock: VirtualClock, ring: unit -> unit) =
    let mutable due = ValueNone

    member _.Ring(now: TimeSpan) =
        let isDue =
            lock clock.Gate (fun () ->
                match due with
                | ValueSome at when at <= now ->
                    due <- ValueNone
                    true
                | _ -> false)

        // What rings may ask the clock.
        if isDue then
            ring ()

    interface ITimer with
        member _.Change(dueTime, _) =
            lock clock.Gate (fun () ->
                due <-
                    if dueTime = Timeout.InfiniteTimeSpan then
                        ValueNone
                    else
                        ValueSome(clock.Now + dueTime))

            true

    interface IDisposable with
        member this.Dispose() = clock.Forget this

    interface IAsyncDisposable with
        member this.DisposeAsync() =
            clock.Forget this
            Threading.Tasks.ValueTask.CompletedTask
