namespace BtcBandit.Indicators.Tests

open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

module IndicatorTests =

    /// The sum of the last two inputs, silent for one.
    let private pairSum =
        Indicator.create
            1
            struct (false, 0)
            (Step<struct (bool * int), int, int>(fun state input output ->
                let struct (seen, before) = state
                state <- struct (true, input)
                output <- before + input
                seen))

    let private outputs indicator inputs =
        Indicator.run indicator inputs
        |> Array.map (function
            | ValueSome output -> output
            | ValueNone -> -1)

    [<Tests>]
    let tests =
        testList "IndicatorTests" [
            testCase "run gives one output for each input, absent while silent"
            <| fun () ->
                equalSeq [| -1; 3; 5 |] (outputs pairSum [ 1; 2; 3 ])
                isEmpty (outputs pairSum [])

            testCase "runSeq reads no further than it is asked, and starts afresh each time"
            <| fun () ->
                let mutable read = 0

                let endless =
                    Seq.initInfinite (fun i ->
                        read <- read + 1
                        i + 1)

                let lazily = endless |> Indicator.runSeq pairSum
                equal 0 read

                for _ in 1..2 do
                    read <- 0
                    holds (List.ofSeq (Seq.take 3 lazily) = [ ValueNone; ValueSome 3; ValueSome 5 ])
                    equal 3 read

            testCase "map changes outputs, contramap inputs"
            <| fun () ->
                let changed = pairSum |> Indicator.map ((*) 10) |> Indicator.contramap ((+) 1)
                equalSeq [| -1; 50; 70 |] (outputs changed [ 1; 2; 3 ])

            testCase "warm-ups add under andThen"
            <| fun () ->
                let chained = pairSum |> Indicator.andThen pairSum
                equal 2 chained.WarmUp
                equalSeq [| -1; -1; 8; 12 |] (outputs chained [ 1; 2; 3; 4 ])

            testCase "warm-ups take the maximum under zip"
            <| fun () ->
                let both = Indicator.zip pairSum (pairSum |> Indicator.andThen pairSum)
                equal 2 both.WarmUp

                equalSeq
                    [| -1; -1; 508; 712 |]
                    (outputs (both |> Indicator.map (fun struct (a, b) -> 100 * a + b)) [ 1; 2; 3; 4 ])

            testCase "a fork and a kept state go on alone"
            <| fun () ->
                let run = pairSum.Start()
                run.TryNext 1 |> ignore
                let fork, kept = run.Fork(), run.State
                equal 11 (snd (run.TryNext 10))
                equal 21 (snd (fork.TryNext 20))
                equal 31 (snd ((pairSum.StartFrom kept).TryNext 30))

            // Values move from the state to a shared chunk sixteen at a time: every length on both sides of that is met here.
            testCase "windows forked at any length and pushed in turns never see each other"
            <| fun () ->
                for period in [ 1; 2; 15; 16; 17; 31; 33; 100 ] do
                    for length in 0..120 do
                        let past = [ for i in 1..length -> float i ]

                        let check (indicator: Indicator<'State, float, float>) =
                            let kept = indicator.Start()

                            for value in past do
                                kept.TryNext value |> ignore

                            let future from = [ for i in 1..60 -> from * float i ]

                            // In turns, so that each writes between the other's writing and reading.
                            let one, other = kept.Fork(), kept.Fork()

                            let ones, others =
                                List.zip (future 3.0) (future 7.0)
                                |> List.map (fun (a, b) -> one.TryNext a, other.TryNext b)
                                |> List.unzip

                            for from, got in [ 3.0, ones; 7.0, others ] do
                                let alone = indicator.Start()
                                let expected = [ for value in past @ future from -> alone.TryNext value ]
                                Expect.isTrue (got = List.skip length expected) $"period {period}, length {length}"
                                equal (length + 60 >= period) (fst (List.last got))

                        check (Averages.sma period)
                        check (Averages.wma period)
                        check (Bands.stdev period)

            testCase "map2 joins two indicators, and speaks when both do"
            <| fun () ->
                let late = pairSum |> Indicator.andThen pairSum
                let joined = Indicator.map2 (fun early late -> 100 * early + late) pairSum late
                equal 2 joined.WarmUp
                equal [| -1; -1; 508; 712 |] (outputs joined [ 1; 2; 3; 4 ])

                equal
                    [| -1; -1; 508; 712 |]
                    (outputs (Indicator.map2 (fun late early -> 100 * early + late) late pairSum) [ 1..4 ])

            testCase "scan is never silent"
            <| fun () ->
                let fall =
                    Indicator.scan
                        (fun high price ->
                            let high = max high price
                            struct (high, high - price))
                        0

                equal 0 fall.WarmUp
                equal [| 0; 0; 3; 0 |] (outputs fall [ 1; 5; 2; 7 ])

            testCase "an expression of one, two, three and four indicators joins them"
            <| fun () ->
                let late = pairSum |> Indicator.andThen pairSum

                let one =
                    indicator {
                        let! sum = pairSum
                        return 10 * sum
                    }

                let two =
                    indicator {
                        let! sum = pairSum
                        and! late = late
                        return 100 * sum + late
                    }

                let four =
                    indicator {
                        let! sum = pairSum
                        and! late = late
                        and! ten = pairSum |> Indicator.map ((*) 10)
                        and! same = pairSum
                        return 10_000 * sum + 100 * late + ten - 10 * same
                    }

                equal [| -1; 30; 50 |] (outputs one [ 1; 2; 3 ])
                equal [| -1; -1; 508; 712 |] (outputs two [ 1; 2; 3; 4 ])
                equal [| -1; -1; 50_800; 71_200 |] (outputs four [ 1; 2; 3; 4 ])
                equal (1, 2, 2) (one.WarmUp, two.WarmUp, four.WarmUp)

            testCase "delay gives what was some inputs ago"
            <| fun () ->
                let delayed = Indicator.delay 2 |> Indicator.map int |> Indicator.contramap float
                equal 2 delayed.WarmUp
                equal [| -1; -1; 1; 2; 3 |] (outputs delayed [ 1; 2; 3; 4; 5 ])

            testCase "a plain function is an indicator too"
            <| fun () ->
                let plain =
                    ofFunction 1 ValueNone (fun before input ->
                        struct (ValueSome input, before |> ValueOption.map ((+) input)))

                equal (outputs pairSum [ 1; 2; 3 ]) (outputs plain [ 1; 2; 3 ])

            testCase "the methods for C# do the same"
            <| fun () ->
                let joined =
                    pairSum
                        .Select(fun sum -> float sum)
                        .Then(Indicator.delay 1)
                        .Zip(pairSum, (fun before now -> 100 * int before + now))
                        .Of(fun (text: string) -> int text)

                let expected = [ struct (2, 305); struct (3, 507) ]
                holds (List.ofSeq (joined.Over [ "1"; "2"; "3"; "4" ]) = expected)

            testCase "the method for C# delays by as many outputs as it says"
            <| fun () ->
                let now = ofFunction 0 () (fun () (input: float) -> struct ((), ValueSome input))
                let delayed = now.Delay 2
                equal 2 delayed.WarmUp
                holds (List.ofSeq (delayed.Over [ 1.0 .. 4.0 ]) = [ struct (2, 1.0); struct (3, 2.0) ])

            testCase "a default state is refused where no run has it"
            <| fun () ->
                let refuses (indicator: Indicator<'State, 'In, 'Out>) =
                    thrown<System.ArgumentException>(fun () ->
                        indicator.StartFrom Unchecked.defaultof<'State> |> ignore)
                    |> ignore

                refuses (Averages.sma 3)
                refuses (Bands.bollinger 3 2.0)
                refuses (Momentum.roc 3)
                refuses (Volume.vwapRolling 3)
                refuses (Averages.sma 3 |> Indicator.andThen (Averages.wma 3))

                let run = (Averages.ema 1).StartFrom Unchecked.defaultof<SmoothedState>
                equal 5.0 (snd (run.TryNext 5.0))

            testCase "a negative warm-up is refused"
            <| fun () ->
                thrown<System.ArgumentOutOfRangeException>(fun () ->
                    Indicator.create -1 struct (false, 0) pairSum.Step |> ignore)
                |> ignore
        ]
