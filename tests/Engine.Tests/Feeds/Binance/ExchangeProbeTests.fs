namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.IO
open System.Net
open System.Net.Http
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.FakeExchange

/// A host that answers every request alike.
type private OneAnswer(answer: CancellationToken -> Task<HttpResponseMessage>) =
    inherit HttpMessageHandler()

    override _.SendAsync(_: HttpRequestMessage, stop: CancellationToken) : Task<HttpResponseMessage> = answer stop

/// What an exchange answers when it is asked for each thing once, in virtual time.
module ExchangeProbeTests =

    let private start = DateTimeOffset(2024, 2, 1, 12, 0, 0, TimeSpan.Zero)

    let private opens: Func<string, CancellationToken, Task<IMessageConnection>> =
        Func<_, _, _>(fun _ _ ->
            Task.FromResult
                {
                    new IMessageConnection with
                        member _.Receive _ = ValueTask<Nullable<ReadOnlyMemory<byte>>>(result = Nullable())
                        member _.DisposeAsync() = ValueTask()
                })

    let private refuses: Func<string, CancellationToken, Task<IMessageConnection>> =
        Func<_, _, _>(fun _ _ -> Task.FromException<IMessageConnection>(IOException "connection refused"))

    /// The findings, or the exception, and how long it took.
    let private asked (host: TimeProvider -> HttpMessageHandler) connect (pair: TradingPair) (stopAfter: TimeSpan) =
        Virtual.run (fun () ->
            let clock = VirtualTime start
            use stop = new CancellationTokenSource(stopAfter, clock)

            let options =
                BinanceOptions(
                    Jitter = Func<float>(fun () -> 0.5),
                    AttemptTimeout = TimeSpan.FromSeconds 5.0,
                    GiveUpAfter = Nullable(TimeSpan.FromSeconds 5.0)
                )

            let rest = BinanceRest(new HttpMessageInvoker(host clock), Uri "https://exchange.test", options, clock)
            let exchange = BinanceExchange(pair, Timeframe.OneMinute, rest, connect)
            let probe = ExchangeProbe(exchange, "exchange.test", TimeSpan.FromSeconds 8.0, clock)
            let asking = probe.Ask stop.Token
            // A wait of the retries that is broken off goes on elsewhere, so the clock stops before that wait would end.
            clock.Run(asking, start.AddSeconds 30.0) |> ignore
            Task.WaitAny([| asking :> Task |], 30_000) |> ignore
            asking, (clock.GetUtcNow() - start).TotalSeconds)

    let private bitcoin = TradingPair("BTC", "USDT")

    let private never = TimeSpan.FromDays 1.0

    let private found host connect pair =
        let asking, seconds = asked host connect pair never
        isBelow 10.0 seconds
        (asking: Task<ExchangeFindings>).Result

    let private well (skew: float) clock =
        let host = new RowHost(clock)
        host.Skew <- TimeSpan.FromSeconds skew
        host :> HttpMessageHandler

    let private respond (status: int) (headers: (string * string) list) (body: string) =
        let response = new HttpResponseMessage(enum<HttpStatusCode> status)
        response.Content <- new ByteArrayContent(Encoding.UTF8.GetBytes body)

        for name, value in headers do
            response.Headers.TryAddWithoutValidation(name, value) |> ignore

        response

    let private always answer (_: TimeProvider) = new OneAnswer(answer) :> HttpMessageHandler

    let private hangs (stop: CancellationToken) =
        let gone = TaskCompletionSource<HttpResponseMessage>()
        stop.Register(fun () -> gone.TrySetCanceled stop |> ignore) |> ignore
        gone.Task

    let private sentence (fault: FeedFault | null) =
        match fault with
        | null -> ""
        | fault -> fault.Sentence

    [<Tests>]
    let tests =
        testList "ExchangeProbeTests" [
            testCase "an exchange that is well"
            <| fun () ->
                let findings = found (well 0.0) opens bitcoin
                equal ("", "") (sentence findings.RestFault, sentence findings.PairFault)
                isNull' findings.StreamFault
                holds (findings.RestTime.HasValue && findings.StreamTime.HasValue)
                equal (Nullable TimeSpan.Zero) findings.ClockSkew
                equal (Nullable 7) findings.UsedWeight
                let filters = nonNull findings.Filters

                equal
                    (0.01, 0.00001, 9_000.0, 5.0)
                    (filters.TickSize, filters.LotSize, filters.LargestQuantity, filters.SmallestNotional)

            cases "a clock that is wrong" [ 90.0; -90.0 ]
            <| fun (skew: float) ->
                let findings = found (well skew) opens bitcoin
                equal (Nullable(TimeSpan.FromSeconds skew)) findings.ClockSkew

            testCase "a pair that the exchange does not have"
            <| fun () ->
                let findings = found (well 0.0) opens (TradingPair("DOGE", "BTC"))
                equal "" (sentence findings.RestFault)
                contains "does not know the pair (error -1121)" (sentence findings.PairFault)
                isNull' findings.Filters

            testCase "no network"
            <| fun () ->
                let fails _ = Task.FromException<HttpResponseMessage>(HttpRequestException "Connection refused")
                let findings = found (always fails) refuses bitcoin

                equal
                    "exchange.test cannot be reached (Connection refused): check the network"
                    (sentence findings.RestFault)

                equal "connection refused" (string findings.StreamFault)
                equal (Nullable()) findings.ClockSkew
                equal (Nullable()) findings.UsedWeight

            testCase "hosts that never answer"
            <| fun () ->
                let connect =
                    Func<string, CancellationToken, Task<IMessageConnection>>(fun _ stop ->
                        let gone = TaskCompletionSource<IMessageConnection>()
                        stop.Register(fun () -> gone.TrySetCanceled stop |> ignore) |> ignore
                        gone.Task)

                let findings = found (always hangs) connect bitcoin

                startsWith "exchange.test cannot be reached (no whole answer within" (sentence findings.RestFault)

                equal "no answer within 8 s" (string findings.StreamFault)

            testCase "a ban"
            <| fun () ->
                let banned _ = Task.FromResult(respond 418 [ "Retry-After", "120" ] """{"code":-1003,"msg":""}""")

                let findings = found (always banned) opens bitcoin

                equal "exchange.test asks for 121 s of silence (HTTP 418, error -1003)" (sentence findings.RestFault)

                isNull' findings.StreamFault

            testCase "a region that is not served"
            <| fun () ->
                let elsewhere _ = Task.FromResult(respond 451 [] """{"code":0,"msg":""}""")
                let findings = found (always elsewhere) opens bitcoin
                contains "does not serve this region" (sentence findings.RestFault)

            testCase "a stop ends it at once"
            <| fun () ->
                let asking, seconds = asked (always hangs) opens bitcoin (TimeSpan.FromSeconds 2.0)
                holds asking.IsCanceled
                isNear 0.1 2.0 seconds
        ]
