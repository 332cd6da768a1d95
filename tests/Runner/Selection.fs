namespace BtcBandit.Tests.Runner

open System
open System.Reflection
open Expecto
open Expecto.Impl

/// Something about the tests as a whole that fails the run, whatever they do.
[<RequireQualifiedAccess>]
type internal Fault =
    /// Other tests do not run because of these.
    | Focused of name: string
    | Duplicate of name: string * count: int
    /// A value of a module that looks like tests and is not marked as such.
    | Forgotten of value: string
    | Unmade of reason: string

    /// Whether the tests can be run all the same.
    member fault.LetsRun = fault.IsFocused

    override fault.ToString() =
        match fault with
        | Focused name -> $"focused: {name}"
        | Duplicate(name, _) -> $"duplicate: {name}"
        | Forgotten value -> $"forgotten: {value}"
        | Unmade _ -> "the tests could not be made"

    member fault.Message =
        match fault with
        | Focused name -> $"'{name}' is focused, and other tests are skipped because of it: take the focus away"
        | Duplicate(name, count) -> $"{count} tests are called '{name}': give each a name of its own"
        | Forgotten value -> $"'{value}' holds tests that never run: mark it with [<Tests>], or make it private"
        | Unmade reason -> reason

/// Which tests there are, which of them run, and what is wrong with them.
[<RequireQualifiedAccess>]
module internal Selection =

    let nameOf (test: FlatTest) = JoinWith.Slash.format test.name

    let private isMarked (value: MemberInfo) =
        value.GetCustomAttributes true
        |> Array.exists (fun mark -> mark :? TestsAttribute || mark :? FTestsAttribute || mark :? PTestsAttribute)

    /// Public values of modules that are tests and not marked. Reading them would make them, so only their types are read.
    let forgotten (types: Type seq) : Fault list =
        let isModule (owner: Type) =
            owner.GetCustomAttributes<CompilationMappingAttribute>()
            |> Seq.exists (fun mapping -> mapping.SourceConstructFlags = SourceConstructFlags.Module)

        [
            for owner in types do
                if owner.IsVisible && isModule owner then
                    for value in owner.GetProperties(BindingFlags.Public ||| BindingFlags.Static) do
                        if value.PropertyType = typeof<Test> && not (isMarked value) then
                            let owner = (string owner).Replace('+', '.')
                            Fault.Forgotten $"{owner}.{value.Name}"
        ]

    /// The tests of an assembly and what is wrong with them.
    let ofAssembly (assembly: Assembly) : Test * Fault list =
        try
            let tests = testFromAssembly assembly |> Option.defaultValue (TestList([], Normal))
            tests, forgotten (assembly.GetTypes())
        with error ->
            // Values of modules are made when the program starts; what they throw is wrapped twice and more.
            let reason = error.GetBaseException()
            TestList([], Normal), [ Fault.Unmade $"the tests could not be made: {reason}" ]

    let faults (tests: Test) : Fault list =
        let all = Test.toTestCodeList tests

        [
            for test in all do
                if test.state = Focused then
                    Fault.Focused(nameOf test)

            for name, count in all |> List.countBy nameOf do
                if count > 1 then
                    Fault.Duplicate(name, count)
        ]

    /// The tests that a filter leaves, in their order.
    let chosen (filter: string list -> bool) (tests: Test) : FlatTest list =
        Test.toTestCodeList tests |> List.filter (fun test -> filter test.name)

    /// Replays a property: its cases begin with those of a seed, at the size at which it failed.
    let private replaying seed (code: TestCode) =
        match seed, code with
        | Some _, AsyncFsCheck(config, stress, run) ->
            let config = config |> Option.defaultValue { FsCheckConfig.defaultConfig with maxTest = 100 }
            AsyncFsCheck(Some { config with replay = seed }, stress, run)
        | _ -> code

    /// A tree of these tests alone, each below its own lists; what is focused or in sequence remains so.
    let tree seed (tests: FlatTest list) : Test =
        let branch (test: FlatTest) =
            let leaf = Test.Sequenced(test.sequenced, TestCase(replaying seed test.test, test.state))
            List.foldBack (fun label inner -> TestLabel(label, inner, test.state)) test.name leaf

        TestList(List.map branch tests, Normal)
