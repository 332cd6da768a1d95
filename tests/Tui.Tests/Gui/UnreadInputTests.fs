namespace BtcBandit.Tui.Tests.Gui

open System
open System.Collections.Concurrent
open NUnit.Framework
open Terminal.Gui.Drivers
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Gui.Input
open BtcBandit.Tui.Tests.Programs

/// What a terminal sends that the library cannot read.
[<TestFixture>]
type UnreadInputTests() =

    let reading (onKey: unit -> unit) (text: string) =
        let queue = ConcurrentQueue<char>("\x1b" + text)
        use processor = new AnsiInputProcessor(queue)
        processor.KeyDown.Add(fun _ -> onKey ())

        try
            processor.ProcessQueue()
            None
        with error ->
            Some error

    [<TestCase "[25~";
      TestCase "[29~";
      TestCase "[34~";
      TestCase "[22~";
      TestCase "[16~";
      TestCase "[10~";
      TestCase "[99~";
      TestCase "[99999999999~";
      TestCase "[55296u";
      TestCase "[1114112u";
      TestCase "[99999999999u";
      TestCase "[<0;2147483648;1M";
      TestCase "[<2147483648;1;1M">]
    member _.``a sequence that cannot be read is a fault of reading, and is read no second time``(text: string) =
        let mutable keys = 0

        match reading (fun () -> keys <- keys + 1) text with
        | Some error -> Assert.That(UnreadInput.Is error)
        | None -> Assert.Fail "The library reads it now: UnreadInput may be of no more use."

        equal 0 keys

    [<TestCase "[5~"; TestCase "OP"; TestCase "[97u">]
    member _.``a fault of what a key does is none of reading``(text: string) =
        for fault in [ NullReferenceException() :> exn; OverflowException() ] do
            match reading (fun () -> raise fault) text with
            | Some error -> Assert.That(UnreadInput.Is error, Is.False)
            | None -> Assert.Fail "No key was read."

    [<Test>]
    member _.``a fault that was not thrown is none of reading``() =
        Assert.That(UnreadInput.Is(NullReferenceException()), Is.False)
