namespace BtcBandit.Indicators.Tests

open System
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators.Laws

/// Which laws a fault breaks: Laws.Check stops at the first. tests/mutants/run names what it broke; without, one that is
/// quickly tried stands for all.
module SingleLawTests =

    let private trials =
        match Environment.GetEnvironmentVariable "BTCBANDIT_MUTANT_OF" with
        | null -> [ struct (CatalogueSubjects.subject "roc", 20, 1UL) ]
        | "spread" -> [
            for period in [ 1; 20 ] -> struct (CatalogueSubjects.spread period, 500, 1UL)
          ]
        | kind -> [
            for struct (id, cases, seed) in LawTests.Trials kind -> struct (CatalogueSubjects.subject id, cases, seed)
          ]

    let private Numbers = [ 1..10 ]

    [<Tests>]
    let tests =
        testList "SingleLawTests" [
            cases "a law by itself holds" Numbers
            <| fun (number: int) ->
                let law = Laws.All[number - 1]

                for struct (subject, cases, seed) in trials do
                    // Other cases for each: what a fault remembers of one law's runs must not help it in another's.
                    let seed = seed + 1_000UL * uint64 number
                    let verdict = Laws.Try(law, subject, cases, seed)

                    // What is about another law is that law's to tell, if it does.
                    let isToldElsewhere () = not verdict.IsOwn && Laws.Try(verdict.Breaks, subject, cases, seed).IsOwn

                    if verdict.IsBroken && not (isToldElsewhere ()) then
                        failtest verdict.Message
        ]
