namespace BtcBandit.Engine.Tests.Storage

open System
open System.IO
open System.Security.Cryptography
open System.Text
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Engine.Market
open BtcBandit.Engine.Storage

/// The identity of the code, against the files in the repository.
module CodeIdentityTests =

    let private indicators = typeof<Candle>.Assembly

    let private engine = typeof<Timeframe>.Assembly

    let private sha256 (bytes: byte array) = Convert.ToHexStringLower(SHA256.HashData bytes)

    let private sha256OfText (text: string) = sha256 (Encoding.ASCII.GetBytes text)

    /// The sources of a project: path with forward slashes, and content.
    let private sources (project: string) (pattern: string) = [
        let root = Repository.path project

        for file in Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories) do
            let path = Path.GetRelativePath(root, file).Replace('\\', '/')

            if
                not (
                    path.StartsWith("bin/", StringComparison.Ordinal)
                    || path.StartsWith("obj/", StringComparison.Ordinal)
                )
            then
                path, File.ReadAllBytes file
    ]

    let private hashOf sources =
        let lines = [| for path: string, content in sources -> $"{sha256 content} {path};" |]
        Array.sortInPlaceWith (fun a b -> String.CompareOrdinal(a, b)) lines
        sha256OfText (String.Concat lines)

    [<Tests>]
    let tests =
        testList "CodeIdentityTests" [
            testCase "each assembly carries the hash of its sources"
            <| fun () ->
                let both = [
                    indicators, sources "src/Indicators.fs" "*.fs"
                    engine, sources "src/Engine.CSharp" "*.cs"
                ]

                for assembly, files in both do
                    because "or they are not the sources" (fun () -> holds (files.Length > 30))
                    let hash = CodeIdentity.SourceHash assembly
                    matches "^[0-9a-f]{64}$" hash
                    equal (hashOf files) hash

            testCase "the identity is made of both hashes"
            <| fun () ->
                matches "^[0-9a-f]{64}$" CodeIdentity.Hash

                equal
                    (sha256OfText (CodeIdentity.SourceHash indicators + CodeIdentity.SourceHash engine))
                    CodeIdentity.Hash

            testCase "an assembly without a hash is named"
            <| fun () ->
                let error =
                    thrown<InvalidOperationException>(fun () -> CodeIdentity.SourceHash typeof<obj>.Assembly |> ignore)

                contains "System.Private.CoreLib was built without the hash of its sources" error.Message
        ]
