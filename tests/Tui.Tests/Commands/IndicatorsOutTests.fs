namespace BtcBandit.Tui.Tests.Commands

open System
open System.Diagnostics
open System.IO
open System.Net.Sockets
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Tui.Commands
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs
open Rows

/// What --out must never write over.
module IndicatorsOutRefusalTests =

    let private contents (folder: Temporary) =
        Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories)
        |> Array.sort
        |> Array.map (fun path -> path, File.ReadAllText path)

    let private refuses data (out: string) (why: string) =
        let answer = indicators [ "--data"; data; "--out"; out ]
        equal (2, "") (answer.Code, answer.Out)
        isOneLine answer.Error
        contains $"btcbandit indicators: --out {out}: {why}" answer.Error

    let private isRead = "one of the files of --data, which are only read"

    let private wouldBeRead = "--data finds candle files there"

    [<Tests>]
    let tests =
        testList "IndicatorsOutRefusalTests" [
            cases "a file that is read is refused, and everything is as it was" [
                "", "z.csv"
                "", "./below/b.csv"
                "*.csv", "z.csv"
                "**/b.csv", "below/../below/b.csv"
                "z.csv", "below/../z.csv"
            ]
            <| fun (data: string, out: string) ->
                use folder = new Temporary()
                Directory.CreateDirectory(folder.File "below") |> ignore
                some (folder.File "a.csv") 60
                some (folder.File "z.csv") 60
                some (folder.File "below/b.csv") 60
                let before = contents folder
                refuses (folder.File data) (folder.File out) isRead
                equal before (contents folder)

            testCase "links do not hide a file that is read"
            <| fun () ->
                notOnWindows "links need a privilege there"
                use folder = new Temporary()
                use elsewhere = new Temporary()
                some (folder.File "a.csv") 60
                some (elsewhere.File "real.csv") 60
                let link (path: string) (target: string) = File.CreateSymbolicLink(path, target) |> ignore
                // An input behind a link, an output behind two of them, and a folder behind one.
                link (folder.File "b.csv") (elsewhere.File "real.csv")
                link (elsewhere.File "out") (folder.File "a.csv")
                link (elsewhere.File "out2") "out"
                link (elsewhere.File "folder") folder.Path
                let before = contents folder, contents elsewhere

                for out in [ "real.csv"; "out"; "out2"; "folder/a.csv" ] do
                    refuses folder.Path (elsewhere.File out) isRead
                    refuses (folder.File "*.csv") (elsewhere.File out) isRead

                refuses (elsewhere.File "folder") (folder.File "a.csv") isRead
                refuses (elsewhere.File "folder") (elsewhere.File "folder/new.csv") wouldBeRead
                link (elsewhere.File "later") (folder.File "new.csv")
                refuses folder.Path (elsewhere.File "later") wouldBeRead
                File.Delete(elsewhere.File "later")
                equal before (contents folder, contents elsewhere)

            cases "a new file where candles are looked for is refused" [
                "", "new.csv"
                "", "below/new.csv.gz"
                "", "ETHUSDT-1m-2024-01.csv"
                "*.csv", "new.csv"
                "**/n*", "below/new.zip"
            ]
            <| fun (data: string, out: string) ->
                use folder = new Temporary()
                Directory.CreateDirectory(folder.File "below") |> ignore
                some (folder.File "a.csv") 60
                some (folder.File "n.csv") 60
                let before = contents folder
                refuses (folder.File data) (folder.File out) wouldBeRead
                equal before (contents folder)

            cases "a new file that no later run would read is none of that" [
                "", "new.txt"
                "", ".hidden/new.csv"
                "a.csv", "new.csv"
                "a*.csv", "new.csv"
                "*.csv", "below/new.csv"
            ]
            <| fun (data: string, out: string) ->
                notOnWindows "a dot does not hide there"
                use folder = new Temporary()
                Directory.CreateDirectory(folder.File "below") |> ignore
                Directory.CreateDirectory(folder.File ".hidden") |> ignore
                some (folder.File "a.csv") 60

                for _ in 1..2 do
                    equal 0 (indicators [ "--data"; folder.File data; "--out"; folder.File out ]).Code
                    equal 61 (File.ReadAllLines(folder.File out).Length)

            testCase "what is no regular file is refused"
            <| fun () ->
                notOnWindows "there are no such files there"
                use folder = new Temporary()
                some (folder.File "a.csv") 60
                let pipe = folder.File "pipe"

                do
                    use made = Process.Start("mkfifo", pipe)
                    made.WaitForExit()
                    equal 0 made.ExitCode

                File.CreateSymbolicLink(folder.File "round", folder.File "round") |> ignore
                // A device that is not there: a test that fails must not replace one that is.
                File.CreateSymbolicLink(folder.File "device", "/dev/btcbandit/none") |> ignore
                Directory.CreateDirectory(folder.File "x") |> ignore
                use socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                socket.Bind(UnixDomainSocketEndPoint(folder.File "socket"))

                for name in [ "pipe"; "socket"; "round"; "device"; "x"; "none/" ] do
                    refuses (folder.File "a.csv") (folder.File name) "a file is needed"

                equal 0L (FileInfo(pipe).Length)
        ]

/// How --out takes the place of a file.
module IndicatorsOutReplacementTests =

    let private names (folder: Temporary) =
        Directory.GetFiles folder.Path
        |> Array.map (fun path -> string (Path.GetFileName path))
        |> Array.sort

    [<Tests>]
    let tests =
        testList "IndicatorsOutReplacementTests" [
            testCase "files beside it are left alone, whatever their names"
            <| fun () ->
                use folder = new Temporary()
                some (folder.File "good.dat.csv") 60
                File.WriteAllText(folder.File "bad.csv", "no candles")
                let mine = [ "out.csv"; "out.csv.tmp"; "out.csv.1.tmp" ]

                for name in mine do
                    File.WriteAllText(folder.File name, "mine")

                Directory.CreateDirectory(folder.File "out.csv.2.tmp") |> ignore
                let before = names folder
                let export data = indicators [ "--data"; folder.File data; "--out"; folder.File "out.csv" ]
                equal 1 (export "bad.csv").Code
                equal [ "mine"; "mine"; "mine" ] [ for name in mine -> File.ReadAllText(folder.File name) ]
                equal before (names folder)
                equal 0 (export "good.dat.csv").Code
                equal 61 (File.ReadAllLines(folder.File "out.csv").Length)
                equal [ "mine"; "mine" ] [ for name in mine.Tail -> File.ReadAllText(folder.File name) ]
                equal before (names folder)

            testCase "a link to a file that is not there yet stays one"
            <| fun () ->
                notOnWindows "links need a privilege there"
                use folder = new Temporary()
                some (folder.File "a.csv") 60
                File.CreateSymbolicLink(folder.File "out.csv", "real.csv") |> ignore
                equal 0 (indicators [ "--data"; folder.File "a.csv"; "--out"; folder.File "out.csv" ]).Code
                equal "real.csv" (FileInfo(folder.File "out.csv").LinkTarget |> string)
                equal 61 (File.ReadAllLines(folder.File "real.csv").Length)

            cases "who may read and write it stays as it was" [
                UnixFileMode.UserRead
                UnixFileMode.UserRead ||| UnixFileMode.UserWrite
                UnixFileMode.UserRead
                ||| UnixFileMode.UserWrite
                ||| UnixFileMode.GroupRead
                ||| UnixFileMode.GroupWrite
            ]
            <| fun (mode: UnixFileMode) ->
                notOnWindows "there are no modes there"
                use folder = new Temporary()
                some (folder.File "a.csv") 60
                File.WriteAllText(folder.File "out.csv", "before")
                File.SetUnixFileMode(folder.File "out.csv", mode)
                equal 0 (indicators [ "--data"; folder.File "a.csv"; "--out"; folder.File "out.csv" ]).Code
                equal 61 (File.ReadAllLines(folder.File "out.csv").Length)
                equal mode (File.GetUnixFileMode(folder.File "out.csv"))

            testCase "on stdout the rows before an error are whole and all there"
            <| fun () ->
                use folder = new Temporary()
                some (folder.File "a.csv") 60
                File.AppendAllText(folder.File "a.csv", $"{minute 60},1,2,3,4,5\n")
                let answer = indicators [ "--data"; folder.File "a.csv" ]
                equal 1 answer.Code
                contains "a.csv line 62, column 3" answer.Error
                let rows = answer.Out.TrimEnd('\n').Split '\n'
                contains $" {rows.Length - 1} candles passed" answer.Error
                isAbove 50 rows.Length
                endsWith "\n" answer.Out
                let whole = indicators [ "--data"; folder.File "a.csv"; "--skip-bad-rows" ]
                startsWith answer.Out whole.Out

            testCase "whatever a reader has got so far ends with a whole row"
            <| fun () ->
                let ends = System.Collections.Generic.List<byte>()

                use output = {
                    new MemoryStream() with
                        override _.Write(bytes: byte[], offset: int, count: int) = ends.Add bytes[offset + count - 1]
                        override _.Write(bytes: ReadOnlySpan<byte>) = ends.Add bytes[bytes.Length - 1]
                }

                let csv = IndicatorCsv(entries Catalogue.Default, output)

                for candle in read week do
                    csv.Add &candle

                csv.Flush()
                isAbove 10 ends.Count
                all (fun one -> one = (byte '\n')) ends

            testCase "without a row there is nothing on stdout"
            <| fun () ->
                use folder = new Temporary()
                write (folder.File "a.csv") [ candleHeader; $"{minute 0},1,2,3,4,5" ]
                let answer = indicators [ "--data"; folder.File "a.csv" ]
                equal (1, "") (answer.Code, answer.Out)
        ]
