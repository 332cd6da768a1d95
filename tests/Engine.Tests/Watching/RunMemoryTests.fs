namespace BtcBandit.Engine.Tests.Watching

open System
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Trading
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds

/// Which steps are one run.
module RunMemoryTests =

    let private steps = Watched.steps

    let private add (memory: RunMemory) (steps: Step list) =
        for step in steps do
            memory.OnNext step

    let private now (memory: RunMemory) = nonNull memory.Now

    [<Tests>]
    let tests =
        testList "RunMemoryTests" [
            testCase "before the first step there is nothing"
            <| fun () -> isNull' (RunMemory().Now)

            testCase "a step whose number does not go on begins another run, and what was seen of the one before stays"
            <| fun () ->
                let memory = RunMemory()
                add memory (List.truncate 50 steps.Value)
                let before = now memory
                add memory (List.truncate 10 steps.Value)
                let after = now memory
                equal (50, 10) (before.Count, after.Count)
                equal (before.Run.Id + "-2") after.Run.Id
                equal steps.Value[49].Candle.Close before.Run.Rows[49].Close
                add memory (List.truncate 1 steps.Value)
                equal (before.Run.Id + "-3") (now memory).Run.Id

            testCase "a step that is left out begins another run"
            <| fun () ->
                let memory = RunMemory()
                add memory (List.truncate 50 steps.Value)
                add memory steps.Value[60..69]
                equal (10, 61L, 70L) ((now memory).Count, (now memory).Run.First, (now memory).Step)

            testCase "the same run has the same name everywhere, and another one another"
            <| fun () ->
                let one, other = RunMemory(), RunMemory()
                add one (List.truncate 50 steps.Value)
                add other (List.truncate 7 steps.Value)
                equal (now one).Run.Id (now other).Run.Id
                let header, first = steps.Value.Head.Header, steps.Value.Head.Statistics.FirstOpenTime
                equal (RunName.Of(header, first)) (now one).Run.Id
                differs (RunName.Of(header, first)) (RunName.Of(header, first + 1L))
                let another = RunHeader(header.Source, RunParameters(Seed = 2L), header.Columns, header.Features)
                differs (RunName.Of(header, first)) (RunName.Of(another, first))
                matches "^[0-9a-f]{16}$" ((now one).Run.Id)

            testCase "the steps of earlier sessions are the beginning of the run that goes on"
            <| fun () ->
                let memory = RunMemory()
                let name = RunName.Of(steps.Value.Head.Header, steps.Value.Head.Statistics.FirstOpenTime)
                let past = RunColumns(name, steps.Value.Head.Header, 1L)

                for step in List.truncate 20 steps.Value do
                    let candle = step.Candle
                    let row = StepRow(&candle, step.Statistics.Equity, 0.0, step.Decision.Action, false)
                    past.AddPast(&row, step.Indicators.AsSpan(), Nullable(), step.Reason)

                memory.Begin past
                equal (0, 0L) ((now memory).Count, (now memory).Step)
                past.PublishPast()
                equal (20, 20L, null) ((now memory).Count, (now memory).Step, (now memory).Latest)
                add memory steps.Value[20..29]
                equal (name, 30, 1L) ((now memory).Run.Id, (now memory).Count, (now memory).Run.First)
                // Begun anew, it is another one.
                add memory (List.truncate 3 steps.Value)
                equal (name + "-2") (now memory).Run.Id

            testCase "the older half of a run that is too long is forgotten, and a reader keeps what it has"
            <| fun () ->
                let memory = RunMemory 2_048
                let steps = Watched.take 3_900 |> List.ofSeq
                steps |> List.truncate 2_048 |> add memory
                let before = now memory
                steps |> List.skip 2_048 |> add memory
                let now = now memory
                equal (1L, 2_048L) (before.Run.First, before.Step)
                // 1,024 go at step 2,049, and again at step 3,073.
                equal (2_049L, 3_900L, before.Run.Id) (now.Run.First, now.Step, now.Run.Id)

                let held (step: Step) =
                    match step.Statistics.BuyAndHoldUnits with
                    | units when units.HasValue -> units.Value * step.Candle.Close
                    | _ -> nan

                for view in [ before; now ] do
                    let bars =
                        BarsReader.Read(view, BarsQuery(Int64.MinValue, Int64.MaxValue, 5_000, Rows.spans[0], [||]))

                    let shown =
                        steps
                        |> List.filter (fun step -> step.Number >= view.Run.First && step.Number <= view.Step)

                    equal [| for step in shown -> step.Candle.Close |] bars.Close
                    equal [| for step in shown -> step.Number |] bars.Step

                    for step, value in List.zip shown (List.ofArray bars.BuyAndHold) do
                        isNearPercent 1e-12 (held step) value

                    equal
                        [|
                            for step in shown do
                                if not (isNull step.Fill) then
                                    step.Number
                        |]
                        (view.FillsAfter(0L, 5_000) |> Array.map _.Step)

                    for step in [ shown.Head; List.last shown ] do
                        equal (isNull step.Fill) (not (view.FillOf step.Number).HasValue)
        ]
