namespace BtcBandit.Engine.Tests.Watching

open System.Collections.Immutable
open FsCheck.FSharp
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests.Feeds

module ExpertHistoryTests =

    let private sample step =
        ExpertSample(step, ImmutableArray.Create(ExpertStanding(1, float step, step, 0.0, 0.0, 3.0, true, false)))

    let private historyOf steps =
        let history = ExpertHistory()

        for step in steps do
            history.Add(sample step)

        history

    let private steps (history: ExpertHistory) step = [ for sample in history.UpTo step -> sample.Step ]

    [<Tests>]
    let tests =
        testList "ExpertHistoryTests" [
            testCase "few samples are all kept, and only those up to the step are given"
            <| fun () ->
                let history = historyOf [ 3L; 4L; 7L ]
                equal [ 3L; 4L; 7L ] (steps history 100L)
                equal [ 3L; 4L ] (steps history 6L)
                isEmpty (steps history 2L)

            testCase "after a run of any length, the next one is sampled as if it were the first"
            <| fun () ->
                for count in [ 0L; 2L; 5_000L ] do
                    let history = historyOf [ 1L .. count ]
                    equal count history.Newest
                    history.Clear()
                    equal 0L history.Newest
                    equal [] (steps history 10_000L)

                    for step in [ 3L; 4L; 5L ] do
                        history.Add(sample step)

                    equal [ 3L; 4L; 5L ] (steps history 10_000L)

            // Few: each case adds up to 5,000 samples.
            propertyOf 60 "however long a run is, the first and the newest sample are there, in order, and not too many"
            <| fun () ->
                let scene =
                    gen {
                        let! count = Gen.choose (1, 5_000)
                        let! gap = Gen.choose (1, 2_000)
                        return count, gap
                    }

                let law (count, gap) =
                    let all = [ for i in 0 .. count - 1 -> 1L + int64 (i * gap) ]
                    let kept = steps (historyOf all) System.Int64.MaxValue

                    kept.Length <= 513
                    && List.head kept = 1L
                    && List.last kept = List.last all
                    && kept |> List.pairwise |> List.forall (fun (one, next) -> one < next)
                    // No hole is much larger than the others.
                    && (kept.Length < 3
                        || (kept |> List.pairwise |> List.map (fun (one, next) -> next - one) |> List.max)
                           <= 3L * max (int64 gap) (List.last all / 250L))

                let shrink = Shrinking.both (Shrinking.towards 1) (Shrinking.towards 1)
                Prop.forAll (Arb.fromGenShrink (scene, shrink)) law
        ]
