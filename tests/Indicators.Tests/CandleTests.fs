namespace BtcBandit.Indicators.Tests

open System
open System.IO
open System.Text
open System.Text.Json
open NUnit.Framework
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

[<TestFixture>]
type CandleTests() =

    let read (json: string) (kind: Type) = JsonSerializer.Deserialize(json, kind)

    let create (o, h, l, c, v) = Candle.tryCreate (0L, o, h, l, c, v)

    [<Test>]
    member _.``a candle keeps what it was made of``() =
        match Candle.tryCreate (60_000L, 2.0, 4.0, 1.0, 3.0, 5.0) with
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
        match Candle.tryCreate (openTime, 2.0, 4.0, 1.0, 3.0, 5.0) with
        | Ok candle -> Assert.Fail $"{candle} was accepted"
        | Error error -> Assert.That(error.Field, Is.EqualTo "open_time")

    [<Test>]
    member _.``a candle comes back from JSON to the last bit``() =
        // 2^-25 is one of the numbers that .NET writes with a digit too few.
        for price in [ 1.0; 0.1 + 0.2; Math.ScaleB(1.0, -25); 1e300; Double.Epsilon ] do
            match Candle.tryCreate (60_000L, price, price * 1.5, price, price, 0.1 + 0.2) with
            | Ok candle -> Assert.That(read (JsonSerializer.Serialize candle) typeof<Candle>, Is.EqualTo candle)
            | Error error -> Assert.Fail error.Message

    [<Test>]
    member _.``what JSON says besides is skipped, and no candle may be absent``() =
        let json = """{"Close":3,"Typical":{"a":[1]},"OpenTime":60000,"Open":2,"High":4,"Low":1,"Volume":5}"""

        Assert.That(read json typeof<Candle>, Has.Property("Close").EqualTo 3.0)
        Assert.That(read $"[{json},{json}]" typeof<Candle[]>, Has.Length.EqualTo 2)
        Assert.That(read "null" typeof<Nullable<Candle>>, Is.Null)

    [<Test>]
    member _.``candles are read from a stream, a piece at a time``() =
        let one = """{"OpenTime":60000,"Open":2,"High":4,"Note":[1,{"a":2}],"Low":1,"Close":3,"Volume":5}"""

        use stream =
            new MemoryStream(Encoding.UTF8.GetBytes("[" + String.Join(",", Array.create 500 one) + "]"))

        let options = JsonSerializerOptions(DefaultBufferSize = 64)

        let candles =
            JsonSerializer.DeserializeAsync(stream, typeof<Candle[]>, options).AsTask().GetAwaiter().GetResult()

        Assert.That(candles, Has.Length.EqualTo 500)

    [<TestCase("null", "A candle is an object, not Null.")>]
    [<TestCase("[]", "A candle is an object, not StartArray.")>]
    [<TestCase("{}", "A candle without OpenTime, Open, High, Low, Close, Volume.")>]
    [<TestCase("""{"OpenTime":0,"Open":2,"High":4,"Low":1,"Close":3}""", "A candle without Volume.")>]
    [<TestCase("""{"Open":"2"}""", "Open of a candle is a number, not String.")>]
    [<TestCase("""{"OpenTime":1.5}""", "OpenTime of a candle is a whole number, not 1.5.")>]
    [<TestCase("""{"OpenTime":0,"Open":5,"High":4,"Low":1,"Close":3,"Volume":5}""",
               "Not a candle: open 5 is outside low 1 .. high 4.")>]
    [<TestCase("""{"OpenTime":0,"Open":2,"High":1e999,"Low":1,"Close":3,"Volume":5}""",
               "Not a candle: high Infinity is not a finite number.")>]
    member _.``JSON that is no candle is told what is wrong``(json: string, message: string) =
        let error = thrown<JsonException>(fun () -> read json typeof<Candle> |> ignore)
        Assert.That(error.Message, Does.StartWith message)
