/// The public face of a package as lines of text, and its approved list in tests/Golden/public-api.
module BtcBandit.Indicators.Tests.PublicApi

open System
open System.IO
open System.Reflection
open Expecto
open BtcBandit.Tests.Shared
open PublicApiGenerator

// The generator cannot write the arguments of these attributes of F#.
let private options =
    ApiGeneratorOptions(
        IncludeAssemblyAttributes = false,
        ExcludeAttributes = [|
            "Microsoft.FSharp.Core.CompilationMappingAttribute"
            "Microsoft.FSharp.Core.CompilationArgumentCountsAttribute"
        |]
    )

// What the compilers add says nothing about the face: their attributes, and F#'s fields behind properties.
let private isNoise (line: string) =
    let text = line.Trim()

    text = ""
    || text.EndsWith("@;", StringComparison.Ordinal)
    || text.StartsWith('[')
       && not (text.StartsWith("[System.Diagnostics.CodeAnalysis.Requires", StringComparison.Ordinal))

let private lines (assembly: Assembly) =
    assembly.GeneratePublicApi(options).ReplaceLineEndings("\n").Split('\n')
    |> Array.filter (isNoise >> not)

/// Compares the face of an assembly with its approved list; a change of it is a line in a diff. With
/// BTCBANDIT_WRITE_GOLDEN=1 it writes the list and compares nothing.
let check (root: string) (assembly: Assembly) =
    let file = Path.Combine(root, "tests", "Golden", "public-api", $"{assembly.GetName().Name}.txt")

    let lines = lines assembly

    if Environment.GetEnvironmentVariable "BTCBANDIT_WRITE_GOLDEN" = "1" then
        Directory.CreateDirectory(string (Path.GetDirectoryName file)) |> ignore
        File.WriteAllLines(file, lines)
        skiptest $"written: {file}"

    let approved = File.ReadAllLines file
    let gone, added = Array.except lines approved, Array.except approved lines
    Expect.isEmpty gone "no longer public"
    Expect.isEmpty added "public now, and not approved"
    equal approved.Length lines.Length
