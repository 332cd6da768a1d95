namespace BtcBandit.Engine.Tests.Agents.Linear

open System
open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Agents.Linear
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Tests.Feeds

module EvidenceTests =

    /// Expected moves of the experts, in whole lanes.
    let private lanes (expected: float list) =
        Array.append (Array.ofList expected) (Array.zeroCreate (3 - (expected.Length - 1) % 4))

    let private sides (cost: float) = CostFractions(cost, cost)

    let private decide (evidence: Evidence) cost expected = evidence.Decide(lanes expected, sides cost)

    let private move i = 1e-3 * Worlds.normal 31 (int64 i)

    /// After a market in which each expert wants to be in or out before each move.
    let private afterAsking (asked: float) count cost (wants: int -> int -> bool) =
        let evidence = Evidence(2, asked)

        for i in 1..count do
            decide evidence cost [ for expert in 0..1 -> if wants expert (i + 1) then 1.0 else -1.0 ]

            evidence.Move(move i, sides cost)

        evidence

    let private after count cost wants = afterAsking Evidence.Standard count cost wants

    /// What an expert wanted at a move is carried out then, and gains with the next one.
    let private knows i = move i > 0.0

    let private best cost (evidence: Evidence) =
        let struct (expert, gate) = evidence.Best(sides cost)
        expert, gate

    let private fading = Math.Pow(0.5, 1.0 / 10_000.0)

    /// What is asked for after so many candles.
    let private asked (first: float) (candles: int) =
        sqrt (first * first + 2.0 * log (1.0 + float candles * (1.0 - fading)))

    /// The evidence of an account that was in the market at these moves, sum by sum.
    let private oracle cost (inMarket: bool list) (moves: float list) =
        let count = moves.Length
        let weight i = Math.Pow(fading, float (count - 1 - i))
        let wasIn = false :: inMarket[.. count - 2]

        let share i =
            let seen = List.truncate (i + 1) wasIn
            // A position counts from the move at which it was taken.
            let shares =
                seen[1..]
                |> List.mapi (fun j now -> if now then Math.Pow(fading, float (i - 1 - j)) else 0.0)

            List.sum shares / Seq.sumBy (fun j -> Math.Pow(fading, float j)) (seq { 0..i })

        let timings = [
            for i in 0 .. count - 1 -> ((if wasIn[i] then 1.0 else 0.0) - share i) * moves[i]
        ]

        let paid = [ for i in 0 .. count - 1 -> if inMarket[i] <> wasIn[i] then cost else 0.0 ]
        let gain = List.mapi (fun i timing -> weight i * (timing - paid[i])) timings |> List.sum

        let own =
            List.mapi (fun i timing -> weight i * weight i * timing * timing) timings
            |> List.sum

        let market = List.mapi (fun i move -> weight i * weight i * move * move) moves |> List.sum
        let variance = own + 0.05 * market
        if variance > 0.0 then gain / sqrt variance else 0.0

    [<Tests>]
    let tests =
        testList "EvidenceTests" [
            testCase "an account's equity is what its positions earn after costs"
            <| fun () ->
                let costs = CostFractions(3e-4, 5e-4)
                let evidence = Evidence 2
                let isIn, equity = Array.create 2 false, Array.create 2 1.0

                for i in 1..2_000 do
                    let wants = [ knows (i + 1); i % 7 < 3 ]
                    // Beyond what a switch costs, so that each is made.
                    evidence.Decide(lanes [ for want in wants -> if want then 1.0 else -1.0 ], costs)
                    evidence.Move(move i, costs)

                    wants
                    |> List.iteri (fun expert want ->
                        let cost =
                            if want = isIn[expert] then 0.0
                            elif want then costs.Buy
                            else costs.Sell

                        equity[expert] <- equity[expert] * (1.0 + (if isIn[expert] then move i else 0.0) - cost)
                        isIn[expert] <- want)

                for expert in 0..1 do
                    isNearPercent 1e-10 equity[expert] (evidence.EquityOf expert)

                let copy = Evidence 2
                copy.Restore(evidence.Snapshot())
                equal (evidence.EquityOf 0, evidence.EquityOf 1) (copy.EquityOf 0, copy.EquityOf 1)

            property "an account's trades are its changes of position"
            <| fun (wishes: (bool * bool * bool * bool * bool) list) ->
                let evidence = Evidence 5
                let positions = Array.create 5 false
                let trades = Array.create 5 0L

                for one, two, three, four, five in wishes do
                    let wants = [ one; two; three; four; five ]
                    evidence.Decide(lanes [ for want in wants -> if want then 1.0 else -1.0 ], sides 1e-4)
                    evidence.Move(1e-3, sides 1e-4)

                    wants
                    |> List.iteri (fun expert want ->
                        if want <> positions[expert] then
                            trades[expert] <- trades[expert] + 1L

                        positions[expert] <- want)

                let restored = Evidence 5
                restored.Restore(evidence.Snapshot())

                for expert in 0..4 do
                    equal trades[expert] (evidence.TradesOf expert)
                    equal trades[expert] (restored.TradesOf expert)

            testCase "trades are counted on from a saved state"
            <| fun () ->
                let evidence = after 100 1e-4 (fun expert i -> (i / (expert + 1)) % 2 = 0)
                let restored = Evidence 2
                restored.Restore(evidence.Snapshot())

                for i in 1..50 do
                    for one in [ evidence; restored ] do
                        decide one 1e-4 [ (if i % 2 = 0 then 1.0 else -1.0); 1.0 ]
                        one.Move(move i, sides 1e-4)

                isAbove 100L (evidence.TradesOf 0)
                equal (evidence.Snapshot().Wallets) (restored.Snapshot().Wallets)

            cases "an account of a run without an end stays within the range of numbers" [ 0.5, -512.0; -0.5, 512.0 ]
            <| fun (cost: float, power: float) ->
                let evidence = Evidence 1

                for i in 1..2_000 do
                    evidence.Decide(lanes [ (if i % 2 = 0 then 1.0 else -1.0) ], CostFractions(1e-9, 1e-9))
                    evidence.Move(0.0, CostFractions(cost, cost))

                equal (2.0 ** power) (evidence.EquityOf 0)

            testCase "a state of an earlier version, without equities and trades, begins them anew"
            <| fun () ->
                let json = """{"IsIn":true,"WantsIn":true,"Gain":0.5,"TimeIn":2,"SquaredTimings":0}"""

                match System.Text.Json.JsonSerializer.Deserialize(json, typeof<Wallet>) with
                | :? Wallet as wallet ->
                    equal (0.5, 1.0, 0L) (wallet.Gain, wallet.Equity, wallet.Trades)
                    let evidence = Evidence 1
                    evidence.Restore(EvidenceState([| wallet |], 10.0, 10L, 1e-4, false))
                    equal 0L (evidence.TradesOf 0)
                | _ -> failtest "no wallet"

            testCase "nothing has been seen: where trading costs the gate is closed, where it is free it is open"
            <| fun () ->
                let _, dear = best 1e-3 (Evidence 3)
                equal (Gate(0.0, 3.0, false)) dear
                let _, free = best 0.0 (Evidence 3)
                equal (true, 0.0) (free.IsOpen, free.Required)

            testCase "who foretells the market is followed, the others are not"
            <| fun () ->
                for wise in 0..1 do
                    let evidence = after 5_000 1e-5 (fun expert i -> (expert = wise) = knows i)
                    let expert, gate = best 1e-5 evidence
                    equal (wise, true) (expert, gate.IsOpen)
                    isAbove gate.Required gate.Evidence

            property "evidence is the gain after costs in deviations of the account, and a twentieth of the market"
            <| fun (steps: (bool * int16) list) ->
                let evidence = Evidence 1
                let wishes = List.map fst steps
                let moves = [ for _, move in steps -> float move * 1e-7 ]

                for wish, move in Seq.zip wishes moves do
                    decide evidence 1e-4 [ (if wish then 1.0 else -1.0) ]
                    evidence.Move(move, sides 1e-4)

                let expected = oracle 1e-4 wishes moves
                isNear (1e-9 * (1.0 + abs expected)) expected (evidence.Of 0)

            testCase "the expert with the most evidence is the best, not the one with the largest gain"
            <| fun () ->
                let wallet gain squared = Wallet(false, false, gain, 1.0, squared)
                let evidence = Evidence 2
                evidence.Restore(EvidenceState([| wallet 0.03 1e-4; wallet 0.02 1e-5 |], 10.0, 10L, 1e-6, false))
                equal 1 (fst (best 1e-3 evidence))
                isNear 1e-12 (0.02 / sqrt (1e-5 + 0.05e-6)) (evidence.Of 1)

            testCase "a market that has not moved proves nothing, whatever was paid"
            <| fun () ->
                let evidence = Evidence 1

                for i in 1..100 do
                    decide evidence 1e-3 [ (if i % 2 = 0 then 1.0 else -1.0) ]
                    evidence.Move(0.0, sides 1e-3)

                isBelow 0.0 (evidence.GainOf 0)
                equal (Gate(0.0, asked 3.0 64, false)) (snd (best 1e-3 evidence))

            testCase "one lucky half hour is not enough"
            <| fun () ->
                let evidence = Evidence 1
                let gates = ResizeArray()

                for i in 1..5_000 do
                    decide evidence 0.0 [ (if i >= 3_000 && i < 3_030 then 1.0 else -1.0) ]
                    evidence.Move((if i > 3_000 && i <= 3_030 then 1e-3 else move i), sides 0.0)
                    gates.Add(snd (best 1e-3 evidence))

                holds (gates |> Seq.forall (fun gate -> not gate.IsOpen))
                // By its own deviations alone it would be far beyond what is asked for.
                let wallet = evidence.Snapshot().Wallets[0]
                isAbove 5.0 (wallet.Gain / sqrt wallet.SquaredTimings)

            testCase "always being in a market proves nothing, however it rose"
            <| fun () ->
                let evidence = Evidence 1

                for _ in 1..5_000 do
                    decide evidence 0.0 [ 1.0 ]
                    evidence.Move(1e-3, sides 0.0)

                isBelow 0.5 (abs (snd (best 1e-3 evidence)).Evidence)

            testCase "changing sides pays their cost"
            <| fun () ->
                let evidence = Evidence 1
                let cost = 1e-3

                for i in 1..100 do
                    decide evidence cost [ (if i % 2 = 0 then -1.0 else 1.0) ]
                    evidence.Move(0.0, sides cost)

                isNear (2e-2 * 100.0 * cost) (-100.0 * cost) (evidence.Snapshot().Wallets[0].Gain)

            testCase "a wallet goes in above the cost, and out only below minus the cost"
            <| fun () ->
                let evidence = Evidence 1

                let wants expected =
                    decide evidence 0.01 [ expected ]
                    let wanted = evidence.Snapshot().Wallets[0].WantsIn
                    evidence.Move(0.0, sides 0.01)
                    equal wanted (evidence.Snapshot().Wallets[0].IsIn)
                    wanted

                equal [ false; false; true; true; true; false; false ] [
                    for e in [ 0.0; 0.01; 0.011; 0.0; -0.01; -0.011; 0.01 ] -> wants e
                ]

            testCase "a wish gains from the move after the one at which it is carried out"
            <| fun () ->
                let evidence = Evidence 1
                decide evidence 0.0 [ 1.0 ]
                evidence.Move(0.5, sides 0.0)
                equal 0.0 (evidence.Snapshot().Wallets[0].Gain)
                decide evidence 0.0 [ -1.0 ]
                evidence.Move(0.25, sides 0.0)
                isAbove 0.0 (evidence.Snapshot().Wallets[0].Gain)

            testCase "every sum fades by half in 10,000 candles, and squares by half twice"
            <| fun () ->
                let count = 3_000
                let state = (after count 1e-5 (fun _ i -> knows i)).Snapshot()
                let faded i = Math.Pow(0.5, float (count - i) / 10_000.0)
                let close (expected: float) (actual: float) = isNearPercent 1e-9 expected actual
                close (Seq.sumBy faded (seq { 1..count })) state.Candles
                close (Seq.sumBy (fun i -> (faded i * move i) ** 2.0) (seq { 1..count })) state.SquaredMoves
                equal (int64 count) state.Looked

            testCase "what is asked for grows with the candles looked at, and does not depend on costs"
            <| fun () ->
                for count in [ 1; 63; 64; 127; 128; 1_000; 20_000 ] do
                    let evidence = after count 1e-5 (fun _ _ -> false)

                    for cost in [ 1e-9; 1e-5; 1e-3; 1.0 ] do
                        isNearPercent 1e-12 (asked 3.0 (count / 64 * 64)) (snd (best cost evidence)).Required

                    equal 0.0 (snd (best 0.0 evidence)).Required

                // As the documentation says: a year of hours, of quarters, of five minutes, of minutes.
                for candles, expected in [ 8_760, 3.15; 35_040, 3.39; 105_120, 3.64; 525_600, 4.03; 2_628_000, 4.41 ] do
                    isNear 0.006 expected (asked 3.0 candles)

            /// Two months in which an expert knows, and then is wrong until its gain is gone.
            testCase "it opens at what is asked for, and stays open until the evidence falls below 0"
            <| fun () ->
                let evidence = Evidence 1
                let cost = 1e-5
                let seen = ResizeArray()

                let run count isWise =
                    for _ in 1..count do
                        let i = seen.Count + 1
                        decide evidence cost [ (if knows (i + 1) = isWise then 1.0 else -1.0) ]
                        evidence.Move(move i, sides cost)
                        seen.Add(snd (best cost evidence))

                run 400 true
                run 2_000 false
                run 4_000 true
                let gates = List.ofSeq seen
                let mutable isOpen = false

                for gate in gates do
                    isOpen <- gate.Evidence >= (if isOpen then 0.0 else gate.Required)
                    equal isOpen gate.IsOpen

                let switches = gates |> List.pairwise |> List.filter (fun (a, b) -> a.IsOpen <> b.IsOpen)
                equal [ true; false; true ] (switches |> List.map (fun (_, after) -> after.IsOpen))

                holds (
                    gates
                    |> List.exists (fun gate -> gate.IsOpen && gate.Evidence < 0.5 * gate.Required)
                )

                holds (
                    gates
                    |> List.exists (fun gate -> not gate.IsOpen && gate.Evidence > 0.5 * gate.Required)
                )

            testCase "what is asked for at first decides what is required, and not the evidence"
            <| fun () ->
                for first in [ 0.5; 1.0; 6.0; 100.0 ] do
                    let expert, gate = best 1e-4 (afterAsking first 1_000 1e-4 (fun _ i -> knows i))
                    let usual = best 1e-4 (after 1_000 1e-4 (fun _ i -> knows i))
                    equal (fst usual, (snd usual).Evidence) (expert, gate.Evidence)
                    isNearPercent 1e-12 (asked first 960) gate.Required

            testCase "nothing asked for is always open, also while the evidence is against"
            <| fun () ->
                for cost in [ 0.0; 1e-5; 1.0 ] do
                    let gate = snd (best cost (afterAsking 0.0 500 1e-3 (fun expert i -> (i + expert) % 2 = 0)))
                    equal (0.0, true) (gate.Required, gate.IsOpen)
                    holds (cost = 0.0 || gate.Evidence < 0.0)

            testCase "where trading is free the gate is open, and what it would be is kept"
            <| fun () ->
                let evidence = after 300 1e-4 (fun _ _ -> false)
                equal (true, false) ((snd (best 0.0 evidence)).IsOpen, (snd (best 1e-6 evidence)).IsOpen)

            testCase "however many experts there are, each trades as if it were alone"
            <| fun () ->
                let wish expert i = float ((i * (expert + 2)) % 5 - 2) * 1e-4

                for experts in 1..9 do
                    let together = Evidence experts
                    let alone = [ for _ in 1..experts -> Evidence 1 ]

                    for i in 1..200 do
                        decide together 1e-4 [ for expert in 0 .. experts - 1 -> wish expert i ]
                        together.Move(move i, sides 1e-4)

                        for expert in 0 .. experts - 1 do
                            decide alone[expert] 1e-4 [ wish expert i ]
                            alone[expert].Move(move i, sides 1e-4)

                    equal [ for one in alone -> one.Snapshot().Wallets[0] ] (List.ofArray (together.Snapshot().Wallets))

            testCase "restored it is the same; what does not fit is refused"
            <| fun () ->
                for wise, isOpen in [ true, true; false, false ] do
                    let evidence = after 500 1e-5 (fun expert i -> knows (i + expert) = wise)
                    let restored = Evidence 2
                    restored.Restore(evidence.Snapshot())
                    equal isOpen (snd (best 1e-5 evidence)).IsOpen
                    equal (best 1e-5 evidence) (best 1e-5 restored)
                    equal [ evidence.Of 0; evidence.Of 1 ] [ restored.Of 0; restored.Of 1 ]

                    for i in 501..700 do
                        for one in [ evidence; restored ] do
                            decide one 1e-4 [ float (i % 3 - 1); float (i % 5 - 2) ]
                            one.Move(move i, sides 1e-4)

                        equal (best 1e-4 evidence) (best 1e-4 restored)

                    equal (evidence.Snapshot().Wallets) (restored.Snapshot().Wallets)

                let state = (after 500 1e-4 (fun expert i -> knows (i + expert))).Snapshot()

                let wrong = [
                    EvidenceState(state.Wallets[..0], 1e3, 1L, 1.0, false)
                    EvidenceState(state.Wallets, -1.0, 1L, 1.0, false)
                    EvidenceState(state.Wallets, 1e3, -1L, 1.0, false)
                    EvidenceState(state.Wallets, 1e3, 1L, -1.0, false)
                    EvidenceState(state.Wallets, 1e3, 1L, nan, false)
                    EvidenceState(
                        [| Wallet(true, true, 0.0, 1.0, 0.0, 1.0, -1L); state.Wallets[1] |],
                        1e3,
                        1L,
                        1.0,
                        false
                    )
                    EvidenceState([| Wallet(true, true, 0.0, 1.0, -1.0); state.Wallets[1] |], 1e3, 1L, 1.0, false)
                    EvidenceState([| Wallet(true, true, 0.0, 1.0, nan); state.Wallets[1] |], 1e3, 1L, 1.0, false)
                ]

                for state in wrong do
                    throws<InvalidDataException>(fun () -> (Evidence 2).Restore state)
        ]
