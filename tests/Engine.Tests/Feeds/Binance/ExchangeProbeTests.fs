namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.IO
open System.Net
open System.Net.Http
open System.Text
open System.Threading
open System.Threading.Tasks
open NUnit.Framework
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
[<TestFixture>]
type ExchangeProbeTests() =

    let start = DateTimeOffset(2024, 2, 1, 12, 0, 0, TimeSpan.Zero)

    let opens: Func<string, CancellationToken, Task<IMessageConnection>> =
        Func<_, _, _>(fun _ _ ->
            Task.FromResult
                { new IMessageConnection with
                    member _.Receive _ = ValueTask<Nullable<ReadOnlyMemory<byte>>>(result = Nullable())
                    member _.DisposeAsync() = ValueTask()
                })

    let refuses: Func<string, CancellationToken, Task<IMessageConnection>> =
        Func<_, _, _>(fun _ _ -> Task.FromException<IMessageConnection>(IOException "connection refused"))

    /// The findings, or the exception, and how long it took.
    let asked (host: TimeProvider -> HttpMessageHandler) connect (pair: TradingPair) (stopAfter: TimeSpan) =
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

    let bitcoin = TradingPair("BTC", "USDT")
    let never = TimeSpan.FromDays 1.0

    let found host connect pair =
        let asking, seconds = asked host connect pair never
        Assert.That(seconds, Is.LessThan 10.0)
        (asking: Task<ExchangeFindings>).Result

    let well (skew: float) clock =
        let host = new RowHost(clock)
        host.Skew <- TimeSpan.FromSeconds skew
        host :> HttpMessageHandler

    let respond (status: int) (headers: (string * string) list) (body: string) =
        let response = new HttpResponseMessage(enum<HttpStatusCode> status)
        response.Content <- new ByteArrayContent(Encoding.UTF8.GetBytes body)

        for name, value in headers do
            response.Headers.TryAddWithoutValidation(name, value) |> ignore

        response

    let always answer (_: TimeProvider) = new OneAnswer(answer) :> HttpMessageHandler

    let hangs (stop: CancellationToken) =
        let gone = TaskCompletionSource<HttpResponseMessage>()
        stop.Register(fun () -> gone.TrySetCanceled stop |> ignore) |> ignore
        gone.Task

    let sentence (fault: FeedFault | null) =
        match fault with
        | null -> ""
        | fault -> fault.Sentence

    [<Test>]
    member _.``an exchange that is well``() =
        let findings = found (well 0.0) opens bitcoin
        equal ("", "") (sentence findings.RestFault, sentence findings.PairFault)
        Assert.That(findings.StreamFault, Is.Null)
        Assert.That(findings.RestTime.HasValue && findings.StreamTime.HasValue)
        equal (Nullable TimeSpan.Zero) findings.ClockSkew
        equal (Nullable 7) findings.UsedWeight
        let filters = nonNull findings.Filters

        equal
            (0.01, 0.00001, 9_000.0, 5.0)
            (filters.TickSize, filters.LotSize, filters.LargestQuantity, filters.SmallestNotional)

    [<TestCase(90.0)>]
    [<TestCase(-90.0)>]
    member _.``a clock that is wrong``(skew: float) =
        let findings = found (well skew) opens bitcoin
        equal (Nullable(TimeSpan.FromSeconds skew)) findings.ClockSkew

    [<Test>]
    member _.``a pair that the exchange does not have``() =
        let findings = found (well 0.0) opens (TradingPair("DOGE", "BTC"))
        equal "" (sentence findings.RestFault)
        Assert.That(sentence findings.PairFault, Does.Contain "does not know the pair (error -1121)")
        Assert.That(findings.Filters, Is.Null)

    [<Test>]
    member _.``no network``() =
        let fails _ = Task.FromException<HttpResponseMessage>(HttpRequestException "Connection refused")
        let findings = found (always fails) refuses bitcoin
        equal "exchange.test cannot be reached (Connection refused): check the network" (sentence findings.RestFault)
        equal "connection refused" (string findings.StreamFault)
        equal (Nullable()) findings.ClockSkew
        equal (Nullable()) findings.UsedWeight

    [<Test>]
    member _.``hosts that never answer``() =
        let connect =
            Func<string, CancellationToken, Task<IMessageConnection>>(fun _ stop ->
                let gone = TaskCompletionSource<IMessageConnection>()
                stop.Register(fun () -> gone.TrySetCanceled stop |> ignore) |> ignore
                gone.Task)

        let findings = found (always hangs) connect bitcoin

        Assert.That(
            sentence findings.RestFault,
            Does.StartWith "exchange.test cannot be reached (no whole answer within"
        )

        equal "no answer within 8 s" (string findings.StreamFault)

    [<Test>]
    member _.``a ban``() =
        let banned _ = Task.FromResult(respond 418 [ "Retry-After", "120" ] """{"code":-1003,"msg":""}""")

        let findings = found (always banned) opens bitcoin

        equal "exchange.test asks for 121 s of silence (HTTP 418, error -1003)" (sentence findings.RestFault)

        Assert.That(findings.StreamFault, Is.Null)

    [<Test>]
    member _.``a region that is not served``() =
        let elsewhere _ = Task.FromResult(respond 451 [] """{"code":0,"msg":""}""")
        let findings = found (always elsewhere) opens bitcoin
        Assert.That(sentence findings.RestFault, Does.Contain "does not serve this region")

    [<Test>]
    member _.``a stop ends it at once``() =
        let asking, seconds = asked (always hangs) opens bitcoin (TimeSpan.FromSeconds 2.0)
        Assert.That(asking.IsCanceled)
        Assert.That(seconds, Is.EqualTo(2.0).Within 0.1)
