namespace BtcBandit.Tui.Tests.Gui.Themes

open System
open System.IO
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Gui.Themes
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// Where the theme is kept, and what happens where it cannot be.
module ThemeFileTests =

    let private isKept (file: string) =
        Expect.isTrue (File.Exists file) $"{file} is missing"
        equal "Dark\n" (File.ReadAllText file)

    let private write (file: ThemeFile) = file.Write Theme.Dark

    let private nameOf (file: ThemeFile) = file.Read() |> Option.ofObj |> Option.map _.Name

    let private withVariables (variables: (string * string | null) list) act =
        let before = [ for name, _ in variables -> name, Environment.GetEnvironmentVariable name ]

        for name, value in variables do
            Environment.SetEnvironmentVariable(name, value)

        try
            act ()
        finally
            for name, value in before do
                Environment.SetEnvironmentVariable(name, value)

    [<Tests>]
    let tests =
        // They set variables of the process, HOME among them.
        testSequenced
        <| testList "ThemeFileTests" [
            testCase "it lies in XDG_CONFIG_HOME where that is set"
            <| fun () ->
                use folder = new Temporary()
                let config = folder.File "settings"
                let environment name : string | null = if name = "XDG_CONFIG_HOME" then config else null
                let file = ThemeFile.Of environment
                equal None (nameOf file)
                equal null (write file)
                isKept (Path.Combine(config, "btcbandit", "theme"))
                equal (Some "Dark") (nameOf (ThemeFile.Of environment))

            cases "it lies in the settings of HOME otherwise, also in a home without any" [
                "unset"
                "empty"
                "relative"
            ]
            <| fun (state: string) ->
                onlyOnLinux "it is about Linux"
                use home = new Temporary()

                let stated: string | null =
                    match state with
                    | "unset" -> null
                    | "empty" -> ""
                    | _ -> "settings"

                withVariables [ "HOME", home.Path; "XDG_CONFIG_HOME", null ] (fun () ->
                    let file = ThemeFile.Of(fun name -> if name = "XDG_CONFIG_HOME" then stated else null)
                    equal null (write file)
                    isKept (Path.Combine(home.Path, ".config", "btcbandit", "theme"))
                    equal (Some "Dark") (nameOf file))

            testCase "where it cannot be written, it says why"
            <| fun () ->
                use folder = new Temporary()
                let taken = folder.File "taken"
                File.WriteAllText(taken, "")

                let isOpenToAll = Environment.IsPrivilegedProcess || OperatingSystem.IsWindows()

                let locked = Directory.CreateDirectory(folder.File "locked").FullName

                if not isOpenToAll then
                    File.SetUnixFileMode(locked, UnixFileMode.UserRead ||| UnixFileMode.UserExecute)

                for parent in
                    [
                        taken
                        if not isOpenToAll then
                            locked
                        // Nobody makes a folder there, not even root.
                        if OperatingSystem.IsLinux() then
                            "/proc"
                    ] do
                    let file = ThemeFile.Of(fun _ -> parent)
                    let fault = write file
                    because parent (fun () -> fails (String.IsNullOrEmpty fault))
                    contains parent fault
                    equal None (nameOf file)

                equal "there is no folder for settings" (nonNull (write (ThemeFile null)))

            testCase "unknown content is ignored, and replaced by the next choice"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "theme"
                let file = ThemeFile path

                for content in
                    [
                        ""
                        "\n"
                        "Pink\n"
                        "Dark Light\n"
                        "\u0000\u0001\uffff"
                        String('x', 1_000_000)
                    ] do
                    File.WriteAllText(path, content)
                    equal None (nameOf file)
                    equal null (write file)
                    equal (Some "Dark") (nameOf file)

            testCase "every theme is found again, also without its line end and in other letters"
            <| fun () ->
                use folder = new Temporary()
                let path = folder.File "theme"
                let file = ThemeFile path

                for theme in Theme.All do
                    equal null (file.Write theme)
                    equal (Some theme.Name) (nameOf file)
                    File.WriteAllText(path, theme.Name.ToUpperInvariant())
                    equal (Some theme.Name) (nameOf file)

            testCase "a folder in its place is no theme"
            <| fun () ->
                use folder = new Temporary()
                let file = ThemeFile folder.Path
                equal None (nameOf file)
                notNull' (write file)
        ]
