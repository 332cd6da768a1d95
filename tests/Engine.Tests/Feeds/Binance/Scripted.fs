namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.Collections.Generic
open System.Reactive.Subjects
open System.Threading
open System.Threading.Channels
open System.Threading.Tasks
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.FakeExchange

/// A stream that a test plays.
type ScriptedStream(play: ChannelWriter<StreamMessage> -> CancellationToken -> Task<unit>, close: unit -> Task<unit>) =
    let wire =
        Channel.CreateUnbounded<StreamMessage>(
            UnboundedChannelOptions(AllowSynchronousContinuations = true, SingleReader = true)
        )

    let gone = new CancellationTokenSource()
    do play wire.Writer gone.Token |> ignore

    interface IKlineStream with
        member _.Receive stop = wire.Reader.ReadAsync stop

        member _.DisposeAsync() =
            gone.Cancel()
            ValueTask(close ())

/// What an exchange answers.
type Script = {
    Notices: IObservable<ExchangeNotice>
    Time: CancellationToken -> Task<int64>
    Page: int64 -> CancellationToken -> Task<IReadOnlyList<Kline>>
    /// Opens a stream, given its number from 1.
    Stream: int -> CancellationToken -> Task<IKlineStream>
}

/// An exchange that follows a script and notes when it is asked what, in seconds.
type ScriptedExchange(script: Script, second: unit -> float) =
    member val Times = List<float>()
    member val Pages = List<float>()
    member val Streams = List<float>()

    interface IKlineExchange with
        member _.Notices = script.Notices

        member this.ServerTime stop =
            this.Times.Add(second ())
            script.Time stop

        member this.Klines(from, stop) =
            this.Pages.Add(second ())
            script.Page from stop

        member _.Filters _ = Task.FromException<PairFilters>(NotSupportedException())

        member this.Follow stop =
            this.Streams.Add(second ())
            script.Stream this.Streams.Count stop

/// What a feed said and asked; all times in seconds after noon.
type Followed = {
    Events: (float * FeedEvent) list
    Error: exn option
    Times: float list
    Pages: float list
    Streams: float list
}

/// Exchanges in virtual time whose every answer a test may change. Their market makes ten trades a second.
module Scripted =
    let noon = 1_709_553_600_000L
    let minute = 60_000L

    let now (clock: TimeProvider) = clock.GetUtcNow().ToUnixTimeMilliseconds()

    let secondOf (clock: TimeProvider) = float (now clock - noon) / 1_000.0

    let wait (seconds: float) (clock: TimeProvider) (stop: CancellationToken) =
        BtcBandit.FakeExchange.Delay.For(TimeSpan.FromSeconds seconds, clock, stop)

    /// An answer that never comes.
    let hangs<'answer> (clock: TimeProvider) (stop: CancellationToken) : Task<'answer> =
        task {
            do! BtcBandit.FakeExchange.Delay.For(Timeout.InfiniteTimeSpan, clock, stop)
            return Unchecked.defaultof<'answer>
        }

    /// A candle as it stands at a moment, both in seconds after noon.
    let klineAt (opens: int) (second: float) isClosed =
        let tenths = Math.Clamp(int64 (second * 10.0) - int64 opens * 10L, 0L, 600L)
        Kline(Candles.at (noon + int64 opens * 1_000L) 100.0 (float tenths), tenths, isClosed)

    let frame (kline: Kline) = StreamMessage(StreamMessageKind.Kline, kline)

    let message kind = StreamMessage(kind, Unchecked.defaultof<Kline>)

    /// What a stream shows at a second: the candle that is forming, and at the end of a minute the one that closes.
    let shown (second: int) =
        if second % 60 = 0 then
            frame (klineAt (second - 60) (float second) true)
        else
            frame (klineAt (second - second % 60) (float second) false)

    /// The rows of a page that is made at a second.
    let rows (from: int64) (second: float) =
        let last = noon + int64 (second * 1_000.0)

        [
            for openTime in from..minute..last -> klineAt (int ((openTime - noon) / 1_000L)) second false
        ]

    let pageOf (rows: Kline list) = Task.FromResult(rows :> IReadOnlyList<Kline>)

    /// A stream of what is sent at each even second.
    let streamOf (clock: TimeProvider) (send: ChannelWriter<StreamMessage> -> int -> unit) (close: unit -> Task<unit>) =
        let play (writer: ChannelWriter<StreamMessage>) (stop: CancellationToken) =
            task {
                while true do
                    do! wait (float (2_000L - now clock % 2_000L) / 1_000.0) clock stop
                    send writer (int (secondOf clock))
            }

        ScriptedStream(play, close) :> IKlineStream

    /// A stream of messages that are the test's choice at each even second.
    let stream (clock: TimeProvider) (choose: int -> StreamMessage list) =
        let send (writer: ChannelWriter<StreamMessage>) second =
            for message in choose second do
                writer.TryWrite message |> ignore

        Task.FromResult(streamOf clock send (fun () -> Task.FromResult(())))

    /// An exchange where all goes well.
    let well (clock: TimeProvider) = {
        Notices = new Subject<ExchangeNotice>() :> IObservable<ExchangeNotice>
        Time = fun _ -> Task.FromResult(now clock)
        Page = fun from _ -> pageOf (rows from (secondOf clock))
        Stream = fun _ _ -> stream clock (fun second -> [ shown second ])
    }

    /// The same, but for the first stream.
    let firstStream (choose: int -> StreamMessage list) (clock: TimeProvider) =
        let usual = well clock

        {
            usual with
                Stream = fun number stop -> if number = 1 then stream clock choose else usual.Stream number stop
        }

    let options = KlineFeedOptions(IsInline = true, Jitter = Func<float>(fun () -> 0.5))

    let moment (second: float) = DateTimeOffset.FromUnixTimeMilliseconds(noon + int64 (second * 1_000.0))

    /// Follows an exchange from half a minute after noon until a second.
    let followAt (options: KlineFeedOptions) (start: FeedStart) (until: float) (script: TimeProvider -> Script) =
        Virtual.run (fun () ->
            let clock = VirtualTime(moment 30.0)
            let exchange = ScriptedExchange(script (clock :> TimeProvider), (fun () -> secondOf clock))
            let heard = List<float * FeedEvent>()
            let error = ref (None: exn option)
            let events = KlineFeed.Events(exchange, Timeframe.OneMinute, (fun () -> start), options, clock)

            use _ =
                events.Subscribe(
                    (fun (event: FeedEvent) -> heard.Add((secondOf clock, event))),
                    (fun (failure: exn) -> error.Value <- Some failure)
                )

            clock.Run(TaskCompletionSource().Task, moment until) |> ignore

            {
                Events = List.ofSeq heard
                Error = error.Value
                Times = List.ofSeq exchange.Times
                Pages = List.ofSeq exchange.Pages
                Streams = List.ofSeq exchange.Streams
            })

    /// The same, with some candles of history.
    let followWith options (history: int) until script = followAt options (FeedStart(Nullable(), history)) until script

    let follow until script = followWith options 0 until script

    /// The same, from a candle on.
    let followFrom (opens: int64) until script = followAt options (FeedStart(Nullable opens, 0)) until script

    /// The candles that came: the second at which each did, and the minute after noon in which it opened.
    let candles (followed: Followed) = [
        for second, event in followed.Events do
            match event with
            | :? FeedEvent.Arrived as arrived -> second, int ((arrived.Candle.OpenTime - noon) / minute)
            | _ -> ()
    ]

    /// When a stream was given up, and why.
    let reconnects (followed: Followed) = [
        for second, event in followed.Events do
            match event with
            | :? FeedEvent.Reconnecting as lost -> second, lost.Reason
            | _ -> ()
    ]
