namespace BtcBandit.Engine.Tests.Storage

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
open BtcBandit.Engine.Tests.Feeds.Files

module AtomicFileTests =

    let private names (folder: TempFolder) =
        Directory.GetFiles folder.Path
        |> Array.map (fun path -> string (Path.GetFileName path))
        |> Array.sort
        |> List.ofArray

    let private begin' (file: AtomicFile) (text: string) = file.Stream.Write(Text.Encoding.UTF8.GetBytes text)

    let private write (create: string -> AtomicFile) path text =
        use file = create path
        begin' file text
        file.Commit()

    let private ways: (string -> AtomicFile) list = [ AtomicFile.Create; AtomicFile.CreateWithBackup ]

    [<Tests>]
    let tests =
        testList "AtomicFileTests" [
            testCase "a new file has what was written, and nothing stands beside it"
            <| fun () ->
                for create in ways do
                    use folder = new TempFolder()
                    write create (folder.Combine "a") "new"
                    equal "new" (File.ReadAllText(folder.Combine "a"))
                    equal [ "a" ] (names folder)

            testCase "until it is complete the old file stands, and without that nothing is left of the new one"
            <| fun () ->
                for create in ways do
                    use folder = new TempFolder()
                    let path = folder.Text("a", "old")

                    do
                        use file = create path
                        begin' file "half"
                        equal "old" (File.ReadAllText path)
                        equal [ "a"; "a.tmp" ] (names folder)

                    equal "old" (File.ReadAllText path)
                    equal [ "a" ] (names folder)

            testCase "the file before is kept where that is asked, and only the last one"
            <| fun () ->
                use folder = new TempFolder()
                let path = folder.Combine "a"

                for text in [ "first"; "second"; "third" ] do
                    write AtomicFile.CreateWithBackup path text

                equal [ "a"; "a.bak" ] (names folder)
                equal ("third", "second") (File.ReadAllText path, File.ReadAllText(path + ".bak"))
                write AtomicFile.Create path "fourth"
                equal ("fourth", "second") (File.ReadAllText path, File.ReadAllText(path + ".bak"))

            testCase "a temporary name that is taken is left alone by strangers and cleared by the owner"
            <| fun () ->
                use folder = new TempFolder()
                let path = folder.Combine "a"
                let theirs = [ folder.Text("a.tmp", "theirs"); folder.Text("a.1.tmp", "theirs") ]
                Directory.CreateDirectory(path + ".2.tmp") |> ignore
                write AtomicFile.Create path "new"
                equal [ "theirs"; "theirs" ] (List.map File.ReadAllText theirs)
                equal [ "a"; "a.1.tmp"; "a.tmp" ] (names folder)
                write AtomicFile.CreateWithBackup path "newer"
                equal [ "a"; "a.1.tmp"; "a.bak" ] (names folder)
                equal "newer" (File.ReadAllText path)

            testCase "a link stays one, and the file it leads to is replaced"
            <| fun () ->
                notOnWindows "links need a privilege there"

                for create in ways do
                    use folder = new TempFolder()
                    let real = folder.Text("below/real", "old")
                    let link = folder.Combine "link"
                    File.CreateSymbolicLink(link, "below/real") |> ignore
                    write create link "new"
                    equal "below/real" (string (FileInfo link).LinkTarget)
                    equal "new" (File.ReadAllText real)
                    equal [ "link" ] (names folder)

            testCase "who may read and write it stays as it was, also while it is written"
            <| fun () ->
                notOnWindows "there are no modes there"

                for create in ways do
                    for mode in
                        [
                            UnixFileMode.UserRead ||| UnixFileMode.UserWrite
                            UnixFileMode.UserRead ||| UnixFileMode.GroupWrite
                        ] do
                        use folder = new TempFolder()
                        let path = folder.Text("a", "old")
                        File.SetUnixFileMode(path, mode)

                        do
                            use file = create path
                            let others = File.GetUnixFileMode(file.Stream.SafeFileHandle) &&& ~~~mode
                            equal UnixFileMode.None others
                            file.Commit()

                        equal mode (File.GetUnixFileMode path)

            testCase "where it cannot be written the caller is told, and the old file stands"
            <| fun () ->
                for create in ways do
                    use folder = new TempFolder()
                    let missing () = write create (folder.Combine "none/a") "new"
                    throwsA<IOException> missing
                    Directory.CreateDirectory(folder.Combine "b") |> ignore
                    let onFolder () = write create (folder.Combine "b") "new"
                    throwsA<exn> onFolder
                    isEmpty (names folder)
        ]
