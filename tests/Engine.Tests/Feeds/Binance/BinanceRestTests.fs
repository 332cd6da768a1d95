namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.Collections.Generic
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
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.FakeExchange

/// What a host answers, in turn; the last answer again and again.
type ScriptedHost(answers: (TimeProvider -> CancellationToken -> Task<HttpResponseMessage>) list, clock: TimeProvider) =
    inherit HttpMessageHandler()
    let mutable left = answers

    /// When each request came.
    member val Asked = List<DateTimeOffset>()

    override this.SendAsync(_: HttpRequestMessage, stop: CancellationToken) =
        this.Asked.Add(clock.GetUtcNow())
        let answer = left.Head

        if left.Length > 1 then
            left <- left.Tail

        answer clock stop

/// What came of a question.
type Questioned = {
    /// The answer or the failure; nothing if neither has come within an hour.
    Answer: Task<int64> option
    /// Seconds at which the host was asked.
    Times: float list
    /// The second at which it ended.
    Ended: float
    Notices: ExchangeNotice list
}

/// Questions that get answered in the end, whatever the host does first.
module BinanceRestTests =

    let private start = DateTimeOffset(2024, 3, 4, 12, 0, 0, TimeSpan.Zero)

    let private good = """{"serverTime":1709553600000}"""

    let private respond
        (status: int)
        (headers: (string * string) list)
        (body: string)
        (_: TimeProvider)
        (_: CancellationToken)
        : Task<HttpResponseMessage> =
        let response = new HttpResponseMessage(enum<HttpStatusCode> status)
        response.Content <- new ByteArrayContent(Encoding.UTF8.GetBytes body)

        for name, value in headers do
            response.Headers.TryAddWithoutValidation(name, value) |> ignore

        Task.FromResult response

    let private ok = respond 200 [] good

    let private cut (_: TimeProvider) (_: CancellationToken) : Task<HttpResponseMessage> =
        let response = new HttpResponseMessage()
        response.Content <- new CutBody(Encoding.UTF8.GetBytes good)
        Task.FromResult response

    let private fails (_: TimeProvider) (_: CancellationToken) : Task<HttpResponseMessage> =
        Task.FromException<HttpResponseMessage>(HttpRequestException "Connection refused")

    let private hangs (clock: TimeProvider) (stop: CancellationToken) : Task<HttpResponseMessage> =
        task {
            do! BtcBandit.FakeExchange.Delay.For(TimeSpan.FromHours 2.0, clock, stop)
            return new HttpResponseMessage()
        }

    let private calm = BinanceOptions(Jitter = Func<float>(fun () -> 0.5))

    /// The second of a time, to a tenth.
    let private second (time: DateTimeOffset) = Math.Round((time - start).TotalSeconds, 1)

    let private connected answers =
        let clock = VirtualTime start
        let host = new ScriptedHost(answers, clock)
        clock, host, BinanceRest(new HttpMessageInvoker(host), Uri "https://exchange.test", calm, clock)

    let private asked answers (question: BinanceRest -> TimeProvider -> Task<int64>) =
        Virtual.run (fun () ->
            let clock, host, rest = connected answers
            let notices = List<ExchangeNotice>()
            use _ = rest.Notices.Subscribe(fun notice -> notices.Add notice)
            let answer = question rest (clock :> TimeProvider)
            let hasEnded = clock.Run(answer, start.AddHours 1.0)

            {
                Answer = if hasEnded then Some answer else None
                Times = [ for time in host.Asked -> second time ]
                Ended = second (clock.GetUtcNow())
                Notices = List.ofSeq notices
            })

    let private time answers = asked answers (fun rest _ -> rest.ServerTime CancellationToken.None)

    /// Two questions, some seconds apart.
    let private twice (pause: float) answers =
        asked answers (fun rest clock ->
            task {
                let! _ = rest.ServerTime CancellationToken.None
                do! BtcBandit.FakeExchange.Delay.For(TimeSpan.FromSeconds pause, clock, CancellationToken.None)
                return! rest.ServerTime CancellationToken.None
            })

    let private answered (ran: Questioned) =
        match ran.Answer with
        | Some answer -> equal 1_709_553_600_000L (answer.GetAwaiter().GetResult())
        | None -> failtest "it has not been answered"

    let private refused (ran: Questioned) =
        match ran.Answer with
        | Some answer -> refusal (fun () -> answer.GetAwaiter().GetResult())
        | None -> failwith "it asks on"

    let private kinds (ran: Questioned) = [ for notice in ran.Notices -> notice.Kind ]

    [<Tests>]
    let tests =
        testList "BinanceRestTests" [
            testCase "whatever may get better is tried again"
            <| fun () ->
                for first in
                    [
                        respond 500 [] "<html>"
                        respond 503 [] ""
                        respond 403 [] "<html>"
                        respond 408 [] ""
                        respond 200 [] "<html>"
                        respond 200 [] "{}"
                        respond 200 [] "{\"serverTime\":"
                        cut
                        fails
                    ] do
                    let ran = time [ first; ok ]
                    answered ran
                    equal [ ExchangeNoticeKind.Retrying; ExchangeNoticeKind.Answered ] (kinds ran)

            testCase "an answer that does not come is not waited for"
            <| fun () ->
                let ran = twice 0.0 [ ok; hangs; ok ]
                answered ran
                // The attempt has ten seconds, and a wait follows.
                isWithin 10.5 13.0 ran.Times[2]

            cases "silence that is asked for is kept, and a second more" [
                429, "3", "Throttled", 4.0
                418, "120", "Banned", 121.0
                429, "", "Throttled", 11.0
                418, "", "Banned", 121.0
            ]
            <| fun (status: int, retryAfter: string, kind: string, wait: float) ->
                let headers = if retryAfter = "" then [] else [ "Retry-After", retryAfter ]
                let ran = time [ respond status headers """{"code":-1003,"msg":""}"""; ok ]
                answered ran
                equal [ 0.0; wait ] ran.Times
                equal kind (string ran.Notices.Head.Kind)
                equal (TimeSpan.FromSeconds wait) ran.Notices.Head.Wait

            testCase "a ban holds for the next question, too"
            <| fun () ->
                Virtual.run (fun () ->
                    let clock, host, rest = connected [ respond 418 [ "Retry-After", "120" ] ""; ok ]
                    use stop = new CancellationTokenSource()
                    let refused = rest.ServerTime stop.Token
                    equal false (clock.Run(refused, start.AddSeconds 1.0))
                    stop.Cancel()
                    let answer = rest.ServerTime CancellationToken.None
                    equal true (clock.Run(answer, start.AddHours 1.0))
                    equal [ 0.0; 121.0 ] [ for time in host.Asked -> second time ])

            cases "what no attempt can better is the end" [
                400, -1121, "does not know the pair"
                400, -1120, "does not know the timeframe"
                400, -1100, "refuses the request (HTTP 400, error -1100)"
                404, 0, "refuses the request"
                451, 0, "does not serve this region"
            ]
            <| fun (status: int, code: int, words: string) ->
                let ran = time [ respond status [] $"{{\"code\":{code},\"msg\":\"\"}}"; ok ]
                contains "exchange.test" (refused ran)
                contains words (refused ran)
                equal [ 0.0 ] ran.Times

            cases "once a host has answered, only what is wrong with the question is the end" [
                400, -1000, true
                404, 0, true
                407, 0, true
                400, -1121, false
                400, -1120, false
                400, -1100, false
                400, -1106, false
                400, -1107, true
                451, 0, false
            ]
            <| fun (status: int, code: int, goesOn: bool) ->
                let ran = twice 0.0 [ ok; respond status [] $"{{\"code\":{code},\"msg\":\"\"}}"; ok ]

                if goesOn then answered ran else contains "exchange.test" (refused ran)

            testCase "a host that never answers is given up within ten seconds"
            <| fun () ->
                let unreached = "exchange.test cannot be reached"
                let otherwise = "exchange.test does not answer as an exchange"

                for first, words in
                    [
                        fails, $"{unreached} (Connection refused)"
                        hangs, unreached
                        respond 503 [] "", $"{otherwise} (HTTP 503)"
                        respond 200 [] "<html>", $"{otherwise} (the answer is no JSON)"
                        respond 200 [] "{}", $"{otherwise} (the answer has no serverTime)"
                    ] do
                    let ran = time [ first ]
                    contains words (refused ran)
                    isBelow 10.0 ran.Ended

            testCase "a host that has answered before is never given up"
            <| fun () ->
                let ran = twice 0.0 [ ok; fails ]
                equal None ran.Answer
                isAbove 100 ran.Times.Length
                // Whoever asks for silence has been reached.
                let banned = time [ respond 418 [ "Retry-After", "120" ] ""; fails ]
                equal None banned.Answer

            testCase "a minute whose weight is nearly used up is waited for"
            <| fun () ->
                let ran = twice 0.0 [ respond 200 [ "X-MBX-USED-WEIGHT-1M", "4800" ] good; ok ]
                answered ran
                equal [ 0.0; 61.0 ] ran.Times

                equal [ TimeSpan.FromSeconds 61.0, 4_800 ] [
                    for notice in ran.Notices do
                        if notice.Kind = ExchangeNoticeKind.Throttled then
                            notice.Wait, notice.UsedWeight
                ]

                let below = twice 0.0 [ respond 200 [ "X-MBX-USED-WEIGHT-1M", "4799" ] good; ok ]
                equal [ 0.0; 0.0 ] below.Times

            testCase "the weight of a minute that is over no longer counts"
            <| fun () ->
                let ran = twice 70.0 [ respond 200 [ "X-MBX-USED-WEIGHT-1M", "4800" ] good; ok ]
                answered ran
                equal [ 0.0; 70.0 ] ran.Times

            testCase "a question that is stopped ends, whatever it waits for"
            <| fun () ->
                let banned = respond 418 [ "Retry-After", "120" ] ""
                // For an answer, for the next attempt, and, asked a second time, for the end of a ban.
                for answers, questions in [ [ hangs ], 1; [ fails ], 1; [ banned; ok ], 2 ] do
                    Virtual.run (fun () ->
                        let clock, host, rest = connected answers

                        for _ in 1..questions do
                            use stop = new CancellationTokenSource()
                            let answer = rest.ServerTime stop.Token
                            equal false (clock.Run(answer, start.AddSeconds 0.5))
                            stop.Cancel()
                            // Polly's wait ends on the thread pool.
                            equal 0 (Task.WaitAny([| answer :> Task |], 2_000))
                            equal true answer.IsCanceled

                        equal 1 host.Asked.Count)
        ]
