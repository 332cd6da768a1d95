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
    /// A marked value that Expecto does not find.
    | Hidden of value: string
    | Unmade of reason: string

    /// Whether the tests can be run all the same.
    member fault.LetsRun = fault.IsFocused

    override fault.ToString() =
        match fault with
        | Focused name -> $"focused: {name}"
        | Duplicate(name, _) -> $"duplicate: {name}"
        | Forgotten value -> $"forgotten: {value}"
        | Hidden value -> $"hidden: {value}"
        | Unmade _ -> "the tests could not be made"

    member fault.Message =
        match fault with
        | Focused name -> $"'{name}' is focused, and other tests are skipped because of it: take the focus away"
        | Duplicate(name, count) -> $"{count} tests are called '{name}': give each a name of its own"
        | Forgotten value -> $"'{value}' holds tests that never run: mark it with [<Tests>], or make it private"
        | Hidden value -> $"'{value}' is marked with [<Tests>], but never runs: make it a public value of type Test"
        | Unmade reason -> reason

/// Which tests there are, which of them run, and what is wrong with them.
[<RequireQualifiedAccess>]
module internal Selection =

    let nameOf (test: FlatTest) = JoinWith.Slash.format test.name

    let private isMarked (value: MemberInfo) =
        value.GetCustomAttributes true
        |> Array.exists (fun mark -> mark :? TestsAttribute || mark :? FTestsAttribute || mark :? PTestsAttribute)

    /// Whether Expecto runs a marked member.
    let private isFound (owner: Type) (value: MemberInfo) =
        owner.IsVisible
        && match value with
           | :? PropertyInfo as value ->
               value.PropertyType = typeof<Test>
               && value.GetAccessors() |> Array.exists (fun accessor -> accessor.IsStatic)
           | :? FieldInfo as value -> value.FieldType = typeof<Test> && value.IsPublic && value.IsStatic
           | :? MethodInfo as value ->
               value.ReturnType = typeof<Test>
               && value.IsPublic
               && value.IsStatic
               && value.GetParameters().Length = 0
           | _ -> false

    /// Public values of modules that are tests and not marked, and marked ones of which Expecto says nothing. Reading them
    /// would make them, so only their types are read.
    let forgotten (types: Type seq) : Fault list =
        let isModule (owner: Type) =
            owner.GetCustomAttributes<CompilationMappingAttribute>()
            |> Seq.exists (fun mapping -> mapping.SourceConstructFlags = SourceConstructFlags.Module)

        let full (owner: Type) (value: MemberInfo) =
            let owner = (string owner).Replace('+', '.')
            $"{owner}.{value.Name}"

        let every =
            BindingFlags.Public
            ||| BindingFlags.NonPublic
            ||| BindingFlags.Static
            ||| BindingFlags.Instance
            ||| BindingFlags.DeclaredOnly

        [
            for owner in types do
                if owner.IsVisible && isModule owner then
                    for value in owner.GetProperties(BindingFlags.Public ||| BindingFlags.Static) do
                        if value.PropertyType = typeof<Test> && not (isMarked value) then
                            Fault.Forgotten(full owner value)

                // What a file makes when the program starts has the marks of its values as well.
                let isStart = (string owner.Namespace).StartsWith "<StartupCode$"

                for value in (if isStart then [||] else owner.GetMembers every) do
                    if isMarked value && not (isFound owner value) then
                        Fault.Hidden(full owner value)
        ]

    /// The tests of an assembly and what is wrong with them.
    let ofAssembly (assembly: Assembly) : Test * Fault list =
        let attempt (make: unit -> 'made) =
            try
                Ok(make ())
            with error ->
                // Values of modules are made when they are first read; what they throw is wrapped twice and more.
                Result.Error(Fault.Unmade $"the tests could not be made: {error.GetBaseException()}")

        let tests = attempt (fun () -> testFromAssembly assembly)
        let faults = attempt (fun () -> forgotten (assembly.GetTypes()))

        match tests, faults with
        | Ok tests, Ok faults -> tests |> Option.defaultValue (TestList([], Normal)), faults
        | Result.Error unmade, Ok faults -> TestList([], Normal), unmade :: faults
        | _, Result.Error unmade -> TestList([], Normal), [ unmade ]

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
