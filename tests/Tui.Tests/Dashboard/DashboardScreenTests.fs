namespace BtcBandit.Tui.Tests.Dashboard

open System
open System.Collections.Generic
open System.Reactive.Concurrency
open System.Reactive.Linq
open System.Text.RegularExpressions
open NUnit.Framework
open FsCheck
open FsCheck.FSharp
open FsCheck.NUnit
open Spectre.Console
open BtcBandit.Engine.Agents
open BtcBandit.Engine.Domain
open BtcBandit.Engine.Feeds
open BtcBandit.Engine.Pipeline
open BtcBandit.Indicators
open BtcBandit.Tui.Dashboard
open BtcBandit.Tui.Tests.Programs

[<TestFixture>]
type DashboardScreenTests() =

    static let models =
        lazy
            let market = SyntheticOptions()
            let context = Context.Of Catalogue.Default
            let parameters = RunParameters(History = 200, FeeBps = 1.0)
            let header = RunHeader.For(market.Source(TradingPair("BTC", "USDT")), context, parameters)
            let memory = DashboardMemory()
            let models = List<DashboardModel>()

            use _ =
                Synthetic
                    .Candles(market)
                    .ToObservable(CurrentThreadScheduler.Instance)
                    .Observe(context)
                    .Trade(header)
                    .Take(400)
                    .Subscribe(fun step ->
                        memory.OnNext step
                        models.Add(nonNull memory.Now))

            models

    let draw columns rows (model: DashboardModel) =
        DashboardScreen.Draw(model, columns, rows, ColorSystemSupport.NoColors)

    let plain (line: string) = Regex.Replace(line, "\x1b\\[[0-9;?]*[a-zA-Z]", "")

    [<TestCase(80, 24)>]
    [<TestCase(120, 40)>]
    [<TestCase(200, 50)>]
    member _.``every size names the pair, the equity and the three actions, and ends with the footer``
        (columns: int, rows: int)
        =
        let lines = draw columns rows (Seq.last models.Value) |> Array.map plain
        let text = String.Join('\n', lines)

        for word in [ "BTC/USDT"; "PRICE"; "EQUITY"; "BUY"; "HOLD"; "SELL"; "step 400"; "Trades" ] do
            contains word text

        equal rows lines.Length
        contains "Ctrl-C saves and quits" (Array.last lines)

    [<Test>]
    member _.``any step at any size gives no more rows and no wider lines than the screen has``() =
        let property (columns: int) (rows: int) (index: int) =
            let lines = draw columns rows models.Value[index] |> Array.map plain

            lines.Length <= rows
            && lines |> Array.forall (fun line -> line.Length <= columns)

        Prop.forAll
            (Arb.fromGen (Gen.zip3 (Gen.choose (1, 300)) (Gen.choose (1, 80)) (Gen.choose (0, 399))))
            (fun (columns, rows, index) -> property columns rows index)
        |> Check.QuickThrowOnFailure

    [<Test>]
    member _.``the trades on screen are the run's last ones, newest first``() =
        let model = Seq.last models.Value

        let fills =
            model.Fills
            |> Seq.rev
            |> Seq.truncate 5
            |> Seq.map (fun fill -> $"{fill.Price:N2}")
            |> List.ofSeq

        Assert.That(fills.Length, Is.GreaterThanOrEqualTo 3)
        let lines = draw 80 24 model |> Array.map plain

        let shown =
            lines
            |> Array.filter (fun line -> Regex.IsMatch(line, @"\d\d:\d\d +(BUY|SELL) "))
            |> Array.map (fun line -> fills |> List.find (fun price -> line.Contains price))

        equal fills (List.ofArray shown)

    [<Test>]
    member _.``what is not known yet is a dash, not a number``() =
        let text = String.Join('\n', draw 80 24 models.Value[0] |> Array.map plain)
        contains "BUY+HOLD  -" text
        contains "REWARD last -, sum" text

    [<Test>]
    member _.``colours are left out where there are none``() =
        let lines = draw 80 24 (Seq.last models.Value)
        Assert.That(lines, Is.All.Not.Match "\x1b\\[[0-9;]*3[0-9]")
