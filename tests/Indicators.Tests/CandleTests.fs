namespace BtcBandit.Indicators.Tests

open System
open NUnit.Framework
open BtcBandit.Indicators

[<TestFixture>]
type CandleTests() =

    let create (o, h, l, c, v) = Candle.TryCreate(0L, o, h, l, c, v)

    [<Test>]
    member _.``a candle keeps what it was made of``() =
        match Candle.TryCreate(60_000L, 2.0, 4.0, 1.0, 3.0, 5.0) with
        | Ok candle ->
            let kept =
                [
                    float candle.OpenTime
                    candle.Open
                    candle.High
                    candle.Low
                    candle.Close
                    candle.Volume
                ]

            Assert.That((kept = [ 60_000.0; 2.0; 4.0; 1.0; 3.0; 5.0 ]), $"{kept}")
        | Error error -> Assert.Fail error.Message

    [<TestCase(Double.NaN, 4.0, 1.0, 3.0, 5.0, "open NaN is not a finite number")>]
    [<TestCase(2.0, Double.PositiveInfinity, 1.0, 3.0, 5.0, "high Infinity is not a finite number")>]
    [<TestCase(2.0, 4.0, Double.NaN, 3.0, 5.0, "low NaN is not a finite number")>]
    [<TestCase(2.0, 4.0, 1.0, Double.NaN, 5.0, "close NaN is not a finite number")>]
    [<TestCase(2.0, 4.0, 1.0, 3.0, Double.NaN, "volume NaN is not a finite number")>]
    [<TestCase(-2.0, 4.0, 1.0, 3.0, 5.0, "open -2 is not above 0")>]
    [<TestCase(2.0, 4.0, 0.0, 3.0, 5.0, "low 0 is not above 0")>]
    [<TestCase(2.0, 4.0, 1.0, 3.0, -5.0, "volume -5 is below 0")>]
    [<TestCase(2.0, 1.0, 4.0, 3.0, 5.0, "high 1 is below low 4")>]
    [<TestCase(5.0, 4.0, 1.0, 3.0, 5.0, "open 5 is outside low 1 .. high 4")>]
    [<TestCase(2.0, 4.0, 1.0, 0.5, 5.0, "close 0.5 is outside low 1 .. high 4")>]
    member _.``a row that is none is told what is wrong``
        (o: float, h: float, l: float, c: float, v: float, message: string)
        =
        match create (o, h, l, c, v) with
        | Ok candle -> Assert.Fail $"{candle} was accepted"
        | Error error -> Assert.That(error.Message, Is.EqualTo message)

    [<TestCase(-1L)>]
    [<TestCase(253402300800000L)>]
    member _.``a time outside the calendar is refused``(openTime: int64) =
        match Candle.TryCreate(openTime, 2.0, 4.0, 1.0, 3.0, 5.0) with
        | Ok candle -> Assert.Fail $"{candle} was accepted"
        | Error error -> Assert.That(error.Field, Is.EqualTo "open_time")
