namespace BtcBandit.Sweep.Tests.Statistics

open System
open System.Numerics
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Sweep.Statistics
open BtcBandit.Sweep.Tests.Statistics.Samples

module OverfittingTests =

    let private found (series: float32[][]) =
        match Overfitting.Of series with
        | null -> failtest "there should be a result"
        | found -> found.Probability, found.LossProbability

    /// From the definition, on the values themselves.
    let private naive (series: float32[][]) =
        let blocks = series[0].Length

        let groupOf =
            Array.init blocks (fun at -> Seq.init 16 id |> Seq.findBack (fun group -> group * blocks / 16 <= at))

        let sharpe (own: int -> bool) (values: float32[]) =
            let part = [|
                for at in 0 .. blocks - 1 do
                    if own groupOf[at] then
                        float values[at]
            |]

            let mean = Array.average part
            let deviation = part |> Array.averageBy (fun value -> (value - mean) * (value - mean)) |> sqrt
            if deviation = 0.0 then 0.0 else mean / deviation

        let splits = [
            for half in 0 .. (1 <<< 16) - 1 do
                if BitOperations.PopCount(uint32 half) = 8 then
                    let isKnown group = half >>> group &&& 1 = 1
                    let known = series |> Array.map (sharpe isKnown)
                    let rest = series |> Array.map (sharpe (isKnown >> not))
                    let best = Array.max known

                    let chosen =
                        Seq.zip known rest
                        |> Seq.filter (fun (one, _) -> one = best)
                        |> Seq.map snd
                        |> Seq.min

                    let below = rest |> Seq.filter (fun other -> other < chosen) |> Seq.length
                    let equals = rest |> Seq.filter (fun other -> other = chosen) |> Seq.length
                    let rank = float below + (float equals + 1.0) / 2.0
                    let share = rank / float (series.Length + 1)
                    log (share / (1.0 - share)) <= 1e-12, chosen < 0.0
        ]

        let share isCounted = float (splits |> List.filter isCounted |> List.length) / float splits.Length
        share fst, share snd

    /// Candidates that are alike in most blocks, one that is another one doubled, and one that stands still.
    let private alike seed blocks = [|
        let one = single seed blocks
        one
        one |> Array.mapi (fun at value -> if at = 5 then value + 1f else value)

        one
        |> Array.mapi (fun at value -> if at = blocks - 1 then value - 1f else value)

        Array.map ((*) 2f) one
        Array.zeroCreate blocks
    |]

    [<Tests>]
    let tests =
        testList "OverfittingTests" [
            cases "it is what all splits of the values themselves give" [ 2, 32; 3, 37; 4, 47; 7, 34 ]
            <| fun (count: int, blocks: int) ->
                let series =
                    worthless (int64 count) count blocks
                    |> Array.mapi (fun k -> raised (0.1f * float32 k))

                equal (naive series) (found series)

            testCase "equal candidates are ranked as documented"
            <| fun () ->
                for seed, blocks in [ 1L, 32; 2L, 39 ] do
                    let series = alike seed blocks
                    equal (naive series) (found series)

            testCase "one that is better everywhere is no overfitting"
            <| fun () ->
                let series = worthless 1L 50 128
                series[20] <- raised 1.5f series[20]
                equal (0.0, 0.0) (found series)

            testCase "candidates whose gains are taken back are nothing but overfitting"
            <| fun () ->
                // Each gains in half of the groups what it loses in the others.
                let series = [|
                    for seed in 1L .. 12L ->
                        let signs = shuffled seed (Array.init 16 (fun group -> if group < 8 then 1f else -1f))
                        Array.init 64 (fun at -> signs[at / 4] + 0.25f * float32 (at % 2) - 0.125f)
                |]

                let probability, loss = found series
                equal 1.0 probability
                isAbove 0.95 loss

            testCase "the best of the worthless is as often below the middle as above it"
            <| fun () ->
                let all = [ for seed in 1L .. 40L -> found (worthless seed 30 64) ]
                isWithin 0.4 0.6 (all |> List.averageBy fst)
                isWithin 0.4 0.6 (all |> List.averageBy snd)

            // Soloviov, How Overfit Is Your Search? (pbo.marketmaker.cc): 200 candidates, 1,000 returns, 16 groups; of 60 samples
            // each, a mean of 0.476 with a deviation of 0.137 without skill, and 0.001 where 20 candidates have a Sharpe ratio
            // of 0.15 per return. Here of 20 samples.
            cases "it is that of a published study" [ 0f, 0.476, 0.137; 0.15f, 0.001, 0.001 ]
            <| fun (edge: float32, mean: float, deviation: float) ->
                let all = [
                    for seed in 1L .. 20L ->
                        worthless seed 200 1_000
                        |> Array.mapi (fun k -> if k < 20 then raised edge else id)
                        |> found
                        |> fst
                ]

                isNear (3.0 * deviation * sqrt (1.0 / 20.0 + 1.0 / 60.0)) mean (List.average all)

            testCase "candidates that gain nothing over the whole time are nothing but overfitting"
            <| fun () ->
                // The first test case of Bailey and others: a sample's own mean taken from each.
                let centred (one: float32[]) = Array.map (fun value -> value - Array.average one) one
                isAbove 0.999 (fst (found (worthless 1L 100 1_000 |> Array.map centred)))

            testCase "where all are equal the choice gains nothing"
            <| fun () ->
                let one = raised 0.1f (single 1L 40)
                equal 1.0 (fst (found (Array.create 5 one)))

            testCase "neither the order of the candidates nor the number of threads matters"
            <| fun () ->
                let series = Array.append (worthless 3L 60 50) (alike 3L 50)
                equal (found series) (found (shuffled 4L series))

                for workers in [ 1; 5 ] do
                    equal (Overfitting.Of series) (Overfitting.Of(series, workers))

            testCase "the unit of a candidate does not matter"
            <| fun () ->
                let series = worthless 5L 20 40
                let scaled = series |> Array.mapi (fun k -> Array.map ((*) (MathF.ScaleB(1f, 4 * k - 40))))
                equal (found series) (found scaled)

            testCase "there are as many splits as ways to choose eight of sixteen, each with its other half"
            <| fun () ->
                let halves = [| for place in 0 .. Splits.Places - 1 -> Splits.HalfAt place |]
                let known = halves |> Array.filter _.HasValue |> Array.map _.Value
                equal Splits.Count known.Length
                unique known
                known |> all (fun half -> BitOperations.PopCount(uint32 half) = 8)

                for place in 0 .. halves.Length - 1 do
                    if halves[place].HasValue then
                        equal 0xFFFF (halves[place].Value + halves[Splits.Complements[place]].Value)

            testCase "nothing is said of too little"
            <| fun () ->
                isNull' (Overfitting.Of(worthless 1L 1 64))
                isNull' (Overfitting.Of [||])
                isNull' (Overfitting.Of(worthless 1L 5 31))
                notNull' (Overfitting.Of(worthless 1L 2 32))
                isNull' (Overfitting.Of(Array.init 5 (fun k -> Array.create 64 (float32 k))))

            testCase "series that cannot be compared are refused"
            <| fun () ->
                let uneven = Array.append (worthless 1L 2 40) (worthless 1L 1 41)
                throwsFor<ArgumentException> "series" (fun () -> Overfitting.Of uneven |> ignore)
                let broken = worthless 1L 2 40
                broken[1][7] <- nanf
                throwsFor<ArgumentException> "series" (fun () -> Overfitting.Of broken |> ignore)
        ]
