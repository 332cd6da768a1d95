namespace BtcBandit.Engine.Tests.Feeds.Binance

open System
open System.Diagnostics
open System.IO
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Binance
open BtcBandit.Engine.Market
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.FakeExchange

/// Hours and days over sockets, where BTCBANDIT_LIVE=full asks for them; they take minutes.
module SocketLongTests =

    let private day = 1_440

    let private test (body: unit -> Task<unit>) : Task<unit> =
        if not OverSockets.isFull then
            skiptest "skipped: it takes minutes; BTCBANDIT_LIVE=full runs it"

        OverSockets.test body

    /// What the process holds of the system; files and sockets where the system says.
    let private handles () =
        if OperatingSystem.IsLinux() then
            Seq.length (Directory.EnumerateFileSystemEntries "/proc/self/fd")
        else
            Process.GetCurrentProcess().HandleCount

    [<Tests>]
    let tests =
        // They measure what the whole process takes.
        testSequenced
        <| testList "SocketLongTests" [
            testCaseTask "each fault alone, for a day"
            <| fun () ->
                test (fun () ->
                    task {
                        let setups = [
                            for fault in KlineMatrix.all do
                                // Only who comes back can be refused, and without a fault of the stream hardly a page is asked for.
                                let companions =
                                    if fault = Fault.Refuse then [ Fault.CleanClose ]
                                    elif List.contains fault KlineMatrix.restFaults then [ Fault.NoClosingFrame ]
                                    else []

                                $"{fault}",
                                { OverSockets.setup with Minutes = day; Faults = fault :: companions; Speed = 1_800.0 }
                        ]

                        let neverHappened (following: Following) =
                            let isOutage = following.Plan.Has Fault.Outage

                            if not isOutage && following.Plan.Struck.Count = 0 then
                                Some "it never happened"
                            else
                                None

                        let! wrong = OverSockets.together setups neverHappened
                        isEmpty wrong
                    })

            testCaseTask "everything but an outage at once, for two hours from a hundred seeds"
            <| fun () ->
                test (fun () ->
                    task {
                        let setups = [
                            for seed in 1..100 ->
                                $"seed {seed}", { OverSockets.setup with Seed = seed; Faults = OverSockets.everything }
                        ]

                        let isTame (following: Following) =
                            if following.Plan.Struck.Count > 12 then
                                None
                            else
                                Some "hardly anything went wrong"

                        let! wrong = OverSockets.together setups isTame
                        isEmpty wrong
                    })

            testCaseTask "eight days in one process leave nothing behind"
            <| fun () ->
                test (fun () ->
                    task {
                        let setup = {
                            OverSockets.setup with
                                Seed = 7
                                Minutes = 8 * day
                                Faults = OverSockets.everything
                                Rate = 0.002
                                Speed = 3_000.0
                        }

                        let measured = ResizeArray<int64 * int>()

                        let measure (following: Following) =
                            task {
                                for days in [ 2; 8 ] do
                                    let count = setup.History + days * day - 100

                                    let! hasCome =
                                        OverSockets.becomes (TimeSpan.FromMinutes 15.0) (fun () ->
                                            following.Heard.Count >= count || following.Heard.Finished.IsCompleted)

                                    equal true hasCome
                                    measured.Add((GC.GetTotalMemory true, handles ()))
                            }

                        let! _, fault = OverSockets.run setup measure
                        equal None fault
                        let heapBefore, handlesBefore = measured[0]
                        let heap, handles = measured[1]
                        let found = $"heap {heapBefore} and {heap} bytes, handles {handlesBefore} and {handles}"
                        // Less than ten bytes for each frame of the six days.
                        Expect.isLessThan (heap - heapBefore) 2_000_000L found
                        Expect.isLessThan (handles - handlesBefore) 16 found
                    })

            testCaseTask "at the pace of the market it is idle"
            <| fun () ->
                test (fun () ->
                    task {
                        let rows = OverSockets.minutes 0 300
                        // A candle closes in the middle of what is measured.
                        let clock = ScaledTime(1.0, (OverSockets.momentOf rows[200]).AddSeconds 45.0)
                        let market = Market(rows, FaultPlan([], 0.0, 1), clock, TimeSpan.Zero)
                        use! exchange = WebExchange.Start(market, clock, 0)
                        let hosts = BinanceHosts(exchange.Address, OverSockets.streamOf exchange.Address)
                        let start = FeedStart(Nullable(), 100)

                        let feed =
                            BinanceFeed.Open(OverSockets.pair, Timeframe.OneMinute, hosts, (fun () -> start), clock)

                        let count = ref 0
                        use subscription = feed.Candles.Subscribe(fun (_: Candle) -> count.Value <- count.Value + 1)
                        do! Task.Delay 5_000
                        let used () = Process.GetCurrentProcess().TotalProcessorTime
                        let before = used ()
                        do! Task.Delay 20_000
                        let share = (used () - before) / TimeSpan.FromSeconds 20.0
                        equal 101 count.Value
                        isBelow 0.03 share
                    })
        ]
