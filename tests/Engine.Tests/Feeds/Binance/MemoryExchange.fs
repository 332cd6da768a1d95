namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.IO
open System.Net
open System.Net.Http
open System.Threading
open System.Threading.Channels
open System.Threading.Tasks
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.FakeExchange

/// A body that ends in the middle.
type CutBody(bytes: byte array) =
    inherit HttpContent()

    override _.SerializeToStreamAsync(stream: Stream, _: TransportContext | null) : Task =
        task {
            do! stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2))
            raise (HttpIOException(HttpRequestError.ResponseEnded, "the answer ended early"))
        }

    override _.TryComputeLength(length: byref<int64>) =
        length <- int64 bytes.Length
        false

/// The REST interface without sockets: 80 ms for an answer.
type MemoryRest(market: Market, clock: TimeProvider) =
    inherit HttpMessageHandler()

    let wait (seconds: float) stop = BtcBandit.FakeExchange.Delay.For(TimeSpan.FromSeconds seconds, clock, stop)

    override _.SendAsync(request: HttpRequestMessage, stop: CancellationToken) =
        task {
            do! wait 0.04 stop
            let answer = market.Rest (nonNull request.RequestUri).PathAndQuery
            do! wait 0.04 stop

            match answer.Manner with
            | Manner.Never -> do! wait 72_000.0 stop
            | Manner.Slow -> do! wait 9.0 stop
            | Manner.Reset -> raise (HttpRequestException "connection reset")
            | _ -> ()

            let response = new HttpResponseMessage(enum<HttpStatusCode> answer.Status)

            response.Content <-
                if answer.Manner = Manner.Cut then
                    new CutBody(answer.Body) :> HttpContent
                else
                    new ByteArrayContent(answer.Body)

            if answer.RetryAfter > 0 then
                response.Headers.TryAddWithoutValidation("Retry-After", string answer.RetryAfter)
                |> ignore

            response.Headers.TryAddWithoutValidation("X-MBX-USED-WEIGHT-1M", string answer.UsedWeight)
            |> ignore

            return response
        }

/// A stream without sockets.
type private MemoryConnection(market: Market) =
    let wire =
        Channel.CreateUnbounded<byte array | null>(
            UnboundedChannelOptions(AllowSynchronousContinuations = true, SingleReader = true)
        )

    let gone = new CancellationTokenSource()

    let frames = {
        new IFrames with
            member _.Send message =
                wire.Writer.TryWrite message |> ignore
                ValueTask()

            member _.Close() =
                wire.Writer.TryWrite null |> ignore
                ValueTask()

            member _.Reset() =
                wire.Writer.TryComplete(IOException "connection reset") |> ignore
                ValueTask()

            member _.Hang() = ()
    }

    let server = market.Stream(frames, gone.Token)

    interface IMessageConnection with
        member _.Receive stop =
            let next: Task<Nullable<ReadOnlyMemory<byte>>> =
                task {
                    match! wire.Reader.ReadAsync stop with
                    | null -> return Nullable()
                    | bytes -> return Nullable(ReadOnlyMemory bytes)
                }

            ValueTask<Nullable<ReadOnlyMemory<byte>>>(task = next)

        member _.DisposeAsync() =
            ValueTask(
                task {
                    gone.Cancel()

                    try
                        do! server
                    with :? OperationCanceledException ->
                        ()
                }
            )

module MemoryExchange =
    /// Binance's client on an exchange without sockets.
    let client (market: Market) (clock: TimeProvider) (options: BinanceOptions) =
        let pair = BtcBandit.Engine.Market.TradingPair("BTC", "USDT")
        let http = new HttpMessageInvoker(new MemoryRest(market, clock))
        let rest = BinanceRest(http, Uri "http://exchange.test", options, clock)

        let connect _ stop =
            task {
                do! BtcBandit.FakeExchange.Delay.For(TimeSpan.FromSeconds 0.08, clock, stop)

                if market.Refuses() then
                    raise (IOException "connection refused")

                return MemoryConnection market :> IMessageConnection
            }

        BinanceExchange(pair, BtcBandit.Engine.Market.Timeframe.OneMinute, rest, connect) :> IKlineExchange
