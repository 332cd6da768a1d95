namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open System.IO
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Storage
open BtcBandit.Engine.Tests.Feeds
open Candles
open CandleFiles

[<TestFixture>]
type ArchivePathTests() =

    /// Files that each hold one minute, the one their position says.
    let tree (folder: TempFolder) names =
        names
        |> List.iteri (fun index name -> folder.Text(name, lines [ six index ]) |> ignore)

    let found (paths: string list) = fst (read (options paths)) |> minutes

    let refused paths = refusal (fun () -> Archive.Read(options paths, FeedReport()))

    [<Test>]
    member _.``a folder is read in order of names, with everything below``() =
        use folder = new TempFolder()
        tree folder [ "a.csv"; "b/a.csv"; "b/c.csv"; "c.csv" ]
        folder.Text("b/readme.md", "no candles") |> ignore
        folder.Text("b/.hidden.csv", "no candles") |> ignore
        // What a run wrote into a folder of candles.
        folder.Text("trades.csv", "open_time,step") |> ignore
        folder.Text("runs/old/trades.csv", "open_time,step") |> ignore
        equal [ 0; 1; 2; 3 ] (found [ folder.Path ])

    [<Test>]
    member _.``paths keep the order they were given in, each file is read once``() =
        use folder = new TempFolder()
        tree folder [ "a.csv"; "b.csv"; "c.csv" ]

        let given =
            [
                folder.Combine "c.csv"
                folder.Path
                folder.Combine "../" + Path.GetFileName folder.Path
            ]

        equal [ 2; 0; 1 ] (found given)

    [<TestCase("*.csv", "0,3")>]
    [<TestCase("?.csv", "0")>]
    [<TestCase("*/a.csv", "1")>]
    [<TestCase("**/a.csv", "0,1,2")>]
    [<TestCase("x/**", "1,2")>]
    [<TestCase("**", "0,3,1,2")>]
    [<TestCase("x/*/*", "2")>]
    member _.``wildcards``(pattern: string, expected: string) =
        use folder = new TempFolder()
        tree folder [ "a.csv"; "x/a.csv"; "x/y/a.csv"; "long.csv" ]
        folder.Text("x/y/notes.txt", "no candles") |> ignore
        equal [ for digit in expected.Split ',' -> int digit ] (found [ folder.Combine pattern ])

    [<Test>]
    member _.``a link that leads round in a circle is not followed``() =
        use folder = new TempFolder()
        tree folder [ "x/a.csv" ]
        Directory.CreateSymbolicLink(folder.Combine "x/loop", folder.Path) |> ignore
        equal [ 0 ] (found [ folder.Path ])

    [<Test>]
    member _.``what leads nowhere is refused before anything is read``() =
        use folder = new TempFolder()
        folder.Text("x/notes.txt", "no candles") |> ignore
        Directory.CreateDirectory(folder.Combine "empty") |> ignore
        Assert.That(refused [ folder.Combine "a.csv" ], Does.Contain "no such file or folder")
        Assert.That(refused [ folder.Combine "empty" ], Does.Contain "nothing there matches")
        Assert.That(refused [ folder.Combine "*.csv" ], Does.Contain "nothing there matches")
        Assert.That(refused [ folder.Combine "**/x*" ], Does.Contain "nothing there matches")
        Assert.That(refused [ folder.Combine "y/*.csv" ], Does.Contain "no such folder")
        Assert.That(refused [ folder.Path ], Does.Contain "no candle file among 1 file")
        Assert.That(refused [], Does.Contain "no candle files given")

    [<TestCase("a.csv.bz2")>]
    [<TestCase("a.gz")>]
    [<TestCase("a.txt")>]
    member _.``other kinds of file are refused with what is accepted``(name: string) =
        use folder = new TempFolder()
        let message = refused [ folder.Text(name, "[]") ]
        Assert.That(message, Does.Contain(name).And.Contain ".csv, .tsv and .json (each also .gz) or .zip is accepted")

    [<Test>]
    member _.``files of other symbols are left out of folders and refused by name``() =
        use folder = new TempFolder()
        tree folder [ "BTCUSDT-1m-2024-01.csv"; "ETHUSDT-1m-2024-01.csv"; "candles-1m.csv" ]
        equal [ 0; 2 ] (found [ folder.Path ])
        equal [ 0; 2 ] (found [ folder.Combine "*-1m*" ])
        let eth = folder.Combine "ETHUSDT-1m-2024-01.csv"
        Assert.That(refused [ eth ], Does.EndWith "holds ETHUSDT, not BTCUSDT")
        let other = FeedFault.OtherSymbol(eth, "ETHUSDT", "BTCUSDT")
        equal (other :> FeedFault) (fault (fun () -> Archive.Read(options [ eth ], FeedReport())))

        for symbol in [ "ETH/USDT"; "ETHUSDT"; "ethusdt" ] do
            let eth = ArchiveOptions([ folder.Combine "ETHUSDT-1m-2024-01.csv" ], pairOf symbol, timeframe "1m")
            equal [ 1 ] (fst (read eth) |> minutes)

    [<Test>]
    member _.``a folder of other symbols only names them``() =
        use folder = new TempFolder()
        tree folder [ "SOLUSDT-1m-2024-01.csv"; "ETHUSDT-1m-2024-01.zip"; "ETHUSDT-1m-2024-02.csv" ]
        Assert.That(refused [ folder.Path ], Does.Contain "no file of BTCUSDT there, only of ETHUSDT, SOLUSDT")

    [<Test>]
    member _.``a zip of another symbol is refused too``() =
        use folder = new TempFolder()
        let bytes = zip Compression.CompressionLevel.Fastest [ "ETHUSDT-1m-2024-01.csv", lines [ twelve 0 ] ]
        let message = complaint (options [ folder.Bytes("month.zip", bytes) ])
        Assert.That(message, Does.EndWith "month.zip: holds ETHUSDT, not BTCUSDT")

    [<Test>]
    member _.``a file that is read is known by every path to it``() =
        use folder = new TempFolder()
        tree folder [ "x/a.csv"; "x/ETHUSDT-1m-2024-01.csv"; "b.csv" ]
        Directory.CreateSymbolicLink(folder.Combine "y", "x") |> ignore
        File.CreateSymbolicLink(folder.Combine "link", "y/../x/./a.csv") |> ignore
        let isRead path file = Archive.IsRead(options [ folder.Combine path ], folder.Combine file)

        for path in [ "x"; "y"; "y/a.csv"; "*/a.csv"; "x/*" ] do
            for file in [ "x/a.csv"; "y/a.csv"; "x/../y/a.csv"; "link" ] do
                Assert.That(isRead path file, Is.True, $"{path} {file}")

            for file in [ "b.csv"; "x/ETHUSDT-1m-2024-01.csv"; "x/none.csv" ] do
                Assert.That(isRead path file, Is.False, $"{path} {file}")

        Assert.That(refusal (fun () -> Archive.IsRead(options [ folder.Combine "z" ], "b.csv")), Does.Contain "no such")

    [<TestCase("x",
               "x/new.csv x/y/new.zip l/new.csv.gz x/ETHUSDT-1m-2024-01.csv x/y/../new.csv",
               "new.csv xx/new.csv x/new.txt x/trades.csv x/.h/new.csv x/.new.csv x/l/new.csv ..x/new.csv")>]
    [<TestCase("l", "x/new.csv l/new.csv", "new.csv x/new.txt")>]
    [<TestCase("x/*.csv", "x/new.csv l/new.csv", "x/new.csv.gz x/y/new.csv x/.new.csv new.csv")>]
    [<TestCase("**/n?w.csv", "new.csv x/naw.csv x/y/new.csv", "old.csv x/nw.csv")>]
    [<TestCase("x/a.csv", "", "x/a.csv x/new.csv")>]
    member _.``where a new file would be found``(path: string, found: string, missed: string) =
        use folder = new TempFolder()
        tree folder [ "x/a.csv"; "x/y/a.csv"; "outside/a.csv" ]
        Directory.CreateSymbolicLink(folder.Combine "l", "x") |> ignore
        Directory.CreateSymbolicLink(folder.Combine "x/l", "../outside") |> ignore
        let wouldBe (file: string) = Archive.WouldBeFound(options [ folder.Combine path ], folder.Combine file)
        let names (text: string) = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)

        for file in names found do
            Assert.That(wouldBe file, Is.True, file)

        for file in names missed do
            Assert.That(wouldBe file, Is.False, file)

    [<Test>]
    member _.``the search for candles finds what it is said it would``() =
        for name in
            [
                "x/new.csv"
                "x/.h/new.csv"
                "x/.new.csv"
                "x/y/new.csv"
                "x/trades.csv"
                "x/l/new.csv"
            ] do
            use folder = new TempFolder()
            tree folder [ "x/a.csv"; "outside/a.csv" ]
            Directory.CreateSymbolicLink(folder.Combine "x/l", "../outside") |> ignore

            for path in [ "x"; "x/*.csv"; "x/**/*.csv" ] do
                let asked = options [ folder.Combine path ]
                let would = Archive.WouldBeFound(asked, folder.Combine name)
                let before = (found [ folder.Combine path ]).Length
                folder.Text(name, lines [ six 1 ]) |> ignore
                let after = (found [ folder.Combine path ]).Length
                File.Delete(folder.Combine name)
                Assert.That(after > before, Is.EqualTo would, $"{path} {name}")

    [<Test>]
    member _.``links that lead round in a circle are an error``() =
        use folder = new TempFolder()
        File.CreateSymbolicLink(folder.Combine "one", folder.Combine "two") |> ignore
        File.CreateSymbolicLink(folder.Combine "two", "one") |> ignore

        let follow () = RealPath.Of(folder.Combine "one") |> ignore
        Assert.That(Action follow, Throws.InstanceOf<IOException>())
