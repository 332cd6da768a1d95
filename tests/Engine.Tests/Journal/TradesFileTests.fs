namespace BtcBandit.Engine.Tests.Journal

open System.IO
open NUnit.Framework
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Domain
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Journal
open BtcBandit.Engine.Tests.Domain
open BtcBandit.Engine.Tests.Feeds
open BtcBandit.Engine.Tests.Pipeline

[<TestFixture>]
type TradesFileTests() =

    let steps =
        let parameters = Make.parametersOf 5 1.0 0.5 1_000.0

        Trading.run parameters (Trading.thompson parameters) (Trading.market SyntheticWorld.Drifts 1L 120)
        |> Array.ofList

    /// A file with some rows, and its bytes after each.
    let write path count =
        use file = TradesFile.Create path

        let lengths =
            [
                for step in Array.take count steps do
                    file.Append step
                    file.Length
            ]

        file.Flush true
        equal (List.last lengths) (FileInfo path).Length
        lengths

    let continueAt path length count =
        let step = steps[count - 1]
        TradesFile.Continue(path, length, step.Candle.OpenTime, step.Number)

    [<Test>]
    member _.``a torn or surplus tail is told, cut and made again, wherever it is torn``() =
        use folder = new Temporary()
        let path = folder.File "trades.csv"
        let lengths = write path 12
        let whole = File.ReadAllBytes path

        for kept in int lengths[4] .. 37 .. whole.Length do
            File.WriteAllBytes(path, whole[.. kept - 1])

            do
                use file = continueAt path lengths[4] 5
                equal (int64 kept - lengths[4]) file.Surplus
                equal lengths[4] file.Length
                file.Cut()
                equal 0L file.Surplus

                for step in steps[5..11] do
                    file.Append step

                file.Flush true

            equal whole (File.ReadAllBytes path)

    [<Test>]
    member _.``a file whose last row is not the state's is refused and left alone``() =
        use folder = new Temporary()
        let path = folder.File "trades.csv"
        let lengths = write path 12
        let whole = File.ReadAllBytes path

        for length, count in [ lengths[4] - 1L, 5; lengths[4] + 1L, 5; lengths[5], 5; lengths[4], 6; 0L, 5 ] do
            Assert.That(
                System.Action(fun () -> (continueAt path length count).Dispose()),
                Throws.TypeOf<JournalException>().And.Message.Contains "does not hold step"
            )

        equal whole (File.ReadAllBytes path)

    [<Test>]
    member _.``what is not flushed is not written by closing``() =
        use folder = new Temporary()
        let path = folder.File "trades.csv"

        do
            use file = TradesFile.Create path
            file.Append steps[0]
            file.Flush false
            file.Append steps[1]

        equal 2 (File.ReadAllLines path).Length

    [<Test>]
    member _.``a file that is there is not written over``() =
        use folder = new Temporary()
        File.WriteAllText(folder.File "trades.csv", "mine")

        Assert.That(
            System.Action(fun () -> (TradesFile.Create(folder.File "trades.csv")).Dispose()),
            Throws.InstanceOf<IOException>()
        )

        equal "mine" (File.ReadAllText(folder.File "trades.csv"))

    [<Test>]
    member _.``a header, or a part of it, holds no rows``() =
        use folder = new Temporary()
        let path = folder.File "trades.csv"
        let header = TradesFile.Header + "\n"

        for text, expected in
            [
                "", true
                header[..9], true
                header, true
                header + "1", false
                "mine", false
            ] do
            File.WriteAllText(path, text)
            equal expected (TradesFile.HasNoRows path)
