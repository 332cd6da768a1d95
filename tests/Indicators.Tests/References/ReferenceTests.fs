namespace BtcBandit.Indicators.Tests

open System
open System.IO
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp
open BtcBandit.Indicators.Tests.Golden
open BtcBandit.Indicators.Tests.References

[<TestFixture>]
type ReferenceTests() =

    /// Printed less exactly than their digits say: title and the size of the place that counts.
    static let coarser =
        Map
            [
                // One of its values has three decimals, the others have four.
                "TA-Lib extra: Var 3", 1e-3
                // Made from average true ranges that were rounded to four decimals before.
                "TA-Lib extra: Natr 4", 9e-4
                "Tulip extra: natr 4", 9e-4
                // The first value is printed with 15 decimals, those after it with 10 digits.
                "ta cs-atr: ATR", 1e-9
                "ta cs-atr2: ATR", 1e-9
            ]

    /// The same as ours once ours begins; theirs begins with a window that is not full, or with what they have no input for.
    static let beginBefore =
        set
            [
                "Tulip untest: tr"
                "Tulip atoz: tr"
                // The mean of four ranges happens to be the same with and without the first.
                "Tulip atoz: atr 4"
                "Tulip extra: natr 4"
                "ta cs-wma: WMA"
                "ta cs-vwap: vwap"
                "ta cs-atr: TR"
            ]

    /// Of another convention: title, index and how far apart they are from that index on at most.
    static let differing =
        [
            // Seeded with the first close.
            "Tulip untest: ema 5", 14, 0.0049
            "Tulip atoz: ema 5", 7, 0.0151
            "ta cs-macd: short_ema", 115, 1e-8
            "ta cs-macd: long_ema", 123, 7.8e-5
            "ta cs-macd: MACD_line", 123, 7.8e-5
            "ta cs-macd: MACD_signal", 123, 1.2e-4
            "ta cs-macd: MACD_diff", 123, 3.7e-5
            "Tulip untest: macd 2, 5, 9 [0]", 14, 0.0047
            "Tulip untest: macd 2, 5, 9 [1]", 14, 0.0057
            "Tulip untest: macd 2, 5, 9 [2]", 14, 0.0104
            // And with gains of its own, 0.15 and 0.075, for 12 and 26: never the same.
            "Tulip atoz: macd 12, 26, 9 [0]", 54, 0.0113
            "Tulip atoz: macd 12, 26, 9 [1]", 54, 0.0070
            "Tulip atoz: macd 12, 26, 9 [2]", 54, 0.0183
            "TA-Lib spy: MacdFix 9 [0]", 33, 0.1703
            "TA-Lib spy: MacdFix 9 [1]", 33, 0.1538
            "TA-Lib spy: MacdFix 9 [2]", 33, 0.0453
            // Another seed, and a division by the new value.
            "Tulip untest: trix 5", 14, 0.0831
            "Tulip atoz: trix 3", 9, 0.0025
            // The first candle has a range.
            "Tulip untest: atr 5", 14, 0.0067
            "Tulip untest: natr 5", 14, 0.0083
            "ta cs-atr: ATR", 29, 0.0084
            "ta cs-atr2: ATR", 29, 0.0054
            // The same as printed from the first reversal on.
            "Tulip atoz: psar 0.02, 0.2", 8, 5.0001e-9
            "ta cs-psar: psar", 8, 5.0001e-9
        ]

    /// The same average after another seed: what is left of a difference after one more candle.
    static let shrinking =
        [
            "Tulip untest: ema 5", 4.0 / 6.0
            "Tulip atoz: ema 5", 4.0 / 6.0
            "ta cs-macd: short_ema", 11.0 / 13.0
            "ta cs-macd: long_ema", 25.0 / 27.0
            "Tulip untest: atr 5", 4.0 / 5.0
            "ta cs-atr: ATR", 13.0 / 14.0
            "ta cs-atr2: ATR", 9.0 / 10.0
        ]

    static let all =
        lazy
            (talibAll () @ tulipAll () @ taAll ()
             |> List.map (fun (comparison: Comparison) ->
                 match Map.tryFind comparison.Title coarser with
                 | None -> comparison
                 | Some place ->
                     { comparison with Comparison.Theirs.Places = Array.create comparison.Ours.Length place }))

    static let titled title : Comparison =
        all.Value
        |> List.find (fun (comparison: Comparison) -> comparison.Title = title)

    static let differingTitles = differing |> List.map (fun (title, _, _) -> title) |> set

    static let show (comparison: Comparison) =
        let differences =
            comparison.Differences
            |> Array.map (fun (i, difference) -> $"{i}: {difference}")

        $"""{comparison.Title}: {String.concat "; " differences}"""

    static let ofOurConvention =
        lazy
            (all.Value
             |> List.filter (fun comparison -> not (differingTitles.Contains comparison.Title)))

    /// A test each: what fails says which libraries noticed.
    static member Same = ofOurConvention.Value |> List.map _.Title

    static member Differing =
        differing
        |> List.map (fun (title, index, atMost) -> [| box title; box index; box atMost |])

    static member Shrinking = shrinking |> List.map (fun (title, share) -> [| box title; box share |])

    static member Jesse =
        jesse ()
        |> List.map _.Indicator
        |> List.filter (fun indicator -> indicator <> "trix")

    [<TestCaseSource("Same")>]
    member _.``what has our convention is the same at every index, as far as it is printed``(title: string) =
        let comparison = titled title

        if beginBefore.Contains title then
            Assert.That(comparison.IsSameWhereBothSpeak && not comparison.IsSame, show comparison)
        else
            Assert.That(comparison.IsSame, show comparison)

    [<TestCase("TA-Lib", 60)>]
    [<TestCase("Tulip", 30)>]
    [<TestCase("ta", 10)>]
    [<TestCase("Jesse", 11)>]
    member _.``there is enough to compare with``(library: string, atLeast: int) =
        let titles =
            if library = "Jesse" then
                ReferenceTests.Jesse
            else
                ReferenceTests.Same |> List.filter _.StartsWith($"{library} ")

        Assert.That(titles.Length, Is.GreaterThanOrEqualTo atLeast)
        Assert.That(titles, Is.Unique)

    [<TestCaseSource("Differing")>]
    member _.``what has another convention differs no more than is stated``(title: string, index: int, atMost: float) =
        let comparison = titled title
        Assert.That(comparison.LargestFrom index, Is.LessThanOrEqualTo atMost)
        Assert.That(not comparison.IsSameWhereBothSpeak, "they are the same")

    [<TestCaseSource("Shrinking")>]
    member _.``another seed is forgotten by the average's own gain at every candle``(title: string, share: float) =
        let comparison = titled title
        let pairs = Array.pairwise comparison.Differences
        isNotEmpty pairs

        for (i, before), (j, now) in pairs do
            let rounding = comparison.Rounding i + comparison.Rounding j
            Assert.That(now, Is.EqualTo(share * before).Within rounding, $"at {j}")

    [<Test>]
    member _.``the documentation states every measured difference``() =
        let row (title, _, _) =
            let comparison = titled title
            let first, last = fst comparison.Differences[0], fst (Array.last comparison.Differences)

            let agrees =
                if title.Contains "trix" || title.Contains "natr" then
                    "is a percentage"
                else
                    match comparison.AgreesFrom 1e-4 with
                    | Some index -> $"from {index}"
                    | None -> "not in this file"

            let rounded (value: float) = value.ToString "G2"

            $"| {title} | {first} to {last} | {rounded (comparison.LargestFrom 0)} | {rounded (comparison.LargestFrom last)} | {agrees} |"

        let rows = differing |> List.map row
        let page = File.ReadAllText(Repository.path "docs/indicators.md")

        for row in rows do
            Assert.That(page.Contains row, $"""docs/indicators.md should say: {String.concat "\n" rows}""")

    [<TestCaseSource("Jesse")>]
    member _.``Jesse's last values are ours, to their decimals``(indicator: string) =
        let last (text: string) candles =
            columns text candles
            |> List.map (fun column -> ValueOption.get (Array.last column))

        let ours expected =
            let candles =
                match expected.Candles with
                | Some name -> jesseCandles name
                | None -> flat expected.Closes

            let one text = [ "", (last text candles)[0] ]
            let lastOf indicator inputs = [ "", ValueOption.get (Array.last (Indicator.run indicator inputs)) ]

            match expected.Indicator with
            | "atr" -> one "atr:14"
            | "bollinger_bands" -> List.zip [ "middle"; "upper"; "lower" ] (List.take 3 (last "bb:20:2" candles))
            | "ema" -> one "ema:8"
            | "sma" -> one "sma:10"
            | "wma" -> one "wma:9"
            | "sar" -> one "sar"
            | "supertrend" -> one "supertrend:10:3"
            | "vwap" -> one "vwap:day"
            | "vwma" ->
                let close, volume = candles |> Array.map _.Close, candles |> Array.map _.Volume
                [ "", (last "vwap:20" (Golden.candles close close close volume))[0] ]
            | "trange" -> lastOf Volatility.trueRange candles
            | "wilders" -> lastOf (Averages.wilder 5) (candles |> Array.map _.Close)
            | other -> failwith $"Jesse: {other}"

        let expected = jesse () |> List.find (fun expected -> expected.Indicator = indicator)

        let ours = ours expected
        equal (Set(Map.keys expected.Last)) (Set(List.map fst ours))

        for name, value in ours do
            Assert.That(value, Is.EqualTo(expected.Last[name]).Within(0.5 * expected.Place), name)

    [<Test>]
    member _.``Jesse's TRIX is ten thousand differences of logarithms, ours a hundred ratios``() =
        let expected = jesse () |> List.find (fun expected -> expected.Indicator = "trix")
        let candles = jesseCandles (Option.get expected.Candles)
        let ours = (columns "trix:18" candles)[0] |> Array.last |> ValueOption.get
        let logarithms = candles |> Array.map (fun candle -> Math.Log candle.Close)

        let average =
            Averages.ema 18
            |> Indicator.andThen (Averages.ema 18)
            |> Indicator.andThen (Averages.ema 18)

        let thrice = Indicator.run average logarithms |> Array.map (ValueOption.defaultValue nan)
        let theirs = 10_000.0 * (thrice[thrice.Length - 1] - thrice[thrice.Length - 2])
        Assert.That(theirs, Is.EqualTo(expected.Last[""]).Within(0.5 * expected.Place))
        Assert.That(100.0 * ours, Is.EqualTo(expected.Last[""]).Within 0.6)

    [<Test>]
    member _.``SuperTrend turns where Jesse's does``() =
        let columns = columns "supertrend:10:3" (jesseCandles "test_candles_19")
        let direction = columns[1] |> Array.map (ValueOption.defaultValue 0.0)

        let turns =
            [
                for i in 11 .. direction.Length - 1 do
                    if direction[i] <> direction[i - 1] then
                        i - direction.Length
            ]

        // Jesse asserts the last of them, and that the last candle is none.
        let lastFour = turns |> List.skip (turns.Length - 4) |> Array.ofList
        Assert.That(lastFour, Is.EqualTo<int seq> [| -136; -113; -63; -16 |])
        Assert.That(ValueOption.get (Array.last columns[0]), Is.EqualTo(228.4528).Within 5e-5)

    /// What Jesse asserts is the same with either of these, so they are worked by hand.
    [<Test>]
    member _.``a wick does not turn SuperTrend; a close upon the band ends an upward trend but no downward one``() =
        let high = [| 11.0; 12.0; 11.0; 10.5; 11.25; 12.0 |]
        let low = [| 9.0; 10.0; 8.0; 9.0; 10.0; 11.0 |]
        let close = [| 10.0; 11.5; 10.5; 9.0; 11.25; 11.5 |]

        let worked =
            columns "supertrend:1:1" (candles high low close close)
            |> List.map (Array.map (ValueOption.defaultValue nan))

        Assert.That(worked[0][1..], Is.EqualTo<float seq> [| 9.0; 9.0; 11.25; 11.25; 10.5 |])
        Assert.That(worked[1][1..], Is.EqualTo<float seq> [| 1.0; 1.0; -1.0; -1.0; 1.0 |])
