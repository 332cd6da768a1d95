namespace BtcBandit.Sweep.Nats.Tests

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Sweep.Distribution
open BtcBandit.Sweep.Nats
open Cluster

/// A sweep on several workers, when nothing goes wrong.
module RunTests =

    /// Runs a sweep while so many workers of two slots are there.
    let private withWorkers count options code work (run: CancellationToken -> Task) =
        task {
            use stop = minute ()
            use workersStop = CancellationTokenSource.CreateLinkedTokenSource stop.Token
            let workers = [| for _ in 1..count -> worker options code 2 work workersStop.Token |]
            do! run stop.Token
            workersStop.Cancel()
            let! _ = Task.WhenAll workers
            ()
        }

    [<Tests>]
    let tests =
        testList "RunTests" [
            testCaseTask "three workers of two slots do each unit exactly once"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    let log, units = Log(), units "once" 400
                    let options = options server

                    do!
                        withWorkers 3 options "code" (work log 2) (fun stop ->
                            task {
                                let! outcome = coordinate options "once" "code" units log null stop
                                equal 400 outcome.Done
                                equal 0L outcome.Refused
                                equal 0 outcome.Lost.Count
                            })

                    equal 400 log.Executions
                    equal 0 log.DoneTwice

                    for unit in units do
                        equalSeq (answer unit) log.Stored[unit.Key]

                    // The same sweep again: the results of the first are still there.
                    use stop = minute ()
                    let again = Log()
                    let! outcome = coordinate options "once" "code" units again null stop.Token
                    equal 400 outcome.Done
                    equal 400 again.Stored.Count
                }

            testCaseTask "two coordinators at once, with other stores"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    let one, other, units = Log(), Log(), units "two" 500
                    let options = options server

                    do!
                        withWorkers 2 options "code" (work one 1) (fun stop ->
                            task {
                                let first = coordinate options "two" "code" units one null stop
                                let second = coordinate options "two" "code" (Array.rev units) other null stop
                                let! outcomes = Task.WhenAll [| first; second |]

                                for outcome in outcomes do
                                    equal 500 outcome.Done
                                    equal 0 outcome.Differing.Count

                                isAbove 0L (Seq.sum (outcomes |> Seq.map _.Refused))
                            })

                    equal 500 one.Stored.Count
                    equal 500 other.Stored.Count
                }

            testCaseTask "a worker of other code sees no unit"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    let log = Log()
                    let options = options server
                    use stop = minute ()
                    use cut = CancellationTokenSource.CreateLinkedTokenSource stop.Token
                    let run = coordinate options "sweep" "mine" (units "code" 3) log null cut.Token
                    let idle = TimeSpan.FromSeconds 2.0

                    let other code =
                        NatsWorker.RunAsync(options, code, 2, "/nowhere", work log 0, null, stop.Token, Nullable idle)

                    let! stranger = other "others"
                    equal 0 stranger.Done
                    equal 0 log.Executions
                    let! own = other "mine"
                    equal 3 own.Done
                    let! outcome = run
                    equal 3 outcome.Done
                }

            testCaseTask "progress counts workers, slots and units"
            <| fun () ->
                task {
                    use server = new NatsServer("")
                    let log = Log()
                    let options = options server
                    let mutable seen: ClusterProgress list = []

                    do!
                        withWorkers 3 options "code" (work log 250) (fun stop ->
                            task {
                                let progress = Action<ClusterProgress>(fun now -> seen <- now :: seen)
                                let! _ = coordinate options "sweep" "code" (units "progress" 100) log progress stop
                                ()
                            })

                    let last = List.head seen
                    equal (100, 100) (last.Done, last.Total)
                    equal (3, 6) (seen |> List.map _.Workers |> List.max, seen |> List.map _.Slots |> List.max)
                    isAbove 0L (seen |> List.map _.Working |> List.max)
                }
        ]
