namespace BtcBandit.Tui.Tests.Gui

open System
open System.Collections.Concurrent
open Terminal.Gui.Drivers
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Gui.Input
open BtcBandit.Tui.Tests.Programs

/// What a terminal sends that the library cannot read.
module UnreadInputTests =

    let private reading (onKey: unit -> unit) (text: string) =
        let queue = ConcurrentQueue<char>("\x1b" + text)
        use processor = new AnsiInputProcessor(queue)
        processor.KeyDown.Add(fun _ -> onKey ())

        try
            processor.ProcessQueue()
            None
        with error ->
            Some error

    [<Tests>]
    let tests =
        // Terminal.Gui keeps state that is static.
        testSequencedGroup "Terminal.Gui"
        <| testList "UnreadInputTests" [
            cases "a sequence that cannot be read is a fault of reading, and is read no second time" [
                "[25~"
                "[29~"
                "[34~"
                "[22~"
                "[16~"
                "[10~"
                "[99~"
                "[99999999999~"
                "[55296u"
                "[1114112u"
                "[99999999999u"
                "[<0;2147483648;1M"
                "[<2147483648;1;1M"
            ]
            <| fun (text: string) ->
                let mutable keys = 0

                match reading (fun () -> keys <- keys + 1) text with
                | Some error -> holds (UnreadInput.Is error)
                | None -> failtest "The library reads it now: UnreadInput may be of no more use."

                equal 0 keys

            cases "a fault of what a key does is none of reading" [ "[5~"; "OP"; "[97u" ]
            <| fun (text: string) ->
                for fault in [ NullReferenceException() :> exn; OverflowException() ] do
                    match reading (fun () -> raise fault) text with
                    | Some error -> fails (UnreadInput.Is error)
                    | None -> failtest "No key was read."

            testCase "a fault that was not thrown is none of reading"
            <| fun () -> fails (UnreadInput.Is(NullReferenceException()))
        ]
