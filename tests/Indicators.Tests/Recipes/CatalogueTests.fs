namespace BtcBandit.Indicators.Tests

open System
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

/// The grammar of lists of indicators; what the indicators compute is in LawTests.
module CatalogueTests =

    let private Entry text =
        match Catalogue.parse text with
        | Ok entries -> entries[0]
        | Error message -> failwith message

    [<Tests>]
    let tests =
        testList "CatalogueTests" [
            cases "lists are read, defaults filled in, columns named" [
                "sma", "sma:14", "sma"
                "sma:14", "sma:14", "sma"
                "sma:20", "sma:20", "sma_20"
                "sma:14,sma:20", "sma:14,sma:20", "sma_14,sma_20"
                "atr, ema:5 ,sma", "atr:14,ema:5,sma:14", "atr,ema_5,sma"
            ]
            <| fun (text: string, ids: string, columns: string) ->
                match Catalogue.parse text with
                | Error message -> failtest message
                | Ok entries ->
                    equal ids (entries |> Array.map _.Id |> String.concat ",")
                    equal columns (entries |> Array.collect _.Columns |> String.concat ",")

            cases "a state of something else is refused by both names" [
                "sma:10", "sma:20"
                "sma:14", "ema:14"
                "bb:20:2", "bb:20:2.5"
                "vwap:day", "vwap:cumulative"
                "vwap:day", "vwap:60"
            ]
            <| fun (id: string, other: string) ->
                let saved = (Entry other).Start().Save()
                let restore () = (Entry id).Restore saved |> ignore

                equal $"The saved state is of {other}, not of {id}." (thrown<JsonException> restore).Message

            cases "a state that does not say what it is of is refused" [
                "{}"
                "[1]"
                """{"id":"sma:14"}"""
                """{"Slide":{"back":[],"front":[]},"Back":{"Total":0,"Error":0}}"""
            ]
            <| fun (json: string) ->
                let saved = JsonDocument.Parse(json).RootElement
                let restore () = (Entry "sma:14").Restore saved |> ignore
                contains "sma:14" (thrown<JsonException> restore).Message

            testCase "C# sees methods and a list"
            <| fun () ->
                let entry = typeof<CatalogueEntry>
                notNull' (entry.GetMethod("Start"))
                notNull' (entry.GetMethod("Restore"))
                isA<System.Collections.Generic.IReadOnlyList<string>>(box Catalogue.BuiltIn.Kinds)

                let compiled (``type``: string) =
                    match typeof<Candle>.Assembly.GetType $"BtcBandit.Indicators.{``type``}" with
                    | null -> failwith ``type``
                    | found -> found.GetMethods() |> Array.map _.Name

                has "Online" (compiled "Standardise")

            cases "a wrong list is told what is accepted" [
                "ema:0", "ema:0: period must be 1..10000"
                "ema:10001", "ema:10001: period must be 1..10000"
                "ema:-3", "ema:-3: period must be 1..10000"
                "ema:x", "ema:x: period must be 1..10000"
                "ema:3:4", "ema:3:4: ema takes no more than one parameter"
                "foo:3", "foo:3: no indicator is called 'foo'; known are *"
                "sma,sma:14", "sma:14: asked for twice"
                "", "'': an indicator's name is missing; known are *"
                "sma,,ema", "'sma,,ema': an indicator's name is missing; known are *"
            ]
            <| fun (text: string, message: string) ->
                match Catalogue.parse text with
                | Ok entries -> failtest $"%A{entries |> Array.map _.Id} was accepted"
                | Error error ->
                    let known = String.concat ", " Catalogue.BuiltIn.Kinds
                    equal (message.Replace("*", known)) error
        ]
