namespace BtcBandit.Tests.Runner

open System
open System.Reflection
open Expecto
open Expecto.Impl

/// What the Program.fs of a test project calls.
[<RequireQualifiedAccess>]
module Runner =

    /// The tests of an assembly marked with [<Tests>].
    let internal suiteOf (assembly: Assembly) : Suite =
        let tests, faults = Selection.ofAssembly assembly

        // Expecto reads the symbols at the first test: 72 ms, and 1 ms for another 200 tests.
        let location (test: FlatTest) =
            try
                let found = getLocation assembly test.test
                if found.lineNumber > 0 then Some found else None
            with _ ->
                // Without symbols there are no places, but there are tests.
                None

        {
            Name = $"{assembly.GetName().Name}"
            Tests = tests
            Faults = faults
            Location = location
        }

    /// A tree of tests that no assembly holds.
    let internal suite (name: string) (tests: Test) : Suite = {
        Name = name
        Tests = tests
        Faults = []
        Location = fun _ -> None
    }

    /// `dotnet test` starts a test program with --server, and so does an editor.
    let internal run (suite: Suite) (arguments: string[]) : int =
        let isServer (argument: string) = argument = "--server" || argument.StartsWith "--server="

        if
            arguments
            |> Array.exists (fun argument -> isServer argument || argument = "--platform")
        then
            let arguments = arguments |> Array.filter ((<>) "--platform")

            // Nothing is written where tests are only named.
            let asksOnly = arguments |> Array.exists ((=) "--list-tests")

            let prepared =
                Settings.read (List.ofArray arguments)
                |> Result.bind (fun settings -> if asksOnly then Ok() else Settings.prepareFiles settings)

            match prepared with
            | Result.Error message ->
                System.Console.Error.WriteLine message
                Console.misused
            | Ok() -> (Platform.main suite arguments).GetAwaiter().GetResult()
        else
            Console.main suite System.Console.Out System.Console.Error arguments

    /// <summary>Runs the tests of the program that calls it, under <c>dotnet test</c> and under <c>dotnet run</c>.</summary>
    /// <param name="arguments">The command line; <c>--help</c> shows its options.</param>
    /// <returns>The exit code: 0 if all tests passed, 8 if none was run.</returns>
    let main (arguments: string[]) : int =
        match Assembly.GetEntryAssembly() with
        | null -> invalidOp "Runner.main is called by a program, and there is none."
        | program -> run (suiteOf program) arguments
