namespace BtcBandit.Indicators.Tests

open System
open System.IO
open System.Text
open System.Text.Json
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Indicators
open BtcBandit.Indicators.FSharp

module CandleTests =

    let private read (json: string) (kind: Type) = JsonSerializer.Deserialize(json, kind)

    let private create (o, h, l, c, v) = Candle.tryCreate (0L, o, h, l, c, v)

    [<Tests>]
    let tests =
        testList "CandleTests" [
            testCase "a candle keeps what it was made of"
            <| fun () ->
                match Candle.tryCreate (60_000L, 2.0, 4.0, 1.0, 3.0, 5.0) with
                | Ok candle ->
                    let kept = [
                        float candle.OpenTime
                        candle.Open
                        candle.High
                        candle.Low
                        candle.Close
                        candle.Volume
                    ]

                    Expect.isTrue (kept = [ 60_000.0; 2.0; 4.0; 1.0; 3.0; 5.0 ]) $"{kept}"
                | Error error -> failtest error.Message

            cases "a row that is none is told what is wrong" [
                Double.NaN, 4.0, 1.0, 3.0, 5.0, "open NaN is not a finite number"
                2.0, Double.PositiveInfinity, 1.0, 3.0, 5.0, "high Infinity is not a finite number"
                2.0, 4.0, Double.NaN, 3.0, 5.0, "low NaN is not a finite number"
                2.0, 4.0, 1.0, Double.NaN, 5.0, "close NaN is not a finite number"
                2.0, 4.0, 1.0, 3.0, Double.NaN, "volume NaN is not a finite number"
                -2.0, 4.0, 1.0, 3.0, 5.0, "open -2 is not above 0"
                2.0, 4.0, 0.0, 3.0, 5.0, "low 0 is not above 0"
                2.0, 4.0, 1.0, 3.0, -5.0, "volume -5 is below 0"
                2.0, 1.0, 4.0, 3.0, 5.0, "high 1 is below low 4"
                5.0, 4.0, 1.0, 3.0, 5.0, "open 5 is outside low 1 .. high 4"
                2.0, 4.0, 1.0, 0.5, 5.0, "close 0.5 is outside low 1 .. high 4"
            ]
            <| fun (o: float, h: float, l: float, c: float, v: float, message: string) ->
                match create (o, h, l, c, v) with
                | Ok candle -> failtest $"{candle} was accepted"
                | Error error -> equal message error.Message

            cases "a time outside the calendar is refused" [ -1L; 253402300800000L ]
            <| fun (openTime: int64) ->
                match Candle.tryCreate (openTime, 2.0, 4.0, 1.0, 3.0, 5.0) with
                | Ok candle -> failtest $"{candle} was accepted"
                | Error error -> equal "open_time" error.Field

            testCase "a candle comes back from JSON to the last bit"
            <| fun () ->
                // 2^-25 is one of the numbers that .NET writes with a digit too few.
                for price in [ 1.0; 0.1 + 0.2; Math.ScaleB(1.0, -25); 1e300; Double.Epsilon ] do
                    match Candle.tryCreate (60_000L, price, price * 1.5, price, price, 0.1 + 0.2) with
                    | Ok candle -> equal (box candle) (read (JsonSerializer.Serialize candle) typeof<Candle>)
                    | Error error -> failtest error.Message

            testCase "what JSON says besides is skipped, and no candle may be absent"
            <| fun () ->
                let json = """{"Close":3,"Typical":{"a":[1]},"OpenTime":60000,"Open":2,"High":4,"Low":1,"Volume":5}"""

                equal 3.0 (unbox<Candle>(read json typeof<Candle>)).Close
                equal 2 (unbox<Candle[]>(read $"[{json},{json}]" typeof<Candle[]>)).Length
                isNull' (read "null" typeof<Nullable<Candle>>)

            testCase "candles are read from a stream, a piece at a time"
            <| fun () ->
                let one = """{"OpenTime":60000,"Open":2,"High":4,"Note":[1,{"a":2}],"Low":1,"Close":3,"Volume":5}"""

                use stream =
                    new MemoryStream(Encoding.UTF8.GetBytes("[" + String.Join(",", Array.create 500 one) + "]"))

                let options = JsonSerializerOptions(DefaultBufferSize = 64)

                let candles =
                    JsonSerializer.DeserializeAsync(stream, typeof<Candle[]>, options).AsTask().GetAwaiter().GetResult()

                equal 500 (unbox<Candle[]> candles).Length

            cases "JSON that is no candle is told what is wrong" [
                "null", "A candle is an object, not Null."
                "[]", "A candle is an object, not StartArray."
                "{}", "A candle without OpenTime, Open, High, Low, Close, Volume."
                """{"OpenTime":0,"Open":2,"High":4,"Low":1,"Close":3}""", "A candle without Volume."
                """{"Open":"2"}""", "Open of a candle is a number, not String."
                """{"OpenTime":1.5}""", "OpenTime of a candle is a whole number, not 1.5."
                """{"OpenTime":0,"Open":5,"High":4,"Low":1,"Close":3,"Volume":5}""",
                "Not a candle: open 5 is outside low 1 .. high 4."
                """{"OpenTime":0,"Open":2,"High":1e999,"Low":1,"Close":3,"Volume":5}""",
                "Not a candle: high Infinity is not a finite number."
            ]
            <| fun (json: string, message: string) ->
                let error = thrown<JsonException>(fun () -> read json typeof<Candle> |> ignore)
                startsWith message error.Message
        ]
