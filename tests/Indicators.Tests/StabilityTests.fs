namespace BtcBandit.Indicators.Tests

open System
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators

[<TestFixture>]
type StabilityTests() =

    static let measured text (candles: Candle[]) =
        let row = Stability.Of((FeatureSet.Of text).Entries[0], ReadOnlySpan candles)
        let length (forgetting: Forgetting) = if row.Forgets then string forgetting else "never"
        $"{row.Id} | {row.Silent} | {length row.Roughly} | {length row.Exactly}"

    static member Rows =
        [
            "sma:14 | 13 | 14 | 14"
            "ema:14 | 13 | 49 | 145"
            "wma:14 | 13 | 14 | 14"
            "bb:20:2 | 19 | 20 | 20"
            "vwap:day | 0 | 1440 | 1440"
            "atr:14 | 14 | 150 | 337"
            "trix:18 | 52 | 173 | 307"
            "sar:0.02:0.2 | 1 | 244 | 251"
            "supertrend:10:3 | 10 | 97 | 206"
            "rsi:14 | 14 | 168 | 361"
            "macd:12:26:9 | 33 | 190 | 369"
            "stdev:20 | 19 | 20 | 20"
            "roc:10 | 10 | 11 | 11"
            "zscore:20 | 19 | 20 | 20"
            "vwap:cumulative | 0 | never | never"
            "vwap:96 | 95 | 96 | 96"
        ]

    /// As the table of `btcbandit indicators --stability` showed it before this was written in F#.
    [<TestCaseSource("Rows")>]
    member _.``the sample week gives the lengths it always gave``(row: string) =
        let id = row.Split(" | ")[0]
        Assert.That(measured id (Week.candles ()), Is.EqualTo row)

    static member Kinds = Catalogue.BuiltIn.Kinds

    /// What a recipe says of its memory is what is measured; a window that is taken for fading would be measured as one.
    [<TestCaseSource("Kinds")>]
    member _.``an indicator remembers as long as its recipe says``(kind: string) =
        let entry = (FeatureSet.Of kind).Entries[0]
        let measured = Stability.Of(entry, ReadOnlySpan(Week.candles ()))

        let why =
            $"{kind}: the recipe says {entry.Memory}, measured {measured.Exactly} after {entry.WarmUp} silent candles; see Remembers"

        if entry.Memory.Window.HasValue then
            Assert.That(measured.Exactly, Is.EqualTo(Forgetting.Settled entry.Memory.Window.Value), why)
        elif entry.Memory.Forgets then
            Assert.That(measured.Exactly.HasEnd && measured.Exactly.Candles > entry.WarmUp + 1, why)
        else
            Assert.That(measured.Exactly.HasEnd, Is.False, why)

    [<Test>]
    member _.``too few candles to speak are said to be too few``() =
        Assert.That(measured "sma:50" (Array.take 20 (Week.candles ())), Is.EqualTo "sma:50 | 49 | > 20 | > 20")

    [<Test>]
    member _.``one candle is refused``() =
        Assert.That(
            Action(fun () -> measured "sma" (Array.take 1 (Week.candles ())) |> ignore),
            Throws.TypeOf<ArgumentOutOfRangeException>()
        )

    [<Test>]
    member _.``places are in order, half of them after a midnight``() =
        let candles = Week.candles ()
        let places = Seq.toArray (Stability.PlacesIn(ReadOnlySpan candles))
        Assert.That(places, Is.Ordered.Ascending)
        Assert.That(Array.last places, Is.LessThan candles.Length)

        let afterMidnight =
            places
            |> Array.filter (fun place -> candles[place - 1].OpenTime % 86_400_000L = 0L)

        Assert.That(afterMidnight.Length, Is.GreaterThanOrEqualTo 3)

    [<Test>]
    member _.``the longer of two forgettings is the worse, and one without an end``() =
        let endless = { Candles = 5; HasEnd = false }
        Assert.That(Forgetting.Worse(Forgetting.Settled 9, Forgetting.Settled 3), Is.EqualTo(Forgetting.Settled 9))
        Assert.That(Forgetting.Worse(Forgetting.Settled 9, endless), Is.EqualTo endless)
        Assert.That(string endless, Is.EqualTo "> 5")
