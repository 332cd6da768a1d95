namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.Net.Http
open System.Threading
open System.Threading.Tasks
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Market
open BtcBandit.FakeExchange

/// A client's own account of its streams: one counts from the attempt to open it until its disposal has ended. A server
/// notices an end later than the client brings it about.
type Ledger() =
    let gate = obj ()
    let mutable isOpen = 0
    let mutable most = 0

    member _.Open = lock gate (fun () -> isOpen)
    member _.Most = lock gate (fun () -> most)

    member _.Enter() =
        lock gate (fun () ->
            isOpen <- isOpen + 1
            most <- max most isOpen)

    member _.Leave() = lock gate (fun () -> isOpen <- isOpen - 1)

/// A connection that is in the ledger.
type private LedgerConnection(inner: IMessageConnection, ledger: Ledger) =
    interface IMessageConnection with
        member _.Receive stop = inner.Receive stop

        member _.DisposeAsync() =
            ValueTask(
                task {
                    do! inner.DisposeAsync()
                    ledger.Leave()
                }
            )

/// Hears the events of a feed. It compares each candle with the recorded one, and keeps none of them.
type Heard(expected: Row array) =
    let finished = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    let gaps = ResizeArray<Gap>()
    let mutable count = 0
    let mutable fault: string option = None

    let wrong text =
        if fault.IsNone then
            fault <- Some text

        finished.TrySetResult() |> ignore

    /// The candles that have to come.
    member _.Expected = expected
    /// Ends when the last candle has come, or something is wrong.
    member _.Finished: Task = finished.Task
    /// Number of candles that have come.
    member _.Count = count
    member _.Fault = fault
    member _.Gaps = gaps.ToArray()
    member val Reconnects = 0 with get, set
    member val Recoveries = 0 with get, set

    member this.Hear(event: FeedEvent) =
        match event with
        // The exchange may tell the last candle again.
        | :? FeedEvent.Arrived as arrived when count > 0 && arrived.Candle.OpenTime = expected[count - 1].OpenTime -> ()
        | :? FeedEvent.Arrived as arrived when count < expected.Length ->
            if KlineMatrix.same arrived.Candle expected[count] then
                count <- count + 1

                if count = expected.Length then
                    finished.TrySetResult() |> ignore
            else
                wrong $"candle {count}: {arrived.Candle}, recorded {expected[count]}"
        | :? FeedEvent.Missing as missing -> gaps.Add missing.Gap
        | :? FeedEvent.Reconnecting -> this.Reconnects <- this.Reconnects + 1
        | :? FeedEvent.Recovered -> this.Recoveries <- this.Recoveries + 1
        | _ -> ()

    member _.Fail(error: exn) = wrong error.Message

/// What is done over sockets.
type SocketSetup = {
    Seed: int
    Minutes: int
    History: int
    Faults: Fault list
    Rate: float
    /// How many times faster than the market.
    Speed: float
}

/// A feed that follows the fake exchange.
type Following = { Exchange: WebExchange; Market: Market; Plan: FaultPlan; Ledger: Ledger; Heard: Heard }

/// Binance's client against the fake exchange, over sockets of this machine and in accelerated time.
module OverSockets =
    let pair = TradingPair("BTC", "USDT")

    /// Whether ./check --full asks for the long runs.
    let isFull = Environment.GetEnvironmentVariable "BTCBANDIT_LIVE" = "full"

    /// Runs a test on the thread pool: what the test runner's thread brings along would take continuations off it.
    let test (body: unit -> Task<unit>) : Task<unit> = Task.Run<unit>(Func<Task<unit>> body)

    /// Whether something becomes true in time. Turns of ten milliseconds are counted, because a machine that is too busy for a
    /// turn is too busy for what is waited for.
    let becomes (limit: TimeSpan) (condition: unit -> bool) =
        task {
            let mutable turns = int (limit.TotalMilliseconds / 10.0)

            while not (condition ()) && turns > 0 do
                do! Task.Delay 10
                turns <- turns - 1

            return condition ()
        }

    /// Recorded minutes; the week begins again where it ends.
    let minutes (from: int) (count: int) =
        let week = KlineMatrix.week.Value

        Array.init count (fun index ->
            let at = from + index
            let row = week[at % week.Length]
            let later = int64 (at / week.Length) * 7L * 86_400_000L
            Row(row.OpenTime + later, row.Open, row.High, row.Low, row.Close, row.Volume))

    let momentOf (row: Row) = DateTimeOffset.FromUnixTimeMilliseconds row.OpenTime

    /// The address of the streams of an exchange.
    let streamOf (address: Uri) = UriBuilder(address, Scheme = "ws").Uri

    /// The client as BinanceFeed makes it, with a ledger of its streams.
    let client (address: Uri) (ledger: Ledger) (options: BinanceOptions) (clock: TimeProvider) =
        let rest = BinanceRest(new HttpMessageInvoker(new SocketsHttpHandler()), address, options, clock)

        let connect (path: string) (stop: CancellationToken) =
            task {
                ledger.Enter()

                try
                    let stream = Uri(streamOf address, path)
                    let! inner = SocketConnection.Open(stream, options.AttemptTimeout, clock, stop)
                    return LedgerConnection(inner, ledger) :> IMessageConnection
                with error ->
                    ledger.Leave()
                    return raise error
            }

        BinanceExchange(pair, Timeframe.OneMinute, rest, connect) :> IKlineExchange

    /// A time of the market, but at least so many real seconds: a pause of the machine is no fault of the exchange.
    let private atLeast (speed: float) (seconds: float) (real: float) = TimeSpan.FromSeconds(max seconds (real * speed))

    let patience speed = BinanceOptions(AttemptTimeout = atLeast speed 10.0 0.3, GiveUpAfter = Nullable())

    let doubts speed =
        KlineFeedOptions(
            Silence = atLeast speed 6.0 0.25,
            Tick = atLeast speed 1.5 0.05,
            Overdue = atLeast speed 10.0 0.3,
            Settle = atLeast speed 2.0 0.01,
            Quiet = atLeast speed 10.0 0.02,
            MaxBackoff = atLeast speed 30.0 0.05
        )

    let everything = KlineMatrix.streamFaults @ KlineMatrix.restFaults

    let setup = { Seed = 1; Minutes = 120; History = 200; Faults = []; Rate = 0.03; Speed = 600.0 }

    /// Follows the exchange until the last candle has come, and says what was wrong with it.
    let run (setup: SocketSetup) (meanwhile: Following -> Task<unit>) =
        task {
            let rows = minutes (setup.Seed * 7_919 % 7_000) (setup.History + setup.Minutes + 1_200)
            let clock = ScaledTime(setup.Speed, momentOf rows[setup.History])
            let plan = FaultPlan(setup.Faults, setup.Rate, setup.Seed)
            let skew = TimeSpan.FromSeconds(float (setup.Seed % 3 - 1) * 3.0)
            let market = Market(rows, plan, clock, skew, rows[setup.History + 20].OpenTime)
            use! exchange = WebExchange.Start(market, clock, 0)
            let until = rows[setup.History + setup.Minutes].OpenTime

            let following = {
                Exchange = exchange
                Market = market
                Plan = plan
                Ledger = Ledger()
                Heard = Heard(market.Rows |> Seq.filter (fun row -> row.OpenTime < until) |> Array.ofSeq)
            }

            let heard, ledger = following.Heard, following.Ledger
            let client = client exchange.Address ledger (patience setup.Speed) clock
            let start = FeedStart(Nullable rows[0].OpenTime, 0)
            let events = KlineFeed.Events(client, Timeframe.OneMinute, (fun () -> start), doubts setup.Speed, clock)
            use subscription = events.Subscribe(heard.Hear, heard.Fail)
            do! meanwhile following
            let limit = TimeSpan.FromSeconds(float setup.Minutes * 60.0 / setup.Speed * 3.0 + 20.0)
            let! hasFinished = becomes limit (fun () -> heard.Finished.IsCompleted)
            subscription.Dispose()
            let! hasLetGo = becomes (TimeSpan.FromSeconds 2.0) (fun () -> ledger.Open = 0)

            let fault =
                match heard.Fault with
                | Some fault -> Some fault
                | None when not hasFinished -> Some $"stuck after {heard.Count} candles"
                | None when heard.Gaps <> KlineMatrix.holes heard.Expected -> Some $"gaps %A{heard.Gaps}"
                | None when ledger.Most > 1 -> Some $"{ledger.Most} streams at once"
                | None when not hasLetGo -> Some "a stream is left open"
                | None when market.RequestsWhileBanned > 0 -> Some "asked while banned"
                | None when market.MostWeight >= 6_000 -> Some $"weight {market.MostWeight}"
                | None -> None

            return following, fault
        }

    /// Runs several exchanges and clients at once, four at a time: each of them waits more than it works.
    let together (setups: (string * SocketSetup) list) (isWrong: Following -> string option) =
        task {
            use places = new SemaphoreSlim 4

            let one (name: string, setup: SocketSetup) =
                task {
                    do! places.WaitAsync()

                    try
                        let! following, fault = run setup (fun _ -> Task.FromResult(()))
                        let fault = fault |> Option.orElse (isWrong following)
                        return fault |> Option.map (fun fault -> $"{name}: {fault}")
                    finally
                        places.Release() |> ignore
                }

            let! faults = setups |> List.map one |> Task.WhenAll
            return faults |> Array.choose id |> List.ofArray
        }

    /// Nothing is done meanwhile.
    let undisturbed (_: Following) = Task.FromResult(())
