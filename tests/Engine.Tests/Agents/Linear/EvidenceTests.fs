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
                let json = """{"IsIn":true,"WantsIn":true,"Gain":0.5,"TimeIn":2}"""

                match System.Text.Json.JsonSerializer.Deserialize(json, typeof<Wallet>) with
                | :? Wallet as wallet ->
                    equal (0.5, 1.0, 0L) (wallet.Gain, wallet.Equity, wallet.Trades)
                    let evidence = Evidence 1
                    evidence.Restore(EvidenceState([| wallet |], 10.0, 10.0, 1e-4))
                    equal 0L (evidence.TradesOf 0)
                | _ -> failtest "no wallet"

            testCase "nothing has been seen: where trading costs the gate is closed, where it is free it is open"
            <| fun () ->
                let _, dear = best 1e-3 (Evidence 3)
                equal (false, 0.0) (dear.IsOpen, dear.Evidence)
                isAbove 0.0 dear.Required
                let _, free = best 0.0 (Evidence 3)
                equal (true, 0.0) (free.IsOpen, free.Required)

            testCase "who foretells the market is followed, the others are not"
            <| fun () ->
                for wise in 0..1 do
                    let evidence = after 5_000 1e-5 (fun expert i -> (expert = wise) = knows i)
                    let expert, gate = best 1e-5 evidence
                    equal (wise, true) (expert, gate.IsOpen)
                    isAbove gate.Required gate.Evidence

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

            testCase "every sum fades by half in 10,000 candles, squared weights by half twice"
            <| fun () ->
                let count = 3_000
                let state = (after count 1e-5 (fun _ i -> knows i)).Snapshot()
                let faded i = Math.Pow(0.5, float (count - i) / 10_000.0)
                let close (expected: float) (actual: float) = isNearPercent 1e-9 expected actual
                close (Seq.sumBy faded (seq { 1..count })) state.Candles
                close (Seq.sumBy (fun i -> faded i * faded i) (seq { 1..count })) state.SquaredWeights
                close (Seq.sumBy (fun i -> faded i * move i * move i) (seq { 1..count })) state.SquaredMoves

            testCase "the dearer trading is, the more evidence is asked for, up to all of it"
            <| fun () ->
                let evidence = after 1_000 1e-5 (fun _ _ -> true)

                let required = [
                    for cost in [ 0.0; 1e-6; 1e-5; 1e-3; 1.0 ] -> (snd (best cost evidence)).Required
                ]

                equal (List.sort required) required
                equal 0.0 required[0]
                isAbove 0.0 required[1]
                isBelow required[2] required[1]
                equal Evidence.Standard (List.last required)
                equal required[3] required[4]

            testCase "what is asked for scales what is required, and nothing else"
            <| fun () ->
                for cost in [ 1e-6; 1e-5; 1e-3 ] do
                    let usual = best cost (after 1_000 1e-4 (fun _ i -> knows i))

                    for asked in [ 0.5; 1.0; 6.0; 100.0 ] do
                        let expert, gate = best cost (afterAsking asked 1_000 1e-4 (fun _ i -> knows i))
                        equal (fst usual, (snd usual).Evidence) (expert, gate.Evidence)
                        isNearPercent 1e-12 ((snd usual).Required * asked / 3.0) gate.Required
                        equal (gate.Evidence >= gate.Required) gate.IsOpen

            testCase "nothing asked for is always open, also while the evidence is against"
            <| fun () ->
                for cost in [ 0.0; 1e-5; 1.0 ] do
                    let gate = snd (best cost (afterAsking 0.0 500 1e-3 (fun expert i -> (i + expert) % 2 = 0)))
                    equal (0.0, true) (gate.Required, gate.IsOpen)
                    holds (cost = 0.0 || gate.Evidence < 0.0)

            testCase "the evidence is as exact as asked: at what is required it is open"
            <| fun () ->
                for evidence in [ after 300 1e-4 (fun _ i -> knows i); after 300 1e-4 (fun _ _ -> false) ] do
                    for cost in [ 0.0; 1e-6; 1e-4; 1.0 ] do
                        let gate = snd (best cost evidence)
                        equal (cost = 0.0 || gate.Evidence >= gate.Required) gate.IsOpen

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
                let evidence = after 500 1e-4 (fun expert i -> knows (i + expert))
                let state = evidence.Snapshot()
                let restored = Evidence 2
                restored.Restore state

                for i in 501..600 do
                    for one in [ evidence; restored ] do
                        decide one 1e-4 [ float (i % 3 - 1); float (i % 5 - 2) ]
                        one.Move(move i, sides 1e-4)

                equal (best 1e-4 evidence) (best 1e-4 restored)

                let wrong = [
                    EvidenceState(state.Wallets[..0], 1.0, 1.0, 1.0)
                    EvidenceState(state.Wallets, -1.0, 1.0, 1.0)
                    EvidenceState(state.Wallets, 1.0, nan, 1.0)
                    EvidenceState(state.Wallets, 1.0, 1.0, -1.0)
                    EvidenceState([| Wallet(true, true, 0.0, 1.0, 1.0, -1L); state.Wallets[1] |], 1e3, 1.0, 1.0)
                ]

                for state in wrong do
                    throws<InvalidDataException>(fun () -> (Evidence 2).Restore state)
        ]
