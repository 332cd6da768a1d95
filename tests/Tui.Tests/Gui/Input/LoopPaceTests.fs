namespace BtcBandit.Tui.Tests.Gui.Input

open System
open System.Collections.Concurrent
open System.Threading
open System.Threading.Tasks
open Terminal.Gui.App
open Terminal.Gui.Drivers
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Gui.Input
open BtcBandit.Tui.Tests.Programs

type private Clock() =
    inherit TimeProvider()
    let mutable now = 0L
    member _.Pass(milliseconds: float) = now <- now + TimeSpan.FromMilliseconds(milliseconds).Ticks
    override _.TimestampFrequency = TimeSpan.TicksPerSecond
    override _.GetTimestamp() = now

module LoopPaceTests =

    let private patience = TimeSpan.FromSeconds 20.0

    let private paced () =
        let clock = Clock()
        let pace = new LoopPace(TimeSpan.FromMilliseconds 100.0, clock)
        clock.Pass 1_000.0
        clock, pace

    let private isLeft expected (pace: LoopPace) = equal expected pace.Left.TotalMilliseconds

    [<Tests>]
    let tests =
        testList "LoopPaceTests" [
            testCase "the loop waits until the next frame, and not at all for one that is late"
            <| fun () ->
                let clock, pace = paced ()
                use _ = pace
                isLeft 0.0 pace
                pace.Show false
                isLeft 100.0 pace
                clock.Pass 30.25
                isLeft 70.0 pace
                clock.Pass 69.5
                isLeft 1.0 pace
                clock.Pass 1.0
                isLeft 0.0 pace

            testCase "what is new is drawn without a wait, and then the next frame is waited for"
            <| fun () ->
                let _, pace = paced ()
                use _ = pace
                pace.Show true
                isLeft 0.0 pace
                pace.Wait()
                isLeft 100.0 pace

            testCase "input ends a wait, and is looked at again every 20 ms for a while"
            <| fun () ->
                let clock, pace = paced ()
                use _ = pace
                pace.Show false
                pace.Arrive()
                // The clock stands still: without input this would wait for 100 ms of it.
                pace.Wait()
                isLeft 20.0 pace
                clock.Pass 85.0
                isLeft 15.0 pace
                pace.Show false
                isLeft 20.0 pace
                clock.Pass 115.0
                pace.Show false
                isLeft 100.0 pace

            testCase "input that comes during a wait ends it"
            <| fun () ->
                let clock = Clock()
                use pace = new LoopPace(patience, clock)
                clock.Pass 1_000.0
                pace.Show false
                let waiting = Task.Run(fun () -> pace.Wait())
                fails (waiting.Wait 50)
                pace.Arrive()
                holds (waiting.Wait(patience / 2.0))
        ]

module TerminalInputTests =

    do Environment.SetEnvironmentVariable("DisableRealDriverIO", "1")

    let private soon what (holds: unit -> bool) =
        Expect.isTrue (SpinWait.SpinUntil((fun () -> holds ()), TimeSpan.FromSeconds 20.0)) (what: string)

    [<Tests>]
    let tests =
        // Terminal.Gui keeps state that is static.
        testSequenced
        <| testList "TerminalInputTests" [
            testCase "what comes is read in its order, said, and read no more after the end"
            <| fun () ->
                let mutable said = 0
                use input = new TerminalInput(fun () -> Interlocked.Increment &said |> ignore)
                let reader = input :> IInput<char>
                let read = ConcurrentQueue<char>()
                reader.Initialize read
                use ending = new CancellationTokenSource()
                let reading = Task.Run(fun () -> reader.Run ending.Token)

                for character in "abc" do
                    input.InjectInput character

                soon "abc" (fun () -> String([| yield! read |]) = "abc" && Volatile.Read &said > 0)
                let before = Volatile.Read &said
                input.InjectInput 'd'
                soon "d" (fun () -> read.Count = 4 && Volatile.Read &said > before)
                ending.Cancel()
                holds (reading.Wait(TimeSpan.FromSeconds 20.0))
                input.InjectInput 'e'
                equal 4 read.Count

            testCase "an application reads the terminal with it"
            <| fun () ->
                use arrived = new ManualResetEventSlim()
                use app = Application.Create()
                use input = TerminalInput.Use(app, fun () -> arrived.Set())
                app.Init DriverRegistry.Names.ANSI |> ignore
                input.InjectInput 'x'
                holds (arrived.Wait(TimeSpan.FromSeconds 20.0))
                let processor = (nonNull app.Driver).GetInputProcessor() :?> AnsiInputProcessor
                soon "x" (fun () -> Seq.contains 'x' processor.InputQueue)
        ]
