namespace BtcBandit.Engine.Tests.Feeds.Files

open System
open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Feeds.Files
open BtcBandit.Engine.Market
open BtcBandit.Engine.Storage
open BtcBandit.Engine.Tests.Feeds
open Candles
open CandleFiles

module ArchivePathTests =

    /// Files that each hold one minute, the one their position says.
    let private tree (folder: TempFolder) names =
        names
        |> List.iteri (fun index name -> folder.Text(name, lines [ six index ]) |> ignore)

    let private found (paths: string list) = fst (read (options paths)) |> minutes

    let private refused paths = refusal (fun () -> Archive.Read(options paths, FeedReport()))

    [<Tests>]
    let tests =
        testList "ArchivePathTests" [
            testCase "a folder is read in order of names, with everything below"
            <| fun () ->
                use folder = new TempFolder()
                tree folder [ "a.csv"; "b/a.csv"; "b/c.csv"; "c.csv" ]
                folder.Text("b/readme.md", "no candles") |> ignore
                folder.Text("b/.hidden.csv", "no candles") |> ignore
                // What a run wrote into a folder of candles.
                folder.Text("trades.csv", "open_time,step") |> ignore
                folder.Text("runs/old/trades.csv", "open_time,step") |> ignore
                equal [ 0; 1; 2; 3 ] (found [ folder.Path ])

            testCase "paths keep the order they were given in, each file is read once"
            <| fun () ->
                use folder = new TempFolder()
                tree folder [ "a.csv"; "b.csv"; "c.csv" ]

                let given = [
                    folder.Combine "c.csv"
                    folder.Path
                    folder.Combine "../" + Path.GetFileName folder.Path
                ]

                equal [ 2; 0; 1 ] (found given)

            cases "wildcards" [
                "*.csv", "0,3"
                "?.csv", "0"
                "*/a.csv", "1"
                "**/a.csv", "0,1,2"
                "x/**", "1,2"
                "**", "0,3,1,2"
                "x/*/*", "2"
            ]
            <| fun (pattern: string, expected: string) ->
                use folder = new TempFolder()
                tree folder [ "a.csv"; "x/a.csv"; "x/y/a.csv"; "long.csv" ]
                folder.Text("x/y/notes.txt", "no candles") |> ignore
                equal [ for digit in expected.Split ',' -> int digit ] (found [ folder.Combine pattern ])

            testCase "a link that leads round in a circle is not followed"
            <| fun () ->
                use folder = new TempFolder()
                tree folder [ "x/a.csv" ]
                Directory.CreateSymbolicLink(folder.Combine "x/loop", folder.Path) |> ignore
                equal [ 0 ] (found [ folder.Path ])

            testCase "what leads nowhere is refused before anything is read"
            <| fun () ->
                use folder = new TempFolder()
                folder.Text("x/notes.txt", "no candles") |> ignore
                Directory.CreateDirectory(folder.Combine "empty") |> ignore
                contains "no such file or folder" (refused [ folder.Combine "a.csv" ])
                contains "nothing there matches" (refused [ folder.Combine "empty" ])
                contains "nothing there matches" (refused [ folder.Combine "*.csv" ])
                contains "nothing there matches" (refused [ folder.Combine "**/x*" ])
                contains "no such folder" (refused [ folder.Combine "y/*.csv" ])
                contains "no candle file among 1 file" (refused [ folder.Path ])
                contains "no candle files given" (refused [])

            cases "other kinds of file are refused with what is accepted" [ "a.csv.bz2"; "a.gz"; "a.txt" ]
            <| fun (name: string) ->
                use folder = new TempFolder()
                let message = refused [ folder.Text(name, "[]") ]
                contains name message
                contains ".csv, .tsv and .json (each also .gz) or .zip is accepted" message

            testCase "files of other symbols are left out of folders and refused by name"
            <| fun () ->
                use folder = new TempFolder()
                tree folder [ "BTCUSDT-1m-2024-01.csv"; "ETHUSDT-1m-2024-01.csv"; "candles-1m.csv" ]
                equal [ 0; 2 ] (found [ folder.Path ])
                equal [ 0; 2 ] (found [ folder.Combine "*-1m*" ])
                let eth = folder.Combine "ETHUSDT-1m-2024-01.csv"
                endsWith "holds ETHUSDT, not BTCUSDT" (refused [ eth ])
                let other = FeedFault.OtherSymbol(eth, "ETHUSDT", "BTCUSDT")
                equal (other :> FeedFault) (fault (fun () -> Archive.Read(options [ eth ], FeedReport())))

                for symbol in [ "ETH/USDT"; "ETHUSDT"; "ethusdt" ] do
                    let eth = ArchiveOptions([ folder.Combine "ETHUSDT-1m-2024-01.csv" ], pairOf symbol, timeframe "1m")
                    equal [ 1 ] (fst (read eth) |> minutes)

            testCase "a folder of other symbols only names them"
            <| fun () ->
                use folder = new TempFolder()
                tree folder [ "SOLUSDT-1m-2024-01.csv"; "ETHUSDT-1m-2024-01.zip"; "ETHUSDT-1m-2024-02.csv" ]
                contains "no file of BTCUSDT there, only of ETHUSDT, SOLUSDT" (refused [ folder.Path ])

            testCase "a zip of another symbol is refused too"
            <| fun () ->
                use folder = new TempFolder()
                let bytes = zip Compression.CompressionLevel.Fastest [ "ETHUSDT-1m-2024-01.csv", lines [ twelve 0 ] ]
                let message = complaint (options [ folder.Bytes("month.zip", bytes) ])
                endsWith "month.zip: holds ETHUSDT, not BTCUSDT" message

            testCase "a file that is read is known by every path to it"
            <| fun () ->
                use folder = new TempFolder()
                tree folder [ "x/a.csv"; "x/ETHUSDT-1m-2024-01.csv"; "b.csv" ]
                Directory.CreateSymbolicLink(folder.Combine "y", "x") |> ignore
                File.CreateSymbolicLink(folder.Combine "link", "y/../x/./a.csv") |> ignore
                let isRead path file = Archive.IsRead(options [ folder.Combine path ], folder.Combine file)

                for path in [ "x"; "y"; "y/a.csv"; "*/a.csv"; "x/*" ] do
                    for file in [ "x/a.csv"; "y/a.csv"; "x/../y/a.csv"; "link" ] do
                        Expect.isTrue (isRead path file) $"{path} {file}"

                    for file in [ "b.csv"; "x/ETHUSDT-1m-2024-01.csv"; "x/none.csv" ] do
                        Expect.isFalse (isRead path file) $"{path} {file}"

                contains "no such" (refusal (fun () -> Archive.IsRead(options [ folder.Combine "z" ], "b.csv")))

            cases "where a new file would be found" [
                "x",
                "x/new.csv x/y/new.zip l/new.csv.gz x/ETHUSDT-1m-2024-01.csv x/y/../new.csv",
                "new.csv xx/new.csv x/new.txt x/trades.csv x/.h/new.csv x/.new.csv x/l/new.csv ..x/new.csv"
                "l", "x/new.csv l/new.csv", "new.csv x/new.txt"
                "x/*.csv", "x/new.csv l/new.csv", "x/new.csv.gz x/y/new.csv x/.new.csv new.csv"
                "**/n?w.csv", "new.csv x/naw.csv x/y/new.csv", "old.csv x/nw.csv"
                "x/a.csv", "", "x/a.csv x/new.csv"
            ]
            <| fun (path: string, found: string, missed: string) ->
                use folder = new TempFolder()
                tree folder [ "x/a.csv"; "x/y/a.csv"; "outside/a.csv" ]
                Directory.CreateSymbolicLink(folder.Combine "l", "x") |> ignore
                Directory.CreateSymbolicLink(folder.Combine "x/l", "../outside") |> ignore
                let wouldBe (file: string) = Archive.WouldBeFound(options [ folder.Combine path ], folder.Combine file)
                let names (text: string) = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)

                for file in names found do
                    Expect.isTrue (wouldBe file) file

                for file in names missed do
                    Expect.isFalse (wouldBe file) file

            testCase "the search for candles finds what it is said it would"
            <| fun () ->
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
                        Expect.equal (after > before) would $"{path} {name}"

            testCase "links that lead round in a circle are an error"
            <| fun () ->
                use folder = new TempFolder()
                File.CreateSymbolicLink(folder.Combine "one", folder.Combine "two") |> ignore
                File.CreateSymbolicLink(folder.Combine "two", "one") |> ignore

                let follow () = RealPath.Of(folder.Combine "one") |> ignore
                throwsA<IOException> follow
        ]
