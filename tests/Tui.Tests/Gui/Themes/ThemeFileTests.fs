namespace BtcBandit.Tui.Tests.Gui.Themes

open System
open System.IO
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Tui.Gui.Themes
open BtcBandit.Tui.Tests
open BtcBandit.Tui.Tests.Programs

/// Where the theme is kept, and what happens where it cannot be.
[<TestFixture; NonParallelizable>]
type ThemeFileTests() =

    let isKept (file: string) =
        Assert.That(File.Exists file, $"{file} is missing")
        equal "Dark\n" (File.ReadAllText file)

    let write (file: ThemeFile) = file.Write Theme.Dark

    let nameOf (file: ThemeFile) = file.Read() |> Option.ofObj |> Option.map _.Name

    let withVariables (variables: (string * string | null) list) act =
        let before = [ for name, _ in variables -> name, Environment.GetEnvironmentVariable name ]

        for name, value in variables do
            Environment.SetEnvironmentVariable(name, value)

        try
            act ()
        finally
            for name, value in before do
                Environment.SetEnvironmentVariable(name, value)

    [<Test>]
    member _.``it lies in XDG_CONFIG_HOME where that is set``() =
        use folder = new Temporary()
        let config = folder.File "settings"
        let environment name : string | null = if name = "XDG_CONFIG_HOME" then config else null
        let file = ThemeFile.Of environment
        equal None (nameOf file)
        equal null (write file)
        isKept (Path.Combine(config, "btcbandit", "theme"))
        equal (Some "Dark") (nameOf (ThemeFile.Of environment))

    [<TestCase("unset"); TestCase("empty"); TestCase("relative")>]
    [<Platform "Linux">]
    member _.``it lies in the settings of HOME otherwise, also in a home without any``(state: string) =
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

    [<Test>]
    member _.``where it cannot be written, it says why``() =
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
            Assert.That(fault, Is.Not.Null.And.Not.Empty, parent)
            contains parent fault
            equal None (nameOf file)

        equal "there is no folder for settings" (nonNull (write (ThemeFile null)))

    [<Test>]
    member _.``unknown content is ignored, and replaced by the next choice``() =
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

    [<Test>]
    member _.``every theme is found again, also without its line end and in other letters``() =
        use folder = new Temporary()
        let path = folder.File "theme"
        let file = ThemeFile path

        for theme in Theme.All do
            equal null (file.Write theme)
            equal (Some theme.Name) (nameOf file)
            File.WriteAllText(path, theme.Name.ToUpperInvariant())
            equal (Some theme.Name) (nameOf file)

    [<Test>]
    member _.``a folder in its place is no theme``() =
        use folder = new Temporary()
        let file = ThemeFile folder.Path
        equal None (nameOf file)
        Assert.That(write file, Is.Not.Null)
