module BtcBandit.Runner.Tests.VirtualClockTests

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Shared

let private seconds (count: int) = TimeSpan.FromSeconds(float count)

[<Tests>]
let tests =
    testList "VirtualClockTests" [
        testCase "a timer rings once, when it is due" (fun () ->
            let clock = VirtualClock()
            let mutable rings = 0
            use _ = clock.CreateTimer((fun _ -> rings <- rings + 1), null, seconds 2, seconds 2)
            clock.Pass(seconds 1)
            Expect.equal rings 0 ""
            clock.Pass(seconds 1)
            clock.Pass(seconds 9)
            Expect.equal rings 1 "")

        testCase "a timer may be set again by what it rings" (fun () ->
            let clock = VirtualClock()
            let mutable rings = 0
            let mutable timer: ITimer option = None

            let ring _ =
                rings <- rings + 1
                timer |> Option.iter (fun timer -> timer.Change(seconds 1, seconds 1) |> ignore)

            timer <- Some(clock.CreateTimer(ring, null, seconds 1, seconds 1))

            for _ in 1..3 do
                clock.Pass(seconds 1)

            Expect.equal rings 3 "")

        testCase "a timer that is set while it is asked for rings once for each time" (fun () ->
            let clock = VirtualClock()
            let rings = ref 0

            use timer =
                clock.CreateTimer((fun _ -> Interlocked.Increment rings |> ignore), null, seconds 1, seconds 1)

            for round in 1..200 do
                // Both find the timer due; only one may ring it.
                Parallel.Invoke((fun () -> clock.Pass(seconds 1)), (fun () -> clock.Pass(seconds 1)))
                Expect.equal rings.Value round ""
                timer.Change(seconds 1, seconds 1) |> ignore)
    ]
