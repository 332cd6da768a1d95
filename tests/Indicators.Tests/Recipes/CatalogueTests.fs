namespace BtcBandit.Indicators.Tests

open System
open System.Text.Json
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

/// The grammar of lists of indicators; what the indicators compute is in LawTests.
[<TestFixture>]
type CatalogueTests() =

    static member private Entry text =
        match Catalogue.parse text with
        | Ok entries -> entries[0]
        | Error message -> failwith message

    [<TestCase("sma", "sma:14", "sma")>]
    [<TestCase("sma:14", "sma:14", "sma")>]
    [<TestCase("sma:20", "sma:20", "sma_20")>]
    [<TestCase("sma:14,sma:20", "sma:14,sma:20", "sma_14,sma_20")>]
    [<TestCase("atr, ema:5 ,sma", "atr:14,ema:5,sma:14", "atr,ema_5,sma")>]
    member _.``lists are read, defaults filled in, columns named``(text: string, ids: string, columns: string) =
        match Catalogue.parse text with
        | Error message -> Assert.Fail message
        | Ok entries ->
            Assert.That(entries |> Array.map _.Id |> String.concat ",", Is.EqualTo ids)
            Assert.That(entries |> Array.collect _.Columns |> String.concat ",", Is.EqualTo columns)

    [<TestCase("sma:10", "sma:20")>]
    [<TestCase("sma:14", "ema:14")>]
    [<TestCase("bb:20:2", "bb:20:2.5")>]
    [<TestCase("vwap:day", "vwap:cumulative")>]
    [<TestCase("vwap:day", "vwap:60")>]
    member _.``a state of something else is refused by both names``(id: string, other: string) =
        let saved = (CatalogueTests.Entry other).Start().Save()
        let restore = Action(fun () -> (CatalogueTests.Entry id).Restore saved |> ignore)

        Assert.That(
            restore,
            Throws.TypeOf<JsonException>().With.Message.EqualTo $"The saved state is of {other}, not of {id}."
        )

    [<TestCase("{}")>]
    [<TestCase("[1]")>]
    [<TestCase("""{"id":"sma:14"}""")>]
    [<TestCase("""{"Slide":{"back":[],"front":[]},"Back":{"Total":0,"Error":0}}""")>]
    member _.``a state that does not say what it is of is refused``(json: string) =
        let saved = JsonDocument.Parse(json).RootElement
        let restore = Action(fun () -> (CatalogueTests.Entry "sma:14").Restore saved |> ignore)
        Assert.That(restore, Throws.TypeOf<JsonException>().With.Message.Contains "sma:14")

    [<Test>]
    member _.``C# sees methods and a list``() =
        let entry = typeof<CatalogueEntry>
        Assert.That(entry.GetMethod("Start"), Is.Not.Null)
        Assert.That(entry.GetMethod("Restore"), Is.Not.Null)
        Assert.That(box Catalogue.BuiltIn.Kinds, Is.InstanceOf<System.Collections.Generic.IReadOnlyList<string>>())

        let compiled (``type``: string) =
            match typeof<Candle>.Assembly.GetType $"BtcBandit.Indicators.{``type``}" with
            | null -> failwith ``type``
            | found -> found.GetMethods() |> Array.map _.Name

        Assert.That(compiled "Standardise", Does.Contain "Online")

    [<TestCase("ema:0", "ema:0: period must be 1..10000")>]
    [<TestCase("ema:10001", "ema:10001: period must be 1..10000")>]
    [<TestCase("ema:-3", "ema:-3: period must be 1..10000")>]
    [<TestCase("ema:x", "ema:x: period must be 1..10000")>]
    [<TestCase("ema:3:4", "ema:3:4: ema takes no more than one parameter")>]
    [<TestCase("foo:3", "foo:3: no indicator is called 'foo'; known are *")>]
    [<TestCase("sma,sma:14", "sma:14: asked for twice")>]
    [<TestCase("", "'': an indicator's name is missing; known are *")>]
    [<TestCase("sma,,ema", "'sma,,ema': an indicator's name is missing; known are *")>]
    member _.``a wrong list is told what is accepted``(text: string, message: string) =
        match Catalogue.parse text with
        | Ok entries -> Assert.Fail $"%A{entries |> Array.map _.Id} was accepted"
        | Error error ->
            let known = String.concat ", " Catalogue.BuiltIn.Kinds
            Assert.That(error, Is.EqualTo(message.Replace("*", known)))
