namespace BtcBandit.Sweep.Tests.Runs

open System
open System.IO
open System.Reflection
open System.Security.Cryptography
open System.Text
open Expecto
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Market
open BtcBandit.Indicators
open BtcBandit.Sweep.Runs

/// The identity of the code that makes runs, against the files in the repository.
module RunCodeTests =

    let private sha256 (bytes: byte array) = Convert.ToHexStringLower(SHA256.HashData bytes)
    let private sha256OfText (text: string) = sha256 (Encoding.ASCII.GetBytes text)

    let private sourceHash (assembly: Assembly) =
        assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        |> Seq.filter (fun one -> one.Key = "SourceHash")
        |> Seq.map (fun one -> string one.Value)
        |> Seq.exactlyOne

    let private hashOf (folders: string list) =
        let lines = [|
            for folder in folders do
                for file in Directory.GetFiles(Repository.path $"src/Sweep/{folder}", "*.cs") ->
                    $"{sha256 (File.ReadAllBytes file)} {folder}/{Path.GetFileName file};"
        |]

        holds (lines.Length > 10)
        Array.sortInPlaceWith (fun a b -> String.CompareOrdinal(a, b)) lines
        sha256OfText (String.Concat lines)

    [<Tests>]
    let tests =
        testList "RunCodeTests" [
            testCase "it covers what reads markets and makes runs, and nothing that only keeps or reports them"
            <| fun () -> equal (hashOf [ "Markets"; "Runs" ]) (sourceHash typeof<RunRow>.Assembly)

            testCase "it is made of the hashes of indicators, engine and that"
            <| fun () ->
                let engine = sha256OfText (sourceHash typeof<Candle>.Assembly + sourceHash typeof<Timeframe>.Assembly)
                equal (sha256OfText (engine + sourceHash typeof<RunRow>.Assembly)) RunCode.Hash

            testCase "a lack of memory and a stop are no results of a run"
            <| fun () ->
                fails (UnitLane.IsOfTheRun(OutOfMemoryException()))
                fails (UnitLane.IsOfTheRun(OperationCanceledException()))
                holds (UnitLane.IsOfTheRun(InvalidOperationException()))
        ]
