// Compiles many variants of one C# project in one process: the compiler is started once, references and sources are read
// once, and the generators do again only what depends on a source that is another one.
//
//   dotnet fsi -r:Microsoft.CodeAnalysis.dll -r:Microsoft.CodeAnalysis.CSharp.dll compile.fsx ARGUMENTS FOLDER...
//
// It works in the project's folder. ARGUMENTS is the project's compiler command line, as MSBuild's CscCommandLineArgs in JSON.
// Each FOLDER has below "sources" those that are other ones, where they stand in the project, and gets the assembly and its
// symbols: without such sources the same bytes as of a build. Analyzers are not run, and warnings are no errors.
open System
open System.Collections.Immutable
open System.Diagnostics.CodeAnalysis
open System.IO
open System.Reflection
open System.Text.Json
open System.Threading.Tasks
open Microsoft.CodeAnalysis
open Microsoft.CodeAnalysis.CSharp
open Microsoft.CodeAnalysis.Diagnostics
open Microsoft.CodeAnalysis.Emit
open Microsoft.CodeAnalysis.Text

let given = fsi.CommandLineArgs |> List.ofArray |> List.tail
let project = Directory.GetCurrentDirectory()

let errorsOf (diagnostics: Diagnostic seq) =
    diagnostics
    |> Seq.filter (fun diagnostic -> diagnostic.Severity = DiagnosticSeverity.Error)
    |> Seq.map string
    |> List.ofSeq

/// Nothing can be compiled.
let refuse (errors: string list) =
    if not errors.IsEmpty then
        errors |> List.iter (eprintfn "%s")
        exit 1

let arguments =
    use json = JsonDocument.Parse(File.ReadAllText given.Head)

    let items =
        [
            for item in json.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray() ->
                item.GetProperty("Identity").GetString()
        ]

    CSharpCommandLineParser.Default.Parse(items, project, null, null)

refuse (errorsOf arguments.Errors)

let read (path: string) =
    use file = File.OpenRead path
    SourceText.From(file, arguments.Encoding, arguments.ChecksumAlgorithm, canBeEmbedded = true)

let parse path (text: SourceText) =
    CSharpSyntaxTree.ParseText(text, arguments.ParseOptions, path)

/// What .editorconfig and the build tell the generators.
let configuration =
    let files =
        [
            for path in arguments.AnalyzerConfigPaths -> AnalyzerConfig.Parse(File.ReadAllText path, path)
        ]

    let set = AnalyzerConfigSet.Create files

    let options (values: ImmutableDictionary<string, string>) =
        { new AnalyzerConfigOptions() with
            override _.TryGetValue(key, [<NotNullWhen true>] value: byref<string>) = values.TryGetValue(key, &value)
        }

    let optionsOf (path: string) =
        options (set.GetOptionsForSourcePath path).AnalyzerOptions

    { new AnalyzerConfigOptionsProvider() with
        override _.GlobalOptions = options set.GlobalConfigOptions.AnalyzerOptions
        override _.GetOptions(tree: SyntaxTree) = optionsOf tree.FilePath
        override _.GetOptions(text: AdditionalText) = optionsOf text.Path
    }

let generators =
    let loader =
        { new IAnalyzerAssemblyLoader with
            member _.AddDependencyLocation _ = ()
            member _.LoadFromPath path = Assembly.LoadFrom path
        }

    [
        for reference in arguments.ResolveAnalyzerReferences loader do
            yield! reference.GetGenerators LanguageNames.CSharp
    ]

let unchanged =
    let references =
        [
            for reference in arguments.MetadataReferences ->
                MetadataReference.CreateFromFile(reference.Reference, reference.Properties) :> MetadataReference
        ]

    let paths =
        SourceFileResolver(ImmutableArray<string>.Empty, arguments.BaseDirectory, arguments.PathMap)

    CSharpCompilation.Create(
        arguments.CompilationName,
        [ for source in arguments.SourceFiles -> parse source.Path (read source.Path) ],
        references,
        arguments.CompilationOptions
            .WithGeneralDiagnosticOption(ReportDiagnostic.Default)
            .WithSpecificDiagnosticOptions(ImmutableDictionary.Empty)
            .WithSourceReferenceResolver(paths)
            // Each variant has a core of its own instead.
            .WithConcurrentBuild(false)
    )

let trees = dict [ for tree in unchanged.SyntaxTrees -> tree.FilePath, tree ]

/// The generators after they have seen the sources as they are: what they keep of it makes the next times short.
let driver =
    CSharpGeneratorDriver
        .Create(
            generators,
            optionsProvider = configuration,
            parseOptions = arguments.ParseOptions,
            driverOptions =
                GeneratorDriverOptions(
                    IncrementalGeneratorOutputKind.Host,
                    trackIncrementalGeneratorSteps = false,
                    baseDirectory = arguments.OutputDirectory
                )
        )
        .RunGenerators(unchanged)

let embedded =
    [
        for file in arguments.EmbeddedFiles -> EmbeddedText.FromSource(file.Path, read file.Path)
    ]

/// Compiles a variant; says what is wrong with it.
let compile folder =
    let sources = Path.Combine(folder, "sources")

    let changed =
        if Directory.Exists sources then
            Directory.GetFiles(sources, "*", SearchOption.AllDirectories)
        else
            [||]

    let replace (compilation: CSharpCompilation) (file: string) =
        let path = Path.Combine(project, Path.GetRelativePath(sources, file))
        compilation.ReplaceSyntaxTree(trees[path], parse path (read file))

    let ran, compilation, diagnostics =
        driver.RunGeneratorsAndUpdateCompilation(Array.fold replace unchanged changed)

    let generated =
        [
            for result in ran.GetRunResult().Results do
                for source in result.GeneratedSources ->
                    // Generators hash with an algorithm of their own.
                    let text =
                        SourceText.From(
                            string source.SourceText,
                            source.SourceText.Encoding,
                            arguments.ChecksumAlgorithm
                        )

                    EmbeddedText.FromSource(source.SyntaxTree.FilePath, text)
        ]

    let name = arguments.OutputFileName
    let symbols = Path.ChangeExtension(name, ".pdb")

    let options =
        arguments.EmitOptions
            .WithOutputNameOverride(name)
            .WithPdbFilePath(Path.Combine(arguments.OutputDirectory, symbols))

    use assemblyStream = File.Create(Path.Combine(folder, name))
    use symbolStream = File.Create(Path.Combine(folder, symbols))

    use version =
        compilation.CreateDefaultWin32Resources(true, arguments.NoWin32Manifest, null, null)

    let result =
        compilation.Emit(
            assemblyStream,
            symbolStream,
            win32Resources = version,
            options = options,
            manifestResources = arguments.ManifestResources,
            embeddedTexts = embedded @ generated
        )

    let errors = errorsOf diagnostics @ errorsOf result.Diagnostics

    if errors.IsEmpty then
        File.WriteAllText(Path.Combine(folder, "compiled"), "")

    errors

// All are tried: whoever writes mutants wants to know of each that is wrong.
let folders = Array.ofList given.Tail
let wrong = Array.create folders.Length []

Parallel.For(
    0,
    folders.Length,
    ParallelOptions(MaxDegreeOfParallelism = Environment.ProcessorCount),
    fun place -> wrong[place] <- compile folders[place]
)
|> ignore

for folder, errors in Array.zip folders wrong do
    if not errors.IsEmpty then
        let title = File.ReadAllText(Path.Combine(folder, "title")).Trim()
        eprintfn $"does not compile: {title}"
        errors |> List.iter (eprintfn "    %s")

exit (if wrong |> Array.forall _.IsEmpty then 0 else 1)
