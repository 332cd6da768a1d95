module BtcBandit.Runner.Tests.SelectionTests

open System
open System.Reflection
open System.Reflection.Emit
open System.Threading
open Expecto
open BtcBandit.Tests.Runner

/// A program with one value of a module, made here: a value forgotten in this program would fail its own run.
let private programWith (visibility: TypeAttributes) flags (valueType: Type) (mark: Type option) : Assembly =
    let assembly = AssemblyBuilder.DefineDynamicAssembly(AssemblyName "Made", AssemblyBuilderAccess.Run)
    let owner = assembly.DefineDynamicModule("Made").DefineType("WindowTests", visibility)

    let attribute (kind: Type) (arguments: obj[]) =
        let types = arguments |> Array.map _.GetType()

        match kind.GetConstructor types with
        | null -> failtest "no such constructor"
        | constructor -> CustomAttributeBuilder(constructor, arguments)

    owner.SetCustomAttribute(attribute typeof<CompilationMappingAttribute> [| SourceConstructFlags.Module |])
    let value = owner.DefineProperty("tests", PropertyAttributes.None, valueType, [||])
    let getter = owner.DefineMethod("get_tests", MethodAttributes.Static ||| flags, valueType, [||])
    let code = getter.GetILGenerator()
    code.Emit OpCodes.Ldnull
    code.Emit OpCodes.Ret
    value.SetGetMethod getter
    mark |> Option.iter (fun mark -> value.SetCustomAttribute(attribute mark [||]))
    owner.CreateType() |> ignore
    assembly

let private forgotten visibility flags valueType mark =
    Selection.forgotten ((programWith visibility flags valueType mark).GetTypes())

let private isPublic = MethodAttributes.Public
let private sampleNames tests = Test.toTestCodeList tests |> List.map Selection.nameOf

[<Tests>]
let tests =
    testList "SelectionTests" [
        testCase "a public value of tests without a mark is forgotten" (fun () ->
            Expect.equal
                (forgotten TypeAttributes.Public isPublic typeof<Test> None)
                [ Fault.Forgotten "WindowTests.tests" ]
                "")

        cases
            "a value that is marked is not forgotten"
            [ typeof<TestsAttribute>; typeof<FTestsAttribute>; typeof<PTestsAttribute> ]
            (fun mark -> Expect.isEmpty (forgotten TypeAttributes.Public isPublic typeof<Test> (Some mark)) "")

        testCase "a private value is a part of other tests" (fun () ->
            Expect.isEmpty (forgotten TypeAttributes.Public MethodAttributes.Private typeof<Test> None) "")

        testCase "a module that is not public has no forgotten values" (fun () ->
            Expect.isEmpty (forgotten TypeAttributes.NotPublic isPublic typeof<Test> None) "")

        testCase "a value that is no test is not forgotten" (fun () ->
            Expect.isEmpty (forgotten TypeAttributes.Public isPublic typeof<string> None) "")

        testCase "the assembly of these tests has no faults" (fun () ->
            let tests, faults = Selection.ofAssembly (Assembly.GetExecutingAssembly())
            Expect.isEmpty faults ""
            Expect.contains (sampleNames tests) "SelectionTests/the assembly of these tests has no faults" "")

        testCase "a marked value that is not public is hidden" (fun () ->
            let mark = Some typeof<TestsAttribute>

            Expect.equal
                (forgotten TypeAttributes.Public MethodAttributes.Assembly typeof<Test> mark)
                [ Fault.Hidden "WindowTests.tests" ]
                "")

        cases
            "a marked value that Expecto does not find is hidden"
            [
                TypeAttributes.Public, MethodAttributes.Private, typeof<Test>
                TypeAttributes.NotPublic, MethodAttributes.Public, typeof<Test>
                TypeAttributes.Public, MethodAttributes.Public, typeof<Test list>
                TypeAttributes.Public, MethodAttributes.Public, typeof<Lazy<Test>>
            ]
            (fun (visibility, flags, valueType) ->
                let mark = Some typeof<TestsAttribute>
                Expect.equal (forgotten visibility flags valueType mark) [ Fault.Hidden "WindowTests.tests" ] "")

        cases
            "a marked function that Expecto does not call is hidden"
            [
                TypeAttributes.Public, MethodAttributes.Public, typeof<Test>, 0, false
                TypeAttributes.Public, MethodAttributes.Public, typeof<Test>, 1, true
                TypeAttributes.Public, MethodAttributes.Public, typeof<Test list>, 0, true
                TypeAttributes.Public, MethodAttributes.Private, typeof<Test>, 0, true
                TypeAttributes.Public, MethodAttributes.Assembly, typeof<Test>, 0, true
                TypeAttributes.NotPublic, MethodAttributes.Public, typeof<Test>, 0, true
            ]
            (fun (visibility, flags, valueType, arguments, isHidden) ->
                let assembly = AssemblyBuilder.DefineDynamicAssembly(AssemblyName "Made", AssemblyBuilderAccess.Run)
                let owner = assembly.DefineDynamicModule("Made").DefineType("WindowTests", visibility)
                let arguments = Array.replicate arguments typeof<int>
                let code = owner.DefineMethod("tests", MethodAttributes.Static ||| flags, valueType, arguments)
                (code.GetILGenerator()).Emit OpCodes.Ldnull
                (code.GetILGenerator()).Emit OpCodes.Ret

                code.SetCustomAttribute(
                    CustomAttributeBuilder(nonNull (typeof<TestsAttribute>.GetConstructor [||]), [||])
                )

                owner.CreateType() |> ignore
                let expected = if isHidden then [ Fault.Hidden "WindowTests.tests" ] else []
                Expect.equal (Selection.forgotten (assembly.GetTypes())) expected "")

        testCase "tests that pass have no faults" (fun () -> Expect.isEmpty (Selection.faults Samples.passing) "")

        testCase "a focused test is a fault that lets the others run" (fun () ->
            let faults = Selection.faults Samples.focused
            Expect.equal faults [ Fault.Focused "FocusedTests/in focus" ] ""
            Expect.all faults _.LetsRun "")

        testCase "a focused list names each of its tests" (fun () ->
            let tests =
                testList "A" [
                    ftestList "B" [ testCase "c" ignore; testCase "d" ignore ]
                    testCase "e" ignore
                ]

            Expect.equal (Selection.faults tests) [ Fault.Focused "A/B/c"; Fault.Focused "A/B/d" ] "")

        testCase "a name used twice is one fault, and nothing runs" (fun () ->
            let faults = Selection.faults Samples.duplicates
            Expect.equal faults [ Fault.Duplicate("TwiceTests/same", 2) ] ""
            Expect.isEmpty (Samples.ran Settings.none Samples.duplicates) "")

        testCase "a name used in two lists is no fault" (fun () ->
            let twice =
                testList "all" [ testList "A" [ testCase "x" ignore ]; testList "B" [ testCase "x" ignore ] ]

            Expect.isEmpty (Selection.faults twice) "")

        testCase "each fault is told with its name" (fun () ->
            for fault, name in
                [
                    Fault.Focused "A/b", "A/b"
                    Fault.Duplicate("A/b", 3), "3 tests are called 'A/b'"
                    Fault.Forgotten "C.tests", "'C.tests' holds tests that never run"
                    Fault.Hidden "C.tests", "make it a public value of type Test"
                    Fault.Unmade "it broke", "it broke"
                ] do
                Expect.stringContains fault.Message name "")

        testCase "the tree of chosen tests keeps names, focus, rest and sequence" (fun () ->
            let tests =
                testList "A" [
                    testList "B" [ ptestCase "c" ignore; testCase "d/e" ignore ]
                    testSequenced (testList "F" [ testCase "g" ignore ])
                    testSequencedGroup "group" (testCase "h" ignore)
                ]

            let before = Test.toTestCodeList tests
            let after = Test.toTestCodeList (Selection.tree None before)

            let plain (tests: FlatTest list) = tests |> List.map (fun test -> test.name, test.state, test.sequenced)

            Expect.equal (plain after) (plain before) "")

        testCase "only chosen tests run" (fun () ->
            let settings = { Settings.none with Filter = Some(Contains(Own, "two")) }
            Expect.equal (Samples.ran settings Samples.passing) [ "PassingTests/two" ] "")

        testCase "where a test is focused, the others do not run" (fun () ->
            Expect.equal (Samples.ran Settings.none Samples.focused) [ "FocusedTests/in focus" ] "")

        testCase "tests run beside each other, and those in sequence after them" (fun () ->
            // Each of the two waits for the other: one after the other they would never end.
            use both = new Barrier 2
            let meets () = Expect.isTrue (both.SignalAndWait 20_000) "the other test is not running"
            let mutable inSequence = 0

            let alone _ =
                Expect.equal (Interlocked.Increment &inSequence) 1 "two at once"
                Thread.Sleep 5
                Interlocked.Decrement &inSequence |> ignore

            let tests =
                testList "A" [
                    testSequenced (testList "S" [ for i in 1..3 -> testCase $"{i}" alone ])
                    testCase "x" meets
                    testCase "y" meets
                ]

            let ended = Samples.ran Settings.none tests
            Expect.equal (List.sort (List.take 2 ended)) [ "A/x"; "A/y" ] ""
            Expect.equal (List.skip 2 ended) [ "A/S/1"; "A/S/2"; "A/S/3" ] "")

        testCase "in sequence, one test runs at a time, in the order in which they are written" (fun () ->
            let names = [ for i in 1..20 -> $"A/{i}" ]
            let tests = testList "A" [ for i in 1..20 -> testCase $"{i}" (fun () -> Thread.Sleep(i % 3)) ]
            Expect.equal (Samples.ran { Settings.none with Sequenced = true } tests) names "")
    ]
