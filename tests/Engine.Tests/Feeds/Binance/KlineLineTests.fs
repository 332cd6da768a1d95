namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.FakeExchange

/// The task that reads a stream, and the mailbox between it and the feed.
module KlineLineTests =

    /// A stream that answers the reads one by one, and then says nothing.
    let private streamOf (clock: TimeProvider) (reads: (unit -> StreamMessage) list) (count: int ref) =
        let left = ref reads

        {
            new IKlineStream with
                member _.Receive stop =
                    count.Value <- count.Value + 1

                    match left.Value with
                    | read :: rest ->
                        left.Value <- rest
                        ValueTask<StreamMessage>(read ())
                    | [] -> ValueTask<StreamMessage>(Scripted.hangs<StreamMessage> clock stop)

                member _.DisposeAsync() = ValueTask()
        }

    let private lineOf clock stream = new KlineLine(stream, Scripted.options, clock, CancellationToken.None)

    /// What is in the mailbox now.
    let private read (line: KlineLine) =
        let notes = line.Notes(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None)

        let rec next found =
            let isThere = notes.MoveNextAsync()

            if isThere.IsCompleted && isThere.Result then
                next (notes.Current :: found)
            else
                List.rev found

        next []

    let private closed (minute: int) = Scripted.frame (Scripted.klineAt (minute * 60) (float (minute * 60 + 60)) true)

    let private minutes (notes: LineNote list) = [
        for note in notes do
            if note.Message.HasValue then
                int ((note.Message.Value.Kline.OpenTime - Scripted.noon) / Scripted.minute)
    ]

    [<Tests>]
    let tests =
        testList "KlineLineTests" [
            testCase "a stream is read on although nobody takes its frames, and the newest are kept"
            <| fun () ->
                Virtual.run (fun () ->
                    let clock = VirtualTime(Scripted.moment 30.0)
                    let count = ref 0
                    let stream = streamOf clock [ for minute in 0..9_999 -> fun () -> closed minute ] count
                    let line = lineOf clock stream
                    equal 10_001 count.Value
                    equal 10_000 line.Frames
                    equal [ 9_744..9_999 ] (minutes (read line)))

            testCase "the end of a stream comes after its frames, and says why"
            <| fun () ->
                let ends (last: unit -> StreamMessage) =
                    Virtual.run (fun () ->
                        let clock = VirtualTime(Scripted.moment 30.0)
                        let frames = [ (fun () -> closed 0); (fun () -> closed 1); last ]
                        let notes = read (lineOf clock (streamOf clock frames (ref 0)))
                        minutes notes, string (List.last notes).Reason)

                let closes () = Scripted.message StreamMessageKind.Closed
                equal ([ 0; 1 ], "the server closed the stream") (ends closes)
                equal ([ 0; 1 ], "connection reset") (ends (fun () -> raise (IOException "connection reset")))

            testCase "what is no message of the protocol is passed over"
            <| fun () ->
                Virtual.run (fun () ->
                    let clock = VirtualTime(Scripted.moment 30.0)
                    let frames = [ (fun () -> Scripted.message StreamMessageKind.Other); (fun () -> closed 0) ]
                    let line = lineOf clock (streamOf clock frames (ref 0))
                    equal 1 (read line).Length
                    equal 1 line.Frames)

            testCase "it ends a read that nothing else ends"
            <| fun () ->
                Virtual.run (fun () ->
                    let clock = VirtualTime(Scripted.moment 30.0)
                    let line = lineOf clock (streamOf clock [] (ref 0))
                    let ended = line.DisposeAsync().AsTask()
                    equal true ended.IsCompletedSuccessfully)
        ]
