namespace BtcBandit.Tests.Runner

open System
open System.Threading.Tasks
open Expecto
open Microsoft.Testing.Platform.Builder
open Microsoft.Testing.Platform.Capabilities.TestFramework
open Microsoft.Testing.Platform.CommandLine
open Microsoft.Testing.Platform.Extensions
open Microsoft.Testing.Platform.Extensions.CommandLine
open Microsoft.Testing.Platform.Extensions.Messages
open Microsoft.Testing.Platform.Extensions.TestFramework
open Microsoft.Testing.Platform.Requests
open Microsoft.Testing.Platform.Services

/// How the platform knows this runner.
[<AbstractClass>]
type internal Extension() =
    interface IExtension with
        member _.Uid = "BtcBandit.Tests.Runner"
        member _.Version = "1.0.0"
        member _.DisplayName = "Expecto"
        member _.Description = "Runs a tree of Expecto tests"
        member _.IsEnabledAsync() = Task.FromResult true

/// An extension that tells the platform what comes of tests.
[<AbstractClass>]
type internal Producer() =
    inherit Extension()

    interface IDataProducer with
        member _.DataTypesProduced = [| typeof<TestNodeUpdateMessage> |]

/// The options of the runner as the platform's.
type internal PlatformOptions() =
    inherit Extension()

    interface ICommandLineOptionsProvider with
        member _.GetCommandLineOptions() = [|
            for option in Settings.options do
                let arity = if option.Value.IsSome then ArgumentArity.ExactlyOne else ArgumentArity.Zero
                CommandLineOption(option.Name, option.Meaning, arity, false)
        |]

        member _.ValidateOptionArgumentsAsync(given, arguments) =
            let option = Settings.options |> List.find (fun option -> option.Name = given.Name)

            match option.Apply (arguments |> Array.tryHead |> Option.defaultValue "") Settings.none with
            | Ok _ -> ValidationResult.ValidTask
            | Error message -> ValidationResult.InvalidTask message

        member _.ValidateCommandLineOptionsAsync _ = ValidationResult.ValidTask

/// A failure as the platform shows it: the message, and the lines of the stack that say something.
type internal Failure(message: string, stack: string) =
    inherit Exception(message)
    override _.StackTrace = stack

/// Expecto as a test framework of Microsoft.Testing.Platform. It replaces YoloDev.Expecto.TestSdk.
type internal Framework(suite: Suite, options: ICommandLineOptions) =
    inherit Producer()

    /// The options were checked before.
    let settings =
        (Settings.none, Settings.options)
        ||> List.fold (fun settings option ->
            match options.TryGetOptionArgumentList option.Name with
            | true, NonNull values -> option.Apply (Array.tryHead values |> Option.defaultValue "") settings
            | _ when options.IsOptionSet option.Name -> option.Apply "" settings
            | _ -> Ok settings
            |> Result.defaultValue settings)

    let node name (properties: IProperty list) =
        TestNode(Uid = TestNodeUid name, DisplayName = name, Properties = PropertyBag(Array.ofList properties))

    let location (test: FlatTest) : IProperty list =
        match suite.Location test with
        | Some found ->
            // Sequence points begin at 1, positions at 0.
            let line = LinePosition(found.lineNumber - 1, 0)
            [ TestFileLocationProperty(found.sourcePath, LinePositionSpan(line, line)) ]
        | None -> []

    let state (outcome: Outcome) : IProperty =
        match outcome.Verdict with
        | Verdict.Passed -> PassedTestNodeStateProperty.CachedInstance
        | Verdict.Skipped why -> SkippedTestNodeStateProperty why
        | Verdict.Failed(message, stack) -> FailedTestNodeStateProperty(Failure(message, stack), null)

    let ended (outcome: Outcome) (more: IProperty list) =
        let now = DateTimeOffset.UtcNow
        let timing = TimingProperty(TimingInfo(now - outcome.Duration, now, outcome.Duration))
        node outcome.Name (state outcome :: timing :: more)

    /// What the options and, in an editor, the platform leave of the tests.
    let chosen (filter: ITestExecutionFilter) : FlatTest list =
        let tests = Execution.chosen settings suite

        match filter with
        | :? TestNodeUidListFilter as uids ->
            let uids = set [ for uid in uids.TestNodeUids -> uid.Value ]
            tests |> List.filter (fun test -> uids.Contains(Selection.nameOf test))
        | _ -> tests

    interface ITestFramework with
        member _.CreateTestSessionAsync _ = Task.FromResult(CreateTestSessionResult(IsSuccess = true))
        member _.CloseTestSessionAsync _ = Task.FromResult(CloseTestSessionResult(IsSuccess = true))

        member this.ExecuteRequestAsync(context) =
            task {
                let request = context.Request :?> TestExecutionRequest
                let tests = chosen request.Filter

                let publish (node: TestNode) =
                    context.MessageBus.PublishAsync(this, TestNodeUpdateMessage(request.Session.SessionUid, node))
                    |> Async.AwaitTask

                match context.Request with
                | :? DiscoverTestExecutionRequest ->
                    for test in tests do
                        let found: IProperty = DiscoveredTestNodeStateProperty.CachedInstance
                        do! publish (node (Selection.nameOf test) (found :: location test))

                    for fault in Execution.faults suite do
                        do! publish (ended (Execution.wrong fault) [])
                | _ ->
                    let listener = {
                        Started =
                            fun test ->
                                publish (
                                    node (Selection.nameOf test) [ InProgressTestNodeStateProperty.CachedInstance ]
                                )
                        Ended =
                            fun test outcome -> publish (ended outcome (if outcome.IsFailed then location test else []))
                        Wrong = fun outcome -> publish (ended outcome [])
                    }

                    let! _ = Execution.run settings suite tests listener context.CancellationToken
                    ()

                context.Complete()
            }
            :> Task

/// The program under `dotnet test`, in an editor, or with `--platform`.
[<RequireQualifiedAccess>]
module internal Platform =

    let main (suite: Suite) (arguments: string[]) : Task<int> =
        task {
            let! builder = TestApplication.CreateBuilderAsync arguments
            builder.CommandLine.AddProvider(fun () -> PlatformOptions() :> ICommandLineOptionsProvider)

            builder.RegisterTestFramework(
                (fun _ -> TestFrameworkCapabilities() :> ITestFrameworkCapabilities),
                (fun _ services -> Framework(suite, services.GetCommandLineOptions()) :> ITestFramework)
            )
            |> ignore

            use! application = builder.BuildAsync()
            let! code = application.RunAsync()

            // `dotnet test` does not show what the platform said about an option that it does not know.
            if code = 5 then
                let line = arguments |> Array.takeWhile ((<>) "--server") |> String.concat " "
                System.Console.Error.WriteLine $"these arguments are not understood; --help names the options: {line}"

            return code
        }
