namespace BtcBandit.Engine.Tests.Evaluation

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Evaluation
open BtcBandit.Engine.Tests.Feeds

module SkillVerdictTests =

    let private seed = 3L

    let private judge trials (run: BlockReturns | null) =
        let steps =
            match run with
            | null -> 0
            | run -> run.Count

        SkillVerdict.Of(run, int64 steps, seed, TrialSpread trials, false)

    let private judged own held = judge 1 (Growths.blocks own held)

    let private noise deviation = Growths.returns 1L 200 0.0 deviation

    /// Returns of a sum, the deviation of which is known.
    let private around total deviation =
        let noise = noise deviation
        let mean = Array.average noise
        noise |> Array.map (fun one -> one - mean + total / 200.0)

    let private market = Growths.returns 2L 200 0.0 0.01
    let private still = Array.zeroCreate<float> 200

    /// Skill that nobody doubts, +100 % over flat.
    let private skilled = around 1.0 0.005

    /// Just above luck as a single trial.
    let private lucky = around 0.25 0.0075

    /// A few gains and nothing else.
    let private idle active = Array.init 200 (fun block -> if block % 10 = 0 && block / 10 < active then 0.01 else 0.0)

    [<Tests>]
    let tests =
        testList "SkillVerdictTests" [
            testCase "luck explains neither of two returns: evidence"
            <| fun () ->
                let verdict = judged skilled still
                equal (SkillFinding.Evidence, true) (verdict.Finding, verdict.IsEvidence)

                equal
                    (200L, 200, 1L, 200, 1)
                    (verdict.Steps, verdict.Blocks, verdict.StepsPerBlock, verdict.ActiveBlocks, verdict.Trials)

                equal
                    "Evidence of skill after costs: luck explains neither +100.0 % over flat nor +100.0 % over buy-and-hold (level 2 %, 1 trial)."
                    $"{verdict}"

            testCase "growth that was not recorded: not recorded"
            <| fun () ->
                let verdict = judge 4 null
                equal SkillFinding.NotRecorded verdict.Finding
                isNull' verdict.OverFlat

                equal
                    "No evidence of skill after costs: the run was begun by a version that did not record its growth (level 2 %, 4 trials)."
                    $"{verdict}"

                let verdict = SkillVerdict.Of(null, RunStatistics.StartWith 1_000.0, 1L)
                equal (SkillFinding.NotRecorded, 1) (verdict.Finding, verdict.Trials)

            testCase "an agent that knew the candles: in sample, whatever it earned"
            <| fun () ->
                let verdict = SkillVerdict.Of(Growths.blocks skilled still, 200L, seed, TrialSpread 1, true)
                equal (SkillFinding.InSample, false) (verdict.Finding, verdict.IsEvidence)
                holds (nonNull verdict.OverFlat).IsAboveLuck

                equal
                    "No evidence of skill after costs: the agent knew some of these candles before (level 2 %, 1 trial)."
                    $"{verdict}"

            cases "fewer than 128 blocks: too short" [
                127, "127 steps are too few, at least 128 are needed"
                1, "1 step is too few, at least 128 are needed"
                0, "0 steps are too few, at least 128 are needed"
            ]
            <| fun (count: int, reason: string) ->
                let verdict = judged skilled[.. count - 1] still[.. count - 1]
                equal (SkillFinding.TooShort, count) (verdict.Finding, verdict.Blocks)
                isNull' verdict.OverFlat
                isNull' verdict.OverBuyAndHold
                equal $"No evidence of skill after costs: {reason} (level 2 %%, 1 trial)." $"{verdict}"
                let enough = judged skilled[..127] still[..127]
                equal SkillFinding.Evidence enough.Finding

            testCase "fewer than 20 blocks in which equity changed: too idle"
            <| fun () ->
                let verdict = judged (idle 19) still
                equal (SkillFinding.TooIdle, 19) (verdict.Finding, verdict.ActiveBlocks)
                holds (nonNull verdict.OverFlat).IsAboveLuck

                equal
                    "No evidence of skill after costs: equity changed in 19 of 200 blocks, at least 20 are needed (level 2 %, 1 trial)."
                    $"{verdict}"

                equal SkillFinding.Evidence (judged (idle 20) still).Finding

            cases "what luck explains over flat: over flat" [
                0.05, "+5.0 % over flat may be luck"
                0.00001, "0.0 % over flat may be luck"
                0.0, "0.0 % over flat is no gain"
                -1.5, "-150.0 % over flat is no gain"
            ]
            <| fun (total: float, reason: string) ->
                // The sum of noise is not exactly 0.
                let own =
                    if total = 0.0 then
                        Array.init 200 (fun block -> if block % 2 = 0 then 0.25 else -0.25)
                    else
                        around total 0.01

                let verdict = judged own still
                equal SkillFinding.OverFlat verdict.Finding
                equal $"No evidence of skill after costs: {reason} (level 2 %%, 1 trial)." $"{verdict}"

            cases "what luck explains over buying and holding: over buy and hold" [
                skilled, "0.0 % over buy-and-hold is no gain"
                Array.map (fun one -> one + 0.001) skilled, "-20.0 % over buy-and-hold is no gain"
                Array.map2 (fun one other -> one - other - 0.0005) skilled (around 0.0 0.02),
                "+10.0 % over buy-and-hold may be luck"
            ]
            <| fun (held: float[], reason: string) ->
                let verdict = judged skilled held
                equal SkillFinding.OverBuyAndHold verdict.Finding
                equal $"No evidence of skill after costs: {reason} (level 2 %%, 1 trial)." $"{verdict}"

            testCase "what the best of many may reach: trials"
            <| fun () ->
                equal SkillFinding.Evidence (judge 1 (Growths.blocks lucky still)).Finding
                let verdict = judge 1_000 (Growths.blocks lucky still)
                equal (SkillFinding.Trials, 1_000) (verdict.Finding, verdict.Trials)

                equal
                    "No evidence of skill after costs: the best of so many trials may reach +25.0 % over flat and +25.0 % over buy-and-hold by luck (level 2 %, 1,000 trials)."
                    $"{verdict}"

            property "more trials never turn no evidence into evidence"
            <| fun (total: byte) (draws: byte) (few: byte) (more: uint16) ->
                let own = Growths.returns (int64 draws) 150 (float total / 100_000.0) 0.005
                let run = Growths.blocks own market[..149]
                let few, more = 1 + int few, 1 + int few + int more
                let one, other = judge few run, judge more run

                if other.IsEvidence then
                    holds one.IsEvidence

                let deflated (verdict: SkillVerdict) = (nonNull verdict.OverFlat).DeflatedSharpe.Value
                isAtMost (deflated one) (deflated other)

            testCase "the same seed gives the same verdict, another one other ends"
            <| fun () ->
                let run = Growths.blocks skilled market
                let of' seed = SkillVerdict.Of(run, 200L, seed, TrialSpread 3, false)
                equal (of' 1L) (of' 1L)
                differs (nonNull (of' 1L).OverFlat).Interval (nonNull (of' 2L).OverFlat).Interval

            property "the unit of money changes nothing"
            <| fun (power: sbyte) (total: byte) ->
                let unit = if power >= 0y then pown 2.0 (int power) else 1.0 / pown 2.0 (-int power)
                let own = Growths.returns 5L 150 (float total / 100_000.0) 0.005

                let of' scale =
                    let levels = Growths.levels 1_000.0 >> Array.map ((*) scale)
                    let growth = Growths.state 1L (levels own) (levels market[..149])
                    SkillVerdict.Of(growth, RunStatistics.StartWith(scale * 1_000.0), seed)

                equal (of' 1.0) (of' unit)

            cases "the mean of equal runs gets the verdict of one" [ 2; 3; 5 ]
            <| fun (runs: int) ->
                for own in [ skilled; lucky; around 0.05 0.01; idle 10 ] do
                    let one = Growths.blocks own market
                    equal (judge 4 one) (judge 4 (BlockReturns.Mean(Array.create runs one)))

            testCase "no trial is no argument"
            <| fun () ->
                let none () = SkillVerdict.Of(null, RunStatistics.StartWith 1_000.0, 1L, 0) |> ignore
                throwsFor<ArgumentOutOfRangeException> "trials" none

            testCase "JSON has the sentence, the numbers and the reason"
            <| fun () ->
                let node = nonNull (SkillJson.ToNode(judged skilled still))

                let names = [ for part in node.AsObject() -> part.Key ]

                equal
                    [
                        "verdict"
                        "is_evidence"
                        "finding"
                        "is_free"
                        "level"
                        "trials"
                        "steps"
                        "blocks"
                        "steps_per_block"
                        "active_blocks"
                        "over_flat"
                        "over_buy_and_hold"
                    ]
                    names

                let finding (verdict: SkillVerdict) = string (nonNull (SkillJson.ToNode verdict)).["finding"]

                equal [ "evidence"; "over_flat"; "too_idle"; "not_recorded" ] [
                    finding (judged skilled still)
                    finding (judged (around -0.5 0.01) still)
                    finding (judged (idle 3) still)
                    finding (judge 1 null)
                ]

                isNull' (nonNull (SkillJson.ToNode(judge 1 null))).["over_flat"]
                isNull' (SkillJson.ToNode null)
        ]
