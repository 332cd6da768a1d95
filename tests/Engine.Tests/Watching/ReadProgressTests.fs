namespace BtcBandit.Engine.Tests.Watching

open System
open System.Reactive.Concurrency
open NUnit.Framework
open FsCheck
open FsCheck.FSharp
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Watching
open BtcBandit.Engine.Tests
open BtcBandit.Engine.Tests.Feeds

[<TestFixture>]
type ReadProgressTests() =

    /// What is told while blocks of so many candles are read, in a look at every so many candles; with the true fraction, and the
    /// fraction of the bytes. A block is read when its first candle is asked for.
    let read (bytesOf: int -> float) every (blocks: int list) =
        let progress = ReadProgress()
        let bytes = blocks |> List.scan (fun sum block -> sum + bytesOf block) 0.0 |> Array.ofList
        let ends = blocks |> List.scan (+) 0 |> Array.ofList
        let all = Array.last ends

        [
            for passed in 1..all do
                let block = ends |> Array.findIndex (fun limit -> passed <= limit)

                if passed % every = 0 then
                    let fraction = bytes[block] / Array.last bytes
                    let told = progress.Look(Nullable fraction, int64 passed)
                    block, fraction, float passed / float all, Option.ofNullable told
        ]

    let files =
        gen {
            let! count = Gen.choose (1, 30)
            let! blocks = Gen.listOfLength count (Gen.choose (1, 300))
            let! every = Gen.frequency [ 2, Gen.constant 1; 3, Gen.choose (2, 700) ]
            return blocks, every
        }
        |> Arb.fromGen

    let check law = Check.One(Config.QuickThrowOnFailure.WithMaxTest 300, Prop.forAll files law)

    [<Test>]
    member _.``rows of one length: at every look it is at most a block ahead, and never behind``() =
        let law (blocks, every) =
            let largest = float (List.max blocks) / float (List.sum blocks)

            for _, _, at, told in read float every blocks do
                match told with
                | Some told -> Assert.That(told, Is.InRange(at - 1e-9, at + largest + 1e-9))
                | None -> ()

                if every = 1 then
                    Assert.That(told |> Option.forall (fun told -> abs (told - at) < 1e-9))

        check law

    [<Test>]
    member _.``whatever the blocks hold: in 0..1, never falling, and never ahead of the bytes``() =
        let law (blocks, every) =
            let seen = read (fun _ -> 1.0) every blocks

            for _, fraction, _, told in seen do
                Assert.That(told |> Option.forall (fun told -> told >= 0.0 && told <= fraction))

            let told = seen |> List.choose (fun (_, _, _, told) -> told)
            Assert.That(List.pairwise told |> List.forall (fun (before, after) -> after >= before))

        check law

    [<Test>]
    member _.``nothing is told before the second block, and from then on something``() =
        let law (blocks, every) =
            let seen = read float every blocks
            let first = seen |> List.tryHead |> Option.map (fun (block, _, _, _) -> block)

            for block, _, _, told in seen do
                equal (Some block > first) told.IsSome

        check law

    [<Test>]
    member _.``without files nothing is told``() =
        let progress = ReadProgress()
        Assert.That(progress.Look(Nullable(), 5L).HasValue, Is.False)
        Assert.That(progress.Look(FeedReport()).HasValue, Is.False)

    /// Measured: 0.12 percentage points at most, from 15 % of the candles on, and no more than that at the last one.
    [<Test>]
    member _.``over the sample week it is right to half a percentage point, once the first block has been read``() =
        let report = FeedReport()
        let progress = ReadProgress()
        let options = ArchiveOptions([ Repository.sampleWeek ], TradingPair("BTC", "USDT"), Timeframe.OneMinute)
        let seen = ResizeArray()
        let candles = Archive.Candles(options, report, CurrentThreadScheduler.Instance)
        use _ = candles.Subscribe(fun _ -> seen.Add(Option.ofNullable (progress.Look report)))
        equal 10_080 seen.Count

        for i in 0 .. seen.Count - 1 do
            let at = float (i + 1) / float seen.Count

            match seen[i] with
            | Some told -> Assert.That(told, Is.EqualTo(at).Within 0.005)
            | None -> Assert.That(at, Is.LessThan 0.16)
