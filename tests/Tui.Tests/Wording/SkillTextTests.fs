namespace BtcBandit.Tui.Tests.Wording

open System
open System.Collections.Immutable
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Evaluation
open BtcBandit.Tui.Wording

module SkillTextTests =

    /// Verdicts of every kind that a run alone can have.
    let private verdicts =
        let growth (equity: float array) (held: float array) =
            GrowthState(
                StepsPerBlock = 1L,
                Equity = ImmutableArray.ToImmutableArray equity,
                BuyAndHold = ImmutableArray.ToImmutableArray held
            )

        let of' (state: GrowthState | null) (steps: int) trials =
            SkillVerdict.Of(state, RunStatistics(InitialEquity = 1_000.0, Steps = int64 steps), 1L, trials)

        let still = Array.create 200 1_000.0

        let rising = [|
            for block in 1..200 -> 1_000.0 * (1.001 ** float block + 0.0002 * float (block % 3))
        |]

        let falling = [| for block in 1..200 -> 1_000.0 * (0.999 ** float block) |]

        [
            "evidence", of' (growth rising still) 200 1
            "none known", of' null 200 1
            "short", of' (growth still[..9] still[..9]) 10 1
            "idle", of' (growth still still) 200 1
            "loss", of' (growth falling still) 200 1
            "holding is better", of' (growth rising [| for one in rising -> one * one / 1_000.0 |]) 200 1
        ]

    [<Tests>]
    let tests =
        testList "SkillTextTests" [
            testCase "a paragraph has all words of the sentence, in lines that are no wider than asked"
            <| fun () ->
                for _, verdict in verdicts do
                    for width in [ 30; 80; 120; 1_000 ] do
                        let text = SkillText.Paragraph(verdict, width)
                        holds (text.EndsWith '\n')
                        let lines = text.TrimEnd('\n').Split '\n'
                        equal $"{verdict}" (String.Join(' ', lines))
                        holds (lines |> Array.forall (fun line -> line.Length <= width))

                        // No line has room for the next word.
                        for line, next in Array.pairwise lines do
                            let word = Array.head (next.Split ' ')
                            isAbove width (line.Length + 1 + word.Length)

            testCase "the sentence begins as it is announced, and ends with level and trials"
            <| fun () ->
                for name, verdict in verdicts do
                    let begins = if name = "evidence" then "Evidence" else "No evidence"
                    equal (name = "evidence") verdict.IsEvidence
                    startsWith $"{begins} of skill after costs: " $"{verdict}"
                    holds ($"{verdict}".EndsWith "(level 2 %, 1 trial).")

            testCase "few words are ordered from the most to the fewest, and never claim what the sentence does not"
            <| fun () ->
                equal [ "-" ] (List.ofArray (SkillText.Brief null))

                for name, verdict in verdicts do
                    let texts = SkillText.Brief verdict
                    equalSeq (texts |> Array.sortByDescending String.length) texts

                    if name <> "none known" then
                        for text in texts do
                            startsWith (if verdict.IsEvidence then "evidence" else "no evidence") text
        ]
