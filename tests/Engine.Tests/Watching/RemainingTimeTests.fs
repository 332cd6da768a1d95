namespace BtcBandit.Engine.Tests.Watching

open System
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds

/// In virtual time: a look every tenth of a second, as a dashboard does.
module RemainingTimeTests =

    let private tick = 0.1

    let private seconds (value: float) = TimeSpan.FromSeconds value

    /// A countdown that is looked at for some time; progress is a function of the time since the looks began.
    let private looks
        (clock: ManualClock)
        (remaining: RemainingTime)
        isPaused
        delay
        (progress: float -> float)
        duration
        = [
        for i in 1 .. int (duration / tick) do
            let at = float i * tick
            clock.Pass tick
            let told = remaining.Look(Nullable(progress at), isPaused, seconds delay)
            at, (if told.HasValue then Some told.Value.TotalSeconds else None)
    ]

    let private told delay progress duration =
        let clock = ManualClock()
        looks clock (RemainingTime clock) false delay progress duration

    /// The progress of a run of so many steps that take so long each.
    let private stepped (count: float) period at = min 1.0 (floor (at / period + 1e-6) / count)

    let private valued seen =
        seen
        |> List.choose (fun (at, left) -> left |> Option.map (fun left -> at, left))

    let private runs periods =
        let scenes = Gen.zip (Gen.elements periods) (Gen.choose (100, 20_000))
        Arb.fromGenShrink (scenes, Shrinking.both (Shrinking.before periods) (Shrinking.towards 100))

    [<Tests>]
    let tests =
        testList "RemainingTimeTests" [
            property "at a constant pace that the looks are in time with, every second counts down one second"
            <| fun () ->
                let law (period, count: int) =
                    let steps = float count
                    let whole = period * steps
                    let seen = told period (stepped steps period) (min (whole - tick) (100.0 + 10.0 * period))

                    isNotEmpty (valued seen)

                    for at, left in valued seen do
                        isNear (1e-3 * whole) (whole - at) left

                    for (_, before), (_, after) in List.pairwise (valued seen) do
                        isNear 1e-4 tick (before - after)

                    // From the second step on that is a second after another.
                    isAtMost (max (1.1 + period) (2.0 * period) + 1e-6) (fst (valued seen).Head)

                Prop.forAll (runs [ 0.1; 0.2; 0.5; 1.0; 3.0; 10.0; 60.0 ]) law

            property "at any constant pace it is right to a tenth after five seconds, and never rises"
            <| fun () ->
                let law (period, count: int) =
                    let steps = float count
                    let whole = period * steps
                    let seen = told period (stepped steps period) (min (whole - tick) (100.0 + 10.0 * period))
                    let settled = seen |> List.filter (fun (at, _) -> at > max 5.0 (2.0 * period + 1.1))

                    for at, left in settled do
                        match left with
                        | Some left -> isNear (max (0.1 * (whole - at)) 2.2) (whole - at) left
                        | None -> isBelow 2.2 (whole - at)

                    for (_, before), (_, after) in List.pairwise (valued settled) do
                        isWithin (0.9 * tick - 1e-6) (1.1 * tick + 1e-6) (before - after)

                Prop.forAll (runs [ 0.0007; 0.013; 0.037; 0.07; 0.33; 0.77; 0.99; 1.07; 2.03; 7.77; 33.33 ]) law

            testCase "another delay is another pace, at once where there was one"
            <| fun () ->
                for before, after in [ 1.0, 4.0; 0.5, 0.125; 2.0, 60.0; 60.0, 0.5 ] do
                    let clock = ManualClock()
                    let remaining = RemainingTime clock
                    let steps = 2_000.0

                    looks clock remaining false before (stepped steps before) (200.0 * before)
                    |> ignore

                    let done' at = (200.0 + floor (at / after + 1e-6)) / steps
                    let whole = 1_800.0 * after
                    let seen = looks clock remaining false after done' (30.0 + 10.0 * after)

                    for at, left in seen do
                        isNear (0.1 * whole) (whole - at) left.Value

            testCase "from no delay to one, and back, it is measured anew within two steps and two seconds"
            <| fun () ->
                for before, after in [ 0.0, 0.5; 0.5, 0.0; 0.0, 3.0 ] do
                    let clock = ManualClock()
                    let remaining = RemainingTime clock
                    let period delay = if delay = 0.0 then 1e-4 else delay
                    let steps = 1e6

                    looks clock remaining false before (stepped steps (period before)) 20.0
                    |> ignore

                    let made = floor (20.0 / period before)
                    let progress at = (made + floor (at / period after + 1e-6)) / steps
                    let seen = looks clock remaining false after progress 40.0
                    let whole = (steps - made) * period after

                    for at, left in seen do
                        if at > 2.0 * period after + 2.0 then
                            isNear (0.05 * whole) (whole - at) left.Value
                        else
                            holds (left |> Option.forall (fun left -> abs (left - whole) < 0.05 * whole))

            testCase "a pace that changes by itself is told within seconds"
            <| fun () ->
                // At half the speed, then at the speed before.
                let progress at =
                    if at < 60.0 then at / 1_000.0
                    elif at < 120.0 then 0.06 + (at - 60.0) / 2_000.0
                    else 0.09 + (at - 120.0) / 1_000.0

                let seen = told 0.0 progress 180.0 |> valued |> Map.ofList
                let at time = seen |> Map.toSeq |> Seq.minBy (fun (at, _) -> abs (at - time)) |> snd
                isNearPercent 1.0 940.0 (at 60.0)
                isNearPercent 20.0 1_840.0 (at 100.0)
                isNearPercent 15.0 1_820.0 (at 120.0)
                isNearPercent 20.0 870.0 (at 160.0)

            testCase "while it is paused nothing is told, and the time does not count"
            <| fun () ->
                for period in [ 0.1; 2.0; 30.0 ] do
                    let clock = ManualClock()
                    let remaining = RemainingTime clock
                    let progress = stepped 1_000.0 period
                    let before = looks clock remaining false period progress (10.0 * period + 5.0)
                    let until = fst (List.last before)
                    let paused = looks clock remaining true period (fun _ -> progress until) 600.0
                    isEmpty (valued paused)

                    let after =
                        looks clock remaining false period (fun at -> progress (until + at)) (5.0 * period + 5.0)

                    for at, left in after do
                        let expected = 1_000.0 * period - until - at
                        isNear (max (0.02 * expected) period) expected left.Value

            testCase "a delay that was changed during a pause counts from its end on"
            <| fun () ->
                let clock = ManualClock()
                let remaining = RemainingTime clock
                looks clock remaining false 1.0 (stepped 1_000.0 1.0) 100.0 |> ignore
                looks clock remaining true 1.0 (fun _ -> 0.1) 10.0 |> ignore
                looks clock remaining true 5.0 (fun _ -> 0.1) 10.0 |> ignore

                for at, left in looks clock remaining false 5.0 (fun at -> 0.1 + stepped 1_000.0 5.0 at) 60.0 do
                    isNearPercent 5.0 (4_500.0 - at) left.Value

            testCase "a run that stands still is promised no end"
            <| fun () ->
                let seen = told 0.0 (fun at -> min at 20.0 / 100.0) 200.0 |> valued |> Map.ofList
                let last = seen |> Map.toSeq |> Seq.last
                isNear 0.01 200.0 (fst last)
                isAbove 160.0 (snd last)

            /// As where only blocks of a file are known: a block of 1 to 3 percent in a time that is proportional to it.
            property "progress in blocks of any size is right to a twentieth after five blocks"
            <| fun () ->
                let blocks =
                    Arb.fromGenShrink (
                        Gen.listOfLength 60 (Gen.choose (10, 30)),
                        // Ten, for a twentieth after five.
                        Shrinking.listOver 10 (Shrinking.towards 10)
                    )

                let law (sizes: int list) =
                    let ends = sizes |> List.scan (+) 0 |> Seq.map float |> Array.ofSeq
                    let all = Array.last ends
                    // A second for each thousandth.
                    let progress at = (ends |> Array.findBack (fun limit -> limit <= at + 1e-6)) / all
                    let seen = told 0.0 progress (all - 3.0) |> List.filter (fun (at, _) -> at > ends[5])

                    for at, left in seen do
                        isNear (max (0.05 * (all - at)) 2.2) (all - at) left.Value

                Prop.forAll blocks law

            testCase "what is no progress is not counted with"
            <| fun () ->
                let clock = ManualClock()
                let remaining = RemainingTime clock

                for nothing in [ Nullable(); Nullable nan; Nullable -0.1 ] do
                    looks clock remaining false 0.0 (fun at -> at / 100.0) 5.0 |> ignore
                    holds (remaining.Look(Nullable 0.05, false, TimeSpan.Zero).HasValue)
                    fails (remaining.Look(nothing, false, TimeSpan.Zero).HasValue)
                    fails (remaining.Look(Nullable 0.05, false, TimeSpan.Zero).HasValue)

                let seen = looks clock remaining false 0.0 (fun at -> 0.05 + at / 100.0) 5.0
                isNear 0.5 90.0 ((snd (List.last seen)).Value)

            testCase "at the start and at the end there is nothing to tell"
            <| fun () ->
                isEmpty (told 0.0 (fun _ -> 0.0) 60.0 |> valued)
                isEmpty (told 0.0 (fun _ -> 1.0) 60.0 |> valued)
                let seen = told 0.0 (fun at -> min 1.0 (at / 10.0)) 15.0
                isEmpty (seen |> List.filter (fun (at, _) -> at > 10.05) |> valued)
                isBelow 0.2 (seen |> valued |> List.map snd |> List.last)

            testCase "progress that goes back begins anew, also during a pause"
            <| fun () ->
                for isPaused in [ false; true ] do
                    let clock = ManualClock()
                    let remaining = RemainingTime clock
                    looks clock remaining false 0.0 (fun at -> 0.5 + at / 100.0) 20.0 |> ignore

                    if isPaused then
                        looks clock remaining true 0.0 (fun _ -> 0.0) 1.0 |> ignore

                    let seen = looks clock remaining false 0.0 (fun at -> at / 400.0) 30.0
                    isEmpty (seen |> List.filter (fun (at, _) -> at < 1.05) |> valued)

                    isNotEmpty (valued seen)

                    for at, left in valued seen do
                        isNearPercent 1.0 (400.0 - at) left
        ]
