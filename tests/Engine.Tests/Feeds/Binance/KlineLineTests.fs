namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.FakeExchange

/// The task that reads a stream, and the mailbox between it and the feed.
[<TestFixture>]
type KlineLineTests() =

    /// A stream that answers the reads one by one, and then says nothing.
    let streamOf (clock: TimeProvider) (reads: (unit -> StreamMessage) list) (count: int ref) =
        let left = ref reads

        { new IKlineStream with
            member _.Receive stop =
                count.Value <- count.Value + 1

                match left.Value with
                | read :: rest ->
                    left.Value <- rest
                    ValueTask<StreamMessage>(read ())
                | [] -> ValueTask<StreamMessage>(Scripted.hangs<StreamMessage> clock stop)

            member _.DisposeAsync() = ValueTask()
        }

    let lineOf clock stream = new KlineLine(stream, Scripted.options, clock, CancellationToken.None)

    /// What is in the mailbox now.
    let read (line: KlineLine) =
        let notes = line.Notes(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None)

        let rec next found =
            let isThere = notes.MoveNextAsync()

            if isThere.IsCompleted && isThere.Result then
                next (notes.Current :: found)
            else
                List.rev found

        next []

    let closed (minute: int) = Scripted.frame (Scripted.klineAt (minute * 60) (float (minute * 60 + 60)) true)

    let minutes (notes: LineNote list) =
        [
            for note in notes do
                if note.Message.HasValue then
                    int ((note.Message.Value.Kline.OpenTime - Scripted.noon) / Scripted.minute)
        ]

    [<Test>]
    member _.``a stream is read on although nobody takes its frames, and the newest are kept``() =
        Virtual.run (fun () ->
            let clock = VirtualTime(Scripted.moment 30.0)
            let count = ref 0
            let stream = streamOf clock [ for minute in 0..9_999 -> fun () -> closed minute ] count
            let line = lineOf clock stream
            equal 10_001 count.Value
            equal 10_000 line.Frames
            equal [ 9_744..9_999 ] (minutes (read line)))

    [<Test>]
    member _.``the end of a stream comes after its frames, and says why``() =
        let ends (last: unit -> StreamMessage) =
            Virtual.run (fun () ->
                let clock = VirtualTime(Scripted.moment 30.0)
                let frames = [ (fun () -> closed 0); (fun () -> closed 1); last ]
                let notes = read (lineOf clock (streamOf clock frames (ref 0)))
                minutes notes, string (List.last notes).Reason)

        let closes () = Scripted.message StreamMessageKind.Closed
        equal ([ 0; 1 ], "the server closed the stream") (ends closes)
        equal ([ 0; 1 ], "connection reset") (ends (fun () -> raise (IOException "connection reset")))

    [<Test>]
    member _.``what is no message of the protocol is passed over``() =
        Virtual.run (fun () ->
            let clock = VirtualTime(Scripted.moment 30.0)
            let frames = [ (fun () -> Scripted.message StreamMessageKind.Other); (fun () -> closed 0) ]
            let line = lineOf clock (streamOf clock frames (ref 0))
            equal 1 (read line).Length
            equal 1 line.Frames)

    [<Test>]
    member _.``it ends a read that nothing else ends``() =
        Virtual.run (fun () ->
            let clock = VirtualTime(Scripted.moment 30.0)
            let line = lineOf clock (streamOf clock [] (ref 0))
            let ended = line.DisposeAsync().AsTask()
            equal true ended.IsCompletedSuccessfully)
