namespace BtcBandit.Engine.Tests.Journal

open System
open System.Globalization
open System.Text
open Expecto
open BtcBandit.Tests.Runner
open BtcBandit.Tests.Shared
open BtcBandit.Engine.Journal

module FixedPointTests =

    let private written (value: float) =
        let target = Array.zeroCreate FixedPoint.MaximumLength
        Encoding.ASCII.GetString(target, 0, FixedPoint.Write(value, target))

    [<Tests>]
    let tests =
        testList "FixedPointTests" [
            cases "numbers have exactly 8 decimals" [
                0.0, "0.00000000"
                -0.0, "0.00000000"
                -4e-9, "0.00000000"
                -6e-9, "-0.00000001"
                1.0, "1.00000000"
                0.12345678, "0.12345678"
                -61130.99, "-61130.99000000"
                0.99999999, "0.99999999"
                0.999999999, "1.00000000"
                89999999.5, "89999999.50000000"
                90000001.5, "90000001.50000000"
            ]
            <| fun (value: float, expected: string) -> equal expected (written value)

            testCase "beyond what a scaled number holds exactly the framework's digits are taken"
            <| fun () ->
                for i in 1..1_000 do
                    let value = 90_000_000.0 + 12_345.678901234 * float i
                    equal (value.ToString("F8", CultureInfo.InvariantCulture)) (written value)

            testCase "the largest numbers fit"
            <| fun () ->
                for value in [ Double.MaxValue; Double.MinValue ] do
                    equal (value.ToString("F8", CultureInfo.InvariantCulture)) (written value)

            // Here and below many, being cheap: a wrong last digit is rare.
            propertyOf 20_000 "it is the decimal value to half a unit of the last place"
            <| fun (mantissa: int) (scale: byte) ->
                let value = float mantissa / Math.Pow(10.0, float (scale % 13uy))
                let text = written value
                let back = Decimal.Parse(text, CultureInfo.InvariantCulture)

                abs (back - decimal value) <= 0.000000005000001M
                && text.Length - text.IndexOf '.' = 9

            testCase "every pair of digits is written"
            <| fun () ->
                for pair in 0..99 do
                    for shift in [ 1L; 100L; 10_000L; 1_000_000L ] do
                        let whole = int64 pair * shift
                        let expected = $"0.{whole:D8}"
                        equal expected (written (float whole / 1e8))

            propertyOf 50_000 "it is what scaled and rounded to even gives, digit by digit"
            <| fun (bits: int64) (shift: byte) ->
                // All magnitudes that a wallet or a rating can have, with digits to the last bit.
                let value = float bits / Math.Pow(2.0, float (shift % 96uy))
                let scaled = Math.Round(abs value * 1e8, MidpointRounding.ToEven)

                if scaled < 9e15 then
                    let digits = (System.Numerics.BigInteger scaled).ToString("D9", CultureInfo.InvariantCulture)
                    let sign = if value < 0.0 && scaled > 0.0 then "-" else ""
                    written value = sign + digits.Insert(digits.Length - 8, ".")
                else
                    written value = value.ToString("F8", CultureInfo.InvariantCulture)

            propertyOf 20_000 "whole numbers are written as they are"
            <| fun (bits: int64) (digits: byte) ->
                let value = uint64 (abs (bits % pown 10L (int (digits % 16uy) + 1)))
                let target: byte[] = Array.zeroCreate 16
                let length = FixedPoint.WriteWhole(value, Span target)
                Encoding.ASCII.GetString(target, 0, length) = value.ToString CultureInfo.InvariantCulture
        ]
