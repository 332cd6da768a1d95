namespace BtcBandit.Indicators.Tests

open System.Text.Json
open System.Threading
open System.Threading.Tasks
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators

module WindowTests =

    let private filled capacity (values: float seq) =
        Seq.fold (fun (window: Window) value -> window.Push value) (Window.Empty capacity) values

    let private content (window: Window) = window.Values.ToArray()

    let private newest count (values: float list) =
        values |> List.skip (max 0 (List.length values - count)) |> Array.ofList

    [<Tests>]
    let tests =
        testList "WindowTests" [
            propertyWith 100 [ typeof<Arbitraries> ] "it holds the newest values in order"
            <| fun (Period capacity) (values: FsCheck.NormalFloat list) ->
                let values = values |> List.map float
                content (filled capacity values) = newest capacity values

            // 300 cases, since a fork has to fall on the end of a window or a chunk to be hard.
            propertyWith
                300
                [ typeof<Arbitraries> ]
                "every earlier window stays as it was, whatever is pushed to its forks"
            <| fun (Period capacity) (values: FsCheck.NormalFloat list) (forkAt: uint16) ->
                let values = values |> List.map float
                let at = int forkAt % (values.Length + 1)
                let kept = filled capacity (List.take at values)
                let before = content kept
                let one = Seq.fold (fun (window: Window) value -> window.Push value) kept (List.skip at values)
                let other = Seq.fold (fun (window: Window) value -> window.Push(value + 1.0)) kept (List.skip at values)

                content kept = before
                && content one = newest capacity values
                && content other = newest capacity (List.take at values @ (List.skip at values |> List.map ((+) 1.0)))

            testCase "forks pushed from two threads never see each other"
            <| fun () ->
                for round in 1..200 do
                    let kept = filled 8 [ for i in 1 .. round % 20 -> float i ]

                    let push from =
                        Task.Run(fun () ->
                            Seq.fold (fun (window: Window) i -> window.Push(from + float i)) kept (seq { 1..50 }))

                    let one, other = push 1_000.0, push 2_000.0
                    Task.WaitAll(one, other)
                    equalSeq [| for i in 43..50 -> 1_000.0 + float i |] (content one.Result)
                    equalSeq [| for i in 43..50 -> 2_000.0 + float i |] (content other.Result)

            // Both push to the same window at the same moment, as nearly as two threads can, many times over.
            testCase "a slot that two threads want at once goes to one of them"
            <| fun () ->
                let rounds = 50_000
                let kept = [| for i in 1..rounds -> (Window.Empty 4).Push(float i) |]
                let arrived = [| 0; 0 |]

                let push me (from: float) =
                    Task.Factory.StartNew(
                        (fun () ->
                            let other = 1 - me

                            Array.init rounds (fun i ->
                                Volatile.Write(&arrived[me], i + 1)
                                let mutable waited = 0

                                while Volatile.Read(&arrived[other]) <= i do
                                    waited <- waited + 1

                                    if waited % 1_000 = 0 then
                                        Thread.Yield() |> ignore

                                // The one that came last is ahead by what news take to the other core: by turns it waits.
                                let mutable lead = (i * (3 + 4 * me)) % 128

                                while Volatile.Read(&lead) > 0 do
                                    lead <- lead - 1

                                kept[i].Push(from + float i))),
                        TaskCreationOptions.LongRunning
                    )

                let one, other = push 0 100_000.0, push 1 200_000.0
                Task.WaitAll(one, other)

                let hasOwn from (pushed: Window[]) =
                    pushed
                    |> Array.indexed
                    |> Array.forall (fun (i, window) ->
                        window.Values[0] = float (i + 1) && window.Values[1] = from + float i)

                holds (hasOwn 100_000.0 one.Result)
                holds (hasOwn 200_000.0 other.Result)

            propertyWith 100 [ typeof<Arbitraries> ] "JSON brings it back equal"
            <| fun (Period capacity) (values: FsCheck.NormalFloat list) ->
                let window = filled capacity (List.map float values)

                match JsonSerializer.Deserialize(JsonSerializer.Serialize window, typeof<Window>) with
                | :? Window as back -> back = window
                | _ -> false

            testCase "equality is of content and capacity"
            <| fun () ->
                equal (filled 2 [ 2.0; 3.0 ]) (filled 2 [ 1.0; 2.0; 3.0 ])
                differs (filled 2 [ 2.0; 3.0 ]) (filled 3 [ 2.0; 3.0 ])
                differs (filled 2 [ 2.0; 3.0 ]) (filled 2 [ 2.0; 4.0 ])
                equal ((filled 2 [ 2.0; 3.0 ]).GetHashCode()) ((filled 2 [ 1.0; 2.0; 3.0 ]).GetHashCode())

            cases "a power of two survives JSON, whose shortest digits for some are those of its neighbour" [
                -25
                -958
                -24
                1
            ]
            <| fun (power: int) ->
                let value = System.Math.ScaleB(1.0, power)

                match
                    JsonSerializer.Deserialize(JsonSerializer.Serialize(filled 2 [ value; -value ]), typeof<Window>)
                with
                | :? Window as back -> equalSeq [| value; -value |] (content back)
                | other -> failtest $"{other}"
        ]
