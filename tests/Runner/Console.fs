namespace BtcBandit.Tests.Runner

open System
open System.Diagnostics
open System.Collections.Generic
open System.IO
open System.Threading

/// Says which tests are running when none has ended for a while, so that a test that hangs has a name.
type internal Waiting(time: TimeProvider, say: string -> unit) =
    let patience = TimeSpan.FromMinutes 1.0
    let running = List<string>()

    let tell _ =
        let names = lock running (fun () -> String.Join(", ", running))

        if names <> "" then
            say $"still running: {names}"

    let timer = time.CreateTimer(tell, null, patience, patience)

    member _.Started(name: string) = lock running (fun () -> running.Add name)

    member _.Ended(name: string) =
        lock running (fun () -> running.Remove name |> ignore)
        timer.Change(patience, patience) |> ignore

    interface IDisposable with
        member _.Dispose() = timer.Dispose()

/// The program under `dotnet run`: the same options, and plain lines as output.
[<RequireQualifiedAccess>]
module internal Console =

    /// Some test failed, or something is wrong with the tests.
    let failed = 1
    /// The command line is wrong.
    let misused = 2
    /// No test was run; the platform's code for it.
    let nothingRan = 8

    type private Mode =
        | Run
        | List
        | Help

    type private Request = {
        Mode: Mode
        Settings: Settings
        /// Each test with its duration, not only what failed.
        IsDetailed: bool
        /// How many of the slowest tests are shown at the end.
        Slowest: int
    }

    let private own = [
        "list-tests", "Name the tests and run none."
        "output Normal|Detailed", "Detailed: each test with its duration."
        "show-slowest-tests COUNT", "Show so many of the slowest tests at the end."
        "platform", "Run as under dotnet test, with its output and its options."
        "help", "This text."
    ]

    let private help (out: TextWriter) =
        out.WriteLine "Runs the tests of this program. The options, which are those under dotnet test as well:\n"

        let lines = [
            for option in Settings.options do
                let value = option.Value |> Option.map (sprintf " %s") |> Option.defaultValue ""
                option.Name + value, option.Meaning

            yield! own
        ]

        for name, meaning in lines do
            out.WriteLine $"  --{name, -24} {meaning}"

        out.WriteLine "\nExit codes: 0 all passed, 1 some failed, 2 a wrong command line or file, 8 no test was run."

    /// What the arguments ask for, or in one line what is wrong with them.
    let rec private read (request: Request) (arguments: string list) : Result<Request, string> =
        match arguments with
        | [] -> Ok request
        | argument :: rest when argument.StartsWith "--" && argument.Contains '=' ->
            let parts = argument.Split('=', 2)
            read request (parts[0] :: parts[1] :: rest)
        | "--list-tests" :: rest -> read { request with Mode = List } rest
        | ("--help" | "-h" | "-?") :: rest -> read { request with Mode = Help } rest
        | "--output" :: how :: rest when String.Equals(how, "Detailed", StringComparison.OrdinalIgnoreCase) ->
            read { request with IsDetailed = true } rest
        | "--output" :: how :: rest when String.Equals(how, "Normal", StringComparison.OrdinalIgnoreCase) ->
            read { request with IsDetailed = false } rest
        | "--output" :: _ -> Error "--output: Normal or Detailed is expected"
        | "--show-slowest-tests" :: count :: rest when fst (Int32.TryParse count) ->
            read { request with Slowest = int count } rest
        | "--show-slowest-tests" :: _ -> Error "--show-slowest-tests: a number of tests is expected"
        | argument :: rest ->
            let apply (option: Option) value rest =
                option.Apply value request.Settings
                |> Result.bind (fun settings -> read { request with Settings = settings } rest)

            match Settings.options |> List.tryFind (fun option -> "--" + option.Name = argument), rest with
            | None, _ -> Error $"'{argument}' is no option; --help names them"
            | Some { Value = Some value }, [] -> Error $"{argument}: its {value} is missing"
            | Some option, value :: rest when option.Value.IsSome -> apply option value rest
            | Some option, rest -> apply option "" rest

    let private listener (out: TextWriter) (waiting: Waiting) isDetailed : Listener =
        // Tests end on many threads, and their lines must not mix.
        let lines = obj ()
        let duration (outcome: Outcome) = $"{outcome.Duration.TotalMilliseconds:F0} ms"

        let tell (outcome: Outcome) =
            async {
                lock lines (fun () ->
                    match outcome.Verdict with
                    | Verdict.Failed(message, stack) ->
                        let text = if stack = "" then message else $"{message}\n{stack}"
                        out.WriteLine $"failed {outcome.Name} ({duration outcome})"
                        out.WriteLine("  " + text.Replace("\n", "\n  "))
                    | Verdict.Passed ->
                        if isDetailed then
                            out.WriteLine $"passed {outcome.Name} ({duration outcome})"
                    | Verdict.Skipped why ->
                        if isDetailed then
                            out.WriteLine $"skipped {outcome.Name}: {why}")
            }

        {
            Started = fun test -> async { waiting.Started(Selection.nameOf test) }
            Ended =
                fun _ outcome ->
                    waiting.Ended outcome.Name
                    tell outcome
            Wrong = tell
        }

    let private execute (time: TimeProvider) (request: Request) suite (out: TextWriter) (errors: TextWriter) =
        let watch = Stopwatch.StartNew()
        let tests = Execution.chosen request.Settings suite
        use waiting = new Waiting(time, errors.WriteLine)
        let listener = listener out waiting request.IsDetailed

        let outcomes =
            Execution.run request.Settings suite tests listener CancellationToken.None
            |> Async.RunSynchronously

        if request.Slowest > 0 then
            out.WriteLine "\nthe slowest tests:"
            Report.slowest request.Slowest outcomes |> List.iter out.WriteLine

        if outcomes.IsEmpty then
            out.WriteLine "no test was run"

        out.WriteLine $"{watch.Elapsed.TotalSeconds:F1} s"
        out.WriteLine(Report.counts outcomes)

        if outcomes.IsEmpty then nothingRan
        elif outcomes |> List.exists _.IsFailed then failed
        else 0

    let private list (request: Request) suite (out: TextWriter) (errors: TextWriter) =
        let tests = Execution.chosen request.Settings suite
        let faults = Execution.faults suite
        tests |> List.iter (Selection.nameOf >> out.WriteLine)
        faults |> List.iter (_.Message >> errors.WriteLine)

        if not faults.IsEmpty then failed
        elif tests.IsEmpty then nothingRan
        else 0

    /// The program by some clock.
    let mainAt (time: TimeProvider) suite (out: TextWriter) (errors: TextWriter) (arguments: string[]) : int =
        let first = { Mode = Run; Settings = Settings.none; IsDetailed = false; Slowest = 0 }

        match read first (List.ofArray arguments) with
        | Error message ->
            errors.WriteLine message
            misused
        | Ok { Mode = Help } ->
            help out
            0
        | Ok({ Mode = List } as request) -> list request suite out errors
        | Ok request ->
            match Settings.prepareFiles request.Settings with
            | Error message ->
                errors.WriteLine message
                misused
            | Ok() -> execute time request suite out errors

    let main suite out errors arguments = mainAt TimeProvider.System suite out errors arguments
