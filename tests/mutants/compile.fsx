// Compiles many variants of one project in one process: the compiler is started once, which is most of its time.
//
//   dotnet fsi -r:FSharp.Compiler.Service.dll compile.fsx ARGUMENTS FOLDER...
//
// ARGUMENTS is the project's compiler command line, as MSBuild's FscCommandLineArgs in JSON. Each FOLDER has the sources that
// are other ones and gets the assembly.
open System
open System.IO
open System.Text.Json
open FSharp.Compiler.CodeAnalysis
open FSharp.Compiler.Diagnostics

let given = fsi.CommandLineArgs |> List.ofArray |> List.tail

let arguments =
    use json = JsonDocument.Parse(File.ReadAllText given.Head)

    [|
        for item in json.RootElement.GetProperty("Items").GetProperty("FscCommandLineArgs").EnumerateArray() ->
            item.GetProperty("Identity").GetString()
    |]

// The tests were compiled against the reference assembly of the code as it is; no mutant changes what it shows.
let isDropped (argument: string) =
    [ "--refout:"; "--doc:"; "--debug"; "--embed" ]
    |> List.exists argument.StartsWith

let changed folder (argument: string) =
    let other = Path.Combine(folder, Path.GetFileName argument)

    if argument.StartsWith "-o:" then
        "-o:" + Path.Combine(folder, Path.GetFileName argument)
    elif argument.EndsWith ".fs" && File.Exists other then
        other
    else
        argument

let checker = FSharpChecker.Create()

let compiles folder =
    let diagnostics, error =
        arguments
        |> Array.filter (isDropped >> not)
        |> Array.map (changed folder)
        |> Array.append [| "fsc.dll" |]
        |> checker.Compile
        |> Async.RunSynchronously

    let errors =
        diagnostics
        |> Array.filter (fun diagnostic -> diagnostic.Severity = FSharpDiagnosticSeverity.Error)

    for error in errors do
        eprintfn $"{error}"

    let isFine = errors.Length = 0 && error.IsNone

    if isFine then
        File.WriteAllText(Path.Combine(folder, "compiled"), "")

    isFine

// All are tried: whoever writes mutants wants to know of each that is wrong.
let wrong = given.Tail |> List.filter (compiles >> not)

for folder in wrong do
    let title = File.ReadAllText(Path.Combine(folder, "title")).Trim()
    eprintfn $"does not compile: {title}"

exit (if wrong.IsEmpty then 0 else 1)
